"""A signed-in person says that an officer is sick or away, or back: what is due is handed over at once, as for an absence in the records.

Why somebody is away is not asked. Must not touch an occurrence or an entry's version: the records system's own next version must still fit.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from chalicelib.domain.absence import Absence, AbsenceForm, Faults, Wrong, day_faults
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.desk import may_give_away
from chalicelib.domain.model import DirectoryOfficer
from chalicelib.domain.reminders import Listed, away_on
from chalicelib.domain.sign_in import Person
from chalicelib.domain.situation import Standing
from chalicelib.services.hand_over import handover_row
from chalicelib.services.ports import AuditEntry, Cases, Changes, Officers, Queues
from chalicelib.services.record_officer import DIRECTORY


class MarkAbsence:
    """The use case. What it returns are faults by field; none: it was done."""

    def __init__(self, officers: Officers, cases: Cases, queues: Queues, standing: Standing) -> None:
        self._officers = officers
        self._cases = cases
        self._queues = queues
        self._standing = standing

    def listed(self, collar_number: str) -> DirectoryOfficer | None:
        """What the directory says of somebody now."""
        return self._officers.get(collar_number)

    def away(self, form: AbsenceForm, by: Person, now: datetime) -> Faults:
        """An officer is away, for themselves or by their supervisor's word."""
        listed, day = cache(self._officers.get), local_day(now)
        faults: Faults = self._whose(form.officer, by, day, listed)
        faults |= dict(day_faults(form.absent_from, form.absent_until, day))
        if form.cover and (why := _wrong_cover(form, listed, day)):
            faults["cover"] = why
        faults |= dict.fromkeys(form.unreadable, Wrong.UNREADABLE)
        if not faults:
            self._say(form.officer, Absence(now, by.collar_number, form.absent_from, form.absent_until, form.cover), now)
        return faults

    def back(self, officer: str, by: Person, now: datetime) -> Faults:
        """An officer is on duty, whatever was said before; an absence that was announced is off."""
        faults = self._whose(officer, by, local_day(now), cache(self._officers.get))
        if not faults:
            self._say(officer, Absence(now, by.collar_number, None), now)
        return faults

    def _whose(self, officer: str, by: Person, day: date, listed: Listed) -> Faults:
        """The same whether the officer is unknown or is somebody else's: a collar number is not looked up here."""
        allowed = listed(officer) is not None and may_give_away(by, officer, None, day, listed)
        return {} if allowed else {"officer": Wrong.UNKNOWN}

    def _say(self, officer: str, absence: Absence, now: datetime) -> None:
        """The row of the handing over comes after the word: a crash between them is mended by saying it again."""
        self._officers.say(officer, absence)
        said = fact_id(officer, absence.by, now.isoformat(), *map(str, (absence.absent_from, absence.absent_until, absence.cover)))
        entry = AuditEntry(DIRECTORY, said, now, "absence_told" if absence.absent_from else "duty_told", actor=absence.by, detail=officer)
        listed = self._officers.get(officer)
        row = handover_row(listed, now, self._standing, said=said) if listed else None
        self._cases.commit(Changes(audit=(entry,), announced=(row,) if row else ()))
        self._queues.dispatch([row.notification_id] if row and row.not_before <= now else [])


def _wrong_cover(form: AbsenceForm, listed: Listed, day: date) -> Wrong | None:
    if form.cover == form.officer:
        return Wrong.SELF
    entry = listed(form.cover or "")
    if entry is None:
        return Wrong.UNKNOWN
    return Wrong.AWAY if away_on(entry, max(day, form.absent_from or day)) else None
