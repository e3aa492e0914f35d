"""Which messages and tasks should exist for one victim, by the issue's sections 3 to 6.

Pure: the same view gives the same wishes. Must not look at how the rows came about beyond what has left, and changes nothing (settling.py
does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.replay.expectation import routing
from infra.replay.expectation.people import Point, Victim, points, referable, silent
from infra.replay.expectation.reaching import Choice, allowed_from, choose
from infra.replay.expectation.routing import OFFICER, SPECIALIST, SUPERVISOR, VCU, Verdict
from infra.replay.expectation.rows import ACCEPTED, DONE, FAILED, LEFT, WAITING, Key, Row

_PROPERTY, _PERSON = timedelta(minutes=30), timedelta(hours=24)
_REFERRAL: Key = ("referral", "email")


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is known when a victim is decided about. `rows` are those that exist; a version's own view has none."""

    record: dict[str, Any]
    victim: Victim
    accepted_at: datetime
    now: datetime
    rows: Mapping[Key, Row] = field(default_factory=dict)
    sticky: frozenset[str] = frozenset()
    specialist_elsewhere: bool = False
    silent_elsewhere: bool = False
    closed: frozenset[Point] = frozenset()
    removed: bool = False

    def left(self, template: str) -> list[Row]:
        return [row for row in self.rows.values() if row.template == template and row.state in LEFT]

    def touched(self, template: str) -> list[tuple[Key, Row]]:
        """Rows that left or failed."""
        return [(key, row) for key, row in self.rows.items() if row.template == template and row.state in DONE]


