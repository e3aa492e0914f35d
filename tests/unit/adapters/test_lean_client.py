"""A lean call raises, repeats and answers as botocore's own client does. `before-send` plays the service, as moto does."""

import json
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, NoCredentialsError, ReadTimeoutError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from chalicelib.adapters.lean_client import AGAIN_CODES, AGAIN_STATUS, LeanClient

GET = {"TableName": "t", "Key": {"k": {"S": "Ŵ"}}}
DENIED = '{"__type": "com.amazonaws.dynamodb.v20120810#AccessDeniedException", "Message": "no"}'
CANCELLED = json.dumps(
    {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "cancelled",
        "CancellationReasons": [{"Code": "ConditionalCheckFailed"}],
    }
)


@dataclass
class Body:
    content: bytes

    def stream(self):
        yield self.content


@dataclass
class Service:
    """Answers (status, headers, body), or raises, in turn; `requests` is what came."""

    answers: list[Any]
    requests: list[Any] = field(default_factory=list)

    def __call__(self, request, **_):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, headers, body = answer
        return AWSResponse(request.url, status, headers, Body(body.encode()))


def client(service: str, *answers: Any, attempts: int = 3, keys: bool = True) -> tuple[Any, Service]:
    session = boto3.Session("key", "secret", region_name="eu-west-2") if keys else boto3.Session(region_name="eu-west-2")
    config = Config(
        retries={"total_max_attempts": attempts, "mode": "standard"}, user_agent_appid="ki-worker-7", parameter_validation=False
    )
    made = session.client(service, config=config)
    played = Service(list(answers))
    made.meta.events.register("before-send.*", played)
    return made, played


def lean(made: Any) -> LeanClient:
    return LeanClient(made, sleep=lambda _: None)


def refused(status: int, headers: dict[str, str], body: str, service: str, operation: str, **members: Any) -> tuple[Any, Any]:
    """The same refusal through botocore's own parser and through ours."""
    usual, _ = client(service, (status, headers, body), attempts=1)
    other, _ = client(service, (status, headers, body), attempts=1)
    with pytest.raises(ClientError) as theirs:
        usual._make_api_call(operation, members)
    with pytest.raises(ClientError) as ours:
        lean(other).call(operation, members)
    return theirs.value.response, ours.value.response


def test_an_answer_is_the_document_and_the_request_says_who_asks():
    made, service = client("dynamodb", (200, {}, '{"Item": {"k": {"S": "1"}}}'))
    assert lean(made).call("GetItem", GET) == {"Item": {"k": {"S": "1"}}}
    (request,) = service.requests
    assert request.url == "https://dynamodb.eu-west-2.amazonaws.com/"
    assert json.loads(request.body) == GET
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert "app/ki-worker-7" in request.headers["user-agent"]
    assert request.headers["content-length"] == str(len(request.body))


def test_an_empty_answer_is_an_empty_document():
    made, _ = client("sqs", (200, {}, ""))
    assert lean(made).call("SendMessage", {}) == {}


@pytest.mark.parametrize(
    ("service", "operation", "members", "status", "headers", "body"),
    [
        ("dynamodb", "GetItem", GET, 400, {}, DENIED),
        ("dynamodb", "TransactWriteItems", {"TransactItems": []}, 400, {}, CANCELLED),
        ("sqs", "ListQueues", {}, 400, {"x-amzn-query-error": "AWS.Simple.NonExistentQueue;Sender"}, '{"__type": "x#QueueDoesNotExist"}'),
        ("sesv2", "GetAccount", {}, 400, {"x-amzn-errortype": "MessageRejected:http://x/"}, '{"message": "refused"}'),
        ("sesv2", "GetAccount", {}, 429, {}, '{"code": "TooManyRequestsException", "message": "slow"}'),
        ("pinpoint-sms-voice-v2", "SendTextMessage", {"DestinationPhoneNumber": "+447700900123"}, 409, {},
         '{"__type": "ConflictException", "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT", "Message": "m"}'),
        ("dynamodb", "GetItem", GET, 503, {}, "<html>not ours</html>"),
    ],
)  # fmt: skip
def test_a_refusal_is_botocores(service, operation, members, status, headers, body):
    theirs, ours = refused(status, headers, body, service, operation, **members)
    assert ours["Error"]["Code"] == theirs["Error"]["Code"]
    assert ours["ResponseMetadata"]["HTTPStatusCode"] == theirs["ResponseMetadata"]["HTTPStatusCode"] == status
    for name in ("CancellationReasons", "Reason"):
        assert ours.get(name) == theirs.get(name)


@pytest.mark.parametrize(
    ("answer", "attempts"),
    [
        ((500, {}, "{}"), 3),
        ((400, {}, '{"__type": "x#ThrottlingException"}'), 3),
        ((400, {}, '{"__type": "x#TransactionInProgressException"}'), 3),
        (ReadTimeoutError(endpoint_url="x"), 3),
        (ConnectTimeoutError(endpoint_url="x"), 3),
        ((400, {}, DENIED), 1),
        ((400, {}, CANCELLED), 1),
    ],
)
def test_what_may_pass_is_tried_again_as_often_as_the_client_was_told(answer, attempts):
    made, service = client("dynamodb", *[answer] * 3)
    with pytest.raises((ClientError, ReadTimeoutError, ConnectTimeoutError)):
        lean(made).call("GetItem", GET)
    assert len(service.requests) == attempts
    once, service = client("dynamodb", answer, attempts=1)
    with pytest.raises((ClientError, ReadTimeoutError, ConnectTimeoutError)):
        lean(once).call("GetItem", GET)
    assert len(service.requests) == 1


def test_what_may_pass_is_what_botocore_says():
    transient = TransientRetryableChecker
    assert {*ThrottledRetryableChecker._THROTTLED_ERROR_CODES, *transient._TRANSIENT_ERROR_CODES} == AGAIN_CODES
    assert set(transient._TRANSIENT_STATUS_CODES) == AGAIN_STATUS


def test_an_answer_that_is_no_document_is_a_refusal_by_its_status():
    made, _ = client("dynamodb", (500, {}, "[]"), attempts=1)
    with pytest.raises(ClientError) as refusal:
        lean(made).call("GetItem", GET)
    assert refusal.value.response["Error"]["Code"] == "500"


def test_a_success_that_is_no_document_is_no_answer():
    made, _ = client("sesv2", (200, {}, "<html>"), attempts=1)
    with pytest.raises(BotoCoreError):
        lean(made).call("SendEmail", {}, "/v2/email/outbound-emails")


def test_a_second_attempt_answers():
    made, service = client("dynamodb", (503, {}, "{}"), (200, {}, "{}"))
    assert lean(made).call("GetItem", GET) == {}
    assert len(service.requests) == 2


def test_without_credentials_nothing_leaves(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    made, service = client("dynamodb", keys=False)
    with pytest.raises(NoCredentialsError):
        lean(made).call("GetItem", GET)
    assert service.requests == []
