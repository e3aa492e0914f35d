"""A signed-in person's view of one case: whose it is, what people wrote to its officer, and giving a message to another officer.

Who may is asked before anything is read or logged; whoever may not learns nothing, not even whether the case exists. Must not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from chalicelib.domain.absence import Faults, Wrong
from chalicelib.domain.case import Case
from chalicelib.domain.contact_pairs import careful
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.desk import has, in_charge
from chalicelib.domain.hand_overs import named_officer
from chalicelib.domain.model import DirectoryOfficer, Unit
from chalicelib.domain.reminders import Listed, away_on
from chalicelib.domain.sign_in import Person
from chalicelib.services.consultations import Look, consultation
from chalicelib.services.contact_desk import ContactDesk, Written
from chalicelib.services.hand_over_case import may_hand_over
from chalicelib.services.ports import Cases, Officers


@dataclass(frozen=True, slots=True)
class DeskCase:
    """What is shown. `officer`: who deals with the case, where the directory knows them; `may_hand_over`: this person may give it away."""

    reference: str
    collar_number: str | None
    officer: DirectoryOfficer | None
    may_hand_over: bool
    messages: tuple[Written, ...]


class OfficerDesk:
    """The use cases of looking and allocating."""

    def __init__(self, cases: Cases, officers: Officers, desk: ContactDesk) -> None:
        self._cases = cases
        self._officers = officers
        self._desk = desk

    def case(self, reference: str, person: Person, now: datetime, *, again: bool = False) -> DeskCase | None:
        """None where nothing here is this person's to see. What is shown is a consultation, and is in the log before it is shown;
        `again` as in `ContactDesk.read`."""
        listed, day = cache(self._officers.get), local_day(now)
        case = self._cases.load(reference)
        readable = self._readable(case, person, day, listed)
        if readable is not None and not readable:
            return None
        looked = consultation(reference, Look(person.collar_number), "desk_case", now)
        found = self._desk.read(reference, person.collar_number, now, beside=(looked,), again=again)
        collar = named_officer(case.head.facts) if case.head.facts else None
        return DeskCase(
            reference=reference,
            collar_number=collar,
            officer=listed(collar) if collar else None,
            may_hand_over=may_hand_over(case, person, day, listed),
            messages=tuple(one for one in found if readable is None or one.message.message_id in readable),
        )

    def allocate(self, reference: str, message_id: str, to: str, person: Person, now: datetime) -> Faults:
        """Give a message to another officer. Faults by field; none: it was done, or they have it already."""
        listed, day = cache(self._officers.get), local_day(now)
        readable = self._readable(self._cases.load(reference), person, day, listed)
        if readable is not None and message_id not in readable:
            return {"reference": Wrong.UNKNOWN}
        entry = listed(to) if to else None
        if entry is None:
            return {"to": Wrong.UNKNOWN if to else Wrong.MISSING}
        if away_on(entry, day):
            return {"to": Wrong.AWAY}
        done = self._desk.allocate(reference, message_id, to, person.collar_number, now)
        return {} if done else {"to": Wrong.HAS_IT}

    def deals_with(self, reference: str, reader: str, now: datetime) -> bool:
        """Whether a case is still with the reader of a link to it: a role always; a person who serves and has it in charge, or part of it.

        A link in a reminder outlives the day on which the case went to somebody else.
        """
        if reader in set(Unit):
            return True
        listed = cache(self._officers.get)
        entry = listed(reader)
        if entry is not None and not entry.active:
            return False
        readable = self._readable(self._cases.load(reference), Person(reader), local_day(now), listed)
        return readable is None or bool(readable)

    def _readable(self, case: Case, person: Person, day: date, listed: Listed) -> frozenset[str] | None:
        """The messages that are this person's to read, by id; None: all, as whoever has the case in charge."""
        facts = case.head.facts
        if facts is not None:
            recorded = facts.supervisor.collar_number if facts.supervisor else None
            if in_charge(person, named_officer(facts), recorded, day, listed):
                return None
        if careful(case) and Unit.VICTIM_CARE_UNIT in person.roles:
            return None
        owed = self._desk.owed(case)
        return frozenset(message.event_id for message, rows in owed if any(has(person, row, day, listed) for row in rows))
