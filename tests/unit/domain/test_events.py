"""The kinds of event of a case, which contact reached the victim, and whom an event concerns.

Must not test what the contract accepts (tests/contract/schemas/test_events.py) or what follows from an event.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import (
    EVENT_KIND,
    KEPT_KINDS,
    KINDS,
    OWN_KINDS,
    REACHED,
    AgreementChanged,
    ContactRecorded,
    Covered,
    EventType,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    Result,
    ReviewStep,
    ReviewStepped,
    Step,
    TaskDone,
    UpdateWritten,
    concerns,
)
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import Channel
from chalicelib.domain.victim_events import Asked, CodeAsked, VictimAsked
from tests.builders import NOW

REFERENCE = "26000712345"
CONTACT = ContactRecorded(REFERENCE, "C-1", "V1", NOW)
CHANGE = AgreementChanged(REFERENCE, "A-1", "V1", NOW)
DONE = TaskDone(REFERENCE, "T-1", "0" * 32, NOW)
RELEASE = HoldReleased(REFERENCE, "H-1", "V1", NOW, "7001", "Flag set in error.")
LETTER = LetterReturned(REFERENCE, "L-1", "V1", NOW)
ARREST = InvestigationEvent(REFERENCE, "E-1", EventType.ARRESTED, NOW)
REVIEW = ReviewStepped(REFERENCE, "R-1", "V1", NOW, ReviewStep.REQUESTED)
UPDATE = UpdateWritten(REFERENCE, "U-1", "V1", NOW, "2345", Channel.EMAIL, "still_looking")
CODE = CodeAsked(REFERENCE, "K-1", "V1", NOW)
NO = VictimAsked(REFERENCE, "A-2", "V1", NOW, Asked.OPT_OUT)
OWN = (
    MessageReceived(REFERENCE, "M-1", NOW, "2345", "V2"),
    MessageAllocated(REFERENCE, "M-2", "M-1", NOW, "4711", "1890"),
    UPDATE,
    CaseHandedOver(REFERENCE, "H-1", NOW, "2345", "4711", "1890"),
    CODE,
    NO,
)
"""What comes through a page of ours."""
TOLD = (CONTACT, CHANGE, DONE, RELEASE, LETTER, ARREST, REVIEW)
EVERY = (*TOLD, UPDATE)


def arrest(*victims: str, corrects: str | None = None, withdrawn: bool = False) -> InvestigationEvent:
    return replace(ARREST, victim_ids=frozenset(victims), corrects=corrects, withdrawn=withdrawn)


def test_every_kind_of_the_contract_is_one_class() -> None:
    kinds = [EVENT_KIND[type(event)] for event in TOLD]
    assert kinds == [
        "contact_recorded", "agreement_changed", "task_done", "hold_released", "letter_returned", "investigation_event", "review",
    ]  # fmt: skip
    assert {kind: KINDS[kind] for kind in kinds} == KINDS
    assert not OWN_KINDS.keys() & KINDS.keys()
    assert [EVENT_KIND[type(event)] for event in OWN] == list(OWN_KINDS)


def test_what_our_own_pages_tell_is_kept_and_is_no_kind_of_the_contract() -> None:
    assert KEPT_KINDS == KINDS | OWN_KINDS
    assert EVENT_KIND[UpdateWritten] == "update_written"
    assert (UPDATE.words, UPDATE.next_update_on) == (None, None)


@pytest.mark.parametrize(
    ("result", "reached"),
    [("spoken", True), ("sent", True), ("given_by_hand", True), ("message_left", False), ("no_answer", False)],
)
def test_which_contact_reached_the_victim(result: str, reached: bool) -> None:
    assert ContactRecorded(REFERENCE, "C-1", "V1", NOW, Result(result)).reached is reached
    assert (Result(result) in REACHED) is reached


def test_what_is_absent_means() -> None:
    """Absent: spoken, about an update; done; every victim, standing, nothing known; key events only."""
    assert (CONTACT.result, CONTACT.covers) == (Result.SPOKEN, frozenset({Covered.UPDATE}))
    assert (DONE.step, CHANGE.every_days, CHANGE.declined) == (Step.DONE, None, False)
    assert (ARREST.victim_ids, ARREST.corrects, ARREST.withdrawn) == (None, None, False)
    known = (ARREST.suspect_interviewed, ARREST.all_suspects_and_charges, ARREST.charged_other_offence, ARREST.victim_supports)
    assert (*known, ARREST.decided_by, ARREST.hearing, ARREST.received_at, ARREST.heard_at) == (None,) * 8


@pytest.mark.parametrize(
    ("event", "victims"),
    [
        pytest.param(CONTACT, {"V1"}, id="a contact: that victim"),
        pytest.param(CHANGE, {"V1"}, id="new terms: that victim"),
        pytest.param(RELEASE, {"V1"}, id="a release: that victim"),
        pytest.param(OWN[0], {"V1", "V2", "V3"}, id="a message: everyone, since it is only claimed whose it is"),
        pytest.param(OWN[1], {"V1", "V2", "V3"}, id="a message given to somebody: no one victim's"),
        pytest.param(LETTER, {"V1"}, id="a letter: that victim"),
        pytest.param(DONE, {"V1", "V2", "V3"}, id="a task names its victim, the event does not"),
        pytest.param(REVIEW, {"V1"}, id="a review: that victim"),
        pytest.param(ARREST, {"V1", "V2", "V3"}, id="an arrest for everybody"),
        pytest.param(arrest("V1", "V3"), {"V1", "V3"}, id="an arrest for some"),
        pytest.param(arrest(), set(), id="an arrest for nobody"),
        pytest.param(arrest("V1", corrects="E-0"), {"V1", "V2", "V3"}, id="a correction: whoever was named before, too"),
        pytest.param(arrest(corrects="E-0", withdrawn=True), {"V1", "V2", "V3"}, id="a withdrawal: whoever was named before"),
        pytest.param(arrest("V2", withdrawn=True), {"V2"}, id="a withdrawal that names nothing before"),
    ],
)
def test_whom_an_event_concerns(event: Any, victims: set[str]) -> None:
    assert {victim for victim in ("V1", "V2", "V3") if concerns(event, victim)} == victims


@pytest.mark.parametrize("event", EVERY, ids=lambda event: EVENT_KIND[type(event)])
def test_whom_an_event_names(event: Any) -> None:
    assert event.victim_id == (None if isinstance(event, TaskDone | InvestigationEvent) else "V1")


@pytest.mark.parametrize(("event", "named"), [(ARREST, True), (arrest("V1"), True), (arrest("V2"), False), (arrest(), False)])
def test_whether_a_key_event_names_a_victim(event: InvestigationEvent, named: bool) -> None:
    assert event.names("V1") is named
