"""What a victim may change on their page, and what is wrong with a choice that was posted.

Only what is offered is taken: frequencies of the force's profile, and ways on record as safe. Must not read a request or write anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.events import AgreementChanged
from chalicelib.domain.model import Channel
from chalicelib.domain.situation import Situation
from chalicelib.domain.victim_view import VictimView, may_ask_for_review

KEY_EVENTS = "important"
"""Of how often: only when something important happens."""


class Act(StrEnum):
    """What the page does, as the last part of its address says it."""

    UPDATES = "updates"
    REFERRAL = "referral"
    STOP = "stop"
    DETAILS = "details"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class TermsForm:
    """How often and how, as posted."""

    every: str
    method: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What was chosen: `every_days` None is only when something important happens."""

    every_days: int | None
    method: Channel


class Missing(StrEnum):
    """The field of a form in which nothing was chosen that is offered."""

    EVERY = "every"
    METHOD = "method"


def chosen(form: TermsForm, days: tuple[int, ...], methods: tuple[Channel, ...]) -> Terms | tuple[Missing, ...]:
    """The terms, or which fields are missing."""
    offered = {KEY_EVENTS: None} | {str(number): number for number in days}
    ways = {str(channel): channel for channel in methods}
    missing = [Missing.EVERY] if form.every not in offered else []
    missing += [Missing.METHOD] if form.method not in ways else []
    return tuple(missing) if missing else Terms(offered[form.every], ways[form.method])


def changes_today(s: Situation, by: str) -> int:
    """How often the victim changed the terms on this day, by their page."""
    mine = (event for event in s.events if isinstance(event, AgreementChanged) and event.victim_id == s.victim.id and event.by == by)
    return sum(local_day(event.at) == local_day(s.now) for event in mine)


def offered(view: VictimView, open_case: bool, now: datetime) -> frozenset[Act]:
    """What the page offers now; anything else is refused by whoever takes the post too."""
    may = {
        Act.UPDATES: open_case and bool(view.methods),
        Act.REFERRAL: view.may_refuse,
        Act.STOP: not view.stopped,
        Act.DETAILS: view.corrected_on is None,
        Act.REVIEW: may_ask_for_review(view.review, local_day(now)),
    }
    return frozenset(act for act, is_offered in may.items() if is_offered)
