"""The independent leak check on a schedule: over what left in the last day, and an incident for a person within the hour of what it finds.

The check itself decides (domain/leaks.py); this gives it what it reads. No message and no address is kept, so what it judges is who was
told, about whom, by which channel, when, and for a victim's e-mail or text by the keyed hash to which address; never the words. Must not
stop or change a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.delivery import Audience, Notification, fact_id
from chalicelib.domain.leak_kinds import Leak
from chalicelib.domain.leak_knowledge import email_point, mobile_point
from chalicelib.domain.leak_values import items, mapping
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.operations import asking_mail, met_by, owed_by_operations
from chalicelib.domain.situation import Standing
from chalicelib.services.leak_check import LeakCheck
from chalicelib.services.leak_reading import Batch, LeakReading
from chalicelib.services.ports import Archive, AuditEntry, Cases, Changes, ContactPoints, Queues, Swap

LOOKS_BACK = timedelta(hours=25)
"""Every message is judged by every run of a day, so that a run that failed, or an index that was late, is made good."""
_READERS = {Audience.VICTIM, Audience.SERVICE, Audience.PUBLIC}
"""Whom a leak would reach. What goes to people inside the force goes to the role or the officer that dispatch reads anew."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How many messages were judged, what was found, and how much of that is new.

    `unread` names an occurrence for each version of it that cannot be read: messages about it were judged by the rest. `left_out`: how many
    other records of people with very many were not looked at.
    """

    checked: int
    leaks: tuple[Leak, ...]
    new: int
    unread: tuple[str, ...] = ()
    left_out: int = 0


class WatchLeaks:
    """The use case behind the schedule, and behind `make ops leak-settle`."""

    def __init__(self, cases: Cases, points: ContactPoints, archive: Archive, queues: Queues, check: LeakCheck, standing: Standing) -> None:
        self._cases = cases
        self._points = points
        self._reading = LeakReading(cases, points, archive)
        self._queues = queues
        self._check = check
        self._standing = standing

    def run(self, now: datetime) -> Watched:
        """Judge what left since yesterday. Contended or StoreUnavailable: the next run does it all."""
        return self._watched(now, lambda found: sum(self._incident(leak, now) for leak in _by_message(found)))

    def look(self, now: datetime) -> Watched:
        """The same judgement for a person, of which nothing follows: no incident, no task, no message."""
        return self._watched(now, lambda _: 0)

    def _watched(self, now: datetime, follow: Callable[[list[Leak]], int]) -> Watched:
        done = Watched(0, (), 0)
        for batch in self._reading.batches(self._left(now)):
            found = self._judged(batch, now)
            done = Watched(
                done.checked + len(batch.rows),
                (*done.leaks, *found),
                done.new + follow(found),
                (*done.unread, *batch.unread),
                done.left_out + batch.left_out,
            )
        return done

    def _judged(self, batch: Batch, now: datetime) -> list[Leak]:
        addresses = self._addresses(batch.records)
        return self._check.judge(batch.records, [self._entry(row, addresses, batch.records, now) for row in batch.rows])

    def settle(self, reference: str, by: str, reason: str, now: datetime) -> int:
        """A named person has seen to the incidents of an occurrence; how many."""
        met = met_by((row for row in self._cases.obligations_of(reference) if row.kind is Kind.LEAK), by, now)
        entry_id = fact_id(reference, "leak_settled", by, reason, now.isoformat())
        audit = AuditEntry(reference, entry_id, now, "leak_settled", actor=by, detail=reason)
        announced = tuple(of_obligations(met, now))
        if met:
            swaps = tuple(Swap(before, after) for before, after in met)
            self._cases.commit(Changes(obligations=swaps, announced=announced, audit=(audit,)))
            self._queues.dispatch([row.notification_id for row in announced])
        return len(met)

    def _left(self, now: datetime) -> list[Notification]:
        """What was disclosed by the log, and what was made in these days and may have left without anybody hearing of it."""
        since = now - LOOKS_BACK
        told = {line.notification_id for line in self._cases.audited(since, now + timedelta(seconds=1)) if line.op == "disclosed"}
        days = ((since + timedelta(days=back)).date() for back in range((now.date() - since.date()).days + 1))
        made = {row.notification_id for day in days for row in self._cases.made_on(day) if row.may_be_out}
        rows = self._cases.notifications({key for key in (*told, *made) if key}).values()
        return sorted((row for row in rows if row.audience in _READERS and row.may_be_out), key=lambda row: row.notification_id)

    def _addresses(self, records: list[dict[str, Any]]) -> dict[str, str]:
        """Every e-mail address and number that these records name, by its keyed hash."""
        given = {pair for content in records for pair in _given(content["record"])}
        return {self._points.key(kind, value): value for kind, value in given}

    def _entry(self, row: Notification, addresses: Mapping[str, str], records: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
        """As /local/outbox.json has it, without what is not kept."""
        return {
            "notification_id": row.notification_id,
            "reference": row.reference,
            "victim_id": row.victim_id,
            "audience": str(row.audience),
            "channel": str(row.channel),
            "to": self._to(row, addresses, records, now),
            "accepted_at": (row.sent_at or now).isoformat(),
            "message": str(row.template),
            "language": row.language,
            "subject": None,
            "text": "",
            "html": None,
            "attachments": [],
        }

    def _to(self, row: Notification, addresses: Mapping[str, str], records: list[dict[str, Any]], now: datetime) -> str:
        """Where it went: by its hash. The service has one address, and of a letter's none is kept: both are taken as they should be."""
        if row.audience is Audience.SERVICE:
            return self._standing.profile.victim_service.email or ""
        if row.channel is Channel.LETTER:
            return _posted_to(row, records, row.sent_at or now)
        return addresses.get(row.point or "", "an address that no record names")

    def _incident(self, leak: Leak, now: datetime) -> bool:
        """Operations owe a look within the hour, and the duty contact is told at once. False where that stands already."""
        owed = self._owed(leak, now)
        if self._cases.obligations(leak.reference, [owed.obligation_id]):
            return False
        asked = ((Audience.OPERATIONS, Unit.OPERATIONS), (Audience.UNIT, Unit.DUTY_CONTACT))
        mails = [asking_mail(owed, now, unit, audience=audience, unit=unit) for audience, unit in asked]
        announced = tuple(of_obligations([(None, owed)], now))
        entry_id = fact_id(owed.obligation_id, "leak_found")
        audit = AuditEntry(
            leak.reference, entry_id, now, "leak_found", victim_id=leak.victim_id, notification_id=leak.notification_id, detail=leak.what
        )
        swaps = tuple(Swap(None, row) for row in mails)
        self._cases.commit(Changes(notifications=swaps, obligations=(Swap(None, owed),), announced=announced, audit=(audit,)))
        self._queues.dispatch([*(row.notification_id for row in mails), *(row.notification_id for row in announced)])
        return True

    def _owed(self, leak: Leak, now: datetime) -> Obligation:
        name = fact_id(leak.reference, Kind.LEAK, leak.notification_id)
        owed = owed_by_operations(leak.reference, name, Kind.LEAK, Purpose.LEAK_FOUND, "LEAK-1H", leak.notification_id, now, self._standing)
        return replace(owed, urgent=True)