class Wishes:
    """The wanted rows and tasks of one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.rows: dict[Key, Row] = {}
        self.tasks: set[Key] = set()
        self.choice = Choice()
        self.verdict = routing.REMOVED if view.removed else self._verdict()
        if self.verdict.route == "victim_services":
            self._tell()
        elif self.verdict.unit is not None:
            self._give_to_a_person(self.verdict, self.verdict.unit)
        elif view.sticky or view.specialist_elsewhere:
            self._follow_what_left()
        self._keep_stopping()
        self._withdraw()

    @property
    def refers(self) -> bool:
        """Whether details are passed on, which the victim's own message then announces."""
        return _REFERRAL in self.rows

    def _verdict(self) -> Verdict:
        v = self.view
        return routing.decide(
            v.record,
            v.victim,
            v.now,
            sticky=set(v.sticky),
            specialist_elsewhere=v.specialist_elsewhere,
            silent_elsewhere=v.silent_elsewhere,
        )

    @property
    def _referable(self) -> bool:
        return referable(self.view.victim, self.view.record["reported_at"])

    def _task(self, purpose: str, unit: str, *facts: str) -> Key:
        """A task and its mail: to the person, and to their unit where that mail failed."""
        key = (purpose, unit, *facts)
        self.tasks.add(key)
        first: Key = ("task", *key, "")
        person = unit if unit in {OFFICER, SUPERVISOR} else "unit"
        self.rows[first] = Row("task", "email", person, task=key)
        before = self.view.rows.get(first)
        if person != "unit" and before is not None and before.state in FAILED:
            self.rows["task", *key, "fallback"] = Row("task", "email", "unit", task=key)
        return key

    def _give_to_a_person(self, verdict: Verdict, unit: str) -> None:
        if verdict.route == "transferred":
            self._task("transferred", unit)
            return
        doubt = "doubt" if verdict.missing else "by_person"
        self._task(SPECIALIST if verdict.hold == SPECIALIST else doubt, unit, *verdict.destinations, *verdict.missing)
        if verdict.hold == SPECIALIST or verdict.route == "domestic_abuse" or not self._referable:
            self._follow_what_left()

    def _follow_what_left(self) -> None:
        """What left before it was known to be specialist: the unit is told, and the service is told to stop."""
        referred = self.view.left("referral")
        if referred or self.view.left("acknowledgement"):
            self._task("sent_before", VCU)
        if referred:
            self._stop()

    def _stop(self) -> None:
        self._task("stop_confirm", VCU)
        self.rows["stop_notice", "email"] = Row("stop_notice", "email", "service")

    def _keep_stopping(self) -> None:
        """A stop stays owed until a person confirms it."""
        if self.view.left("stop_notice"):
            self._stop()

    def _withdraw(self) -> None:
        opted_out = self.view.victim.get("referral_opt_out") is True
        if opted_out and self.view.left("referral") and ("stop_notice", "email") not in self.rows:
            self.rows["withdrawal", "email"] = Row("withdrawal", "email", "service")

    def _tell(self) -> None:
        v = self.view
        self.choice = choose(v.record, v.victim, v.now, personal=routing.personal(v.record), closed=v.closed)
        told = v.touched("acknowledgement")
        if told:
            self._go_on(dict(told))
        elif self.choice.notice is None:
            self._task("interpreter" if self.choice.need else "tell_victim", OFFICER)
        else:
            for channel in dict.fromkeys((self.choice.notice, self.choice.full or self.choice.notice)):
                words = channel != "sms"
                self.rows["acknowledgement", channel] = Row("acknowledgement", channel, "victim", not_before=self._opens(), words=words)
            if self.choice.full is None:
                self._ask_for_words()
        self._refer()

    def _opens(self) -> datetime:
        v = self.view
        return allowed_from(v.victim, v.accepted_at + (_PERSON if routing.personal(v.record) else _PROPERTY))

    def _acknowledged(self) -> bool:
        paper = (self.view.victim.get("written_acknowledgement") or {}).get("given_at") is not None
        return paper or any(row.words and row.state == "delivered" for row in self.view.rows.values())

    def _ask_for_words(self) -> None:
        """A text names no offence: a person gives the written acknowledgement, unless it is given."""
        if not self._acknowledged():
            self._task("full_words", OFFICER)

    def _go_on(self, told: dict[Key, Row]) -> None:
        """The victim was written to: nothing new is written, what waits by a channel still chosen may leave, failures go to a person."""
        for key, row in self.view.rows.items():
            waits = row.state in WAITING and row.channel in (self.choice.notice, self.choice.full)
            if key in told or (row.template == "acknowledgement" and waits):
                self.rows[key] = row
        if any(row.state in FAILED for row in told.values()):
            self._task("not_delivered", OFFICER)
        if all(row.channel == "sms" for row in self.rows.values() if row.template == "acknowledgement"):
            self._ask_for_words()

    def _refer(self) -> None:
        v = self.view
        before = next(iter(v.touched("referral")), None)
        if before:
            self.rows[before[0]] = before[1]
        if silent(v.victim) or (v.left("referral") and not self._referable):
            self._follow_what_left()
        if not self._referable:
            return
        opted_out = v.victim.get("referral_opt_out")
        if opted_out is False and v.left("withdrawal"):
            self._task("refer_again", VCU)
        elif opted_out is None and not before:
            self._task("ask_referral", OFFICER)
        elif opted_out is False and not before:
            self._refer_first()

    def _refer_first(self) -> None:
        """No notice, no referral; and whoever was told without a word of it hears of it from a person first."""
        gone = [row for row in self.view.rows.values() if row.template == "acknowledgement" and row.state in ACCEPTED]
        if gone and not any(row.announces and self._theirs(row) for row in gone):
            self._task("tell_referral", OFFICER)
            return
        alive = tuple(key for key, row in self.rows.items() if row.template == "acknowledgement" and row.state not in FAILED)
        if alive and self.choice.notice is None:
            self._task("tell_victim", OFFICER)
        elif alive:
            self.rows[_REFERRAL] = Row("referral", "email", "service", not_before=self._opens(), waits_for=alive)

    def _theirs(self, row: Row) -> bool:
        """The notice went to an address that the record still gives."""
        given = points(self.view.victim)
        return row.point is None or not given or row.point in given
