"""The process dies before or after every call of a port, in every story that matters: nothing is lost and nobody outside is told twice.

What died is delivered again, as a queue does; the provider's receipts come for whatever it accepted. Must not touch the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.domain.delivery import ACCEPTED, State
from chalicelib.domain.errors import PermanentSendError, RetryLater, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState
from tests.builders import contact_safety, victim
from tests.fake_calls import Crash, When
from tests.unit.services.desk import DANGER, write
from tests.unit.services.record_strategies import HUNT
from tests.unit.services.stage import MINUTE, REF, Stage, profile, record

OTHER = "26000799999"
LINKED = {"linked_references": [REF, OTHER]}
DOMESTIC = {"flags": {"domestic_abuse": True}}
BY_TEXT = victim(preferred_channel="sms", contact_safety=contact_safety(safe_channels=["sms", "letter"]))
# To die at a call that only reads is to die after the effect before it, so the suite dies at effects; KI_EXAMPLES=1 dies everywhere.
EFFECTS = ("commit", "claim", "send", "put", "add", "set_state", "alarm", "dispatch", "publish")
TASKS = {Template.TASK, Template.CONTACT_MESSAGE}
Step = Callable[[Stage], Any]


def put(version: int = 1, **facts: Any) -> Step:
    return lambda stage: stage.put(record(version, **facts))


def people(*ids: str) -> list[Any]:
    return [victim(key) for key in ids]


def later(minutes: int) -> Step:
    """The clock moves once, whatever dies afterwards."""
    moved: list[Stage] = []

    def step(stage: Stage) -> None:
        if stage not in moved:
            moved.append(stage)
            stage.world.clock.advance(minutes * MINUTE)
        stage.sweep()

    return step


def receipts(state: State = State.DELIVERED, template: Template | None = None, *, permanent: bool = False) -> Step:
    """The provider's receipts for everything that it accepted so far; a row that knows already says no change."""

    def step(stage: Stage) -> None:
        for item in list(stage.left):
            if template in (None, item.template):
                stage.receive(stage.row(item.notification_id), state, permanent=permanent)

    return step


def refused(error: Exception) -> Step:
    """The first e-mail is refused, at whatever call that is."""
    scripted: list[Stage] = []

    def step(stage: Stage) -> None:
        if stage not in scripted:
            scripted.append(stage)
            stage.world.calls.fail("email.send", error)

    return step


def writes(message: str = "Please call me.") -> Step:
    """Whoever hears nothing posts the form again."""
    return lambda stage: write(stage, message=message)


def lifted(stage: Stage) -> None:
    stage.house.release.lift_suspension(REF, "7001", stage.now)


STORIES: dict[str, Callable[[], list[Step]]] = {
    "a burglary": lambda: [put(), later(30), receipts()],
    "a text and the full words by letter": lambda: [put(victims=[BY_TEXT]), later(30), receipts()],
    "two linked crimes": lambda: [put(**LINKED), put(reference=OTHER, **LINKED), later(30), receipts()],
    "domestic abuse": lambda: [put(**DOMESTIC), later(30), receipts()],
    "re-classified while held": lambda: [put(), later(5), put(2, **DOMESTIC), later(30), receipts()],
    "re-classified after sending": lambda: [put(), later(30), put(2, **DOMESTIC), later(5), receipts()],
    "opted out after the referral": lambda: [put(), later(30), put(2, victims=[victim(referral_opt_out=True)]), later(5), receipts()],
    "a victim removed and one added": lambda: [put(victims=people("V1", "V2")), put(2, victims=people("V2", "V3")), later(30)],
    "held elsewhere while pending": lambda: [put(), put(reference=OTHER, **DOMESTIC), later(30), receipts()],
    "held elsewhere after sending": lambda: [put(), later(30), put(reference=OTHER, **DOMESTIC), later(5), receipts()],
    "released there": lambda: [
        put(reference=OTHER, **DOMESTIC), put(2, reference=OTHER), put(), later(30), lambda stage: stage.release(reference=OTHER), later(5)
    ],
    "a late specialist version": lambda: [put(2), later(30), put(1, **DOMESTIC), later(5), receipts()],
    "a broken version, lifted by a good one": lambda: [put(), put(2, source="pigeon"), later(30), put(3), later(5), receipts()],
    "a broken version, lifted by a person": lambda: [put(), put(2, source="pigeon"), later(30), lifted, later(5), receipts()],
    "refused for good": lambda: [put(), refused(PermanentSendError("MessageRejected")), later(30), receipts()],
    "refused for now": lambda: [put(), refused(TransientSendError("Throttling")), later(30), later(1), receipts()],
    "never answered": lambda: [put(), refused(UnknownOutcomeError("timeout")), later(30), later(16), receipts()],
    "bounced": lambda: [put(), later(30), receipts(State.BOUNCED, Template.ACKNOWLEDGEMENT, permanent=True), later(5), receipts()],
    "a message through the page": lambda: [put(), later(30), writes(), later(5), receipts()],
    "words of danger in a specialist case": lambda: [put(**DOMESTIC), writes(DANGER), later(20), receipts()],
    "a message before its record": lambda: [writes(), put(), later(30), receipts()],
    "bounced after delivery": lambda: [
        put(), later(30), receipts(), receipts(State.BOUNCED, Template.ACKNOWLEDGEMENT, permanent=True), later(5)
    ],
}  # fmt: skip


