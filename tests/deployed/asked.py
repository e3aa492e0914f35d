"""Which permission on which resource one request needs, read from the wire as AWS's Service Authorization Reference says.

Must not judge: permissions.py holds it against the policies.
"""

from __future__ import annotations

import base64
import json
from email import message_from_bytes
from email.utils import parseaddr
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from infra.local.aws_wire import Scope

REGION, ACCOUNT = "eu-west-2", "000000000000"
_OF_TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_ONE_OF_A_BATCH = {"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage", "PublishBatch": "Publish"}
_S3 = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjects": "ListBucket", "HeadBucket": "ListBucket"}
_OF_VERSIONS = {"GetObject": "GetObjectVersion", "ListBucket": "ListBucketVersions", "DeleteObject": "DeleteObjectVersion"}
Grant = tuple[str, str]
"""(action, ARN)."""


class Asked(NamedTuple):
    """What one request needs. `sender`: the address of a mail, for which a policy may have a condition."""

    action: str
    on: str
    sender: str = ""


def asked(service: str, operation: str | None, scope: Scope, body: bytes) -> set[Asked]:
    """What the request needs. A transaction needs the permission of each of its items."""
    if operation is None:
        return {Asked(f"{service}:?", str(scope["path"]))}
    return {"dynamodb": _tables, "sqs": _queues, "sns": _topics, "s3": _objects, "ses": _mails, "sms": _texts}[service](
        operation, scope, body
    )


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _tables(operation: str, _scope: Scope, body: bytes) -> set[Asked]:
    request = json.loads(body)
    if operation == "TransactWriteItems":
        items = [pair for item in request["TransactItems"] for pair in item.items()]
        return {Asked(f"dynamodb:{_OF_TRANSACTION[kind]}", _table(content["TableName"])) for kind, content in items}
    if operation == "BatchGetItem":
        return {Asked(f"dynamodb:{operation}", _table(name)) for name in request["RequestItems"]}
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    return {Asked(f"dynamodb:{operation}", _table(request["TableName"]) + index)}


def _table(name: str) -> str:
    return _arn("dynamodb", f"table/{name}")


def _queues(operation: str, _scope: Scope, body: bytes) -> set[Asked]:
    name = json.loads(body)["QueueUrl"].rsplit("/", 1)[-1]
    return {Asked(f"sqs:{_ONE_OF_A_BATCH.get(operation, operation)}", _arn("sqs", name))}


def _topics(operation: str, _scope: Scope, body: bytes) -> set[Asked]:
    return {Asked(f"sns:{_ONE_OF_A_BATCH.get(operation, operation)}", parse_qs(body.decode())["TopicArn"][0])}


def _objects(operation: str, scope: Scope, _body: bytes) -> set[Asked]:
    bucket, _, key = str(scope["path"]).strip("/").partition("/")
    action = _S3.get(operation, operation)
    if {"versions", "versionId"} & parse_qs(scope["query_string"].decode(), keep_blank_values=True).keys():
        action = _OF_VERSIONS[action]
    return {Asked(f"s3:{action}", f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""))}


def _mails(operation: str, _scope: Scope, body: bytes) -> set[Asked]:
    """SES v2 with raw content: the service names the second action where it refuses. Both resources are asked of it."""
    request: dict[str, Any] = json.loads(body)
    mail = message_from_bytes(base64.b64decode(request["Content"]["Raw"]["Data"]))
    sender = parseaddr(request.get("FromEmailAddress") or mail["From"])[1]
    domain = sender.rpartition("@")[2]
    resources = (_arn("ses", f"identity/{domain}"), _arn("ses", f"configuration-set/{request['ConfigurationSetName']}"))
    return {Asked(f"ses:{action}", resource, sender) for action in (operation, "SendRawEmail") for resource in resources}


def _texts(operation: str, _scope: Scope, body: bytes) -> set[Asked]:
    request = json.loads(body)
    sender = f"sender-id/{request['OriginationIdentity']}/GB"
    configuration_set = f"configuration-set/{request['ConfigurationSetName']}"
    return {Asked(f"sms-voice:{operation}", _arn("sms-voice", name)) for name in (sender, configuration_set)}
