"""The endpoint of the emulated account: the stand-ins and ministack, which asks for signatures and permissions; it notes who calls what.

Must not tell functions from each other by what they say of themselves: only by the key of their role's session.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.local import aws_wire as wire
from infra.local.cloud import Cloud
from tests.deployed.asked import Asked, asked

_KEY = re.compile(rb"Credential=([^/]+)/")


@dataclass
class Death:
    """At its next such call a function's workers are killed: the call is done or not, and nobody hears of it."""

    function: str
    operation: str
    done: bool
    killed: threading.Event = field(default_factory=threading.Event)
    workers: list[int] = field(default_factory=list)

    def wait(self, seconds: float) -> list[int]:
        """The processes that died, once they have. AssertionError where none did in that time."""
        assert self.killed.wait(seconds), f"{self.function} did not call {self.operation}"
        assert self.workers, f"no process of {self.function} died"
        return self.workers


class Front(Cloud):
    """`kill` ends the workers of a function, by its logical name, and says which; `callers` says whose key it is."""

    kill_workers: Callable[[str], list[int]]

    def prepare(self, callers: dict[str, str], kill: Callable[[str], list[int]]) -> None:
        self.callers, self.kill_workers = callers, kill
        self.asked: dict[str, set[Asked]] = defaultdict(set)
        self.operations: dict[str, Counter[str]] = defaultdict(Counter)
        self.refused: list[tuple[str, str, bytes]] = []
        self.calls = 0
        self._deaths: list[Death] = []

    def dies_at(self, function: str, operation: str, *, done: bool) -> Death:
        """Kill the workers of `function` at their next call of `service.Operation`, before it or when it is done."""
        death = Death(function, operation, done)
        self._deaths.append(death)
        return death

    async def _behind(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        if scope["type"] == "http":  # the buckets refuse what did not come encrypted; on AWS it always does
            scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
        await super()._behind(scope, receive, send)

    async def __call__(self, scope: wire.Scope, receive: wire.Receive, send: wire.Send) -> None:
        service = wire.service_of(scope) if scope["type"] == "http" else None
        found = _KEY.search(wire.header(scope, b"authorization")) if service else None
        function = getattr(self, "callers", {}).get(found.group(1).decode()) if found else None
        if service is None or function is None:
            await super().__call__(scope, receive, send)
            return
        body = await wire.read_body(receive)
        if body is None:
            return
        operation = wire.operation_of(scope, service, body)
        self._note(function, service, operation, scope, body)
        death = self._death(function, f"{service}.{operation}")
        if death is None:
            await super().__call__(scope, wire.replay(body, receive), self._watching(function, f"{service}.{operation}", send))
            return
        if death.done:
            await super().__call__(scope, wire.replay(body, receive), _to_nobody)
        death.workers += await asyncio.to_thread(self.kill_workers, function)
        death.killed.set()
        await self._never_answer(receive, send)

    def _note(self, function: str, service: str, operation: str | None, scope: wire.Scope, body: bytes) -> None:
        self.calls += 1
        self.operations[function][f"{service}.{operation}"] += 1
        self.asked[function] |= asked(service, operation, scope, body)

    def _death(self, function: str, operation: str) -> Death | None:
        found = next((death for death in self._deaths if (death.function, death.operation) == (function, operation)), None)
        if found:
            self._deaths.remove(found)
        return found

    def _watching(self, function: str, operation: str, send: wire.Send) -> wire.Send:
        """Notes refusals for want of a permission."""
        status = 0

        async def watching(message: wire.Message) -> None:
            nonlocal status
            status = message.get("status", status)
            if status in (400, 403) and b"AccessDenied" in message.get("body", b""):
                self.refused.append((function, operation, message["body"]))
            await send(message)

        return watching


async def _to_nobody(_message: wire.Message) -> None:
    """Where the answer to a dead worker goes."""
