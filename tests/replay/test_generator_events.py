"""The key events that a replay draws: of every type, plausible, corrected, late and early; and who tells victims of them.

Must not look at how anything is drawn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from chalicelib.domain.events import ContactRecorded, EventType, InvestigationEvent, ReviewStep, ReviewStepped
from chalicelib.domain.free_text import unfit
from chalicelib.schemas.records import Parsed, parse_record
from infra.replay.evenings import evening_after
from infra.replay.generator.duty import Roster
from infra.replay.generator.lines import lines
from infra.replay.generator.officers import Force
from infra.replay.generator.reasons import HARMLESS
from tests.replay.made_up import NOW, became, rows

DAYS = 28
COURT = {"hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal"}


@cache
def read() -> list[tuple[dict[str, Any], Parsed]]:
    """Each good message of four weeks in which most crimes have an outcome."""
    some = rows(2500)
    found = []
    for line in list(lines({"2022-01": some}, 1, NOW, days=DAYS, outcomes=became(some, 0.5)))[1:]:
        parsed = parse_record(line["body"], now=evening_after(NOW, line["day"]), allow_reserved=True)
        found += [(line, parsed)] if isinstance(parsed, Parsed) else []
    return found


def told(kind: type) -> list[tuple[dict[str, Any], Any]]:
    return [(line, parsed.event) for line, parsed in read() if isinstance(parsed.event, kind)]


def in_cases() -> dict[str, dict[str, InvestigationEvent]]:
    found: dict[str, dict[str, InvestigationEvent]] = defaultdict(dict)
    for _, event in told(InvestigationEvent):
        found[event.reference][event.event_id] = event
    return found


def test_every_type_of_the_contract_happens():
    assert {event.type for _, event in told(InvestigationEvent)} == set(EventType)


def test_an_arrest_and_an_interview_come_before_the_charge_that_follows():
    stories = [sorted(found.values(), key=lambda event: event.at) for found in in_cases().values()]
    types = Counter(tuple(event.type.value for event in story if not event.corrects) for story in stories)
    assert any(story[:3] == ("arrested", "interviewed_under_caution", "charged") for story in types)
    assert any(
        "released_on_bail" in story and story.index("released_on_bail") < story.index("charged") for story in types if "charged" in story
    )


def test_some_correct_an_earlier_event_some_take_it_back_and_some_overtake_the_message():
    corrections = [event for _, event in told(InvestigationEvent) if event.corrects]
    assert {event.withdrawn for event in corrections} == {True, False}
    gaps = Counter(
        (event.at - in_cases()[event.reference][event.corrects].at).days
        for event in corrections
        if event.corrects in in_cases()[event.reference]
    )
    assert gaps[0] > 3
    assert sum(gaps.values()) > gaps[0]
    assert all(event.corrects != event.event_id for event in corrections)


def test_some_come_late_twice_and_before_their_record():
    found = told(InvestigationEvent)
    late = [
        line for line, event in found if evening_after(NOW, line["day"]) - event.at > timedelta(days=1) and event.type.value not in COURT
    ]
    repeated = [body for body, count in Counter(line["body"] for line, _ in found).items() if count > 1]
    early = [line for line, _ in found if (line["day"], line["wave"]) == (0, 0)]
    assert min(len(late), len(repeated), len(early)) >= 2


def test_news_of_a_court_says_when_the_force_had_it_or_does_not():
    court = [event for _, event in told(InvestigationEvent) if event.type.value in COURT]
    assert {event.received_at is None for event in court} == {True, False}
    assert all(event.received_at is None or event.received_at >= event.at for event in court)


def test_decisions_leave_facts_open_in_part():
    decisions = [event for _, event in told(InvestigationEvent) if event.type is EventType.NOT_PROSECUTED]
    for name in ("suspect_interviewed", "all_suspects_and_charges", "charged_other_offence", "victim_supports"):
        assert {getattr(event, name) for event in decisions} == {True, False, None}
    assert len({event.decided_by for event in decisions}) == 3


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_called_harmless_is_so_for_the_product(text: str):
    assert unfit(text) is None


def test_no_other_reason_is_harmless():
    reasons = {event.reason for _, event in told(InvestigationEvent)}
    assert None in reasons
    others = reasons - {None, *HARMLESS}
    assert others
    assert [text for text in others if unfit(str(text)) is None] == []


def test_nothing_is_told_of_somebody_whose_mailbox_misbehaves_before_their_notice_has_left():
    early = [event for line, event in told(InvestigationEvent) if line["day"] < 4]
    misbehaving = {
        parsed.occurrence.reference
        for _, parsed in read()
        if parsed.occurrence
        and any(
            victim.email and victim.email.value and victim.email.value.startswith(("bounce.", "complaint."))
            for victim in parsed.occurrence.victims
        )
    }
    assert misbehaving
    assert misbehaving.isdisjoint(event.reference for event in early)


def test_contacts_name_the_events_that_they_tell_of_by_the_officer_s_temper():
    roster = Roster(1, NOW, DAYS, Force(1).everybody)
    days: dict[str, list[int]] = defaultdict(list)
    for _, contact in told(ContactRecorded):
        happened = [event.at for key in contact.covers_event_ids if (event := in_cases()[contact.reference].get(key))]
        if happened and contact.reached and contact.by:
            days["Witness Care" if contact.by == "7002" else roster.temper(contact.by).kind].append((contact.at - min(happened)).days)
    assert min(len(days[name]) for name in ("prompt", "late", "Witness Care")) > 10
    assert sorted(days["prompt"])[len(days["prompt"]) // 2] < 3 < sorted(days["late"])[len(days["late"]) // 2]
    assert len(days["careless"]) < 10  # as a cover only
    assert len(days["leaves_messages"]) < len(days["prompt"]) / 4


def test_tries_name_events_too_and_a_contact_may_tell_of_several():
    contacts = [contact for _, contact in told(ContactRecorded) if contact.covers_event_ids]
    assert {contact.reached for contact in contacts} == {True, False}
    assert max(len(contact.covers_event_ids) for contact in contacts) > 1


def test_victims_ask_for_reviews_and_the_force_answers_some():
    assert {event.step for _, event in told(ReviewStepped)} == set(ReviewStep)
