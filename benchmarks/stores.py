"""Stores with so many open obligations: dynalite, an independent DynamoDB with ordered indexes, one process for each size.

The embedded cloud sorts a whole partition for every query and would measure itself. Must not make anything that is due: the bench adds it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from benchmarks.meter import INDEX
from benchmarks.snapshot import AT_ONCE, write
from chalicelib.adapters.rows import obligation_row
from chalicelib.domain.deadlines import CODE_IN_FORCE, end_of, local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.model import Route, Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from infra.local.aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

DYNALITE = "dynalite@4.0.0"
WRITERS = 4
TOLD = 5
"""How often the loading of one store is told of."""
OFFICERS = 1500
DISTRICTS = ("amber valley", "bolsover", "chesterfield", "derby", "erewash", "high peak")
_AHEAD = timedelta(days=40)


class StoreError(Exception):
    """A store could not be started; the message says why."""


class Store:
    """One dynalite with its data in a temporary folder."""

    def __init__(self) -> None:
        self.port = _free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="kept-informed-bench-", ignore_cleanup_errors=True)
        command = ["npx", "--yes", DYNALITE, "--host", "127.0.0.1", "--port", str(self.port), "--path", f"{self._folder.name}/data"]
        self._process = subprocess.Popen(
            [*command, "--createTableMs", "0"],
            cwd=self._folder.name,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # npx, its shell and node end together
        )
        try:
            self._wait()
        except StoreError:
            self.close()
            raise
        self.client: Any = boto3.client(
            "dynamodb",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(parameter_validation=False),  # which takes as long as all else
        )

    def _wait(self) -> None:
        for _ in range(1200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if self._process.poll() is not None:
                    raise StoreError(f"npx could not start {DYNALITE}: it needs Node.js 20 or newer and the npm registry") from None
                time.sleep(0.1)
            else:
                return
        raise StoreError(f"{DYNALITE} did not answer within two minutes")

    def fill(self, table: dict[str, Any], count: int, after: datetime) -> None:
        """Make `table` as the cloud describes it, with the index that the sweep asks, and `count` open rows that fall due after `after`."""
        self._make(table)
        began = time.perf_counter()
        rows = _rows(count, after)
        batches = iter(lambda: list(islice(rows, AT_ONCE)), [])
        done = 0
        with ThreadPoolExecutor(WRITERS) as pool:
            while some := list(islice(batches, 400)):
                list(pool.map(lambda batch: self.put(table["TableName"], batch), some))
                told, done = done * TOLD // count, done + sum(map(len, some))
                if done * TOLD // count > told:
                    print(f"  loading: {done:9,} of {count:,} rows, {time.perf_counter() - began:5.0f} s", flush=True)

    def _make(self, table: dict[str, Any]) -> None:
        index = next(found for found in table["GlobalSecondaryIndexes"] if found["IndexName"] == INDEX)
        keys = {key["AttributeName"] for key in (*table["KeySchema"], *index["KeySchema"])}
        self.client.create_table(
            TableName=table["TableName"],
            BillingMode="PAY_PER_REQUEST",
            KeySchema=table["KeySchema"],
            AttributeDefinitions=[found for found in table["AttributeDefinitions"] if found["AttributeName"] in keys],
            GlobalSecondaryIndexes=[{name: index[name] for name in ("IndexName", "KeySchema", "Projection")}],
        )
        while self.client.describe_table(TableName=table["TableName"])["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.1)

    def put(self, table: str, items: list[dict[str, Any]]) -> None:
        """Write items."""
        try:
            write(self.client, table, [{"PutRequest": {"Item": item}} for item in items])
        except (BotoCoreError, ClientError) as error:
            raise StoreError(f"{DYNALITE} took no rows: {type(error).__name__}") from error

    def close(self) -> None:
        """End it, and remove its data."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _rows(count: int, after: datetime) -> Iterator[dict[str, Any]]:
    """As the product writes them: most of them updates, the rest needs assessments and tasks."""
    for number in range(count):
        yield obligation_row(_obligation(number, after)).serialize()


def _obligation(number: int, after: datetime) -> Obligation:
    reference = f"25{number:09}"
    next_at = after + timedelta(seconds=1 + number * 7919 % int(_AHEAD.total_seconds()))
    due_at = end_of(local_day(next_at + timedelta(days=2)))
    started_at = due_at - timedelta(days=10)
    kind, rule = ((Kind.UPDATE, "UPDATE"), (Kind.UPDATE, "UPDATE"), (Kind.NEEDS_ASSESSMENT, "NEEDS-2WD"), (Kind.TASK, "SPEC-1WD"))[
        number % 4
    ]
    task = kind is Kind.TASK
    return Obligation(
        obligation_id=fact_id(reference, "V1", kind),
        reference=reference,
        kind=kind,
        victim_id="V1",
        rule_id=rule,
        rule_from=CODE_IN_FORCE,
        started_at=started_at,
        due_at=due_at,
        created_at=started_at,
        route=Route.VICTIM_SERVICES,
        district=DISTRICTS[number % len(DISTRICTS)],
        unit=Unit.VICTIM_CARE_UNIT if task else None,
        purpose=Purpose.BY_PERSON if task else None,
        officer=str(10_000 + number % OFFICERS),
        supervisor=str(20_000 + number % OFFICERS // 8),
        proposed=True if kind is Kind.UPDATE else None,
        next_at=next_at,
    )
