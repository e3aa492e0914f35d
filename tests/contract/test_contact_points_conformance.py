"""What every store of contact points does: marks of one occurrence warn every other, and never say which it was.

Must not look behind the ports; marks are written by a decision of `Cases`, as in the product.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.errors import Contended
from chalicelib.domain.model import KnownElsewhere
from chalicelib.services.ports import Changes, PointMark, Swap
from tests.contract.stores import EVERY, Store, store
from tests.stored_cases import REFERENCE, head

OTHER = "26000799999"
ADDRESS = "alex.morgan@example.org"
NOTHING = KnownElsewhere()
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture(params=EVERY)
def opened(request: pytest.FixtureRequest) -> Iterator[Store]:
    with store(request.param) as found:
        yield found


def mark(reference=OTHER, victim_id="V1", *, point="p", specialist=False, do_not_contact=False) -> PointMark:
    return PointMark(point, reference, victim_id, specialist, do_not_contact)


def marked(opened: Store, *marks: PointMark) -> None:
    opened.cases.commit(Changes(marks=marks))


def known(opened: Store, excluding=REFERENCE, **points: str | None) -> KnownElsewhere:
    return opened.points.known(points or {"p": None}, excluding=excluding)


def test_a_key_is_a_keyed_hash_of_kind_and_value(opened):
    keys = {
        opened.points.key("person", "N123456"),
        opened.points.key("mobile", "+447700900123"),
        opened.points.key("email", ADDRESS),
        opened.points.key("email", "alex.morgan@example.com"),
        opened.points.key("person", ADDRESS),
    }
    assert len(keys) == 5
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)
    assert opened.points.key("email", "Alex.Morgan@Example.ORG") == opened.points.key("email", ADDRESS)
    assert opened.points.key("email", ADDRESS) == "97641599af58683cabbede158fb75a597b201a11bf9a62bde277fa34c87ef51f"


def test_a_point_that_nobody_named_says_nothing(opened):
    assert known(opened) == NOTHING
    assert opened.points.known({}, excluding=REFERENCE) == NOTHING
    assert opened.points.cases_of(["p"]) == set()
    assert opened.points.cases_of([]) == set()


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([mark()], NOTHING),
        ([mark(specialist=True)], KnownElsewhere(specialist=True)),
        ([mark(do_not_contact=True)], KnownElsewhere(do_not_contact=True)),
        ([mark(specialist=True), mark(victim_id="V2", point="q", do_not_contact=True)], KnownElsewhere(True, True)),
        ([mark(REFERENCE, specialist=True, do_not_contact=True)], NOTHING),
        ([mark(REFERENCE, specialist=True), mark("26000788888", specialist=True)], KnownElsewhere(specialist=True)),
        ([mark("2600079999", specialist=True)], KnownElsewhere(specialist=True)),
    ],
)
def test_marks_of_other_occurrences_are_known_and_ones_own_are_not(opened, marks, expected):
    marked(opened, *marks)
    assert known(opened, p=None, q=None) == expected


def test_a_mark_can_be_taken_back_and_repeated(opened):
    marked(opened, mark(specialist=True, do_not_contact=True))
    marked(opened, mark(specialist=True, do_not_contact=True))
    assert known(opened) == KnownElsewhere(True, True)
    marked(opened, mark(do_not_contact=True))
    assert known(opened) == KnownElsewhere(do_not_contact=True)
    marked(opened, mark())
    assert known(opened) == NOTHING
    assert opened.points.cases_of(["p"]) == {OTHER}


def test_taking_back_one_victims_mark_leaves_the_others(opened):
    marked(opened, mark(specialist=True))
    marked(opened, mark(victim_id="V2", specialist=True))
    marked(opened, mark("26000788888", specialist=True))
    marked(opened, mark())
    marked(opened, mark("26000788888"))
    assert known(opened) == KnownElsewhere(specialist=True)
    marked(opened, mark(victim_id="V2"))
    assert known(opened) == NOTHING


def test_two_victims_of_one_decision_may_share_a_point(opened):
    marked(opened, mark(victim_id="V1", specialist=True), mark(victim_id="V2", do_not_contact=True), mark(victim_id="V3"))
    assert known(opened) == KnownElsewhere(True, True)
    marked(opened, mark(victim_id="V1"), mark(victim_id="V2"), mark(victim_id="V3"))
    assert known(opened) == NOTHING


def test_where_marks_of_one_decision_differ_the_careful_one_stays(opened):
    marked(opened, mark(victim_id="V1", specialist=True), mark(victim_id="V2", specialist=True))
    marked(opened, mark(victim_id="V1", specialist=True), mark(victim_id="V2"))
    assert known(opened) == KnownElsewhere(specialist=True)
    marked(opened, mark(victim_id="V1"), mark(victim_id="V2"))
    assert known(opened) == NOTHING


def test_a_closed_address_is_named_to_whoever_holds_it(opened):
    opened.cases.commit(Changes(closed_points=(("p", "bounce_permanent"),), marks=(mark(),)))
    opened.cases.commit(Changes(closed_points=(("q", "bounce_permanent"),)))
    assert known(opened, p=ADDRESS, q=None, r="other@example.org") == KnownElsewhere(closed=frozenset({ADDRESS}))
    assert known(opened, excluding=OTHER, p=ADDRESS) == KnownElsewhere(closed=frozenset({ADDRESS}))
    assert opened.points.cases_of(["p", "q"]) == {OTHER}


def test_every_occurrence_that_named_a_point_is_found(opened):
    marked(opened, mark(), mark(victim_id="V2", point="q"))
    marked(opened, mark(REFERENCE, point="q"))
    assert opened.points.cases_of(["p"]) == {OTHER}
    assert opened.points.cases_of(["p", "q", "absent"]) == {OTHER, REFERENCE}


def test_a_refused_decision_marks_nothing(opened):
    opened.cases.commit(Changes(head=Swap(None, head())))
    with pytest.raises(Contended):
        opened.cases.commit(Changes(head=Swap(None, head(1, version=2)), marks=(mark(specialist=True),)))
    assert known(opened) == NOTHING


def test_one_message_has_the_day_of_a_point(opened):
    marked(opened, mark())
    take = opened.points.take_day
    assert take("p", MONDAY, "first")
    assert not take("p", MONDAY, "second")
    assert take("p", MONDAY, "first")
    assert take("q", MONDAY, "second")
    assert take("p", TUESDAY, "second")
    assert not take("p", MONDAY, "third")
    assert not take("p", TUESDAY, "first")
    assert known(opened) == NOTHING
    assert opened.points.cases_of(["p", "q"]) == {OTHER}


def test_what_must_leave_takes_the_day_from_another(opened):
    take = opened.points.take_day
    assert take("p", MONDAY, "first")
    assert take("p", MONDAY, "second", whatever=True)
    assert not take("p", MONDAY, "first")


HELD_AT = datetime(2026, 11, 20, 11, 1, tzinfo=UTC)


def test_what_is_held_elsewhere_is_known_while_it_is_and_since_when_for_good(opened):
    marked(opened, replace(mark(), held_at=HELD_AT))
    assert (known(opened).held, known(opened).held_at) == (True, HELD_AT)
    assert (known(opened, excluding=OTHER).held, known(opened, excluding=OTHER).held_at) == (False, HELD_AT)
    marked(opened, mark())
    assert (known(opened).held, known(opened).held_at) == (False, HELD_AT)
    marked(opened, replace(mark(REFERENCE), held_at=HELD_AT + timedelta(hours=1)), mark(REFERENCE, "V2"))
    assert (known(opened, excluding=OTHER).held, known(opened).held_at) == (True, HELD_AT + timedelta(hours=1))
