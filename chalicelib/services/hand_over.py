"""An officer is away or has left: what is due is handed over at once, and an announced absence is prepared for on the last duty day.

Must not render or send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from chalicelib.domain.deadlines import end_of, local_day
from chalicelib.domain.delivery import WAITING, Audience, Notification, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, DirectoryOfficer, Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.reminders import Recipient, away_on, last_duty_day, morning, responsible, urgency_on
from chalicelib.domain.situation import Standing
from chalicelib.services.digest_rows import Line, Reader, digest_id, new_digest, reader_of
from chalicelib.services.ports import Cases, Changes, Officers, Swap

BEFORE_THE_MORNING = timedelta(minutes=15)
"""The digest of somebody's last duty day is begun before the others are made, so that it is one."""
LONGEST_AHEAD = timedelta(days=31)
"""How far into an absence without an end the last digest before it looks."""


class HandOver:
    """The use case behind rows of HANDOVER."""

    def __init__(self, cases: Cases, officers: Officers, standing: Standing) -> None:
        self._cases = cases
        self._officers = officers
        self._standing = standing

    def hand_over(self, collar: str, now: datetime) -> list[str]:
        """An officer is away or has left: whoever stands in gets at once what is due or late, unless they had it, or will this morning.

        An absence that is announced for later: see `_before_absence`.
        """
        listed, day = cache(self._officers.get), local_day(now)
        entry = listed(collar)
        if entry is None:
            return []
        if not away_on(entry, day):
            return self._before_absence(entry, day, now)
        if now < morning(day, self._standing.profile.reminders):
            return []
        lead = self._standing.profile.reminders.lead_days
        lines: dict[Reader, list[Line]] = {}
        for row in self._theirs(collar, day, end_of(day + timedelta(days=lead))):
            instead = reader_of(responsible(row, day, listed))
            if row.unit in (None, Unit.OFFICER) and instead.collar_number != collar and urgency_on(row, day, lead):
                lines.setdefault(instead, []).append((row.reference, row.obligation_id))
        had = self._cases.notifications([digest_id(reader, day) for reader in lines]) if lines else {}
        known = {reader: had[name].lines if (name := digest_id(reader, day)) in had else () for reader in lines}
        fresh = {reader: [line for line in found if line not in known[reader]] for reader, found in lines.items()}
        named = {reader: (fact_id("handover", collar, reader.name, day.isoformat()), found) for reader, found in fresh.items() if found}
        return self._add(named, now, now)

    def _theirs(self, collar: str, day: date, until: datetime) -> list[Obligation]:
        """What the officer owes, and what they were reminded of today in somebody's place."""
        reader = reader_of(Recipient(Unit.OFFICER, collar))
        today = self._cases.notifications([digest_id(reader, day)]).get(digest_id(reader, day))
        lines = {(row.reference, row.obligation_id) for row in self._cases.owed_by(collar, until)} | set(today.lines if today else ())
        return [row for row in self._cases.owed_at(lines).values() if row.unmet] if lines else []

    def _before_absence(self, entry: DirectoryOfficer, day: date, now: datetime) -> list[str]:
        """On the last duty day before an absence the officer's digest also holds what falls due during it."""
        if last_duty_day(entry) != day:
            return []
        until = end_of(entry.absent_until or day + LONGEST_AHEAD)
        owed = [row for row in self._owed_by(entry.collar_number, until) if row.unit in (None, Unit.OFFICER)]
        lines = [(row.reference, row.obligation_id) for row in owed if row.unmet and not row.automatic]
        reader = reader_of(Recipient(Unit.OFFICER, entry.collar_number))
        at = max(now, morning(day, self._standing.profile.reminders))
        return self._add({reader: (digest_id(reader, day), lines)} if lines else {}, at, now)

    def _owed_by(self, collar: str, until: datetime) -> list[Obligation]:
        found = self._cases.owed_by(collar, until)
        return list(self._cases.owed_at({(row.reference, row.obligation_id) for row in found}).values()) if found else []

    def _add(self, digests: dict[Reader, tuple[str, list[Line]]], at: datetime, now: datetime) -> list[str]:
        """Write digests of their own; one of today that has left already stays as it was."""
        stored = self._cases.notifications([name for name, _ in digests.values()]) if digests else {}
        swaps = []
        for reader, (name, lines) in digests.items():
            before = stored.get(name)
            row = before or replace(new_digest(reader, name, now), not_before=at, open_at=at)
            if row.state in WAITING:
                swaps.append(Swap(before, replace(row, lines=tuple(dict.fromkeys((*row.lines, *lines))))))
        self._cases.commit(Changes(notifications=tuple(swap for swap in swaps if swap.before != swap.after)))
        return [swap.after.notification_id for swap in swaps if at <= now]


def handover_row(officer: DirectoryOfficer, now: datetime, standing: Standing, *, said: str = "") -> Notification | None:
    """The outbox row that lets dispatch hand over for an officer: at once where they are away, else on their last duty day. Or None.

    `said` names what a signed-in person said, which no version of the entry does.
    """
    day = local_day(now)
    last = last_duty_day(officer)
    if away_on(officer, day):
        at = now
    elif last is not None and last >= day:
        at = max(now, morning(last, standing.profile.reminders) - BEFORE_THE_MORNING)
    else:
        return None
    return Notification(
        notification_id=fact_id("handover", officer.collar_number, str(officer.version), *([said] if said else [])),
        reference=f"digest#{officer.collar_number}",
        victim_id=None,
        template=Template.HANDOVER,
        audience=Audience.OPERATIONS,
        channel=Channel.EMAIL,
        not_before=at,
        created_at=now,
        open_at=at,
        reader=officer.collar_number,
    )
