"""What every store of cases does: what is written comes back, conditions hold, and a refused decision leaves nothing.

Must not look behind the port.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Case, Head, Marker
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.model import KnownElsewhere
from chalicelib.domain.obligations import ObligationState
from chalicelib.services.ports import MOST_ITEMS, Around, Cases, Changes, PointMark, Swap, Wanted
from tests.contract.stores import EVERY, store
from tests.fakes import World
from tests.stored_cases import AGREEMENT, NOW, REFERENCE, entry, head, notification, obligation, part

ADDRESS = "alex.morgan@example.org"


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def first_decision(**more) -> Changes:
    return Changes(
        head=Swap(None, head()),
        parts={"V1": part()},
        notifications=(Swap(None, notification()),),
        obligations=(Swap(None, obligation()),),
        agreements=(AGREEMENT,),
        audit=(entry(),),
        **more,
    )


def assert_empty(cases: Cases) -> None:
    assert cases.load(REFERENCE) == Case(Head(REFERENCE))
    assert cases.notifications(["n1"]) == {}
    assert cases.obligations(REFERENCE, ["o1"]) == {}
    assert cases.agreements_of(REFERENCE) == []
    assert cases.audit_of(REFERENCE) == []


def test_what_was_never_written_is_a_case_of_revision_0(cases):
    assert_empty(cases)
    assert cases.head(REFERENCE) == Head(REFERENCE)
    assert cases.outbox_of(REFERENCE) == []
    assert cases.due(NOW, 10) == []
    assert cases.obligations_of(REFERENCE) == []
    assert cases.notifications([]) == {}
    assert cases.obligations(REFERENCE, []) == {}


def test_a_decision_comes_back_whole(cases):
    cases.commit(first_decision())
    assert cases.load(REFERENCE) == Case(head(), {"V1": part()})
    assert cases.head(REFERENCE) == head()
    assert cases.notifications(["n1", "absent"]) == {"n1": notification()}
    assert cases.obligations(REFERENCE, ["o1", "absent"]) == {"o1": obligation()}
    assert cases.outbox_of(REFERENCE) == [notification()]
    assert cases.obligations_of(REFERENCE) == [obligation()]
    assert cases.agreements_of(REFERENCE) == [AGREEMENT]
    assert cases.audit_of(REFERENCE) == [entry()]


def test_a_line_of_the_log_is_never_replaced(cases):
    line = entry(detail="referral:email:uk_gdpr", victim_id="V1", version=1, rule="REF-2WD")
    cases.commit(Changes(audit=(line,)))
    for change in (
        {"op": "another"}, {"actor": "another"}, {"victim_id": "V2"}, {"victim_id": None}, {"version": 2}, {"rule": None}, {"detail": None},
        {"detail": "another"}, {"notification_id": "another"}, {"recipient": "another"},
    ):  # fmt: skip
        with pytest.raises(Contended):
            cases.commit(Changes(audit=(replace(line, **change),), notifications=(Swap(None, notification("n9")),)))
    assert cases.audit_of(REFERENCE) == [line]
    assert cases.notifications(["n9"]) == {}, "nothing that came with it"


def test_the_very_same_line_may_come_again(cases):
    for _ in range(2):
        cases.commit(Changes(audit=(entry(),)))
    cases.commit(Changes(audit=(entry(),), notifications=(Swap(None, notification("n9")),)))
    assert cases.audit_of(REFERENCE) == [entry()]
    assert set(cases.notifications(["n9"])) == {"n9"}


def test_a_case_larger_than_one_answer_of_the_store_is_read_whole(cases):
    long = part().victim
    parts = {f"V{n}": part(f"V{n}", victim=replace(long, id=f"V{n}", requests="x" * 30_000)) for n in range(50)}
    cases.commit(Changes(head=Swap(None, head(1)), parts={key: parts[key] for key in list(parts)[:25]}))
    cases.commit(Changes(head=Swap(head(1), head(2)), parts={key: parts[key] for key in list(parts)[25:]}))
    assert cases.load(REFERENCE) == Case(head(2), parts)


def test_other_occurrences_are_not_mixed_in(cases):
    cases.commit(first_decision())
    other = "26000799999"
    assert cases.load(other) == Case(Head(other))
    assert cases.obligations(other, ["o1"]) == {}
    assert cases.outbox_of(other) == []


def test_a_later_revision_replaces_head_and_parts(cases):
    cases.commit(first_decision())
    marked = head(2, marker=Marker(2, "beef", frozenset({"ST-1"})))
    cases.commit(Changes(head=Swap(head(), marked), parts={"V1": part(version=2), "V2": part("V2", removed=True, decision=None)}))
    assert cases.load(REFERENCE) == Case(marked, {"V1": part(version=2), "V2": part("V2", removed=True, decision=None)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, head(1)),
        (head(0), head(1)),
        (head(2), head(3)),
    ],
)
def test_a_head_that_moved_refuses_the_whole_decision(cases, before, after):
    cases.commit(first_decision())
    with pytest.raises(Contended):
        cases.commit(Changes(head=Swap(before, replace(after, content_hash="other")), notifications=(Swap(None, notification("n9")),)))
    assert cases.head(REFERENCE) == head()
    assert cases.notifications(["n9"]) == {}


def test_a_head_that_is_not_there_refuses_what_was_read_elsewhere(cases):
    with pytest.raises(Contended):
        cases.commit(Changes(head=Swap(head(3), head(4)), parts={"V1": part()}))
    assert_empty(cases)


SENDING = notification(
    state=State.SENDING, token="w1", attempts=1, lease_until=NOW + timedelta(minutes=5), open_at=NOW + timedelta(minutes=5)
)


@pytest.mark.parametrize(
    ("stored", "before"),
    [
        (notification(), None),
        (notification(), notification(state=State.HELD)),
        (notification(), notification(attempts=1)),
        (notification(), notification(token="w1")),
        (SENDING, replace(SENDING, token="w2")),
        (SENDING, replace(SENDING, token=None)),
        (SENDING, replace(SENDING, attempts=2)),
        (None, notification()),
    ],
)
def test_a_notification_that_does_not_stand_as_read_refuses_the_whole_decision(cases, stored, before):
    if stored:
        cases.commit(Changes(notifications=(Swap(None, stored),)))
    moved = notification(state=State.CANCELLED, open_at=None)
    with pytest.raises(Contended):
        cases.commit(Changes(head=Swap(None, head()), notifications=(Swap(before, moved),), audit=(entry(),)))
    assert cases.notifications(["n1"]) == ({"n1": stored} if stored else {})
    assert cases.head(REFERENCE) == Head(REFERENCE)
    assert cases.audit_of(REFERENCE) == []


def test_a_notification_that_stands_as_read_is_replaced_whole(cases):
    cases.commit(Changes(notifications=(Swap(None, SENDING),)))
    sent = replace(SENDING, state=State.SENT, token=None, lease_until=None, open_at=None, provider_ref="p-1", sent_at=NOW, attempted=True)
    cases.commit(Changes(notifications=(Swap(SENDING, sent),)))
    assert cases.notifications(["n1"]) == {"n1": sent}


@pytest.mark.parametrize("before", [None, obligation(state=ObligationState.WAIVED)])
def test_an_obligation_that_does_not_stand_as_read_refuses_the_whole_decision(cases, before):
    cases.commit(first_decision())
    met = obligation(state=ObligationState.MET, evidence="n1")
    with pytest.raises(Contended):
        cases.commit(Changes(obligations=(Swap(before, met),), audit=(entry("e2"),)))
    assert cases.obligations_of(REFERENCE) == [obligation()]
    assert cases.audit_of(REFERENCE) == [entry()]
    cases.commit(Changes(obligations=(Swap(obligation(), met),)))
    assert cases.obligations_of(REFERENCE) == [met]


def test_an_audit_line_may_be_written_again(cases):
    cases.commit(Changes(audit=(entry("e2"), entry("e1", at=NOW + timedelta(seconds=1)), entry("e1"))))
    cases.commit(Changes(audit=(entry("e1"),), agreements=(AGREEMENT,)))
    assert cases.audit_of(REFERENCE) == [entry("e1"), entry("e2"), entry("e1", at=NOW + timedelta(seconds=1))]


def test_nothing_to_write_is_no_call(cases):
    cases.commit(Changes())
    assert_empty(cases)


def test_a_transaction_holds_so_many_items_and_no_more(cases):
    rows = tuple(Swap(None, notification(f"n{number}")) for number in range(MOST_ITEMS + 1))
    with pytest.raises(ValueError, match="101 items"):
        cases.commit(Changes(notifications=rows))
    assert cases.notifications([f"n{number}" for number in range(MOST_ITEMS + 1)]) == {}
    cases.commit(Changes(notifications=rows[:MOST_ITEMS]))
    assert len(cases.notifications([f"n{number}" for number in range(MOST_ITEMS + 1)])) == MOST_ITEMS


@pytest.mark.parametrize(
    "changes",
    [
        Changes(notifications=(Swap(None, notification()), Swap(None, notification(state=State.HELD)))),
        Changes(notifications=(Swap(None, notification()),), removed_notifications=(notification(),)),
        Changes(obligations=(Swap(None, obligation()), Swap(obligation(), obligation()))),
        Changes(obligations=(Swap(None, obligation()),), removed_obligations=(obligation(),)),
        Changes(agreements=(AGREEMENT,), removed_agreements=((REFERENCE, "V1"),)),
        Changes(agreements=(AGREEMENT, replace(AGREEMENT, declined=True))),
        Changes(audit=(entry(), entry(op="other"))),
        Changes(parts={"V1": part()}),
    ],
)
def test_what_no_transaction_can_hold_is_refused_before_any_call(cases, changes):
    with pytest.raises(ValueError):
        cases.commit(changes)
    assert_empty(cases)


def test_more_ids_than_one_read_takes_are_all_read(cases):
    for start in range(0, 250, 50):
        cases.commit(Changes(notifications=tuple(Swap(None, notification(f"n{number}")) for number in range(start, start + 50))))
    assert len(cases.notifications([f"n{number}" for number in range(300)])) == 250


def test_a_decision_that_was_answered_cannot_be_made_again(cases):
    cases.commit(first_decision())
    with pytest.raises(Contended):
        cases.commit(first_decision())
    assert cases.load(REFERENCE) == Case(head(), {"V1": part()})


def test_what_is_rightly_written_twice_is_written_twice(cases):
    waiting, held = notification(), notification(state=State.HELD, reason="quiet_hours")
    cases.commit(Changes(notifications=(Swap(None, waiting),)))
    for _ in range(2):
        cases.commit(Changes(notifications=(Swap(waiting, held),)))
        assert cases.notifications(["n1"]) == {"n1": held}
        cases.commit(Changes(notifications=(Swap(held, waiting),)))
        assert cases.notifications(["n1"]) == {"n1": waiting}


@pytest.mark.parametrize("between", [Changes(), Changes(audit=(entry("e9"),))])
def test_the_fake_knows_a_decision_again_whose_answer_was_lost(between):
    """As the real one does (test_store_races.py), where nothing else was written since."""
    world = World()
    world.calls.fail("cases.commit", StoreUnavailable("lost"), when="after")
    with pytest.raises(StoreUnavailable):
        world.cases.commit(first_decision())
    if between.size:
        world.cases.commit(between)
        with pytest.raises(Contended):
            world.cases.commit(first_decision())
    else:
        world.cases.commit(first_decision())
    assert world.cases.load(REFERENCE) == Case(head(), {"V1": part()})


def test_what_stands_around_a_victim_is_what_single_reads_say(cases):
    cases.commit(first_decision(marks=(PointMark("p", "26000799999", "V9", True, True), PointMark("q", REFERENCE, "V1", True, True))))
    cases.commit(Changes(closed_points=(("p", "complained"),), notifications=(Swap(None, notification("n2")),)))
    around = cases.around(Wanted(REFERENCE, ["n1", "n2", "n3"], ["o1", "o9"], {"p": ADDRESS, "q": None, "r": ""}, ["7001"]))
    assert around.rows == cases.notifications(["n1", "n2"])
    assert around.owed == cases.obligations(REFERENCE, ["o1"])
    elsewhere = frozenset({"26000799999"})
    assert around.known == KnownElsewhere(specialist=True, specialist_in=elsewhere, do_not_contact=True, closed=frozenset({ADDRESS}))
    assert around.officers == {"7001": None}


def test_nothing_wanted_is_nothing_around(cases):
    assert cases.around(Wanted(REFERENCE)) == Around({}, {}, KnownElsewhere(), {})


def test_more_keys_than_one_call_takes_come_back_whole(cases):
    ids = [f"n{number}" for number in range(MOST_ITEMS + 7)]
    for start in range(0, len(ids), MOST_ITEMS):
        cases.commit(Changes(notifications=tuple(Swap(None, notification(key)) for key in ids[start : start + MOST_ITEMS])))
    assert cases.notifications(ids).keys() == cases.around(Wanted(REFERENCE, ids, points={"p": None})).rows.keys() == set(ids)


def test_a_write_may_ask_that_a_head_stands_where_it_was_read(cases):
    cases.commit(first_decision())
    read = cases.head(REFERENCE)
    cases.commit(Changes(notifications=(Swap(None, notification("n2")),), unmoved=(read,)))
    cases.commit(Changes(head=Swap(read, head(2))))
    with pytest.raises(Contended):
        cases.commit(Changes(notifications=(Swap(None, notification("n3")),), unmoved=(read,)))
    assert cases.notifications(["n2", "n3"]).keys() == {"n2"}
    assert cases.head(REFERENCE) == head(2)


def test_a_head_is_not_written_and_asked_about_at_once(cases):
    with pytest.raises(ValueError, match="one key"):
        cases.commit(Changes(head=Swap(None, head()), unmoved=(head(),)))
