"""`make ops STACK=…`: the operator's commands against a stack in an account, by the caller's own credentials.

What the product's environment is there is read from the stack itself. Must not read the link keys, which no command needs,
and must not keep or print a secret.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

FUNCTION = "Sweep"
"""The function whose variables are taken: it serves no page, so it has no secret of the sign-in."""
FORCES = "KI_FORCES"
"""Where this machine has the force's profile, if not in the product: the one variable of ours that the caller gives."""
NOT_READ = frozenset({"KI_LINK_KEY", "KI_LINK_KEY_PREVIOUS"})
_NAME = re.compile(r"\$\{([\w:]+)\}")
_SECRET = re.compile(r"\{\{resolve:secretsmanager:(.+)\}\}")


class NoStackOfOursError(Exception):
    """The stack is there, and is none of this product; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stack and who asks: `caller` is the identity that AWS knows them by, without the account."""

    account: str
    region: str
    stack: str
    caller: str
    variables: Mapping[str, str]

    def told(self) -> list[str]:
        """Where a command is going, said before it does anything."""
        return [
            f"Account {self.account}, {self.region}: stack {self.stack}, stage {self.variables['KI_STAGE']}.",
            f"You are {self.caller}; that is kept with what you see and do.",
        ]


def find(session: Any, stack: str) -> Found:
    """The settings of the product in this stack. Raises NoStackOfOursError, and botocore's errors: no such stack, no permission."""
    identity = session.client("sts").get_caller_identity()
    formation = session.client("cloudformation")
    described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    template = formation.get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]
    known = {given["ParameterKey"]: given.get("ResolvedValue") or given["ParameterValue"] for given in described.get("Parameters", [])}
    known |= {"AWS::Region": session.region_name, "AWS::AccountId": identity["Account"], "AWS::StackName": stack}
    for page in formation.get_paginator("list_stack_resources").paginate(StackName=stack):
        known |= {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in page["StackResourceSummaries"]}
    secrets = session.client("secretsmanager")
    variables = {name: _opened(_resolved(name, value, known), secrets) for name, value in _declared(template) if name not in NOT_READ}
    if "KI_STAGE" not in variables:
        raise NoStackOfOursError(f"its function {FUNCTION} is told no KI_STAGE")
    return Found(identity["Account"], session.region_name, stack, identity["Arn"].partition(f"{identity['Account']}:")[2], variables)


def _declared(template: Any) -> list[tuple[str, Any]]:
    try:
        return list(template["Resources"][FUNCTION]["Properties"]["Environment"]["Variables"].items())
    except (KeyError, TypeError) as error:
        raise NoStackOfOursError(f"it has no function {FUNCTION} with an environment") from error


def _resolved(name: str, value: Any, known: Mapping[str, str]) -> str:
    """A value of the template as text: itself, `Ref`, or `Fn::Sub` of names."""
    try:
        if isinstance(value, str):
            return value
        return known[value["Ref"]] if "Ref" in value else _NAME.sub(lambda found: known[found[1]], value["Fn::Sub"])
    except (KeyError, TypeError) as error:
        raise NoStackOfOursError(f"{name} cannot be read from it") from error


def _opened(text: str, secrets: Any) -> str:
    secret = _SECRET.fullmatch(text)
    return secrets.get_secret_value(SecretId=secret[1])["SecretString"] if secret else text


def _use(session: Any, found: Found) -> None:
    """This process's environment is that of the stack from here on. Credentials are taken once: of a role with a second factor every
    client would otherwise ask for another code."""
    own = session.get_credentials().get_frozen_credentials()
    for name in [name for name in os.environ if name.startswith("KI_") and name != FORCES]:
        del os.environ[name]
    os.environ.pop("AWS_PROFILE", None)
    os.environ |= {"AWS_ACCESS_KEY_ID": own.access_key, "AWS_SECRET_ACCESS_KEY": own.secret_key}
    if own.token:
        os.environ["AWS_SESSION_TOKEN"] = own.token
    os.environ |= {"AWS_REGION": found.region, "AWS_DEFAULT_REGION": found.region} | dict(found.variables)


def main(arguments: list[str]) -> int:
    """`arguments`: stack, region (empty: the caller's own), then the command. The exit code is the command's, or 1 without such a stack."""
    stack, region, *command = arguments
    from chalicelib.domain.errors import ConfigurationError
    from chalicelib.entrypoints import ops
    from chalicelib.settings import SettingsError

    if ops.asks_for_help(command):
        return ops.main(command or ["help"])
    session = boto3.Session(region_name=region or None)
    if session.region_name is None:
        print("Say in which region: REGION=eu-west-2.", file=sys.stderr)
        return 1
    try:
        found = find(session, stack)
    except (BotoCoreError, ClientError, NoStackOfOursError) as error:
        print(f"Stack {stack} cannot be operated: {error}", file=sys.stderr)
        return 1
    for line in found.told():
        print(line)
    _use(session, found)
    try:
        return ops.main(command, caller=found.caller)
    except (ConfigurationError, SettingsError) as error:
        print(f"{error}. Is this checkout of the version that is deployed, and has it the force's profile ({FORCES})?", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
