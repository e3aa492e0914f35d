"""The host's handle on one worker process: start it, invoke it, notice its death, end it.

Must not know queues or retries: an invocation either returns what the handler returned or raises.
"""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from infra.local.aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.costs import Costs
from infra.local.stack import Function
from infra.local.template import ROOT

START_SECONDS = 60.0
ACCOUNT = "000000000000"
# Of the machine's own environment a worker sees no more than a Lambda would need; our variables come from the template alone.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")


class InvocationFailedError(Exception):
    """The function did not return: it raised, took too long, could not start, or its process died. The message says which, no more."""


def worker_environment(function: Function, endpoint_url: str, python_path: str) -> dict[str, str]:
    """The environment of a worker: the template's variables, the local credentials, and the endpoint."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return (
        inherited
        | dict(function.environment)
        | {
            "PYTHONPATH": python_path,
            "PYTHONUNBUFFERED": "1",
            "TZ": "UTC",
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "_HANDLER": function.handler,
        }
    )


class FunctionProcess:
    """One worker, respawned whenever it died. Used by one thread at a time; `pid`, `kill` and `stop` may come from any other."""

    def __init__(
        self, function: Function, environment: Mapping[str, str], log: Path, root: Path = ROOT, costs: Costs | None = None
    ) -> None:
        self._function = function
        self._environment = dict(environment)
        self._log = log
        self._root = root
        self._costs = costs or Costs()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._calls = 0
        self._stopped = threading.Event()

    @property
    def pid(self) -> int | None:
        """The process id of the running worker, None while there is none."""
        process = self._process
        return process.pid if process and self._runs(process) else None

    def ensure_started(self) -> None:
        """Start the worker unless it runs, and wait until it has imported its handler. Raises `InvocationFailedError`."""
        if self.pid is not None:
            return
        if self._stopped.is_set():
            raise InvocationFailedError("stopped")
        self._reap()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.worker", self._function.handler],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                cwd=self._root,
                # An interrupt at the terminal is for the host, which ends its workers itself.
                start_new_session=True,
            )
        self._costs.started(self._process.pid, self._function.handler.rpartition(".")[2])
        self._buffer = b""
        self._read_answer(START_SECONDS)

    def invoke(self, event: Any) -> Any:
        """What the handler returned for `event`. Raises `InvocationFailedError`; after the function's own timeout the worker is killed."""
        self.ensure_started()
        self._costs.invoked(self._function.handler.rpartition(".")[2])
        self._calls += 1
        call = {"id": self._calls, "event": event, "context": self._context()}
        try:
            pipe = self._pipe("stdin")
            pipe.write(json.dumps(call).encode() + b"\n")
            pipe.flush()
        except OSError as error:
            raise InvocationFailedError("the worker died") from error
        answer = self._read_answer(float(self._function.timeout))
        if "error" in answer:
            raise InvocationFailedError(f"the handler raised {answer['error']}")
        return answer["result"]

    def _context(self) -> dict[str, Any]:
        name = self._function.name
        return {
            "function_name": name,
            "aws_request_id": f"{os.getpid()}-{name}-{self._calls}",
            "invoked_function_arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
            "memory_limit_in_mb": 512,
            "deadline": time.time() + self._function.timeout,
        }

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] | None = getattr(self._process, name)
        if pipe is None:
            raise InvocationFailedError("the worker died")
        return pipe

    def _read_answer(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        descriptor = self._pipe("stdout").fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self.kill()
                    raise InvocationFailedError("the function timed out")
                chunk = os.read(descriptor, 1 << 16)
                if not chunk:
                    raise InvocationFailedError("the worker died")
                self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kill(self) -> None:
        """End the worker at once, as a crash would; the next invocation starts another."""
        process = self._process
        if process and self._runs(process):
            process.kill()

    def _runs(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it runs. What it used is noted first: a look at a dead process ends what the system knows of it."""
        if process.returncode is None:
            self._costs.sampled(process.pid)
        return process.poll() is None

    def stop(self) -> None:
        """End the worker and start no other; whoever waits for its answer gets `InvocationFailedError`."""
        self._stopped.set()
        self.kill()

    def close(self) -> None:
        """After `stop`, once no thread uses it any more: leave nothing of the process behind."""
        self._reap()

    def _reap(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        if process.returncode is None:
            self._costs.sampled(process.pid)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
