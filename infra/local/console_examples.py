"""The console's examples: buttons and a short form that put a fictional record on the queue, and the page where each is awaited.

Must not write anything but a message on the records queue: what becomes of it, the product decides.
"""

import itertools
import json
import threading
import time

from infra.local.aws import client
from infra.local.case_view import quarantined_of
from infra.local.console_forms import fields, see_other
from infra.local.example_form import CHANNELS, DOMESTIC_ABUSE, LANGUAGES, OFFENCES, START, as_record, faults
from infra.local.example_records import BY_NAME, EXAMPLES, Casting
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine
from infra.local.pages import page
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
        self._sent: dict[str, str] = {}
        self._lock = threading.Lock()

    def show(self, machine: Machine, _request: Request) -> Reply:
        """The buttons and the form."""
        return self._page(machine)

    def post(self, machine: Machine, request: Request) -> Reply:
        """Put an example on the queue, wait a moment until it is recorded, and lead to its page."""
        posted = fields(request)
        name = posted.get("example", "own")
        if name != "own" and name not in BY_NAME:
            return self._page(machine, 400, {"example": "There is no such example."})
        wrong = faults(posted) if name == "own" else {}
        if wrong:
            return self._page(machine, 400, wrong, posted)
        casting = self._casting(machine, name)
        now = machine.clock.now()
        message = as_record(posted, now, casting.reference, casting.person) if name == "own" else BY_NAME[name].body(now, casting)
        sqs = client("sqs", machine.stack.endpoint_url)
        sqs.send_message(QueueUrl=machine.stack.queue_urls[RECORDS_QUEUE], MessageBody=message)
        _await(machine, casting.reference)
        return see_other(f"/local/examples/{casting.reference}")

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

    def _page(self, machine: Machine, status: int = 200, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> Reply:
        return page(
            machine.clock,
            "examples.html",
            status,
            examples=EXAMPLES,
            wrong=wrong or {},
            typed=typed or START,
            offences={code: description for code, (_, description) in OFFENCES.items()},
            channels=CHANNELS,
            languages=LANGUAGES,
            domestic_abuse=DOMESTIC_ABUSE,
            newest=[(reference, BY_NAME.get(name)) for reference, name in reversed(list(self._sent.items()))][:10],
        )


def _await(machine: Machine, reference: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not _recorded(machine, reference) and not quarantined_of(reference):
        time.sleep(_PAUSE_SECONDS)


def _recorded(machine: Machine, reference: str) -> bool:
    """Whether some version of it is recorded; a head that only holds what is in quarantine is none."""
    heads = [row for row in machine.tables.of("occurrences", "occurrence_ref", reference) if row["part"] == "head"]
    return any(json.loads(head["body"]).get("facts") for head in heads)
