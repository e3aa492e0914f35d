"""The fault rules of `POST /local/faults`: which call of a worker shall go wrong, how, and how many times more.

Must not act on a fault: it only says which one is due. Exists under infra/local alone; the product knows nothing of it.
"""

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from botocore.session import Session

from infra.local.clock import real_time

Mode = Literal["throttle", "error", "timeout_before", "timeout_after", "conflict", "crash_before", "crash_after"]
MODES: tuple[str, ...] = get_args(Mode)

_SDK_NAMES = {
    "ses": "sesv2",
    "sms": "pinpoint-sms-voice-v2",
    "dynamodb": "dynamodb",
    "sqs": "sqs",
    "s3": "s3",
    "sns": "sns",
}
SERVICES = tuple(_SDK_NAMES)
# The services whose API has a conflict at all, with the operations that can meet one.
_CONFLICTING: dict[str, frozenset[str]] = {
    "dynamodb": frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "TransactGetItems"}),
    "sms": frozenset({"SendTextMessage"}),
    "s3": frozenset({"PutObject", "DeleteObject", "CopyObject"}),
}
_MAX_TIMES = 1_000_000
_MOST_HITS = 500
# Wherever a request names an outbox row: a mail's tag, a text's context, a row's key, a hint in a queue.
_NAMED = re.compile(rb'notification_id.{1,40}?"([0-9a-f]{32})')


class FaultRuleError(ValueError):
    """A rule that cannot be meant: `path` points at it (`[2].mode`), `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass
class FaultRule:
    """One rule; `operation` None means any, `times` counts down."""

    service: str
    mode: Mode
    operation: str | None = None
    times: int = 1

    def hits(self, service: str, operation: str | None) -> bool:
        """Whether this rule is due for a call."""
        if self.times < 1 or self.service != service or self.operation not in (None, operation):
            return False
        return self.mode != "conflict" or operation in _CONFLICTING[service]


@dataclass(frozen=True, slots=True)
class Hit:
    """One call that went wrong: when by the clock, and the outbox row that the request named first, None where it named none."""

    at: datetime
    service: str
    operation: str | None
    mode: Mode
    notification_id: str | None


class FaultRules:
    """The rules in force, in the order given; the first that fits a call is spent on it. Safe to use from any thread.

    `clock` dates the hits, of which the last few hundred are kept.
    """

    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []
        self._hits: deque[Hit] = deque(maxlen=_MOST_HITS)

    def replace(self, document: Any) -> None:
        """Put a new list in force (an empty one clears). Raises FaultRuleError and changes nothing when any rule is wrong."""
        rules = _all_parsed(document)
        with self._lock:
            self._rules = rules

    def add(self, document: Any) -> None:
        """Put more rules in force, behind those that are. Raises FaultRuleError and changes nothing when any rule is wrong."""
        rules = _all_parsed(document)
        with self._lock:
            self._rules = [rule for rule in self._rules if rule.times > 0] + rules

    def take(self, service: str, operation: str | None, request: bytes = b"") -> Mode | None:
        """Spend the first rule that fits this call, and say its mode; `request` is the call's body."""
        with self._lock:
            rule = next((rule for rule in self._rules if rule.hits(service, operation)), None)
            if rule is None:
                return None
            rule.times -= 1
            named = _NAMED.search(request)
            self._hits.append(Hit(self._clock(), service, operation, rule.mode, named[1].decode() if named else None))
            return rule.mode

    def hits(self) -> list[Hit]:
        """The calls that went wrong, oldest first."""
        with self._lock:
            return list(self._hits)

    def remaining(self) -> list[dict[str, Any]]:
        """The rules that still have times left, as they would be posted."""
        with self._lock:
            return [asdict(rule) for rule in self._rules if rule.times > 0]

    def armed(self, service: str) -> bool:
        """Whether any rule could still hit this service."""
        return any(rule.service == service and rule.times > 0 for rule in self._rules)


@lru_cache
def _operations(service: str) -> frozenset[str]:
    return frozenset(Session().get_service_model(_SDK_NAMES[service]).operation_names)


def _all_parsed(document: Any) -> list[FaultRule]:
    if not isinstance(document, list):
        raise FaultRuleError("$", "expected a list of rules")
    return [_parsed(f"[{index}]", item) for index, item in enumerate(document)]


def _parsed(path: str, item: Any) -> FaultRule:
    if not isinstance(item, dict):
        raise FaultRuleError(path, "expected an object")
    unknown = sorted(set(map(str, item)) - {"service", "operation", "mode", "times"})
    if unknown:
        raise FaultRuleError(f"{path}.{unknown[0]}", "unknown field; known are service, operation, mode, times")
    service = _one_of(f"{path}.service", item.get("service"), SERVICES)
    mode = _one_of(f"{path}.mode", item.get("mode"), MODES)
    operation = _operation(f"{path}.operation", service, item.get("operation"))
    _check_conflict(path, service, operation, mode)
    return FaultRule(service, cast(Mode, mode), operation, _times(f"{path}.times", item.get("times", 1)))


def _one_of(path: str, value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise FaultRuleError(path, "expected one of " + ", ".join(allowed))
    return value


def _operation(path: str, service: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in _operations(service):
        raise FaultRuleError(path, f"not an operation of {service}")
    return value


def _check_conflict(path: str, service: str, operation: str | None, mode: str) -> None:
    if mode != "conflict":
        return
    if service not in _CONFLICTING:
        raise FaultRuleError(f"{path}.mode", f"{service} has no conflict; dynamodb, sms and s3 have")
    if operation is not None and operation not in _CONFLICTING[service]:
        raise FaultRuleError(f"{path}.operation", "cannot conflict; these can: " + ", ".join(sorted(_CONFLICTING[service])))


def _times(path: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MAX_TIMES:
        raise FaultRuleError(path, f"expected a whole number from 1 to {_MAX_TIMES:,}")
    return value
