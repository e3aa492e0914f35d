"""Hypothesis strategies of the events of a case, as the domain has them after the contract was kept.

Ids come from small pools and times from a few weeks, so that stories collide: equal instants, days at their edges, one victim told twice.
Must not decide, import a service, or draw an event that the contract refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from chalicelib.domain.events import (
    AgreementChanged,
    ContactRecorded,
    Covered,
    DecidedBy,
    Event,
    EventType,
    Hearing,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    Result,
    ReviewStep,
    ReviewStepped,
    Step,
    TaskDone,
)
from chalicelib.domain.model import Channel
from tests.builders import NOW
from tests.strategies import REFERENCES

LONDON = ZoneInfo("Europe/London")
VICTIMS = ("V1", "V2")
EVENT_IDS = tuple(f"E-{number}" for number in range(1, 13))
TASKS = tuple(f"{number:032x}" for number in range(3))
OFFICERS = ("2345", "1890", "7001")
DAYS = 42
"""How long a story goes on after `start`; Christmas and the new year lie in it."""

_HOURS = (time(0), time(0, 0, 1), time(9), time(9), time(15), time(23, 59, 59))


def instants(start: datetime = NOW, days: int = DAYS) -> st.SearchStrategy[datetime]:
    """From `start` on, at few hours of the London day, both edges among them; in UTC."""
    first = start.astimezone(LONDON).date()
    moments = st.builds(
        lambda day, hour: datetime.combine(first + timedelta(days=day), hour, LONDON).astimezone(UTC),
        st.integers(0, days),
        st.sampled_from(_HOURS),
    )
    return st.just(start) | moments.map(lambda moment: max(moment, start))


INSTANTS = instants()


def _days_from(moment: datetime) -> st.SearchStrategy[date | None]:
    """No day, or one in the fortnight that begins with the moment's own day in London."""
    first = moment.astimezone(LONDON).date()
    return st.none() | st.integers(0, 14).map(lambda days: first + timedelta(days=days))


def contacts(
    reference: str = REFERENCES[0], victims: Iterable[str] = VICTIMS, at: st.SearchStrategy[datetime] = INSTANTS
) -> st.SearchStrategy[ContactRecorded]:
    """Tries and contacts, about any things."""

    def told(moment: datetime) -> st.SearchStrategy[ContactRecorded]:
        return st.builds(
            ContactRecorded,
            reference=st.just(reference),
            event_id=st.sampled_from(EVENT_IDS),
            victim_id=st.sampled_from(sorted(victims)),
            at=st.just(moment),
            result=st.sampled_from(Result),
            covers=st.just(frozenset({Covered.UPDATE})) | st.sets(st.sampled_from(Covered), min_size=1).map(frozenset),
            method=st.none() | st.sampled_from(Channel),
            by=st.none() | st.sampled_from(OFFICERS),
            next_update_on=_days_from(moment),
            covers_event_ids=st.just(()) | st.sets(st.sampled_from(EVENT_IDS), max_size=3).map(lambda ids: tuple(sorted(ids))),
        )

    return at.flatmap(told)


def changes(
    reference: str = REFERENCES[0], victims: Iterable[str] = VICTIMS, at: st.SearchStrategy[datetime] = INSTANTS
) -> st.SearchStrategy[AgreementChanged]:
    """New terms: some with a date, some with days, some with neither, a few that decline."""

    def told(moment: datetime) -> st.SearchStrategy[AgreementChanged]:
        return st.builds(
            AgreementChanged,
            reference=st.just(reference),
            event_id=st.sampled_from(EVENT_IDS),
            victim_id=st.sampled_from(sorted(victims)),
            at=st.just(moment),
            every_days=st.none() | st.sampled_from([1, 7, 10, 14, 28]),
            method=st.none() | st.sampled_from(Channel),
            next_update_on=_days_from(moment),
            declined=st.sampled_from([False, False, False, True]),
            by=st.none() | st.just("victim") | st.sampled_from(OFFICERS),
        )

    return at.flatmap(told)


