"""The local console's reading pages: the live flow, what is owed, search, the story of an occurrence, messages as their readers see them.

Must not change anything, needs no script, and shows every value escaped; a mail's HTML is shown only inside a sandboxed frame.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from infra.local.case_owed import CaseWords
from infra.local.case_view import case_view, quarantined_of
from infra.local.case_words import message_title, state_means, why_not_yet
from infra.local.due import stamp
from infra.local.duty import directory, force_duty
from infra.local.example_cases import TASKS
from infra.local.example_events import EVENTS
from infra.local.flow import Flow
from infra.local.http_server import Reply, Request
from infra.local.live_tables import partitions
from infra.local.machine import Machine
from infra.local.message_view import PAGE_SIZE, message_view, newest
from infra.local.owed_view import owed_now
from infra.local.owed_words import STANDINGS
from infra.local.pages import asset, fragment, page
from infra.local.pdf_view import page_picture
from infra.local.plain_words import OWED
from infra.local.received import Received
from infra.local.references import could_mean, eleven_digits
from infra.local.story import story

_MOST_LISTED = 200
_CHANNELS = ("email", "sms", "letter")
_AUDIENCES = ("victim", "service", "officer", "supervisor", "unit", "operations")


class Console:
    """The pages over a running machine; one lasts as long as its machine, since it keeps what it has read."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._flow = Flow()
        self._received = Received(machine.stack.endpoint_url, machine.stack.environment["KI_ARCHIVE_BUCKET"])

    def home(self, request: Request) -> Reply:
        """What the product does, and the live flow; a reference that is asked for here is searched for."""
        if request.query.get("reference", "").strip():
            return self.search(request)
        return self._page("home.html", flow=self._flow.now(self.machine))

    def flow(self, _request: Request) -> Reply:
        """The live part of the home page alone."""
        return fragment(self.machine.clock, "flow.html", flow=self._flow.now(self.machine))

    def search(self, request: Request) -> Reply:
        """A reference in any spelling leads to its occurrence; otherwise what it could mean, or how to spell it."""
        asked = request.query.get("reference", "").strip()[:100]
        reference = eleven_digits(asked)
        if reference and self._is_known(reference):
            return Reply(303, b"", "text/plain", {"location": f"/local/case/{reference}"})
        return self._missing(asked, 200)

    def case(self, request: Request) -> Reply:
        """The story of one occurrence, and everything that is stored about it."""
        asked = request.found["reference"]
        reference = eleven_digits(asked)
        accepted = self.machine.cloud.outbox.all()
        view = case_view(self.machine.tables, self._received, reference, accepted) if reference else None
        if view is None:
            return self._missing(asked, 404)
        now = stamp(self.machine.clock.now())
        told = story(view, now, force_duty(), directory())
        words = CaseWords(view, force_duty(), now)
        return self._page(
            "case.html",
            case=view,
            story=told,
            words=words,
            title_of=message_title,
            means=state_means,
            why=why_not_yet,
            events=EVENTS,
            tasks=TASKS,
        )

    def owed(self, request: Request) -> Reply:
        """What is owed now, of one officer and of one kind where they are asked for."""
        officer, kind = request.query.get("officer", "").strip()[:30], _one_of(request.query.get("kind", ""), tuple(OWED))
        found = owed_now(self.machine.clock.now(), force_duty(), officer, kind)
        return self._page("owed.html", owed=found, officer=officer, kind=kind, kinds=tuple(OWED), standings=STANDINGS)

    def outbox(self, request: Request) -> Reply:
        """The messages that left, the newest first, by channel and reader."""
        channel = _one_of(request.query.get("channel", ""), _CHANNELS)
        audience = _one_of(request.query.get("audience", ""), _AUDIENCES)
        number = _page_number(request.query.get("page", ""))
        listed, total = newest(self.machine, channel, audience, number - 1)
        return self._page(
            "outbox.html",
            listed=listed,
            total=total,
            channel=channel,
            audience=audience,
            channels=_CHANNELS,
            audiences=_AUDIENCES,
            number_of=number,
            pages=max(1, -(-total // PAGE_SIZE)),
        )

    def message(self, request: Request) -> Reply:
        """One message as its reader sees it."""
        view = message_view(self.machine, request.found["id"])
        if view is None:
            return self._page("message_missing.html", 404)
        return self._page("message.html", message=view)

    def attached_page(self, request: Request) -> Reply:
        """A page of a PDF that came with a mail, as a picture."""
        message, index = self.machine.cloud.outbox.find(request.found["id"]), int(request.found["index"])
        file = message.content_of(index) if message and index < len(message.attachments) else None
        return self._picture(file, request)

    def letter_page(self, request: Request) -> Reply:
        """A page of a letter as a picture."""
        return self._picture(self.machine.letters.pdf(request.found["id"]), request)

    def quarantine(self, _request: Request) -> Reply:
        """What could not be recorded: where the faults lie, never what was written there."""
        rows = quarantined_of()[::-1]
        return self._page("quarantine.html", rows=rows[:_MOST_LISTED], total=len(rows))

    def style(self, _request: Request) -> Reply:
        """The console's own style sheet."""
        return asset("console.css", "text/css; charset=utf-8")

    def script(self, _request: Request) -> Reply:
        """The console's own script, which no page needs."""
        return asset("console.js", "text/javascript; charset=utf-8")

    PAGES: ClassVar[Mapping[str, Callable[["Console", Request], Reply]]] = {
        "/local/?": home,
        "/local/flow": flow,
        "/local/search": search,
        r"/local/case/(?P<reference>[^/]+)": case,
        "/local/owed": owed,
        "/local/outbox": outbox,
        r"/local/message/(?P<id>[0-9A-Za-z_-]{1,200})": message,
        r"/local/message/(?P<id>[0-9A-Za-z_-]{1,200})/(?P<index>\d{1,3})/(?P<page>\d{1,3})\.png": attached_page,
        r"/local/letter/(?P<id>[0-9A-Za-z_-]{1,200})\.pdf/(?P<page>\d{1,3})\.png": letter_page,
        "/local/quarantine": quarantine,
        r"/local/console\.css": style,
        r"/local/console\.js": script,
    }

    def _is_known(self, reference: str) -> bool:
        return bool(self.machine.tables.of("occurrences", "occurrence_ref", reference)) or bool(quarantined_of(reference))

    def _missing(self, asked: str, status: int) -> Reply:
        stored = partitions("occurrences")
        meant = could_mean(asked, stored)
        return self._page("missing.html", status, asked=asked, meant=meant, newest=stored[::-1][:5])

    def _picture(self, pdf: bytes | None, request: Request) -> Reply:
        picture = page_picture(pdf, int(request.found["page"]) - 1) if pdf else None
        if picture is None:
            return self._page("message_missing.html", 404)
        return Reply(200, picture, "image/png", {"x-content-type-options": "nosniff"})

    def _page(self, template: str, status: int = 200, **values: Any) -> Reply:
        return page(self.machine.clock, template, status, **values)


def _one_of(asked: str, known: tuple[str, ...]) -> str:
    return asked if asked in known else ""


def _page_number(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
