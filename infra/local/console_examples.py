"""The console's examples: buttons and short forms that put a fictional record or event on the queue, and the page where each is awaited.

Must not write anything but a message on the records queue: what becomes of it, the product decides.
"""

import itertools
import json
import threading
import time
from collections.abc import Callable

from infra.local.aws import client
from infra.local.case_view import quarantined_of
from infra.local.console_forms import fields, see_other
from infra.local.example_cases import told_of
from infra.local.example_events import EVENT_BY_NAME, EVENTS
from infra.local.example_form import CHANNELS, DOMESTIC_ABUSE, LANGUAGES, OFFENCES, START, as_record, faults
from infra.local.example_records import BY_NAME, EXAMPLES, Casting
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine
from infra.local.pages import page
from infra.local.references import eleven_digits
from infra.local.status import RECORDS_QUEUE

# References and persons that the demonstration does not use.
_FIRST_NUMBER = 900_001
MOBILES = range(600, 650)
"""Last digits of the drama numbers that examples take by turns: neither the demonstration nor a replay uses them."""
# A record is usually there in a tenth of this; whoever must wait longer is told so.
PATIENCE_SECONDS = 4.0
_PAUSE_SECONDS = 0.05


class ExamplesPage:
    """One for a site, since it counts: every press makes a record of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count(_FIRST_NUMBER)
        self._events = itertools.count(1)
        self._sent: dict[str, str] = {}
        self._lock = threading.Lock()

    def show(self, machine: Machine, _request: Request) -> Reply:
        """The buttons and the form."""
        return self._page(machine)

    def post(self, machine: Machine, request: Request) -> Reply:
        """Put an example on the queue, wait a moment until it is recorded, and lead to its page."""
        posted = fields(request)
        if "event" in posted:
            return self._tell(machine, posted)
        name = posted.get("example", "own")
        if name != "own" and name not in BY_NAME:
            return self._page(machine, 400, {"example": "There is no such example."})
        wrong = faults(posted) if name == "own" else {}
        if wrong:
            return self._page(machine, 400, wrong, posted)
        casting = self._casting(machine, name)
        now = machine.clock.now()
        message = as_record(posted, now, casting.reference, casting.person) if name == "own" else BY_NAME[name].body(now, casting)
        _send(machine, message)
        _await(lambda: _recorded(machine, casting.reference) or bool(quarantined_of(casting.reference)))
        return see_other(f"/local/examples/{casting.reference}")

    def _tell(self, machine: Machine, posted: dict[str, str]) -> Reply:
        """Put an event of a case on the queue, wait a moment until it is kept, and lead to the case."""
        reference, example = eleven_digits(posted.get("reference", "")), EVENT_BY_NAME.get(posted["event"])
        found = told_of(machine.tables, reference) if reference else None
        if found is None:
            return self._page(machine, 400, {"reference": "Enter the reference of a case that is recorded."}, told=posted)
        if example is None:
            return self._page(machine, 400, {"event": "Choose one of the list."}, told=posted)
        teller = found.teller(posted.get("victim", ""), posted.get("task", ""))
        if teller is None or (example.of_task and not teller.task):
            wrong = {"event": "That case has no open task."} if teller else {"victim": "The case has no such victim."}
            return self._page(machine, 400, wrong, told=posted)
        with self._lock:
            event_id = f"console-{next(self._events)}-{machine.clock.now():%Y%m%dT%H%M%S}"
        _send(machine, example.body(machine.clock.now(), teller, event_id))
        _await(lambda: found.keeps(machine.tables, event_id))
        return see_other(f"/local/case/{teller.reference}#story")

    def sent(self, machine: Machine, request: Request) -> Reply:
        """An example that was sent: its case as soon as it is recorded; what holds it up until then."""
        reference = request.found["reference"]
        name = self._sent.get(reference)
        if name is None:
            return page(machine.clock, "missing.html", 404, asked=reference)
        if _recorded(machine, reference):
            return see_other(f"/local/case/{reference}")
        refusals = quarantined_of(reference)
        return page(machine.clock, "example_sent.html", reference=reference, example=BY_NAME.get(name), refusals=refusals)

    def _casting(self, machine: Machine, name: str) -> Casting:
        """A reference, a person and addresses of its own."""
        with self._lock:
            for number in self._numbers:
                reference = f"{machine.clock.now():%y}{number:09d}"
                if not machine.tables.of("occurrences", "occurrence_ref", reference):
                    self._sent[reference] = name
                    mobile = f"+447700900{MOBILES[number % len(MOBILES)]:03d}"
                    return Casting(reference, number, mobile, f".{number}")
        raise AssertionError("a count without an end has ended")

    def _page(
        self,
        machine: Machine,
        status: int = 200,
        wrong: dict[str, str] | None = None,
        typed: dict[str, str] | None = None,
        told: dict[str, str] | None = None,
    ) -> Reply:
        return page(
            machine.clock,
            "examples.html",
            status,
            examples=EXAMPLES,
            wrong=wrong or {},
            typed=typed or START,
            told=told or {},
            events={example.name: example.title for example in EVENTS},
            offences={code: description for code, (_, description) in OFFENCES.items()},
            channels=CHANNELS,
            languages=LANGUAGES,
            domestic_abuse=DOMESTIC_ABUSE,
            newest=[(reference, BY_NAME.get(name)) for reference, name in reversed(list(self._sent.items()))][:10],
        )


def _send(machine: Machine, message: str) -> None:
    sqs = client("sqs", machine.stack.endpoint_url)
    sqs.send_message(QueueUrl=machine.stack.queue_urls[RECORDS_QUEUE], MessageBody=message)


def _await(there: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not there():
        time.sleep(_PAUSE_SECONDS)


def _recorded(machine: Machine, reference: str) -> bool:
    """Whether some version of it is recorded; a head that only holds what is in quarantine is none."""
    heads = [row for row in machine.tables.of("occurrences", "occurrence_ref", reference) if row["part"] == "head"]
    return any(json.loads(head["body"]).get("facts") for head in heads)
