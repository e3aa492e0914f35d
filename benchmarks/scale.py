"""One sweep with 100 due obligations among few and among very many stored: calls, consumed units and time have to be the same.

The due cases are real ones of an instance. What else is stored stands in the index `due` of stores beside it (benchmarks/stores.py), and
the sweep's queries of that index go to one of them (benchmarks/meter.py). Sizes are measured in turns, so that the machine's other work
falls on all of them, and each sweep begins at the same state. Must not judge but in print.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks import instance
from benchmarks.meter import Meter, Reading
from benchmarks.snapshot import Tables
from benchmarks.stores import Store, StoreError
from chalicelib.adapters.rows import obligation_from
from chalicelib.adapters.tables import ObligationRow
from chalicelib.bootstrap import build
from chalicelib.domain.obligations import Obligation
from chalicelib.services.sweep import Sweep
from chalicelib.settings import settings_from
from infra.local.aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, client
from infra.local.provision import attach

SIZES = tuple(int(size) for size in os.environ.get("SCALE", "10000,100000,1000000").split(","))
DUE, OFFICERS = 100, 10
ROUNDS = 11
MOST_RATIO = 1.5
PREFIX = "kept-informed-"
OBLIGATIONS = PREFIX + "obligations"


@dataclass(frozen=True, slots=True)
class Measured:
    """One sweep."""

    reading: Reading
    seconds: float


def measure() -> None:
    """Print the table of each of the two busy hours, and whether they hold."""
    if shutil.which("npx") is None:
        print("scale: left out, since it needs npx (on Debian: apt-get install nodejs npm)")
        return
    try:
        with instance.running(), ExitStack() as ending:
            _measure(ending)
    except StoreError as error:
        print(f"scale: left out. {error}")


def _measure(ending: ExitStack) -> None:
    instance.feed(DUE, 26005000000, OFFICERS)
    instance.advance("P2D")  # all but their next update is done by then
    tables = Tables(instance.AWS, PREFIX)
    due = [item for item in tables.items[OBLIGATIONS].values() if "due_shard" in item]
    owed = [obligation_from(ObligationRow.from_raw_data(item).attribute_values) for item in due]
    hours = {
        f"{len(due)} reminders at seven": max(row.next_at for row in owed if row.next_at),
        f"{len(due)} deadlines passed at midnight": max(row.due_at for row in owed) + timedelta(seconds=1),
    }
    stores = {}
    for size in SIZES:
        stores[size] = Store()
        ending.callback(stores[size].close)
        stores[size].fill(tables.described[OBLIGATIONS], size, max(hours.values()))
        stores[size].put(OBLIGATIONS, due)
    meter = Meter(instance.AWS_PORT, OBLIGATIONS)
    ending.callback(meter.close)
    with _sweep_over(meter) as sweep:
        found = {hour: _rounds(sweep, at, stores, meter, tables, owed) for hour, at in hours.items()}
    for hour, measured in found.items():
        _report(hour, measured)


@contextmanager
def _sweep_over(meter: Meter) -> Iterator[Sweep]:
    """The product's sweep, every call of which goes through the meter; its hints go to a queue that nobody reads."""
    queue = client("sqs", instance.AWS).create_queue(QueueName="bench-hints")["QueueUrl"]
    credentials = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY, "AWS_REGION": REGION}
    before = dict(os.environ)
    os.environ.update(attach(instance.AWS) | credentials | {"AWS_ENDPOINT_URL": meter.url, "KI_DISPATCH_QUEUE_URL": queue})
    try:
        yield build(settings_from()).sweep
    finally:
        os.environ.clear()
        os.environ.update(before)


def _rounds(
    sweep: Sweep, at: datetime, stores: dict[int, Store], meter: Meter, tables: Tables, owed: list[Obligation]
) -> dict[int, list[Measured]]:
    """So many sweeps at each size, in turns; the first of each only warms up."""
    found: dict[int, list[Measured]] = {size: [] for size in stores}
    for turn in range(ROUNDS + 1):
        for size in [*SIZES[turn % len(SIZES) :], *SIZES[: turn % len(SIZES)]]:
            meter.store = stores[size].port
            meter.taken()
            began = time.perf_counter()
            swept = sweep.sweep(at)
            seconds = time.perf_counter() - began
            if (swept.owed, swept.contended) != (len(owed), 0):
                raise SystemExit(f"the sweep found {swept.owed} of {len(owed)} due, {swept.contended} contended")
            if turn:
                found[size].append(Measured(meter.taken(), seconds))
            tables.restore()
    return found


def _report(hour: str, measured: dict[int, list[Measured]]) -> None:
    print(f"\nscale: one sweep, {hour}, median of {ROUNDS}")
    print(f"  {'stored':>9} {'calls':>7} {'units read':>11} {'units written':>14} {'ms':>8} {'fastest':>8} {'in the index':>13}")
    for size, runs in measured.items():
        first = runs[0].reading
        index = statistics.median(run.reading.index_seconds for run in runs) * 1000
        fastest = min(run.seconds for run in runs) * 1000
        told = f"  {size:9,} {first.calls.total():7} {first.read:11.1f} {first.written:14.1f}"
        print(f"{told} {_median_ms(runs):8.1f} {fastest:8.1f} {index:13.1f}")
    calls = {tuple(sorted(run.reading.calls.items())) for runs in measured.values() for run in runs}
    units = {(run.reading.read, run.reading.written) for runs in measured.values() for run in runs}
    times = [_median_ms(runs) for runs in measured.values()]
    ratio = max(times) / min(times)
    print("  calls: " + ", ".join(f"{count} {operation}" for operation, count in sorted(first.calls.items())))
    print(
        f"  units equal: {_yes(len(units) == 1)}, calls equal: {_yes(len(calls) == 1)}, "
        f"time ratio {ratio:.2f} (at most {MOST_RATIO}: {_yes(ratio <= MOST_RATIO)})"
    )


def _median_ms(runs: list[Measured]) -> float:
    return statistics.median(run.seconds for run in runs) * 1000


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
