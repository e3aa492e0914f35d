"""What one victim costs: CPU, memory and AWS calls by function, for an e-mail alone and for an e-mail with a referral.

Must not assert: figures are printed. CPU is that of whole processes (user and system), each function's apart: the product; `emulator` is
everything else, stand-ins and pages.
"""

from __future__ import annotations

import os
import time
from typing import Any

from benchmarks import instance

RECORDS = int(os.environ.get("RECORDS", "300"))
NOTIFY_CPU_MS = 12.9
"""GOV.UK Notify's own application CPU for one e-mail, as measured on two cores: the bar to clear."""


def measure() -> None:
    """Both rounds in an empty instance, and what follows from them."""
    with instance.running() as seconds:
        print(f"start, dependencies installed        {seconds:8.1f} s")
        instance.feed(10, 26001000000)
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
    before = len(instance.get("/local/outbox.json"))
    instance.post("/local/costs/reset")
    began = time.perf_counter()
    instance.feed(RECORDS, first, **victim)
    instance.post("/local/drain")
    taken = time.perf_counter() - began
    began = time.perf_counter()
    _deliver()
    sent = time.perf_counter() - began
    mails = len(instance.get("/local/outbox.json")) - before
    costs = instance.get("/local/costs.json")
    print(f"\n{name}: {RECORDS} records, {mails} mails")
    print(f"  ingest {RECORDS / taken:.1f} records/s, then {mails / sent:.1f} mails/s")
    for function, spent in costs["cpu_ms"].items():
        invocations, memory = costs["invocations"].get(function, 0), costs["memory_mb"].get(function, 0)
        print(f"  CPU a record, {function:<10} {spent / RECORDS:8.2f} ms   {invocations:5} invocations   peak {memory:6.1f} MB")
    return costs


def _deliver() -> None:
    instance.advance("P1DT12H")


def _loop_ms() -> float:
    """What the machine is worth at this moment: other work on it makes every figure larger."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number * number % 7
    return (time.process_time() - began) * 100
