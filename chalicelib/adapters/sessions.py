"""Sessions of signed-in people and attempts to sign in, as signed tokens for cookies.

Must not know whether one is over or was signed out, and must not hold more than a collar number and roles.
"""

from __future__ import annotations

import json

from chalicelib.adapters.signed_facts import SignedFacts, as_json, moment, seconds
from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import Attempt, Person, Session

_SESSION = b"kept-informed/session/v1\n"
_ATTEMPT = b"kept-informed/attempt/v1\n"


class SignedSessions:
    """The port `Sessions`. Keys as in `SignedFacts`: those of links, since whoever has them could open the pages anyway."""

    def __init__(self, key: bytes | None, previous: bytes | None = None) -> None:
        self._sessions = SignedFacts(_SESSION, key, previous)
        self._attempts = SignedFacts(_ATTEMPT, key, previous)

    def issue(self, session: Session) -> str:
        person = session.person
        return self._sessions.token(as_json([person.collar_number, sorted(person.roles), seconds(session.since), seconds(session.until)]))

    def read(self, token: str) -> Session | None:
        facts = self._sessions.facts(token)
        if not facts:
            return None
        collar_number, roles, since, until = json.loads(facts)
        return Session(Person(collar_number, frozenset(map(Unit, roles))), moment(since), moment(until))

    def keep(self, attempt: Attempt) -> str:
        return self._attempts.token(as_json([attempt.state, attempt.nonce, attempt.verifier, attempt.back, seconds(attempt.begun_at)]))

    def kept(self, token: str) -> Attempt | None:
        facts = self._attempts.facts(token)
        if not facts:
            return None
        state, nonce, verifier, back, begun_at = json.loads(facts)
        return Attempt(state, nonce, verifier, back, moment(begun_at))
