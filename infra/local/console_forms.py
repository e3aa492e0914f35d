"""What a browser posts to the console: who may post at all, and the fields of a form.

Must not act on a form. Any page that is open in the same browser could post to a loopback address; only the console's own pages may, while
programs, which send neither `Origin` nor `Sec-Fetch-Site`, are served as ever.
"""

from urllib.parse import parse_qs, urlsplit

from infra.local.http_server import Reply, Request, json_reply

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
FOREIGN = json_reply({"error": "a web page may post here only from the console itself, opened at 127.0.0.1 or localhost"}, 403)


def refused(request: Request) -> Reply | None:
    """The refusal of a post that another site's page sends, else None.

    The name that the page was opened by must be one of loopback's: another name that resolves here is another site, whatever it says.
    """
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is None and fetched is None:
        return None
    host = request.headers.get("host", "")
    own = urlsplit(f"//{host}").hostname in _LOOPBACK and origin in (None, f"http://{host}") and fetched in (None, "same-origin")
    return None if own else FOREIGN


def fields(request: Request) -> dict[str, str]:
    """The posted fields without surrounding spaces, the last value of each; whatever else was posted has no field that means anything."""
    posted = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1].strip() for name, values in posted.items()}


def see_other(address: str) -> Reply:
    """Back to a page by GET, so that reloading it posts nothing."""
    return Reply(303, b"", "text/plain", {"location": address})
