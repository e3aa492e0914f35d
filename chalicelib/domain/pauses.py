"""What operations have paused: a channel, or one kind of message, until a named person lets it go on.

A paused message waits as it is and loses nothing. Pausing a channel holds what tells a victim or passes details on; what goes to people
inside the force, and what tells a service to stop, waits only where its kind is named. Must not send, and must not say who may pause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.delivery import Notification, State, pause_reason
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.LETTER)
TO_VICTIMS = (Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.EVENT, Template.UPDATE, Template.CONTACT_CONFIRMATION, Template.CODE)
SAFEGUARDS = (Template.TASK, Template.DIGEST, Template.CONTACT_MESSAGE, Template.STOP_NOTICE, Template.WITHDRAWAL)
"""What people inside the force rely on, specialist tasks among them, and what tells a service to stop."""
PAUSABLE = (*map(str, CHANNELS), *map(str, TO_VICTIMS), *map(str, SAFEGUARDS))

LOOKED_AFTER = timedelta(hours=24)
"""How long after a pause was lifted the sweep still looks for what waits: a worker may have laid a row aside at that very moment."""


@dataclass(frozen=True, slots=True)
class Pause:
    """`name` is one of PAUSABLE. Lifted where `resumed_at` says so; such a row stays for LOOKED_AFTER."""

    name: str
    by: str
    reason: str
    since: datetime
    resumed_by: str | None = None
    resumed_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.resumed_at is None

    def still_looked_after(self, now: datetime) -> bool:
        return self.resumed_at is not None and now - self.resumed_at <= LOOKED_AFTER


@dataclass(frozen=True, slots=True)
class Pauses:
    """All of them, in the order of their names: one row of the store."""

    kept: tuple[Pause, ...] = ()

    def standing(self) -> tuple[Pause, ...]:
        return tuple(pause for pause in self.kept if pause.stands)

    def with_pause(self, pause: Pause) -> Pauses:
        """This one, instead of any of its name."""
        others = (one for one in self.kept if one.name != pause.name)
        return Pauses(tuple(sorted((*others, pause), key=lambda one: one.name)))

    def lifted(self, name: str, by: str, now: datetime) -> Pauses:
        """What was lifted long ago is forgotten."""
        kept = (replace(one, resumed_by=by, resumed_at=now) if one.name == name and one.stands else one for one in self.kept)
        return Pauses(tuple(one for one in kept if one.stands or one.still_looked_after(now)))

    def of(self, row: Notification) -> Pause | None:
        """The pause that keeps this row from leaving."""
        return next((pause for pause in self.standing() if covers(pause.name, row)), None)


def covers(name: str, row: Notification) -> bool:
    """Whether a pause of this name is about this row."""
    return str(row.template) == name or (str(row.channel) == name and row.suspendable)


def laid_aside(row: Notification, pause: Pause) -> Notification:
    """`pending | held → held`: it waits where no sweep looks, and keeps when it was due, so that the oldest leaves first."""
    return replace(row, state=State.HELD, reason=pause_reason(pause.name))


def let_go(row: Notification) -> Notification:
    """`held → pending`: dispatch asks the policy again, so hold windows and quiet hours count as ever."""
    return replace(row, state=State.PENDING, reason=None)
