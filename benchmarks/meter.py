"""Stands on loopback between a sweep and the embedded cloud: counts calls and consumed units, and hands one index to another store.

Must not change what is asked or answered, but for asking DynamoDB what it consumed.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

READS = frozenset({"Query", "GetItem", "BatchGetItem"})
INDEX = "due"
_TARGET = "X-Amz-Target"


@dataclass(slots=True)
class Reading:
    """What one sweep asked for: calls by operation, units read and written, and the seconds spent in queries of the index."""

    calls: Counter[str] = field(default_factory=Counter)
    read: float = 0.0
    written: float = 0.0
    index_seconds: float = 0.0


class Meter:
    """The proxy. `cloud` and `store` are ports on loopback; `table` is the one whose index `due` is in the store, which may change."""

    def __init__(self, cloud: int, table: str) -> None:
        self.cloud = cloud
        self.store = cloud
        self.table = table
        self._lock = threading.Lock()
        self._reading = Reading()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Between)
        self._server.daemon_threads = True
        self._server.meter = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, daemon=True, name="meter").start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def taken(self) -> Reading:
        """What was counted since the last time; counts from zero again."""
        with self._lock:
            reading, self._reading = self._reading, Reading()
        return reading

    def count(self, operation: str, consumed: list[dict[str, Any]], seconds: float | None) -> None:
        """One call; `seconds` is None unless it asked the index."""
        units = sum(part["CapacityUnits"] for part in consumed)
        with self._lock:
            self._reading.calls[operation] += 1
            if operation in READS:
                self._reading.read += units
            else:
                self._reading.written += units
            self._reading.index_seconds += seconds or 0.0

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Between(BaseHTTPRequestHandler):
    """One connection of the sweep; onward each call has its own, since an idle one may be closed at any moment."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        meter: Meter = self.server.meter  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service, _, operation = self.headers.get(_TARGET, "").partition(".")
        port, of_index = meter.cloud, False
        if service.startswith("DynamoDB"):
            request = json.loads(body)
            of_index = request.get("IndexName") == INDEX and request["TableName"] == meter.table
            port = meter.store if of_index else meter.cloud
            body = json.dumps(request | {"ReturnConsumedCapacity": "TOTAL"}).encode()
        began = time.perf_counter()
        status, headers, answer = self._ask(port, body)
        seconds = time.perf_counter() - began
        consumed = json.loads(answer).get("ConsumedCapacity", []) if service.startswith("DynamoDB") else []
        meter.count(operation, consumed if isinstance(consumed, list) else [consumed], seconds if of_index else None)
        self._answer(status, headers, answer)

    def _ask(self, port: int, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "content-length", "connection"}}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as onward:
            onward.request("POST", self.path, body, headers)
            answer = onward.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], answer: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "keep-alive", "x-amz-crc32"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""
