"""What the use cases need of what is kept and queued, as protocols; each has one fake and one real adapter under one conformance suite.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. What is needed to make and send messages is in
`edges.py`. Must not import an SDK.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from chalicelib.domain.absence import Absence
from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.delivery import Notification
from chalicelib.domain.events import Event
from chalicelib.domain.model import DirectoryOfficer, KnownElsewhere, Occurrence
from chalicelib.domain.obligations import Agreement, Obligation

T = TypeVar("T")

MOST_ITEMS = 100
"""Items that one transaction may hold."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log, which `commit` adds and never replaces. `entry_id` is a hash of facts, so that a replay writes the same line."""

    reference: str
    entry_id: str
    at: datetime
    op: str
    victim_id: str | None = None
    version: int | None = None
    rule: str | None = None
    notification_id: str | None = None
    recipient: str | None = None
    """`victim`, `representative` or `business`; a person or unit of the force (`officer 2345`, `unit witness_care`); `service` and its
    name. Never a name of a person or an address."""
    actor: str = "system"
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class PointMark:
    """What one victim of one occurrence says of a contact point (a keyed hash)."""

    point: str
    reference: str
    victim_id: str
    specialist: bool
    do_not_contact: bool
    held_at: datetime | None = None
    """When a person was given the decision, None: none has it. The store keeps the latest, also when it is over."""


@dataclass(frozen=True, slots=True)
class Swap(Generic[T]):
    """A conditional write: `after` replaces `before`; `before` None means that the row must not exist."""

    before: T | None
    after: T


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event as it is kept, with the hash of its content: an equal id with other content is a conflict."""

    event: Event
    content_hash: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """One transaction, all or nothing, at most MOST_ITEMS items.

    `head`: written on condition that the stored revision is `head.before.revision` (revision 0: must not exist).
    A notification is written on condition that its stored state, token and attempts are those of `before`; an obligation that its state and
    step are.
    """

    head: Swap[Head] | None = None
    parts: Mapping[str, Part] | None = None
    """By victim id."""
    notifications: tuple[Swap[Notification], ...] = ()
    removed_notifications: tuple[Notification, ...] = ()
    """Deleted on the same condition as a write."""
    obligations: tuple[Swap[Obligation], ...] = ()
    removed_obligations: tuple[Obligation, ...] = ()
    """Deleted on the same condition as a write."""
    agreements: tuple[Agreement, ...] = ()
    removed_agreements: tuple[tuple[str, str], ...] = ()
    """(reference, victim id): deleted where there is one."""
    marks: tuple[PointMark, ...] = ()
    closed_points: tuple[tuple[str, str], ...] = ()
    """(point, reason): closed after a permanent failure."""
    audit: tuple[AuditEntry, ...] = ()
    events: tuple[KeptEvent, ...] = ()
    """Written on condition that there is none with this id."""
    announced: tuple[Notification, ...] = ()
    """Rows of OUT, written without a condition: an announcement that stands already says the same."""
    unmoved: tuple[Head, ...] = ()
    """Heads of other decisions that must stand at the revision that they have here; they are not written."""

    @property
    def size(self) -> int:
        written = (self.parts or {}, self.notifications, self.obligations, self.agreements, self.marks, self.closed_points, self.audit)
        removed = (self.removed_notifications, self.removed_obligations, self.removed_agreements)
        return (self.head is not None) + sum(map(len, (*written, *removed, self.events, self.announced, self.unmoved)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read around one victim of an occurrence, by key. `points` as for `ContactPoints.known`, `officers` by collar number.

    `agreement_of` is the victim whose update agreement is wanted.
    """

    reference: str
    rows: Collection[str] = ()
    owed: Collection[str] = ()
    points: Mapping[str, str | None] = field(default_factory=dict)
    officers: Collection[str] = ()
    agreement_of: str | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What was read: absent rows and obligations are absent, an officer who is not in the directory is None."""

    rows: dict[str, Notification]
    owed: dict[str, Obligation]
    known: KnownElsewhere
    officers: dict[str, DirectoryOfficer | None]
    agreement: Agreement | None = None


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, UTC, whole seconds."""


class Calendar(Protocol):
    def bank_holidays(self) -> frozenset[date]:
        """Bank holidays of England and Wales that the shipped data knows."""


