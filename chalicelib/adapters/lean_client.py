"""Calls JSON services over a botocore client's own connections, credentials and endpoint, without its machinery for each call.

A call of botocore's own takes two to three milliseconds of CPU, most of it for what never changes here: models, hooks, user agent, endpoint
rules. What a caller sees is botocore's: the same errors, the same attempts, the same `before-send` hook (ADR 0015). Must not know an
operation's meaning, and must never repeat a call whose client was made for one attempt.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import get_current_datetime
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError, NoCredentialsError
from botocore.retries.standard import ExponentialBackoff, RetryContext

from chalicelib.adapters.signing import Signer

AGAIN_STATUS = frozenset({500, 502, 503, 504})
AGAIN_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""What botocore's standard mode tries again; a test holds both against it."""
Answer = dict[str, Any]


class LeanClient:
    """`client` is a botocore client of a service that speaks AWS JSON or REST-JSON; it is used for everything that is not a call."""

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self._sleep = sleep
        model = client.meta.service_model
        self._prefix = model.metadata.get("targetPrefix")
        self._service = str(model.service_id.hyphenize())
        self._endpoint = client.meta.endpoint_url.rstrip("/")
        self._signer = Signer(client.meta.region_name, client._request_signer.signing_name)
        self._attempts = int(client.meta.config.retries["total_max_attempts"])
        self._backoff = ExponentialBackoff()
        version = model.metadata.get("jsonVersion")
        application = client.meta.config.user_agent_appid
        self._headers = {
            "host": urlsplit(self._endpoint).netloc,
            "content-type": f"application/x-amz-json-{version}" if self._prefix else "application/json",
            "user-agent": f"kept-informed app/{application}" if application else "kept-informed",
        }

    def call(self, operation: str, document: Any, path: str = "/") -> Answer:
        """Make one call: `operation` is its API name, `document` its members as they go over the wire (bytes in base64).

        ClientError for a refusal, BotoCoreError where no answer came, both as botocore raises them.
        """
        body = json.dumps(document, separators=(",", ":")).encode()
        for attempt in range(1, self._attempts + 1):
            try:
                return self._once(operation, path, body)
            except (ClientError, BotoCoreError) as error:
                if attempt == self._attempts or not _passes(error):
                    raise
            self._sleep(self._backoff.delay_amount(RetryContext(attempt_number=attempt)))
        raise AssertionError("a client with no attempt")

    def _once(self, operation: str, path: str, body: bytes) -> Answer:
        headers: Any = self._signed(operation, path, body)
        request = AWSPreparedRequest("POST", self._endpoint + path, headers, body, False)
        answer = self.client.meta.events.emit_until_response(f"before-send.{self._service}.{operation}", request=request)[1]
        if answer is None:
            answer = self.client._endpoint.http_session.send(request)
        content = answer.content
        if answer.status_code >= 300:
            raise ClientError(_refusal(answer.status_code, answer.headers, content), operation)  # type: ignore[arg-type]
        try:
            return json.loads(content) if content else {}
        except ValueError as error:
            raise HTTPClientError(error="an answer that is no JSON") from error

    def _signed(self, operation: str, path: str, body: bytes) -> dict[str, str]:
        credentials = self.client._request_signer._credentials
        if credentials is None:
            raise NoCredentialsError
        headers = {**self._headers, "x-amz-target": f"{self._prefix}.{operation}"} if self._prefix else self._headers
        keys = credentials.get_frozen_credentials()
        signed = self._signer.signed(
            headers, method="POST", path=path, body=body, keys=(keys.access_key, keys.secret_key, keys.token), at=get_current_datetime()
        )
        return {**signed, "content-length": str(len(body))}


class LeanStore(LeanClient):
    """What PynamoDB takes for its botocore client."""

    def _make_api_call(self, operation: str, document: Answer) -> Answer:
        return self.call(operation, document)


def _passes(error: ClientError | BotoCoreError) -> bool:
    """Whether botocore's standard mode would try again."""
    if isinstance(error, ClientError):
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return error.response["Error"]["Code"] in AGAIN_CODES or status in AGAIN_STATUS
    return isinstance(error, ConnectionError | HTTPClientError)


def _refusal(status: int, headers: Any, content: bytes) -> Answer:
    """An error as botocore parses it: code without its namespace, and the error's own members beside it."""
    try:
        document = json.loads(content)
    except ValueError:
        document = {}
    members = document if isinstance(document, dict) else {}
    query_code = headers.get("x-amzn-query-error", "").partition(";")[0]
    code = headers.get("x-amzn-errortype") or members.get("__type") or members.get("code") or str(status)
    code = query_code or code.partition(":")[0].rpartition("#")[2]
    return {
        **members,
        "Error": {"Code": code, "Message": members.get("message") or members.get("Message") or ""},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {key.lower(): value for key, value in headers.items()}},
    }
