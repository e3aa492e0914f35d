"""Fakes of the ports of the sign-in: an identity provider that is told who comes, and sessions that are looked up.

Must not be more lenient than the real adapters: tests/contract runs one suite over both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from chalicelib.domain.sign_in import Attempt, Session
from tests.fake_calls import Calls, port_call


class FakeProvider:
    """`come_back` is what a browser brings from it. `calls.fail("provider.claims", ProviderSilent("x"))` lets it be silent."""

    leaving: str | None = "https://identity.test/logout"

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._codes: dict[str, tuple[str, Mapping[str, Any] | None]] = {}

    def address(self, attempt: Attempt) -> str:
        asked = {"state": attempt.state, "nonce": attempt.nonce, "code_challenge": attempt.challenge}
        return f"https://identity.test/authorize?{urlencode(asked)}"

    def come_back(self, address: str, claims: Mapping[str, Any] | None) -> tuple[str, str]:
        """The state and a code that buys these claims, with the nonce of the address unless they have their own."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = (asked["code_challenge"], None if claims is None else {"nonce": asked["nonce"], **claims})
        return asked["state"], code

    @port_call("provider.claims")
    def claims(self, code: str, verifier: str) -> Mapping[str, object] | None:
        challenge, claims = self._codes.pop(code, ("", None))
        return claims if Attempt("", "", verifier, "", _NEVER).challenge == challenge else None


class FakeSessions:
    def __init__(self) -> None:
        self._kept: list[Session | Attempt] = []

    def issue(self, session: Session) -> str:
        self._kept.append(session)
        return f"s{len(self._kept)}"

    def read(self, token: str) -> Session | None:
        found = self._found(token, "s")
        return found if isinstance(found, Session) else None

    def keep(self, attempt: Attempt) -> str:
        self._kept.append(attempt)
        return f"a{len(self._kept)}"

    def kept(self, token: str) -> Attempt | None:
        found = self._found(token, "a")
        return found if isinstance(found, Attempt) else None

    def _found(self, token: str, kind: str) -> Session | Attempt | None:
        names = {f"{kind}{place}": one for place, one in enumerate(self._kept, start=1)}
        return names.get(token)


_NEVER: Any = None
