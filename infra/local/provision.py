"""Creates the queues, tables, topics and buckets of the deployable template in the embedded cloud, and says what its functions need.

Must not know any resource by name: what it leaves out it leaves out by type, and a type on neither list is an error, so that nothing new in
the template is silently missing on the local machine.
"""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.aws import client
from infra.local.template import Template, deployable

STACK = "kept-informed"

PROVISIONED_TYPES = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::SES::ConfigurationSet",
        "AWS::SES::ConfigurationSetEventDestination",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
    }
)
LEFT_OUT_TYPES: Mapping[str, str] = {
    "AWS::Lambda::Function": "the host runs the handlers itself, from the same template",
    "AWS::Lambda::EventSourceMapping": "the host polls the queues itself, from the same template",
    "AWS::Lambda::Permission": "nobody but the host invokes a function",
    "AWS::Events::Rule": "the host fires schedules by the simulated clock",
    "AWS::IAM::Role": "the embedded cloud does not enforce permissions",
    "AWS::SecretsManager::Secret": "the host hands the functions a key of the local machine",
    "AWS::SMSVOICE::ConfigurationSet": "the stand-in for text messages knows its configuration set by name",
}
# What a reference to something left out resolves to: the property that AWS would return.
_REFERENCE_OF = {"AWS::SMSVOICE::ConfigurationSet": "ConfigurationSetName"}

LOCAL_VISIBILITY_SECONDS = 10
LOCAL_ENVIRONMENT: Mapping[str, str] = {
    "KI_STAGE": "local",
    "KI_CONTACT_KEY": "local-machine-only-not-a-secret-0123456789abcdef",
    "KI_CLIENT_READ_TIMEOUT": "2",
}


class UnknownResourceTypeError(Exception):
    """The template holds a resource type that stands on neither list; the message names it."""


@dataclass(frozen=True, slots=True)
class QueueSource:
    """One event source mapping: which queue feeds the function, how many messages at most, and whether its answer is read."""

    queue_arn: str
    batch_size: int
    reports_failures: bool


