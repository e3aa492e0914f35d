"""Signing in and out: to the force's identity provider, back from it, and the end of a session.

Must not show anything about a case, nor say anything of a claim.
"""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.domain.errors import ProviderSilent
from chalicelib.domain.sign_in import HOME, Refusal
from chalicelib.entrypoints.answers import Answer, see_other
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.entrypoints.signed_in import ATTEMPT, SESSION, begin, cookie, set_cookie, signed_in
from chalicelib.observability import observe_failure
from chalicelib.services.sign_in import SignedIn

sign_in = Blueprint(__name__)

STATUS = {Refusal.STALE: 400}
"""Any other refusal is 403."""
UNAVAILABLE = 503


@page(sign_in, "/sign-in", head=False)
def start(visit: Visit) -> Answer:
    """To the provider; afterwards to the desk. Where a page asked for a sign-in, it sent the browser there itself."""
    return begin(visit, HOME)


@page(sign_in, "/sign-in/callback", head=False)
def finish(visit: Visit) -> Answer:
    """Back from the provider. A GET that begins a session, as the protocol has it: good once, and in the browser that began it."""
    try:
        found = visit.ready.sign_in.finish(cookie(visit, ATTEMPT), visit.asked("state"), visit.asked("code"), visit.now)
    except ProviderSilent as error:
        observe_failure("sign_in", error)
        return show(visit, "sign_in_failed", UNAVAILABLE, told="silent")
    return _begun(visit, found) if isinstance(found, SignedIn) else show(visit, "sign_in_failed", STATUS.get(found, 403), told=found)


def _begun(visit: Visit, found: SignedIn) -> Answer:
    lives = int(visit.ready.profile.sign_in.session.total_seconds())
    answer = see_other(found.back)
    answer.headers["Set-Cookie"] = [set_cookie(visit, SESSION, found.session, lives), set_cookie(visit, ATTEMPT, "", 0)]
    return answer


@page(sign_in, "/sign-out", method="POST", gate=signed_in)
def sign_out(visit: Visit) -> Answer:
    """End the session, here and wherever a copy of its cookie is."""
    visit.ready.sign_in.sign_out(cookie(visit, SESSION))
    answer = see_other("/signed-out")
    answer.headers["Set-Cookie"] = set_cookie(visit, SESSION, "", 0)
    return answer


@page(sign_in, "/signed-out")
def signed_out(visit: Visit) -> Answer:
    """The end, with the way to end the provider's own session: by a link, since a form may not lead to another site."""
    return show(visit, "signed_out", leaving=visit.ready.sign_in.leaving)
