"""What the claims of a sign-in must say, whom they name, how long things live, and where a browser may be led back to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import HOME, Attempt, Client, Person, Session, meant_for, own_path, person_of, session_of
from tests.house import derbyshire

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RULES = derbyshire().sign_in
CLIENT = Client("https://issuer.test/pool", "client-1")
AT = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": CLIENT.issuer, "aud": "client-1", "nonce": "n", "token_use": "id", "iat": AT, "exp": AT + 300, "sub": "x",
    "custom:collar_number": "2345",
}  # fmt: skip


def test_the_answer_to_this_attempt_is_taken() -> None:
    assert meant_for(CLAIMS, CLIENT, "n", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["client-1"]}, {"azp": "client-1"}, {"iat": AT - 600}, {"iat": AT + 300}, {"exp": AT - 299}, {"iat": float(AT)},
    ],
)  # fmt: skip
def test_other_spellings_of_a_good_answer(changes: dict[str, Any]) -> None:
    assert meant_for(CLAIMS | changes, CLIENT, "n", NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://issuer.test/other"}, {"iss": None},
        {"aud": "client-2"}, {"aud": ["client-1", "client-2"]}, {"aud": []}, {"aud": None}, {"azp": "client-2"}, {"azp": None},
        {"nonce": "m"}, {"nonce": None}, {"nonce": ""},
        {"token_use": "access"}, {"token_use": None},
        {"iat": AT - 601}, {"iat": AT + 301}, {"exp": AT - 300}, {"iat": None}, {"exp": None}, {"iat": str(AT)}, {"exp": str(AT)},
        {"iat": True}, {"exp": True},
    ],
)  # fmt: skip
def test_what_is_meant_for_another_client_browser_or_time_is_not_taken(changes: dict[str, Any]) -> None:
    assert not meant_for(CLAIMS | changes, CLIENT, "n", NOW)


@pytest.mark.parametrize("name", ["iss", "aud", "nonce", "token_use", "iat", "exp"])
def test_no_claim_may_be_missing(name: str) -> None:
    assert not meant_for({key: value for key, value in CLAIMS.items() if key != name}, CLIENT, "n", NOW)


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (None, set()),
        ([], set()),
        ("", set()),
        (["KeptInformed-Supervisors", 7, "Somebody else's"], {Unit.SUPERVISOR}),
        ("[KeptInformed-Supervisors, KeptInformed-Victim-Care-Unit]", {Unit.SUPERVISOR, Unit.VICTIM_CARE_UNIT}),
        ("KeptInformed-Contact-Centre", {Unit.CONTACT_CENTRE}),
        ("Not-KeptInformed-Supervisors", set()),
        ({"KeptInformed-Supervisors": 1}, set()),
    ],
)
def test_groups_of_the_profile_are_roles(groups: object, roles: set[Unit]) -> None:
    assert person_of(CLAIMS | {RULES.groups_claim: groups}, RULES) == Person("2345", frozenset(roles))


@pytest.mark.parametrize(("said", "collar"), [("2345", "2345"), (" pc2345 ", "PC2345"), ("A1", "A1")])
def test_a_collar_number_is_read_as_the_directory_has_it(said: str, collar: str) -> None:
    assert person_of({RULES.collar_claim: said}, RULES) == Person(collar)


@pytest.mark.parametrize("said", [None, "", " ", 2345, ["2345"], "2345 2346", "12345678901", "23-45", "2345\n2346"])
def test_without_one_collar_number_it_is_nobody(said: object) -> None:
    assert person_of({RULES.collar_claim: said}, RULES) is None
    assert person_of({}, RULES) is None


def test_a_link_is_for_the_person_or_a_role_of_theirs() -> None:
    person = Person("2345", frozenset({Unit.SUPERVISOR}))
    assert str(person) == "2345"
    assert [person.is_reader(reader) for reader in ("2345", "supervisor", "2346", "inspector", "")] == [True, True, False, False, False]


def test_a_session_is_absolute() -> None:
    session = session_of(Person("2345"), NOW.replace(microsecond=5), timedelta(hours=8))
    assert session == Session(Person("2345"), NOW, NOW + timedelta(hours=8))
    alive = [NOW - timedelta(minutes=5), NOW, session.until - SECOND]
    assert all(session.alive(at) for at in alive)
    assert not any(session.alive(at) for at in (NOW - timedelta(minutes=5) - SECOND, session.until))


def test_an_attempt_lives_ten_minutes() -> None:
    attempt = Attempt("s", "n", "v", HOME, NOW)
    assert all(attempt.alive(at) for at in (NOW - timedelta(minutes=5), NOW, NOW + timedelta(minutes=10)))
    assert not any(attempt.alive(at) for at in (NOW - timedelta(minutes=5) - SECOND, NOW + timedelta(minutes=10) + SECOND))


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    attempt = replace(Attempt("s", "n", "", HOME, NOW), verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert attempt.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("path", ["/desk", "/desk/case/26000712345", "/officer/abc_-.~%20", "/", "/" + "x" * 999])
def test_a_path_of_ours_is_led_back_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "desk",
        "//elsewhere.test",
        "/\\elsewhere.test",
        "https://elsewhere.test/desk",
        "/a\r\nb",
        "/é",
        "/a b",
        '/"',
        "/<",
        "/" + "x" * 1000,
    ],
)
def test_anything_else_leads_to_the_desk(path: str) -> None:
    assert own_path(path) == HOME


@given(st.text(max_size=40))
def test_nobody_is_led_elsewhere(path: str) -> None:
    found = own_path(path)
    assert found[0] == "/"
    assert found[1:2] not in ("/", "\\")
