"""What the functions cost: AWS calls by function and operation, whole-process CPU, invocations and peak memory.

Counts the calls of the host's own workers alone, never those of the host or of a client from outside. Must not slow down what it counts,
and must not forget what a killed worker had used.
"""

import os
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

EMULATOR = "emulator"
"""The name under which this very process stands beside the functions: endpoint, stand-ins, host and pages together."""
_WRITING = frozenset({"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"})
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_ms(pid: int) -> float | None:
    """User and system CPU of a process so far, its threads included, also while it is dead and not yet reaped; None once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


def peak_mb(pid: int) -> float | None:
    """The most memory that a running process ever had resident; None where it runs no more."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else None


class Costs:
    """The counts of one machine since its start, or since `reset`. Safe to use from any thread.

    `called` is for the endpoint, `started`, `sampled` and `invoked` for the host.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[tuple[int, str]] = Counter()
        self._functions: dict[int, str] = {}
        self._cpu: dict[int, float] = {os.getpid(): 0.0}
        self._peak: dict[int, float] = {}
        self._invocations: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._before: dict[int, float] = {}

    def called(self, pid: int, service: str, operation: str | None, body: bytes = b"") -> None:
        """Count one call of a worker; of one that writes to tables also its rows and what they weigh, an index apart."""
        with self._lock:
            self._calls[pid, f"{service}.{operation or '?'}"] += 1
            if service == "dynamodb" and operation in _WRITING:
                self._written["rows"] += body.count(b'"TableName"')
                self._written["bytes"] += len(body)

    def started(self, pid: int, function: str) -> None:
        """A worker of this function runs from now on."""
        with self._lock:
            self._functions[pid] = function

    def invoked(self, function: str) -> None:
        """Count one invocation."""
        with self._lock:
            self._invocations[function] += 1

    def sampled(self, pid: int) -> None:
        """Note what a worker used so far: before it is reaped, since nothing knows it afterwards."""
        self._sample((pid,))

    def reset(self) -> None:
        """Count from zero; peaks of memory stay, since a process has but one."""
        self._sample((*self._functions, os.getpid()))
        with self._lock:
            self._calls.clear()
            self._invocations.clear()
            self._written.clear()
            self._before = dict(self._cpu)

    def document(self) -> dict[str, Any]:
        """`calls` by function and `service.Operation`, `cpu_ms`, `invocations` and `memory_mb` by function (the largest of its workers);
        `written`: rows and bytes of requests that write to tables."""
        self._sample((*self._functions, os.getpid()))
        with self._lock:
            return {
                "calls": self._calls_by_function(),
                "cpu_ms": self._cpu_by_function(),
                "invocations": dict(self._invocations),
                "written": {"rows": self._written["rows"], "bytes": self._written["bytes"]},
                "memory_mb": self._memory_by_function(),
            }

    def _sample(self, pids: Iterable[int]) -> None:
        found = [(pid, cpu_ms(pid), peak_mb(pid)) for pid in pids]
        with self._lock:
            for pid, used, peak in found:
                self._cpu[pid] = max(self._cpu.get(pid, 0.0), used or 0.0)
                self._peak[pid] = max(self._peak.get(pid, 0.0), peak or 0.0)

    def _name(self, pid: int) -> str:
        return EMULATOR if pid == os.getpid() else self._functions.get(pid, "unknown")

    def _calls_by_function(self) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (pid, operation), count in self._calls.items():
            found[self._name(pid)][operation] += count
        return {function: dict(sorted(operations.items())) for function, operations in sorted(found.items())}

    def _cpu_by_function(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for pid, used in self._cpu.items():
            found[self._name(pid)] += used - self._before.get(pid, 0.0)
        return {function: round(used, 1) for function, used in sorted(found.items())}

    def _memory_by_function(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for pid, peak in self._peak.items():
            found[self._name(pid)] = round(max(found.get(self._name(pid), 0.0), peak), 1)
        return dict(sorted(found.items()))