def _by_message(leaks: Iterable[Leak]) -> list[Leak]:
    """One incident for a message, whatever is wrong with it."""
    first: dict[tuple[str, str], Leak] = {}
    for leak in leaks:
        first.setdefault((leak.reference, leak.notification_id), leak)
    return list(first.values())


def _posted_to(row: Notification, records: list[dict[str, Any]], at: datetime) -> str:
    """The address that the newest version known by then gives for whoever receives for the victim."""
    known = [mapping(one["record"].get("occurrence")) for one in records if datetime.fromisoformat(one["received_at"]) <= at]
    of_case = sorted((one for one in known if one.get("reference") == row.reference), key=lambda one: int(one.get("version") or 0))
    for victim in items(of_case[-1].get("victims")) if of_case else ():
        if victim.get("id") == row.victim_id:
            receiver = mapping(victim.get("representative")) or mapping(victim)
            return ", ".join(str(line) for line in items(receiver.get("address")))
    return ""


def _given(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The contact points of everybody who receives by a record, as they are hashed."""
    for victim in items(mapping(record.get("occurrence")).get("victims")):
        for person in (mapping(victim), mapping(mapping(victim).get("representative"))):
            if email := email_point(person.get("email")):
                yield "email", email
            for number in (person.get("mobile"), person.get("landline")):
                if digits := mobile_point(number):
                    yield "mobile", f"+{digits}"
