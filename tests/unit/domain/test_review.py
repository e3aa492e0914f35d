"""The Victims' Right to Review: every combination of what a record says of a decision, and the last day to ask.

Issue 4 (right to review computed from the event's fields; any null sends it to the officer); DOMAIN A4.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.event_news import ReviewScheme
from chalicelib.domain.events import DecidedBy, EventType, InvestigationEvent
from chalicelib.domain.review import NO_RIGHT, REVIEW_MONTHS, RightToReview, review_until, right_to_review

APPLIES: dict[str, Any] = {
    "suspect_interviewed": True,
    "all_suspects_and_charges": True,
    "charged_other_offence": False,
    "victim_supports": True,
}
CARRYING = ("not_prosecuted", "charges_dropped")


def decision(kind: str = "not_prosecuted", by: str | None = "police", **facts: Any) -> InvestigationEvent:
    """A decision that carries the right, but for `facts`."""
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    return InvestigationEvent("26000712345", "E-1", EventType(kind), at, decided_by=DecidedBy(by) if by else None, **(APPLIES | facts))


@pytest.mark.parametrize("kind", CARRYING)
@pytest.mark.parametrize(("by", "scheme"), [("police", ReviewScheme.POLICE), ("cps", ReviewScheme.CPS)])
def test_whose_decision_it_was_is_whose_scheme_applies(kind: str, by: str, scheme: ReviewScheme) -> None:
    assert right_to_review(decision(kind, by)) == RightToReview(scheme)


@pytest.mark.parametrize("kind", CARRYING)
@pytest.mark.parametrize("field", APPLIES)
def test_one_fact_that_excludes_it_is_enough(kind: str, field: str) -> None:
    assert right_to_review(decision(kind, **{field: not APPLIES[field]})) == NO_RIGHT


@pytest.mark.parametrize("kind", CARRYING)
@pytest.mark.parametrize("field", APPLIES)
def test_one_open_fact_leaves_it_to_the_officer(kind: str, field: str) -> None:
    assert right_to_review(decision(kind, **{field: None})) == RightToReview(missing=(f"event.{field}",))


@pytest.mark.parametrize("kind", CARRYING)
def test_an_unknown_decider_leaves_it_to_the_officer(kind: str) -> None:
    assert right_to_review(decision(kind, None)) == RightToReview(missing=("event.decided_by",))


@pytest.mark.parametrize("said", list(product([True, False, None], repeat=4)), ids=str)
@pytest.mark.parametrize("by", ["police", "cps", None])
def test_every_combination_has_one_of_three_answers(said: tuple[bool | None, ...], by: str | None) -> None:
    facts = dict(zip(APPLIES, said, strict=True))
    missing = [f"event.{field}" for field, value in facts.items() if value is None] + ([] if by else ["event.decided_by"])
    answer = right_to_review(decision(by=by, **facts))
    assert answer.missing == tuple(missing)
    assert answer.scheme == (by if not missing and facts == APPLIES else None)


@pytest.mark.parametrize("kind", sorted(set(EventType) - {EventType(kind) for kind in CARRYING}))
@pytest.mark.parametrize("open_fact", [{}, {"suspect_interviewed": None}])
def test_nothing_else_carries_it_and_no_officer_is_asked(kind: str, open_fact: dict[str, None]) -> None:
    assert right_to_review(decision(kind, **open_fact)) == NO_RIGHT


@pytest.mark.parametrize("facts", [{}, {"victim_supports": None}])
def test_a_decision_that_was_taken_back_carries_none(facts: dict[str, None]) -> None:
    assert right_to_review(decision(withdrawn=True, **facts)) == NO_RIGHT


def test_an_answer_cannot_both_apply_and_be_open() -> None:
    with pytest.raises(ValueError, match="leaves nothing open"):
        RightToReview(ReviewScheme.CPS, ("event.decided_by",))


@pytest.mark.parametrize(
    ("told_on", "until"),
    [
        pytest.param("2026-11-20", "2027-02-20", id="over the year's end"),
        pytest.param("2026-01-15", "2026-04-15", id="inside a year"),
        pytest.param("2026-09-30", "2026-12-30", id="into December"),
        pytest.param("2026-10-01", "2027-01-01", id="into January"),
        pytest.param("2026-12-31", "2027-03-31", id="from the last day of a year"),
        pytest.param("2026-11-28", "2027-02-28", id="28 November, the last day of February"),
        pytest.param("2026-11-29", "2027-02-28", id="29 November, February without a 29th"),
        pytest.param("2026-11-30", "2027-02-28", id="30 November, February without a 30th"),
        pytest.param("2027-11-29", "2028-02-29", id="29 November, leap year"),
        pytest.param("2027-11-30", "2028-02-29", id="30 November, leap year"),
        pytest.param("2028-02-29", "2028-05-29", id="from leap day"),
        pytest.param("2027-02-28", "2027-05-28", id="from the last day of February: the same day, not the last"),
        pytest.param("2026-01-31", "2026-04-30", id="31 January, April has 30"),
        pytest.param("2026-03-31", "2026-06-30", id="31 March, June has 30"),
        pytest.param("2026-08-31", "2026-11-30", id="31 August, November has 30"),
        pytest.param("2026-05-31", "2026-08-31", id="31 May, August has 31"),
        pytest.param("2099-11-30", "2100-02-28", id="2100 is no leap year"),
    ],
)
def test_the_last_day_to_ask(told_on: str, until: str) -> None:
    assert review_until(date.fromisoformat(told_on)) == date.fromisoformat(until)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_the_last_day_never_comes_earlier_for_who_was_told_later(told_on: date) -> None:
    until = review_until(told_on)
    assert until <= review_until(told_on + timedelta(days=1))
    assert (until.year - told_on.year) * 12 + until.month - told_on.month == REVIEW_MONTHS
