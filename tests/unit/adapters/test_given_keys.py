"""A function that was given no key: whatever would sign, open or hash refuses, loudly, and makes up no key of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.form_tokens import SignedForms
from chalicelib.adapters.given_keys import given
from chalicelib.adapters.page_codes import DerivedCodes
from chalicelib.adapters.signing import SignedLinks
from chalicelib.domain.errors import ConfigurationError
from chalicelib.domain.links import OFFICER, Link

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
LINK = Link(OFFICER, "26000712345", "4711", NOW, NOW + timedelta(days=14))


@pytest.mark.parametrize(
    "used",
    [
        lambda: SignedLinks(None).issue(LINK, NOW),
        lambda: SignedLinks(None).read("a-token", NOW),
        lambda: SignedLinks(None, b"p" * 32).read("a-token", NOW),
        lambda: SignedForms(None).issue("contact", NOW),
        lambda: SignedForms(None).read("a-token", "contact", NOW),
        lambda: DerivedCodes(None).one_time("r1"),
        lambda: DerivedCodes(None).opens("r1", "123456"),
        lambda: DerivedCodes(None).of_letter("26000712345", "n1"),
        lambda: DerivedCodes(None).letter_tag("26000712345", "ABCD-EFGH-IJKL"),
        lambda: DynamoContactPoints(None, None).key("email", "alex.morgan@example.org"),  # type: ignore[arg-type]
    ],
)
def test_without_a_key_nothing_is_signed_opened_or_hashed(used: Callable[[], Any]) -> None:
    with pytest.raises(ConfigurationError, match="was given no key"):
        used()


def test_a_key_that_was_given_is_the_key() -> None:
    assert given(b"k" * 32) == b"k" * 32
