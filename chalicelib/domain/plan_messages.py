"""The confirmation that we have a message: to whose it would be, where they may be told automatically, once a day for a case.

Never to what was typed into the form: that may be anybody's. Must not be asked for a specialist or held victim (plan.py asks it for nobody
else than who is told automatically).
"""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.domain.contact_pairs import belongs, writer
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import WAITING, Audience, Notification, State, fact_id
from chalicelib.domain.draft import Draft
from chalicelib.domain.message_events import MessageReceived
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.plan_victim import stopped
from chalicelib.domain.situation import Situation, earliest, hold_window, written_in

CONFIRMED_WITHIN = timedelta(days=2)
"""[INF] A confirmation that could not leave in a night and a hold window would only puzzle."""
_BY = (Channel.EMAIL, Channel.SMS)
"""A letter would come after the answer."""


def confirm_messages(draft: Draft, choice: ChannelChoice) -> None:
    """The confirmations that are wanted now, and those that left."""
    s = draft.s
    by = None if stopped(s) else next((channel for channel in choice.usable if channel in _BY), None)
    for day, message in sorted(_first_of_each_day(s).items()):
        left = _left(draft, day)
        if left is not None:
            draft.notifications[left.notification_id] = left
        elif by is not None and writer(message, s.occurrence) == s.victim.id and s.now - message.at <= CONFIRMED_WITHIN:
            draft.say(
                Template.CONTACT_CONFIRMATION,
                Audience.PUBLIC,
                by,
                day.isoformat(),
                not_before=earliest(s, max(message.at, s.accepted_at + hold_window(s))),
                language=written_in(s),
            )


def _first_of_each_day(s: Situation) -> dict[date, MessageReceived]:
    """The one message of each day that a case confirms, whoever of it wrote."""
    named = {collar for told in s.told for collar in told.officers}
    found = [event for event in s.events if isinstance(event, MessageReceived) and not event.many and not event.doubtful]
    first: dict[date, MessageReceived] = {}
    for message in sorted(found, key=lambda event: (event.at, event.event_id)):
        if belongs(named, message.collar_number):
            first.setdefault(local_day(message.at), message)
    return first


def _left(draft: Draft, day: date) -> Notification | None:
    """The day's confirmation where one may be out, by whichever channel."""
    existing = draft.s.existing or {}
    rows = (existing.get(fact_id(*draft.key, Template.CONTACT_CONFIRMATION, channel, day.isoformat())) for channel in _BY)
    return next((row for row in rows if row and (row.may_be_out or row.state not in WAITING | {State.CANCELLED})), None)
