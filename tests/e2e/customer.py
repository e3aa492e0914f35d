"""A customer of the running machine: writes records by the published contract and reads back what anybody may read.

Must not import anything of the product: everything here is known from the contract alone.
"""

import itertools
import json
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tests.e2e.local_machine import Running

Record = dict[str, Any]
_numbers = itertools.count(1)
_mobiles = itertools.count(0)


def new_mobile() -> str:
    """A number of its own out of Ofcom's thousand for stories."""
    return f"+447700900{next(_mobiles):03d}"


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@dataclass
class Customer:
    """One running machine, with every record that was sent to it and when (for the leak check)."""

    machine: Running
    sent: list[tuple[datetime, str]] = field(default_factory=list)

    @cached_property
    def sqs(self) -> Any:
        return self.machine.client("sqs")

    def now(self) -> datetime:
        return datetime.fromisoformat(self.machine.call("/local/clock")[1]["clock"])

    def record(self, *changes: Callable[[Record], Any], **occurrence: Any) -> Record:
        """A burglary with one adult victim who may be told by e-mail, with a reference and a person of its own.

        All such records are one officer's (see `own_officer`), so that a morning brings one reminder, however many were left alone.
        """
        n = next(_numbers)
        now = self.now()
        reported = now - timedelta(hours=1)
        record: Record = {
            "contract": "kept-informed/records/v1",
            "kind": "occurrence",
            "message_id": f"m-{n}",
            "sent_at": stamp(now - timedelta(seconds=5)),
            "occurrence": {
                "reference": f"26{n:09d}",
                "version": 1,
                "status": "open",
                "record_type": "crime",
                "reported_at": stamp(reported),
                "recorded_at": stamp(now - timedelta(minutes=30)),
                "occurred_from": stamp(reported - timedelta(hours=10)),
                "occurred_to": stamp(reported - timedelta(hours=2)),
                "summary": "Rear door forced overnight, bicycle and tools taken from the garage.",
                "location": {"text": "Wood Street, Heanor", "district": "Amber Valley"},
                "source": "101",
                "offences": [{"code": "28E", "ho_code": "028/03", "description": "Burglary residential", "principal": True}],
                "flags": {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False},
                "markers": [],
                "restricted": False,
                "dash_risk": None,
                "linked_references": [],
                "officer": {
                    "collar_number": "Z1",
                    "name": "PC Sam Ash",
                    "email": "sam.ash@example.test",
                    "phone": "101",
                    "team": "Heanor SNT",
                },
                "supervisor": {"collar_number": "Y1", "name": "Sgt Jo Reed", "email": "jo.reed@example.test"},
                "victims": [self.victim(now)],
            },
        }
        record["occurrence"].update(occurrence)
        for change in changes:
            change(record["occurrence"])
        return record

    def victim(self, now: datetime | None = None, **changes: Any) -> Record:
        n = next(_numbers)
        assessed = stamp((now or self.now()) - timedelta(minutes=45))
        return {
            "id": f"V{n}",
            "person_ref": f"N{n}",
            "kind": "person",
            "given_name": "Alex",
            "family_name": f"Morgan{n}",
            "organisation": None,
            "contact_name": None,
            "date_of_birth": "1988-04-02",
            "deceased": False,
            "email": f"victim{n}@example.org",
            "mobile": None,
            "landline": None,
            "address": [f"{n} Wood Street", "Heanor", "DE75 7XX"],
            "preferred_channel": "email",
            "language": "en",
            "communication_needs": [],
            "enhanced": {"eligible": False, "reasons": [], "assessed_by": "2345", "assessed_at": assessed},
            "contact_safety": {
                "safe_channels": ["email", "sms"],
                "do_not_contact": False,
                "confirmed_at": assessed,
                "safe_hours": None,
                "safe_name": None,
                "voicemail_ok": None,
                "may_say_police": None,
                "instructions": None,
            },
            "relationship_to_suspect": "stranger",
            "referral_opt_out": False,
            "support_consent": None,
            "requests": None,
            "representative": None,
            "written_acknowledgement": None,
            "update_agreement": {"every_days": 10, "method": "email", "next_update_on": None, "declined": False},
        } | changes

    def put(self, *bodies: Record | str) -> None:
        """On the queue, ten a call, as a records system would."""
        sqs = self.sqs
        url = sqs.get_queue_url(QueueName="kept-informed-records")["QueueUrl"]
        texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
        self.sent += [(self.now(), text) for text in texts]
        for start in range(0, len(texts), 10):
            entries = [{"Id": str(i), "MessageBody": text} for i, text in enumerate(texts[start : start + 10])]
            if sum(len(text.encode()) for text in texts[start : start + 10]) > 900_000 or len(entries) == 1:
                for text in texts[start : start + 10]:
                    sqs.send_message(QueueUrl=url, MessageBody=text)
            else:
                answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
                assert not answer.get("Failed"), answer

    def told(self, *bodies: Record | str) -> None:
        """On the queue and worked off."""
        self.put(*bodies)
        self.machine.drain()

    def until_daytime_after(self, hours: float) -> None:
        """At least so many hours pass, and then on to the next eleven o'clock (UTC) of a day: nothing is held for the night any more."""
        then = self.now() + timedelta(hours=hours)
        day = then if then.hour < 11 else then + timedelta(days=1)
        self.set_clock(day.replace(hour=11, minute=0, second=0, microsecond=0))

    def set_clock(self, moment: datetime) -> None:
        status, answer, _ = self.machine.call("/local/clock", {"set": stamp(moment)})
        assert status == 200, answer

    def delivered(self, record: Record | str, *audiences: str) -> list[Record]:
        """What was delivered about an occurrence, oldest first; `audiences` narrows."""
        reference = record if isinstance(record, str) else long_form(record["occurrence"]["reference"])
        return [m for m in self.machine.outbox() if m["reference"] == reference and (not audiences or m["audience"] in audiences)]

    def faults(self, *rules: Record) -> None:
        status, answer, _ = self.machine.call("/local/faults", list(rules))
        assert status == 200, answer

    def quiet_in_the_end(self, tries: int = 30) -> None:
        """Drains; while it does not get quiet the clock moves on past a lease or a backoff."""
        for _ in range(tries):
            status, answer, _ = self.machine.call("/local/drain", {})
            if (status, answer) == (200, {"quiet": True}):
                return
            time.sleep(1)
        raise AssertionError(answer)


