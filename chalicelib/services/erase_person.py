"""A named person has the content of one victim of one occurrence erased: names, addresses, letters, archived versions, what they wrote.

Counts, states, deadlines and the log stay, and the log gets the erasure without what was erased. What the law still asks for, and what
keeps others safe (keyed hashes of contact points), stays too. Must not judge the request: who asks has that authority.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.contact_pairs import messages, writer
from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.erasure import (
    Worded,
    erased,
    erased_head,
    erased_record,
    is_alone,
    is_erased,
    letters,
    why_live,
    without_words,
    worded,
)
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.services.decide import TRIES
from chalicelib.services.operation_ports import PersonalContent
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import AuditEntry, Cases, Changes, Swap
from chalicelib.services.quarantine_ports import Quarantine


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure would do. `live`: why the case still needs the content; `others`: messages of the page that may be others'."""

    reference: str
    victim_id: str
    part: bool
    archived: tuple[str, ...]
    letters: tuple[str, ...]
    messages: tuple[str, ...]
    events: tuple[str, ...]
    quarantined: tuple[str, ...]
    others: int
    live: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not (self.part or self.archived or self.letters or self.messages or self.events or self.quarantined)


class ErasePerson:
    """The use case behind `make ops erase`."""

    def __init__(self, cases: Cases, content: PersonalContent, written: ContactMessages, quarantine: Quarantine) -> None:
        self._cases = cases
        self._content = content
        self._written = written
        self._quarantine = quarantine

    def would(self, reference: str, victim_id: str) -> Erasure | None:
        """What `erase` would do now; None where there is no such victim."""
        case = self._cases.load(reference)
        part = case.parts.get(victim_id)
        if part is None:
            return None
        rows = list(self._cases.notifications(part.rows).values())
        owed = list(self._cases.obligations(reference, part.owed).values())
        theirs, others = self._messages(case, victim_id)
        return Erasure(
            reference=reference,
            victim_id=victim_id,
            part=not is_erased(part),
            archived=tuple(key for key, text in self._content.archived(reference) if erased_record(text, victim_id)),
            letters=tuple(self._letters(case, victim_id, rows)),
            messages=tuple(theirs),
            events=tuple(event.event_id for event in worded(case, victim_id)),
            quarantined=tuple(row.quarantine_id for row in self._quarantine.rows() if row.reference == reference and row.state != "erased"),
            others=others,
            live=tuple(why_live(case, rows, owed)),
        )

    def erase(self, wanted: Erasure, by: str, reason: str, now: datetime) -> None:
        """Do it. The log line and the case come first, so that nothing leaves any more: dispatch asks the policy.

        Whatever dies later is done by doing it again.
        """
        reference, victim_id = wanted.reference, wanted.victim_id
        self._part(wanted, by, reason, now)
        for key, text in self._content.archived(reference):
            if (left := erased_record(text, victim_id)) is not None:
                self._content.rewrite(key, left)
        self._content.letters(wanted.letters)
        self._content.messages(wanted.messages)
        self._events(reference, victim_id)
        self._content.quarantined(wanted.quarantined)
        for key in wanted.quarantined:
            self._quarantine.set_state(key, "erased")

    def _part(self, wanted: Erasure, by: str, reason: str, now: datetime) -> None:
        counts = (("versions", wanted.archived), ("letters", wanted.letters), ("messages", wanted.messages), ("events", wanted.events))
        said = ", ".join(f"{len(keys)} {name}" for name, keys in (*counts, ("quarantined", wanted.quarantined)))
        detail = f"{said}; {reason}"
        entry_id = fact_id(wanted.reference, wanted.victim_id, "erased", by, detail, now.isoformat())
        entry = AuditEntry(wanted.reference, entry_id, now, "erased", victim_id=wanted.victim_id, actor=by, detail=detail)
        for _ in range(TRIES):
            case = self._cases.load(wanted.reference)
            part = case.parts[wanted.victim_id]
            if case.head.marker is not None:
                raise RetryLater("version in progress")
            head = erased_head(case.head, wanted.victim_id, alone=is_alone(case, wanted.victim_id))
            try:
                self._cases.commit(Changes(head=Swap(case.head, head), parts={wanted.victim_id: erased(part)}, audit=(entry,)))
            except Contended:
                continue
            return
        raise Contended("erase")

    def _events(self, reference: str, victim_id: str) -> None:
        event: Worded
        for event in worded(self._cases.load(reference), victim_id):
            kept = self._cases.event(reference, event.event_id)
            if kept is not None:
                self._content.event(replace(kept, event=without_words(event)))

    def _letters(self, case: Case, victim_id: str, rows: list[Notification]) -> list[str]:
        """Of what the part remembers, and of what only the outbox does."""
        of_case = [row for row in self._cases.outbox_of(case.head.reference) if row.victim_id == victim_id]
        return self._content.kept_letters(sorted({*letters(rows), *letters(of_case)}))

    def _messages(self, case: Case, victim_id: str) -> tuple[list[str], int]:
        """What came through the page and is this victim's as far as can be told, and how many others name the reference."""
        occurrence = case.occurrence
        theirs = {one.event_id for one in messages(case) if occurrence and writer(one, occurrence) == victim_id}
        found = [one.message_id for one in self._written.of(case.head.reference)]
        return [key for key in found if key in theirs], len([key for key in found if key not in theirs])
