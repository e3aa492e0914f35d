"""How long a function of the package takes to start, and its first invocation, under the runtime client that Lambda's image has.

From the unpacked zip (BUNDLE=, else that under dist/) on a Python without site directories; stores are those of an instance of our own.
RUNS=7 processes a function, median.
Must not assert anything, and must not measure the emulator's cold side: every function is started once unmeasured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import instance
from benchmarks.runtime_api import RuntimeApi, serving
from infra.local.aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.host import scheduled_event
from infra.local.provision import attach
from infra.local.sqs_events import batch_event
from infra.local.template import ROOT
from infra.local.topic_feed import topic_event
from tests import builders

BUNDLE = Path(os.environ.get("BUNDLE") or ROOT / "dist" / "deployment.zip")
RUNS = int(os.environ.get("RUNS", "7"))
CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
"""What Lambda's image holds beside the function: the runtime client and what it needs."""
_START = "import sys; sys.path[:0] = sys.argv[1:3]; from awslambdaric.__main__ import main; main(['', sys.argv[3]])"
_ARN = "arn:aws:sqs:eu-west-2:000000000000:"


@dataclass(frozen=True, slots=True)
class Started:
    """Milliseconds: the start until it asks for an event (CPU, then wall), the first invocation, the one after it."""

    cpu: float
    start: float
    first: float
    second: float


def measure() -> None:
    """Print a row for every function, and for two pages."""
    if not BUNDLE.exists():
        raise SystemExit("There is no package yet: make package")
    with tempfile.TemporaryDirectory() as folder, instance.running():
        task, runtime = Path(folder, "task"), Path(folder, "runtime")
        with zipfile.ZipFile(BUNDLE) as bundle:
            bundle.extractall(task)
        _client(runtime)
        print(
            f"cold: package {BUNDLE.stat().st_size / 1e6:.0f} MB, median of {RUNS}   start CPU ms   start ms   first ms   next ms   modules"
        )
        for name, handler, event in _functions():
            modules = _modules(task, handler)
            found = [_started(task, runtime, handler, event) for _ in range(RUNS + 1)][1:]
            cpu, start, first, second = (median(getattr(one, part) for one in found) for part in ("cpu", "start", "first", "second"))
            print(f"cold: {name:<48} {cpu:12.0f} {start:10.0f} {first:10.0f} {second:9.1f} {modules:9d}", flush=True)


def _functions() -> list[tuple[str, str, dict[str, Any]]]:
    hint = _message('{"notification_id": "none-such"}')
    record = _message(builders.body(builders.occurrence_record(reference="26000800001")))
    topic = {"Message": "{}", "MessageId": "m", "TopicArn": "arn:aws:sns:eu-west-2:000000000000:kept-informed-receipts"}
    return [
        ("pages: GET /safety (no case, no SDK)", "app.app", _page("/safety")),
        ("pages: GET /contact-officer (a form)", "app.app", _page("/contact-officer")),
        ("ingest: a record", "app.ingest", batch_event([record], _ARN + "kept-informed-records")),
        ("dispatch: a hint of no message", "app.dispatch", batch_event([hint], _ARN + "kept-informed-dispatch")),
        ("receipts: one that is none", "app.receipts", topic_event(topic)),
        ("sweep: nothing due", "app.sweep", scheduled_event("Sweep", "2026-11-20T10:31:00Z")),
        ("leaks: an empty day", "app.leaks", scheduled_event("Leaks", "2026-11-20T10:31:00Z")),
        ("seal: nothing new", "app.seal", scheduled_event("Seal", "2026-11-20T10:31:00Z")),
        ("retention: nothing due", "app.retention", scheduled_event("Retention", "2026-11-20T03:30:00Z")),
    ]


def _message(body: str) -> dict[str, Any]:
    return {"MessageId": "m1", "ReceiptHandle": "r1", "Body": body, "MD5OfBody": "", "Attributes": {"ApproximateReceiveCount": "1"}}


def _page(path: str) -> dict[str, Any]:
    headers = {"accept": "text/html", "host": "example.test"}
    context = {"httpMethod": "GET", "resourcePath": path, "requestId": "r", "identity": {"sourceIp": "192.0.2.1"}, "path": path}
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": context,
        "body": None,
        "isBase64Encoded": False,
    }


def _client(folder: Path) -> None:
    folder.mkdir()
    for name in CLIENT:
        found = find_spec(name)
        if found is None or found.origin is None:
            raise SystemExit(f"{name} is not installed: awslambdaric is among the test tools")
        place = Path(found.origin)
        if found.submodule_search_locations:
            shutil.copytree(place.parent, folder / name)
        else:
            shutil.copy(place, folder / place.name)


def _environment(handler: str) -> dict[str, str]:
    return attach(instance.AWS) | {
        "_HANDLER": handler,
        "AWS_LAMBDA_FUNCTION_NAME": handler,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_ENDPOINT_URL": instance.AWS,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PATH": os.environ["PATH"],
        "TZ": "UTC",
    }


def _started(task: Path, runtime: Path, handler: str, event: dict[str, Any]) -> Started:
    api, environment = RuntimeApi([event, event]), _environment(handler)
    with serving(api) as address, tempfile.TemporaryFile() as log:
        command = [sys.executable, "-S", "-c", _START, str(runtime), str(task), handler]
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=task, env=environment | {"AWS_LAMBDA_RUNTIME_API": address}, stdout=log, stderr=log)
        api.pid = process.pid
        api.done.wait(120)
        process.kill()
        process.wait()
        if api.faults or len(api.answered) < 2:
            log.seek(0)
            raise SystemExit(f"{handler} did not work: {api.faults} {log.read()[-2000:].decode('utf-8', 'replace')}")
    asked, answered = api.asked, api.answered
    return Started(1000 * api.start_cpu, 1000 * (asked[0] - began), 1000 * (answered[0] - asked[0]), 1000 * (answered[1] - asked[1]))


def _modules(task: Path, handler: str) -> int:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import app; print(len(sys.modules))"
    command = [sys.executable, "-S", "-c", code, str(task)]
    result = subprocess.run(command, env={"_HANDLER": handler}, capture_output=True, text=True, check=True)
    return int(result.stdout)