def long_form(reference: str) -> str:
    return reference if "*" not in reference else f"{reference[:2]}000{reference[3:]}"


def quarantined(customer: Customer) -> dict[str, Record]:
    """The rows of the quarantine table by id."""
    pages = customer.machine.client("dynamodb").get_paginator("scan").paginate(TableName="kept-informed-quarantine")
    return {item["quarantine_id"]["S"]: json.loads(item["body"]["S"]) for page in pages for item in page["Items"]}


def version(record: Record, number: int, *changes: Callable[[Record], Any], **occurrence: Any) -> Record:
    """A later (or earlier) version of the same occurrence."""
    later = deepcopy(record)
    later["message_id"] += f"-v{number}"
    later["occurrence"]["version"] = number
    later["occurrence"].update(occurrence)
    for change in changes:
        change(later["occurrence"])
    return later


def on_victim(**values: Any) -> Callable[[Record], None]:
    """A change of the first victim; `contact_safety` given as a dict is laid over what is there."""

    def change(occurrence: Record) -> None:
        victim = occurrence["victims"][0]
        for name, value in values.items():
            laid_over = name == "contact_safety" and isinstance(value, dict)
            victim[name] = (victim[name] or {}) | value if laid_over else value

    return change


def own_officer(occurrence: Record) -> None:
    """A change: an officer and a supervisor whom no other record names."""
    n = next(_numbers)
    occurrence["officer"] |= {"collar_number": f"Z{n}", "email": f"officer{n}@example.test"}
    occurrence["supervisor"] |= {"collar_number": f"Y{n}", "email": f"supervisor{n}@example.test"}


def safe(*channels: str) -> Callable[[Record], None]:
    return on_victim(contact_safety={"safe_channels": list(channels)})


def offence(code: str, **more: Any) -> Record:
    return {"code": code, "ho_code": None, "description": None, "principal": True} | more