class Cases(Protocol):
    """Occurrences with their obligations, agreements and outbox rows."""

    def load(self, reference: str) -> Case:
        """Head, parts and events, consistent; an unknown reference is a head with revision 0 and no parts."""

    def head(self, reference: str) -> Head:
        """The head alone, consistent."""

    def notifications(self, ids: Collection[str]) -> dict[str, Notification]:
        """Outbox rows by id, consistent; absent ids are absent."""

    def obligations(self, reference: str, ids: Collection[str]) -> dict[str, Obligation]:
        """Obligations by id, consistent."""

    def around(self, wanted: Wanted) -> Around:
        """In one call what `notifications`, `obligations`, `ContactPoints.known` (excluding the reference) and `Officers.get` would say."""

    def commit(self, changes: Changes) -> None:
        """Write all or nothing. Contended where a condition fails; StoreUnavailable where it is not known.

        After an ambiguous answer the same call may be repeated: it recognises its own write.
        """

    def claim(self, swap: Swap[Notification]) -> bool:
        """Take an outbox row: one conditional update. False where somebody else holds it. True again for one's own token."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of outbox rows whose `open_at` is at or before `now`, oldest first, from the sparse index (eventually consistent).

        Without those that wait for a pause to be lifted."""

    def paused(self, name: str, limit: int) -> list[Notification]:
        """Outbox rows that wait for the pause of this name, in the order in which they were due (eventually consistent)."""

    def made_on(self, day: date) -> list[Notification]:
        """Outbox rows made on a day (UTC), in no order (eventually consistent)."""

    def unknown_until(self, until: datetime) -> int:
        """How many outbox rows in `unknown` want attention by `until`, from the sparse index (eventually consistent)."""

    def owed_due(self, now: datetime, limit: int) -> list[Obligation]:
        """Obligations whose `next_at` is at or before `now`, oldest first, from the sparse index (eventually consistent)."""

    def owed_by(self, officer: str, until: datetime) -> list[Obligation]:
        """Unmet obligations of an officer in the case that are due by `until`, from the sparse index (eventually consistent)."""

    def owed_at(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Obligation]:
        """Obligations by (reference, obligation id), consistent; absent ones are absent."""

    def owed_in(self, month: str) -> Iterable[Obligation]:
        """Obligations whose clock started in a month (`YYYY-MM`, UTC), for figures (eventually consistent)."""

    def event(self, reference: str, event_id: str) -> KeptEvent | None:
        """One event, consistent."""

    def outbox_of(self, reference: str) -> list[Notification]:
        """All outbox rows of an occurrence, oldest first (eventually consistent); for people, not for decisions."""

    def obligations_of(self, reference: str) -> list[Obligation]:
        """All obligations of an occurrence (consistent query by key)."""

    def agreements_of(self, reference: str) -> list[Agreement]: ...

    def audit_of(self, reference: str) -> list[AuditEntry]: ...

    def audited(self, since: datetime, until: datetime) -> list[AuditEntry]:
        """The log of every occurrence from one instant to before another, in order of time (eventually consistent)."""


class ContactPoints(Protocol):
    """What is known of a person or address over all occurrences, by keyed hash."""

    def key(self, kind: str, value: str) -> str:
        """The keyed hash (HMAC-SHA256) of a person_ref, e-mail (any case) or mobile (E.164): `kind` is "person", "email" or "mobile".

        And of what a page keeps no other trace of: "source", "reference", "message".
        """

    def known(self, points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
        """What occurrences other than `excluding` say of `points` (key -> the normalised address it stands for).

        None for a person_ref, "" for a key whose address is not known any more.
        """

    def cases_of(self, points: Collection[str]) -> set[str]:
        """References of every occurrence that named one of these points."""

    def closed(self, points: Collection[str]) -> dict[str, str]:
        """Those of the points that are closed, and why (the provider's code)."""

    def reopen(self, point: str) -> None:
        """The point is not closed any more; nothing where it was not."""

    def take_day(self, point: str, day: date, holder: str, *, whatever: bool = False) -> bool:
        """Whether the message `holder` is the one that this point gets on `day`: one conditional update, True again for the same holder.

        `whatever`: it goes even if another has the day, which is `holder`'s from then on.
        """


class Archive(Protocol):
    """Accepted versions as canonical contract JSON."""

    def put(self, reference: str, version: int, content_hash: str, canonical: str) -> None:
        """Idempotent."""

    def load(self, reference: str, version: int, content_hash: str) -> Occurrence: ...

    def records_of(self, reference: str) -> Iterable[tuple[datetime, str] | None]:
        """As `records`, of one occurrence; None in place of a version that cannot be read. StoreUnavailable where none can be listed."""

    def records(self) -> Iterable[tuple[datetime, str]]:
        """(when it was first put, canonical JSON) of everything kept; for the leak check."""


class Queues(Protocol):
    def dispatch(self, notification_ids: Sequence[str]) -> None:
        """Hint that these rows may be due. Losing a hint loses nothing. Never raises."""

    def together(self) -> AbstractContextManager[None]:
        """Within it hints are kept and leave at its end, each once: one invocation, one call. Not for use within itself."""

    def alarm(self, quarantine_id: str) -> None:
        """The id alone, for the alarm."""

    def replay(self, body: bytes) -> None:
        """Put a record back on the records queue."""


class Officers(Protocol):
    def get(self, collar_number: str) -> DirectoryOfficer | None:
        """Of an absence, the latest word: the records system's, or what was said here."""

    def say(self, collar_number: str, absence: Absence) -> bool:
        """What a signed-in person says of an absence stands until the next, or until the records system says something new of it;
        False where the directory does not know the officer."""

    def put(self, officer: DirectoryOfficer, content_hash: str) -> str:
        """Keep the highest version. "recorded", "stale" (older, or the same again) or "conflict" (equal version with other content)."""
