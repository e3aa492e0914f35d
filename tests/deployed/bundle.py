"""The package as `make package` wrote it, and what of its template an emulated account cannot take.

Must not change what is deployed beyond the list below, which says why of each change. Asks nothing of any AWS account.
"""

from __future__ import annotations

import copy
import os
import sys
from functools import cache
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
NOT_SHOWN = {
    **dict.fromkeys(("Dkim1", "Dkim2", "Dkim3"), "ministack makes the sender's identity, but no tokens of its signature"),
}
"""Outputs that are left out, and why."""
OWN_ACTIONS = {"sqs:SendMessage": "sqs:SendMessageBatch", "sns:Publish": "sns:PublishBatch"}
"""What the emulator asks for a batch. On AWS there is no such action: a batch needs the permission of one (Service Authorization
Reference)."""
STAGE = "rehearsal"
"""What every function is told to be: it sends to guests alone, and can move its clock. The package is that of prod; a stage's own package
differs in this variable and in nothing else that works (test_stages.py)."""
GUESTS = (
    *("@example.org", "@example.test", "@derbyshire-police.test", "@derbyshire-victim-services.test"),
    *(f"+44770090000{digit}" for digit in range(10)),
    "DE75 7XX",
)
"""Whoever the customer of the tests invents; at `@example.net`, or with another mobile or postcode, nobody is a guest."""
PARAMETERS = {
    "PublicUrl": "https://victims.derbyshire-police.test",
    "CertificateArn": "arn:aws:acm:eu-west-2:000000000000:certificate/pages",
    "MailDomain": "derbyshire-police.test",
    "BucketSuffix": "-rehearsed",
    "SignInDomain": "rehearsed-officers",
    "IdentityMetadataUrl": "https://sign-in.derbyshire-police.test/metadata",
    "Guests": ", ".join(GUESTS),
    "OperatorPrincipal": "arn:aws:iam::000000000000:role/operations",
    "AlarmEmail": "on-call@derbyshire-police.test",
    "Runbook": "https://git.derbyshire-police.test/kept-informed/docs/runbook.md",
    "ReserveConcurrency": "yes",
    "Protection": "no",
    "RecordsSender": "arn:aws:iam::111122223333:role/records",
    "RecordsRule": "records/kept-informed-records",
    "OfficerSignIn": "beside",  # no provider signs anybody in here, so that a reminder's link must open the page by itself
}
"""As a force says them (docs/deploy.md): every condition of the template holds."""
PAGES = "APIHandler"

Template = dict[str, Any]


def code() -> bytes:
    """The zip under dist/."""
    return (DIST / "deployment.zip").read_bytes()


@cache
def template() -> Template:
    """The template under dist/; read it, never change it."""
    found: Template = YAMLTemplateSerializer().load_template((DIST / "sam.yaml").read_text("utf-8"), "sam.yaml")
    return found


def functions() -> dict[str, Template]:
    """The properties of every function of the package, by logical name."""
    return {name: r["Properties"] for name, r in template()["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}


def taken(sam: Template) -> Template:
    """The template for the emulated account: without what it refuses, the code in its bucket, and queues that retry within seconds."""
    made = copy.deepcopy(sam)
    gone = {name: resource for name, resource in made["Resources"].items() if _refused(resource)}
    for name in gone:
        del made["Resources"][name]
    for name in NOT_SHOWN:
        del made["Outputs"][name]
    for resource in made["Resources"].values():
        wanted = resource.pop("DependsOn", [])
        resource |= {"DependsOn": left} if (left := [n for n in ([wanted] if isinstance(wanted, str) else wanted) if n not in gone]) else {}
    for resource in made["Resources"].values():
        _TAKEN.get(resource["Type"], _as_it_is)(resource.get("Properties", {}))
    return _without(made, gone)


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
