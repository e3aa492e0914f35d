"""The inside of one local Lambda: imports a handler by its deployed import path, then answers invocations until its host is gone.

Must not talk to the host on standard output, which belongs to the handler: what a handler prints goes to the log, as in AWS.
Run by `infra.local.function_process` as `python -m infra.local.worker <handler>`; one JSON document a line in both directions.
"""

import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What the Lambda runtime hands a handler beside the event. `deadline` is in seconds since the epoch."""

    function_name: str
    aws_request_id: str
    invoked_function_arn: str
    memory_limit_in_mb: int
    deadline: float
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return max(0, int((self.deadline - time.time()) * 1000))


def load(path: str) -> Handler:
    """The handler of an import path such as `app.ingest`."""
    module, name = path.rsplit(".", 1)
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def answer(handler: Handler, line: str) -> dict[str, Any]:
    """Invoke once. An exception becomes its class name; its text goes to the log, as the Lambda runtime would write it there."""
    call = json.loads(line)
    try:
        result = handler(call["event"], Context(**call["context"]))
        json.dumps(result)
    except Exception as error:
        traceback.print_exc()
        return {"id": call["id"], "error": type(error).__name__}
    return {"id": call["id"], "result": result}


def _private_channel() -> TextIO:
    """The pipe to the host, out of the handler's reach: file descriptor 1 becomes the log."""
    sys.stdout.flush()
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel


def _read_calls(calls: "queue.SimpleQueue[str]") -> None:
    """Hand on every line; when the host is gone there is nobody to work for, in whatever the handler is just doing."""
    for line in sys.stdin:
        calls.put(line)
    os._exit(0)


def main() -> None:
    """Serve the handler named on the command line."""
    # The embedded cloud tells workers from everybody else by this name, and which one to kill.
    os.environ["AWS_SDK_UA_APP_ID"] = f"ki-worker-{os.getpid()}"
    channel = _private_channel()
    calls: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_calls, args=(calls,), daemon=True).start()
    handler = load(sys.argv[1])
    print(json.dumps({"ready": os.getpid()}), file=channel, flush=True)
    while True:
        print(json.dumps(answer(handler, calls.get())), file=channel, flush=True)
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
