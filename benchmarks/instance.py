"""An instance of our own for one section of the bench: started, fed through its queue, asked over its pages, ended.

Must not measure or print, and must not touch an instance that runs already.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.aws import client
from tests import builders

AWS_PORT, WEB_PORT = int(os.environ.get("KI_AWS_PORT", "14766")), int(os.environ.get("KI_WEB_PORT", "18200"))
AWS, WEB = f"http://127.0.0.1:{AWS_PORT}", f"http://127.0.0.1:{WEB_PORT}"


@contextmanager
def running() -> Iterator[float]:
    """An empty instance; yields the seconds that it took to start."""
    environment = {**os.environ, "KI_AWS_PORT": str(AWS_PORT), "KI_WEB_PORT": str(WEB_PORT), "DEMO": "0"}
    environment["KI_LOG_FOLDER"] = str(Path("/tmp") / "kept-informed-bench")
    began = time.perf_counter()
    instance = subprocess.Popen([sys.executable, "-m", "infra.local.main"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(instance)
        yield time.perf_counter() - began
    finally:
        instance.send_signal(signal.SIGTERM)
        instance.wait(30)


def _wait_until_ready(instance: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            get("/local/ready")
        except OSError:
            if instance.poll() is not None:
                raise SystemExit("the instance did not start") from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the instance was not ready within a minute")


def get(path: str) -> Any:
    """What a page answers, JSON as its values."""
    with urllib.request.urlopen(WEB + path, timeout=300) as answer:
        content = answer.read()
    return json.loads(content) if content.startswith((b"{", b"[")) else content


def post(path: str, body: dict[str, str] | None = None) -> None:
    request = urllib.request.Request(WEB + path, data=json.dumps(body).encode() if body else b"", method="POST")
    urllib.request.urlopen(request, timeout=3600).read()


def advance(duration: str) -> None:
    """Let time pass (ISO 8601), with all that happens in it."""
    post("/local/clock", {"advance": duration})


def feed(count: int, first: int, officers: int = 1, **victim: Any) -> None:
    """Put `count` burglaries with one victim each on the queue, spread over so many officers; `first` is the first reference."""
    now = datetime.fromisoformat(get("/local/clock")["clock"])
    sqs = client("sqs", AWS)
    url = sqs.get_queue_url(QueueName="kept-informed-records")["QueueUrl"]
    bodies = [json.dumps(_burglary(first + number, now, str(2345 + number % officers), victim)) for number in range(count)]
    for start in range(0, count, 10):
        entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies[start : start + 10])]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def _burglary(reference: int, now: datetime, officer: str, facts: dict[str, Any]) -> dict[str, Any]:
    who = str(reference)[-7:]
    victim = builders.victim(now=now, id="V1", person_ref=f"N{reference}", email=f"victim{who}@example.org", mobile=None, **facts)
    return builders.occurrence_record(
        now=now - timedelta(minutes=1), reference=str(reference), victims=[victim], officer=builders.officer_named(officer)
    )
