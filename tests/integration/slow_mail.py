"""A mail provider that takes its time: what reaches it is passed on to the stand-in after a moment.

Must not change, keep or answer anything by itself.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LONGEST = 0.06


@contextmanager
def slow_mail(endpoint_url: str, seed: int) -> Iterator[str]:
    """The address that a worker is given as AWS_ENDPOINT_URL_SESV2. Each call waits up to LONGEST seconds, first."""
    behind = urlsplit(endpoint_url)
    dice = random.Random(seed)

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(dice.uniform(0, LONGEST))
            connection = http.client.HTTPConnection(behind.hostname or "", behind.port)
            connection.request("POST", self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    serving.join()
    server.server_close()
