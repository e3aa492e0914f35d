"""One event source mapping at work: receive a batch, invoke its function, delete what succeeded.

Must not know what a handler does. A batch whose function raised, died, timed out or answered nonsense is not deleted and returns when its
visibility timeout ends; after the queue's own maximum of receives SQS moves it to the dead-letter queue.
"""

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.function_process import FunctionProcess, InvocationFailedError
from infra.local.inbox import Inbox
from infra.local.sqs_events import batch_event, succeeded
from infra.local.stack import Function, QueueSource

BREATHER_SECONDS = 0.2


class Tally:
    """What the host counts, safe to use from any thread: running invocations, all that ever began, failed ones by function,
    deleted messages by queue."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.busy = 0
        self.begun = 0
        self.failed: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()

    def invoke(self, function: Function, process: FunctionProcess, event: dict[str, Any]) -> Any:
        """Invoke and count. Raises `InvocationFailedError`."""
        with self._lock:
            self.busy += 1
            self.begun += 1
        try:
            return process.invoke(event)
        except InvocationFailedError:
            with self._lock:
                self.failed[function.name] += 1
            raise
        finally:
            with self._lock:
                self.busy -= 1

    def acknowledge(self, queue: str, messages: int) -> None:
        """Count deleted messages."""
        with self._lock:
            self.acknowledged[queue] += messages


@dataclass(frozen=True, slots=True)
class QueuePoller:
    """A queue, the function that it feeds, and one worker of that function."""

    function: Function
    source: QueueSource
    process: FunctionProcess
    inbox: Inbox
    queue: str
    tally: Tally
    stopping: threading.Event

    def run(self) -> None:
        """Work until told to stop. A handler that cannot be imported receives nothing, so that its messages do not age."""
        while not self.stopping.is_set():
            try:
                self.process.ensure_started()
                messages = self.inbox.receive(self.source.batch_size)
                if messages:
                    self._handle(messages)
            except (InvocationFailedError, BotoCoreError, ClientError):
                self.stopping.wait(BREATHER_SECONDS)

    def _handle(self, messages: list[dict[str, Any]]) -> None:
        answer = self.tally.invoke(self.function, self.process, batch_event(messages, self.source.queue_arn))
        done = succeeded(messages, answer, reports_failures=self.source.reports_failures)
        if done:
            entries = [{"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(done)]
            deleted = self.inbox.sqs.delete_message_batch(QueueUrl=self.inbox.url, Entries=entries)
            self.tally.acknowledge(self.queue, len(deleted.get("Successful", [])))
