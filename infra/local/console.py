"""The local console: plain pages for a person who wants to see what happened to a record.

Must not change anything, needs no script, and shows every value escaped; a mail's HTML is shown only inside a sandboxed frame.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from infra.local.case_view import case_view, eleven_digits
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine
from infra.local.pages import asset, page

_MOST_LISTED = 200


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
        return asset("console.css", "text/css; charset=utf-8")

    def script(self, _request: Request) -> Reply:
        """The console's own script, which no page needs."""
        return asset("console.js", "text/javascript; charset=utf-8")

    PAGES: ClassVar[Mapping[str, Callable[["Console", Request], Reply]]] = {
        "/local/?": home,
        r"/local/case/(?P<reference>[^/]+)": case,
        "/local/outbox": outbox,
        "/local/quarantine": quarantine,
        r"/local/console\.css": style,
        r"/local/console\.js": script,
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
        return page(self._machine.clock, template, status, **values)
