"""The small web server on its own, as an ASGI application."""

import asyncio
import json
import time

import pytest

from infra.local.http_server import Reply, Request, Site, json_reply


def answer(site: Site, path: str, method: str = "GET", body: bytes = b"", query: bytes = b"") -> tuple[int, bytes]:
    return asyncio.run(_answer(site, path, method, body, query))


async def _answer(site: Site, path: str, method: str = "GET", body: bytes = b"", query: bytes = b"") -> tuple[int, bytes]:
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await site({"type": "http", "method": method, "path": path, "query_string": query, "headers": []}, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_a_handler_gets_the_request_in_its_parts():
    seen: list[Request] = []
    site = Site([("POST", r"/things/(?P<id>[^/]+)", lambda request: seen.append(request) or json_reply({}))])
    answer(site, "/things/a%20b", "POST", b'{"n": 1}', b"x=1&x=2&y=%C5%81")
    (request,) = seen
    assert (request.found, request.query, request.json()) == ({"id": "a b"}, {"x": "2", "y": "Ł"}, {"n": 1})


def test_a_broken_handler_is_an_answer_without_its_text(capsys):
    def broken(request: Request) -> Reply:
        raise RuntimeError("a value of somebody's record")

    status, body = answer(Site([("GET", "/", broken)]), "/")
    assert (status, json.loads(body)) == (500, {"error": "RuntimeError"})
    assert "RuntimeError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/no", "GET", 404), ("/yes", "POST", 405), ("/yes", "HEAD", 200), ("/yes", "GET", 200)]
)
def test_paths_and_methods(path, method, status):
    assert answer(Site([("GET", "/yes", lambda request: json_reply({}))]), path, method)[0] == status


def test_a_slow_page_keeps_nobody_else_waiting():
    finished = []

    def slow(request: Request) -> Reply:
        time.sleep(0.3)
        finished.append("slow")
        return json_reply({})

    def fast(request: Request) -> Reply:
        finished.append("fast")
        return json_reply({})

    site = Site([("GET", "/slow", slow), ("GET", "/fast", fast)])

    async def both() -> None:
        await asyncio.gather(_answer(site, "/slow"), _answer(site, "/fast"))

    asyncio.run(both())
    assert finished == ["fast", "slow"]
