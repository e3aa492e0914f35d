"""The outbox row of one message: its states, and which move is allowed from which.

`pending → sending → sent → delivered`; held, unknown, failed, bounced, complained, cancelled and settled as drawn in docs/design.md.
Must not send, and must not know why a message is wanted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.profile import Delivery


class State(StrEnum):
    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SETTLED = "settled_by_person"


AFTER_SETTLED = "after_settled"
"""Reason on a row whose receipt came after a person had it: what was waiting for it is that person's to decide."""
WAITING = frozenset({State.PENDING, State.HELD})
ACCEPTED = frozenset({State.SENT, State.DELIVERED, State.COMPLAINED})
"""The provider took it and nothing says that it failed: what waits for it may leave."""
MAY_HAVE_LEFT = ACCEPTED | {State.BOUNCED, State.UNKNOWN, State.SETTLED}
_RANK = {State.SENDING: 0, State.UNKNOWN: 0, State.SENT: 1, State.DELIVERED: 2, State.BOUNCED: 3, State.COMPLAINED: 4}


class Audience(StrEnum):
    VICTIM = "victim"
    SERVICE = "service"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    OPERATIONS = "operations"
    RECORDS_SYSTEM = "records_system"
    PUBLIC = "public"
    """Who wrote through a page; answered only where a victim of the case is reached."""


OUTSIDE = frozenset({Audience.VICTIM, Audience.SERVICE, Audience.PUBLIC})
"""Readers outside the force."""


def fact_id(*facts: str) -> str:
    """An id that is a hash of facts, so that a replay writes the same key: 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:32]


_PAUSED = "paused:"


def pause_reason(name: str) -> str:
    """Reason of a row that waits for a pause to be lifted: `name` is the channel or kind that is paused."""
    return _PAUSED + name


_SUSPENDABLE = frozenset(
    {
        Template.ACKNOWLEDGEMENT,
        Template.REFERRAL,
        Template.EVENT,
        Template.UPDATE,
        Template.CONTACT_CONFIRMATION,
        Template.CODE,
    }
)


@dataclass(frozen=True, slots=True)
class Notification:
    """One message of the outbox. No address stands here: it is read from the case when the message is sent.

    `not_before`: earliest instant of release. `waits_for`: ids of which one must be accepted by its provider first.
    `evidences`: obligations that its delivery meets. `open_at`: when it next needs attention, None when it waits or is final.
    `speaks_for`: rows of linked crimes that this one message tells of too, and that share its outcome.
    `why_not`: why this channel is not the one that the victim asked for. `announces`: its words told the victim of the referral.
    `attempted`: a provider may have been called. `own`: some version of the record asked for it by itself, so it is kept when cancelled.
    """

    notification_id: str
    reference: str
    victim_id: str | None
    template: Template
    audience: Audience
    channel: Channel
    not_before: datetime
    created_at: datetime
    state: State = State.PENDING
    waits_for: tuple[str, ...] = ()
    evidences: tuple[str, ...] = ()
    speaks_for: tuple[str, ...] = ()
    announces: bool = False
    why_not: str | None = None
    unit: Unit | None = None
    task_id: str | None = None
    language: str = "en"
    reason: str | None = None
    open_at: datetime | None = None
    attempts: int = 0
    attempted: bool = False
    own: bool = True
    token: str | None = None
    point: str | None = None
    """Keyed hash of the victim's address that the last attempt wrote to."""
    went_to: str | None = None
    """Whom the last attempt wrote to, within `audience`: the victim's reader by role, a collar number, a unit, the service's name."""
    names_officer: str | None = None
    """Collar number of the officer in the case when the last attempt wrote to the victim, who is told of another one next time."""
    names_crimes: tuple[str, ...] = ()
    """Home Office classes that the last attempt to acknowledge named in full; none in a text."""
    lease_until: datetime | None = None
    provider_ref: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    lines: tuple[tuple[str, str], ...] = ()
    """What a digest, or a message of key events, is about: (reference, obligation id)."""
    reader: str | None = None
    """Collar number of the person for whom a digest is, or to whom a message was handed; None: the role of `unit`."""
    body: str | None = None
    """What a row of OUT publishes: ids, enums and times as JSON."""

    @property
    def for_victim(self) -> bool:
        return self.audience is Audience.VICTIM

    @property
    def may_be_out(self) -> bool:
        """A provider was called, or is being called."""
        return self.attempted or self.state is State.SENDING

    @property
    def awaited(self) -> bool:
        """Asked for by whoever waits for it at this moment, so that no quiet hours hold it back."""
        return self.template is Template.CODE

    @property
    def suspendable(self) -> bool:
        """Held while a quarantined version stands: what tells a victim or passes details on. Stop notices and tasks always leave."""
        return self.template in _SUSPENDABLE


