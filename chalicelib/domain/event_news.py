"""What a message of key events says, as typed content.

Nothing of a record reaches a reader unless it stands here. Must not render or send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.domain.events import EventType
from chalicelib.domain.links import PageLink
from chalicelib.domain.messages import ForceContact, OfficerContact, Reader, ServiceContact, UpdatePromise


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One key event. `reason` are the record's own words, checked to name nobody; None where none is needed.

    `corrects` is the earlier event that the reader was told of and that was wrong, told on `told_on`; `withdrawn`: nothing took its place.
    """

    type: EventType
    happened_on: date
    reason: str | None
    corrects: EventType | None = None
    told_on: date | None = None
    withdrawn: bool = False


class ReviewScheme(StrEnum):
    """Who reviews a decision not to prosecute."""

    POLICE = "police"
    CPS = "cps"


@dataclass(frozen=True, slots=True)
class EventNews:
    """Key events of an investigation (Victims' Code, Right 6), one message for all that were not told yet, in the order of time.

    `review`: the scheme under which the reader may ask for a review of the decision, until `review_until`; None: no right to one.
    `service`: offered again, because the crime is not investigated. `updates` None: no promise of updates is made. A text says only that
    there is news.
    """

    force: ForceContact
    reader: Reader
    greeting_name: str | None
    reference: str
    items: tuple[NewsItem, ...]
    officer: OfficerContact | None
    review: ReviewScheme | None
    review_until: date | None
    service: ServiceContact | None
    updates: UpdatePromise | None
    channel_reason: str | None
    officer_changed: bool = False
    """Since the reader was last written to."""
    large_print: bool = False
    address: tuple[str, ...] = ()
    written_on: date | None = None
    page: PageLink | None = None
    others: tuple[EventNews, ...] = ()
    """News of other cases of the same business contact, who gets one message a day."""
