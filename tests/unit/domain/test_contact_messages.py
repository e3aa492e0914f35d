"""What a message and its case say of each other, whose hands it is in, and which mails tell of it.

Issue 6, section 1. NOW is Friday 20 November 2026, 10:31.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head, Part, Suspension, Told
from chalicelib.domain.contact_answers import Hands, hands
from chalicelib.domain.contact_form import ContactForm, gave, same_collar
from chalicelib.domain.contact_mails import alarm_mails, answer_mails, chain, missing, routing_row, waiting_row
from chalicelib.domain.contact_pairs import careful, known_pair, messages, writer
from chalicelib.domain.deadlines import due, rule_on
from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import HoldKind, Point, Route, RouteDecision, Status, Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState
from chalicelib.domain.situation import Standing
from tests.builders import NOW, victim
from tests.domain_builders import occurrence
from tests.house import derbyshire

REF = "26000712345"
STANDING = Standing(derbyshire(), frozenset(), frozenset({"en"}))
MESSAGE = MessageReceived(REF, "m1", NOW, "2345")
TOLD = NOW - timedelta(hours=1)


def case(*events: Any, **changes: Any) -> Case:
    facts = occurrence()
    head = Head(REF, 1, 1, facts=replace(facts, victims=()), told=(Told(1, TOLD, Status.OPEN, officers=("2345", "1890")),))
    part = Part(facts.victims[0], 1, NOW, decision=RouteDecision(Route.VICTIM_SERVICES, "non-specialist", "1"))
    return replace(Case(head, {"V1": part}, events), **changes)


# ---- the form


@pytest.mark.parametrize(
    ("typed", "known", "same"), [("2345", "2345", True), ("02345", "2345", True), ("a12", "A12", True), ("2346", "2345", False)]
)
def test_zeros_and_small_letters_make_no_other_collar_number(typed: str, known: str, same: bool) -> None:
    assert same_collar(typed, known) is same


@pytest.mark.parametrize(
    ("given", "theirs"),
    [
        ({"email": "ALEX.Morgan@example.org "}, True),
        ({"phone": "07700 900 123"}, True),
        ({"phone": "+44 (0)7700 900123"}, True),
        ({"email": "kim@elsewhere.test", "phone": "07700 900124"}, False),
        ({"phone": "123"}, False),
        ({}, False),
    ],
)
def test_whose_details_were_given(given: dict[str, str], theirs: bool) -> None:
    assert gave(ContactForm("2345", REF, "Kim", "Hello", **given), occurrence().victims[0]) is theirs


def test_a_landline_and_a_representative_s_details_count() -> None:
    at_home = replace(occurrence().victims[0], landline=Point("+441632960123"), email=Point(None, "not_an_address"), mobile=None)
    assert gave(ContactForm("1", REF, "K", "H", phone="01632 960123"), at_home)
    assert not gave(ContactForm("1", REF, "K", "H", phone="01632 960124"), at_home)
    spoken_for = occurrence(person={"representative": representative()}).victims[0]
    assert gave(ContactForm("1", REF, "K", "H", email="jude@example.org"), spoken_for)


def representative() -> dict[str, Any]:
    return {
        "given_name": "Jude", "family_name": "Morgan", "relationship": "parent", "email": "jude@example.org", "mobile": None, "address": [],
        "linked_to_suspect": False,
    }  # fmt: skip


def test_what_makes_it_the_same_message_is_all_of_its_words_and_not_their_spaces() -> None:
    one = ContactForm("1", REF, "K", "a  b\nc")
    assert one.content == replace(one, message="a b c", doubtful=True).content
    assert (
        len({one.content, *(replace(one, **{name: "x"}).content for name in ("name", "email", "phone", "safe_to_reply", "message"))}) == 6
    )


# ---- pairs and care


@pytest.mark.parametrize(
    ("message", "known"),
    [
        (MESSAGE, True),
        (replace(MESSAGE, collar_number="1890"), True),
        (replace(MESSAGE, collar_number="9999"), False),
        (replace(MESSAGE, many=True), False),
        (replace(MESSAGE, doubtful=True), False),
    ],
)
def test_a_pair_is_known_where_the_case_named_the_number(message: MessageReceived, known: bool) -> None:
    assert known_pair(case(), message) is known
    assert not known_pair(Case(Head(REF)), message)


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("hold", [None, *HoldKind])
def test_care_is_needed_where_a_person_decides(route: Route, hold: HoldKind | None) -> None:
    by_person = route in {Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD} or hold is not None
    decided = replace(case().parts["V1"], decision=RouteDecision(route, "x", "1", hold))
    assert careful(case(parts={"V1": decided})) is by_person


def test_care_is_needed_where_it_is_not_known() -> None:
    part = case().parts["V1"]
    assert careful(case(parts={"V1": replace(part, decision=None)}))
    assert not careful(case(parts={"V1": replace(part, decision=None, removed=True)}))
    assert careful(case(head=replace(case().head, suspension=Suspension("q", None, NOW))))
    assert careful(case(head=case().head.with_signs(1, frozenset({"restricted"}))))
    assert not careful(Case(Head(REF)))


def test_whose_message_it_would_be() -> None:
    alone, two = occurrence(), occurrence(victims=[victim(), victim("V2")])
    assert writer(MESSAGE, alone) == "V1"
    assert writer(MESSAGE, two) is None
    assert writer(replace(MESSAGE, victim_id="V2"), two) == "V2"
    assert writer(replace(MESSAGE, victim_id="V2"), alone) is None


# ---- hands


PASSES = datetime(2026, 11, 26, 7, tzinfo=UTC)


@pytest.mark.parametrize(("now", "unit"), [(NOW, Unit.OFFICER), (PASSES - timedelta(seconds=1), Unit.OFFICER), (PASSES, Unit.SUPERVISOR)])
def test_it_passes_on_in_the_morning_after_three_working_days(now: datetime, unit: Unit) -> None:
    assert hands(case(), MESSAGE, now, STANDING) == Hands(unit, "2345", PASSES)


def test_the_last_to_whom_it_was_given_has_it_whatever_the_pair() -> None:
    given = [MessageAllocated(REF, f"g{n}", "m1", NOW + timedelta(days=n), to, "1890") for n, to in enumerate(("4711", "4712"), 1)]
    found = hands(case(*given[::-1]), replace(MESSAGE, collar_number="9999"), NOW + timedelta(days=3), STANDING)
    assert (found.unit, found.officer, found.given_by) == (Unit.OFFICER, "4712", "g2")
    other = replace(given[0], message_id="m2")
    assert hands(case(other), MESSAGE, NOW, STANDING).given_by == ""


def test_messages_come_in_the_order_of_time() -> None:
    later = replace(MESSAGE, event_id="m0", at=NOW + timedelta(minutes=1))
    assert messages(case(later, MESSAGE, *[MessageAllocated(REF, "g", "m1", NOW, "1", "2")])) == [MESSAGE, later]


@pytest.mark.parametrize(
    ("rule", "until"),
    [("CONTACT-7D", datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)), ("DANGER-15MIN", NOW + timedelta(minutes=15))],
)
def test_a_week_is_seven_days_and_danger_fifteen_minutes(rule: str, until: datetime) -> None:
    assert due(rule_on(rule, NOW.date()), NOW, frozenset({NOW.date() + timedelta(days=7)})) == until


# ---- mails


def owed(kind: Kind = Kind.CONTACT_ANSWER, **changes: Any) -> Obligation:
    rule = rule_on("CONTACT-7D", NOW.date())
    row = Obligation("o1", REF, kind, None, rule.id, rule.effective_from, NOW, NOW + timedelta(days=7), NOW, begun_by="m1")
    return replace(row, **changes)


def test_mails_of_an_answer_go_to_who_has_it_and_the_unit_that_has_to_know() -> None:
    held = Hands(Unit.OFFICER, "2345", PASSES)
    rows = list(answer_mails(owed(), held, True, NOW))
    assert [(row.audience, row.unit, row.reader) for row in rows] == [
        (Audience.OFFICER, Unit.OFFICER, "2345"), (Audience.UNIT, Unit.VICTIM_CARE_UNIT, None)
    ]  # fmt: skip
    assert {row.task_id for row in rows} == {"o1"}
    assert len(list(answer_mails(owed(), held, False, NOW))) == 1


@pytest.mark.parametrize(
    ("state", "picked", "units"),
    [
        (ObligationState.OPEN, None, [Unit.CONTROL_ROOM]),
        (ObligationState.LATE, None, [Unit.CONTROL_ROOM, Unit.DUTY_CONTACT]),
        (ObligationState.LATE, NOW, [Unit.CONTROL_ROOM]),
    ],
)
def test_mails_of_an_alarm(state: ObligationState, picked: datetime | None, units: list[Unit]) -> None:
    assert [row.unit for row in alarm_mails(owed(Kind.CONTACT_ALARM, state=state, picked_up_at=picked), NOW)] == units


@pytest.mark.parametrize("unit", [Unit.OFFICER, Unit.SUPERVISOR, Unit.CONTACT_CENTRE])
def test_what_fails_for_good_goes_one_further_until_operations(unit: Unit) -> None:
    (first,) = answer_mails(owed(), Hands(unit, "2345", None), False, NOW)
    whole = chain(first)
    person = unit is not Unit.CONTACT_CENTRE
    assert [row.audience for row in whole[-2:]] == [Audience.UNIT, Audience.OPERATIONS]
    assert (len(whole), whole[-1].unit) == (3 if person else 2, Unit.OPERATIONS)
    stored: dict[str, Any] = {}
    for row in whole:
        assert list(missing([first], stored)) == [row]
        stored[row.notification_id] = row
        assert list(missing([first], stored)) == []
        stored[row.notification_id] = replace(row, state=State.FAILED)
    assert list(missing([first], stored)) == []


def test_the_row_of_a_message_is_one_row_whatever_it_waits_for() -> None:
    first, waiting = routing_row(REF, "m1", NOW), waiting_row(MESSAGE, PASSES, NOW)
    assert first.notification_id == waiting.notification_id
    assert (first.open_at, waiting.open_at, waiting.state, first.task_id) == (NOW, PASSES, State.HELD, "m1")
