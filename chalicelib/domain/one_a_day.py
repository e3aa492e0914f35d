"""A business contact gets at most one message a day: who that is, when the next may leave, and which may not wait for it.

The deadline is the law, one a day is a courtesy; that a letter counts too is [INF]. Must not know what else was sent: the day is taken in
the store when a message leaves (services/one_a_day.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from chalicelib.domain.deadlines import LONDON, local_day, next_for_bad_news
from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.event_rules import event_rule_on
from chalicelib.domain.evidence import written_for
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, VictimKind
from chalicelib.domain.obligations import Kind, Obligation
from chalicelib.domain.plan_updates import holds_until
from chalicelib.domain.reminders import letter_arrives
from chalicelib.domain.situation import Situation, earliest, own_hours


def one_a_day(s: Situation, row: Notification) -> bool:
    """Whether this message counts: an acknowledgement, key events or an officer's update to the named contact of a business."""
    return s.victim.kind is VictimKind.BUSINESS and row.template in {Template.ACKNOWLEDGEMENT, Template.EVENT, Template.UPDATE}


def next_turn(s: Situation, row: Notification, owed: Mapping[str, Obligation]) -> datetime:
    """The first instant of another day at which this message may leave."""
    tomorrow = datetime.combine(local_day(s.now) + timedelta(days=1), time(), LONDON)
    about = [owed[key].event for _, key in row.lines if key in owed]
    bad = any(event_rule_on(event, local_day(s.now)).bad_news for event in about if event)
    late = next_for_bad_news(tomorrow, s.standing.profile.quiet, s.standing.holidays, own_hours(s)) if bad else None
    return late or earliest(s, tomorrow)


def may_wait(s: Situation, row: Notification, owed: Mapping[str, Obligation], turn: datetime) -> bool:
    """Whether everything that the message is about is still in time when it leaves at `turn`, and what an officer wrote still holds."""
    written = written_for(s, row)
    if written is not None and turn > holds_until(s, written):
        return False
    about = {*row.evidences, *(key for _, key in row.lines)}
    if row.template is Template.ACKNOWLEDGEMENT:
        about |= {fact_id(row.reference, s.victim.id, kind) for kind in (Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.REFERRAL)}
    heard = letter_arrives(turn, s.standing.holidays) if row.channel is Channel.LETTER else turn
    return all(heard <= owed[key].due_at for key in about if key in owed and owed[key].unmet)
