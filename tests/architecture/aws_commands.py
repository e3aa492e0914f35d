"""The aws commands of a document, held to the service models that botocore ships, without an account or the CLI itself.

Must not run a command, and must not judge what the values mean.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import botocore.session
from botocore import xform_name

CUSTOM = {
    ("cloudformation", "package"): {"template-file", "s3-bucket", "output-template-file", "s3-prefix"},
    ("cloudformation", "deploy"): {
        "template-file",
        "s3-bucket",
        "stack-name",
        "capabilities",
        "parameter-overrides",
        "no-execute-changeset",
    },
}
"""Commands that the CLI itself adds, with those of their options that a document may use."""
SERVICES = {"s3api": "s3"}
EVERYWHERE = {"region", "profile", "output", "query", "max-items", "no-cli-pager"}
_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_SESSION = botocore.session.Session()


@dataclass(frozen=True, slots=True)
class Command:
    """`aws <service> <operation>` with its options; `values` are what stands behind each."""

    service: str
    operation: str
    options: dict[str, list[str]]


def commands(document: str) -> Iterator[Command]:
    """Every command in the fences of a document; a line that ends with a backslash goes on."""
    for block in _FENCE.findall(document):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if words[:1] == ["aws"]:
                yield _command(words[1:])


def _command(words: list[str]) -> Command:
    options: dict[str, list[str]] = {}
    name = ""
    for word in words[2:]:
        if word.startswith("--"):
            name = word[2:]
            options[name] = []
        else:
            options[name].append(word)
    return Command(words[0], words[1], options)


def faults(command: Command) -> Iterator[str]:
    """What botocore does not know in it, and what it needs and is not there."""
    if (command.service, command.operation) in CUSTOM:
        yield from (f"--{name}" for name in command.options if name not in CUSTOM[command.service, command.operation] | EVERYWHERE)
        return
    service = SERVICES.get(command.service, command.service)
    if service not in _SESSION.get_available_services():
        yield f"no service {command.service}"
        return
    model = _SESSION.get_service_model(service)
    known = {xform_name(name, "-"): name for name in model.operation_names}
    if command.operation not in known:
        yield f"no operation {command.operation}"
        return
    shape = model.operation_model(known[command.operation]).input_shape
    members = {xform_name(name, "-"): name for name in (shape.members if shape else {})}
    yield from (f"--{name}" for name in command.options if name.removeprefix("no-") not in members and name not in EVERYWHERE)
    required = {xform_name(name, "-") for name in (shape.required_members if shape else [])}
    yield from (f"without --{name}" for name in sorted(required - set(command.options)))
