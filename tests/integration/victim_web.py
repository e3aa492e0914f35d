"""What a victim's browser does with the link of a message, through the gateway and the deployed app: opens, posts, keeps its cookie.

Must not judge what a page says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from infra.local.http_server import Reply
from tests.builders import body, occurrence_record, victim
from tests.integration.stack_fixture import LocalStack
from tests.integration.web_pages import visit

REFERENCE = "26000712345"


def text(reply: Reply) -> str:
    return unescape(reply.body.decode())


def heading(reply: Reply) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text(reply), re.DOTALL)
    return found[1].strip() if found else ""


def told(local: LocalStack, **facts: object) -> str:
    """A case whose victim has been written to; the path of the link in that message."""
    local.ingest(body(occurrence_record(**({"victims": [victim()]} | facts))))
    local.advance(timedelta(minutes=35))
    local.sweep()
    local.settle()
    return link(local)


def link(local: LocalStack) -> str:
    """The path of the last link that left."""
    found = [match for mail in local.accepted for match in re.findall(r"/case/[\w-]{20,}", mail.text)]
    return found[-1]


def code(local: LocalStack) -> str:
    """The last code that left, once it has."""
    local.settle()
    return [match for mail in local.accepted for match in re.findall(r"Your code is (\d{6})", mail.text)][-1]


@dataclass
class Browser:
    """One browser at one link."""

    local: LocalStack
    path: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, more: str = "") -> Reply:
        return self._kept(visit(self.path + more, headers=self._headers()))

    def post(self, more: str = "", *, shown: str | None = None, **fields: str) -> Reply:
        """The form of the page `shown` (this one), with these fields."""
        page = self.get(more if shown is None else shown)
        token = re.search(r'name="form_token" value="([^"]+)"', text(page))
        form = ({"form_token": token[1]} if token else {}) | fields
        return self._kept(visit(self.path + more, "POST", form=form, headers=self._headers()))

    def come_in(self) -> None:
        assert self.post().status == 303
        assert self.post("/code", code=code(self.local)).status == 303

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _kept(self, reply: Reply) -> Reply:
        cookie = reply.headers.get("set-cookie", "")
        name, _, value = cookie.partition(";")[0].partition("=")
        if "Max-Age=0" in cookie:
            self.cookies.pop(name, None)
        elif cookie:
            self.cookies[name] = value
        return reply
