"""A House on a stage: records of one occurrence by version, runs in which a crash or a contended case gives the hint back, and what left.

Must not decide anything, and must not patch the product: it calls the use cases as the entrypoints do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from chalicelib.domain.deadlines import LONDON, local_day
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.leak_rules import Release
from chalicelib.domain.leaks import Leak, find_leaks
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Obligation, ObligationState, Purpose
from chalicelib.domain.profile import Profile
from chalicelib.services.attempts import Attempt
from chalicelib.services.leak_check import leak_policy
from tests import builders
from tests.fake_calls import Crash
from tests.house import House, derbyshire

NOW = builders.NOW
REF = "26000712345"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
profile = cache(derbyshire)


@dataclass(frozen=True)
class Left:
    """One message that a provider accepted."""

    at: datetime
    reference: str
    victim_id: str | None
    template: Template
    audience: str
    channel: str
    to: str
    notification_id: str

    @property
    def outside(self) -> bool:
        return self.audience in ("victim", "service", "public")


def record(version: int = 1, *, reference: str = REF, **overrides: Any) -> dict[str, Any]:
    """A contract record that was true at NOW, whatever the clock says when it arrives."""
    return builders.occurrence_record(reference=reference, version=version, **overrides)


class Stage:
    """`put` delivers a record, `run` works off the hints, `later` moves the clock and sweeps, `left` is what providers accepted."""

    def __init__(self, now: datetime = NOW, *, force: Profile | None = None) -> None:
        self.house = House(now, profile=force or profile())
        self.world = self.house.world
        self.left: list[Left] = []
        self.known: list[dict[str, Any]] = []
        self.releases: list[Release] = []
        self.excused: set[str] = set()
        """Messages whose call was under way when it became known that they should not leave."""
        self._given_back: list[str] = []
        self._turn = 0
        self._seen = [0, 0]
        self._letters: set[str] = set()

    @property
    def now(self) -> datetime:
        return self.house.now

    def put(self, message: dict[str, Any]) -> str:
        outcome = self.house.arrive(message)
        if outcome != "quarantined":
            self.known.append({"received_at": builders.iso(self.now), "record": message})
        return outcome

    def version(self, version: int = 1, *, reference: str = REF, **overrides: Any) -> str:
        return self.put(record(version, reference=reference, **overrides))

    def one(self, notification_id: str) -> Attempt | None:
        """One hint worked off. None: it was given back, and comes again with the next run."""
        self._turn += 1
        try:
            return self.house.deliver.deliver(notification_id, f"worker-{self._turn}", self.now)
        except RetryLater:
            self._given_back.append(notification_id)
            return None
        finally:
            self._collect()

    def run(self) -> list[Attempt]:
        given_back, self._given_back = self._given_back, []
        self.world.queues.dispatched = given_back + self.world.queues.dispatched
        attempts = []
        while ids := self.world.queues.take():
            try:
                attempts += [attempt for key in ids if (attempt := self.one(key))]
            except Crash:
                self._given_back += ids
                raise
        return attempts

    def later(self, by: timedelta) -> list[Attempt]:
        self.world.clock.advance(by)
        return self.sweep()

    def until(self, moment: datetime) -> list[Attempt]:
        return self.later(moment - self.now)

    def through(self, last: date) -> None:
        """As time passes: midnight, seven and noon of every day until noon of `last`, London, with a sweep at each."""
        day = local_day(self.now)
        while day <= last:
            for hour in (time(0, 0, 30), time(7), time(12)):
                instant = datetime.combine(day, hour, LONDON).astimezone(UTC)
                if instant > self.now:
                    self.until(instant)
            day += DAY

    def sweep(self) -> list[Attempt]:
        """Sweep and run until a sweep finds nothing that moves."""
        attempts = self.run()
        for _ in range(20):
            swept = self.house.sweep.sweep(self.now)
            attempts += self.run()
            if not (swept.due or swept.owed):
                break
        return attempts

    def receive(self, row: Notification, state: State = State.DELIVERED, *, permanent: bool = False) -> str:
        outcome = self.house.receive(row.notification_id, state, permanent=permanent)
        self.run()
        return outcome

    def release(self, victim_id: str = "V1", *, reference: str = REF) -> bool:
        self.releases.append(Release(reference, victim_id, self.now))
        return self.house.release.release_specialist(reference, victim_id, "7001", "Flag set in error.", self.now)

    def _collect(self) -> None:
        emails, texts = self.world.email.sent, self.world.sms.sent
        for email in emails[self._seen[0] :]:
            self._note(email.notification_id, email.to)
        for text in texts[self._seen[1] :]:
            self._note(text.notification_id, text.to)
        for key in sorted(self.world.letters.letters.keys() - self._letters):
            victim = self._victim(self.row(key))
            self._note(key, ", ".join(victim.address) if victim else "")
        self._seen = [len(emails), len(texts)]
        self._letters = set(self.world.letters.letters)

    def _note(self, key: str, to: str) -> None:
        row = self.row(key)
        self.left.append(Left(self.now, row.reference, row.victim_id, row.template, str(row.audience), str(row.channel), to, key))

    def _victim(self, row: Notification) -> Any:
        part = self.world.cases.parts.get(row.reference, {}).get(row.victim_id or "")
        return part and (part.victim.representative or part.victim)

    # What a test reads.

    def row(self, key: str) -> Notification:
        return self.world.cases.rows[key]

    def rows(self, template: Template | None = None, *, victim_id: str | None = None, reference: str = REF) -> list[Notification]:
        """Messages of a case; announcements to the records system are none."""
        rows = [row for row in self.world.cases.rows.values() if row.reference == reference and row.template is not Template.OUT]
        rows = [row for row in rows if template in (None, row.template) and victim_id in (None, row.victim_id)]
        return sorted(rows, key=lambda row: (row.template, row.channel, row.notification_id))

    def only(self, template: Template, **which: Any) -> Notification:
        (row,) = self.rows(template, **which)
        return row

    def states(self, template: Template, **which: Any) -> list[tuple[str, str]]:
        return sorted((str(row.channel), str(row.state)) for row in self.rows(template, **which))

    def sent_to(self, *audiences: str) -> list[tuple[str, str]]:
        """(template, to) of everything that left to these readers, in order; reminders apart."""
        return [(str(item.template), item.to) for item in self.left if item.audience in audiences and item.template is not Template.DIGEST]

    def digests(self) -> list[Left]:
        """Every reminder that left, in order."""
        return [item for item in self.left if item.template is Template.DIGEST]

    @property
    def outside(self) -> list[tuple[str, str]]:
        return self.sent_to("victim", "service", "public")

    def owed(self, *, victim_id: str | None = None, reference: str = REF) -> list[Obligation]:
        return [
            item for (ref, _), item in sorted(self.world.cases.owed.items()) if ref == reference and victim_id in (None, item.victim_id)
        ]

    def tasks(self, state: ObligationState | None = None, **which: Any) -> list[Purpose]:
        """What is asked of people, in this state; None: what nobody did yet, in time or late."""
        return sorted(item.purpose for item in self.owed(**which) if item.purpose and (item.state is state if state else item.unmet))

    def task(self, purpose: Purpose, **which: Any) -> Obligation:
        (item,) = [item for item in self.owed(**which) if item.purpose is purpose and item.unmet]
        return item

    def duty(self, kind: str, **which: Any) -> str:
        """State of the one obligation of a kind; "" where there is none."""
        found = [str(item.state) for item in self.owed(**which) if item.kind == kind]
        assert len(found) <= 1
        return found[0] if found else ""

    def content(self, row: Notification) -> Any:
        """What the renderer was last given for a message to this reader."""
        return next(content for template, _, content in reversed(self.world.renderer.rendered) if template is row.template)

    def leaks(self) -> list[Leak]:
        """The independent check over everything that left, texts apart (the fake renderer's are no texts)."""
        policy = leak_policy(self.house.profile, tuple(self.releases))
        told = [(item, self.row(key)) for item in self.left for key in (item.notification_id, *self.row(item.notification_id).speaks_for)]
        messages = [
            {
                "notification_id": item.notification_id, "reference": row.reference, "victim_id": row.victim_id,
                "audience": item.audience, "channel": item.channel, "to": item.to, "accepted_at": builders.iso(item.at),
                "message": str(item.template), "language": self.row(item.notification_id).language, "subject": None, "text": "",
                "html": None, "attachments": [],
            }
            for item, row in told
        ]  # fmt: skip
        return [leak for leak in find_leaks(self.known, messages, policy=policy) if leak.notification_id not in self.excused]


def due(**facts: Any) -> Stage:
    """A record whose hold window ends at this moment; nothing has run."""
    stage = Stage()
    stage.version(**facts)
    stage.world.clock.advance(30 * MINUTE)
    return stage


def hooked(stage: Stage, name: str, when: str, action: Callable[[], Any]) -> None:
    """Run `action` once, at the next call of `name`: another worker, or a decision, comes in between."""

    def on_call(called: str, moment: str) -> None:
        if (called, moment) == (name, when):
            stage.world.calls.on_call = None
            action()

    stage.world.calls.on_call = on_call
