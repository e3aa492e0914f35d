"""A stack of the deployable template as it stands in an account, as far as an operator's commands need it: on the shared local endpoint,
with its secrets and one function, which never runs.

Must not say how a command finds its settings: the product reads the stack.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from chalicelib.bootstrap import container
from infra.local.provision import local_template
from infra.local.template import Template, packaged, translated
from tests.integration.cloud_fixture import REGION, RunningCloud, shared_cloud

STACK = "kept-informed-of-a-force"
TEXTS = {"Ref": "TextConfigurationSet"}
"""The local endpoint refuses the type; its stand-in knows the set by name."""


@dataclass(frozen=True)
class AccountStack:
    """`environment` is all that an operator's shell has: credentials, and where AWS answers."""

    cloud: RunningCloud
    environment: Mapping[str, str]

    def client(self, service: str) -> Any:
        return self.cloud.client(service)

    def physical(self, logical: str) -> str:
        found = self.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def secret(self, logical: str) -> str:
        return str(self.client("secretsmanager").get_secret_value(SecretId=self.physical(logical))["SecretString"])


def _template(stage: str) -> Template:
    whole = deepcopy(translated(packaged(stage, profile="derbyshire")))
    part = local_template(whole)
    sweep = deepcopy(whole["Resources"]["Sweep"])
    variables = sweep["Properties"]["Environment"]["Variables"]
    variables |= {name: "kept-informed" for name, value in variables.items() if value == TEXTS}
    properties = {"Handler": "app.sweep", "Runtime": "python3.11", "Role": f"arn:aws:iam::000000000000:role/{stage}"}
    sweep = {
        "Type": sweep["Type"],
        "Properties": properties | {"Code": {"ZipFile": "sweep = None"}, "Environment": {"Variables": variables}},
    }
    secrets = {name: {"Type": one["Type"], "Properties": one["Properties"]} for name, one in whole["Resources"].items() if _is_secret(one)}
    return part | {"Resources": part["Resources"] | secrets | {"Sweep": sweep}}


def _is_secret(resource: Mapping[str, Any]) -> bool:
    return resource["Type"] == "AWS::SecretsManager::Secret"


@contextmanager
def account_stack(stage: str) -> Iterator[AccountStack]:
    """Deployed for `stage`. This process's environment is an operator's, and is as it was at the end."""
    cloud = shared_cloud()
    cloud.reset()
    formation = cloud.client("cloudformation")
    said = {"PublicUrl": "https://victims.example", "Runbook": "https://runbook.example"}
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in said.items()]
    formation.create_stack(StackName=STACK, TemplateBody=json.dumps(_template(stage)), Parameters=parameters)
    formation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
    own = {"AWS_ENDPOINT_URL": cloud.endpoint_url, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    with operators_shell(own | {"AWS_DEFAULT_REGION": REGION}) as environment:
        yield AccountStack(cloud, environment)
    cloud.reset()


@contextmanager
def operators_shell(own: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """No variable of ours, and only these of AWS."""
    before = dict(os.environ)
    clean = {name: value for name, value in before.items() if not name.startswith(("KI_", "AWS_"))} | dict(own)
    _become(clean)
    try:
        yield clean
    finally:
        _become(before)


def _become(environment: Mapping[str, str]) -> None:
    container.cache_clear()
    os.environ.clear()
    os.environ.update(environment)
