"""The local console: plain pages for a person who wants to see what happened to a record.

Must not change anything, needs no script, and shows every value escaped; a mail's HTML is shown only inside a sandboxed frame.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader

from infra.local.case_view import case_view, eleven_digits
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine

_FOLDER = Path(__file__).parent / "templates"
_LONDON = ZoneInfo("Europe/London")
_MOST_LISTED = 200
_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"}


def london(value: str | None) -> str:
    """A stored time for a reader in London."""
    if not value:
        return ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(_LONDON).strftime("%a %d %b %Y %H:%M:%S")


def ahead(seconds: int) -> str:
    """An offset from real time in words, to the minute; empty where there is none."""
    minutes = round(abs(seconds) / 60)
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    told = ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)
    return f"{told} {'ahead of' if seconds > 0 else 'behind'}" if told else ""


def words(value: Any) -> str:
    """An enumeration's value as words."""
    return str(value if value is not None else "").replace("_", " ")


_TEMPLATES = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_TEMPLATES.filters["london"] = london
_TEMPLATES.filters["words"] = words


class Console:
    """The pages over a running machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def home(self, request: Request) -> Reply:
        """Search, counts and the newest cases; a search that finds leads to the case."""
        asked = request.query.get("reference", "").strip()
        reference = eleven_digits(asked)
        if reference and self._machine.tables.of("occurrences", "occurrence_ref", reference):
            return Reply(303, b"", "text/plain", {"location": f"/local/case/{reference}"})
        heads = [json.loads(row["body"]) for row in self._machine.tables.every("occurrences") if row["part"] == "head"]
        heads = [head for head in heads if head.get("facts")]
        heads.sort(key=lambda head: (head["facts"]["recorded_at"], head["reference"]), reverse=True)
        return self._page("home.html", asked=asked, heads=heads[:_MOST_LISTED], more=len(heads) > _MOST_LISTED, counts=self._counts())

    def case(self, request: Request) -> Reply:
        """Everything about one reference."""
        reference = eleven_digits(request.found["reference"])
        view = case_view(self._machine.tables, reference, self._delivered()) if reference else None
        if view is None:
            return self._page("missing.html", 404, asked=request.found["reference"])
        return self._page("case.html", case=view)

    def outbox(self, _request: Request) -> Reply:
        """Every message as its reader sees it, the newest first."""
        delivered = self._delivered()
        newest = delivered[::-1][:_MOST_LISTED]
        return self._page("outbox.html", messages=newest, total=len(delivered))

    def quarantine(self, _request: Request) -> Reply:
        """What could not be recorded: where the faults lie, never what was written there."""
        rows = [json.loads(row["body"]) | {"state": row["state"]} for row in self._machine.tables.every("quarantine")]
        rows.sort(key=lambda row: str(row.get("received_at")))
        return self._page("quarantine.html", rows=rows)

    def style(self, _request: Request) -> Reply:
        """The console's own style sheet."""
        return Reply(200, (_FOLDER / "console.css").read_bytes(), "text/css; charset=utf-8")

    PAGES: ClassVar[Mapping[str, Callable[["Console", Request], Reply]]] = {
        "/local/?": home,
        r"/local/case/(?P<reference>[^/]+)": case,
        "/local/outbox": outbox,
        "/local/quarantine": quarantine,
        r"/local/console\.css": style,
    }

    def _counts(self) -> dict[str, Any]:
        return self._machine.status.counts()

    def _delivered(self) -> list[dict[str, Any]]:
        """The outbox list, each message with the frame that shows its HTML and its count of SMS segments."""
        kept = {message.notification_id: message for message in self._machine.cloud.accepted}
        found = self._machine.outbox.messages(self._machine.clock.offset_seconds)
        for message in found:
            source = kept.get(message["notification_id"])
            message["parts"] = source.parts if source else 0
            message["frame"] = f"/local/message/{source.provider_message_id}/html" if source and source.html else None
        return found

    def _page(self, template: str, status: int = 200, **values: Any) -> Reply:
        now = self._machine.clock.now().isoformat(timespec="seconds")
        text = _TEMPLATES.get_template(template).render(now=now, ahead=ahead(self._machine.clock.offset_seconds), **values)
        return Reply(status, text.encode(), "text/html; charset=utf-8", _HEADERS)
