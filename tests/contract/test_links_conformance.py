"""What every maker of links does, and every store of revocations: nothing opens that was not issued, or not any more.

Must not look behind the ports, but for what the real tokens look like.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.control import DynamoRevocations
from chalicelib.adapters.signing import SignedLinks
from chalicelib.adapters.tables import ControlRow
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.links import Link, is_revoked, officer_link
from chalicelib.services.edges import Links, Revocations
from tests.contract.stores import EVERY, local_cloud, store
from tests.fakes import FakeLinks, World

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REFERENCE = "26000712345"
LINK = officer_link(REFERENCE, "2345", NOW, 14)
KEY = b"a key of this test alone, of 32 bytes"
URL_SAFE = re.compile(r"[A-Za-z0-9_-]+")
CHARACTERS = string.ascii_letters + string.digits + "-_=+/. \n%é"


def fake_links() -> Links:
    return FakeLinks()


def signed_links() -> Links:
    return SignedLinks(KEY)


@pytest.fixture(params=[fake_links, signed_links], ids=["fake", "signed"])
def links(request: pytest.FixtureRequest) -> Links:
    made: Links = request.param()
    return made


# ---- links


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        replace(LINK, reader="victim_care_unit"),
        replace(LINK, reader=""),
        replace(LINK, reader='4"5,6]\n7'),
        replace(LINK, reader="Łukasz 王"),
        replace(LINK, reader="x" * 500),
        replace(LINK, expires_at=NOW),
    ],
)
def test_what_was_issued_is_read_back(links: Links, link: Link) -> None:
    token = links.issue(link, NOW)
    assert links.read(token, NOW) == link
    assert URL_SAFE.fullmatch(token)


def test_the_same_link_is_the_same_token_and_another_is_another(links: Links) -> None:
    others = [
        replace(LINK, reference="26000712346"),
        replace(LINK, reader="2346"),
        replace(LINK, expires_at=LINK.expires_at + SECOND),
        replace(LINK, issued_at=NOW + SECOND),
        replace(LINK, purpose="victim"),
    ]
    assert links.issue(LINK, NOW) == links.issue(LINK, NOW + SECOND)
    assert len({links.issue(link, NOW) for link in (LINK, *others)}) == 6


@pytest.mark.parametrize(
    ("read_at", "opens"),
    [
        (NOW, True),
        (LINK.expires_at, True),
        (LINK.expires_at + SECOND, False),
        (NOW - timedelta(minutes=5), True),
        (NOW - timedelta(minutes=5) - SECOND, False),
    ],
)
def test_a_link_opens_for_its_time_alone(links: Links, read_at: datetime, opens: bool) -> None:
    assert links.read(links.issue(LINK, NOW), read_at) == (LINK if opens else None)


def test_a_link_for_one_purpose_opens_no_other(links: Links) -> None:
    other = replace(LINK, purpose="victim")
    assert links.read(links.issue(other, NOW), NOW) is None
    assert links.read(links.issue(other, NOW), NOW, "victim") == other
    assert links.read(links.issue(LINK, NOW), NOW, "victim") is None
    assert links.read(links.issue(LINK, NOW), NOW, "") is None


@pytest.mark.parametrize("now", [LINK.expires_at + SECOND, NOW - timedelta(minutes=6)])
def test_a_link_that_would_not_open_is_not_issued(links: Links, now: datetime) -> None:
    with pytest.raises(ValueError, match="must not leave") as refused:
        links.issue(LINK, now)
    assert REFERENCE not in str(refused.value)


@pytest.mark.parametrize(
    "token", ["", " ", "x", "=", "====", "A" * 22, "A" * 200, "é", "\ud800", "a b", "%", "../../etc", "[]", "null", "\x00", "A" * 100_000]
)
def test_what_nobody_issued_opens_nothing(links: Links, token: str) -> None:
    assert links.read(token, NOW) is None


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_opens_anything(token: str) -> None:
    assert signed_links().read(token, NOW) is None


def test_not_one_character_may_change(links: Links) -> None:
    """The last one too, of which base64 leaves some bits unread."""
    token = links.issue(LINK, NOW)
    changed = {token[:at] + other + token[at + 1 :] for at in range(len(token)) for other in CHARACTERS}
    longer = {token[:at] + other + token[at:] for at in range(len(token) + 1) for other in CHARACTERS}
    shorter = {token[:at] + token[at + 1 :] for at in range(len(token))} | {token[:at] for at in range(len(token))}
    assert [found for found in (changed | longer | shorter) - {token} if links.read(found, NOW) is not None] == []


def test_a_link_opens_under_its_own_key_alone() -> None:
    token = signed_links().issue(LINK, NOW)
    assert SignedLinks(KEY).read(token, NOW) == LINK
    for other in (KEY + b"x", KEY[:-1], KEY.swapcase(), b"k" * 32):
        assert SignedLinks(other).read(token, NOW) is None


def test_the_signature_of_one_token_does_not_fit_the_facts_of_another() -> None:
    mine, theirs = (signed_links().issue(replace(LINK, reader=reader), NOW) for reader in ("2345", "1890"))
    # 16 bytes of signature are 21 characters and a bit: swapped in bytes, as a forger would.
    first, second = (base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)) for token in (mine, theirs))
    forged = base64.urlsafe_b64encode(first[:16] + second[16:]).rstrip(b"=").decode()
    assert signed_links().read(forged, NOW) is None


def test_a_token_shows_nothing_at_a_glance_and_fits_a_line_of_mail() -> None:
    token = signed_links().issue(LINK, NOW)
    assert REFERENCE not in token
    assert "officer" not in token
    assert len(token) < 120


# ---- revocations


@pytest.fixture(params=EVERY)
def revocations(request: pytest.FixtureRequest) -> Iterator[Revocations]:
    with store(request.param):
        yield World().revocations if request.param == "fake" else DynamoRevocations()


def test_nothing_is_revoked_until_somebody_does(revocations: Revocations) -> None:
    assert revocations.revoked(REFERENCE) is None


def test_a_revocation_stands_for_its_case_alone(revocations: Revocations) -> None:
    revocations.revoke(REFERENCE, NOW)
    assert revocations.revoked(REFERENCE) == NOW
    assert revocations.revoked("26000712346") is None


@pytest.mark.parametrize("times", [(NOW, NOW), (NOW, NOW - SECOND), (NOW - SECOND, NOW), (NOW - timedelta(days=30), NOW, NOW - SECOND)])
def test_a_revocation_never_moves_back(revocations: Revocations, times: tuple[datetime, ...]) -> None:
    for before in times:
        revocations.revoke(REFERENCE, before)
    assert revocations.revoked(REFERENCE) == NOW


def test_fractions_of_a_second_are_dropped(revocations: Revocations) -> None:
    revocations.revoke(REFERENCE, NOW.replace(microsecond=999_999))
    revocations.revoke(REFERENCE, NOW.replace(microsecond=1))
    assert revocations.revoked(REFERENCE) == NOW


def test_one_that_may_be_forgotten_stands_until_it_is(revocations: Revocations) -> None:
    revocations.revoke(REFERENCE, NOW, NOW + timedelta(hours=1))
    assert revocations.revoked(REFERENCE) == NOW
    if isinstance(revocations, DynamoRevocations):
        (row,) = ControlRow.query(f"links#{REFERENCE}")
        assert row.expires_at == int((NOW + timedelta(hours=1)).timestamp())


def test_what_was_revoked_stays_so_and_what_is_issued_later_opens(revocations: Revocations) -> None:
    revocations.revoke(REFERENCE, NOW + SECOND)
    before = revocations.revoked(REFERENCE)
    assert before is not None
    assert is_revoked(LINK, {REFERENCE: before})
    assert not is_revoked(officer_link(REFERENCE, "2345", NOW + 2 * SECOND, 14), {REFERENCE: before})


def test_a_store_that_does_not_answer_is_no_permission() -> None:
    with store("local"), local_cloud():  # emptied again: no table
        with pytest.raises(StoreUnavailable, match="revocations"):
            DynamoRevocations().revoked(REFERENCE)
        with pytest.raises(StoreUnavailable, match="revocations"):
            DynamoRevocations().revoke(REFERENCE, NOW)


def test_during_a_rotation_both_keys_open_and_the_new_one_signs() -> None:
    other = b"another key of this test, of 32 bytes"
    old, during, after = SignedLinks(KEY).issue(LINK, NOW), SignedLinks(other, KEY), SignedLinks(other)
    assert during.read(old, NOW) == LINK
    assert after.read(during.issue(LINK, NOW), NOW) == LINK
    assert after.read(old, NOW) is None
