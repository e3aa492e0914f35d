"""The AWS endpoint of `make run`: one application on one loopback port, mail and text stand-ins and faults in front of ministack.

Must not know the product: no template, table or queue name but the receipts topic. Provisioning, the Lambda host and the clock use this.
"""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from infra.local import aws_wire as wire
from infra.local import embedded
from infra.local.aws_wire import AsgiApp, Message, Receive, Response, Scope, Send
from infra.local.costs import Costs
from infra.local.fault_answers import refusal
from infra.local.faults import FaultRules
from infra.local.outbox_store import Accepted, Outbox
from infra.local.receipts import ReceiptPoster
from infra.local.ses_events import ACCOUNT
from infra.local.standins_ses import SesSettings, SesStandIn
from infra.local.standins_sms import SmsSettings, SmsStandIn


@dataclass(frozen=True)
class CloudSettings:
    """What the endpoint is told at the start. `slow_seconds` is how late a `slow` mailbox's Delivery comes; `hold_seconds` how long a call
    that never gets an answer keeps its connection (longer than any caller's read timeout of 2 s). Both are real time. `enforced` asks for
    signatures and permissions."""

    ses: SesSettings
    sms: SmsSettings
    region: str = "eu-west-2"
    receipts_topic: str = "kept-informed-receipts"
    slow_seconds: float = 1.0
    hold_seconds: float = 10.0
    enforced: bool = False


