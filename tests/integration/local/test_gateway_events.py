"""The local gateway: which route a request takes, and that the event is one of API Gateway's (REST, version 1.0)."""

import pytest

from infra.local.function_process import InvocationFailedError
from infra.local.gateway import Gateway
from infra.local.http_server import Request

PATHS = {"/a": {"get": {}, "post": {}}, "/a/{id}": {"get": {}}, "/a/fixed": {"get": {}}, "/a/{id}/b/{other}": {"get": {}}}


def gateway(seen=None, answer=None, **properties):
    def invoke(event):
        if seen is not None:
            seen.append(event)
        if isinstance(answer, Exception):
            raise answer
        return answer or {"statusCode": 200, "body": "ok", "headers": {"Content-Type": "text/plain"}, "multiValueHeaders": {}}

    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"paths": PATHS}, **properties}}
    return Gateway({"Resources": {"Api": api}}, invoke)


def request(path, method="GET", body=b"", headers=(), query=""):
    pairs = (("host", "127.0.0.1:8000"), *headers)
    return Request(method, path, {}, body, {}, {name.lower(): value for name, value in pairs}, path, query, pairs, "127.0.0.1")


@pytest.mark.parametrize(
    ("path", "resource", "values"),
    [
        ("/a", "/a", None),
        ("/a/fixed", "/a/fixed", None),
        ("/a/1", "/a/{id}", {"id": "1"}),
        ("/a/x%2Fy%20z", "/a/{id}", {"id": "x/y z"}),
        ("/a/1/b/2", "/a/{id}/b/{other}", {"id": "1", "other": "2"}),
    ],
)
def test_a_route_and_its_values(path, resource, values):
    seen = []
    assert gateway(seen).answer(request(path)).status == 200
    (event,) = seen
    assert (event["resource"], event["requestContext"]["resourcePath"], event["pathParameters"]) == (resource, resource, values)
    assert event["path"] == path


@pytest.mark.parametrize(
    ("path", "method"), [("/", "GET"), ("/a/", "GET"), ("/a/1/b", "GET"), ("/a/1", "POST"), ("/a", "HEAD"), ("/b", "GET")]
)
def test_no_route_is_the_gateways_own_answer(path, method):
    seen = []
    assert gateway(seen).answer(request(path, method)).status == 403
    assert seen == []


def test_headers_and_query_come_once_and_every_time():
    seen = []
    gateway(seen).answer(request("/a", headers=(("X-Two", "1"), ("X-Two", "2")), query="q=1&q=&r=%C3%A9"))
    (event,) = seen
    assert event["headers"]["X-Two"] == "2"
    assert event["multiValueHeaders"]["X-Two"] == ["1", "2"]
    assert event["queryStringParameters"] == {"q": "", "r": "é"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", ""], "r": ["é"]}
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["isBase64Encoded"] is False


def test_nothing_sent_is_null_as_in_the_service():
    seen = []
    gateway(seen).answer(request("/a"))
    assert {seen[0][name] for name in ("body", "queryStringParameters", "multiValueQueryStringParameters", "stageVariables")} == {None}


def test_a_body_is_text():
    seen = []
    gateway(seen).answer(request("/a", "POST", "é".encode() + b"\xff"))
    assert seen[0]["body"] == "é\ufffd"


def test_headers_of_the_answer_may_repeat():
    answer = {"statusCode": 303, "body": "", "headers": {"Location": "/a"}, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}}
    reply = gateway(answer=answer).answer(request("/a"))
    assert (reply.status, reply.headers, reply.repeated) == (303, {"location": "/a"}, (("set-cookie", "a=1"), ("set-cookie", "b=2")))


@pytest.mark.parametrize(
    ("error", "status"), [("the function timed out", 504), ("the worker died", 502), ("no worker became free: timed out", 504)]
)
def test_a_function_that_does_not_answer(error, status):
    assert gateway(answer=InvocationFailedError(error)).answer(request("/a")).status == status


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate", "gzip"), ("br", None), ("", None)])
def test_compression_where_the_template_asks_for_it_and_the_browser_takes_it(accepted, encoding):
    long = {"statusCode": 200, "body": "x" * 2000, "headers": {}}
    asked = request("/a", headers=(("Accept-Encoding", accepted),))
    assert gateway(answer=long, MinimumCompressionSize=1024).answer(asked).headers.get("content-encoding") == encoding
    assert gateway(answer=long).answer(asked).headers == {}
    short = {"statusCode": 200, "body": "x", "headers": {}}
    assert gateway(answer=short, MinimumCompressionSize=1024).answer(asked).headers == {}