@dataclass
class Played:
    stage: Stage
    died_at: tuple[str, When] | None = None
    calls: int = 0
    claimed: list[str] = field(default_factory=list)


def play(steps: list[Step], crash: tuple[int, When] | None = None, begin: Callable[[], Stage] = Stage) -> Played:
    """The story, with one death at the numbered call; the step that died is done again, then everything settles."""
    played = Played(begin())
    stage = played.stage

    def on_call(name: str, when: When) -> None:
        if when == "before":
            played.calls += 1
        here = crash == (played.calls, when) and played.died_at is None
        if here and (HUNT or name.rpartition(".")[2] in EFFECTS):
            played.died_at = (name, when)
            played.claimed = [key for key, row in stage.world.cases.rows.items() if row.state is State.SENDING]
            raise Crash

    stage.world.calls.on_call = on_call
    for step in [*steps, *settling()]:
        for _ in range(5):
            try:
                step(stage)
                break
            except (Crash, RetryLater):
                pass
        else:
            raise AssertionError("a step that never gets through")
    return played


def settling() -> list[Step]:
    """Leases run out, receipts come, tasks leave, whatever a person has to do is with a person."""
    return [later(3), receipts(), later(16), receipts(), later(16), receipts()]


def rows(stage: Stage) -> dict[str, Any]:
    """Every row at the end, without what a death may change: attempts, and when it was decided or sent."""
    row: dict[str, Any] = dict(attempts=0, provider_ref=None, sent_at=None, not_before=None, reason=None, created_at=None, attempted=False)
    row["speaks_for"] = ()
    owed: dict[str, Any] = dict(created_at=None, started_at=None, due_at=None)
    cases = stage.world.cases
    return {
        "heads": {key: replace(head, revision=0, suspension=None, releases=()) for key, head in cases.heads.items()},
        "parts": cases.parts,
        "notifications": {key: replace(one, **row) for key, one in cases.rows.items()},
        "obligations": {key: replace(one, **owed) for key, one in cases.owed.items()},
        "agreements": cases.agreements,
        "points": cases.points,
        "quarantine": {one.quarantine_id: one.state for one in stage.world.quarantine.rows()},
    }


def outside(stage: Stage) -> Counter[tuple[str | None, str, str]]:
    """What left the force, whichever of several linked records it stands under."""
    return Counter((item.victim_id, str(item.template), item.to) for item in stage.left if item.outside)


def assert_every_task_was_told(stage: Stage, where: str) -> None:
    mail = {row.task_id for row in stage.world.cases.rows.values() if row.template in TASKS and row.state in ACCEPTED}
    open_tasks = {item.obligation_id for item in stage.world.cases.owed.values() if item.unit and item.state is ObligationState.OPEN}
    assert open_tasks <= mail, where


APART = Counter({("V1", "referral", profile().victim_service.email or ""): 1})
"""Linked crimes whose one notice died between the writing of its rows are referred apart, each once."""


def assert_a_person_has_it(played: Played, expected: Counter[Any], where: str) -> None:
    """The worker died with a claim in its hand: the message may count as lost, but never twice, and somebody is asked to see to it."""
    stage = played.stage
    assert played.claimed, where
    assert outside(stage) <= (expected + APART if len(stage.world.cases.heads) > 1 else expected), where
    owed = [item for item in stage.world.cases.owed.values() if item.state is ObligationState.OPEN]
    for victim_id, template, _ in expected - outside(stage):
        of_victim = [item for item in owed if item.victim_id == victim_id]
        nothing_owed = template != "acknowledgement" and not any(item.kind is Kind.REFERRAL for item in of_victim)
        assert nothing_owed or any(item.unit for item in of_victim), where


@pytest.mark.parametrize("story", STORIES)
def test_a_death_at_any_call_loses_nothing_and_tells_nobody_twice(story: str) -> None:
    whole = play(STORIES[story]())
    expected = rows(whole.stage)
    tried = 0
    for number in range(1, whole.calls + 1):
        for when in ("before", "after"):
            played = play(STORIES[story](), (number, when))
            if played.died_at is None:
                continue
            tried += 1
            where = f"{story}: died {when} call {number}, {played.died_at[0]}"
            assert_every_task_was_told(played.stage, where)
            ended = rows(played.stage)
            different = [name for name in expected if ended[name] != expected[name]]
            if different or outside(played.stage) != outside(whole.stage):
                assert_a_person_has_it(played, outside(whole.stage), f"{where}: {different}")
    assert tried
