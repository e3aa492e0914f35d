"""What every identity provider behind the port does, the real one against the stand-in of the local machine on loopback.

Must not judge claims: the domain does.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.adapters.identity import OidcProvider
from chalicelib.domain.errors import ProviderSilent
from chalicelib.domain.sign_in import Attempt
from chalicelib.services.page_ports import IdentityProvider
from infra.local.sign_in_provider import CLIENT_ID, CLIENT_SECRET, CODE_LIVES, TOKEN, Provider, unsigned
from tests.fake_calls import Calls
from tests.fake_sign_in import FakeProvider
from tests.integration.loopback import Answered, loopback

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
ATTEMPT = Attempt("state-1", "nonce-1", "verifier-of-this-test-alone-of-43-characters", "/desk", NOW)
CALLBACK = "https://pages.test/sign-in/callback"


@dataclass
class Door:
    """A provider, and what a browser brings back from it for somebody with a collar number."""

    provider: IdentityProvider
    come_back: Callable[[str, str], tuple[str, str]]


def oidc(address: str, **changes: Any) -> OidcProvider:
    facts: dict[str, Any] = {
        "authorize_url": "https://identity.test/authorize", "token_url": address + TOKEN, "logout_url": "https://identity.test/logout",
        "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "callback": CALLBACK, "read_timeout": 2.0,
    }  # fmt: skip
    return OidcProvider(**(facts | changes))


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def fake() -> Iterator[Door]:
    provider = FakeProvider(Calls())
    yield Door(provider, lambda address, collar: provider.come_back(address, {"custom:collar_number": collar}))


@contextmanager
def real() -> Iterator[Door]:
    stand_in = Provider("https://pages.test", lambda collar, _groups: {"custom:collar_number": collar})

    def handle(path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        assert (path, headers["content-type"]) == (TOKEN, "application/x-www-form-urlencoded")
        posted = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        status, answer = stand_in.token(headers.get("authorization", ""), posted, NOW)
        return status, json.dumps(answer).encode()

    def come_back(address: str, collar: str) -> tuple[str, str]:
        asked = asked_of(address)
        assert stand_in.fault(asked) == ""
        back = asked_of(stand_in.back(asked, collar, [], NOW))
        return back["state"], back["code"]

    with loopback(handle) as address:
        yield Door(oidc(address), come_back)


@pytest.fixture(params=[fake, real], ids=["fake", "oidc"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    with request.param() as opened:
        yield opened


def test_a_code_buys_the_claims_of_whoever_signed_in(door):
    state, code = door.come_back(door.provider.address(ATTEMPT), "2345")
    assert state == ATTEMPT.state
    claims = door.provider.claims(code, ATTEMPT.verifier)
    assert claims
    assert (claims["custom:collar_number"], claims["nonce"]) == ("2345", ATTEMPT.nonce)


def test_a_code_is_good_once(door):
    _, code = door.come_back(door.provider.address(ATTEMPT), "2345")
    assert door.provider.claims(code, ATTEMPT.verifier)
    assert door.provider.claims(code, ATTEMPT.verifier) is None


@pytest.mark.parametrize("verifier", ["", "another-verifier-of-this-test-of-43-characters"])
def test_a_stolen_code_is_worth_nothing_without_its_verifier(door, verifier):
    _, code = door.come_back(door.provider.address(ATTEMPT), "2345")
    assert door.provider.claims(code, verifier) is None


@pytest.mark.parametrize("code", ["", "made up", "é&=%"])
def test_a_code_that_nobody_got_buys_nothing(door, code):
    assert door.provider.claims(code, ATTEMPT.verifier) is None


def test_there_is_a_way_to_end_the_providers_own_session(door):
    assert door.provider.leaving == "https://identity.test/logout"


# ---- the real one alone


def test_the_browser_is_sent_with_everything_that_the_flow_wants():
    asked = asked_of(oidc("https://x").address(ATTEMPT))
    assert asked == {
        "response_type": "code", "client_id": CLIENT_ID, "redirect_uri": CALLBACK, "scope": "openid profile", "state": "state-1",
        "nonce": "nonce-1", "code_challenge": ATTEMPT.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    assert ATTEMPT.verifier not in str(asked)


@pytest.mark.parametrize("changes", [{"client_id": "another"}, {"client_secret": "another"}, {"callback": "https://elsewhere.test/"}])
def test_another_client_gets_nothing(changes):
    with real() as door:
        _, code = door.come_back(door.provider.address(ATTEMPT), "2345")
        other = oidc(str(getattr(door.provider, "_token_url")).removesuffix(TOKEN), **changes)  # noqa: B009
        assert other.claims(code, ATTEMPT.verifier) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"), (503, b""), (302, b"{}"), (404, b"{}"), (200, b""), (200, b"[]"), (200, b"\xff"), (200, b"{" + b" " * 70_000 + b"}"),
        (200, b'{"id_token": "a.b"}'), (200, b'{"id_token": "a.!.c"}'), (200, b'{"id_token": "a.bnVsbA.c"}'),
        (200, b'{"id_token": "a.\xc3\xa9.c"}'),
    ],
)  # fmt: skip
def test_what_no_provider_should_answer_is_silence_and_says_nothing_of_it(status, body):
    with loopback(lambda *_: (status, body)) as address, pytest.raises(ProviderSilent) as silent:
        oidc(address).claims("a-secret-code", ATTEMPT.verifier)
    assert "secret" not in str(silent.value)
    assert silent.value.__cause__ is None
    assert silent.value.__context__ is None


@pytest.mark.parametrize(("status", "body"), [(400, b""), (401, b"x"), (200, b"{}"), (200, b'{"id_token": 5}')])
def test_what_is_refused_or_no_sign_in_is_nobody(status, body):
    with loopback(lambda *_: (status, body)) as address:
        assert oidc(address).claims("code", ATTEMPT.verifier) is None


def test_a_provider_that_is_not_there_is_silent():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(ProviderSilent, match=r"^token endpoint: \w+$"):
            oidc(address).claims("code", ATTEMPT.verifier)


def test_a_redirection_is_not_followed_with_the_secret():
    asked: list[str] = []

    def handle(path: str, _headers: Mapping[str, str], _body: bytes) -> Answered:
        asked.append(path)
        return 307, b""

    with loopback(handle) as address, pytest.raises(ProviderSilent):
        oidc(address).claims("code", ATTEMPT.verifier)
    assert asked == [TOKEN]


# ---- what the stand-in refuses, as a provider does


def test_the_stand_in_sends_nobody_elsewhere_and_wants_the_whole_flow():
    stand_in = Provider("https://pages.test", lambda _collar, _groups: {})
    good = asked_of(oidc("https://x").address(ATTEMPT))
    assert stand_in.fault(good) == ""
    for name, value in (
        ("redirect_uri", "https://elsewhere.test/"), ("client_id", "x"), ("response_type", "token"), ("code_challenge_method", "plain"),
        ("scope", "profile"), ("state", ""), ("nonce", ""), ("code_challenge", ""),
    ):  # fmt: skip
        assert stand_in.fault(good | {name: value}), name


def test_a_code_of_the_stand_in_ages():
    stand_in = Provider("https://pages.test", lambda _collar, _groups: {})
    asked = asked_of(oidc("https://x").address(ATTEMPT))
    code = asked_of(stand_in.back(asked, "2345", [], NOW))["code"]
    posted = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": ATTEMPT.verifier}
    basic = "Basic a2VwdC1pbmZvcm1lZC1sb2NhbDpsb2NhbC1tYWNoaW5lLW9ubHktbm90LWEtc2VjcmV0"
    assert stand_in.token(basic, posted | {"grant_type": "password"}, NOW)[0] == 400
    assert stand_in.token("Basic %", posted, NOW)[0] == 401
    assert stand_in.token(basic, posted, NOW + CODE_LIVES + timedelta(seconds=1))[0] == 400
    assert unsigned({}).count(".") == 2
