"""What `/local/` answers: readiness, outbox, counts, clock, drain and faults as JSON, and the files behind the messages.

Every other path is the pages', which the gateway serves.

Must not hold state; the shapes are fixed by CONTRACT.md section 3.
"""

import functools
from collections.abc import Callable

from infra.local.clock import ClockRequestError, requested
from infra.local.console import Console
from infra.local.console_examples import ExamplesPage
from infra.local.console_faults import FaultsPage
from infra.local.console_forms import refused
from infra.local.console_time import ClockPage
from infra.local.faults import FaultRuleError
from infra.local.http_server import Handler, Reply, Request, Site, json_reply
from infra.local.machine import Machine
from infra.local.pages import asset
from infra.local.sign_in_pages import SignInPages
from infra.local.sign_in_provider import AUTHORIZE, LOGOUT, TOKEN

# A message is shown as its reader sees it, and may do nothing else here.
_INERT = {"content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}

OnMachine = Callable[[Machine, Request], Reply]


def site(machine: Callable[[], Machine | None]) -> Site:
    """The pages of a machine that may still be starting: until then every page but readiness answers 503."""

    def up(handler: OnMachine) -> Handler:
        @functools.wraps(handler)
        def guarded(request: Request) -> Reply:
            if request.method == "POST" and (refusal := refused(request)):
                return refusal
            running = machine()
            return handler(running, request) if running else json_reply({"ready": False}, 503)

        return guarded

    console = _one_console()
    clock, faults, examples, sign_in = ClockPage(), FaultsPage(), ExamplesPage(), SignInPages()
    return Site(
        [
            ("GET", "/local/ready", up(lambda _machine, _request: json_reply({"ready": True}))),
            ("GET", "/local/outbox.json", up(_outbox)),
            ("GET", "/local/status.json", up(lambda machine, _request: json_reply(machine.status.counts()))),
            ("GET", "/local/costs.json", up(lambda machine, _request: json_reply(machine.cloud.costs.document()))),
            ("POST", "/local/costs/reset", up(_reset_costs)),
            ("GET", "/local/clock", up(lambda machine, _request: _clock(machine))),
            ("POST", "/local/clock", up(functools.partial(_move, clock))),
            ("POST", "/local/drain", up(_drain)),
            ("GET", "/local/faults", up(lambda machine, _request: json_reply(machine.cloud.faults.remaining()))),
            ("POST", "/local/faults", up(_faults)),
            ("GET", r"/local/message/(?P<id>[^/]+)/html", up(_html)),
            ("GET", r"/local/message/(?P<id>[^/]+)/(?P<index>\d+)", up(_attachment)),
            ("GET", r"/local/letter/(?P<id>[0-9A-Za-z_-]+)\.pdf", up(_letter)),
            ("GET", r"/local/icon\.svg", up(lambda _machine, _request: asset("icon.svg", "image/svg+xml"))),
            ("GET", "/local/time", up(clock.show)),
            ("POST", "/local/time", up(clock.post)),
            ("GET", "/local/faulting", up(faults.show)),
            ("GET", "/local/faulting/repair", up(faults.repair)),
            ("POST", "/local/faulting", up(faults.post)),
            ("GET", "/local/examples", up(examples.show)),
            ("POST", "/local/examples", up(examples.post)),
            ("GET", r"/local/examples/(?P<reference>\d{11})", up(examples.sent)),
            ("GET", AUTHORIZE, up(sign_in.choose)),
            ("POST", AUTHORIZE, up(sign_in.chosen)),
            ("POST", TOKEN, up(sign_in.token)),
            ("GET", LOGOUT, up(sign_in.out)),
            *[("GET", path, up(functools.partial(_page, console, page))) for path, page in Console.PAGES.items()],
        ],
        otherwise=lambda request: running.gateway.answer(request) if (running := machine()) else json_reply({"ready": False}, 503),
    )


def _one_console() -> Callable[[Machine], Console]:
    """The console of a machine, the same one each time: it keeps what it has read."""
    kept: list[Console] = []

    def console(machine: Machine) -> Console:
        if not kept or kept[0].machine is not machine:
            kept[:] = [Console(machine)]
        return kept[0]

    return console


def _page(console: Callable[[Machine], Console], page: Callable[[Console, Request], Reply], machine: Machine, request: Request) -> Reply:
    return page(console(machine), request)


def _outbox(machine: Machine, _request: Request) -> Reply:
    return json_reply(machine.outbox.messages(machine.clock.offset_seconds))


def _reset_costs(machine: Machine, _request: Request) -> Reply:
    machine.cloud.costs.reset()
    return json_reply(machine.cloud.costs.document())


def _clock(machine: Machine) -> Reply:
    now = machine.clock.now().isoformat(timespec="seconds")
    return json_reply({"clock": now, "offset_seconds": machine.clock.offset_seconds})


def _move(page: ClockPage, machine: Machine, request: Request) -> Reply:
    try:
        target = requested(request.json(), machine.clock.now())
    except ClockRequestError as error:
        return json_reply({"error": str(error)}, 400)
    except ValueError:
        return json_reply({"error": "the body is not JSON"}, 400)
    remaining = page.moved(machine, target)
    return json_reply({"quiet": False, "remaining": remaining}, 504) if remaining else _clock(machine)


def _drain(machine: Machine, _request: Request) -> Reply:
    remaining = machine.mover.drain()
    return json_reply({"quiet": False, "remaining": remaining}, 504) if remaining else json_reply({"quiet": True})


def _faults(machine: Machine, request: Request) -> Reply:
    try:
        machine.cloud.faults.replace(request.json())
    except FaultRuleError as error:
        return json_reply({"error": str(error)}, 400)
    except ValueError:
        return json_reply({"error": "the body is not JSON"}, 400)
    return json_reply(machine.cloud.faults.remaining())


def _html(machine: Machine, request: Request) -> Reply:
    message = machine.cloud.outbox.find(request.found["id"])
    if message is None or message.html is None:
        return json_reply({"error": "there is no such message"}, 404)
    return Reply(200, message.html.encode(), "text/html; charset=utf-8", _INERT)


def _attachment(machine: Machine, request: Request) -> Reply:
    message, index = machine.cloud.outbox.find(request.found["id"]), int(request.found["index"])
    if message is None or index >= len(message.attachments):
        return json_reply({"error": "there is no such file"}, 404)
    return Reply(200, message.content_of(index), message.attachments[index].content_type, {"x-content-type-options": "nosniff"})


def _letter(machine: Machine, request: Request) -> Reply:
    pdf = machine.letters.pdf(request.found["id"])
    return json_reply({"error": "there is no such letter"}, 404) if pdf is None else Reply(200, pdf, "application/pdf")
