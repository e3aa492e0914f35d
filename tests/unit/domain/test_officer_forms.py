"""The faults of an officer's forms as tables, and the words of every one of them.

Must not test what becomes of a form without faults (tests/unit/services/test_officer_page.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Result
from chalicelib.domain.free_text import Unfit
from chalicelib.domain.model import Channel
from chalicelib.domain.officer_fault_words import words_of
from chalicelib.domain.officer_forms import (
    FURTHEST,
    RESULTS,
    ContactForm,
    Fault,
    UpdateForm,
    UpdateOffer,
    Way,
    Wrong,
    contact_faults,
    update_faults,
)
from chalicelib.domain.update_starts import STARTS, Start, StartRule, starts_on
from tests.builders import NOW
from tests.domain_builders import occurrence

OCCURRENCE = occurrence()
LATER = NOW + timedelta(days=2)
TODAY = LATER.date()
SPOKE = ContactForm("V1", Result.SPOKEN, NOW + timedelta(hours=1), Way.PHONE, frozenset({"update"}))
OFFER = UpdateOffer(Channel.EMAIL, starts_on(Channel.EMAIL, TODAY), LATER, None, TODAY + timedelta(days=1), None)


def of_contact(**changes: Any) -> list[tuple[str, str]]:
    faults = contact_faults(replace(SPOKE, **changes), OCCURRENCE, ("update", "referral"), LATER)
    return [(fault.field, fault.code) for fault in faults]


def of_update(form: UpdateForm, channel: Channel = Channel.EMAIL) -> list[tuple[str, str]]:
    offer = replace(OFFER, channel=channel, starts=starts_on(channel, TODAY))
    return [(fault.field, fault.code) for fault in update_faults(form, offer, OCCURRENCE, LATER)]


@pytest.mark.parametrize("result", [*Result, None])
def test_the_page_takes_that_they_spoke_or_tried(result: Result | None) -> None:
    faults = of_contact(result=result)
    assert faults == ([] if result in RESULTS else [("result", "missing" if result is None else "unknown")])


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        (LATER, None),
        (LATER + timedelta(seconds=1), "future"),
        (OCCURRENCE.recorded_at, None),
        (OCCURRENCE.recorded_at - timedelta(seconds=1), "before_record"),
        (OCCURRENCE.reported_at - timedelta(days=1), "before_report"),
        (None, "missing"),
    ],
)
def test_when(at: Any, fault: str | None) -> None:
    assert of_contact(contacted_at=at) == ([("contacted_at", fault)] if fault else [])


def test_before_the_crime_was_recorded_they_may_have_talked_of_something_else_or_tried() -> None:
    early = OCCURRENCE.recorded_at - timedelta(seconds=1)
    assert of_contact(contacted_at=early, covers=frozenset({"referral"})) == []
    assert of_contact(contacted_at=early, result=Result.NO_ANSWER) == []


@pytest.mark.parametrize(("days", "fault"), [(-1, "past"), (0, None), (1, None), (FURTHEST.days, None), (FURTHEST.days + 1, "too_far")])
def test_the_day_of_the_next(days: int, fault: str | None) -> None:
    day = TODAY + timedelta(days=days)
    assert of_contact(next_update_on=day) == ([("next_update_on", fault)] if fault else [])
    promised = [("next_update_on", fault or "too_soon")] if fault or days == 0 else []
    assert of_update(UpdateForm("V1", "still_looking", None, day)) == promised


@pytest.mark.parametrize(("days", "faults"), [(1, []), (10, []), (11, ["later_than_agreed"]), (FURTHEST.days + 1, ["later_than_agreed"])])
def test_an_update_promises_no_later_day_than_was_agreed(days: int, faults: list[str]) -> None:
    offer = replace(OFFER, next_on=TODAY + timedelta(days=10))
    form = UpdateForm("V1", "still_looking", None, TODAY + timedelta(days=days))
    assert [fault.code for fault in update_faults(form, offer, OCCURRENCE, LATER)] == faults


def test_of_a_try_nothing_need_be_chosen_and_nothing_else_may_be() -> None:
    assert of_contact(result=Result.NO_ANSWER, covers=frozenset()) == []
    assert of_contact(covers=frozenset()) == [("covers", "missing")]
    assert of_contact(result=Result.NO_ANSWER, covers=frozenset({"needs_assessment"})) == [("covers", "not_owed")]


@pytest.mark.parametrize("start", Start)
def test_which_start_goes_by_which_channel(start: Start) -> None:
    (row,) = [row for row in STARTS if row.start is start]
    words = "We have asked the shop." if start is Start.OWN_WORDS else None
    for channel in (Channel.EMAIL, Channel.LETTER, Channel.SMS):
        form = UpdateForm("V1", start, words if channel is not Channel.SMS else None)
        assert (("start", "unknown") not in of_update(form, channel)) is (channel in row.channels)
    assert starts_on(Channel.PHONE, TODAY) == ()


def test_a_start_begins_and_ends_on_its_days() -> None:
    rows = (StartRule(Start.STILL_LOOKING, date(2026, 1, 1), "x", frozenset({Channel.SMS}), "s", date(2026, 2, 1)),)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [bool(starts_on(Channel.SMS, day, rows)) for day in days] == [False, True, True, False]
    assert all(row.source and row.label and row.channels for row in STARTS)
    assert len({row.start for row in STARTS}) == len(STARTS) == len(Start)


@pytest.mark.parametrize(
    ("words", "channel", "faults"),
    [
        (None, Channel.EMAIL, [("words", "missing")]),
        ("  ", Channel.LETTER, [("words", "missing")]),
        ("We have asked the shop.", Channel.EMAIL, []),
        ("We have asked the shop.\nWe are waiting.", Channel.EMAIL, []),
        ("We have asked Alex.", Channel.EMAIL, [("words", "name")]),
        ("We have asked the shop.", Channel.SMS, [("start", "unknown"), ("words", "fixed_words_only")]),
    ],
)
def test_own_words(words: str | None, channel: Channel, faults: list[tuple[str, str]]) -> None:
    assert of_update(UpdateForm("V1", "own_words", words), channel) == faults


def test_every_fault_has_a_sentence_that_says_what_to_do() -> None:
    fields = {
        "victim_id": {"unknown"},
        "result": {"missing", "unknown"},
        "contacted_at": {"missing", "future", "before_report", "before_record", "recorded_otherwise"},
        "way": {"missing"},
        "covers": {"missing", "not_owed"},
        "start": {"missing", "unknown"},
        "words": {"missing", "fixed_words_only", *Unfit},
        "next_update_on": {"past", "too_soon", "too_far", "later_than_agreed"},
    }
    assert set(Wrong) <= {code for codes in fields.values() for code in codes}
    said = {(field, code): words_of(Fault(field, code)) for field, codes in fields.items() for code in codes}
    assert all(re.fullmatch(r"[A-Z].*[a-z]", words) for words in said.values())
    assert all(len(words.split()) <= 25 for words in said.values())
