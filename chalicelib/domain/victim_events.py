"""What a victim asked for on their own page, as facts of their case: a code to open it with, and what is to be different from now on.

What the records system has words for is told in its own: new terms are `AgreementChanged`, a request for a review is `ReviewStepped`. Must
not hold what was typed, and must not decide what follows, but for how a victim's no to a referral is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.model import Victim


class Asked(StrEnum):
    """What may be asked for on the page."""

    OPT_OUT = "opt_out"
    """No details to the victim service, now or later."""
    STOP = "stop"
    """No more messages about this case."""
    CORRECT = "correct"
    """Other contact details: an officer asks for them by voice, and the record changes, or nothing does."""


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """Whoever holds the link of this victim asked for a code. `event_id` is what the code is derived from; the code stands nowhere."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VictimAsked:
    """Whoever receives for this victim asked for something, behind the code."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    what: Asked


def as_asked(victim: Victim, events: Iterable[object]) -> Victim:
    """The victim as the record tells them, and as they told us: a no to the referral stays one, until the officer and they settle it."""
    mine = (event for event in events if isinstance(event, VictimAsked) and event.victim_id == victim.id)
    return replace(victim, referral_opt_out=True) if any(event.what is Asked.OPT_OUT for event in mine) else victim
