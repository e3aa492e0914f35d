"""The fixed words that an officer's update starts from: which there are, by which channels each may go, as dated rows with their sources.

What a victim reads stands in `templates/update`; a label is for the officer. Must not look at a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.domain.deadlines import CODE_IN_FORCE
from chalicelib.domain.model import Channel


class Start(StrEnum):
    """Ids of the starts; each has its words in every language that the update is written in."""

    STILL_LOOKING = "still_looking"
    WAITING_FOR_CHECKS = "waiting_for_checks"
    WAITING_FOR_ANSWERS = "waiting_for_answers"
    TALKING_TO_PEOPLE = "talking_to_people"
    LOOKING_AT_FILM = "looking_at_film"
    WAITING_FOR_DECISION = "waiting_for_decision"
    OWN_WORDS = "own_words"


@dataclass(frozen=True, slots=True)
class StartRule:
    """A dated row: from `effective_from` until `ends_before` (None: it stands), the start may go by `channels`.

    None of them is news of a key event: those have their own deadlines, reasons and words (events.md).
    """

    start: Start
    effective_from: date
    label: str
    channels: frozenset[Channel]
    source: str
    ends_before: date | None = None


_WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER})
_EVERY = _WRITTEN | {Channel.SMS}
_NEUTRAL = "[INF] says no more than that the case is open, so that a screen which others see gives nothing away"
_TELLS = "[INF] says what the police do in this case: not for a screen which others see"

STARTS: tuple[StartRule, ...] = (
    StartRule(Start.STILL_LOOKING, CODE_IN_FORCE, "We are still looking into it, and there is no news", _EVERY, _NEUTRAL),
    StartRule(Start.WAITING_FOR_CHECKS, CODE_IN_FORCE, "We are waiting for checks to be done", _EVERY, _NEUTRAL),
    StartRule(Start.WAITING_FOR_ANSWERS, CODE_IN_FORCE, "We have asked others for information, and wait for it", _EVERY, _NEUTRAL),
    StartRule(Start.TALKING_TO_PEOPLE, CODE_IN_FORCE, "We are talking to people who may know something", _WRITTEN, _TELLS),
    StartRule(Start.LOOKING_AT_FILM, CODE_IN_FORCE, "We are looking at film from cameras", _WRITTEN, _TELLS),
    StartRule(Start.WAITING_FOR_DECISION, CODE_IN_FORCE, "We have asked for a decision, and wait for it", _WRITTEN, _TELLS),
    StartRule(Start.OWN_WORDS, CODE_IN_FORCE, "Only what I write myself", _WRITTEN, "[INF] a text takes fixed words only"),
)


def starts_on(channel: Channel, day: date, table: tuple[StartRule, ...] = STARTS) -> tuple[StartRule, ...]:
    """The starts that may go by a channel on a day, in their order."""
    begun = (row for row in table if row.effective_from <= day and (row.ends_before is None or day < row.ends_before))
    return tuple(row for row in begun if channel in row.channels)
