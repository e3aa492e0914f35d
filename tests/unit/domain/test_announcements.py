"""What goes back to the records system, each row a valid event of the published contract and nothing of a person in it.

docs/obligations.md; docs/contract/out-v1.schema.json. What the records system said itself is no news to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.announcements import Announcement, announced, of_agreement, of_message, of_obligations, of_received
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.events import EventType
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import ASSESSED, PAPER, Agreement, Kind, Obligation, ObligationState, Purpose
from chalicelib.schemas.out_events import OutEvent, OutKind
from tests.builders import NOW
from tests.domain_builders import at

OPEN, LATE, BREACHED = ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED
MET, WAIVED = ObligationState.MET, ObligationState.WAIVED
DUE, MET_AT = at("2026-11-24 23:59:59"), at("2026-11-23 15:00")
LATER = NOW + timedelta(days=9)


def owed(state: ObligationState = OPEN, kind: Kind = Kind.UPDATE, **changes: Any) -> Obligation:
    evidence = {"evidence": "C-1", "met_at": MET_AT} if state is MET else {}
    row = Obligation(fact_id("o"), "26000712345", kind, "V1", "UPDATE", date(2021, 4, 1), NOW, DUE, NOW, state=state)
    return replace(row, **evidence | changes)


def task(state: ObligationState = OPEN, **changes: Any) -> Obligation:
    facts: dict[str, Any] = {"unit": Unit.VICTIM_CARE_UNIT, "purpose": Purpose.SPECIALIST}
    return owed(state, **{"kind": Kind.TASK} | facts | changes)


def published(rows: Iterable[Notification]) -> list[dict[str, Any]]:
    """What the rows publish. Each must be a row of the outbox, and an event of the contract."""
    found = []
    for row in rows:
        body = json.loads(row.body or "")
        OutEvent.model_validate_json(row.body or "")
        assert (row.notification_id, row.reference, row.victim_id) == (body["event_id"], body["reference"], body.get("victim_id"))
        assert (row.template, row.audience, row.state) == (Template.OUT, Audience.RECORDS_SYSTEM, State.PENDING)
        assert row.not_before == row.created_at == row.open_at
        assert body["at"] == row.created_at.isoformat()
        assert None not in body.values()
        found.append(body)
    return found


def told(before: Obligation | None, after: Obligation | None) -> list[str]:
    return [body["event"] for body in published(of_obligations([(before, after)], NOW))]


def test_the_contract_has_every_announcement() -> None:
    assert {what.value for what in Announcement} <= {kind.value for kind in OutKind}


RAISED, NEWLY_MET, NEWLY_BREACHED = ["task_raised"], ["obligation_met"], ["obligation_breached"]


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        # what is owed to a victim
        pytest.param(None, owed(), [], id="owed: nothing happened yet"),
        pytest.param(owed(), owed(), [], id="the same"),
        pytest.param(owed(), owed(LATE), [], id="late: reminders say so"),
        pytest.param(owed(), owed(MET), NEWLY_MET, id="met"),
        pytest.param(owed(LATE), owed(MET), NEWLY_MET, id="met late"),
        pytest.param(owed(BREACHED), owed(MET), NEWLY_MET, id="met at last"),
        pytest.param(None, owed(MET, evidence=PAPER), [], id="met as the record arrived: it said so itself"),
        pytest.param(None, owed(MET, evidence=ASSESSED), [], id="assessed as the record arrived: it said so itself"),
        pytest.param(None, owed(MET), NEWLY_MET, id="met by an event as soon as it was owed"),
        pytest.param(owed(MET), owed(MET, evidence="C-0"), NEWLY_MET, id="earlier evidence for what was met"),
        pytest.param(owed(MET), owed(), [], id="evidence taken back: owed again"),
        pytest.param(owed(LATE), owed(BREACHED), NEWLY_BREACHED, id="breached"),
        pytest.param(owed(), owed(BREACHED), NEWLY_BREACHED, id="breached at once"),
        pytest.param(None, owed(BREACHED), NEWLY_BREACHED, id="breached before it reached us"),
        pytest.param(owed(MET), owed(BREACHED), NEWLY_BREACHED, id="evidence taken back, long past the deadline"),
        pytest.param(owed(LATE), owed(BREACHED, reason="closed"), NEWLY_BREACHED, id="ended unmet"),
        pytest.param(owed(BREACHED), owed(BREACHED, reason="closed"), [], id="ended after the breach"),
        pytest.param(owed(), owed(WAIVED, reason="closed"), [], id="waived"),
        pytest.param(owed(WAIVED, reason="closed"), owed(), [], id="owed again"),
        pytest.param(owed(), None, [], id="gone without a trace"),
        # what a person owes
        pytest.param(None, task(), RAISED, id="a task"),
        pytest.param(None, task(LATE), RAISED, id="a task that is late as it is raised"),
        pytest.param(None, task(BREACHED), [*RAISED, *NEWLY_BREACHED], id="a task that is breached as it is raised"),
        pytest.param(None, task(WAIVED, reason="another_question"), [], id="a task that nobody was asked"),
        pytest.param(None, task(MET), NEWLY_MET, id="a task that was done before it was raised"),
        pytest.param(task(WAIVED, reason="another_question"), task(), RAISED, id="a task that is asked again"),
        pytest.param(task(MET), task(), RAISED, id="a task that is to be done again"),
        pytest.param(task(), task(LATE), [], id="a task that becomes late"),
        pytest.param(task(), task(MET), NEWLY_MET, id="a task that is done"),
        pytest.param(task(LATE), task(BREACHED), NEWLY_BREACHED, id="a task that is breached"),
        pytest.param(task(), task(WAIVED, reason="another_question"), [], id="a task that is replaced"),
        pytest.param(None, owed(kind=Kind.REVIEW_DECIDED), [], id="a review that is owed: they told us of the request"),
        pytest.param(owed(LATE, Kind.EVENT), owed(BREACHED, Kind.EVENT), NEWLY_BREACHED, id="news that nobody told"),
        pytest.param(owed(kind=Kind.EVENT), owed(WAIVED, Kind.EVENT, reason="withdrawn"), [], id="news that was taken back"),
        pytest.param(None, task(kind=Kind.STOP_NOTICE, purpose=Purpose.STOP_CONFIRM), RAISED, id="a stop notice"),
        pytest.param(None, task(kind=Kind.QUARANTINED_RECORD, victim_id=None, unit=Unit.OPERATIONS), RAISED, id="a quarantined record"),
    ],
)
def test_what_became_of_an_obligation(before: Obligation | None, after: Obligation | None, news: list[str]) -> None:
    assert told(before, after) == news


def test_what_is_said_of_a_task() -> None:
    (body,) = published(of_obligations([(None, task())], NOW))
    assert body == {
        "contract": "kept-informed/out/v1", "event": "task_raised", "event_id": body["event_id"], "at": "2026-11-20T10:31:00+00:00",
        "reference": "26000712345", "victim_id": "V1", "kind": "task", "purpose": "specialist", "unit": "victim_care_unit",
        "task": fact_id("o"), "obligation": fact_id("o"), "due_at": "2026-11-24T23:59:59+00:00",
    }  # fmt: skip


def test_what_is_owed_of_a_key_event_names_its_type() -> None:
    news = {"kind": Kind.EVENT, "event": EventType.ARRESTED}
    (met,) = published(of_obligations([(owed(**news), owed(MET, **news))], NOW))
    (raised,) = published(of_obligations([(None, task(purpose=Purpose.EVENT_IN_PERSON, event=EventType.CHARGED))], NOW))
    assert (met["kind"], met["event_type"], met["event"]) == ("event", "arrested", "obligation_met")
    assert (raised["kind"], raised["purpose"], raised["event_type"]) == ("task", "event_in_person", "charged")


@pytest.mark.parametrize("evidence", ["C-1", fact_id("n"), PAPER, ASSESSED])
def test_what_is_said_of_what_was_met(evidence: str) -> None:
    (body,) = published(of_obligations([(owed(), owed(MET, evidence=evidence))], NOW))
    assert body == {
        "contract": "kept-informed/out/v1", "event": "obligation_met", "event_id": body["event_id"], "at": "2026-11-20T10:31:00+00:00",
        "reference": "26000712345", "victim_id": "V1", "kind": "update", "obligation": fact_id("o"),
        "due_at": "2026-11-24T23:59:59+00:00", "met_at": "2026-11-23T15:00:00+00:00", "evidence": evidence,
    }  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_obligation_can_be_told(kind: Kind) -> None:
    assert published(of_obligations([(owed(kind=kind), owed(BREACHED, kind=kind))], NOW))[0]["kind"] == kind


def test_the_same_news_has_one_id_and_what_happens_again_another() -> None:
    """A receiver counts an id once: a breach, evidence, its return and the second breach are four events."""
    breach, met = (owed(LATE), owed(BREACHED)), (owed(BREACHED), owed(MET))
    (first,), (again,), (second,) = (published(of_obligations([breach], now)) for now in (NOW, NOW, LATER))
    assert first == again
    assert len({body["event_id"] for body in (first, second, *published(of_obligations([met], NOW)))}) == 3
    others = [replace(owed(BREACHED), obligation_id=fact_id("p")), replace(task(BREACHED), obligation_id=fact_id("q"))]
    rows = published(of_obligations([breach, *((None, other) for other in others)], NOW))
    assert len({body["event_id"] for body in rows}) == len(rows) == 4


AGREEMENT = Agreement("26000712345", "V1", 10, Channel.EMAIL, date(2026, 11, 30), proposed=False)
PROPOSAL = replace(AGREEMENT, proposed=True)


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        pytest.param(None, AGREEMENT, False, id="the record's own, as it arrived"),
        pytest.param(None, PROPOSAL, True, id="the force's default: they cannot know it"),
        pytest.param(AGREEMENT, AGREEMENT, False, id="the same"),
        pytest.param(PROPOSAL, AGREEMENT, True, id="agreed at last"),
        pytest.param(AGREEMENT, replace(AGREEMENT, every_days=14), True, id="other days"),
        pytest.param(AGREEMENT, replace(AGREEMENT, every_days=None), True, id="key events only"),
        pytest.param(AGREEMENT, replace(AGREEMENT, method=Channel.PHONE), True, id="another method"),
        pytest.param(AGREEMENT, replace(AGREEMENT, next_update_on=date(2026, 12, 8)), True, id="another next day"),
        pytest.param(AGREEMENT, replace(AGREEMENT, next_update_on=None, ended="closed"), True, id="ended"),
        pytest.param(AGREEMENT, replace(AGREEMENT, next_update_on=None, declined=True, ended="declined"), True, id="declined"),
        pytest.param(AGREEMENT, replace(AGREEMENT, keeper=Unit.WITNESS_CARE), False, id="another keeper: they told us of the hearing"),
        pytest.param(AGREEMENT, replace(AGREEMENT, agreed_by="victim"), False, id="the same, agreed by another"),
        pytest.param(AGREEMENT, None, False, id="no rights any more"),
        pytest.param(None, None, False, id="none"),
    ],
)
def test_what_became_of_the_agreement(before: Agreement | None, after: Agreement | None, news: bool) -> None:
    rows = published(of_agreement(before, after, NOW))
    assert [row["event"] for row in rows] == (["agreement_changed"] if news else [])


def test_what_is_said_of_an_agreement() -> None:
    (body,) = published(of_agreement(None, replace(PROPOSAL, ended="closed"), NOW))
    assert body == {
        "contract": "kept-informed/out/v1", "event": "agreement_changed", "event_id": body["event_id"], "at": "2026-11-20T10:31:00+00:00",
        "reference": "26000712345", "victim_id": "V1", "every_days": 10, "method": "email", "next_update_on": "2026-11-30",
        "declined": False, "proposed": True, "ended": "closed",
    }  # fmt: skip


def test_an_agreement_that_goes_back_to_what_it_was_is_news_each_time() -> None:
    other = replace(AGREEMENT, every_days=14)
    changes = [(AGREEMENT, other, NOW), (other, AGREEMENT, NOW), (AGREEMENT, other, LATER)]
    assert len({body["event_id"] for change in changes for body in published(of_agreement(*change))}) == 3


def test_that_somebody_wrote_is_told_by_ids_and_names_nobody() -> None:
    answer = task(kind=Kind.CONTACT_ANSWER, victim_id=None, unit=Unit.OFFICER, purpose=Purpose.ANSWER_MESSAGE, begun_by="0" * 32)
    (body,) = published([of_received(answer, NOW)])
    assert body == {
        "contract": "kept-informed/out/v1", "event": "message_received", "event_id": body["event_id"], "at": "2026-11-20T10:31:00+00:00",
        "reference": "26000712345", "message": "0" * 32, "obligation": answer.obligation_id, "task": answer.obligation_id,
        "unit": "officer", "due_at": answer.due_at.isoformat(),
    }  # fmt: skip


def message(**changes: Any) -> Notification:
    row = Notification(fact_id("n"), "26000712345", "V1", Template.ACKNOWLEDGEMENT, Audience.VICTIM, Channel.EMAIL, NOW, NOW)
    return replace(row, **changes)


@pytest.mark.parametrize("audience", Audience)
def test_only_what_leaves_the_force_is_told_as_a_message(audience: Audience) -> None:
    news = published(of_message(message(audience=audience), NOW))
    assert [body["event"] for body in news] == (["notified"] if audience in {Audience.VICTIM, Audience.SERVICE, Audience.PUBLIC} else [])


@pytest.mark.parametrize("template", [Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.STOP_NOTICE, Template.WITHDRAWAL])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.LETTER])
def test_what_is_said_of_a_message(template: Template, channel: Channel) -> None:
    (body,) = published(of_message(message(template=template, channel=channel), NOW))
    assert body == {
        "contract": "kept-informed/out/v1", "event": "notified", "event_id": body["event_id"], "at": "2026-11-20T10:31:00+00:00",
        "reference": "26000712345", "victim_id": "V1", "notification_id": fact_id("n"), "template": template, "channel": channel,
    }  # fmt: skip
    assert published(of_message(message(template=template, channel=channel), LATER))[0]["event_id"] == body["event_id"], "told once"


STATES = st.sampled_from(ObligationState)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(Kind), STATES, STATES, st.sampled_from(Unit), st.none() | st.sampled_from(Purpose), st.booleans(), st.data())
def test_whatever_becomes_of_an_obligation_is_an_event_of_the_contract_or_nothing(
    kind: Kind, before: ObligationState, after: ObligationState, unit: Unit, purpose: Purpose | None, new: bool, data: st.DataObject
) -> None:
    event = data.draw(st.none() | st.sampled_from(EventType))
    became = owed(after, kind, unit=unit, purpose=purpose, event=event, reason="because")
    rows = published(of_obligations([(None if new else owed(before, kind), became)], NOW))
    assert len(rows) <= 2
    assert all("because" not in body.values() for body in rows)


@pytest.mark.parametrize(
    ("before", "after", "counts_as"),
    [
        (owed(), owed(MET), {"outcome": "met_in_time", "kind": "update"}),
        (owed(), owed(MET, met_at=DUE), {"outcome": "met_in_time", "kind": "update"}),
        (owed(LATE), owed(MET, met_at=DUE + timedelta(seconds=1)), {"outcome": "met_late", "kind": "update"}),
        (owed(LATE), owed(BREACHED), {"outcome": "breached", "kind": "update"}),
        (owed(), owed(MET, met_at=None), {"outcome": "published"}),
        (None, task(), {"outcome": "published"}),
    ],
)
def test_what_is_published_counts_in_the_figures_of_its_kind(
    before: Obligation | None, after: Obligation, counts_as: dict[str, str]
) -> None:
    (row,) = of_obligations([(before, after)], LATER)
    assert announced(row) == counts_as


def test_a_row_without_a_body_counts_as_published() -> None:
    (row,) = of_obligations([(owed(), owed(MET))], LATER)
    assert announced(replace(row, body=None)) == {"outcome": "published"}
