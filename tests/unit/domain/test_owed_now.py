"""How what is owed to victims stands: what is late, what breaches before tomorrow morning, what breached in this run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.obligations import VICTIMS_RIGHTS, Kind, Obligation, ObligationState
from chalicelib.domain.owed_now import NOTHING_LATE, OwedNow, owed_now
from tests.domain_builders import PROFILE
from tests.stored_cases import obligation

OPEN, LATE, BREACHED, MET = ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED, ObligationState.MET
DUE = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
"""A Friday: breached when the Wednesday after it is over."""
SEVEN_ON_WEDNESDAY = datetime(2026, 11, 25, 7, tzinfo=UTC)


def counted(before: Obligation, after: Obligation | None, now: datetime = SEVEN_ON_WEDNESDAY) -> OwedNow:
    stands = {(after.reference, after.obligation_id): after} if after else {}
    return owed_now([before], stands, now, frozenset(), PROFILE.reminders)


def owed(state: ObligationState, kind: Kind = Kind.UPDATE, **changes: object) -> Obligation:
    return replace(obligation("o1"), kind=kind, state=state, due_at=DUE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (OPEN, OPEN, NOTHING_LATE),
        (OPEN, LATE, OwedNow(late=1, about_to_breach=1)),
        (LATE, LATE, OwedNow(late=1, about_to_breach=1)),
        (LATE, BREACHED, OwedNow(late=1, breached=1)),
        (BREACHED, BREACHED, OwedNow(late=1)),
        (LATE, MET, NOTHING_LATE),
        (LATE, ObligationState.WAIVED, NOTHING_LATE),
    ],
)
def test_what_is_counted_of_one_row(before: ObligationState, after: ObligationState, expected: OwedNow) -> None:
    assert counted(owed(before), owed(after)) == expected


@pytest.mark.parametrize(
    ("day", "about"),
    [(20, 0), (23, 0), (24, 0), (25, 1)],
    ids=["the deadline's own day", "two working days before", "the day before", "the day"],
)
def test_the_morning_before_it_breaches_it_is_about_to(day: int, about: int) -> None:
    assert counted(owed(LATE), owed(LATE), datetime(2026, 11, day, 7, tzinfo=UTC)).about_to_breach == about


def test_what_ended_breached_is_a_breach_and_not_late_any_more() -> None:
    assert counted(owed(LATE), owed(BREACHED, reason="closed")) == OwedNow(breached=1)


def test_a_row_that_is_gone_counts_for_nothing() -> None:
    assert counted(owed(LATE), None) == NOTHING_LATE


@pytest.mark.parametrize("kind", sorted(set(Kind) - VICTIMS_RIGHTS))
def test_what_a_person_owes_the_force_is_not_counted(kind: Kind) -> None:
    assert counted(owed(LATE, kind), owed(BREACHED, kind)) == NOTHING_LATE


@pytest.mark.parametrize("kind", sorted(VICTIMS_RIGHTS))
def test_every_right_of_a_victim_is(kind: Kind) -> None:
    assert counted(owed(LATE, kind), owed(BREACHED, kind)).breached == 1
