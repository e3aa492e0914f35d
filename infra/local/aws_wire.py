"""What travels between an AWS client and the local endpoint: who calls which operation of which service, and how an answer is written.

Must not decide anything: fault rules, stand-ins and pass-through are other files' business.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.local.aws import ACCESS_KEY_ID, SECRET_ACCESS_KEY

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_CREDENTIAL_SCOPE = re.compile(rb"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_WORKER = re.compile(rb"\bapp/ki-worker-(\d+)\b")
_SIGNING_NAMES = {b"ses": "ses", b"sms-voice": "sms", b"dynamodb": "dynamodb", b"sqs": "sqs", b"s3": "s3", b"sns": "sns"}
_SES_OPERATIONS = {
    ("POST", "/v2/email/outbound-emails"): "SendEmail",
    ("POST", "/v2/email/outbound-bulk-emails"): "SendBulkEmail",
}
_S3_OBJECT = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
_S3_BUCKET = {"PUT": "CreateBucket", "GET": "ListObjects", "HEAD": "HeadBucket", "DELETE": "DeleteBucket"}


@dataclass(frozen=True)
class Call:
    """One request as the client meant it. `service` is the name used in fault rules, `worker` the process id of a calling worker."""

    service: str
    operation: str | None
    worker: int | None


@dataclass(frozen=True)
class Response:
    """A whole HTTP answer: status, headers (lower case), body."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def header(scope: Scope, name: bytes) -> bytes:
    """The first value of a header (name in lower case), or empty bytes."""
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value)
    return b""


def service_of(scope: Scope) -> str | None:
    """The service that the request was signed for, from the credential scope; None for anything that is not ours to know."""
    found = _CREDENTIAL_SCOPE.search(header(scope, b"authorization"))
    return _SIGNING_NAMES.get(found.group(1)) if found else None


def worker_of(scope: Scope) -> int | None:
    """The process id in `app/ki-worker-<pid>` of the User-Agent; None for the host, for outside clients and for everybody else."""
    found = _WORKER.search(header(scope, b"user-agent"))
    return int(found.group(1)) if found else None


def operation_of(scope: Scope, service: str, body: bytes) -> str | None:
    """The operation's API name. `body` is needed only by query-protocol services (SNS), where it holds `Action`."""
    target = header(scope, b"x-amz-target").decode("latin-1")
    if target:
        return target.rpartition(".")[2]
    if service == "ses":
        return _SES_OPERATIONS.get((scope["method"], scope["path"].rstrip("/")))
    if service == "s3":
        return _s3_operation(scope)
    return parse_qs(body.decode("utf-8", "replace")).get("Action", [None])[0]


def _s3_operation(scope: Scope) -> str | None:
    """Path-style object and bucket calls, as this project's clients make them."""
    method, query = scope["method"], parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    has_key = "/" in scope["path"].strip("/")
    if method == "POST":
        return "DeleteObjects" if "delete" in query else None
    if has_key and method == "PUT" and header(scope, b"x-amz-copy-source"):
        return "CopyObject"
    if not has_key and method == "GET" and query.get("list-type") == ["2"]:
        return "ListObjectsV2"
    return (_S3_OBJECT if has_key else _S3_BUCKET).get(method)


async def read_body(receive: Receive) -> bytes | None:
    """The whole request body, or None when the client left before it was complete."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out a body already read, then goes on with the connection's own events."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


async def answer(send: Send, response: Response) -> None:
    """Write one whole response."""
    headers = {"x-amzn-requestid": str(uuid4()), "content-length": str(len(response.body)), **response.headers}
    encoded = [(key.encode("latin-1"), value.encode("latin-1", "replace")) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    await send({"type": "http.response.body", "body": response.body, "more_body": False})


def json_1_0(status: int, document: dict[str, Any], *, query_error: str | None = None) -> Response:
    """An answer in AWS JSON 1.0; `query_error` is SQS's compatibility header (`<code>;<Sender|Receiver>`)."""
    headers = {"content-type": "application/x-amz-json-1.0"}
    if query_error:
        headers["x-amzn-query-error"] = query_error
    return Response(status, json.dumps(document).encode(), headers)


def rest_json(status: int, document: dict[str, Any], *, error: str | None = None) -> Response:
    """An answer in REST-JSON; `error` is the exception's name, which this protocol carries in a header."""
    headers = {"content-type": "application/json"}
    if error:
        headers["x-amzn-errortype"] = error
    return Response(status, json.dumps(document).encode(), headers)


def xml(status: int, document: str) -> Response:
    """An answer in XML (S3, SNS)."""
    return Response(status, ('<?xml version="1.0" encoding="UTF-8"?>\n' + document).encode(), {"content-type": "application/xml"})


async def call_in_process(app: AsgiApp, *, service: str, region: str, form: bytes) -> Response:
    """Send one query-protocol request to an ASGI application of this process, signed as the host, and read its answer."""
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    request = AWSRequest("POST", "http://127.0.0.1/", data=form, headers={"host": "127.0.0.1", "content-type": kind})
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), service, region).add_auth(request)
    signed = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.1"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [*signed, (b"content-length", str(len(form)).encode())],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    status, chunks = 0, []

    async def nothing_more() -> Message:
        return {"type": "http.disconnect"}

    async def collect(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            chunks.append(message.get("body", b""))

    await app(scope, replay(form, nothing_more), collect)
    return Response(status, b"".join(chunks))
