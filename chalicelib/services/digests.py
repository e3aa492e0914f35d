"""Reminders: which digest each person and role gets today, and what it is about.

A digest row names obligations; what it says is read from them when it leaves, so that nobody is reminded of what was met since. Rules in
words: docs/obligations.md. Must not render or send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import WAITING, Audience, Notification, fact_id
from chalicelib.domain.errors import Contended
from chalicelib.domain.messages import Urgency
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.reminders import (
    Listed,
    Reminded,
    escalated_to,
    morning,
    next_morning,
    reminded_by,
    responsible,
    step_reached,
    urgency_on,
)
from chalicelib.domain.situation import Standing
from chalicelib.services.digest_rows import Line, Reader, digest_id, new_digest, reader_of, reader_of_row
from chalicelib.services.ports import Cases, Changes, Officers, Swap

MOST_AT_ONCE = 25
"""Obligations of one transaction: each may stand in the digests of its officer and of two ranks."""
MOST_LINES = 1_000
"""What one digest is about; the row of more would not be stored. The rest has to wait for tomorrow's, the longest due first."""


class Digests:
    """Makes digest rows, and says what a digest row is about."""

    def __init__(self, cases: Cases, officers: Officers, standing: Standing) -> None:
        self._cases = cases
        self._officers = officers
        self._standing = standing

    def remind(self, owed: Mapping[Line, Obligation], wanted_at: Mapping[Line, datetime], now: datetime) -> tuple[list[str], int]:
        """Put obligations that the sweep found due into today's digests, and set when each is looked at next.

        `wanted_at` is when each first wanted attention. The digests' ids, and how many obligations another writer had meanwhile: the next
        run sees to them. The ladder's step is written with the digest that takes it, so that each is taken once.
        """
        listed = self._directory()
        ready = sorted(owed.items(), key=lambda item: (item[1].officer or "", item[1].due_at, item[0]))
        ids: dict[str, None] = {}
        missed = 0
        for start in range(0, len(ready), MOST_AT_ONCE):
            chunk = dict(ready[start : start + MOST_AT_ONCE])
            try:
                ids.update(dict.fromkeys(self._remind(chunk, {key for key in chunk if self._awaited(wanted_at[key], now)}, now, listed)))
            except Contended:
                missed += len(chunk)
        return list(ids), missed

    def _remind(self, owed: dict[Line, Obligation], awaited: set[Line], now: datetime, listed: Listed) -> list[str]:
        profile, day = self._standing.profile, local_day(now)
        readers = {line: dict(self._readers(owed[line], now, listed)) for line in awaited}
        rows, again = self._rows({reader for found in readers.values() for reader in found}, day, now)
        digests = {reader: row for reader, row in rows.items() if row.after.state in WAITING}
        full = {reader for reader, row in digests.items() if len(row.after.lines) >= MOST_LINES}
        extra: dict[Reader, Swap[Notification]] = {}
        swaps = []
        for line, row in owed.items():
            found = readers.get(line, {})
            for reader in (found.keys() & digests.keys()) - full:
                digests[reader] = _with_line(digests[reader], line)
            for reader in found.keys() - digests.keys():
                if line not in rows[reader].after.lines and urgency_on(row, day, profile.reminders.lead_days) is Urgency.TODAY:
                    extra[reader] = _with_line(extra.get(reader) or again[reader], line)
            after = reminded_by(row, now, profile, self._standing.holidays)
            taken = line in awaited and all(reader in digests and reader not in full for reader, step in found.items() if step)
            swaps.append(Swap(row, after if taken else replace(after, step=row.step)))
        texts = self._texts(digests, list(owed.values()), day, now, listed)
        written = [swap for swap in (*digests.values(), *extra.values(), *texts) if swap.before != swap.after]
        self._cases.commit(Changes(notifications=tuple(written), obligations=tuple(swap for swap in swaps if swap.before != swap.after)))
        return [swap.after.notification_id for swap in written]

    def _awaited(self, wanted_at: datetime, now: datetime) -> bool:
        """Today's hour is over, and fell after the row first wanted attention: what only became late at midnight waits for the morning."""
        reminders = self._standing.profile.reminders
        return morning(local_day(now), reminders) <= now and next_morning(wanted_at - timedelta(seconds=1), reminders) <= now

    def _readers(self, owed: Obligation, now: datetime, listed: Listed) -> Iterator[tuple[Reader, bool]]:
        """Who hears of it this morning, and whether that is a step of the ladder."""
        profile, day = self._standing.profile, local_day(now)
        if urgency_on(owed, day, profile.reminders.lead_days):
            yield reader_of(responsible(owed, day, listed)), False
        reached = step_reached(owed, now, profile.ladder, self._standing.holidays, profile.reminders)
        for rank in profile.ladder[owed.step : reached]:
            yield reader_of(escalated_to(owed, rank, day, listed)), True

    def _rows(
        self, keys: set[Reader], day: date, now: datetime
    ) -> tuple[dict[Reader, Swap[Notification]], dict[Reader, Swap[Notification]]]:
        """Today's digest of each reader, also where it has left already; and the one that tells at once what came to them since."""
        ids = {key: digest_id(key, day) for key in sorted(keys, key=lambda key: (key.unit.value, key.name))}
        at_once = {key: fact_id(name, "at once", now.isoformat()) for key, name in ids.items()}
        stored = self._cases.notifications([*ids.values(), *at_once.values()]) if ids else {}

        def row(key: Reader, name: str) -> Swap[Notification]:
            return Swap(stored.get(name), stored.get(name) or new_digest(key, name, now))

        return {key: row(key, name) for key, name in ids.items()}, {key: row(key, name) for key, name in at_once.items()}

    def _texts(
        self, open_ones: dict[Reader, Swap[Notification]], owed: list[Obligation], day: date, now: datetime, listed: Listed
    ) -> list[Swap[Notification]]:
        """On the day something is due, a text to the officer themselves, where the directory has a mobile."""
        lead = self._standing.profile.reminders.lead_days
        today = {(row.reference, row.obligation_id) for row in owed if urgency_on(row, day, lead) is Urgency.TODAY}
        texts = []
        for reader, digest in open_ones.items():
            lines = tuple(line for line in digest.after.lines if line in today)
            entry = listed(reader.collar_number) if reader.collar_number and lines else None
            if entry is not None and entry.mobile:
                name = fact_id(digest_id(reader, day), Channel.SMS)
                before = self._cases.notifications([name]).get(name)
                after = before or replace(new_digest(reader, name, now), channel=Channel.SMS)
                if after.state in WAITING:
                    texts.append(Swap(before, replace(after, lines=tuple(dict.fromkeys((*after.lines, *lines))))))
        return texts

    def fallback(self, row: Notification, now: datetime) -> list[str]:
        """A digest that its reader's mailbox refused goes to their role, then to operations. The id of the next, if there is one."""
        if row.audience is Audience.OPERATIONS:
            return []
        to = Audience.OPERATIONS if row.audience is Audience.UNIT else Audience.UNIT
        after = replace(new_digest(reader_of_row(row), fact_id(row.notification_id, "fallback"), now), audience=to, lines=row.lines)
        if not self._cases.notifications([after.notification_id]):
            self._cases.commit(Changes(notifications=(Swap(None, after),)))
        return [after.notification_id]

    def about(self, row: Notification, now: datetime) -> list[Reminded]:
        """What a digest row is about, as it stands now, the most urgent first: what was met, moved or given to somebody else is gone."""
        listed, day = self._directory(), local_day(now)
        owed = self._cases.owed_at(set(row.lines)) if row.lines else {}
        found = [line for item in owed.values() if (line := self._line(item, reader_of_row(row), day, listed))]
        return sorted(found, key=lambda line: (line.owed.due_at, line.owed.reference, line.owed.obligation_id))

    def _line(self, owed: Obligation, reader: Reader, day: date, listed: Listed) -> Reminded | None:
        profile = self._standing.profile
        if not owed.unmet:
            return None
        urgency = urgency_on(owed, day, profile.reminders.lead_days)
        mine = responsible(owed, day, listed)
        ahead = urgency is None and not owed.automatic and (owed.tried_at is None or local_day(owed.tried_at) != day)
        if reader_of(mine) == reader and (urgency or ahead):
            return Reminded(owed, urgency or Urgency.SOON, mine.because)
        taken = [escalated_to(owed, rank, day, listed) for rank in profile.ladder[: owed.step]]
        heard = [recipient for recipient in taken if reader_of(recipient) == reader]
        whose = f" Officer in the case: {owed.officer}." if owed.officer else ""
        return Reminded(owed, Urgency.LATE, f"{heard[-1].because}{whose}", once=True) if heard else None

    def _directory(self) -> Listed:
        """The directory, each entry read once."""
        return cache(self._officers.get)


def _with_line(row: Swap[Notification], line: Line) -> Swap[Notification]:
    return row if line in row.after.lines else Swap(row.before, replace(row.after, lines=(*row.after.lines, line)))