def investigation(
    reference: str = REFERENCES[0], victims: Iterable[str] = VICTIMS, at: st.SearchStrategy[datetime] = INSTANTS
) -> st.SearchStrategy[InvestigationEvent]:
    """Key events of every type: most stand for themselves, some take the place of another (that may never come), a few take one back."""
    whom = st.none() | st.sets(st.sampled_from(sorted(victims))).map(frozenset)

    def told(moment: datetime, event_id: str) -> st.SearchStrategy[InvestigationEvent]:
        others = st.none() | st.none() | st.sampled_from([other for other in EVENT_IDS if other != event_id])
        known = st.none() | st.booleans()
        return st.builds(
            InvestigationEvent,
            reference=st.just(reference),
            event_id=st.just(event_id),
            type=st.sampled_from(EventType),
            at=st.just(moment),
            received_at=st.none() | st.integers(0, 3).map(lambda days: moment + timedelta(days=days)),
            reason=st.none() | st.just("Evidence linked the suspect to the scene."),
            victim_ids=whom,
            suspect_interviewed=known,
            all_suspects_and_charges=known,
            charged_other_offence=known,
            victim_supports=known,
            decided_by=st.none() | st.sampled_from(DecidedBy),
            hearing=st.none() | st.just(Hearing(moment + timedelta(days=42), "Derby Magistrates' Court")) | st.just(Hearing(None, None)),
            corrects=others,
            withdrawn=st.sampled_from([False, False, False, True]),
            heard_at=st.none(),
        )

    return st.tuples(at, st.sampled_from(EVENT_IDS)).flatmap(lambda drawn: told(*drawn))


def reviews(
    reference: str = REFERENCES[0], victims: Iterable[str] = VICTIMS, at: st.SearchStrategy[datetime] = INSTANTS
) -> st.SearchStrategy[ReviewStepped]:
    """Steps of a review, with and without the steps before them."""
    return st.builds(
        ReviewStepped,
        reference=st.just(reference),
        event_id=st.sampled_from(EVENT_IDS),
        victim_id=st.sampled_from(sorted(victims)),
        at=at,
        step=st.sampled_from(ReviewStep),
    )


def events(
    reference: str = REFERENCES[0],
    victims: Iterable[str] = VICTIMS,
    at: st.SearchStrategy[datetime] = INSTANTS,
    tasks: Iterable[str] = TASKS,
) -> st.SearchStrategy[Event]:
    """One event of any kind; contacts, changes and key events are the most frequent."""
    whom = st.sampled_from(sorted(victims))
    case, event_id, by = st.just(reference), st.sampled_from(EVENT_IDS), st.sampled_from(OFFICERS)
    return st.one_of(
        contacts(reference, victims, at),
        contacts(reference, victims, at),
        changes(reference, victims, at),
        st.builds(TaskDone, case, event_id, st.sampled_from(sorted(tasks)), at, st.sampled_from(Step), st.none() | by),
        st.builds(HoldReleased, case, event_id, whom, at, by, st.just("Flag set in error.")),
        st.builds(LetterReturned, case, event_id, whom, at),
        investigation(reference, victims, at),
        investigation(reference, victims, at),
        reviews(reference, victims, at),
    )


def stories(
    reference: str = REFERENCES[0],
    victims: Iterable[str] = VICTIMS,
    *,
    start: datetime = NOW,
    tasks: Iterable[str] = TASKS,
    most: int = 8,
) -> st.SearchStrategy[list[Event]]:
    """Events of one occurrence from `start` on, each with an id of its own, in no order."""
    one = events(reference, victims, instants(start), tasks)
    return st.lists(one, max_size=most, unique_by=lambda event: event.event_id)


def deliveries(
    reference: str = REFERENCES[0],
    victims: Iterable[str] = VICTIMS,
    *,
    start: datetime = NOW,
    tasks: Iterable[str] = TASKS,
    most: int = 6,
) -> st.SearchStrategy[list[Event]]:
    """A story as a queue brings it: each event at least once, some more often, in any order."""

    def shuffled(story: list[Event]) -> st.SearchStrategy[list[Event]]:
        again = st.lists(st.sampled_from(story), max_size=2) if story else st.just([])
        return again.flatmap(lambda more: st.permutations(story + more))

    return stories(reference, victims, start=start, tasks=tasks, most=most).flatmap(shuffled)
