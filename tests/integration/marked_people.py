"""Records in which everything that is of a person carries a mark, and the search for those marks in what must not hold them.

Must not mark what the product may repeat anywhere: references, enums, and ids of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from chalicelib.adapters.tables import TABLES
from tests.builders import (
    NOW,
    body,
    contact_safety,
    enhanced,
    occurrence_record,
    officer_named,
    officer_record,
    representative,
    supervisor_named,
    victim,
)
from tests.captured import Output
from tests.integration.stack_fixture import RECORDS, WAITING, LocalStack

MARK = "zqzq"
EMAIL, MOBILE, LANDLINE = "zqzqmail.morgan@example.org", "+447700900771", "01632960772"
BORN = "1971-03-09"
NEEDLES = (MARK, "7700900771", "7700 900771", "1632960772", "1632 960772", "7700900773", BORN, "9 march 1971", "09/03/1971")
"""Every mark holds MARK; numbers and the birth date are looked for as they may be written."""


def marked_victim(id: str = "Zqzqvictim", **overrides: Any) -> dict[str, Any]:
    """A victim reached by e-mail unless told otherwise."""
    known: dict[str, Any] = {
        "person_ref": "Zqzqperson",
        "given_name": "Zqzqgiven",
        "family_name": "Zqzqfamily",
        "organisation": "Zqzqorganisation",
        "contact_name": "Zqzqcontact",
        "date_of_birth": BORN,
        "email": EMAIL,
        "mobile": MOBILE,
        "landline": LANDLINE,
        "address": ["1 Zqzqstreet", "Zqzqtown", "DE75 7XX"],
        "requests": "Please ask for Zqzqrequest.",
        "enhanced": enhanced(reasons=["zqzqreason"], assessed_by="Zqzqassessor"),
        "contact_safety": contact_safety(instructions="Call the Zqzqneighbour first.", safe_name="Zqzqsafename", safe_channels=["email"]),
        "written_acknowledgement": {"given_at": None, "method": "Zqzqpaper"},
        "representative": None,
    }
    return victim(id, **(known | overrides))


def marked_representative(**overrides: Any) -> dict[str, Any]:
    known = {
        "given_name": "Zqzqrobin",
        "family_name": "Zqzqelder",
        "email": "zqzqrobin@example.org",
        "mobile": "+447700900773",
        "address": ["2 Zqzqlane", "DE75 7XX"],
    }
    return representative(**(known | overrides))


def marked(reference: str = "26000712345", version: int = 1, **overrides: Any) -> dict[str, Any]:
    """An occurrence that is sound, whatever it says."""
    known: dict[str, Any] = {
        "reference": reference,
        "version": version,
        "summary": "Zqzqsummary: the suspect is Zqzqsuspect.",
        "location": {"text": "Zqzqplace, Heanor", "district": "Zqzqdistrict"},
        "offences": [{"code": "28E", "ho_code": "028/03", "description": "Zqzqdescription", "principal": True}],
        "officer": officer_named("2345", name="PC Zqzqash", email="zqzqash@example.test", phone="01632960772", team="Zqzqteam"),
        "supervisor": supervisor_named("1890", name="Sgt Zqzqreed", email="zqzqreed@example.test"),
        "victims": [marked_victim()],
    }
    record = occurrence_record(now=NOW, message_id="Zqzqmessage", **(known | overrides))
    record["zqzqunknown"] = "Zqzqvalue"
    return record


def marked_text(**overrides: Any) -> str:
    return body(marked(**overrides))


def marks_in(text: str) -> list[str]:
    """The lines of a text that hold a mark, as they stand or behind an escape."""
    found = []
    for line in text.splitlines():
        readable = unquote(line).lower() + " " + _unescaped(line).lower()
        found += [line] if any(needle in readable for needle in NEEDLES) else []
    return found


def _unescaped(line: str) -> str:
    return line.encode("ascii", "ignore").decode("unicode_escape", "ignore")


def all_text(values: Iterable[Any]) -> str:
    return "\n".join(value if isinstance(value, str) else json.dumps(value, default=str) for value in values)


DUE = NOW + timedelta(minutes=35)
HOLDS_RECORDS = {RECORDS, f"{RECORDS}-dlq"}
OFFICER = officer_record(collar_number="2345", name="PC Zqzqash", email="zqzqash@example.test", team="Zqzqteam", supervisor="1890")


def reached_by(channel: str, **overrides: Any) -> dict[str, Any]:
    safety = contact_safety(safe_channels=[channel], instructions="Zqzqinstruction")
    return marked_victim(preferred_channel=channel, contact_safety=safety, **overrides)


def everything_leaves(local: LocalStack) -> None:
    """Past every hold window, in daytime."""
    for wait in (timedelta(minutes=35), timedelta(days=3)):
        local.advance(wait)
        local.sweep()
        local.settle()


def assert_nobody_is_named(local: LocalStack, output: Output) -> None:
    """In no log line or metric, no queue, no key or metadata of an object, no tag, and no table but those that say who a person is, or what
    was said of them."""
    written = output.text.getvalue()
    assert marks_in(written) == []
    assert output.documents, "every line that was written is JSON"
    queued = [message for name in local.queue_urls if name not in {WAITING, *HOLDS_RECORDS} for message in local.take(name)]
    assert marks_in(all_text(queued)) == []
    assert marks_in(all_text(_keys_and_metadata(local))) == []
    assert marks_in(all_text(_table_rows())) == []
    for message in local.accepted:
        assert re.fullmatch("[0-9a-f]{32}", message.notification_id)
        headers = {name: value for name, value in message.headers.items() if name not in ("To", "From")}
        files = [(attached.filename, attached.content_type) for attached in message.attachments]
        assert marks_in(all_text([message.subject, headers, files])) == []


def _keys_and_metadata(local: LocalStack) -> Iterator[Any]:
    s3 = local.client("s3")
    for bucket in local.buckets():
        for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            head = s3.head_object(Bucket=bucket, Key=found["Key"])
            yield [found["Key"], head["Metadata"], head["ContentType"], head["ResponseMetadata"]["HTTPHeaders"]]


def _table_rows() -> Iterator[Any]:
    """All but the case itself, what was told of it, and the directory. A victim's id is a key of what is owed to them, so it alone is
    taken out."""
    for name, model in TABLES.items():
        if name not in ("occurrences", "events", "officers"):
            for row in model.scan(consistent_read=True):
                yield json.dumps(row.serialize()).replace("Zqzqvictim", "")
