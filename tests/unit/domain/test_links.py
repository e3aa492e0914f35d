"""How long a link lives, where its page is, and what a revocation reaches.

Must not sign anything.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.links import (
    SESSION,
    VICTIM,
    Link,
    bound_to,
    is_alive,
    is_revoked,
    of_victim,
    officer_link,
    page_address,
    session_of,
    victim_address,
    victim_link,
)

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
LINK = officer_link("26000712345", "2345", NOW, 14)
SECOND = timedelta(seconds=1)


def test_a_link_of_a_reminder_lives_as_many_days_as_the_profile_says():
    assert Link("officer", "26000712345", "2345", NOW, datetime(2026, 12, 4, 7, tzinfo=UTC)) == LINK


@pytest.mark.parametrize(
    ("now", "alive"),
    [
        (NOW, True),
        (NOW - timedelta(minutes=5), True),
        (NOW - timedelta(minutes=5) - SECOND, False),
        (LINK.expires_at, True),
        (LINK.expires_at + SECOND, False),
        (LINK.expires_at + timedelta(days=3650), False),
    ],
)
def test_a_link_opens_from_its_issue_to_its_last_second(now: datetime, alive: bool) -> None:
    assert is_alive(LINK, now) is alive


@pytest.mark.parametrize(
    ("revoked_before", "revoked"),
    [
        ({}, False),
        ({"26000712345": NOW - SECOND}, False),
        ({"26000712345": NOW}, True),
        ({"26000712345": NOW + SECOND}, True),
        ({"26000712346": NOW + SECOND}, False),
    ],
)
def test_a_revocation_reaches_every_link_of_the_case_that_was_issued_by_then(revoked_before: dict[str, datetime], revoked: bool) -> None:
    assert is_revoked(LINK, revoked_before) is revoked


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/"])
def test_the_address_of_the_page(public_url: str) -> None:
    assert page_address(public_url, "abc") == "http://127.0.0.1:8000/officer/abc"


VICTIM_LINK = victim_link("26000712345", "V1", NOW.replace(microsecond=7), 100)
POINT = "97641599af58683cabbede158fb75a59"


def test_a_victims_link_is_the_same_whenever_it_is_asked_for_in_whole_seconds() -> None:
    assert Link(VICTIM, "26000712345", "V1", NOW, NOW + timedelta(days=100)) == VICTIM_LINK
    assert victim_address("https://kept-informed.test/", "abc") == "https://kept-informed.test/case/abc"


def test_a_session_is_bound_to_its_link_and_to_the_address_of_the_code() -> None:
    session = session_of(VICTIM_LINK, POINT, NOW, timedelta(minutes=30))
    assert (session.purpose, session.reference, session.expires_at - session.issued_at) == (SESSION, "26000712345", timedelta(minutes=30))
    others = [
        bound_to(VICTIM_LINK, POINT[::-1]),
        bound_to(replace(VICTIM_LINK, reader="V2"), POINT),
        bound_to(replace(VICTIM_LINK, reference="26000712346"), POINT),
        bound_to(replace(VICTIM_LINK, issued_at=NOW + SECOND), POINT),
        bound_to(replace(VICTIM_LINK, expires_at=NOW), POINT),
    ]
    assert len({session.reader, *others}) == 6


def test_links_of_one_victim_are_revoked_under_a_name_of_their_own() -> None:
    assert of_victim("26000712345", "V1") == "26000712345#V1"
