"""Records in which everything that is of a person carries a mark, and the search for those marks in what must not hold them.

Must not mark what the product may repeat anywhere: references, enums, and ids of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from tests.builders import NOW, body, contact_safety, enhanced, occurrence_record, officer_named, representative, supervisor_named, victim

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