def kill_process(pid: int) -> None:
    """SIGKILL a worker; never this process or a group."""
    if pid > 1 and pid != os.getpid():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Cloud:
    """The endpoint as an object: an ASGI application, and what the host and tests read and steer in-process.

    `clock` supplies the time of acceptance (simulated or real); `kill` ends the worker process that a crash rule hits.
    `outbox`, `faults` and `costs`, `receipts_owed()`, `late_receipts()` and `flush_late()` may be used from any thread.
    """

    def __init__(self, settings: CloudSettings, clock: Callable[[], datetime], kill: Callable[[int], None] = kill_process) -> None:
        self.settings = settings
        self.outbox = Outbox()
        self.faults = FaultRules(clock)
        self.costs = Costs()
        self.ready = threading.Event()
        self._kill = kill
        topic = f"arn:aws:sns:{settings.region}:{ACCOUNT}:{settings.receipts_topic}"
        self._poster = ReceiptPoster(topic, settings.region)
        self.ses = SesStandIn(settings.ses, clock, self.outbox, self._poster, region=settings.region, slow=settings.slow_seconds)
        self.sms = SmsStandIn(settings.sms, clock, self.outbox, self._poster)
        self._inner: AsgiApp | None = None

    @property
    def accepted(self) -> list[Accepted]:
        """Everything accepted so far, oldest first (a copy)."""
        return self.outbox.all()

    @property
    def receipts_lost(self) -> int:
        """Receipts whose topic did not exist when they were posted."""
        return self._poster.lost

    def receipts_owed(self) -> int:
        """Receipts not posted yet; what a `late` mailbox or number keeps back is not owed until it is asked for."""
        return self._poster.owed()

    def late_receipts(self) -> list[str]:
        """The provider's ids of messages whose receipts wait for `flush_late`."""
        return self._poster.late()

    def flush_late(self, provider_message_id: str | None = None) -> int:
        """Post the receipts kept back, of one message or of all; returns how many."""
        return self._poster.flush_late(provider_message_id)

    def clear(self) -> None:
        """Forget messages, rules and receipts: for tests that share one endpoint. ministack has its own `/_ministack/reset`."""
        self.outbox.clear()
        self.faults.replace([])
        self._poster.clear()
        self.ses.settings, self.sms.settings = self.settings.ses, self.settings.sms

    def attach(self, inner: AsgiApp) -> None:
        """Put the application behind this one."""
        self._inner = inner

    async def post_receipts(self) -> None:
        """Post receipts as they fall due, until cancelled."""
        await self._poster.run(self._behind)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event of the ASGI server."""
        service = wire.service_of(scope) if scope["type"] == "http" else None
        if scope["type"] == "lifespan":
            await self._behind(scope, receive, self._noting_readiness(send))
        elif service is None:
            await self._behind(scope, receive, send)
        else:
            await self._aws(service, scope, receive, send)

    async def _aws(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        # Only a worker's calls are counted and meet faults: not the host's own, nor those of a client from outside.
        worker = wire.worker_of(scope)
        if worker is None:
            await self._serve(service, scope, receive, send)
            return
        armed, body = self.faults.armed(service), b""
        if armed or service in ("sns", "dynamodb"):  # whose operation, or whose rows, stand in the body
            read = await wire.read_body(receive)
            if read is None:
                return
            body, receive = read, wire.replay(read, receive)
        operation = wire.operation_of(scope, service, body)
        self.costs.called(worker, service, operation, body)
        mode = self.faults.take(service, operation, body) if armed else None
        if mode is None:
            await self._serve(service, scope, receive, send)
        elif mode in ("throttle", "error", "conflict"):
            await wire.answer(send, refusal(service, operation, mode, body))
        else:
            if mode.endswith("_after"):
                await self._serve(service, scope, receive, _to_nobody)
            if mode.startswith("crash_"):
                self._kill(worker)
            await self._never_answer(receive, send)

    async def _serve(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        if service not in ("ses", "sms"):
            await self._behind(scope, receive, send)
            return
        operation = wire.operation_of(scope, service, b"")
        if service == "ses" and operation is None:  # SES's management calls are ministack's
            await self._behind(scope, receive, send)
            return
        body = await wire.read_body(receive)
        if body is not None:
            await wire.answer(send, self._stand_in(service, operation, body))

    def _stand_in(self, service: str, operation: str | None, body: bytes) -> Response:
        return (self.ses if service == "ses" else self.sms).answer(operation, body)

    async def _behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inner is None:
            raise RuntimeError("the endpoint has no application behind it: serve() attaches one")
        await self._inner(scope, receive, send)

    async def _never_answer(self, receive: Receive, send: Send) -> None:
        """Keep the connection until the caller gives up; a caller of more patience finds it cut in the middle of an answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.settings.hold_seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})

    def _noting_readiness(self, send: Send) -> Send:
        async def noting(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self.ready.set()

        return noting


async def _to_nobody(_message: Message) -> None:
    """Where the answer to a `timeout_after` goes."""


def bind(host: str, port: int) -> socket.socket:
    """A listening loopback socket (port 0: any free one). Clients may connect from now on; they are served once `serve` runs."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError(f"the local endpoint listens on loopback only, not on {host}")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(256)
    return listener


async def serve(cloud: Cloud, host: str, port: int, shutdown: asyncio.Event, listener: socket.socket | None = None) -> None:
    """Serve the endpoint until `shutdown` is set. `listener`, where given, is a socket from `bind`, and `port` its port."""
    listener = listener or bind(host, port)
    cloud.attach(embedded.load(host, listener.getsockname()[1], cloud.settings.region, enforced=cloud.settings.enforced))
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.5
    config.loglevel = "ERROR"
    _ignore_cut_connections(asyncio.get_running_loop())
    posting = asyncio.create_task(cloud.post_receipts())
    try:
        await hypercorn_serve(cast(Any, cloud), config, shutdown_trigger=shutdown.wait)
    finally:
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting


def _ignore_cut_connections(loop: asyncio.AbstractEventLoop) -> None:
    """Python 3.11 reports a connection that is still open at the end as an unhandled error, with a traceback."""
    usual = loop.get_exception_handler() or (lambda running, context: running.default_exception_handler(context))

    def handler(running: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), asyncio.CancelledError):
            usual(running, context)

    loop.set_exception_handler(handler)
