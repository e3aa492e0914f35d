"""What an officer's update asks for, as a table of one victim's facts; and how one that arrived moves the chain of updates.

Must not test what the page refuses before (tests/unit/services/test_officer_update.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.agreements import updates
from chalicelib.domain.compose_updates import officer_update
from chalicelib.domain.delivery import AFTER_SETTLED, Audience, Notification, State
from chalicelib.domain.events import EventType, InvestigationEvent, UpdateWritten
from chalicelib.domain.evidence import done_by_contact, update_row_id, updates_given, written_for
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import EVIDENCE, Kind, Purpose
from chalicelib.domain.plan import Plan, plan
from chalicelib.domain.situation import Situation
from tests import builders
from tests.builders import NOW
from tests.domain_builders import at, messages, occurrence, situation, tasks
from tests.unit.domain.update_stories import REFERENCE, spoke, story

WRITTEN = UpdateWritten(REFERENCE, "U-1", "V1", NOW, "2345", Channel.EMAIL, "still_looking", None, date(2026, 12, 9))
PERSON = {"enhanced": builders.enhanced(eligible=False, reasons=[])}


def row(event: UpdateWritten = WRITTEN, state: State = State.DELIVERED, when: datetime = NOW, **more: Any) -> Notification:
    made = Notification(
        update_row_id(event),
        REFERENCE,
        "V1",
        Template.UPDATE,
        Audience.VICTIM,
        event.channel,
        NOW,
        NOW,
        state,
        attempted=True,
        sent_at=when,
    )
    return replace(made, **{"delivered_at": when if state in (State.DELIVERED, State.COMPLAINED) else None} | more)


def asked(*events: UpdateWritten, rows: tuple[Notification, ...] = (), person: dict[str, Any] | None = None, **facts: Any) -> Situation:
    """The facts of the base case, in which updates are agreed by e-mail."""
    changes = {key: facts.pop(key) for key in ("now", "sticky") if key in facts}
    return situation(occurrence(person=PERSON | (person or {}), **facts), rows=rows, events=events, **changes)


def update_of(planned: Plan) -> Notification | None:
    return messages(planned, Template.UPDATE).get(Channel.EMAIL)


def test_the_message_of_an_update() -> None:
    planned = plan(asked(WRITTEN))
    wanted = update_of(planned)
    (owed,) = [item for item in planned.obligations.values() if item.kind is Kind.UPDATE]
    assert wanted is not None
    assert (wanted.notification_id, wanted.audience, wanted.not_before) == (update_row_id(WRITTEN), Audience.VICTIM, NOW)
    assert (wanted.evidences, owed.automatic, wanted.suspendable) == ((owed.obligation_id,), True, True)
    assert wanted.waits_for == tuple(item.notification_id for item in messages(planned, Template.ACKNOWLEDGEMENT).values())
    assert Purpose.UPDATE_NOT_DELIVERED not in tasks(planned)


BRAILLE = {"communication_needs": ["braille"]}
MAY_NOT: dict[str, tuple[UpdateWritten, dict[str, Any], bool]] = {
    "specialist": (WRITTEN, {"dash_risk": "high"}, False),
    "specialist in an earlier version": (WRITTEN, {"sticky": frozenset({"restricted"})}, False),
    "closed": (WRITTEN, {"status": "closed"}, False),
    "another way was agreed since": (replace(WRITTEN, channel=Channel.LETTER), {}, True),
    "nobody can be written to": (WRITTEN, {"person": BRAILLE}, True),
    "no such start": (replace(WRITTEN, start="gone"), {}, True),
    "own words that are none": (replace(WRITTEN, start="own_words"), {}, True),
    "words in a text": (replace(WRITTEN, words="We have asked.", channel=Channel.SMS), {}, True),
    "words with a name of the case": (replace(WRITTEN, words="We asked in Heanor."), {}, True),
    "too late": (WRITTEN, {"now": at("2026-11-25 00:00:00")}, True),
}


@pytest.mark.parametrize(("event", "facts", "is_asked"), MAY_NOT.values(), ids=MAY_NOT.keys())
def test_what_may_not_be_said_goes_to_whoever_wrote_it_or_to_nobody(event: UpdateWritten, facts: dict[str, Any], is_asked: bool) -> None:
    planned = plan(asked(event, **facts))
    assert messages(planned, Template.UPDATE) == {}
    assert (Purpose.UPDATE_NOT_DELIVERED in tasks(planned)) is is_asked


def test_words_in_a_text_are_never_said_even_where_updates_come_by_text() -> None:
    by_text = {"update_agreement": builders.update_agreement(method="sms"), "preferred_channel": "sms"}
    texted = replace(WRITTEN, channel=Channel.SMS)
    assert set(messages(plan(asked(texted, person=by_text)), Template.UPDATE)) == {Channel.SMS}
    assert messages(plan(asked(replace(texted, words="We have asked."), person=by_text)), Template.UPDATE) == {}


def test_it_holds_for_two_working_days() -> None:
    """Written on Friday 20 November: until the end of Tuesday."""
    assert update_of(plan(asked(WRITTEN, now=at("2026-11-24 23:59:59")))) is not None
    assert update_of(plan(asked(WRITTEN, now=at("2026-11-25 00:00:00")))) is None


LEFT: dict[str, tuple[Notification, bool, bool]] = {
    "being sent": (row(state=State.SENDING), True, False),
    "sent": (row(state=State.SENT), True, False),
    "not known": (row(state=State.UNKNOWN), True, False),
    "delivered": (row(), True, False),
    "complained": (row(state=State.COMPLAINED), True, False),
    "bounced": (row(state=State.BOUNCED), False, True),
    "failed": (row(state=State.FAILED), False, True),
    "with a person": (row(state=State.SETTLED), False, True),
    "heard of after a person had it": (row(state=State.SENT, reason=AFTER_SETTLED), False, True),
}


@pytest.mark.parametrize(("before", "kept", "is_asked"), LEFT.values(), ids=LEFT.keys())
def test_what_left_is_not_written_again(before: Notification, kept: bool, is_asked: bool) -> None:
    planned = plan(asked(WRITTEN, rows=(before,)))
    found = update_of(planned)
    assert (found is not None) is kept
    assert found is None or found.state is before.state
    assert (Purpose.UPDATE_NOT_DELIVERED in tasks(planned)) is is_asked


def test_the_task_is_witness_cares_once_they_keep_the_agreement() -> None:
    listed = InvestigationEvent(REFERENCE, "E-1", EventType.HEARING_LISTED, NOW)
    planned = plan(replace(asked(rows=(row(state=State.FAILED),)), events=(WRITTEN, listed)))
    assert tasks(planned)[Purpose.UPDATE_NOT_DELIVERED].unit is Unit.WITNESS_CARE


def chain(s: Situation) -> list[tuple[str, str, str | None]]:
    return [(owed.begun_by, f"{owed.due_at:%a %d %b}", owed.evidence) for owed in updates(s)]


def with_rows(s: Situation, *rows: Notification) -> Situation:
    return replace(s, existing={item.notification_id: item for item in rows})


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.LETTER])
def test_one_that_arrived_is_contact_at_that_time_with_its_next_day(channel: Channel) -> None:
    event = replace(WRITTEN, channel=channel)
    arrived = row(event, when=at("2026-11-24 12:00"))
    s = with_rows(story(event), arrived)
    assert chain(s) == [("start", "Mon 30 Nov", arrived.notification_id), (arrived.notification_id, "Wed 09 Dec", None)]
    assert [(item.id, item.at) for item in updates_given(s)] == [(arrived.notification_id, at("2026-11-24 12:00"))]


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.UNKNOWN, State.BOUNCED, State.FAILED, State.PENDING, State.SETTLED])
def test_nothing_else_is(state: State) -> None:
    assert chain(with_rows(story(WRITTEN), row(state=state))) == [("start", "Mon 30 Nov", None)]


def test_a_day_that_had_passed_when_it_arrived_counts_by_the_agreement() -> None:
    late = row(when=at("2026-12-10 12:00"))
    assert chain(with_rows(story(WRITTEN), late))[1:] == [(late.notification_id, "Sun 20 Dec", None)]
    assert chain(with_rows(story(replace(WRITTEN, next_update_on=None)), row(when=at("2026-11-24 12:00"))))[1][1] == "Fri 04 Dec"


def test_contacts_and_messages_count_in_the_order_of_time() -> None:
    arrived = row(when=at("2026-11-24 12:00"))
    s = with_rows(story(WRITTEN, spoke("C-1", "2026-11-23", "2026-12-01"), spoke("C-2", "2026-11-25", "2026-12-02")), arrived)
    assert [evidence for _, _, evidence in chain(s)] == ["C-1", arrived.notification_id, "C-2", None]


def test_a_text_is_an_update_by_a_dated_row() -> None:
    (words,) = [rule for rule in EVIDENCE if rule.id == "UPDATE-WORDS"]
    assert words.channels == {Channel.EMAIL, Channel.SMS, Channel.LETTER}
    assert "[INF]" in words.source


def test_what_the_officer_is_asked_is_done_by_the_next_update_that_the_victim_has() -> None:
    def done(*events: Any, rows: tuple[Notification, ...] = (), about: tuple[str, ...] = ("U-1",)) -> str | None:
        found = done_by_contact(with_rows(story(*events), *rows), Purpose.UPDATE_NOT_DELIVERED, about)
        return found.id if found else None

    other = replace(WRITTEN, event_id="U-2", at=NOW + timedelta(days=1))
    arrived = row(other, when=NOW + timedelta(days=1))
    assert done(WRITTEN) is None
    assert done(WRITTEN, spoke("C-1", "2026-11-20 10:30")) is None, "before it was written"
    assert done(WRITTEN, spoke("C-1", "2026-11-21")) == "C-1"
    assert done(WRITTEN, other, rows=(arrived,)) == arrived.notification_id
    assert done(WRITTEN, spoke("C-1", "2026-11-21"), about=("U-9",)) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (None, None),
        ("we have asked  the shop", "We have asked the shop."),
        ("Have you moved? Please tell us!", "Have you moved? Please tell us!"),
    ],
)
def test_what_it_says(words: str | None, said: str | None) -> None:
    event = replace(WRITTEN, words=words)
    s = asked(event)
    planned = plan(asked(WRITTEN))
    wanted = update_of(planned)
    assert wanted is not None
    assert planned.choice is not None
    assert written_for(s, wanted) == event
    assert written_for(s, replace(wanted, notification_id="another")) is None
    content = officer_update(s, wanted, event, planned.choice, planned.agreement, s.occurrence.officer)
    assert (content.words, content.start, content.next_on, content.reference) == (said, "still_looking", date(2026, 12, 9), REFERENCE)
    assert (content.greeting_name, content.address, content.channel_reason) == ("Alex Morgan", (), None)


@pytest.mark.parametrize(("day", "promised"), [(None, None), (date(2026, 11, 20), None), (date(2026, 11, 21), date(2026, 11, 21))])
def test_no_day_that_has_come_is_promised(day: date | None, promised: date | None) -> None:
    planned = plan(asked(WRITTEN))
    wanted, s = update_of(planned), asked(WRITTEN)
    assert wanted is not None
    assert planned.choice is not None
    content = officer_update(s, wanted, replace(WRITTEN, next_update_on=day), planned.choice, planned.agreement, None)
    assert content.next_on == promised
