"""The way of every web request: who may come in, whether the post is ours, what an error becomes, what is observed.

A page is a plain function from a Visit to an Answer, declared by `page`; its path stands in ACCESS, or it cannot be declared at all.
Must not log a body, a token or a path that holds one, and must not know what any page is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from chalice.app import Blueprint, Request, Response

from chalicelib.bootstrap_web import WebContainer, web_container
from chalicelib.domain.errors import (
    DeadOfficerLink,
    ForeignRequest,
    KeptInformedError,
    MalformedRequest,
    NoSuchPage,
    RequestTooLarge,
    RetryLater,
    TooManyRequests,
)
from chalicelib.entrypoints.answers import LAST_RESORT, Answer, status_of
from chalicelib.observability import observe, observe_failure
from chalicelib.schemas.form_body import MEDIA_TYPE, Form, parse_form

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field


class Access(StrEnum):
    """Who may see a page. Whatever is not public has a gate, which lets nobody in but them."""

    PUBLIC = "public"
    """Anybody: nothing on it is about a person, and nothing that it does needs to know who asks."""
    OFFICER_LINK = "officer_link"
    """Whoever holds a live link of a reminder."""
    SIGNED_IN = "signed_in"
    """Whoever came through the force's own sign-in."""
    VICTIM_LINK = "victim_link"
    """Whoever holds a live link of a victim's letter or e-mail: may ask for a code and enter it, and see nothing."""
    VICTIM_CODE = "victim_code"
    """Whoever entered the code too."""


ACCESS: Mapping[str, Access] = {
    "/case": Access.PUBLIC,
    "/case/{token}": Access.VICTIM_LINK,
    "/case/{token}/code": Access.VICTIM_LINK,
    "/case/{token}/page": Access.VICTIM_CODE,
    "/case/{token}/change/{act}": Access.VICTIM_CODE,
    "/case/{token}/done/{act}": Access.VICTIM_CODE,
    "/case/{token}/leave": Access.VICTIM_CODE,
    "/": Access.PUBLIC,
    "/contact-officer": Access.PUBLIC,
    "/contact-officer/sent": Access.PUBLIC,
    "/contact-officer/sent/emergency": Access.PUBLIC,
    "/safety": Access.PUBLIC,
    "/accessibility": Access.PUBLIC,
    "/privacy": Access.PUBLIC,
    "/assets/{name}": Access.PUBLIC,
    "/officer/{token}": Access.OFFICER_LINK,
    "/officer/{token}/spoken": Access.OFFICER_LINK,
    "/officer/{token}/tried": Access.OFFICER_LINK,
    "/officer/{token}/update": Access.OFFICER_LINK,
    "/officer/{token}/update/preview": Access.OFFICER_LINK,
    "/officer/{token}/update/send": Access.OFFICER_LINK,
    "/officer/{token}/answered": Access.OFFICER_LINK,
    "/sign-in": Access.PUBLIC,
    "/sign-in/callback": Access.PUBLIC,
    "/signed-out": Access.PUBLIC,
    "/sign-out": Access.SIGNED_IN,
    "/desk": Access.SIGNED_IN,
    "/desk/absence": Access.SIGNED_IN,
    "/desk/back": Access.SIGNED_IN,
    "/desk/case": Access.SIGNED_IN,
    "/desk/case/{reference}": Access.SIGNED_IN,
    "/desk/case/{reference}/hand-over": Access.SIGNED_IN,
    "/desk/case/{reference}/message/{message}": Access.SIGNED_IN,
}
"""Every path and who may see it. A test walks the app's routes; a path that is not here cannot be declared."""

STATUSES: tuple[tuple[type[KeptInformedError], int], ...] = (
    (MalformedRequest, 400),
    (ForeignRequest, 403),
    (DeadOfficerLink, 410),
    (NoSuchPage, 404),
    (RequestTooLarge, 413),
    (TooManyRequests, 429),
    (RetryLater, 503),
)
"""What an error becomes; any other is 500."""
_TOLD = {400: "malformed", 403: "foreign", 404: "missing", 410: "dead_link", 413: "too_large", 415: "malformed", 429: "too_many"}
"""Statuses to the words of `templates/pages/en/error.html`; any other is "failed"."""
_NAME = re.compile(r"[{}]|^/")


