"""The Lambda Runtime API for one process of the real runtime client: hands out events, notes when they are asked for and answered.

Must not know a function. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

INVOCATION = "/2018-06-01/runtime/invocation/"


class RuntimeApi:
    """`events` are handed out in turn; then the process waits to be killed. Times are `time.perf_counter()`; `start_cpu` is the processor's
    time in seconds of the process `pid` when it first asked, which a busy machine stretches least."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events
        self.asked: list[float] = []
        self.answered: list[float] = []
        self.faults: list[str] = []
        self.done = threading.Event()
        self.pid: int | None = None
        self.start_cpu = 0.0

    def next(self) -> tuple[str, bytes] | None:
        """The id and the body of the next event; None where there is no more."""
        self.asked.append(time.perf_counter())
        number = len(self.asked) - 1
        if number == 0 and self.pid is not None:
            self.start_cpu = int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9
        if number >= len(self._events):
            self.done.set()
            return None
        return str(number), json.dumps(self._events[number]).encode()

    def told(self, path: str, body: bytes) -> None:
        """An answer, or an error of an invocation or of the start."""
        self.answered.append(time.perf_counter())
        if not path.endswith("/response"):
            self.faults.append(body.decode("utf-8", "replace")[:2000])
            self.done.set()


@contextmanager
def serving(api: RuntimeApi) -> Iterator[str]:
    """Where it is served, as `host:port`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else every call takes 40 ms more

        def do_GET(self) -> None:
            found = api.next()
            if found is None:
                threading.Event().wait(30)  # as Lambda freezes it
                return
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", found[0])
            self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 60) * 1000)))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:000000000000:function:measured")
            self._finish(found[1])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) if "Content-Length" in self.headers else self._chunks()
            api.told(self.path, body)
            self.send_response(202)
            self._finish(b"{}")

        def _finish(self, body: bytes) -> None:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _chunks(self) -> bytes:
            found = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            return found

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
