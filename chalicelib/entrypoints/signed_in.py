"""Who is signed in, for every page that asks: the session's cookie, the gate, and the way to the sign-in and back.

Like `http`, every page's file may import it. Must not know what a page is about, nor send a browser anywhere that was posted or asked for.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlencode

from chalicelib.domain.sign_in import ATTEMPT_LIVES, Person
from chalicelib.entrypoints.answers import Answer
from chalicelib.entrypoints.http import Visit, show

SESSION = "session"
ATTEMPT = "sign-in"
OUT_OF_SESSION = 403


def signed_in(visit: Visit) -> Person | Answer:
    """The gate of pages for signed-in people: who it is, or the way to the sign-in."""
    return visit.ready.sign_in.who(cookie(visit, SESSION), visit.now) or sign_in_first(visit)


def link_gate(visit: Visit, reader: str) -> Answer | None:
    """For the gate of a page behind a link for `reader` (a collar number or role), once the link is known to be good.

    None: come in. Where the stage wants a sign-in too (KI_OFFICER_SIGN_IN), the link is for the person or a role of theirs alone.
    """
    if visit.ready.settings.officer_sign_in == "beside":
        return None
    person = signed_in(visit)
    if isinstance(person, Answer):
        return person
    return None if person.is_reader(reader) else show(visit, "sign_in_failed", OUT_OF_SESSION, told="another_reader")


def sign_in_first(visit: Visit) -> Answer:
    """To the sign-in, and back to this very page. A post is answered by a page instead: its browser would refuse to be sent on."""
    if visit.request.method != "GET":
        return show(visit, "sign_in_failed", OUT_OF_SESSION, told="session_over")
    here = visit.path.format(**{name: quote(value, safe="") for name, value in visit.values.items()})
    given = visit.request.to_original_event().get("multiValueQueryStringParameters")
    return begin(visit, f"{here}?{urlencode(given, doseq=True)}" if given else here)


def begin(visit: Visit, back: str) -> Answer:
    """Send the browser to the provider."""
    begun = visit.ready.sign_in.begin(back, visit.now)
    kept = set_cookie(visit, ATTEMPT, begun.attempt, int(ATTEMPT_LIVES.total_seconds()))
    return Answer("", 303, Location=begun.address, Set_Cookie=kept)


def cookie(visit: Visit, name: str) -> str:
    """What the browser brings under a name of ours; "" where it brings nothing, or more than one."""
    event = visit.request.to_original_event()
    headers = event.get("multiValueHeaders") or {}
    sent = "; ".join(value for key, values in headers.items() if key.lower() == "cookie" for value in values)
    if sent.count(f"{_name(visit, name)}=") != 1:
        return ""
    try:
        found = SimpleCookie(sent).get(_name(visit, name))
    except CookieError:
        return ""
    return found.value if found else ""


def set_cookie(visit: Visit, name: str, value: str, seconds: int) -> str:
    """The header that keeps `value` for so long; 0 seconds: forgets it. Lax, since the browser comes back from the provider's site."""
    secure = "; Secure" if _by_tls(visit) else ""
    return f"{_name(visit, name)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _name(visit: Visit, name: str) -> str:
    """`__Host-` keeps a neighbouring domain from setting it; a browser takes it over TLS alone."""
    return f"__Host-ki-{name}" if _by_tls(visit) else f"ki-{name}"


def _by_tls(visit: Visit) -> bool:
    return visit.ready.settings.public_url.startswith("https://")
