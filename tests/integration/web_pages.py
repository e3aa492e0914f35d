"""The web pages as Lambda runs them: the app by its deployed import path, and API Gateway's events made as the local gateway makes them.

Must not answer anything itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.bootstrap_web import web_container
from infra.local.gateway import Gateway
from infra.local.http_server import Reply, Request
from infra.local.template import deployable
from infra.local.worker import Context, load

PUBLIC_URL = "https://kept-informed.test"
ENVIRONMENT = {
    "KI_STAGE": "dev",
    "KI_PROFILE": "derbyshire",
    "KI_TABLE_PREFIX": "kept-informed-",
    "KI_RECORDS_QUEUE_URL": "https://sqs.test/records",
    "KI_DISPATCH_QUEUE_URL": "https://sqs.test/dispatch",
    "KI_QUARANTINE_QUEUE_URL": "https://sqs.test/quarantine",
    "KI_LETTERS_BUCKET": "letters",
    "KI_QUARANTINE_BUCKET": "bodies",
    "KI_ARCHIVE_BUCKET": "archive",
    "KI_SEALS_BUCKET": "seals",
    "KI_DEAD_RECEIPTS_BUCKET": "dead-receipts",
    "KI_OUT_TOPIC_ARN": "arn:aws:sns:eu-west-2:123456789012:out",
    "KI_PUBLIC_URL": PUBLIC_URL,
    "KI_SES_CONFIGURATION_SET": "mail",
    "KI_SMS_CONFIGURATION_SET": "text",
    "KI_CONTACT_KEY": "a key of this test alone, of 32 characters",
    "KI_LINK_KEY": "another key of this test alone, of 32 characters",
    "KI_SIGN_IN_ISSUER": "https://identity.test/pool",
    "KI_SIGN_IN_AUTHORIZE_URL": "https://identity.test/authorize",
    "KI_SIGN_IN_TOKEN_URL": "https://identity.test/token",
    "KI_SIGN_IN_CLIENT_ID": "client-1",
    "KI_SIGN_IN_CLIENT_SECRET": "a secret of this test alone",
    "AWS_DEFAULT_REGION": "eu-west-2",
}
FORM = "application/x-www-form-urlencoded"


@contextmanager
def web_environment(**changes: str) -> Iterator[None]:
    """The settings of the pages, in a container of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (ENVIRONMENT | changes).items():
            patch.setenv(name, value)
        web_container.cache_clear()
        yield
    web_container.cache_clear()


def request(
    path: str, method: str = "GET", *, form: Mapping[str, str] | bytes | None = None, headers: Mapping[str, str] | None = None
) -> Request:
    """As a browser sends it."""
    body = form if isinstance(form, bytes) else urlencode(form).encode() if form is not None else b""
    named = {"host": "kept-informed.test", "accept": "text/html,*/*;q=0.8"} | ({"content-type": FORM} if form is not None else {})
    named |= {name.lower(): value for name, value in (headers or {}).items()}
    path, _, query = path.partition("?")
    return Request(method, path, {}, body, {}, named, path, query, tuple(named.items()), "192.0.2.1")


def gateway(handler: Any = None) -> Gateway:
    """The template's own gateway before the deployed app, or before another handler."""
    function = handler or load("app.app")
    return Gateway(deployable(), lambda event: function(event, Context("APIHandler", "request-1", "arn", 512, 0)))


def visit(path: str, method: str = "GET", **options: Any) -> Reply:
    """What a browser gets."""
    return gateway().answer(request(path, method, **options))


def as_wsgi() -> Callable[[Mapping[str, Any], Callable[[str, list[tuple[str, str]]], Any]], Iterable[bytes]]:
    """The gateway as a WSGI application, for whoever drives one. Each request comes from a source of its own, so that none has to wait."""
    pages, numbers = gateway(), count()

    def answer(environ: Mapping[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
        number = next(numbers)
        named = [(name[5:].replace("_", "-").lower(), value) for name, value in environ.items() if name.startswith("HTTP_")]
        named = [pair for pair in named if pair[0] != "accept-encoding"]  # such a client does not unpack what is compressed
        if environ.get("CONTENT_TYPE"):
            named.append(("content-type", environ["CONTENT_TYPE"]))
        path, _, query = environ["REQUEST_URI"].partition("?")
        body = environ["wsgi.input"].read()
        source = f"198.18.{number // 250 % 250}.{number % 250}"
        reply = pages.answer(Request(environ["REQUEST_METHOD"], path, {}, body, {}, dict(named), path, query, tuple(named), source))
        sent = [("content-type", reply.content_type), *reply.headers.items(), *reply.repeated]
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", sent)
        return [reply.body]

    return answer
