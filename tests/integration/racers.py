"""Processes of their own that use the store at the same instant, as workers in Lambda do.

Must not judge: each says what its call returned or raised.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import Any

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.tables import ContactPointRow, bind_tables
from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.services.ports import Cases, Changes, Swap

Work = Callable[..., Any]
DEAD = "dead"


def claim(cases: Cases, swap: Swap[Notification]) -> bool:
    return cases.claim(swap)


def commit(cases: Cases, changes: Changes) -> str:
    cases.commit(changes)
    return "written"


def take_day(_: Cases, point: str, day: date, holder: str) -> bool:
    """The process has bound its tables when it was started; over the same connection it reads contact points."""
    return DynamoContactPoints(ContactPointRow._get_connection().connection, b"k" * 32).take_day(point, day, holder)


def append_until_written(cases: Cases, reference: str, rows: Sequence[Notification]) -> int:
    """Write each row by one decision over the case as it stands, reading again when somebody else was first; how often that was."""
    refused = 0
    for row in rows:
        while True:
            head = cases.load(reference).head
            moved = replace(head, revision=head.revision + 1)
            try:
                cases.commit(Changes(head=Swap(head, moved), notifications=(Swap(None, row),)))
                break
            except Contended:
                refused += 1
    return refused


def _serve(pipe: Pipe, environment: Mapping[str, str], region: str) -> None:
    os.environ.update(environment, AWS_SDK_UA_APP_ID=f"ki-worker-{os.getpid()}")
    cases = DynamoCases(bind_tables("kept-informed-", region, host=environment["AWS_ENDPOINT_URL"], read_timeout=2))
    cases.head("warm")
    pipe.send("ready")
    while (order := pipe.recv()) is not None:
        work, arguments = order
        try:
            pipe.send(work(cases, *arguments))
        except RetryLater as refusal:
            pipe.send(type(refusal).__name__)


@dataclass
class Racers:
    """Started processes. `race(work, arguments)` gives each its own arguments at once; the results come in the same order."""

    processes: list[BaseProcess]
    pipes: list[Pipe]

    @classmethod
    def start(cls, count: int, environment: Mapping[str, str], region: str) -> Racers:
        context = multiprocessing.get_context("spawn")
        racers = cls([], [])
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, dict(environment), region), daemon=True)
            process.start()
            theirs.close()
            racers.processes.append(process)
            racers.pipes.append(ours)
        for pipe in racers.pipes:
            pipe.recv()
        return racers

    def race(self, work: Work, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Their results; the name of the error that was raised; DEAD for a process that died."""
        busy = self.pipes[: len(arguments)]
        for pipe, own in zip(busy, arguments, strict=True):
            pipe.send((work, own))
        return [_result(pipe) for pipe in busy]

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.join()


def _result(pipe: Pipe) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        return DEAD
