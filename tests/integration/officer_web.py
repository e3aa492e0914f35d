"""What an officer's browser does on the page of a case, through the gateway and the deployed app: opens, reads a form, posts it.

Must not judge what a page says.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from infra.local.http_server import Reply
from tests.integration.stack_fixture import LocalStack
from tests.integration.web_pages import visit

OFFICER = "2345"


def page_of(local: LocalStack, reference: str, reader: str = OFFICER) -> str:
    """The path in a reminder of this moment."""
    address = local.ready.pages.address(reference, reader, local.ready.tick())
    return address[address.index("/officer/") :]


def text(reply: Reply) -> str:
    return reply.body.decode()


def fields(reply: Reply) -> dict[str, str]:
    """What the form of a page would post as it is: hidden, filled-in and checked fields, and the text areas."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", text(reply)):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in named and (named.get("type") not in ("radio", "checkbox") or re.search(r"\schecked\b", tag)):
            found[named["name"]] = unescape(named.get("value", ""))
    for name, words in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)</textarea>', text(reply)):
        found[name] = unescape(words)
    return found


def post(page: str, path: str, form: dict[str, Any], **options: Any) -> Reply:
    return visit(page + path, "POST", form=urlencode(form, doseq=True).encode(), headers={"Content-Type": FORM}, **options)


FORM = "application/x-www-form-urlencoded"


def errors(reply: Reply) -> list[tuple[str, str]]:
    """The error summary: where each leads, and its words."""
    return [(place, unescape(words)) for place, words in re.findall(r'<a href="#(\w+)">([^<]+)</a>', text(reply))]


def headings(reply: Reply) -> list[str]:
    return [
        unescape(re.sub(r"<[^>]+>|\s+", " ", words)).strip() for words in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", text(reply), re.DOTALL)
    ]
