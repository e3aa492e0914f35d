"""What the deployed roles allow, held against what their functions asked for.

Must not know why something is allowed: argued.py says so. Knows `Allow` with plain actions, `*` in resources, and a condition on the
sender of a mail, which is all that the package has; anything else raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.deployed.asked import Asked, Grant
from tests.deployed.bundle import OWN_ACTIONS, PARAMETERS

Statement = dict[str, Any]
_SENDER = {"StringLike": {"ses:FromAddress"}}


class Allowed(NamedTuple):
    """One action on one resource. `senders`: of which addresses, where it is mail that is sent."""

    action: str
    on: str
    senders: str

    def covers(self, asked: Asked) -> bool:
        return asked.action == self.action and fnmatchcase(asked.on, self.on) and fnmatchcase(asked.sender, self.senders)

    @property
    def short(self) -> Grant:
        """The resource without account, kind, prefix and suffix; a function's own log group is `log`, and whatever key `key`."""
        name = self.on.split(":", 5)[-1]
        if name.startswith("log-group:/kept-informed/"):
            return self.action, "log"
        if name.startswith("key/"):
            return self.action, "key"
        return self.action, name.removeprefix("table/").removeprefix("kept-informed-").replace(PARAMETERS["BucketSuffix"], "")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def grants(statements: list[Statement]) -> Iterator[Allowed]:
    """Every action with each resource that it is allowed on. ValueError for a statement of a kind that is not known here."""
    for statement in statements:
        if statement["Effect"] != "Allow" or not set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"}:
            raise ValueError(f"a statement of another kind: {statement}")
        senders = _senders(statement)
        for action in _listed(statement["Action"]):
            if "*" in action:
                raise ValueError(f"an action with a star: {action}")
            if action not in OWN_ACTIONS.values():
                yield from (Allowed(action, resource, senders) for resource in _listed(statement["Resource"]))


def _senders(statement: Statement) -> str:
    condition: Mapping[str, Mapping[str, str]] | None = statement.get("Condition")
    if condition is None:
        return "*"
    if {operator: set(keys) for operator, keys in condition.items()} != _SENDER:
        raise ValueError(f"a condition of another kind: {statement}")
    return condition["StringLike"]["ses:FromAddress"]


def missing(statements: list[Statement], asked: set[Asked]) -> set[Asked]:
    """What was asked for and is allowed by nothing."""
    allowed = list(grants(statements))
    return {one for one in asked if not any(grant.covers(one) for grant in allowed)}


def unused(statements: list[Statement], asked: set[Asked]) -> set[Grant]:
    """What is allowed and was never asked for, its resource in short."""
    return {grant.short for grant in grants(statements) if not any(grant.covers(one) for one in asked)}


def short(statements: list[Statement]) -> set[Grant]:
    """All that is allowed, its resource in short."""
    return {grant.short for grant in grants(statements)}
