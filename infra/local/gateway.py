"""Serves the pages as API Gateway would: a REST proxy event for a route of the template, its own answer for everything else.

Must not know a page, nor change what a function answered. What it answers by itself stands in the template too. Nothing is throttled here.
"""

import base64
import gzip
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.aws import REGION
from infra.local.function_process import ACCOUNT, InvocationFailedError
from infra.local.http_server import Reply, Request
from infra.local.template import Template

MOST_BYTES = 10 * 1024 * 1024
STAGE = "api"
_OWN_STATUS = {"MISSING_AUTHENTICATION_TOKEN": 403, "REQUEST_TOO_LARGE": 413, "INTEGRATION_TIMEOUT": 504, "INTEGRATION_FAILURE": 502}
_HOP_BY_HOP = frozenset({"connection", "content-length", "transfer-encoding"})

Invoke = Callable[[dict[str, Any]], Any]


class Gateway:
    """The routes and the own answers of one API. `invoke` runs its function."""

    def __init__(self, template: Template, invoke: Invoke) -> None:
        (api,) = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::ApiGateway::RestApi"]
        self._own = api["Body"].get("x-amazon-apigateway-gateway-responses", {})
        self._compressed_from = api.get("MinimumCompressionSize")
        self._routes = [(path, _pattern(path), {m.upper() for m in methods}) for path, methods in _by_precision(api["Body"]["paths"])]
        self._invoke = invoke

    def answer(self, request: Request) -> Reply:
        """Whatever happens, an answer."""
        return self._compressed(self._answered(request), request)

    def _answered(self, request: Request) -> Reply:
        route = self._route(request)
        if route is None:
            return self.own("MISSING_AUTHENTICATION_TOKEN")
        if len(request.body) > MOST_BYTES:
            return self.own("REQUEST_TOO_LARGE")
        try:
            return _reply(self._invoke(proxy_event(request, *route)))
        except InvocationFailedError as error:
            return self.own("INTEGRATION_TIMEOUT" if "timed out" in str(error) else "INTEGRATION_FAILURE")
        except (KeyError, TypeError, ValueError):  # no proxy answer: "Malformed Lambda proxy response"
            return self.own("INTEGRATION_FAILURE")

    def own(self, kind: str) -> Reply:
        """The gateway's own answer of a response type, as the template words it."""
        status = _OWN_STATUS[kind]
        worded = self._own.get(kind) or self._own.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX") or {}
        headers = {
            name.rpartition("header.")[2].lower(): value.strip()[1:-1] for name, value in worded.get("responseParameters", {}).items()
        }
        body = worded.get("responseTemplates", {}).get("text/html", '{"message": "Forbidden"}')
        return Reply(int(worded.get("statusCode", status)), body.encode(), headers.pop("content-type", "application/json"), headers)

    def _route(self, request: Request) -> tuple[str, dict[str, str] | None] | None:
        for path, pattern, methods in self._routes:
            if (found := pattern.fullmatch(request.raw_path)) and request.method in methods:
                return path, {name: unquote(value) for name, value in found.groupdict().items()} or None
        return None

    def _compressed(self, reply: Reply, request: Request) -> Reply:
        wanted = "gzip" in request.headers.get("accept-encoding", "")
        if self._compressed_from is None or not wanted or len(reply.body) < self._compressed_from:
            return reply
        body = gzip.compress(reply.body, mtime=0)
        return Reply(reply.status, body, reply.content_type, reply.headers | {"content-encoding": "gzip"}, reply.repeated)


def _by_precision(paths: dict[str, Any]) -> list[tuple[str, Any]]:
    """A path without variables wins over one with them, as in API Gateway."""
    return sorted(paths.items(), key=lambda item: (item[0].count("{"), item[0]))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)))


def proxy_event(request: Request, resource: str, values: dict[str, str] | None) -> dict[str, Any]:
    """What API Gateway sends to a function for `request` to the route `resource` (REST API, payload version 1.0)."""
    headers = _grouped([*request.header_list, ("X-Forwarded-For", request.source), ("X-Forwarded-Proto", "http")])
    query = _grouped(parse_qsl(request.raw_query, keep_blank_values=True))
    host = request.headers.get("host", "")
    return {
        "resource": resource,
        "path": request.raw_path,
        "httpMethod": request.method,
        "headers": {name: found[-1] for name, found in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: found[-1] for name, found in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": values,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "extendedRequestId": f"local-{time.monotonic_ns()}",
            "httpMethod": request.method,
            "identity": {"sourceIp": request.source, "userAgent": request.headers.get("user-agent"), "accountId": None, "user": None},
            "path": request.raw_path,
            "protocol": "HTTP/1.1",
            "region": REGION,
            "requestId": f"local-{time.monotonic_ns()}",
            "requestTimeEpoch": int(time.time() * 1000),
            "resourceId": resource,
            "resourcePath": resource,
            "stage": STAGE,
        },
        "body": request.body.decode("utf-8", "replace") if request.body else None,
        "isBase64Encoded": False,
    }


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _reply(answer: Any) -> Reply:
    """A function's proxy answer. KeyError, TypeError or ValueError where it is none."""
    if not isinstance(answer, dict):
        raise TypeError("no proxy answer")
    body = base64.b64decode(answer["body"], validate=True) if answer.get("isBase64Encoded") else str(answer.get("body") or "").encode()
    pairs = [(name.lower(), str(value)) for name, value in (answer.get("headers") or {}).items()]
    pairs += [(name.lower(), str(value)) for name, values in (answer.get("multiValueHeaders") or {}).items() for value in values]
    pairs = [pair for pair in pairs if pair[0] not in _HOP_BY_HOP]
    grouped = _grouped(pairs)
    kind = grouped.pop("content-type", ["application/json"])[-1]
    once = {name: values[-1] for name, values in grouped.items() if len(values) == 1}
    repeated = tuple((name, value) for name, values in grouped.items() if len(values) > 1 for value in values)
    return Reply(int(answer["statusCode"]), body, kind, once, repeated)
