"""`make bench`: start an instance of our own, feed it burglaries through the queue, and print what they cost.

Prints figures with their units and asserts nothing: machines are noisy, so compare ratios within one run. Must not touch a running
instance.

CPU is that of whole processes (user and system), each function's apart: the product; `emulator` is everything else, stand-ins and pages.
"""

from __future__ import annotations

import json
import os
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

AWS_PORT, WEB_PORT = int(os.environ.get("KI_AWS_PORT", "14766")), int(os.environ.get("KI_WEB_PORT", "18200"))
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
        _records()
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


def _records() -> None:
    _feed(10, 26001000000)
    _deliver()
    plain = _round("one e-mail a victim (said no to the referral)", 26002000000, referral_opt_out=True)
    both = _round("burglary: e-mail to the victim, referral with its PDF", 26003000000)
    one, two = plain["cpu_ms"]["dispatch"] / RECORDS, both["cpu_ms"]["dispatch"] / RECORDS
    loop = _loop_ms()
    print(f"\n{'CPU an e-mail, dispatch':<52} {one:8.2f} ms   {one / NOTIFY_CPU_MS:.2f} of GOV.UK Notify's {NOTIFY_CPU_MS} ms")
    print(f"{'CPU a referral with its PDF, dispatch':<52} {two - one:8.2f} ms")
    print(f"{'this machine now: 100,000 steps of a Python loop':<52} {loop:8.2f} ms   an e-mail is {one / loop:.2f} such loops")
    print("\nAWS calls a victim of a burglary")
    for function, operations in both["calls"].items():
        for operation, count in operations.items():
            print(f"  {function:<10} {operation:<34} {count / RECORDS:6.2f}")
    print(f"  {'all':<45} {sum(sum(found.values()) for found in both['calls'].values()) / RECORDS:6.2f}")


def _round(name: str, first: int, **victim: Any) -> Any:
    """Feed RECORDS victims, let everything leave, and print what one cost. The costs as `/local/costs.json` has them."""
    before = len(_get("/local/outbox.json"))
    _post("/local/costs/reset")
    began = time.perf_counter()
    _feed(RECORDS, first, **victim)
    _post("/local/drain")
    taken = time.perf_counter() - began
    began = time.perf_counter()
    _deliver()
    sent = time.perf_counter() - began
    mails = len(_get("/local/outbox.json")) - before
    costs = _get("/local/costs.json")
    print(f"\n{name}: {RECORDS} records, {mails} mails")
    print(f"  ingest {RECORDS / taken:.1f} records/s, then {mails / sent:.1f} mails/s")
    for function, spent in costs["cpu_ms"].items():
        invocations, memory = costs["invocations"].get(function, 0), costs["memory_mb"].get(function, 0)
        print(f"  CPU a record, {function:<10} {spent / RECORDS:8.2f} ms   {invocations:5} invocations   peak {memory:6.1f} MB")
    return costs


def _deliver() -> None:
    _post("/local/clock", {"advance": "P1DT12H"})


def _loop_ms() -> float:
    """What the machine is worth at this moment: other work on it makes every figure larger."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.process_time() - began) * 100


def _clock() -> None:
    for text, days, cases in (("90 days with nothing due", 90, 0), (f"10 days with {CASES} cases", 10, CASES)):
        if cases:
            _feed(cases, 26004000000)
        began = time.perf_counter()
        _post("/local/clock", {"advance": f"P{days}D"})
        print(f"clock: {text:<28}   {time.perf_counter() - began:8.1f} s")


def _feed(count: int, first: int, **victim: Any) -> None:
    now = datetime.fromisoformat(_get("/local/clock")["clock"])
    sqs = boto3.client(
        "sqs",
        endpoint_url=f"http://127.0.0.1:{AWS_PORT}",
        region_name="eu-west-2",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    url = sqs.get_queue_url(QueueName="kept-informed-records")["QueueUrl"]
    bodies = [json.dumps(_burglary(first + number, now, victim)) for number in range(count)]
    for start in range(0, count, 10):
        entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies[start : start + 10])]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)


def _burglary(reference: int, now: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    who = str(reference)[-7:]
    victim = builders.victim(now=now, id="V1", person_ref=f"N{reference}", email=f"victim{who}@example.org", mobile=None, **facts)
    return builders.occurrence_record(now=now - timedelta(minutes=1), reference=str(reference), victims=[victim])


def _get(path: str) -> Any:
    with urllib.request.urlopen(WEB + path, timeout=300) as answer:
        content = answer.read()
    return json.loads(content) if content.startswith((b"{", b"[")) else content


def _post(path: str, body: dict[str, str] | None = None) -> None:
    request = urllib.request.Request(WEB + path, data=json.dumps(body).encode() if body else b"", method="POST")
    urllib.request.urlopen(request, timeout=600).read()


if __name__ == "__main__":
    sys.exit(main())