@dataclass
class Visit:
    """One request, as a page sees it. `values` are the named parts of its path, `who` is what the page's gate let in."""

    path: str
    access: Access
    values: Mapping[str, str]
    request: Request
    ready: WebContainer
    who: Any = field(default=None)

    @cached_property
    def now(self) -> datetime:
        """The time of this request, read when it is first asked for."""
        return self.ready.tick()

    def asked(self, name: str) -> str:
        """A parameter of the address, "" where it is missing or comes more than once."""
        given = self.request.query_params
        found = given.getlist(name) if given and name in given else []
        return str(found[0]) if len(found) == 1 else ""

    @property
    def source_ip(self) -> str:
        """Where the request came from, as the gateway saw it: for rate limits alone, never for a log."""
        return str(self.request.context.get("identity", {}).get("sourceIp", ""))

    @cached_property
    def form(self) -> Form:
        """What was posted. MalformedRequest or RequestTooLarge."""
        return parse_form(self.request.to_original_event(), self.request.headers.get("content-type", ""))

    @property
    def purpose(self) -> str:
        """Whose form it is: any of the same reader's own pages, and nobody else's."""
        whose = (str(self.who),) if self.access is Access.SIGNED_IN else self.values.values()
        return _purpose(self.access, whose)

    @cached_property
    def form_token(self) -> str:
        """For the hidden field FORM_TOKEN of a form that is shown now: the macro `form_token` writes it."""
        return self.ready.forms.issue(self.purpose, self.now)

    def token_for(self, values: Mapping[str, str]) -> str:
        """The same for a form of this page that posts to another page of the same access, whose path has these values."""
        return self.ready.forms.issue(_purpose(self.access, values.values()), self.now)

    @cached_property
    def nonce(self) -> str | None:
        """Of the token that was posted: the same however often it is sent. None without a good one, which only a public form takes."""
        token = self.form.one(FORM_TOKEN)
        return self.ready.forms.read(token, self.purpose, self.now) if token else None


def _purpose(access: Access, whose: Iterable[str]) -> str:
    """What a form's token is bound to: the same where it is shown and where it is posted."""
    return "\n".join((access, *whose))


Handler = Callable[[Visit], Answer]
Gate = Callable[[Visit], Any]
"""Lets a reader in and says who it is, or answers itself (an Answer: sign in first), or raises NoSuchPage."""


def page(
    blueprint: Blueprint,
    path: str,
    *,
    method: str = "GET",
    head: bool = True,
    gate: Gate | None = None,
    table: Mapping[str, Access] = ACCESS,
) -> Callable[[Handler], Handler]:
    """Declare a page. KeyError where its access is not stated in ACCESS; TypeError where one that is not public has no gate.

    A public page that is shown answers HEAD too, as it would GET, without a body (`finish`); without `head` it does not, since asking
    for it does something.
    """
    access = table[path]
    if (access is Access.PUBLIC) is not (gate is None):
        raise TypeError(f"{path} is {access}: a gate belongs to every page that is not public, and to no other")

    def declare(handler: Handler) -> Handler:
        def view(**values: str) -> Answer:
            return _answer(handler, gate, path, access, values, blueprint.current_request)

        view.__name__, view.__doc__ = f"{handler.__name__}_{method.lower()}", handler.__doc__
        extra = {"content_types": [MEDIA_TYPE]} if method == "POST" else {}
        methods = ["GET", "HEAD"] if method == "GET" and access is Access.PUBLIC and head else [method]
        blueprint.route(path, methods=methods, **extra)(view)
        return handler

    return declare


def show(visit: Visit, template: str, status: int = 200, **values: object) -> Answer:
    """A page of `templates/pages`; a token for its forms is there for the asking (the macro `form_token`)."""
    return Answer(visit.ready.pages.render(template, {"visit": visit, **values}), status)


def _answer(handler: Handler, gate: Gate | None, path: str, access: Access, values: Mapping[str, str], request: Request) -> Answer:
    """One request. Whatever goes wrong is an answer: Chalice would log an exception with the whole path and its traceback."""
    try:
        visit = Visit(path, access, values, request, web_container())
        posted = request.method == "POST"
        ours = posted and _refuse_foreign(request.headers, visit.ready.settings.public_url)
        if gate is not None:
            visit.who = gate(visit)
            if isinstance(visit.who, Answer):
                return visit.who
            if posted and (visit.nonce is None or (access is Access.SIGNED_IN and not ours)):
                raise ForeignRequest("no token of this form")
        return handler(visit)
    except Exception as error:
        status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
        if status >= 500:
            observe_failure("page", error)
        return failed(status)


def _refuse_foreign(headers: Mapping[str, str], public_url: str) -> bool:
    """ForeignRequest where the browser says that another site sent it; whether it says that we did.

    Fetch Metadata first: our own pages post with `Origin: null`, since they send no referrer. What says neither (an old browser, a
    program) has no authority that came along by itself: a public form takes it, and every other wants its token.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        raise ForeignRequest("from another site")
    if origin not in (None, "null", public_url.rstrip("/")):
        raise ForeignRequest("from another origin")
    return site is not None or origin not in (None, "null")


def failed(status: int) -> Answer:
    """The page of an error. It says nothing of what was asked."""
    told = _TOLD.get(status, "failed")
    try:
        return Answer(web_container().pages.render("error", {"told": told}), status)
    except Exception as error:
        observe_failure("error_page", error)
        return Answer(LAST_RESORT, status)


def finish(request: Request | None, get_response: Callable[[Any], Response]) -> Answer:
    """The middleware of every web request: the last to see an answer. Chalice's own (JSON) become pages, with our headers."""
    try:
        response = get_response(request)
    except Exception as error:
        observe_failure("request", error)
        response = Response("", status_code=500)
    if not isinstance(response, Answer):
        status = status_of(response)
        response = failed(404 if status == 405 else status)
    if request is not None and request.method == "HEAD":
        response.body = ""
    observe("page", route=_NAME.sub("", request.path) if request else "none", status=response.status_code)
    return response
