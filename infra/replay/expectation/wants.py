"""Which messages and tasks should exist for one victim, by the issue's sections 3 to 6.

Pure: the same view gives the same wishes. Must not look at how the rows came about beyond what has left, and changes nothing (settling.py
does).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from infra.replay.expectation import routing
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import points, referable, silent
from infra.replay.expectation.reaching import Choice, allowed_from, choose
from infra.replay.expectation.rights import (
    ACKNOWLEDGEMENT,
    REFERRAL,
    WITH_RIGHTS,
    agreed_updates,
    assessed,
    by_contact,
    deadline,
    on_paper,
    rights,
)
from infra.replay.expectation.routing import OFFICER, SPECIALIST, SUPERVISOR, VCU, Verdict
from infra.replay.expectation.rows import ACCEPTED, ARRIVED, DONE, FAILED, WAITING, Key, Row
from infra.replay.expectation.targeted import crime_of, since
from infra.replay.expectation.telling import owe_news
from infra.replay.expectation.views import View
from infra.replay.expectation.working_days import london_day, working_days_after

_PROPERTY, _PERSON = timedelta(minutes=30), timedelta(hours=24)
_REFERRAL: Key = ("referral", "email")
_HIGH_RISK = "IDVA"
_MEANT_BY = {
    **dict.fromkeys(("tell_victim", "interpreter", "full_words", "not_delivered"), ACKNOWLEDGEMENT[0]),
    **dict.fromkeys(("ask_referral", "tell_referral"), REFERRAL[0]),
}
"""The right that a task meets: whose deadline it has, and what an officer's contact has to cover to do what it asks."""


class Wishes:
    """The wanted rows and tasks of one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.rows: dict[Key, Row] = {}
        self.tasks: dict[Key, Owed] = {}
        self.choice = Choice()
        self.verdict = routing.REMOVED if view.removed else self._verdict()
        self.rights: dict[Key, Owed] = self._rights()
        self._suggest()
        if self.verdict.route == "victim_services":
            self._tell()
        elif self.verdict.unit is not None:
            self._give_to_a_person(self.verdict, self.verdict.unit)
        elif view.sticky or view.specialist_elsewhere:
            self._follow_what_left()
        if self.verdict.rule == "cancelled" and self._had_rights():
            self._task("cancelled", OFFICER)
        self._keep_stopping()
        self._withdraw()
        owe_news(self)

    @property
    def refers(self) -> bool:
        """Whether details are passed on, which the victim's own message then announces."""
        return _REFERRAL in self.rows

    def _had_rights(self) -> bool:
        """Somebody who was the victim of what was recorded as a crime, and has to hear that it is none any more."""
        record, victim = self.view.record, self.view.victim
        crime = record["record_type"] != "incident" or bool(record["offences"])
        return crime and (victim["kind"] != "business" or bool(victim.get("contact_name")))

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

    def _rights(self) -> dict[Key, Owed]:
        found: Iterator[tuple[Key, Owed]] = iter(())
        if self.verdict.route in WITH_RIGHTS:
            found = rights(self.view, automatic=self.verdict.route == "victim_services")
        elif self.keeps_rights:
            found = agreed_updates(self.view)
        return {key: self.placed(owed) for key, owed in found}

    @property
    def keeps_rights(self) -> bool:
        """Nothing breaks the time since which the victim has rights: a transfer or a cancelling ends the agreement, no more."""
        return self.verdict.route in {*WITH_RIGHTS, "transferred"} or self.verdict.rule == "cancelled"

    def placed(self, owed: Owed) -> Owed:
        return replace(owed, route=self.verdict.route, district=routing.district_of(self.view.record))

    def _task(self, purpose: str, unit: str, *facts: str, days: int = 1, kind: str = "task", said: datetime | None = None) -> Key:
        """A task and its mails: a working day from when it is first asked; what meets a right has that right's deadline."""
        key: Key = (purpose, unit, *facts)
        fresh = purpose not in _MEANT_BY
        due = working_days_after(self.view.now, days) if fresh else deadline(self.view)
        done = self._done(key, purpose, unit)
        met_at = min((moment for moment in (done, said) if moment is not None), default=None)
        self.ask(key, unit, Owed(kind, due, fresh=fresh, met_at=met_at, by_record=said is not None and met_at == said))
        return key

    def _done(self, key: Key, purpose: str, unit: str) -> datetime | None:
        covered = _MEANT_BY.get(purpose) if unit == OFFICER else None
        contact = by_contact(self.view, covered) if covered else None
        return min((moment for moment in (self.view.done.get(key), contact) if moment is not None), default=None)

    def _mails(self, key: Key, unit: str, owed: Owed) -> None:
        """To the person, and to their unit where that mail failed; high risk to the duty contact too. Nobody is told of what is done."""
        person = unit if unit in {OFFICER, SUPERVISOR} else "unit"
        first: Key = ("task", *key, "")
        before = self.view.rows.get(first)
        failed = person != "unit" and before is not None and before.state in FAILED
        readers = [("duty", "unit")] if _HIGH_RISK in key[2:] else []
        for reader, audience in [*readers, ("", person), *([("fallback", "unit")] if failed else [])]:
            name: Key = ("task", *key, reader)
            known = self.view.rows.get(name)
            if owed.unmet or (known is not None and known.state in DONE):
                self.rows[name] = Row("task", "email", audience, task=key)

    def _suggest(self) -> None:
        """The officer considers whether the victim is persistently targeted; of what is closed, only where its own crime says so."""
        v, key = self.view, ("persistently_targeted", OFFICER)
        own = crime_of(v.record, v.victim)
        if own is None or self.verdict.route not in WITH_RIGHTS or v.victim.get("deceased"):
            return
        began = since(own, v.crimes, held=self.verdict.hold == SPECIALIST)
        if began is None or (v.record["status"] != "open" and london_day(began) > london_day(own)):
            return
        said, found = v.victim.get("enhanced") or {}, assessed(v)
        settled = found if found is not None and (said["eligible"] or found >= began) else None
        if settled is not None and not any(row.task == key and row.state in DONE for row in v.rows.values()):
            return
        self._task(*key, days=2, said=settled)

    def ask(self, key: Key, unit: str, owed: Owed) -> None:
        """A task as it is, and its mails."""
        self.tasks[key] = self.placed(owed)
        self._mails(key, unit, owed)

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
        self._task("stop_confirm", VCU, kind="stop_notice")
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
                full = channel != "sms"
                self.rows["acknowledgement", channel] = Row("acknowledgement", channel, "victim", not_before=self._opens(), evident=full)
            if self.choice.full is None:
                self._ask_for_words()
        self._refer()

    def _opens(self) -> datetime:
        v = self.view
        return allowed_from(v.victim, v.accepted_at + (_PERSON if routing.personal(v.record) else _PROPERTY))

    def _acknowledged(self) -> bool:
        told = (row for row in self.view.rows.values() if row.template == "acknowledgement" and row.evident)
        return on_paper(self.view) is not None or any(row.state in ARRIVED for row in told)

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
            self._task("refer_again", VCU, days=2)
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
            self.rows[_REFERRAL] = Row("referral", "email", "service", not_before=self._opens(), waits_for=alive, evident=True)

    def _theirs(self, row: Row) -> bool:
        """The notice went to an address that the record still gives."""
        given = points(self.view.victim)
        return row.point is None or not given or row.point in given
