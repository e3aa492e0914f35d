"""Derbyshire's profile: complete, and with the values that the issue and the force's own documents give.

Issue 2, sections 3, 4 and 6; DOMAIN A8 and B1. What a prod stage refuses is tested with the composition root.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from chalicelib.domain.model import Unit
from tests.domain_builders import PROFILE


def test_windows_hours_and_cadence() -> None:
    assert (PROFILE.hold.property_crime, PROFILE.hold.against_person) == (timedelta(minutes=30), timedelta(hours=24))
    assert (PROFILE.quiet.opens, PROFILE.quiet.closes) == (time(8), time(20))
    assert PROFILE.update_every_days == 10
    assert PROFILE.contact.confirmation_limit == timedelta(days=90)
    assert PROFILE.delivery.unknown_after == timedelta(minutes=15)


def test_a_child_is_informed_through_a_representative_and_english_is_not_forced_on_anybody() -> None:
    assert PROFILE.contact.child_with_representative
    assert not PROFILE.contact.english_where_no_template


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_has_a_role_address(unit: Unit) -> None:
    role = PROFILE.roles[unit]
    assert role.name
    assert "@" in role.email
    assert role.phone


def test_services_by_district() -> None:
    assert (PROFILE.high_risk_service, PROFILE.sexual_offence_service) == ("IDVA", "SV2")
    assert dict(PROFILE.domestic_abuse_services) == {"derby": "Refuge", "*": "Elm"}
    assert PROFILE.domestic_abuse_services.keys() - {"*"} <= PROFILE.districts
    assert all(district == district.lower().strip() for district in PROFILE.districts)


def test_what_readers_are_given_to_ring() -> None:
    """The opt-out is by the service's freephone, so it has to be there; one sender of texts, always, that a phone can show."""
    assert PROFILE.victim_service.phone.startswith("0800")
    assert PROFILE.victim_service.email
    assert 0 < len(PROFILE.sms_sender) <= 11
    assert PROFILE.sms_sender.isalnum()
    assert "Derbyshire Constabulary" in PROFILE.email_from


@pytest.mark.parametrize(("years", "days"), [(7, 2557), (6, 2192), (4, 1461), (1, 366)])
def test_what_is_kept_for_years_is_never_forgotten_a_day_early(years: int, days: int) -> None:
    assert replace(PROFILE.web, case_years=years).case_days == days
