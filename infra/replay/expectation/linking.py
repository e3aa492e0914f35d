"""Several crimes of one victim make one message (docs/adr/0013-linked-crimes.md): which rows leave together, and how long one waits.

Must not send or change a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.replay.expectation.cases import Case, Cases
from infra.replay.expectation.reaching import allowed_from
from infra.replay.expectation.rows import ACCEPTED, WAITING, Key, Part, Row
from infra.replay.expectation.texts import email, landline, mobile
from infra.replay.expectation.wants import Wishes

_MOST_OFFENCES, _MOST_LINKED, _LONGEST = 5, 10, timedelta(hours=24)
_OF_THE_CRIME = {"id", "relationship_to_suspect", "written_acknowledgement", "update_agreement", "support_consent"}


@dataclass(slots=True)
class Leaving:
    """One row on its way, with the wishes that still want it."""

    case: Case
    victim_id: str
    key: Key
    wishes: Wishes

    @property
    def part(self) -> Part:
        return self.case.parts[self.victim_id]

    @property
    def row(self) -> Row:
        return self.part.rows[self.key]


def may_leave(item: Leaving, now: datetime) -> bool:
    """Still wanted, the window over, the notice given, the hour allowed, nothing suspended."""
    wanted = item.wishes.rows.get(item.key)
    if wanted is None or item.case.suspended or (wanted.not_before is not None and wanted.not_before > now):
        return False
    given = not wanted.waits_for or any(item.part.rows[key].state in ACCEPTED for key in wanted.waits_for if key in item.part.rows)
    return given and allowed_from(item.part.victim, now) <= now


def companions(cases: Cases, item: Leaving, now: datetime) -> tuple[list[Leaving], datetime | None]:
    """Rows of linked crimes that this message tells of too; and until when it waits for one that is still in its window."""
    if item.row.template == "event":  # news of one case says nothing of another
        return [], None
    found = list(_fitting(item, [other for case in _linked(cases, item) for other in _alike(cases, item, case, now)]))
    later = [opens for other in found if (opens := _opens_later(item, other, now))]
    return [other for other in found if may_leave(other, now)], max(later, default=None)


def _linked(cases: Cases, item: Leaving) -> list[Case]:
    reference = item.case.reference
    links = [name for name in item.case.record.get("linked_references") or () if name != reference][:_MOST_LINKED]
    naming = sorted(cases.with_person(item.part.victim) - {reference, *links}, reverse=True)[:_MOST_LINKED]
    back = [name for name in naming if reference in (cases.all[name].record.get("linked_references") or ())]
    return [cases.all[name] for name in (*links, *back) if name in cases.all]


def _alike(cases: Cases, item: Leaving, case: Case, now: datetime) -> Iterator[Leaving]:
    """The same person's row there that goes the very same way, for the same reader."""
    person = item.part.victim.get("person_ref")
    same = [key for key, part in sorted(case.parts.items()) if part.victim.get("person_ref") == person and not part.removed]
    if not person or not same or item.key not in case.parts[same[0]].rows:
        return
    other = Leaving(case, same[0], item.key, cases.wishes(case, same[0], now))
    if other.row.state in WAITING and other.wishes.verdict.route == "victim_services" and _reader(item) == _reader(other):
        yield other


def _fitting(item: Leaving, others: list[Leaving]) -> Iterator[Leaving]:
    """As many, by their references, as fit one page."""
    offences = len(item.case.record["offences"])
    for other in sorted(others, key=lambda other: other.case.reference):
        if offences + len(other.case.record["offences"]) <= _MOST_OFFENCES:
            offences += len(other.case.record["offences"])
            yield other


def _opens_later(item: Leaving, other: Leaving, now: datetime) -> datetime | None:
    wanted = other.wishes.rows.get(other.key)
    if item.row.template != "acknowledgement" or other.case.suspended or wanted is None or wanted.not_before is None:
        return None
    until = (item.row.not_before or now) + _LONGEST
    return wanted.not_before if now < wanted.not_before <= until else None


def _reader(item: Leaving) -> tuple[Any, ...]:
    """Every fact that a reader sees of the victim and the officer, apart from the crime."""
    officer: dict[str, Any] | None = item.case.record.get("officer")
    victim = {name: value for name, value in item.part.victim.items() if name not in _OF_THE_CRIME}
    named = None if officer is None else {**officer, "email": email(officer.get("email"))}
    return _said(victim), named, item.wishes.view.closed, item.wishes.refers


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """What is said, in one form: a point as it can be used, an empty list and "do not contact: no" as nothing."""
    said = {name: _said(value) if isinstance(value, dict) else value for name, value in facts.items()}
    said = {name: value for name, value in said.items() if value != [] and (name, value) != ("do_not_contact", False)}
    readers: dict[str, Callable[[str], str | None]] = {"email": email, "mobile": mobile, "landline": landline, "language": str.lower}
    return {name: (readers[name](str(value)),) if name in readers else value for name, value in said.items()}
