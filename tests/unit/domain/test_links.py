"""How long a link lives, where its page is, and what a revocation reaches.

Must not sign anything.
"""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.links import Link, is_alive, is_revoked, officer_link, page_address

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
