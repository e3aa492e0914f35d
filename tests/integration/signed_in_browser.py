"""A browser with cookies before the deployed app, and the local machine's identity provider on loopback behind it.

Must not judge an answer.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.bootstrap_web import web_container
from infra.local.http_server import Reply
from infra.local.sign_in_provider import TOKEN, Provider
from tests.integration.loopback import Answered, loopback
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.web_pages import visit

PUBLIC_URL = "http://127.0.0.1:8000"
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Identity:
    """The provider. `also` are claims that it says besides, or instead; `down`: it does not work."""

    also: dict[str, Any] = field(default_factory=dict)
    down: bool = False

    def __post_init__(self) -> None:
        self.provider = Provider(PUBLIC_URL, self._claims)

    def _claims(self, collar: str, groups: list[str]) -> dict[str, object]:
        return {"custom:collar_number": collar, "custom:groups": f"[{', '.join(groups)}]", "given_name": "Secret-Name", **self.also}

    def token(self, _path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if self.down:
            return 503, b"Secret-Trouble"
        posted = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        status, answer = self.provider.token(headers.get("authorization", ""), posted, now())
        return status, json.dumps(answer).encode()


def now() -> datetime:
    return web_container().tick()


class Browser:
    """Keeps cookies, follows nothing by itself."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Reply:
        return self._kept(visit(path, headers=self._headers()))

    def post(self, path: str, form: Mapping[str, str], page: str | None = "/desk", **headers: str) -> Reply:
        """With the token of a form on `page`; None: without one."""
        token = {} if page is None else {"form_token": self.token(page)}
        return self._kept(visit(path, "POST", form=token | dict(form), headers=self._headers() | OURS | headers))

    def token(self, page: str = "/desk") -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', text(self.get(page)))
        assert found
        return found[1]

    def sign_in(self, collar: str = "2345", *groups: str, page: str = "/desk") -> Reply:
        """Through the provider; the answer of the way back."""
        return self.come_back(self.get(page), collar, *groups)

    def come_back(self, sent: Reply, collar: str = "2345", *groups: str) -> Reply:
        back = self.identity.provider.back(asked_of(sent), collar, list(groups), now())
        return self.get(back.removeprefix(PUBLIC_URL))

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _kept(self, reply: Reply) -> Reply:
        for line in set_cookies(reply):
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return reply


def set_cookies(reply: Reply) -> list[str]:
    once = [reply.headers["set-cookie"]] if "set-cookie" in reply.headers else []
    return [*once, *(value for name, value in reply.repeated if name == "set-cookie")]


def asked_of(sent: Reply) -> dict[str, str]:
    """What the provider is asked by a redirection."""
    assert sent.status == 303, text(sent)
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}


def text(reply: Reply) -> str:
    return " ".join(html.unescape(reply.body.decode()).split())


@contextmanager
def stack_with_identity(**overrides: str) -> Iterator[tuple[LocalStack, Identity]]:
    identity = Identity()
    with loopback(identity.token) as address, local_stack(KI_SIGN_IN_TOKEN_URL=address + TOKEN, **overrides) as running:
        yield running, identity
