"""The chain of updates that a victim is owed, written out by hand from "The update agreement" of docs/obligations.md.

Must not use the product to say what is right.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from infra.replay.expectation.updates import Link, Spoken, Terms, chain_of
from tests.replay.expectation_lines import at

START = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
TEN = Terms(10, "email", date(2026, 11, 30), declined=False)


def spoke(event_id: str, moment: datetime, on: date | None = None, result: str = "spoken", covers: tuple[str, ...] = ("update",)) -> Any:
    said = {"event_id": event_id, "contacted_at": moment, "result": result, "covers": list(covers)}
    return "contact_recorded", said | ({"next_update_on": on} if on else {})


def agreed(event_id: str, moment: datetime, **terms: Any) -> Any:
    return "agreement_changed", {"event_id": event_id, "at": moment, **terms}


def version(number: int, moment: datetime, status: str = "open", terms: Terms | None = TEN, *, silent: bool = False) -> Spoken:
    return Spoken(number, moment, status, named=True, terms=terms, silent=silent)


def chain(*events: Any, versions: tuple[Spoken, ...] = (version(1, START),)) -> list[tuple[str, str, str, bool]]:
    """What began each update, its day, what became of it, and whether it rests on a proposal."""
    found = chain_of(START, versions, events, START, START, None).owed
    return [(link.began, f"{link.due:%m-%d}", _end(link), link.proposed) for link in found]


def _end(link: Link) -> str:
    if link.met_at:
        return f"met {link.met_at:%m-%d}"
    return f"ended {link.ended_at:%m-%d}" if link.ended_at else "owed"


CHAINS: list[tuple[str, list[Any], tuple[Spoken, ...], list[tuple[str, str, str, bool]]]] = [
    ("the day agreed", [], (version(1, START),), [("start", "11-30", "owed", False)]),
    ("the force's default is a proposal", [], (version(1, START, terms=None),), [("start", "11-30", "owed", True)]),
    ("key events only", [], (version(1, START, terms=Terms(None, None, None, declined=False)),), []),
    ("declined", [], (version(1, START, terms=Terms(10, None, None, declined=True)),), []),
    ("arrived closed", [], (version(1, START, "closed"),), []),
    ("a contact", [spoke("C", at(25))], (version(1, START),), [("start", "11-30", "met 11-25", False), ("C", "12-05", "owed", False)]),
    (
        "a contact that names the next day",
        [spoke("C", at(25), date(2026, 12, 9))],
        (version(1, START),),
        [("start", "11-30", "met 11-25", False), ("C", "12-09", "owed", False)],
    ),
    ("a try", [spoke("C", at(25), result="message_left")], (version(1, START),), [("start", "11-30", "owed", False)]),
    ("about something else", [spoke("C", at(25), covers=("referral",))], (version(1, START),), [("start", "11-30", "owed", False)]),
    ("before the crime was recorded", [spoke("C", at(19))], (version(1, START),), [("start", "11-30", "owed", False)]),
    (
        "in any order",
        [spoke("D", at(28)), spoke("C", at(22))],
        (version(1, START),),
        [("start", "11-30", "met 11-22", False), ("C", "12-02", "met 11-28", False), ("D", "12-08", "owed", False)],
    ),
    ("new terms move it", [agreed("A", at(22), every_days=3)], (version(1, START),), [("start", "11-25", "owed", False)]),
    (
        "new terms of one that is late",
        [agreed("A", at(2, month=12), every_days=3)],
        (version(1, START),),
        [("start", "11-30", "ended 12-02", False), ("A", "12-05", "owed", False)],
    ),
    ("terms without a date or days", [agreed("A", at(22))], (version(1, START),), [("start", "11-30", "ended 11-22", False)]),
    (
        "a proposal that somebody agrees to",
        [agreed("A", at(22), every_days=7)],
        (version(1, START, terms=None),),
        [("start", "11-29", "owed", False)],
    ),
    (
        "declined and wanted again",
        [agreed("A", at(22), declined=True), spoke("C", at(23)), agreed("B", at(25), every_days=2)],
        (version(1, START),),
        [("start", "11-30", "ended 11-22", False), ("B", "11-27", "owed", False)],
    ),
    (
        "closed and opened again",
        [],
        (version(1, START), version(2, at(23), "closed"), version(3, at(2, month=12))),
        [("start", "11-30", "ended 11-23", False), ("v3", "12-12", "owed", False)],
    ),
    (
        "do not contact",
        [spoke("C", at(25))],
        (version(1, START), version(2, at(23), silent=True)),
        [("start", "11-30", "ended 11-23", False)],
    ),
    (
        "a version that repeats what it said", [agreed("A", at(22), every_days=3)], (version(1, START), version(2, at(24))),
        [("start", "11-25", "owed", False)],
    ),
    (
        "arrived closed and opened later: a day agreed that is over was never owed",
        [],
        (version(1, START, "closed"), version(2, at(2, month=12))),
        [("start", "12-12", "owed", False)],
    ),
    (
        "arrived closed and opened before the day agreed", [], (version(1, START, "closed"), version(2, at(23))),
        [("start", "11-30", "owed", False)],
    ),
    (
        "a day before the report is a slip", [], (version(1, START, terms=TEN._replace(on=date(2026, 11, 18))),),
        [("start", "11-30", "owed", False)],
    ),
    (
        "a contact that names a day that is over", [spoke("C", at(25), date(2026, 11, 24))], (version(1, START),),
        [("start", "11-30", "met 11-25", False), ("C", "12-05", "owed", False)],
    ),
    (
        "closed as they spoke", [spoke("C", at(23))], (version(1, START), version(2, at(23), "closed")),
        [("start", "11-30", "met 11-23", False), ("C", "12-03", "ended 11-23", False)],
    ),
    (
        "agreed anew as they spoke", [spoke("C", at(23)), agreed("A", at(23), every_days=3)], (version(1, START),),
        [("start", "11-30", "met 11-23", False), ("C", "11-26", "owed", False)],
    ),
    (
        "versions of one instant in their turn", [], (version(1, START), version(2, at(23), "closed"), version(3, at(23))),
        [("start", "11-30", "ended 11-23", False), ("v3", "11-30", "owed", False)],
    ),
    (
        "the first update is named alike whatever began it",
        [spoke("C", at(22)), agreed("A", at(25), every_days=3)],
        (version(1, START, terms=Terms(None, None, None, declined=False)),),
        [("start", "11-28", "owed", False)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("_", "events", "versions", "links"), CHAINS, ids=[name for name, *_ in CHAINS])
def test_the_chain_of_updates(_: str, events: list[Any], versions: tuple[Spoken, ...], links: list[tuple[str, str, str, bool]]) -> None:
    assert chain(*events, versions=versions) == links
