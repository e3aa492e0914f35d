"""What a message of key events says: what happened, the record's reason where it names nobody, and which rights follow.

Must not render, send, or pass on a suspect, an address or a bail condition.
"""

from __future__ import annotations

from datetime import date

from chalicelib.domain.compose import channel_reason, officer_contact, postal_lines, promise
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification
from chalicelib.domain.event_news import EventNews, NewsItem
from chalicelib.domain.events import EventType
from chalicelib.domain.evidence import told_of_event
from chalicelib.domain.free_text import as_sentence
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Need, Officer
from chalicelib.domain.news import News, news, news_id, rows_about, sayable
from chalicelib.domain.obligations import Agreement
from chalicelib.domain.review import review_until, right_to_review
from chalicelib.domain.situation import Situation


def event_news(s: Situation, row: Notification, choice: ChannelChoice, agreement: Agreement | None, officer: Officer | None) -> EventNews:
    """The events that the row names, in the order of time."""
    named = {key for _, key in row.lines}
    items = [item for item in news(s) if news_id(s, item.event.event_id) in named]
    reviews = [scheme for item in items if not item.withdrawn and (scheme := right_to_review(item.event).scheme)]
    refused = any(item.event.type is EventType.NOT_INVESTIGATED and not item.withdrawn for item in items)
    today = local_day(s.now)
    return EventNews(
        force=s.standing.profile.force,
        reader=choice.recipient.reader,
        greeting_name=choice.recipient.name,
        reference=s.occurrence.reference,
        items=tuple(news_item(s, item) for item in items),
        officer=officer_contact(officer),
        review=reviews[-1] if reviews else None,
        review_until=review_until(today) if reviews else None,
        service=s.standing.profile.victim_service if refused else None,
        updates=promise(agreement, today),
        officer_changed=officer_changed(s),
        channel_reason=why_this_way(s, row, choice, agreement),
        large_print=Need.LARGE_PRINT in s.victim.communication_needs,
        address=postal_lines(choice, row.channel),
        written_on=today,
    )


def officer_changed(s: Situation) -> bool:
    """Another officer than the one whom our last message to this victim named."""
    left = [row for row in s.rows if row.for_victim and row.sent_at is not None and row.template is not Template.CODE]
    last = max(left, key=lambda row: (row.sent_at or s.now, row.notification_id), default=None)
    now = s.occurrence.officer.collar_number if s.occurrence.officer else None
    return last is not None and None not in (last.names_officer, now) and last.names_officer != now


def why_this_way(s: Situation, row: Notification, choice: ChannelChoice, agreement: Agreement | None) -> str | None:
    """Where nobody agreed on a way yet; why an agreed one is not taken stands with the promise of updates."""
    if row.channel is s.victim.preferred_channel or (agreement is not None and not agreement.proposed):
        return None
    return channel_reason(s.victim, choice, row.channel)


def news_item(s: Situation, item: News) -> NewsItem:
    """What a message says of one event, and the page of its reader too."""
    event, before = item.event, item.corrects
    told_on = _told_on(s, before.event_id) if before else None
    return NewsItem(
        type=before.type if item.withdrawn and before else event.type,
        happened_on=local_day(event.at),
        reason=as_sentence(event.reason or "") if sayable(s, event) and not item.withdrawn else None,
        corrects=before.type if before and told_on else None,
        told_on=told_on,
        withdrawn=item.withdrawn,
    )


def _told_on(s: Situation, event_id: str) -> date | None:
    """When the reader heard of an event, by a message of ours or an officer."""
    sent = [row.sent_at for row in rows_about(s, event_id) if row.sent_at]
    contact = told_of_event(s, event_id)
    return min((local_day(at) for at in (*sent, *([contact.at] if contact else []))), default=None)