def paused_by(row: Notification) -> str | None:
    """What has to be resumed before this row leaves; None where nothing has."""
    held = row.state is State.HELD and row.reason is not None and row.reason.startswith(_PAUSED)
    return (row.reason or "").removeprefix(_PAUSED) if held else None


def claimed(row: Notification, token: str, now: datetime, rules: Delivery) -> Notification:
    """The row as a worker takes it: the last write before the provider's call."""
    return replace(
        row,
        state=State.SENDING,
        token=token,
        lease_until=now + rules.lease,
        open_at=now + rules.lease,
        attempts=row.attempts + 1,
        reason=None,
    )


def given_back(row: Notification, now: datetime) -> Notification:
    """A claim returned before any call, because the case moved: asked again at once, and not counted as an attempt."""
    return replace(row, state=State.PENDING, token=None, lease_until=None, open_at=now, attempts=row.attempts - 1, reason="retry")


def backed_off(row: Notification, now: datetime, rules: Delivery) -> Notification:
    """After a transient refusal: doubled waits up to the longest."""
    wait = min(rules.first_backoff * 2 ** min(row.attempts - 1, 16), rules.longest_backoff)
    return replace(row, state=State.PENDING, token=None, lease_until=None, open_at=now + wait, attempted=True, reason="transient")


def sent(row: Notification, provider_ref: str, now: datetime, arrives_at: datetime | None = None) -> Notification:
    """The provider took it. `arrives_at`: when it counts as delivered without a receipt (a letter); None: a receipt will say."""
    return replace(
        row,
        state=State.SENT,
        token=None,
        lease_until=None,
        open_at=arrives_at,
        attempted=True,
        provider_ref=provider_ref,
        sent_at=now,
        reason=None,
    )


def failed(row: Notification, code: str) -> Notification:
    return replace(row, state=State.FAILED, token=None, lease_until=None, open_at=None, attempted=True, reason=code)


def unknown(row: Notification, now: datetime, rules: Delivery) -> Notification:
    """The outcome is not known: waits for the receipt; never back to pending by itself."""
    until = now + rules.unknown_after
    return replace(row, state=State.UNKNOWN, token=None, lease_until=None, open_at=until, attempted=True, reason="outcome_unknown")


def repeated(row: Notification, now: datetime) -> Notification:
    """`unknown → pending`: officer and unit mail only."""
    return replace(row, state=State.PENDING, open_at=now, reason="repeated")


def resent(row: Notification, now: datetime) -> Notification:
    """`unknown | settled_by_person → pending`: a named person decided that it goes once more, though the first may have arrived."""
    return replace(row, state=State.PENDING, token=None, lease_until=None, open_at=now, reason="resent", speaks_for=())


def settled(row: Notification, reason: str) -> Notification:
    """`unknown → settled_by_person`: a person has it now."""
    return replace(row, state=State.SETTLED, open_at=None, reason=reason)


def after_receipt(row: Notification, state: State, provider_ref: str | None, at: datetime) -> Notification | None:
    """The row after a provider's receipt, or None where it changes nothing: ranks never go backwards, and only what left can be receipted.

    A settled row counts as sent: a late "sent" leaves it to its person, delivery or failure is news.
    """
    known = _RANK.get(row.state, 1 if row.state is State.SETTLED else None)
    if known is None or _RANK[state] <= known:
        return None
    return replace(
        row,
        state=state,
        token=None,
        lease_until=None,
        open_at=None,
        attempted=True,
        provider_ref=row.provider_ref or provider_ref,
        sent_at=row.sent_at or at,
        delivered_at=row.delivered_at or (at if state in {State.DELIVERED, State.COMPLAINED} else None),
        reason=None,
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says of one message. `delay` of a DeliveryDelay changes no state and is not represented."""

    notification_id: str
    state: State
    permanent: bool
    provider_ref: str | None
    code: str
    at: datetime
    channel: Channel | None = field(default=None, compare=False)
    """By which provider it came, for the figures of each."""
