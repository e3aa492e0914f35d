"""A stand-in for the force's identity provider: the part of OpenID Connect that the product relies on, with its refusals. Local only.

Must not show a page (sign_in_pages.py does), nor sign what it says: nothing that checks a signature is in reach of it.
"""

import hmac
import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlencode

AUTHORIZE, TOKEN, LOGOUT = "/local/sign-in/authorize", "/local/sign-in/token", "/local/sign-in/out"
CLIENT_ID = "kept-informed-local"
CLIENT_SECRET = "local-machine-only-not-a-secret"  # noqa: S105 - as it says
CODE_LIVES = timedelta(minutes=5)
ID_TOKEN_LIVES = timedelta(hours=1)
ASKED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


def environment(public_url: str) -> dict[str, str]:
    """What the functions are told of it."""
    return {
        "KI_SIGN_IN_ISSUER": public_url,
        "KI_SIGN_IN_AUTHORIZE_URL": public_url + AUTHORIZE,
        "KI_SIGN_IN_TOKEN_URL": public_url + TOKEN,
        "KI_SIGN_IN_LOGOUT_URL": public_url + LOGOUT,
        "KI_SIGN_IN_CLIENT_ID": CLIENT_ID,
        "KI_SIGN_IN_CLIENT_SECRET": CLIENT_SECRET,
        "KI_OFFICER_SIGN_IN": "beside",
    }


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was handed out: for which redirection and challenge, the claims that it buys, and until when."""

    redirect_uri: str
    challenge: str
    claims: Mapping[str, object]
    until: datetime


class Provider:
    """The protocol without its pages. `claims_of` names the claims for a collar number and groups."""

    def __init__(self, public_url: str, claims_of: Callable[[str, list[str]], dict[str, object]]) -> None:
        self._issuer = public_url
        self._callback = f"{public_url}/sign-in/callback"
        self._claims_of = claims_of
        self._codes: dict[str, Code] = {}
        self._lock = threading.Lock()

    def fault(self, asked: Mapping[str, str]) -> str:
        """Why nobody is sent back: the address may be somebody else's. "" where all is well."""
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") != self._callback:
            return "unknown client or redirect_uri"
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return "only the authorization code flow with S256"
        return "" if all(asked.get(name) for name in ASKED) and "openid" in asked.get("scope", "").split() else "something is missing"

    def back(self, asked: Mapping[str, str], collar: str, groups: list[str], now: datetime) -> str:
        """Where the browser goes with a code."""
        times = {"iat": int(now.timestamp()), "exp": int((now + ID_TOKEN_LIVES).timestamp())}
        claims = {
            "iss": self._issuer, "aud": CLIENT_ID, "sub": f"local-{collar}", "token_use": "id", "nonce": asked["nonce"], **times,
            **self._claims_of(collar, groups),
        }  # fmt: skip
        code = secrets.token_urlsafe(16)
        with self._lock:
            self._codes[code] = Code(asked["redirect_uri"], asked["code_challenge"], claims, now + CODE_LIVES)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, authorization: str, posted: Mapping[str, str], now: datetime) -> tuple[int, dict[str, Any]]:
        """The token endpoint (RFC 6749, section 4.1.3): a code is good once, for whoever began with it."""
        if not _is_client(authorization):
            return 401, {"error": "invalid_client"}
        if posted.get("grant_type") != "authorization_code":
            return 400, {"error": "unsupported_grant_type"}
        with self._lock:
            code = self._codes.pop(posted.get("code", ""), None)
        proved = code is not None and hmac.compare_digest(_challenge(posted.get("code_verifier", "")), code.challenge)
        if code is None or not proved or posted.get("redirect_uri") != code.redirect_uri or now > code.until:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": unsigned(code.claims), "access_token": "none", "token_type": "Bearer", "expires_in": 3600}


def unsigned(claims: Mapping[str, object]) -> str:
    """A JSON web token that nobody signed."""
    return ".".join((*(_encoded(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)), ""))


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _challenge(verifier: str) -> str:
    return _encoded(sha256(verifier.encode()).digest())


def _is_client(authorization: str) -> bool:
    kind, _, encoded = authorization.partition(" ")
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    return kind.lower() == "basic" and unquote(name) == CLIENT_ID and hmac.compare_digest(unquote(secret), CLIENT_SECRET)
