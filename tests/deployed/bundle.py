"""The package as `make package` wrote it, and what of its template an emulated account cannot take.

Must not change what is deployed beyond the list below, which says why of each change. Asks nothing of any AWS account.
"""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

from chalice.package import YAMLTemplateSerializer

from infra.local.provision import LOCAL_VISIBILITY_SECONDS
from infra.local.template import ROOT

DIST = ROOT / "dist"
BUCKET, KEY = "kept-informed-uploads", "deployment.zip"
NOT_CREATED = {
    "AWS::WAFv2::WebACLAssociation": "ministack refuses the type",
    "AWS::Cognito::UserPoolIdentityProvider": "ministack refuses the type; without a force's metadata none is made anyway",
    "AWS::SMSVOICE::ConfigurationSet": "ministack refuses the type; the stand-in for text messages knows its configuration set by name",
}
"""Resource types that are left out, and why. References to them become the name that they would have. So are alarms that calculate with
metrics, which ministack refuses too: tests/architecture/test_alarms.py judges those."""
OWN_ACTIONS = {"sqs:SendMessage": "sqs:SendMessageBatch", "sns:Publish": "sns:PublishBatch"}
"""What the emulator asks for a batch. On AWS there is no such action: a batch needs the permission of one (Service Authorization
Reference)."""
STAGE = "local"
"""What every function is told to be: the providers are stand-ins on loopback, which is what this stage alone may assume."""
PARAMETERS = {
    "PublicUrl": "http://127.0.0.1:8000",
    "OfficerSignIn": "beside",  # no provider signs anybody in here, so that a reminder's link must open the page by itself
}

Template = dict[str, Any]


def package() -> tuple[bytes, Template]:
    """The zip and the template under dist/."""
    serializer = YAMLTemplateSerializer()
    return (DIST / "deployment.zip").read_bytes(), serializer.load_template((DIST / "sam.yaml").read_text("utf-8"), "sam.yaml")


def taken(sam: Template) -> Template:
    """The template for the emulated account: without what it refuses, the code in its bucket, and queues that retry within seconds."""
    template = copy.deepcopy(sam)
    gone = {name: resource for name, resource in template["Resources"].items() if _refused(resource)}
    for name in gone:
        del template["Resources"][name]
    for resource in template["Resources"].values():
        wanted = resource.pop("DependsOn", [])
        resource |= {"DependsOn": left} if (left := [n for n in ([wanted] if isinstance(wanted, str) else wanted) if n not in gone]) else {}
    for resource in template["Resources"].values():
        _TAKEN.get(resource["Type"], _as_it_is)(resource.get("Properties", {}))
    return _without(template, gone)


def _refused(resource: Template) -> bool:
    return resource["Type"] in NOT_CREATED or (resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"])


def _without(value: Any, gone: Template) -> Any:
    """Every reference to what is gone, by the name that it would have."""
    if isinstance(value, dict):
        name = value.get("Ref") or (value.get("Fn::GetAtt") or [None])[0]
        if len(value) == 1 and isinstance(name, str) and name in gone:
            own = gone[name]["Properties"].get("ConfigurationSetName", name)
            return own if "Ref" in value else {"Fn::Sub": "arn:aws:sms-voice:${AWS::Region}:${AWS::AccountId}:configuration-set/" + own}
        return {key: _without(item, gone) for key, item in value.items()}
    return [_without(item, gone) for item in value] if isinstance(value, list) else value


def bare_python(folder: Path) -> Path:
    """A Python without any site directory or variable, so that a function finds what the bundle holds and nothing else."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nexec "{os.path.realpath(sys.executable)}" -I -S "$@"\n')
    program.chmod(0o700)
    return program


def _as_it_is(_properties: Template) -> None:
    """Most types are taken so."""


def _function(properties: Template) -> None:
    properties["CodeUri"] = f"s3://{BUCKET}/{KEY}"
    # The second one is set by Lambda's own runtime (developer guide, "Defined runtime environment variables"), and not by the emulator's.
    properties["Environment"]["Variables"] |= {"KI_STAGE": STAGE, "_HANDLER": properties["Handler"]}
    for event in (e for e in properties.get("Events", {}).values() if e["Type"] == "SQS"):
        event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": 2}  # the least that AWS takes: one machine bears it all


def _role(properties: Template) -> None:
    for statement in (s for policy in properties.get("Policies", []) for s in policy["PolicyDocument"]["Statement"]):
        statement["Action"] += [own for action, own in OWN_ACTIONS.items() if action in statement["Action"]]


def _queue(properties: Template) -> None:
    properties["VisibilityTimeout"] = LOCAL_VISIBILITY_SECONDS


def _table(properties: Template) -> None:
    properties.pop("TimeToLiveSpecification", None)  # the clock moves


_TAKEN = {
    "AWS::Serverless::Function": _function,
    "AWS::IAM::Role": _role,
    "AWS::SQS::Queue": _queue,
    "AWS::DynamoDB::Table": _table,
}
