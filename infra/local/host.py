"""The Lambda host: runs every function of the provisioned template, fed from its queue or topic, or fired by its schedule.

Must not know what a handler does, nor when a schedule is due: the clock says that.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from infra.local.aws import REGION, client
from infra.local.costs import Costs
from infra.local.function_process import ACCOUNT, FunctionProcess, InvocationFailedError, worker_environment
from infra.local.inbox import LONG_POLL_SECONDS, Inbox, Waiting
from infra.local.polling import QueuePoller, Tally
from infra.local.stack import Function, Provisioned
from infra.local.template import ROOT
from infra.local.topic_feed import LaidAside, TopicPoller


class Host:
    """Runs the functions of a stack until `stop`.

    `workers` is how many run at once for each function that a queue or topic feeds; `waiting` looks into a queue of this process,
    without it queues are polled. `costs` counts what the workers use.
    """

    def __init__(
        self,
        stack: Provisioned,
        log_folder: Path,
        *,
        workers: int = 1,
        python_path: str = str(ROOT),
        waiting: Waiting | None = None,
        costs: Costs | None = None,
    ) -> None:
        self._stack = stack
        self._log_folder = log_folder
        self._workers = workers
        self._python_path = python_path
        self._waiting = waiting
        self._costs = costs or Costs()
        self._stopping = threading.Event()
        self._tally = Tally()
        self._processes: list[FunctionProcess] = []
        self._threads: list[threading.Thread] = []
        self._scheduled: dict[str, tuple[Function, FunctionProcess, threading.Lock]] = {}

    def start(self) -> None:
        """Start the pollers; returns at once, handlers import meanwhile."""
        self._log_folder.mkdir(parents=True, exist_ok=True)
        for function in self._stack.functions.values():
            if function.schedules:
                self._scheduled[function.name] = (function, self._process(function), threading.Lock())
                self._in_thread(partial(self._warm, function.name), function.name)
            for poller in self._pollers(function):
                self._in_thread(poller.run, function.name)

    def stop(self) -> None:
        """End every worker and poller; what they had received stays in flight."""
        self._stopping.set()
        for process in self._processes:
            process.stop()
        for thread in self._threads:
            thread.join(timeout=LONG_POLL_SECONDS + 5)
        for process in self._processes:
            process.close()

    @property
    def busy(self) -> int:
        """How many invocations are running."""
        return self._tally.busy

    @property
    def invocations(self) -> int:
        """How many invocations ever began."""
        return self._tally.begun

    def acknowledged(self, queue: str) -> int:
        """How many messages of the queue of this name were handled and deleted since the start."""
        return self._tally.acknowledged[queue]

    def failures(self, function: str) -> int:
        """How many invocations of this function ended without an answer since the start."""
        return self._tally.failed[function]

    def worker_pids(self) -> list[int]:
        """The running worker processes."""
        return [pid for process in self._processes if (pid := process.pid) is not None]

    def scheduled_functions(self) -> list[Function]:
        """The functions that a schedule fires."""
        return [function for function in self._stack.functions.values() if function.schedules]

    def fire(self, function: str, at: str) -> bool:
        """Invoke a scheduled function as EventBridge would at the UTC time `at` (`YYYY-MM-DDTHH:MM:SSZ`); whether it returned."""
        specification, process, lock = self._scheduled[function]
        with lock:
            try:
                self._tally.invoke(specification, process, scheduled_event(function, at))
            except InvocationFailedError:
                return False
        return True

    def _pollers(self, function: Function) -> list[QueuePoller | TopicPoller]:
        found: list[QueuePoller | TopicPoller] = []
        for source in function.sources:
            queue = source.queue_arn.rsplit(":", 1)[-1]
            for _ in range(self._workers):
                inbox = self._inbox(self._stack.queue_urls[queue])
                found.append(QueuePoller(function, source, self._process(function), inbox, queue, self._tally, self._stopping))
        for topic in function.topics:
            for _ in range(self._workers):
                process, inbox = self._process(function), self._inbox(topic.queue_url)
                failures = LaidAside(client("s3", self._stack.endpoint_url), topic.failures)
                found.append(TopicPoller(function, process, inbox, self._tally, self._stopping, failures))
        return found

    def _inbox(self, url: str) -> Inbox:
        return Inbox(client("sqs", self._stack.endpoint_url), url, self._stopping, self._waiting)

    def _in_thread(self, target: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=target, daemon=True, name=f"host-{name}")
        self._threads.append(thread)
        thread.start()

    def _process(self, function: Function) -> FunctionProcess:
        environment = worker_environment(function, self._stack.endpoint_url, self._python_path)
        process = FunctionProcess(function, environment, self._log_folder / f"{function.name}.log", costs=self._costs)
        self._processes.append(process)
        return process

    def _warm(self, name: str) -> None:
        """Import a scheduled function's handler before it is first needed; what goes wrong shows when it is fired."""
        _, process, lock = self._scheduled[name]
        with lock:
            try:
                process.ensure_started()
            except InvocationFailedError:
                return


def scheduled_event(function: str, at: str) -> dict[str, Any]:
    """What EventBridge sends a function whose schedule fires at the UTC time `at`."""
    return {
        "version": "0",
        "id": f"{function}-{at}-{time.monotonic_ns()}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{function}"],
        "detail": {},
    }
