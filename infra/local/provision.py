"""Creates the queues, tables, topics and buckets of the deployable template in the embedded cloud, and says what its functions need.

Must not know any resource by name: what it leaves out it leaves out by type, and a type on neither list is an error, so that nothing new in
the template is silently missing on the local machine.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

from infra.local.aws import client
from infra.local.sign_in_provider import environment as sign_in_environment
from infra.local.stack import Function, Provisioned, QueueSource, Schedule, TopicSource
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
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::Queue",
    }
)
LEFT_OUT_TYPES: Mapping[str, str] = {
    "AWS::Lambda::Function": "the host runs the handlers itself, from the same template",
    "AWS::Lambda::EventSourceMapping": "the host polls the queues itself, from the same template",
    "AWS::Lambda::EventInvokeConfig": "the host lays aside itself what failed, from the same template",
    "AWS::Lambda::Permission": "nobody but the host invokes a function",
    "AWS::SNS::Subscription": "the host hands a topic's messages to its function itself",
    "AWS::Scheduler::Schedule": "the host fires schedules by the simulated clock",
    "AWS::IAM::ManagedPolicy": "as a role",
    "AWS::IAM::Role": "the embedded cloud does not enforce permissions",
    "AWS::SecretsManager::Secret": "the host hands the functions a key of the local machine",
    "AWS::ApiGateway::RestApi": "the local gateway serves its routes and its own answers itself, from the same template",
    "AWS::ApiGateway::Deployment": "as the API",
    "AWS::ApiGateway::Stage": "as the API; nothing is throttled locally",
    "AWS::ApiGateway::DomainName": "pages are served on loopback",
    "AWS::ApiGateway::BasePathMapping": "pages are served on loopback",
    "AWS::CloudWatch::Alarm": "nobody is on call for this machine, and nothing gathers its metrics",
    "AWS::CloudWatch::Dashboard": "the console stands for it",
    "AWS::ApiGateway::Account": "nothing writes an access log locally",
    "AWS::Logs::LogGroup": "the host keeps each function's log in a file; nothing writes an access log",
    "AWS::WAFv2::WebACL": "nobody but this machine can reach the pages",
    "AWS::WAFv2::WebACLAssociation": "as the firewall; the embedded cloud would refuse it",
    "AWS::SQS::QueuePolicy": "the embedded cloud does not enforce permissions, and speaks on loopback alone",
    "AWS::SES::EmailIdentity": "the stand-in for mail knows the domain of the profile's sender",
    "AWS::Cognito::UserPool": "officers sign in through a stand-in on this machine (infra/local/sign_in_provider.py)",
    "AWS::Cognito::UserPoolDomain": "as the user pool",
    "AWS::Cognito::UserPoolClient": "as the user pool",
    "AWS::Cognito::UserPoolIdentityProvider": "as the user pool",
    "AWS::SMSVOICE::ConfigurationSet": "the stand-in for text messages knows its configuration set by name",
}
# What a reference to something left out resolves to: the property that AWS would return.
_REFERENCE_OF = {"AWS::SMSVOICE::ConfigurationSet": "ConfigurationSetName"}

LOCAL_VISIBILITY_SECONDS = 10
LOCAL_ENVIRONMENT: Mapping[str, str] = {
    "KI_STAGE": "local",
    "KI_CONTACT_KEY": "local-machine-only-not-a-secret-0123456789abcdef",
    "KI_LINK_KEY": "local-machine-only-not-a-secret-either-0123456789abcdef",
    "KI_LINK_KEY_PREVIOUS": "local-machine-only-the-link-key-before-0123456789abcdef",
    "KI_CLIENT_READ_TIMEOUT": "2",
}


class UnknownResourceTypeError(Exception):
    """The template holds a resource type that stands on neither list; the message names it."""


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
    environments = _environments(whole, dict(LOCAL_ENVIRONMENT) | sign_in_environment(public_url) | dict(overrides or {}))
    local = local_template(whole, environments)
    cloudformation = client("cloudformation", endpoint_url)
    said = {"PublicUrl": public_url, "Runbook": "https://runbook.example"}  # no alarm stands here, so nobody follows the second
    parameters = [{"ParameterKey": name, "ParameterValue": said[name]} for name in whole.get("Parameters", {}) if name in said]
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(local), Parameters=parameters)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
    values = _values(endpoint_url)
    waiting = _asynchronous_queues(whole, values, endpoint_url)
    return _read_back(whole, environments, values | waiting, endpoint_url)


def _values(endpoint_url: str) -> dict[str, str]:
    stack = client("cloudformation", endpoint_url).describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def attach(endpoint_url: str) -> dict[str, str]:
    """The environment of the functions of a stack that already stands at `endpoint_url`. Raises botocore's errors where none does."""
    whole, values = deployable(), _values(endpoint_url)
    local = dict(LOCAL_ENVIRONMENT) | sign_in_environment("http://127.0.0.1")  # no operator signs in
    environments = _environments(whole, local)
    return {
        key: value if isinstance(value, str) else values[_variable(name, key)]
        for name, variables in environments.items()
        for key, value in variables.items()
    }


