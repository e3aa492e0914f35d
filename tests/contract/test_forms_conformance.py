"""What every maker of form tokens promises: only a form that was shown, for that purpose, not long ago, can be sent.

Must not look behind the port, but for what the real tokens look like.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.form_tokens import SignedForms
from chalicelib.adapters.signing import SignedLinks
from chalicelib.domain.links import CLOCKS_APART, officer_link
from chalicelib.services.edges import FORM_LIVES, Forms
from tests.fakes import FakeForms

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KEY, OTHER = b"a key of this test alone, of 32 bytes", b"another key of this test, of 32 bytes"


@pytest.fixture(params=[FakeForms, lambda: SignedForms(KEY)], ids=["fake", "signed"])
def forms(request: pytest.FixtureRequest) -> Forms:
    made: Forms = request.param()
    return made


def test_a_form_sent_twice_has_one_nonce_and_two_forms_have_two(forms: Forms) -> None:
    first, second = forms.issue("public", NOW), forms.issue("public", NOW)
    assert first != second
    nonce = forms.read(first, "public", NOW)
    assert nonce
    assert forms.read(first, "public", NOW + SECOND) == nonce
    assert forms.read(second, "public", NOW) not in (None, nonce)


@pytest.mark.parametrize("purpose", ["", "public ", "officer\nother-link", "officer"])
def test_a_form_of_another_purpose_is_none(forms: Forms, purpose: str) -> None:
    token = forms.issue("officer\nthis-link", NOW)
    assert forms.read(token, "officer\nthis-link", NOW)
    assert forms.read(token, purpose, NOW) is None


@pytest.mark.parametrize(
    ("later", "good"),
    [(FORM_LIVES, True), (FORM_LIVES + SECOND, False), (-CLOCKS_APART, True), (-CLOCKS_APART - SECOND, False)],
)
def test_a_form_can_be_sent_for_a_day(forms: Forms, later: timedelta, good: bool) -> None:
    assert (forms.read(forms.issue("public", NOW), "public", NOW + later) is not None) is good


@given(st.text(max_size=80))
def test_nothing_made_up_is_taken(token: str) -> None:
    for forms in (FakeForms(), SignedForms(KEY)):
        assert forms.read(token, "public", NOW) is None


@given(st.data())
def test_no_other_spelling_of_a_token_is_taken(data: st.DataObject) -> None:
    forms = SignedForms(KEY, draw=lambda count: b"n" * count)
    token = forms.issue("public", NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    changed = token[:place] + data.draw(st.sampled_from("abcdefgXYZ019-_=+/ ")) + token[place + 1 :]
    assert (forms.read(changed, "public", NOW) is not None) is (changed == token)
    assert forms.read(token + "=", "public", NOW) is None
    assert re.fullmatch(r"[A-Za-z0-9_-]{46}", token)


def test_during_a_rotation_both_keys_open_and_the_new_one_signs() -> None:
    before, during, after = SignedForms(KEY), SignedForms(OTHER, KEY), SignedForms(OTHER)
    old, new = before.issue("public", NOW), during.issue("public", NOW)
    assert during.read(old, "public", NOW)
    assert during.read(new, "public", NOW)
    assert after.read(new, "public", NOW)
    assert after.read(old, "public", NOW) is None


def test_a_link_is_no_form_and_a_form_no_link() -> None:
    """Both are signed under one key."""
    link = SignedLinks(KEY).issue(officer_link("26000712345", "2345", NOW, 14), NOW)
    assert SignedForms(KEY).read(link, "", NOW) is None
    assert SignedLinks(KEY).read(SignedForms(KEY).issue("officer", NOW), NOW) is None
