"""`make bench`: start an instance of our own, feed it burglaries through the queue, and print what they cost.

Prints figures with their units and asserts nothing: machines are noisy, so compare ratios within one run. Must not touch a running
instance.

CPU is that of the worker processes alone (user and system): the product without emulator, queue polling and stand-ins.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from tests import builders

AWS_PORT, WEB_PORT = 4766, 8200
WEB = f"http://127.0.0.1:{WEB_PORT}"
RECORDS = int(os.environ.get("RECORDS", "300"))
CASES = 100
NOTIFY_CPU_MS = 12.9
"""GOV.UK Notify's own application CPU for one e-mail, as measured on two cores: the bar to clear."""


def main() -> int:
    """Run everything once."""
    environment = {**os.environ, "KI_AWS_PORT": str(AWS_PORT), "KI_WEB_PORT": str(WEB_PORT), "DEMO": "0"}
    environment["KI_LOG_FOLDER"] = str(Path("/tmp") / "kept-informed-bench")
    began = time.perf_counter()
    instance = subprocess.Popen([sys.executable, "-m", "infra.local.main"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(instance)
        print(f"start, dependencies installed        {time.perf_counter() - began:8.1f} s")
        _records(instance.pid)
        _clock()
    finally:
        instance.send_signal(signal.SIGTERM)
        instance.wait(30)
    return 0


def _wait_until_ready(instance: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            _get("/local/ready")
        except OSError:
            if instance.poll() is not None:
                raise SystemExit("the instance did not start") from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the instance was not ready within a minute")


def _records(pid: int) -> None:
    workers = _workers(pid)
    _feed(10, 26001000000)
    before = {name: _cpu_ms(worker) for name, worker in workers.items()}
    began = time.perf_counter()
    _feed(RECORDS, 26002000000)
    _post("/local/drain")
    taken = time.perf_counter() - began
    print(f"records through ingest                {RECORDS / taken:8.1f} /s")
    began = time.perf_counter()
    _post("/local/clock", {"advance": "P1DT12H"})
    sent = time.perf_counter() - began
    mails = len(_get("/local/outbox.json"))
    print(f"mails delivered ({mails})               {mails / sent:8.1f} /s")
    for name, worker in workers.items():
        spent = (_cpu_ms(worker) - before[name]) / RECORDS
        print(f"CPU a victim, {name:<22}  {spent:8.2f} ms")
    dispatch = (_cpu_ms(workers["app.dispatch"]) - before["app.dispatch"]) / (2 * RECORDS)
    print(
        f"CPU an e-mail, dispatch               {dispatch:8.2f} ms   {dispatch / NOTIFY_CPU_MS:.2f} of GOV.UK Notify's {NOTIFY_CPU_MS} ms"
    )


def _clock() -> None:
    for text, days, cases in (("90 days with nothing due", 90, 0), (f"10 days with {CASES} cases", 10, CASES)):
        if cases:
            _feed(cases, 26003000000)
        began = time.perf_counter()
        _post("/local/clock", {"advance": f"P{days}D"})
        print(f"clock: {text:<28}   {time.perf_counter() - began:8.1f} s")


def _feed(count: int, first: int) -> None:
    now = datetime.fromisoformat(_get("/local/clock")["clock"])
    sqs = boto3.client(
        "sqs",
        endpoint_url=f"http://127.0.0.1:{AWS_PORT}",
        region_name="eu-west-2",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    url = sqs.get_queue_url(QueueName="kept-informed-records")["QueueUrl"]
    bodies = [json.dumps(_burglary(first + number, now)) for number in range(count)]
    for start in range(0, count, 10):
        entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies[start : start + 10])]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def _burglary(reference: int, now: datetime) -> dict[str, Any]:
    who = str(reference)[-6:]
    victim = builders.victim(now=now, id="V1", person_ref=f"N{reference}", email=f"victim{who}@example.org", mobile=None)
    return builders.occurrence_record(now=now - timedelta(minutes=1), reference=str(reference), victims=[victim])


def _workers(pid: int) -> dict[str, int]:
    children = subprocess.run(["pgrep", "-P", str(pid), "-a"], capture_output=True, text=True, check=True).stdout
    return {match[2]: int(match[1]) for match in re.finditer(r"^(\d+) .*infra\.local\.worker (app\.\w+)", children, re.MULTILINE)}


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _get(path: str) -> Any:
    with urllib.request.urlopen(WEB + path, timeout=300) as answer:
        content = answer.read()
    return json.loads(content) if content.startswith((b"{", b"[")) else content


def _post(path: str, body: dict[str, str] | None = None) -> None:
    request = urllib.request.Request(WEB + path, data=json.dumps(body).encode() if body else b"", method="POST")
    urllib.request.urlopen(request, timeout=600).read()


if __name__ == "__main__":
    sys.exit(main())
