"""The chain of updates of one victim: what begins an update, meets it, moves it and ends it, as tables of stories.

docs/obligations.md, "The update agreement". The base is accepted on Friday 20 November 2026 at 10:31, every ten days, first update agreed
for Monday 30 November. Edges of the calendar are in test_updates_calendar.py, any story in test_updates_properties.py.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.agreements import updates
from chalicelib.domain.events import Covered, Result
from chalicelib.domain.model import Status
from tests.domain_builders import at
from tests.unit.domain.update_stories import (
    FIRST,
    SILENT_RECORD,
    agreed,
    chain,
    changed,
    listed,
    said_of,
    spoke,
    story,
    tried,
    version,
)

KEY_EVENTS = version(1, "2026-11-20 10:30", agreed(None))
DECLINED = version(1, "2026-11-20 10:30", agreed(10, declined=True))
CLOSED, CANCELLED, TRANSFERRED = Status.CLOSED, Status.CANCELLED, Status.TRANSFERRED
ACK = frozenset({Covered.WRITTEN_ACKNOWLEDGEMENT})


def told(name: str, facts: list[Any], *links: str) -> Any:
    return pytest.param(facts, list(links), id=name)


BEGINNINGS = [
    told("as agreed", [FIRST], "start: Mon 30 Nov 2026, open"),
    told("no day agreed: so many days from acceptance", [version(1, "2026-11-20 10:30", agreed(14))], "start: Fri 4 Dec 2026, open"),
    told("nothing agreed: the force's ten days, proposed", [SILENT_RECORD], "start: Mon 30 Nov 2026 (proposed), open"),
    told("a day and no more", [version(1, "2026-11-20 10:30", agreed(None, "2026-12-24"))], "start: Thu 24 Dec 2026, open"),
    told("a day before the report is a slip", [version(1, "2026-11-20 10:30", agreed(10, "2026-11-19"))], "start: Mon 30 Nov 2026, open"),
    told("by a clock that is ahead of ours: as agreed", [version(1, "2026-11-20 10:34", agreed(7))], "start: Fri 27 Nov 2026, open"),
    told("key events only", [KEY_EVENTS]),
    told("declined", [DECLINED]),
    told("closed on arrival", [version(1, "2026-11-20 10:30", agreed(), CLOSED)]),
    told("cancelled on arrival", [version(1, "2026-11-20 10:30", agreed(), CANCELLED)]),
    told("transferred on arrival", [version(1, "2026-11-20 10:30", agreed(), TRANSFERRED)]),
    told("do not contact", [version(1, "2026-11-20 10:30", agreed(), silent=True)]),
    told(
        "changed before we accepted it: the newest terms", [FIRST, changed("A-1", "2026-11-20 10:30:30", 7)], "start: Fri 27 Nov 2026, open"
    ),
    told("a later version agrees at last",
        [SILENT_RECORD, version(2, "2026-11-23", agreed(7, "2026-11-27"))], "start: Fri 27 Nov 2026, open"),
]  # fmt: skip

CONTACTS = [
    told("the next day agreed", [spoke("C-1", "2026-11-26", "2026-12-08")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Tue 8 Dec 2026, open"),
    told("no day agreed: ten days after it", [spoke("C-1", "2026-11-26")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, open"),
    told("of a proposal: the next is proposed too", [SILENT_RECORD, spoke("C-1", "2026-11-26")],
        "start: Mon 30 Nov 2026 (proposed), met by C-1", "C-1: Sun 6 Dec 2026 (proposed), open"),
    told("on the very day", [spoke("C-1", "2026-11-30 23:59:59", "2026-12-08")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Tue 8 Dec 2026, open"),
    told("a second after the day", [spoke("C-1", "2026-12-01 00:00:00", "2026-12-08")],
        "start: Mon 30 Nov 2026, met late by C-1", "C-1: Tue 8 Dec 2026, open"),
    told("weeks late", [spoke("C-1", "2026-12-21")],
        "start: Mon 30 Nov 2026, met late by C-1", "C-1: Thu 31 Dec 2026, open"),
    told("sent", [spoke("C-1", "2026-11-26", result=Result.SENT)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, open"),
    told("given by hand", [spoke("C-1", "2026-11-26", result=Result.GIVEN_BY_HAND)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, open"),
    told("nobody answered: nothing moves", [tried("C-1", "2026-11-26")], "start: Mon 30 Nov 2026, open"),
    told("a message was left: nothing moves", [tried("C-1", "2026-11-26", Result.MESSAGE_LEFT)], "start: Mon 30 Nov 2026, open"),
    told("about something else", [spoke("C-1", "2026-11-26", covers=ACK)], "start: Mon 30 Nov 2026, open"),
    told("about both", [spoke("C-1", "2026-11-26", covers=ACK | {Covered.UPDATE})],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, open"),
    told("with another victim", [spoke("C-1", "2026-11-26", victim_id="V2")], "start: Mon 30 Nov 2026, open"),
    told("two in a row", [spoke("C-1", "2026-11-26"), spoke("C-2", "2026-12-03", "2026-12-11")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, met by C-2", "C-2: Fri 11 Dec 2026, open"),
    told("two on one day: the later one counts on", [spoke("C-1", "2026-11-26 09:00", "2026-12-08"), spoke("C-2", "2026-11-26 17:00")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Tue 8 Dec 2026, met by C-2", "C-2: Sun 6 Dec 2026, open"),
    told("two at one instant: in the order of their names", [spoke("C-2", "2026-11-26"), spoke("C-1", "2026-11-26")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, met by C-2", "C-2: Sun 6 Dec 2026, open"),
    told("before the crime was recorded: nothing to tell yet", [spoke("C-1", "2026-11-20 10:29:59")], "start: Mon 30 Nov 2026, open"),
    told("recorded and told at one instant", [spoke("C-1", "2026-11-20 10:30:00")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Mon 30 Nov 2026, open"),
    told("before we accepted the record", [spoke("C-1", "2026-11-20 10:30:59", "2026-11-27")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Fri 27 Nov 2026, open"),
    told("key events only: a day agreed is owed", [KEY_EVENTS, spoke("C-1", "2026-11-26", "2026-12-08")], "start: Tue 8 Dec 2026, open"),
    told("key events only: no day, nothing owed", [KEY_EVENTS, spoke("C-1", "2026-11-26")]),
    told("key events only: what was owed by a day is met and no more",
        [KEY_EVENTS, spoke("C-1", "2026-11-26", "2026-12-08"), spoke("C-2", "2026-12-07")], "start: Tue 8 Dec 2026, met by C-2"),
    told("declined: a contact begins nothing", [DECLINED, spoke("C-1", "2026-11-26", "2026-12-08")]),
]  # fmt: skip

CHANGES = [
    told("early: the new day", [changed("A-1", "2026-11-26", 14, "2026-12-12")], "start: Sat 12 Dec 2026, open"),
    told("early: so many days after the change", [changed("A-1", "2026-11-26", 14)], "start: Thu 10 Dec 2026, open"),
    told("early, to an earlier day", [changed("A-1", "2026-11-23", 1)], "start: Tue 24 Nov 2026, open"),
    told("of a proposal: agreed from now on", [SILENT_RECORD, changed("A-1", "2026-11-26", 10)], "start: Sun 6 Dec 2026, open"),
    told("in the last second of the day: moved", [changed("A-1", "2026-11-30 23:59:59", 7)], "start: Mon 7 Dec 2026, open"),
    told("a second later: it was late", [changed("A-1", "2026-12-01 00:00:00", 7)],
        "start: Mon 30 Nov 2026, breached: agreed_anew", "A-1: Tue 8 Dec 2026, open"),
    told("long after it was breached", [changed("A-1", "2026-12-21", 7)],
        "start: Mon 30 Nov 2026, breached: agreed_anew", "A-1: Mon 28 Dec 2026, open"),
    told("late, and key events only from now on", [changed("A-1", "2026-12-01")], "start: Mon 30 Nov 2026, breached: agreed_anew"),
    told("key events only from now on", [changed("A-1", "2026-11-26")], "start: Mon 30 Nov 2026, waived: agreed_anew"),
    told("key events only, but one more day", [changed("A-1", "2026-11-26", None, "2026-12-24")], "start: Thu 24 Dec 2026, open"),
    told("key events only, then days again", [KEY_EVENTS, changed("A-1", "2026-11-26", 14)], "start: Thu 10 Dec 2026, open"),
    told("twice: each counts from its own time", [changed("A-1", "2026-11-23", 14), changed("A-2", "2026-11-26", 7)],
        "start: Thu 3 Dec 2026, open"),
    told("for another victim", [changed("A-1", "2026-11-26", 14, victim_id="V2")], "start: Mon 30 Nov 2026, open"),
    told("met, then changed: the next one moves", [spoke("C-1", "2026-11-26"), changed("A-1", "2026-11-27", 28)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Fri 25 Dec 2026, open"),
    told("changed, then met: the new days count", [changed("A-1", "2026-11-26", 14), spoke("C-1", "2026-11-27")],
        "start: Thu 10 Dec 2026, met by C-1", "C-1: Fri 11 Dec 2026, open"),
    told("agreed as they spoke: met as it was owed, and the next as agreed",
        [spoke("C-1", "2026-11-28 15:00", "2026-12-08"), changed("A-1", "2026-11-28 15:00", 14, "2026-12-12")],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sat 12 Dec 2026, open"),
    told("agreed as they spoke, late: met late, not breached",
        [spoke("C-1", "2026-12-02 15:00"), changed("A-1", "2026-12-02 15:00", 14)],
        "start: Mon 30 Nov 2026, met late by C-1", "C-1: Wed 16 Dec 2026, open"),
    told("both before we accepted it", [spoke("C-1", "2026-11-20 10:30:40"), changed("A-1", "2026-11-20 10:30:50", 7)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Fri 27 Nov 2026, open"),
    told("a version says other terms", [FIRST, version(2, "2026-11-26", agreed(14, "2026-12-12"))], "start: Sat 12 Dec 2026, open"),
    told("a version repeats the first terms after a change: nothing new",
        [FIRST, changed("A-1", "2026-11-24", 14), version(2, "2026-11-26", agreed(10, "2026-11-30"))], "start: Tue 8 Dec 2026, open"),
    told("a version says nothing, the next repeats: nothing new",
        [FIRST, changed("A-1", "2026-11-24", 14), version(2, "2026-11-26"), version(3, "2026-11-27", agreed(10, "2026-11-30"))],
        "start: Tue 8 Dec 2026, open"),
    told("a version goes back to the first terms: agreed anew",
        [FIRST, version(2, "2026-11-24", agreed(14)), version(3, "2026-11-26", agreed(10, "2026-11-30"))], "start: Mon 30 Nov 2026, open"),
    told("a version with other days repeats a day that has passed: days from its sending",
        [FIRST, spoke("C-1", "2026-11-28", "2026-12-08"), version(2, "2026-12-05", agreed(14, "2026-11-30"))],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sat 19 Dec 2026, open"),
    told("a version sent before its predecessor counts after it",
        [FIRST, version(2, "2026-11-26", agreed(14)), version(3, "2026-11-24", agreed(7))], "start: Thu 3 Dec 2026, open"),
    told("ten versions at one instant: the highest counts",
        [FIRST, version(9, "2026-11-26", agreed(14)), version(10, "2026-11-26", agreed(7))], "start: Thu 3 Dec 2026, open"),
]  # fmt: skip

DECLINING = [
    told("declined", [changed("A-1", "2026-11-26", declined=True)], "start: Mon 30 Nov 2026, waived: declined"),
    told("declined in the last second", [changed("A-1", "2026-11-30 23:59:59", declined=True)], "start: Mon 30 Nov 2026, waived: declined"),
    told("declined late", [changed("A-1", "2026-12-01 00:00:00", declined=True)], "start: Mon 30 Nov 2026, breached: declined"),
    told("declined with days: no updates all the same", [changed("A-1", "2026-11-26", 10, "2026-12-06", declined=True)],
        "start: Mon 30 Nov 2026, waived: declined"),
    told("declined twice", [changed("A-1", "2026-11-26", declined=True), changed("A-2", "2026-11-27", declined=True)],
        "start: Mon 30 Nov 2026, waived: declined"),
    told("declined by a version", [FIRST, version(2, "2026-11-26", agreed(10, declined=True))], "start: Mon 30 Nov 2026, waived: declined"),
    told("declined and wanted again", [changed("A-1", "2026-11-26", declined=True), changed("A-2", "2026-12-03", 7)],
        "start: Mon 30 Nov 2026, waived: declined", "A-2: Thu 10 Dec 2026, open"),
    told("declined on arrival and wanted later", [DECLINED, changed("A-1", "2026-12-03", 7)], "start: Thu 10 Dec 2026, open"),
    told("declined and wanted for key events", [changed("A-1", "2026-11-26", declined=True), changed("A-2", "2026-12-03")],
        "start: Mon 30 Nov 2026, waived: declined"),
    told("declined, wanted for key events, and a day agreed",
        [DECLINED, changed("A-1", "2026-12-03"), spoke("C-1", "2026-12-04", "2026-12-18")], "start: Fri 18 Dec 2026, open"),
    told("declined as they spoke", [spoke("C-1", "2026-11-28"), changed("A-1", "2026-11-28", declined=True)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Tue 8 Dec 2026, waived: declined"),
]  # fmt: skip

LIFE = [
    told("closed", [FIRST, version(2, "2026-11-26", status=CLOSED)], "start: Mon 30 Nov 2026, waived: closed"),
    told("cancelled", [FIRST, version(2, "2026-11-26", status=CANCELLED)], "start: Mon 30 Nov 2026, waived: cancelled"),
    told("transferred", [FIRST, version(2, "2026-11-26", status=TRANSFERRED)], "start: Mon 30 Nov 2026, waived: transferred"),
    told("no contact wanted", [FIRST, version(2, "2026-11-26", silent=True)], "start: Mon 30 Nov 2026, waived: do_not_contact"),
    told("closed in the last second", [FIRST, version(2, "2026-11-30 23:59:59", status=CLOSED)], "start: Mon 30 Nov 2026, waived: closed"),
    told("closed late: that stays", [FIRST, version(2, "2026-12-01 00:00:00", status=CLOSED)], "start: Mon 30 Nov 2026, breached: closed"),
    told("closed after a contact: the next is waived", [FIRST, spoke("C-1", "2026-11-26"), version(2, "2026-11-27", status=CLOSED)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, waived: closed"),
    told("closed as they spoke: it was met", [FIRST, spoke("C-1", "2026-11-26"), version(2, "2026-11-26", status=CLOSED)],
        "start: Mon 30 Nov 2026, met by C-1", "C-1: Sun 6 Dec 2026, waived: closed"),
    told("a contact after it was closed begins nothing", [FIRST, version(2, "2026-11-26", status=CLOSED), spoke("C-1", "2026-11-27")],
        "start: Mon 30 Nov 2026, waived: closed"),
    told("closed and still closed", [FIRST, version(2, "2026-11-26", status=CLOSED), version(3, "2026-12-03", status=CLOSED)],
        "start: Mon 30 Nov 2026, waived: closed"),
    told("closed, and nobody wants contact: still ended",
        [FIRST, version(2, "2026-11-26", status=CLOSED), version(3, "2026-12-03", silent=True)], "start: Mon 30 Nov 2026, waived: closed"),
    told("re-opened: the day agreed lies ahead", [FIRST, version(2, "2026-11-24", status=CLOSED), version(3, "2026-11-26")],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Mon 30 Nov 2026, open"),
    told("re-opened on the day agreed", [FIRST, version(2, "2026-11-24", status=CLOSED), version(3, "2026-11-30")],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Mon 30 Nov 2026, open"),
    told("re-opened after it: ten days from then", [FIRST, version(2, "2026-11-24", status=CLOSED), version(3, "2026-12-01")],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Fri 11 Dec 2026, open"),
    told("re-opened with other terms",
        [FIRST, version(2, "2026-11-24", status=CLOSED), version(3, "2026-12-01", agreed(7, "2026-12-24"))],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Thu 24 Dec 2026, open"),
    told("changed while closed: re-opens on the new terms",
        [FIRST, version(2, "2026-11-24", status=CLOSED), changed("A-1", "2026-11-26", 28), version(3, "2026-12-01")],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Tue 29 Dec 2026, open"),
    told("declined while closed: re-opens without updates",
        [FIRST, version(2, "2026-11-24", status=CLOSED), changed("A-1", "2026-11-26", declined=True), version(3, "2026-12-01")],
        "start: Mon 30 Nov 2026, waived: closed"),
    told("arrived closed and re-opened",
        [version(1, "2026-11-20", agreed(), CLOSED), version(2, "2026-12-01")], "start: Fri 11 Dec 2026, open"),
    told("arrived closed and re-opened after the day agreed",
        [version(1, "2026-11-20", agreed(on="2026-11-24"), CLOSED), version(2, "2026-11-27", agreed(on="2026-11-24"))],
        "start: Mon 7 Dec 2026, open"),
    told("do not contact lifted", [FIRST, version(2, "2026-11-24", silent=True), version(3, "2026-12-01")],
        "start: Mon 30 Nov 2026, waived: do_not_contact", "v3: Fri 11 Dec 2026, open"),
    told("closed before we accepted the version before",
        [FIRST, version(2, "2026-11-20 10:30:30", status=CLOSED)], "start: Mon 30 Nov 2026, waived: closed"),
    told("re-opened by a version sent before the one that closed it",
        [FIRST, version(2, "2026-11-26", status=CLOSED), version(3, "2026-11-25")],
        "start: Mon 30 Nov 2026, waived: closed", "v3: Mon 30 Nov 2026, open"),
    told("closed with other terms and re-opened at one instant: each version's word in its turn",
        [FIRST, version(2, "2026-11-26", agreed(None), CLOSED), version(3, "2026-11-26", agreed(7))],
        "start: Mon 30 Nov 2026, waived: closed", "terms of v3: Thu 3 Dec 2026, open"),
    told("ten versions at one instant: the highest one's word is the last",
        [FIRST, version(9, "2026-11-26", status=CLOSED), version(10, "2026-11-26")],
        "start: Mon 30 Nov 2026, waived: closed", "v10: Mon 30 Nov 2026, open"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "links"), [*BEGINNINGS, *CONTACTS, *CHANGES, *DECLINING, *LIFE])
def test_what_becomes_of_updates(facts: list[Any], links: list[str]) -> None:
    assert chain(*facts) == links


@pytest.mark.parametrize(("facts", "links"), [row for row in [*CONTACTS, *CHANGES, *DECLINING] if len(row.values[0]) > 1])
def test_the_order_in_which_events_are_heard_of_does_not_matter(facts: list[Any], links: list[str]) -> None:
    assert {tuple(chain(*order)) for order in permutations(facts)} == {tuple(links)}


def test_a_version_that_does_not_name_the_victim_says_nothing_of_them() -> None:
    """Added by a later version: the first update begins with our acceptance of that."""
    s = story(version(1, "2026-11-20"), version(2, "2026-11-26", agreed(7)))
    added = story(version(1, "2026-11-20"), version(2, "2026-11-26", agreed(7)), said=s.said[1:], accepted_at=at("2026-11-26 12:05"))
    assert [said_of(owed) for owed in updates(added)] == ["start: Thu 3 Dec 2026, open"]


def test_a_version_that_says_nothing_of_the_occurrence_leaves_its_status() -> None:
    s = story(FIRST, version(2, "2026-11-26", silent=True))
    assert [said_of(owed) for owed in updates(story(FIRST, told=(), said=s.said))] == ["start: Mon 30 Nov 2026, waived: do_not_contact"]


def test_a_hearing_ends_no_update_and_begins_none() -> None:
    assert chain(FIRST, listed("E-1", "2026-11-26")) == chain(FIRST)


def test_an_update_knows_when_it_began_was_met_and_ended() -> None:
    s = story(FIRST, spoke("C-1", "2026-11-26 15:00"), version(2, "2026-11-27 09:00", status=CLOSED))
    first, second = updates(s)
    assert (first.started_at, first.due_at, first.met_at) == (at("2026-11-20 10:31"), at("2026-11-30 23:59:59"), at("2026-11-26 15:00"))
    assert (second.started_at, second.due_at, second.ended_at) == (
        at("2026-11-26 15:00"),
        at("2026-12-06 23:59:59"),
        at("2026-11-27 09:00"),
    )
    assert (first.ended, second.met_at, second.evidence) == (None, None, None)
