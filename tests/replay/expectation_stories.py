"""Random replays of few people who meet in many records: versions, late ones, duplicates, broken bodies, officers, shared addresses.

Every message has a wave of its own, so everything may touch. Must not know what follows from a record.
"""

from __future__ import annotations

import json
import random
from datetime import datetime
from typing import Any

from tests import builders

NOW = datetime(2026, 11, 24, 20, 5, tzinfo=builders.NOW.tzinfo)
_LINES = {"sort_keys": True}
_CODES = ["28E", "28E", "28E", "45", "58C", "44", "8N", "105A", "39", "34B", "8L", "19C", "8U", "11A", "1", "5D", "", "ZZ9", "N100/1"]
_PERSONAL_SAFE = ["8N", "105A", "39", "28E", "45"]


class Story:
    """One random replay."""

    def __init__(self, seed: int, *, people: int = 4, references: int = 4, messages: int = 14, calm: float = 0.75) -> None:
        self.draw = random.Random(seed)
        self._calm = calm
        self._references = [f"260000{number:05d}" for number in range(1, references + 1)]
        self._people = [self._person(number) for number in range(people)]
        self._versions: dict[str, int] = {}
        self._bodies: list[str] = []
        self.lines = self._all(messages)

    def _odd(self, *others: Any, usual: Any) -> Any:
        return self.draw.choice(others) if self._chance(1.0) else usual

    def _chance(self, share: float) -> bool:
        """Things out of the ordinary are the rarer the calmer the story."""
        return self.draw.random() < share * (1 - self._calm)

    def _person(self, number: int) -> dict[str, Any]:
        """What is told of one person alike in every record, unless a record says otherwise."""
        mailbox = self._odd("bounce", "complaint", "silent", usual="kim") if number == 0 else "kim"
        return {
            "person_ref": self._odd(None, usual=f"N{number}"),
            "email": self._odd(None, "no address", "shared@example.org", usual=f"{mailbox}.{number}@example.org"),
            "mobile": self._odd(None, "12", "07700 900199", "07700 900951", usual=f"+44770090010{number}"),
            "kind": self._odd("business", "police_officer", usual="person"),
            "contact_name": "Charlie Stone",
            "preferred_channel": self._odd("sms", "letter", "phone", None, usual="email"),
            "language": self._odd("pl", "en-GB", None, usual="en"),
            "representative": self._odd(
                builders.representative(), builders.representative(linked_to_suspect=None),
                builders.representative(linked_to_suspect=True), usual=None,
            ),
            "contact_safety": self._safety(),
            "date_of_birth": self._odd("2014-05-05", None, usual="1988-04-02"),
        }  # fmt: skip

    def _safety(self) -> dict[str, Any] | None:
        odd = [
            {"safe_channels": []}, {"safe_channels": None}, {"safe_channels": ["letter"]}, {"safe_channels": ["sms"]},
            {"safe_channels": ["sms", "letter"]}, {"safe_channels": ["email", "sms", "letter", "phone"]}, {"confirmed_at": None},
            {"confirmed_at": "2026-06-01T10:00:00+00:00"}, {"do_not_contact": True}, {"may_say_police": False},
            {"safe_hours": "09:00-12:00"}, {"safe_hours": "after school"}, {"safe_hours": "13:30 - 23:00"},
        ]  # fmt: skip
        chosen = self._odd(None, *odd, usual={})
        return None if chosen is None else builders.contact_safety(**chosen)

    def _victim(self, identity: str, person: dict[str, Any]) -> dict[str, Any]:
        facts = dict(person)
        if self.draw.random() < 0.15:
            facts["contact_safety"] = self._safety()
        facts["relationship_to_suspect"] = self._odd(
            "partner", "unknown", None, "acquaintance", "acquaintance", "acquaintance", usual="stranger"
        )
        facts["referral_opt_out"] = self._odd(True, None, usual=False)
        facts["support_consent"] = self._odd(True, False, usual=None)
        facts["communication_needs"] = self._odd(["bsl"], ["large_print"], usual=[])
        facts["deceased"] = self._chance(0.05)
        if self.draw.random() < 0.1:
            facts["written_acknowledgement"] = {"given_at": "2026-11-20T09:59:00+00:00", "method": "by hand"}
        return builders.victim(identity, **facts)

    def _record(self, reference: str, version: int) -> dict[str, Any]:
        count = self.draw.choice([1, 1, 1, 1, 2, 2, 0])
        codes = [self._odd(*_CODES, usual=self.draw.choice(_PERSONAL_SAFE)) for _ in range(self.draw.choice([1, 1, 1, 2]))]
        return builders.occurrence_record(
            reference=reference,
            version=version,
            status=self._odd("closed", "cancelled", "transferred", usual="open"),
            record_type=self._odd("incident", usual="crime"),
            source=self._odd("999", "third_party", "professional", "online", usual="101"),
            offences=[builders.offence(code, ho_code=None, description=None) for code in codes],
            flags={"domestic_abuse": self._flag(), "stalking_harassment": self._flag(), "safeguarding": self._flag()},
            markers=["same_address"] if self._chance(0.1) else ["other"] if self._chance(0.1) else [],
            restricted=self._chance(0.05),
            dash_risk=self.draw.choice(["high", "medium", "standard"]) if self._chance(0.2) else None,
            linked_references=self._links(reference),
            officer=self._officer(),
            supervisor=self._odd(None, builders.supervisor_named(email="bounce.jo@example.test"), usual=builders.supervisor_named()),
            location={"text": None, "district": self._odd("Derby", "Leeds", None, usual="Amber Valley")},
            victims=[self._victim(f"V{number + 1}", person) for number, person in enumerate(self.draw.sample(self._people, count))],
        )

    def _links(self, reference: str) -> list[str]:
        """Pairs: the first with the second, the third with the fourth."""
        position = self._references.index(reference)
        return self._references[position ^ 1 : (position ^ 1) + 1] if self.draw.random() < 0.5 else []

    def _flag(self) -> bool | None:
        return self.draw.choice([True, None]) if self._chance(0.2) else False

    def _officer(self) -> dict[str, Any] | None:
        named = builders.officer_named
        odd = (None, named(email=None), named(email="bounce.sam@example.test"), named("7777", email=None), named("8888"), named("9999"))
        chosen: dict[str, Any] | None = self._odd(*odd, usual=named())
        return chosen

    def _directory(self) -> list[str]:
        entries = [
            builders.officer_record(collar_number="7777", email="bounce.officer@example.test", supervisor=None),
            builders.officer_record(collar_number="8888", active=False, supervisor="1890"),
            builders.officer_record(collar_number="9999", email=None, supervisor="7777"),
            builders.officer_record(collar_number="9999", version=6),
        ]
        return [json.dumps(entry, **_LINES) for entry in entries if self.draw.random() < 0.8]

    def _next(self) -> str:
        reference = self.draw.choice(self._references)
        chance = self.draw.random()
        if chance < 0.12 and self._bodies:
            return self.draw.choice(self._bodies)
        if chance < 0.12 + 0.1 * (1 - self._calm) + 0.05:
            return self._broken(reference)
        version = self._versions.get(reference, 0) + self.draw.choice([1, 1, 1, 2, 3, -1])
        version = max(1, version)
        self._versions[reference] = max(version, self._versions.get(reference, 0))
        return json.dumps(self._record(reference, version), **_LINES)

    def _broken(self, reference: str) -> str:
        record = self._record(reference, max(1, self._versions.get(reference, 0) + self.draw.choice([0, 1, 2, -1])))
        way = self.draw.randrange(5)
        if way == 0:
            record["occurrence"]["status"] = "sideways"
        elif way == 1:
            del record["occurrence"]["flags"]["safeguarding"]
        elif way == 2:
            record["kind"] = "task_done"
        elif way == 3:
            record["occurrence"]["summary"] = "Other words."  # a contradiction, where the version is known
        else:
            return json.dumps(record)[:-2]
        return json.dumps(record, **_LINES)

    def _all(self, messages: int) -> list[dict[str, Any]]:
        lines = [{"day": 0, "wave": wave, "body": body} for wave, body in enumerate(self._directory())]
        turn = self.draw.randrange(messages // 3, messages)
        for number in range(messages):
            self._bodies.append(self._next())
            lines.append({"day": 2 * (number >= turn), "wave": len(lines), "body": self._bodies[-1]})
        return lines

    @property
    def jsonl(self) -> list[str]:
        """As the replay writes them, the run's own line first."""
        run = {"run": {"seed": 0, "now": builders.iso(NOW), "months": [], "rows": 0, "with_id": 0, "distinct_ids": 0}}
        return [json.dumps(each) for each in (run, *self.lines)]
