"""What every maker of sessions and attempts does: what was issued is read back, and nothing else is.

Must not look behind the port, but for what the real tokens look like.
"""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.form_tokens import SignedForms
from chalicelib.adapters.sessions import SignedSessions
from chalicelib.adapters.signing import SignedLinks
from chalicelib.domain.links import officer_link
from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import LONGEST_BACK, Attempt, Person, Session
from chalicelib.services.page_ports import Sessions
from tests.fake_sign_in import FakeSessions

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
KEY, OTHER = b"a key of this test alone, of 32 bytes", b"another key of this test, of 32 bytes"
SESSION = Session(Person("2345", frozenset({Unit.SUPERVISOR, Unit.CONTACT_CENTRE})), NOW, NOW + timedelta(hours=8))
ATTEMPT = Attempt("s" * 43, "n" * 43, "v" * 43, "/officer/abc", NOW)
CHARACTERS = string.ascii_letters + string.digits + "-_=+/. \n%é"


@pytest.fixture(params=[FakeSessions, lambda: SignedSessions(KEY)], ids=["fake", "signed"])
def sessions(request: pytest.FixtureRequest) -> Sessions:
    made: Sessions = request.param()
    return made


def test_what_was_issued_is_read_back(sessions: Sessions) -> None:
    assert sessions.read(sessions.issue(SESSION)) == SESSION
    assert sessions.kept(sessions.keep(ATTEMPT)) == ATTEMPT
    plain = Session(Person("A1"), NOW, NOW)
    assert sessions.read(sessions.issue(plain)) == plain


def test_an_attempt_is_no_session_and_a_session_no_attempt(sessions: Sessions) -> None:
    assert sessions.read(sessions.keep(ATTEMPT)) is None
    assert sessions.kept(sessions.issue(SESSION)) is None


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_is_one(token: str) -> None:
    for made in (FakeSessions(), SignedSessions(KEY)):
        assert made.read(token) is None
        assert made.kept(token) is None


def test_not_one_character_may_change() -> None:
    sessions = SignedSessions(KEY)
    token = sessions.issue(SESSION)
    changed = {token[:at] + other + token[at + 1 :] for at in range(len(token)) for other in CHARACTERS} - {token}
    assert [found for found in changed if sessions.read(found) is not None] == []


def test_under_the_key_of_links_and_forms_each_is_its_own() -> None:
    sessions, links, forms = SignedSessions(KEY), SignedLinks(KEY), SignedForms(KEY)
    link = links.issue(officer_link("26000712345", "2345", NOW, 14), NOW)
    assert sessions.read(link) is None
    assert sessions.kept(forms.issue("public", NOW)) is None
    assert links.read(sessions.issue(SESSION), NOW) is None


def test_during_a_rotation_both_keys_open_and_the_new_one_signs() -> None:
    old, during, after = SignedSessions(KEY), SignedSessions(OTHER, KEY), SignedSessions(OTHER)
    assert during.read(old.issue(SESSION)) == SESSION
    assert after.read(during.issue(SESSION)) == SESSION
    assert after.read(old.issue(SESSION)) is None
    assert during.kept(old.keep(ATTEMPT)) == ATTEMPT


def test_both_fit_a_cookie_and_need_no_quotes() -> None:
    longest = Attempt("s" * 43, "n" * 43, "v" * 43, "/" + "x" * (LONGEST_BACK - 1), NOW)
    everything = Session(Person("A123456789", frozenset(Unit)), NOW, NOW)
    for token in (SignedSessions(KEY).keep(longest), SignedSessions(KEY).issue(everything)):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,3000}", token)
