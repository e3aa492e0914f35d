"""A small loopback web server: routes to plain functions that may block, each in a thread of its own.

Must not know what it serves, and never listens beyond loopback.
"""

import asyncio
import json
import re
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, unquote

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from infra.local.aws_wire import Receive, Scope, Send, read_body


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler gets: `found` are the path's named parts, `query` the last value of each parameter, `headers` by lower-case name.

    `raw_path`, `raw_query` and `header_list` are as they were sent, for who hands the request on; `source` is the other end's address.
    """

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    found: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    raw_path: str = ""
    raw_query: str = ""
    header_list: tuple[tuple[str, str], ...] = ()
    source: str = ""

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. Header names in lower case; `repeated` are headers that come more than once."""

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    repeated: tuple[tuple[str, str], ...] = ()


def json_reply(document: Any, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(document, ensure_ascii=False, default=str).encode(), "application/json; charset=utf-8")


Handler = Callable[[Request], Reply]


class Site:
    """An ASGI application over (method, pattern of the path, handler); patterns are regular expressions with named parts.

    `otherwise` takes every path, of any method, that does not begin with `own`: the site has no say there.
    """

    def __init__(self, routes: list[tuple[str, str, Handler]], otherwise: Handler | None = None, own: str = "/local/") -> None:
        self._otherwise, self._own = otherwise, own
        self._routes = [(method, re.compile(pattern), handler) for method, pattern, handler in routes]
        # A drain may wait two minutes; others must not wait for it.
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            body = await read_body(receive)
            if body is not None:
                await _write(send, await self._reply(scope, body))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self._threads.shutdown(wait=False, cancel_futures=True)
                return

    async def _reply(self, scope: Scope, body: bytes) -> Reply:
        path = unquote(scope["path"])
        if self._otherwise and not path.startswith(self._own):
            return await self._answer(self._otherwise, _request(scope, path, body, {}))
        matching = [(method, handler, found) for method, pattern, handler in self._routes if (found := pattern.fullmatch(path))]
        if not matching:
            return json_reply({"error": "there is no such page"}, 404)
        for method, handler, found in matching:
            if scope["method"] == method or (scope["method"], method) == ("HEAD", "GET"):
                return await self._answer(handler, _request(scope, path, body, found.groupdict()))
        return json_reply({"error": "this page does not take that method"}, 405)

    async def _answer(self, handler: Handler, request: Request) -> Reply:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, handler, request)
        except Exception as error:  # whatever it was, the caller gets an answer, and the trace is for whoever runs the machine
            traceback.print_exc()
            return json_reply({"error": type(error).__name__}, 500)


def _request(scope: Scope, path: str, body: bytes, found: dict[str, str]) -> Request:
    raw_query = scope["query_string"].decode("latin-1")
    query = {name: values[-1] for name, values in parse_qs(raw_query).items()}
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    headers = {name.lower(): value for name, value in pairs}
    raw_path = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or scope["path"]
    source = (scope.get("client") or ("",))[0]
    return Request(scope["method"], path, query, body, found, headers, raw_path, raw_query, pairs, source)


async def _write(send: Send, reply: Reply) -> None:
    headers = {"content-type": reply.content_type, "content-length": str(len(reply.body)), "cache-control": "no-store", **reply.headers}
    encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in (*headers.items(), *reply.repeated)]
    await send({"type": "http.response.start", "status": reply.status, "headers": encoded})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


async def serve(site: Site, listener: socket.socket, shutdown: asyncio.Event) -> None:
    """Serve on a bound loopback socket until `shutdown` is set."""
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.graceful_timeout = 0.5
    config.loglevel = "CRITICAL"
    await hypercorn_serve(cast(Any, site), config, shutdown_trigger=shutdown.wait)
