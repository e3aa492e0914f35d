"""What a browser gets: pages, redirections and files, and the headers that every answer carries, whoever made it.

Must not decide what is shown to whom, nor let an answer leave without those headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

HTML = "text/html; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=63072000",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=()",
}
"""On every answer; the gateway's own answers carry the same (infra/resources.yaml, held together by a test)."""


UNPROCESSABLE = 422
"""The form again, with what is wrong in it (RFC 9110, section 15.5.21)."""


class Answer(Response):
    """An answer of ours, complete: one that is of no other kind is replaced by a page that says what went wrong."""

    def __init__(self, body: str, status: int = 200, content_type: str = HTML, **headers: str | list[str]) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(body, {**SECURITY_HEADERS, "Content-Type": content_type, **named}, status)


def see_other(path: str) -> Answer:
    """After a post that was taken: the browser gets the next page by a GET, so that going back or reloading posts nothing again.

    `path` is one of ours and begins with a single slash. ValueError for anything else: nobody is sent elsewhere by what was posted.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable() or not path.isascii():
        raise ValueError("not a path of ours")
    return Answer("", 303, Location=path)


LAST_RESORT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Page</title></head><body><main><h1>Sorry, this page is not working</h1>
<p>Try again later, or call 101. In an emergency call 999.</p></main></body></html>
"""
"""Where even the page of an error cannot be made: no profile, no template, no style sheet."""


def status_of(response: Any) -> int:
    """The status of whatever Chalice made."""
    return int(getattr(response, "status_code", 500))
