"""Workers of the deployed handlers as processes of their own, as Lambda runs them: invoked at once, killed at any moment, started again.

They are forked from one server that has imported the handlers, so that eight of them cost little more than one. Must not judge: each
answers what its handler answered.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from infra.local.worker import Context

HANDLERS = ("ingest", "dispatch", "receipts", "sweep")
DEAD = "dead"

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["app", *(f"chalicelib.entrypoints.{name}" for name in HANDLERS)])


@dataclass(frozen=True)
class Answer:
    """What a handler returned (or `error`: the class of what it raised), and when, by the machine's clock."""

    result: Any
    error: str | None
    returned_at: datetime


def _serve(pipe: Pipe, environment: Mapping[str, str], log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.update(environment, AWS_SDK_UA_APP_ID=f"ki-worker-{os.getpid()}")
    handlers = importlib.import_module("app")
    importlib.import_module("chalicelib.bootstrap").container().tick()
    pipe.send("ready")
    calls = 0
    while (order := pipe.recv()) is not None:
        calls += 1
        handler, event = order
        context = Context(handler, f"{os.getpid()}-{calls}", "arn", 512, time.time() + 60)
        try:
            result, error = getattr(handlers, handler)(event, context), None
        except Exception as raised:
            result, error = None, type(raised).__name__
        pipe.send(Answer(result, error, datetime.now(UTC)))


class Worker:
    """One process. `call` starts an invocation, `answer` waits for it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = dict(environment)
        self._log = str(log)
        self._process, self._pipe = self._start()

    def _start(self) -> tuple[BaseProcess, Pipe]:
        ours, theirs = _forks.Pipe()
        process = _forks.Process(target=_serve, args=(theirs, self._environment, self._log), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def ready(self) -> None:
        """Wait until it has imported and composed everything."""
        assert self._pipe.recv() == "ready"

    def call(self, handler: str, event: Mapping[str, Any]) -> None:
        self._pipe.send((handler, event))

    def answer(self) -> Answer:
        """Error DEAD where the process died."""
        try:
            answer: Answer = self._pipe.recv()
        except EOFError:
            return Answer(None, DEAD, datetime.now(UTC))
        return answer

    def answered(self) -> bool:
        """Whether an answer waits to be taken."""
        return self._pipe.poll()

    def kill(self) -> None:
        """SIGKILL, wherever it stands."""
        self._process.kill()
        self._process.join()

    def restart(self) -> None:
        """Start another in place of a killed one; `ready` waits for it."""
        self._pipe.close()
        self._process, self._pipe = self._start()

    def stop(self) -> None:
        self.kill()
        self._pipe.close()


@contextmanager
def workers(count: int, environment: Mapping[str, str], log: Path) -> Iterator[list[Worker]]:
    """Started and ready; their output is appended to `log`."""
    started = [Worker(environment, log) for _ in range(count)]
    for worker in started:
        worker.ready()
    yield started
    for worker in started:
        worker.stop()


def at_once(chosen: Sequence[Worker], handler: str, events: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Each worker its own event, all at the same time; the answers in the same order."""
    busy = list(zip(chosen, events, strict=False))
    for worker, event in busy:
        worker.call(handler, event)
    return [worker.answer() for worker, _ in busy]
