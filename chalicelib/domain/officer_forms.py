"""What an officer posts on their page, and what is wrong with it, field by field: a contact or a try, and an update to be sent.

Must not record anything, and a fault names a field and a code, never what was typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.events import REACHED, Covered, Result
from chalicelib.domain.free_text import NO_FORCE, OwnWords, unfit
from chalicelib.domain.model import Channel, Occurrence
from chalicelib.domain.news import named_in
from chalicelib.domain.update_starts import Start, StartRule

FURTHEST = timedelta(days=366)
"""[INF] A day for the next update further away than a year is a slip."""
RESULTS = frozenset({Result.SPOKEN, Result.MESSAGE_LEFT, Result.NO_ANSWER})
"""What the page offers: that they spoke, or tried."""


class Way(StrEnum):
    """How an officer was, or tried to be, in touch."""

    PHONE = "phone"
    IN_PERSON = "in_person"


class Wrong(StrEnum):
    """What is wrong with a field; words that may not be sent have the codes of `free_text.Unfit`."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    FUTURE = "future"
    BEFORE_REPORT = "before_report"
    BEFORE_RECORD = "before_record"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    LATER_THAN_AGREED = "later_than_agreed"
    RECORDED_OTHERWISE = "recorded_otherwise"
    NOT_OWED = "not_owed"
    FIXED_WORDS_ONLY = "fixed_words_only"


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is the name of a field of the form; `code` is of Wrong, or of Unfit for words."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class ContactForm:
    """ "I have spoken to them", or "I tried, no answer". What could not be read is None. Times are UTC.

    `covers` are ids of what the page offered (`Cover.id`); of a try none means all of it.
    """

    victim_id: str
    result: Result | None
    contacted_at: datetime | None
    way: Way | None
    covers: frozenset[str] = frozenset()
    next_update_on: date | None = None


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """An update as an officer wants it sent. `next_update_on` None: the day that the page suggested."""

    victim_id: str
    start: str | None
    words: str | None = None
    next_update_on: date | None = None

    @property
    def own_words(self) -> str | None:
        """The words on one line; blank ones are none."""
        return " ".join((self.words or "").split()) or None


@dataclass(frozen=True, slots=True)
class UpdateOffer:
    """An update that may be sent now: by which channel, from which starts, when it leaves, and which day it may promise at the earliest.

    `arrives_on` is when a letter counts as given; `next_on` is the day suggested, None where no days were agreed.
    """

    channel: Channel
    starts: tuple[StartRule, ...]
    leaves_at: datetime
    arrives_on: date | None
    first_day: date
    next_on: date | None

    @property
    def own_words(self) -> bool:
        """Whether the officer may add words of their own: a text takes the fixed starts only."""
        return self.channel is not Channel.SMS


def contact_faults(form: ContactForm, occurrence: Occurrence, coverable: Collection[str], now: datetime) -> tuple[Fault, ...]:
    """What is wrong with a contact; nothing: it may be recorded."""
    return tuple(_contact_faults(form, occurrence, coverable, now))


def _contact_faults(form: ContactForm, occurrence: Occurrence, coverable: Collection[str], now: datetime) -> Iterator[Fault]:
    if form.result not in RESULTS:
        yield Fault("result", Wrong.MISSING if form.result is None else Wrong.UNKNOWN)
    if (why := _wrong_time(form, occurrence, now)) is not None:
        yield Fault("contacted_at", why)
    if form.way is None:
        yield Fault("way", Wrong.MISSING)
    if not form.covers and form.result in REACHED:
        yield Fault("covers", Wrong.MISSING)
    elif form.covers - set(coverable):
        yield Fault("covers", Wrong.NOT_OWED)
    if form.next_update_on is not None:
        yield from _day_faults(form.next_update_on, local_day(now), local_day(now))


def _wrong_time(form: ContactForm, occurrence: Occurrence, now: datetime) -> Wrong | None:
    """As `evidence.py` counts: nothing before the day of the report, and no update before the crime was recorded."""
    at = form.contacted_at
    if at is None:
        return Wrong.MISSING
    if at > now:
        return Wrong.FUTURE
    if local_day(at) < local_day(occurrence.reported_at):
        return Wrong.BEFORE_REPORT
    an_update = Covered.UPDATE in form.covers and form.result in REACHED
    return Wrong.BEFORE_RECORD if an_update and at < occurrence.recorded_at else None


def _day_faults(day: date, today: date, first: date) -> Iterator[Fault]:
    if day < today:
        yield Fault("next_update_on", Wrong.PAST)
    elif day < first:
        yield Fault("next_update_on", Wrong.TOO_SOON)
    elif day > today + FURTHEST:
        yield Fault("next_update_on", Wrong.TOO_FAR)


def update_faults(
    form: UpdateForm, offer: UpdateOffer, occurrence: Occurrence, now: datetime, own: OwnWords = NO_FORCE
) -> tuple[Fault, ...]:
    """What is wrong with an update; nothing: it may be previewed and sent."""
    return tuple(_update_faults(form, offer, occurrence, now, own))


def _update_faults(form: UpdateForm, offer: UpdateOffer, occurrence: Occurrence, now: datetime, own: OwnWords) -> Iterator[Fault]:
    if not form.start:
        yield Fault("start", Wrong.MISSING)
    elif all(row.start != form.start for row in offer.starts):
        yield Fault("start", Wrong.UNKNOWN)
    words = form.own_words
    if words is None:
        yield from [Fault("words", Wrong.MISSING)] if form.start == Start.OWN_WORDS else []
    elif not offer.own_words:
        yield Fault("words", Wrong.FIXED_WORDS_ONLY)
    elif (why := unfit(words, named_in(occurrence), own)) is not None:
        yield Fault("words", why)
    if form.next_update_on is not None:
        yield from _promise_faults(form.next_update_on, offer, local_day(now))


def _promise_faults(day: date, offer: UpdateOffer, today: date) -> Iterator[Fault]:
    """A message promises no later than what was agreed: a longer wait is agreed with the victim, by voice."""
    if offer.next_on is not None and day > offer.next_on:
        yield Fault("next_update_on", Wrong.LATER_THAN_AGREED)
    else:
        yield from _day_faults(day, today, offer.first_day)
