"""The Victims' Right to Review: whether a decision carries it, under whose scheme, and until when it may be asked for.

Computed from what the record says of the decision. Must not guess: where the record leaves one fact open, the officer decides.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.event_news import ReviewScheme
from chalicelib.domain.events import DecidedBy, EventType, InvestigationEvent

REVIEW_MONTHS = 3
"""How long the victim may ask, from the day on which they were told of the decision."""

NOT_TO_PROSECUTE = frozenset({EventType.NOT_PROSECUTED, EventType.CHARGES_DROPPED})
"""The only decisions that carry the right: an out-of-court disposal does not, nor a case without a suspect or one not investigated."""

_SCHEMES = {DecidedBy.POLICE: ReviewScheme.POLICE, DecidedBy.CPS: ReviewScheme.CPS}


@dataclass(frozen=True, slots=True)
class RightToReview:
    """One of three answers: it applies, under `scheme`; the officer decides, because the facts `missing` are open; neither: it does not.

    `missing` are paths of the records contract.
    """

    scheme: ReviewScheme | None = None
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.scheme and self.missing:
            raise ValueError("what applies leaves nothing open")


NO_RIGHT = RightToReview()


def right_to_review(event: InvestigationEvent) -> RightToReview:
    """Whether the victim may ask for a review of this decision.

    A suspect was identified and interviewed, the decision is about all suspects and charges, nobody was charged with another offence
    instead, and the victim did not withdraw support. One open fact leaves it to the officer, even where another says no.
    """
    if event.type not in NOT_TO_PROSECUTE or event.withdrawn:
        return NO_RIGHT
    needed = {
        "event.suspect_interviewed": (event.suspect_interviewed, True),
        "event.all_suspects_and_charges": (event.all_suspects_and_charges, True),
        "event.charged_other_offence": (event.charged_other_offence, False),
        "event.victim_supports": (event.victim_supports, True),
    }
    missing = tuple(path for path, (said, _) in needed.items() if said is None)
    if event.decided_by is None:
        return RightToReview(missing=(*missing, "event.decided_by"))
    if missing:
        return RightToReview(missing=missing)
    return RightToReview(_SCHEMES[event.decided_by]) if all(said is wanted for said, wanted in needed.values()) else NO_RIGHT


def review_until(told_on: date) -> date:
    """The last day on which the victim may ask: the same day three months later, or the last of that month where it has no such day."""
    years, month = divmod(told_on.month - 1 + REVIEW_MONTHS, 12)
    year = told_on.year + years
    return date(year, month + 1, min(told_on.day, monthrange(year, month + 1)[1]))
