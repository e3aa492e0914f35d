"""How a fake port is watched and made to fail: every call passes here, before and after its work.

Must not know any port: names are `<port>.<method>`, such as `cases.commit` or `email.send`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Literal, Protocol

When = Literal["before", "after"]


class Crash(BaseException):
    """The process dies here. No `except Exception` of the product catches it."""


class Calls:
    """Every call made, the failures that a test scripted, and the hook that may raise `Crash`.

    `made` holds the names in order. A failure "before" leaves nothing done; "after" the work is done and the caller never hears.
    """

    def __init__(self) -> None:
        self.made: list[str] = []
        self.on_call: Callable[[str, When], None] | None = None
        self.unheard: set[str] = set()
        """Names whose last call was done without the caller hearing of it."""
        self._failures: dict[tuple[str, When], deque[Exception]] = defaultdict(deque)

    def fail(self, name: str, *errors: Exception, when: When = "before") -> None:
        """The next calls of `name` raise these, one each."""
        self._failures[name, when].extend(errors)

    def fail_no_more(self) -> None:
        """Forget the failures that were scripted and not met."""
        self._failures.clear()

    def run(self, name: str, work: Callable[[], Any]) -> Any:
        self.made.append(name)
        self._pass(name, "before")
        result = work()
        self._pass(name, "after")
        return result

    def _pass(self, name: str, when: When) -> None:
        if self.on_call:
            self.on_call(name, when)
        if self._failures[name, when]:
            if when == "after":
                self.unheard.add(name)
            raise self._failures[name, when].popleft()


def dies_at(number: int, when: When, among: Collection[str]) -> Callable[[str, When], None]:
    """For `Calls.on_call`: the process dies before or after call `number`, counted from one, of these names."""
    seen = 0

    def on_call(name: str, moment: When) -> None:
        nonlocal seen
        if name in among:
            seen += moment == "before"
            if (seen, moment) == (number, when):
                raise Crash

    return on_call


class Watched(Protocol):
    calls: Calls


def port_call(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Lets a method of a fake pass through its `calls`."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Watched, *args: Any, **kwargs: Any) -> Any:
            return self.calls.run(name, lambda: method(self, *args, **kwargs))

        return call

    return decorate
