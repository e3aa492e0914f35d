"""Signing in and out over fakes: which browser, which answer, which person, and until when a session is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.errors import ProviderSilent
from chalicelib.domain.model import DirectoryOfficer, Unit
from chalicelib.domain.sign_in import HOME, Client, Person, Refusal
from chalicelib.services.sign_in import SignedIn, SignIn
from tests.fake_sign_in import FakeProvider, FakeSessions
from tests.fakes import World
from tests.house import derbyshire

CLIENT = Client("https://issuer.test/pool", "client-1")
ASH = DirectoryOfficer("2345", 1, True, "PC Sam Ash")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


class Door:
    """A sign-in with its fakes, and one browser before it."""

    def __init__(self) -> None:
        self.world = World()
        self.world.officers.put(ASH, "a")
        self.provider = FakeProvider(self.world.calls)
        drawn: Iterator[int] = count(1)
        rules = derbyshire().sign_in
        self.sign_in = SignIn(
            self.provider, FakeSessions(), self.world.officers, self.world.revocations, CLIENT, rules, lambda: f"secret-{next(drawn)}"
        )

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def claims(self, **changes: Any) -> dict[str, Any]:
        at = int(self.now.timestamp())
        facts: dict[str, Any] = {"iss": CLIENT.issuer, "aud": CLIENT.client_id, "token_use": "id", "iat": at, "exp": at + 300}
        return facts | {"custom:collar_number": "2345"} | changes

    def enter(self, back: str = "/desk", **changes: Any) -> SignedIn | Refusal:
        begun = self.sign_in.begin(back, self.now)
        state, code = self.provider.come_back(begun.address, self.claims(**changes))
        return self.sign_in.finish(begun.attempt, state, code, self.now)

    def session(self, **changes: Any) -> str:
        found = self.enter(**changes)
        assert isinstance(found, SignedIn)
        return found.session


@pytest.fixture
def door() -> Door:
    return Door()


def test_whoever_the_provider_and_the_directory_know_is_signed_in_and_led_back(door):
    found = door.enter("/desk/case/26000712345", **{"custom:groups": "[KeptInformed-Supervisors]"})
    assert isinstance(found, SignedIn)
    assert found.back == "/desk/case/26000712345"
    assert door.sign_in.who(found.session, door.now) == Person("2345", frozenset({Unit.SUPERVISOR}))
    assert door.sign_in.leaving == "https://identity.test/logout"


def test_nobody_is_led_to_another_site(door):
    found = door.enter("//elsewhere.test/desk")
    assert isinstance(found, SignedIn)
    assert found.back == HOME


def test_two_attempts_share_nothing(door):
    first, second = door.sign_in.begin(HOME, door.now), door.sign_in.begin(HOME, door.now)
    assert first.attempt != second.attempt
    drawn = [part for begun in (first, second) for part in begun.address.partition("?")[2].split("&")]
    assert len(set(drawn)) == len(drawn)


def test_only_the_browser_that_began_may_finish(door):
    mine, theirs = door.sign_in.begin(HOME, door.now), door.sign_in.begin(HOME, door.now)
    state, code = door.provider.come_back(theirs.address, door.claims())
    for attempt, said in ((mine.attempt, state), ("", state), ("nonsense", state), (theirs.attempt, ""), (theirs.attempt, "é")):
        assert door.sign_in.finish(attempt, said, code, door.now) is Refusal.STALE
    assert "provider.claims" not in door.world.calls.made, "nobody asked for what the code buys"


def test_an_attempt_is_over_after_ten_minutes(door):
    begun = door.sign_in.begin(HOME, door.now)
    state, code = door.provider.come_back(begun.address, door.claims())
    late = door.now + timedelta(minutes=10) + SECOND
    assert door.sign_in.finish(begun.attempt, state, code, late) is Refusal.STALE


def test_a_code_is_good_once_and_with_its_own_verifier(door):
    mine, theirs = door.sign_in.begin(HOME, door.now), door.sign_in.begin(HOME, door.now)
    state, code = door.provider.come_back(mine.address, door.claims())
    other, _ = door.provider.come_back(theirs.address, door.claims())
    assert door.sign_in.finish(theirs.attempt, other, code, door.now) is Refusal.DECLINED
    assert door.sign_in.finish(mine.attempt, state, code, door.now) is Refusal.DECLINED


@pytest.mark.parametrize("code", ["", "made up"])
def test_without_a_code_nobody_comes_in(door, code):
    begun = door.sign_in.begin(HOME, door.now)
    state, _ = door.provider.come_back(begun.address, None)
    assert door.sign_in.finish(begun.attempt, state, code, door.now) is Refusal.DECLINED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"nonce": "another"}, Refusal.DECLINED),
        ({"aud": "client-2"}, Refusal.DECLINED),
        ({"iss": "https://elsewhere.test"}, Refusal.DECLINED),
        ({"token_use": "access"}, Refusal.DECLINED),
        ({"custom:collar_number": ""}, Refusal.NO_COLLAR),
        ({"custom:collar_number": "9999"}, Refusal.NOT_LISTED),
    ],
)
def test_why_nobody_is_signed_in(door, changes, refusal):
    assert door.enter(**changes) is refusal


def test_who_has_left_is_not_signed_in_and_whoever_leaves_is_signed_out(door):
    session = door.session()
    door.world.officers.put(replace(ASH, version=2, active=False), "b")
    assert door.sign_in.who(session, door.now) is None
    assert door.enter() is Refusal.NOT_LISTED


def test_a_silent_provider_is_said(door):
    begun = door.sign_in.begin(HOME, door.now)
    state, code = door.provider.come_back(begun.address, door.claims())
    door.world.calls.fail("provider.claims", ProviderSilent("x"))
    with pytest.raises(ProviderSilent):
        door.sign_in.finish(begun.attempt, state, code, door.now)


def test_a_session_is_over_after_a_shift_however_it_is_used(door):
    session = door.session()
    start = door.now
    for hours in range(8):
        assert door.sign_in.who(session, start + hours * HOUR) == Person("2345")
    assert door.sign_in.who(session, start + 8 * HOUR) is None


@pytest.mark.parametrize("session", ["", "s9", "made up"])
def test_what_was_never_issued_is_nobody(door, session):
    assert door.sign_in.who(session, door.now) is None
    door.sign_in.sign_out(session)


def test_an_attempt_is_no_session(door):
    assert door.sign_in.who(door.sign_in.begin(HOME, door.now).attempt, door.now) is None


def test_signing_out_ends_every_copy_and_no_later_session(door):
    earlier, copy = door.session(), door.session()
    door.sign_in.sign_out(copy)
    assert [door.sign_in.who(one, door.now) for one in (earlier, copy)] == [None, None]
    door.world.clock.advance(SECOND)
    assert door.sign_in.who(door.session(), door.now) == Person("2345")