def _asynchronous_queues(whole: Template, values: Mapping[str, str], endpoint_url: str) -> dict[str, str]:
    """For each function that a topic invokes: the queue of its waiting invocations, which AWS keeps inside Lambda; URLs by output name."""
    sqs, sns, found = client("sqs", endpoint_url), client("sns", endpoint_url), {}
    for name, resource in _subscriptions(whole).items():
        queue = f"lambda-async-{resource['Endpoint']['Fn::GetAtt'][0].lower()}"
        attributes = {"VisibilityTimeout": str(LOCAL_VISIBILITY_SECONDS)}
        found[f"Waiting{name}"] = sqs.create_queue(QueueName=queue, Attributes=attributes)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=found[f"Waiting{name}"], AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=values[f"Source{name}"], Protocol="sqs", Endpoint=answer["Attributes"]["QueueArn"])
    return found


def _subscriptions(whole: Template) -> dict[str, Template]:
    """Properties of the subscriptions of functions. Raises `UnknownResourceTypeError` for one to anything else but a mailbox: no alarm is
    raised here."""
    every = {name: r["Properties"] for name, r in whole["Resources"].items() if r["Type"] == "AWS::SNS::Subscription"}
    found = {name: properties for name, properties in every.items() if properties["Protocol"] != "email"}
    others = [name for name, properties in found.items() if properties["Protocol"] != "lambda"]
    if others:
        raise UnknownResourceTypeError(f"AWS::SNS::Subscription of something other than a function: {', '.join(others)}")
    return found


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
    named = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket")
    values: Template = {f"Ref{name}": {"Ref": name} for name, resource in kept.items() if resource["Type"] in named}
    for name, properties in _mappings(whole).items():
        values[f"Source{name}"] = properties["EventSourceArn"]
    for name, properties in _subscriptions(whole).items():
        values[f"Source{name}"] = properties["TopicArn"]
    for function, variables in environments.items():
        values |= {_variable(function, key): value for key, value in variables.items() if not isinstance(value, str)}
    return {name: {"Value": value} for name, value in values.items()}


def _mappings(whole: Template) -> dict[str, Template]:
    """Properties of the event source mappings."""
    return {name: r["Properties"] for name, r in whole["Resources"].items() if r["Type"] == "AWS::Lambda::EventSourceMapping"}


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
    return Function(
        name=name,
        handler=properties["Handler"],
        timeout=int(properties["Timeout"]),
        environment={key: value if isinstance(value, str) else values[_variable(name, key)] for key, value in variables.items()},
        sources=tuple(_source(values[f"Source{other}"], m) for other, m in _mappings(whole).items() if m["FunctionName"] == {"Ref": name}),
        schedules=_schedules(whole, {"Fn::GetAtt": [name, "Arn"]}),
        topics=tuple(
            TopicSource(values[f"Source{other}"], values[f"Waiting{other}"], _failures(whole, name, values))
            for other, subscription in _subscriptions(whole).items()
            if subscription["Endpoint"] == {"Fn::GetAtt": [name, "Arn"]}
        ),
    )


def _failures(whole: Template, function: str, values: Mapping[str, str]) -> str:
    """The bucket that is the failure destination of a function, or an empty name."""
    every = [r["Properties"] for r in whole["Resources"].values() if r["Type"] == "AWS::Lambda::EventInvokeConfig"]
    of_function = [one["DestinationConfig"]["OnFailure"]["Destination"] for one in every if one["FunctionName"] == {"Ref": function}]
    return values[f"Ref{of_function[0]['Fn::GetAtt'][0]}"] if of_function else ""


def _source(queue_arn: str, mapping: Template) -> QueueSource:
    return QueueSource(queue_arn, int(mapping["BatchSize"]), "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", []))


def _schedules(whole: Template, target: Template) -> tuple[Schedule, ...]:
    """What fires a function, and by which clock."""
    found = [resource["Properties"] for resource in whole["Resources"].values() if resource["Type"] == "AWS::Scheduler::Schedule"]
    return tuple(Schedule(s["ScheduleExpression"], s["ScheduleExpressionTimezone"]) for s in found if s["Target"]["Arn"] == target)