@dataclass(frozen=True, slots=True)
class Function:
    """One deployed function: its logical name, the import path of its handler, its timeout in seconds, environment and triggers."""

    name: str
    handler: str
    timeout: int
    environment: Mapping[str, str]
    sources: tuple[QueueSource, ...]
    schedules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What stands now: queue URLs by queue name, topic ARNs by topic name, bucket names, and the functions by logical name."""

    endpoint_url: str
    queue_urls: Mapping[str, str]
    topic_arns: Mapping[str, str]
    buckets: tuple[str, ...]
    functions: Mapping[str, Function]

    @property
    def env_by_function(self) -> dict[str, dict[str, str]]:
        """The environment that the template gives each function, by logical name."""
        return {name: dict(function.environment) for name, function in self.functions.items()}

    @property
    def environment(self) -> dict[str, str]:
        """Every variable that any function gets; the functions agree on what they share."""
        return {key: value for function in self.functions.values() for key, value in function.environment.items()}


def provision(
    endpoint_url: str,
    *,
    overrides: Mapping[str, str] | None = None,
    template: Template | None = None,
    public_url: str = "http://127.0.0.1:8000",
) -> Provisioned:
    """Create the stack at `endpoint_url` and return what stands.

    `overrides` replaces environment variables of every function, on top of those of the local machine; `template` is a translated one, by
    default the deployable one. Raises `UnknownResourceTypeError`, or botocore's `WaiterError` for a stack that could not be created.
    """
    whole = template or deployable()
    environments = _environments(whole, dict(LOCAL_ENVIRONMENT) | dict(overrides or {}))
    local = local_template(whole, environments)
    cloudformation = client("cloudformation", endpoint_url)
    parameters = [{"ParameterKey": "PublicUrl", "ParameterValue": public_url}] if "PublicUrl" in whole.get("Parameters", {}) else []
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(local), Parameters=parameters)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
    stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    values = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return _read_back(whole, environments, values, endpoint_url)


def local_template(whole: Template, environments: Mapping[str, Mapping[str, Any]] | None = None) -> Template:
    """The part of a translated template that the embedded cloud creates, with every value that the host needs as an output."""
    unknown = {r["Type"] for r in whole["Resources"].values()} - PROVISIONED_TYPES - set(LEFT_OUT_TYPES)
    if unknown:
        raise UnknownResourceTypeError(", ".join(sorted(unknown)))
    kept = {name: copy.deepcopy(r) for name, r in whole["Resources"].items() if r["Type"] in PROVISIONED_TYPES}
    for resource in kept.values():
        _make_local(resource, set(kept))
    part = {key: value for key, value in whole.items() if key not in ("Resources", "Outputs", "Transform", "Globals")}
    return part | {"Resources": kept, "Outputs": _outputs(whole, kept, environments or {})}


def _make_local(resource: Template, kept: set[str]) -> None:
    """The deviations of CONTRACT.md section 3: short visibility timeouts, and no expiry, since the clock moves."""
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::SQS::Queue":
        properties["VisibilityTimeout"] = LOCAL_VISIBILITY_SECONDS
    if resource["Type"] == "AWS::DynamoDB::Table":
        properties.pop("TimeToLiveSpecification", None)
    wanted = resource.pop("DependsOn", [])
    remaining = [name for name in ([wanted] if isinstance(wanted, str) else wanted) if name in kept]
    if remaining:
        resource["DependsOn"] = remaining


def _environments(whole: Template, overrides: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Each function's variables as the template gives them, intrinsics and all, under the overrides."""
    found = {}
    for name, resource in whole["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            variables = resource["Properties"].get("Environment", {}).get("Variables", {})
            found[name] = {key: _local_reference(whole, value) for key, value in variables.items()} | dict(overrides)
    return found


def _local_reference(whole: Template, value: Any) -> Any:
    """A reference to something left out becomes the property that it would return; everything else stays."""
    target = whole["Resources"].get(value["Ref"]) if isinstance(value, dict) and "Ref" in value else None
    if target and target["Type"] in _REFERENCE_OF:
        return target["Properties"][_REFERENCE_OF[target["Type"]]]
    return value


def _outputs(whole: Template, kept: Template, environments: Mapping[str, Mapping[str, Any]]) -> Template:
    """One output for every value that only the cloud can resolve: it is its own best interpreter of intrinsics."""
    outputs: Template = {}
    for name, resource in kept.items():
        if resource["Type"] in ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"):
            outputs[f"Ref{name}"] = {"Value": {"Ref": name}}
    for name, resource in whole["Resources"].items():
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            outputs[f"Source{name}"] = {"Value": resource["Properties"]["EventSourceArn"]}
    for function, variables in environments.items():
        for key, value in variables.items():
            if not isinstance(value, str):
                outputs[_variable(function, key)] = {"Value": value}
    return outputs


def _variable(function: str, key: str) -> str:
    return f"Env{function}{key.replace('_', '')}"


def _read_back(whole: Template, environments: Mapping[str, Mapping[str, Any]], values: Mapping[str, str], endpoint_url: str) -> Provisioned:
    queues, topics, buckets = {}, {}, []
    for name, resource in whole["Resources"].items():
        value = values.get(f"Ref{name}", "")
        if resource["Type"] == "AWS::SQS::Queue":
            queues[value.rsplit("/", 1)[-1]] = value
        elif resource["Type"] == "AWS::SNS::Topic":
            topics[value.rsplit(":", 1)[-1]] = value
        elif resource["Type"] == "AWS::S3::Bucket":
            buckets.append(value)
    functions = {name: _function(whole, name, environments[name], values) for name in environments}
    return Provisioned(endpoint_url, queues, topics, tuple(buckets), functions)


def _function(whole: Template, name: str, variables: Mapping[str, Any], values: Mapping[str, str]) -> Function:
    properties = whole["Resources"][name]["Properties"]
    sources, schedules = [], []
    for other, resource in whole["Resources"].items():
        detail = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::EventSourceMapping" and detail["FunctionName"] == {"Ref": name}:
            reports = "ReportBatchItemFailures" in detail.get("FunctionResponseTypes", [])
            sources.append(QueueSource(values[f"Source{other}"], int(detail["BatchSize"]), reports))
        if resource["Type"] == "AWS::Events::Rule" and {"Fn::GetAtt": [name, "Arn"]} in [t["Arn"] for t in detail["Targets"]]:
            schedules.append(detail["ScheduleExpression"])
    environment = {key: value if isinstance(value, str) else values[_variable(name, key)] for key, value in variables.items()}
    return Function(name, properties["Handler"], int(properties["Timeout"]), environment, tuple(sources), tuple(schedules))
