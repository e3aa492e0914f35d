"""What the deployed roles allow, held against what their functions asked for.

Must not know why something is allowed: argued.py says so. Knows `Allow` with plain actions and `*` in resources, which is all that the
package has; anything else raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.deployed.asked import Asked
from tests.deployed.bundle import OWN_ACTIONS

Statement = dict[str, Any]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def grants(statements: list[Statement]) -> Iterator[Asked]:
    """Every action with each resource that it is allowed on. ValueError for a statement of a kind that is not known here."""
    for statement in statements:
        if statement["Effect"] != "Allow" or not set(statement) <= {"Sid", "Effect", "Action", "Resource"}:
            raise ValueError(f"a statement of another kind: {statement}")
        for action in _listed(statement["Action"]):
            if "*" in action:
                raise ValueError(f"an action with a star: {action}")
            if action not in OWN_ACTIONS.values():
                yield from ((action, resource) for resource in _listed(statement["Resource"]))


def missing(statements: list[Statement], asked: set[Asked]) -> set[Asked]:
    """What was asked for and is allowed by nothing."""
    allowed = list(grants(statements))
    return {(action, on) for action, on in asked if not any(action == a and fnmatchcase(on, r) for a, r in allowed)}


def unused(statements: list[Statement], asked: set[Asked]) -> set[Asked]:
    """What is allowed and was never asked for, its resource as `_short` names it."""
    left = {(a, r) for a, r in grants(statements) if not any(action == a and fnmatchcase(on, r) for action, on in asked)}
    return {(action, _short(resource)) for action, resource in left}


def _short(resource: str) -> str:
    """Without account, kind and prefix; a function's own log group is `log`."""
    name = resource.split(":", 5)[-1]
    return "log" if name.startswith("log-group:/kept-informed/") else name.removeprefix("table/").removeprefix("kept-informed-")
