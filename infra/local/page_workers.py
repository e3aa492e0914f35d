"""The workers of the function behind the pages: a few at once, the one that worked last first, as Lambda does.

Must not count as work in progress: somebody who looks at a page keeps no drain waiting, and a page waits for no drain.
"""

import queue
import threading
from pathlib import Path
from typing import Any

from infra.local.costs import Costs
from infra.local.function_process import FunctionProcess, InvocationFailedError, worker_environment
from infra.local.stack import Function
from infra.local.template import ROOT

WAIT_SECONDS = 29.0
"""How long API Gateway waits for an integration."""


class PageWorkers:
    """So many processes of one function; `invoke` from any thread."""

    def __init__(self, function: Function, endpoint_url: str, log_folder: Path, *, workers: int, costs: Costs | None = None) -> None:
        environment = worker_environment(function, endpoint_url, str(ROOT))
        log_folder.mkdir(parents=True, exist_ok=True)
        log = log_folder / f"{function.name}.log"
        self._processes = [FunctionProcess(function, environment, log, costs=costs) for _ in range(workers)]
        self._idle: queue.LifoQueue[FunctionProcess] = queue.LifoQueue()

    def start(self) -> None:
        """Let every worker import the app; returns at once."""
        for process in self._processes:
            threading.Thread(target=self._warm, args=(process,), daemon=True, name="pages").start()

    def invoke(self, event: dict[str, Any]) -> Any:
        """What the function answers. Raises `InvocationFailedError`, also where no worker becomes free in time."""
        try:
            process = self._idle.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise InvocationFailedError("no worker became free: timed out") from None
        try:
            return process.invoke(event)
        finally:
            self._idle.put(process)

    def stop(self) -> None:
        """End every worker."""
        for process in self._processes:
            process.stop()
        for process in self._processes:
            process.close()

    def _warm(self, process: FunctionProcess) -> None:
        try:
            process.ensure_started()
        except InvocationFailedError:
            pass  # it shows when a page is asked for
        finally:
            self._idle.put(process)
