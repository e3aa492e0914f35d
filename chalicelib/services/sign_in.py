"""Signing in through the force's identity provider: begin, finish, who is it, sign out.

A session is asked for at every request, and lives no longer than the person's entry in the directory. Must not set a cookie, serve a page
or let a claim out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from chalicelib.domain.model import DirectoryOfficer
from chalicelib.domain.profile import OfficerSignIn
from chalicelib.domain.sign_in import Attempt, Client, Person, Refusal, Session, meant_for, own_path, person_of, session_of, sessions_of
from chalicelib.services.edges import Revocations
from chalicelib.services.page_ports import IdentityProvider, Sessions
from chalicelib.services.ports import Officers


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and what it has to bring back."""

    address: str
    attempt: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session as a cookie holds it, and the page that was wanted."""

    session: str
    back: str


class SignIn:
    """The use cases. `draw` gives a fresh secret of URL-safe characters: 43 at the least (RFC 7636, section 4.1)."""

    def __init__(
        self,
        provider: IdentityProvider,
        sessions: Sessions,
        officers: Officers,
        revocations: Revocations,
        client: Client,
        rules: OfficerSignIn,
        draw: Callable[[], str],
    ) -> None:
        self._provider = provider
        self._sessions = sessions
        self._officers = officers
        self._revocations = revocations
        self._client = client
        self._rules = rules
        self._draw = draw

    def begin(self, back: str, now: datetime) -> Begun:
        """Start a sign-in that leads to `back`, or to the desk where that is no path of ours."""
        attempt = Attempt(self._draw(), self._draw(), self._draw(), own_path(back), now)
        return Begun(self._provider.address(attempt), self._sessions.keep(attempt))

    def finish(self, kept: str, state: str, code: str, now: datetime) -> SignedIn | Refusal:
        """The browser is back with `state` and `code`, and brings what `begin` gave it. RetryLater where the provider does not answer."""
        attempt = self._sessions.kept(kept)
        if attempt is None or not attempt.alive(now) or not compare_digest(attempt.state.encode(), state.encode()):
            return Refusal.STALE
        claims = self._provider.claims(code, attempt.verifier) if code else None
        if claims is None or not meant_for(claims, self._client, attempt.nonce, now):
            return Refusal.DECLINED
        person = person_of(claims, self._rules)
        if person is None:
            return Refusal.NO_COLLAR
        if not _serves(self._officers.get(person.collar_number)):
            return Refusal.NOT_LISTED
        return SignedIn(self._sessions.issue(session_of(person, now, self._rules.session)), attempt.back)

    def who(self, session: str, now: datetime) -> Person | None:
        """Who is signed in. None where the session is forged, over, or signed out, or the person has left."""
        found = self._sessions.read(session)
        if found is None or not found.alive(now):
            return None
        ended = self._revocations.revoked(sessions_of(found.person.collar_number))
        if ended is not None and found.since <= ended:
            return None
        return found.person if _serves(self._officers.get(found.person.collar_number)) else None

    def sign_out(self, session: str) -> None:
        """This session and every earlier one of the same person end here, wherever a copy of their cookie is."""
        found: Session | None = self._sessions.read(session)
        if found is not None:
            self._revocations.revoke(sessions_of(found.person.collar_number), found.since)

    @property
    def leaving(self) -> str | None:
        """Where the provider's own session is ended."""
        return self._provider.leaving


def _serves(entry: DirectoryOfficer | None) -> bool:
    return entry is not None and entry.active
