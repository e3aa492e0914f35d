"""The decision table of key events: every type × route × enhanced rights × reason × method, with its message, tasks and deadline.

The event happens on Friday 27 November 2026, a week after an ordinary burglary was accepted. Must not test what a message says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.events import EventType, InvestigationEvent
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Status
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.domain.plan import Plan
from tests import builders
from tests.domain_builders import asked, at, messages, occurrence, owed, planned, said

HAPPENED = at("2026-11-27 11:00")
HEARD = at("2026-11-27 11:05")
REASON = "Evidence linked the suspect to the scene."
FIVE_DAYS, ONE_DAY, THAT_DAY = "Fri 4 Dec 2026", "Mon 30 Nov 2026", "Fri 27 Nov 2026"
COURT = {"hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal"}
BAD_NEWS = {"not_investigated", "charges_dropped", "out_of_court_disposal", "not_prosecuted", "no_suspect_identified"}
WITHOUT_REASON = {"property_returned", "vps_offered"}
REVIEWED = {"suspect_interviewed": True, "all_suspects_and_charges": True, "charged_other_offence": False, "victim_supports": True}
ROUTES: dict[str, dict[str, Any]] = {
    "ordinary": {},
    "specialist": {"flags": {"domestic_abuse": True}},
    "held": {"flags": {"safeguarding": None}},
}


def event(kind: str = "arrested", **changes: Any) -> InvestigationEvent:
    facts: dict[str, Any] = {"reason": REASON, "heard_at": HEARD, "decided_by": "police"} | REVIEWED | changes
    return InvestigationEvent("26000712345", facts.pop("event_id", "E-1"), EventType(kind), facts.pop("at", HAPPENED), **facts)


def case(route: str = "ordinary", *, enhanced: bool = False, method: str = "email", **victim: Any) -> Any:
    """The occurrence: acknowledged and agreed a week ago, by `method`."""
    person = {
        "enhanced": builders.enhanced() if enhanced else builders.enhanced(eligible=False, reasons=[]),
        "update_agreement": builders.update_agreement(method=method, next_update_on="2026-12-07"),
        "contact_safety": builders.contact_safety(safe_channels=["email", "sms", "letter", "phone"]),
    } | victim
    return occurrence(person=person, **ROUTES[route])


def decided(crime: Any, *events: Any, now: datetime = HEARD, **changes: Any) -> Plan:
    """After the acknowledgement was delivered."""
    before = [
        replace(
            row, state=State.DELIVERED, attempted=True, announces=True, sent_at=at("2026-11-20 11:00"), delivered_at=at("2026-11-20 11:01")
        )
        for row in planned(crime).notifications.values()
        if row.template in {Template.ACKNOWLEDGEMENT, Template.REFERRAL}
    ]
    rows = [*before, *changes.pop("rows", ())]
    return planned(crime, rows=rows, events=events, now=now, **changes)


def due(plan: Plan) -> str:
    row = owed(plan, Kind.EVENT)
    assert row is not None
    return f"{row.due_at:%a} {row.due_at.day} {row.due_at:%b %Y}"


def expected(kind: str, route: str, enhanced: bool, reason: str | None, method: str) -> tuple[str | None, set[str], str]:
    """The message's channel, the tasks, the deadline: as the issue says them."""
    tight = enhanced or route != "ordinary" or kind in COURT
    deadline = THAT_DAY if kind == "response_delayed" else ONE_DAY if tight else FIVE_DAYS
    tasks = {"event_at_court for witness_care"} if kind in COURT else set()
    if route != "ordinary":
        return None, tasks | {"event_by_person for officer", "event_by_person for victim_care_unit"}, deadline
    if kind in COURT:
        return None, tasks, deadline
    if kind == "out_of_court_disposal":
        tasks.add("views_sought for officer")
    if kind in BAD_NEWS and enhanced:
        return None, tasks | {"event_in_person for officer"}, deadline
    if kind not in WITHOUT_REASON and reason != REASON:
        return None, tasks | {"event_without_reason for officer"}, deadline
    if method == "phone":
        return None, tasks | {"event_by_officer for officer"}, deadline
    if method == "letter" and deadline != FIVE_DAYS:
        tasks.add("event_by_officer for officer")  # the post is slower
    return method, tasks, deadline


