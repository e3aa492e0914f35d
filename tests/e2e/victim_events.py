"""What a records system tells of a case after it was recorded, by the published contract, and how what is owed comes back to a customer.

Must not import anything of the product.
"""

import itertools
import json
import re
from datetime import datetime
from typing import Any

from tests.e2e.customer import Customer, Record, long_form, stamp

_numbers = itertools.count(1)
DETAIL = {
    "contact_recorded": "contact",
    "agreement_changed": "change",
    "task_done": "done",
    "hold_released": "release",
    "letter_returned": "letter",
    "investigation_event": "event",
    "officer": "officer",
}
"""By kind the name of what it tells."""


def envelope(customer: Customer, kind: str, detail: Record) -> Record:
    n = next(_numbers)
    head = {"contract": "kept-informed/records/v1", "kind": kind, "message_id": f"e-{n}", "sent_at": stamp(customer.now())}
    return head | {DETAIL[kind]: detail}


def event(customer: Customer, kind: str, record: Record, **detail: Any) -> Record:
    """An event of a record's first victim; times are now unless they are given."""
    occurrence = record["occurrence"]
    known = {"reference": occurrence["reference"], "event_id": f"EV-{next(_numbers)}"}
    if kind not in ("task_done", "investigation_event"):
        known["victim_id"] = occurrence["victims"][0]["id"]
    return envelope(customer, kind, known | detail)


def contact(customer: Customer, record: Record, **detail: Any) -> Record:
    """Somebody spoke to the victim just now and gave them an update."""
    spoken = {"contacted_at": stamp(customer.now()), "method": "phone", "result": "spoken", "by": "2345", "covers": ["update"]}
    return event(customer, "contact_recorded", record, **spoken | detail)


def change(customer: Customer, record: Record, **detail: Any) -> Record:
    """The victim agreed to other terms just now."""
    terms = {"at": stamp(customer.now()), "by": "victim", "every_days": 14, "method": "email", "next_update_on": None, "declined": False}
    return event(customer, "agreement_changed", record, **terms | detail)


def officer(customer: Customer, collar_number: str, version: int = 1, **detail: Any) -> Record:
    """An entry of the directory, on duty."""
    known = {
        "collar_number": collar_number, "version": version, "active": True, "name": f"PC {collar_number}",
        "email": f"{collar_number.lower()}@example.test", "mobile": None, "phone": "101", "team": "Heanor SNT", "supervisor": None,
        "absent_from": None, "absent_until": None, "cover": None,
    }  # fmt: skip
    return envelope(customer, "officer", known | detail)


def digests(customer: Customer, record: Record, *audiences: str) -> list[Record]:
    """The reminders that name an occurrence, oldest first; `audiences` narrows."""
    reference = long_form(record["occurrence"]["reference"])
    found = [m for m in customer.machine.outbox() if m["message"] == "digest" and reference in m["text"]]
    return [m for m in found if not audiences or m["audience"] in audiences]


def days(messages: list[Record]) -> list[str]:
    """The days on which they were accepted."""
    return [m["accepted_at"][:10] for m in messages]


def entry(message: Record, record: Record) -> str:
    """What a reminder says of one occurrence: each thing owed, from its title to its link."""
    reference = long_form(record["occurrence"]["reference"])
    text = message["text"].replace("\r\n", "\n")
    found = re.findall(rf"^{reference}: .*?^Open {reference}\n\S+$", text, re.MULTILINE | re.DOTALL)
    return "\n\n".join(found)


def task_id(message: Record) -> str:
    """The id that a task's mail says."""
    found = re.search(r"\b[0-9a-f]{32}\b", message["text"])
    assert found, message["text"]
    return found.group()


class OutListener:
    """A queue of the records system's own on the topic of what goes out."""

    def __init__(self, customer: Customer, name: str = "records-system-listens") -> None:
        sqs, sns = customer.sqs, customer.machine.client("sns")
        self._sqs = sqs
        self._url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        [topic] = [t["TopicArn"] for t in sns.list_topics()["Topics"] if t["TopicArn"].endswith(":kept-informed-out")]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def taken(self) -> list[Record]:
        """Everything that was published since, each once by its id, in the order of `at`."""
        found: dict[str, Record] = {}
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                told = json.loads(json.loads(message["Body"])["Message"])
                found[told["event_id"]] = told
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return sorted(found.values(), key=lambda told: datetime.fromisoformat(told["at"]))
