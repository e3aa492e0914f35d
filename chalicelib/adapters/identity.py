"""The force's identity provider as OpenID Connect shows it: an address to send a browser to, and a token endpoint.

The token endpoint is asked directly over TLS, which stands for the signature of its ID token (OpenID Connect Core 1.0, section 3.1.3.7,
number 6), so no cryptography library is carried. Must not judge a claim, and must not let anything of an answer into an error or a log.
"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from chalicelib.domain.errors import ProviderSilent
from chalicelib.domain.sign_in import Attempt

_SCOPE = "openid profile"
_MOST_BYTES = 64 * 1024
"""Of an answer of the token endpoint: three tokens with every group that a person may be in."""
_MOST_SECONDS = 6.0
"""Of one call: somebody waits, and the function has ten."""
_REFUSED = (400, 401, 403)


class OidcProvider:
    """The port `IdentityProvider`. `callback` is our own address to come back to, as the provider has it on file."""

    def __init__(
        self,
        *,
        authorize_url: str,
        token_url: str,
        logout_url: str | None,
        client_id: str,
        client_secret: str,
        callback: str,
        read_timeout: float,
    ) -> None:
        self._authorize_url = authorize_url
        self._token_url = token_url
        self._logout_url = logout_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._callback = callback
        self._pool = PoolManager(retries=False, timeout=Timeout(total=min(read_timeout, _MOST_SECONDS)))

    def address(self, attempt: Attempt) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._callback,
            "scope": _SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._authorize_url}?{urlencode(asked)}"

    @property
    def leaving(self) -> str | None:
        return self._logout_url

    def claims(self, code: str, verifier: str) -> Mapping[str, object] | None:
        status, answer = self._ask(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": self._callback, "code_verifier": verifier}
        )
        if status in _REFUSED:
            return None
        if status != 200:
            raise ProviderSilent(f"token endpoint: {status}")
        token = _object(answer).get("id_token")
        return _payload(token) if isinstance(token, str) else None

    def _ask(self, fields: dict[str, str]) -> tuple[int, bytes]:
        """One post, never repeated: a code is good once. The cause of a failure holds the address and is dropped."""
        headers = {"Authorization": f"Basic {self._credentials()}", "Content-Type": "application/x-www-form-urlencoded"}
        failure = ""
        try:
            answer = self._pool.request(
                "POST", self._token_url, body=urlencode(fields), headers=headers, redirect=False, preload_content=False
            )
            try:
                body = answer.read(_MOST_BYTES + 1)
            finally:
                answer.close()
        except HTTPError as error:
            failure = type(error).__name__
        if failure or len(body) > _MOST_BYTES:
            raise ProviderSilent(f"token endpoint: {failure or 'a long answer'}")
        return int(answer.status), body

    def _credentials(self) -> str:
        """RFC 6749, section 2.3.1: each part is form-encoded first."""
        return b64encode(f"{quote(self._client_id, safe='')}:{quote(self._client_secret, safe='')}".encode()).decode()


def _object(body: bytes) -> Mapping[str, Any]:
    """A JSON object. ProviderSilent for anything else."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderSilent("token endpoint: no JSON object")
    return found


def _payload(token: str) -> Mapping[str, object]:
    """The claims of a JSON web token (RFC 7519, section 7.2); its header and signature are not looked at."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ProviderSilent("token endpoint: no ID token")
    try:
        payload = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except ValueError:
        payload = b""
    return _object(payload)
