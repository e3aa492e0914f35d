"""Random weeks of few people: the versions of a random replay with everything between them that a records system tells of a case.

Every message has a wave of its own, so everything may touch. Must not know what follows from an event.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.events import EventType
from infra.replay.generator.reasons import HARMLESS
from tests import builders
from tests.replay.expectation_stories import NOW, Story

Line = dict[str, Any]
DAYS = 16
_FIRST = datetime(2026, 11, 19, 8, 0, 30, tzinfo=NOW.tzinfo)


class Weeks:
    """One random run of `DAYS` days; `events` are how many things happen, `tells` is the share of contacts that tell of a key event, `news`
    the weight of key events and reviews of every kind beside the others'."""

    def __init__(
        self, seed: int, *, calm: float = 0.9, events: int = 40, people: int = 4, references: int = 4, tells: float = 0.0, news: int = 0
    ) -> None:
        self.draw = random.Random(f"weeks {seed}")
        self._tells, self._hearings, self._news = tells, dict[str, list[str]](), news
        self._telling = random.Random(f"hearings {seed}")
        story = Story(seed, calm=calm, people=people, references=references)
        self._references = [f"260000{number:05d}" for number in range(1, references + 1)]
        self._bodies: list[str] = []
        self._number = 0
        days: dict[int, list[Line]] = {}
        for line in story.lines:
            days.setdefault(self._later(line["day"]), []).append(line)
        for _ in range(events):
            line = self._event()
            lines = days.setdefault(line["day"], [])
            lines.insert(self.draw.randrange(len(lines) + 1), line)
        self.lines = [line | {"day": day, "wave": wave} for day, lines in sorted(days.items()) for wave, line in enumerate(lines)]

    def _later(self, day: int) -> int:
        """Some versions of the second look come later still."""
        return self.draw.choice([2, 2, 5, 9]) if day else 0

    def _event(self) -> Line:
        day = self.draw.choice([0, *range(DAYS)])
        if self._bodies and self.draw.random() < 0.08:
            return {"day": DAYS - 1, "body": self.draw.choice(self._bodies)}
        kinds = ("contact", "change", "release", "letter", "hearing", "task", "news", "review")
        kind = self.draw.choices(kinds, weights=(50, 18, 10, 6, 4, 12, self._news, self._news // 8))[0]
        if kind == "task":
            return self._task(day)
        self._number += 1
        message = self._happened(day) if kind == "news" else getattr(self, f"_{kind}")(day)
        self._bodies.append(json.dumps(message))
        return {"day": day, "body": self._bodies[-1]}

    def _named(self) -> dict[str, Any]:
        """Whose it is; now and then an id that was given already."""
        number = self._number if self.draw.random() < 0.96 else max(1, self._number - 1)
        return {"reference": self.draw.choice(self._references), "event_id": f"E-{number}"}

    def _victim(self) -> str:
        return self.draw.choice(["V1", "V1", "V1", "V2", "V3"])

    def _moment(self, day: int) -> datetime:
        """Any second between the day before the first report and that evening, odd enough that no two are the same."""
        until = int((NOW + timedelta(days=day) - _FIRST).total_seconds())
        if self.draw.random() < 0.7:
            return NOW + timedelta(days=day) - timedelta(seconds=self.draw.randrange(1, 40_000))
        return _FIRST + timedelta(seconds=self.draw.randrange(until))

    def _next_on(self, at: datetime) -> str | None:
        return (at + timedelta(days=self.draw.randrange(-2, 13))).date().isoformat() if self.draw.random() < 0.5 else None

    def _contact(self, day: int) -> dict[str, Any]:
        at = self._moment(day)
        covers = self.draw.choice(
            [
                ["update"],
                ["update"],
                None,
                [],
                ["update", "referral"],
                ["written_acknowledgement"],
                ["needs_assessment", "update"],
                ["referral"],
            ]
        )
        result = self.draw.choice(["spoken", "spoken", "sent", "given_by_hand", None, "message_left", "no_answer"])
        said = {"contacted_at": at.isoformat(), "result": result, "covers": covers, "next_update_on": self._next_on(at)}
        named = self._named()
        return builders.contact_message(**named, victim_id=self._victim(), covers_event_ids=self._heard(named["reference"]), **said)

    def _heard(self, reference: str) -> list[str]:
        known = self._hearings.get(reference, [])
        return [self._telling.choice(known)] if known and self._telling.random() < self._tells else []

    def _change(self, day: int) -> dict[str, Any]:
        at = self._moment(day)
        terms = {"every_days": self.draw.choice([None, 1, 3, 7, 14]), "next_update_on": self._next_on(at)}
        declined = self.draw.choice([None, False, False, True])
        return builders.change_message(**self._named(), victim_id=self._victim(), at=at.isoformat(), declined=declined, **terms)

    def _release(self, day: int) -> dict[str, Any]:
        return builders.release_message(**self._named(), victim_id=self._victim(), at=self._moment(day).isoformat())

    def _letter(self, day: int) -> dict[str, Any]:
        return builders.letter_message(**self._named(), victim_id=self._victim(), at=self._moment(day).isoformat())

    def _hearing(self, day: int) -> dict[str, Any]:
        some = self.draw.choice([None, ["V1"], ["V2", "V1"]])
        named = self._named()
        self._hearings.setdefault(named["reference"], []).append(named["event_id"])
        return builders.hearing_message(**named, victim_ids=some, happened_at=self._moment(day).isoformat())

    def _happened(self, day: int) -> dict[str, Any]:
        """A key event of any type; some correct an earlier one, or one that never was, or take it back."""
        draw, named = self._telling, self._named()
        known = self._hearings.setdefault(named["reference"], [])
        facts = ("suspect_interviewed", "all_suspects_and_charges", "charged_other_offence", "victim_supports")
        said = {name: draw.choice([True, True, False, None]) for name in facts}
        if known and draw.random() < 0.25:
            said |= {"corrects": draw.choice([*known, "E-none"]), "withdrawn": draw.random() < 0.4}
            if said["corrects"] == named["event_id"]:
                said["corrects"] = None
        known.append(named["event_id"])
        at = self._moment(day)
        received = draw.choice([None, self._moment(day).isoformat()])
        reason = draw.choice([*HARMLESS[::4], "Kim may not go to Wood Street.", None])
        return builders.event_message(
            draw.choice(list(EventType)).value, **named, victim_ids=draw.choice([None, None, ["V1"], ["V2", "V1"]]),
            happened_at=at.isoformat(), received_at=received, reason=reason, **said,
            decided_by=draw.choice(["police", "cps", "police", None]),
        )  # fmt: skip

    def _review(self, day: int) -> dict[str, Any]:
        step = self._telling.choice(["requested", "requested", "acknowledged", "decided"])
        return builders.review_message(step, **self._named(), victim_id=self._victim(), at=self._moment(day).isoformat())

    def _task(self, day: int) -> Line:
        """Somebody does the first task that a victim has by then."""
        self._number += 1
        named, step = self._named(), self.draw.choice(["done", "done", "picked_up", None])
        message = builders.done_message("@task", **named, at=self._moment(day).isoformat(), step=step)
        whose = {"reference": named["reference"], "victim_id": self._victim()}
        return {"day": day, "body": json.dumps(message), "task_of": whose}