@pytest.mark.parametrize("kind", [kind.value for kind in EventType])
@pytest.mark.parametrize("route", ROUTES)
def test_every_event_is_told_or_given_to_somebody_with_its_deadline(kind: str, route: str) -> None:
    for enhanced, reason, method in product([True, False], [REASON, None, "It was Peter Marsh."], ["email", "sms", "letter", "phone"]):
        plan = decided(case(route, enhanced=enhanced, method=method), event(kind, reason=reason))
        channel, tasks, deadline = expected(kind, route, enhanced, reason, method)
        told = f"{kind}, {route}, {enhanced=}, {reason}, {method}"
        assert [str(key) for key in messages(plan, Template.EVENT)] == ([channel] if channel else []), told
        assert {task for task in asked(plan) if "event" in task or "views" in task} == tasks, told
        assert due(plan) == deadline, told
        assert route == "ordinary" or not [words for words in said(plan) if "to victim" in words], told


@pytest.mark.parametrize(
    ("kind", "personal", "relationship", "by_officer"),
    [
        ("released_on_bail", True, "acquaintance", True),
        ("released_no_charge", True, "acquaintance", True),
        ("released_under_investigation", True, "professional", True),
        ("bail_changed", True, "professional", True),
        ("bail_cancelled", True, "acquaintance", True),
        ("not_prosecuted", True, "acquaintance", True),
        ("released_on_bail", True, "stranger", False),
        ("released_on_bail", False, "acquaintance", False),
        ("arrested", True, "acquaintance", False),
        ("charged", True, "acquaintance", False),
    ],
)
def test_a_suspect_whom_the_victim_knows_is_the_officer_s_to_speak_of(
    kind: str, personal: bool, relationship: str | None, by_officer: bool
) -> None:
    offences = [builders.offence("105A" if personal else "28E", ho_code=None, description=None)]
    person = {"enhanced": builders.enhanced(eligible=False, reasons=[]), "relationship_to_suspect": relationship}
    plan = decided(occurrence(person=person, offences=offences), event(kind))
    assert ("event_in_person for officer" in asked(plan)) is by_officer
    assert bool(messages(plan, Template.EVENT)) is not by_officer


@pytest.mark.parametrize(
    "field", ["suspect_interviewed", "all_suspects_and_charges", "charged_other_offence", "victim_supports", "decided_by"]
)
def test_a_right_to_review_that_cannot_be_told_is_the_officer_s_to_decide(field: str) -> None:
    plan = decided(case(), event("not_prosecuted", **{field: None}))
    assert "right_to_review for officer" in asked(plan)
    assert not messages(plan, Template.EVENT)
    assert next(row.missing for row in plan.obligations.values() if row.purpose == "right_to_review") == (f"event.{field}",)


@pytest.mark.parametrize(
    ("assessed", "deadline"),
    [
        (None, FIVE_DAYS),
        ("2026-11-20 10:00", ONE_DAY),
        ("2026-11-30 23:59", ONE_DAY),
        ("2026-12-01 00:00", "Wed 2 Dec 2026"),
        ("2026-12-02 09:00", "Thu 3 Dec 2026"),
        ("2026-12-03 09:00", FIVE_DAYS),
        ("2026-12-10 09:00", FIVE_DAYS),
    ],
    ids=["no", "before", "on the day", "the day after", "Wednesday", "Thursday", "after everything"],
)
def test_enhanced_rights_count_as_of_their_assessment(assessed: str | None, deadline: str) -> None:
    given = {"eligible": assessed is not None, "reasons": []}
    crime = occurrence(person={"enhanced": builders.enhanced(**given)})
    (victim,) = crime.victims
    if assessed:
        crime = replace(crime, victims=(replace(victim, enhanced=replace(victim.enhanced, assessed_at=at(assessed))),))
    assert due(decided(crime, event())) == deadline


def test_court_news_counts_from_its_receipt() -> None:
    assert due(decided(case(), event("court_outcome", received_at=at("2026-12-03 16:00")))) == FIVE_DAYS
    assert due(decided(case(), event("court_outcome"))) == ONE_DAY
    assert due(decided(case(), event("arrested", received_at=at("2026-12-03 16:00")))) == FIVE_DAYS


def test_who_wants_no_news_gets_none_and_key_events_only_gets_this() -> None:
    declined = decided(case(update_agreement=builders.update_agreement(declined=True)), event())
    row = owed(declined, Kind.EVENT)
    assert row is not None
    assert (row.state, row.reason) == (ObligationState.WAIVED, "declined")
    assert not messages(declined, Template.EVENT)
    only = decided(case(update_agreement=builders.update_agreement(every_days=None, next_update_on=None)), event())
    assert messages(only, Template.EVENT)


@pytest.mark.parametrize("status", ["transferred", "cancelled"])
def test_a_case_that_is_nobody_s_here_any_more_keeps_the_deadline_that_it_had(status: str) -> None:
    """Only specialist and held victims have the tightest clock: who was told in time stays told in time."""
    crime = case()
    assert due(decided(replace(crime, status=Status(status)), event())) == FIVE_DAYS
