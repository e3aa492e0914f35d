"""What sets off each function of the package, as its template says, and an event of that kind with nothing in it.

Must not name a function: one that comes into the template is asked for by its own name in every test that goes through these.
"""

from __future__ import annotations

from typing import Any

from infra.local.host import scheduled_event
from infra.local.sqs_events import batch_event
from infra.local.template import Template
from infra.local.topic_feed import topic_event
from tests.deployed.asked import ACCOUNT, REGION
from tests.deployed.bundle import PAGES, functions, template

_NOON = "2026-11-20T12:00:00Z"
_KINDS = {"SQS": "queue", "SNS": "topic", "ScheduleV2": "schedule"}


def triggers() -> dict[str, set[tuple[str, str]]]:
    """By logical name kind and resource of each trigger: (`queue`, its name), (`topic`, its name) or (`schedule`, its expression).

    KeyError for a kind that is not known here. The function behind the pages has none in the template.
    """
    return {name: {_trigger(event) for event in found.get("Events", {}).values()} for name, found in functions().items() if name != PAGES}


def _trigger(event: Template) -> tuple[str, str]:
    kind, properties = _KINDS[event["Type"]], event["Properties"]
    if kind == "schedule":
        return kind, properties["ScheduleExpression"]
    reference: str = properties["Queue" if kind == "queue" else "Topic"]["Fn::Sub"]
    resource = template()["Resources"][reference.removeprefix("${").removesuffix("}").removesuffix(".Arn")]["Properties"]
    return kind, resource["QueueName" if kind == "queue" else "TopicName"]


def empty_event(name: str, kind: str, resource: str) -> dict[str, Any]:
    """An event of a trigger, with nothing to do: a batch of none, a receipt that is none, the hour."""
    if kind == "queue":
        return batch_event([], f"arn:aws:sqs:{REGION}:{ACCOUNT}:{resource}")
    if kind == "topic":
        return topic_event({"Message": "{}", "MessageId": "m1", "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{resource}"})
    return scheduled_event(name, _NOON)


EVENTS = [(name, kind, resource) for name, found in triggers().items() for kind, resource in sorted(found)]
