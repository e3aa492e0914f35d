"""The update agreement with each victim: the record's own, else the force's proposal of every ten days.

Issue 2, section 7 (the default agreement is written now); DOMAIN A8: contact every ten days, guidance to case officers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.contact_safety import WhyNot
from chalicelib.domain.model import Channel, KnownElsewhere
from tests.builders import business, contact_safety, update_agreement
from tests.domain_builders import at, occurrence, planned

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
NO_CHANNEL = contact_safety(safe_channels=[])

OWN = update_agreement
NEXT = "2026-11-30"


@pytest.mark.parametrize(
    ("agreed", "every", "method", "next_on", "proposed", "declined"),
    [
        pytest.param(OWN(), 10, EMAIL, NEXT, False, False, id="the record's own"),
        pytest.param(OWN(every_days=28, method="phone"), 28, PHONE, NEXT, False, False, id="every 28 days by telephone"),
        pytest.param(OWN(every_days=None), None, EMAIL, NEXT, False, False, id="key events only"),
        pytest.param(OWN(every_days=None, next_update_on=None), None, EMAIL, None, False, False, id="key events only, no date"),
        pytest.param(OWN(declined=True), 10, EMAIL, None, False, True, id="declined: no update is due"),
        pytest.param(OWN(next_update_on=None), 10, EMAIL, NEXT, False, False, id="no date agreed: ten days from acceptance"),
        pytest.param(None, 10, EMAIL, NEXT, True, False, id="none: proposed, ten days from acceptance"),
    ],
)
def test_the_agreement(
    agreed: dict[str, Any] | None, every: int | None, method: Channel, next_on: str | None, proposed: bool, declined: bool
) -> None:
    agreement = planned(occurrence(person={"update_agreement": agreed})).agreement
    assert agreement is not None
    assert (agreement.reference, agreement.victim_id) == ("26000712345", "V1")
    assert (agreement.every_days, agreement.method, agreement.proposed, agreement.declined) == (every, method, proposed, declined)
    assert agreement.next_update_on == (date.fromisoformat(next_on) if next_on else None)


CLOSED = KnownElsewhere(closed=frozenset({"alex.morgan@example.org"}))
NOTHING = KnownElsewhere()


@pytest.mark.parametrize(
    ("person", "known", "method", "reason"),
    [
        pytest.param({"update_agreement": OWN(method="sms")}, NOTHING, SMS, None, id="as agreed"),
        pytest.param({"update_agreement": OWN(method="letter")}, NOTHING, EMAIL, WhyNot.NOT_SAFE, id="agreed on a letter that is not safe"),
        pytest.param(
            {"update_agreement": OWN(method="email")}, CLOSED, SMS, WhyNot.UNUSABLE, id="agreed on an address that failed for good"
        ),
        pytest.param({"update_agreement": OWN(method="phone")}, NOTHING, PHONE, None, id="agreed on the telephone: an officer rings"),
        pytest.param(
            {"update_agreement": OWN(method="sms"), "communication_needs": ["large_print"]},
            NOTHING,
            EMAIL,
            WhyNot.NEED,
            id="agreed on texts, which have no large print",
        ),
        pytest.param({"update_agreement": OWN(method=None), "preferred_channel": "sms"}, NOTHING, SMS, None, id="no method: as preferred"),
        pytest.param({"preferred_channel": "sms"}, NOTHING, SMS, None, id="as preferred"),
        pytest.param({"preferred_channel": "phone"}, NOTHING, PHONE, None, id="prefers the telephone: an officer rings"),
        pytest.param({"preferred_channel": "letter"}, NOTHING, EMAIL, WhyNot.NOT_SAFE, id="prefers a letter that is not safe"),
        pytest.param({"preferred_channel": "email"}, CLOSED, SMS, WhyNot.UNUSABLE, id="prefers an address that failed for good"),
        pytest.param({"preferred_channel": None}, NOTHING, EMAIL, None, id="no preference: as they are told"),
        pytest.param({"preferred_channel": None, "contact_safety": NO_CHANNEL}, NOTHING, PHONE, None, id="a person rings"),
        pytest.param({"preferred_channel": "sms", "language": "pl"}, NOTHING, SMS, None, id="told by a person: as preferred"),
        pytest.param({"preferred_channel": "sms", "date_of_birth": None}, NOTHING, SMS, None, id="held: as preferred"),
    ],
)
def test_the_method_of_updates(person: dict[str, Any], known: KnownElsewhere, method: Channel, reason: str | None) -> None:
    """Victims' Code, Right 6: where the preferred method cannot be used, say why."""
    agreement = planned(occurrence(person={"update_agreement": None} | person), known=known).agreement
    assert agreement is not None
    assert (agreement.method, agreement.method_reason) == (method, reason)


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        pytest.param({"status": "open"}, True, id="open"),
        pytest.param({"status": "closed"}, False, id="closed on arrival: no promise of updates"),
        pytest.param({"status": "cancelled"}, False, id="cancelled"),
        pytest.param({"status": "transferred"}, False, id="transferred"),
        pytest.param({"flags": {"domestic_abuse": True}}, True, id="specialist: rights and clocks apply"),
        pytest.param({"flags": {"safeguarding": None}}, True, id="in doubt"),
        pytest.param({"record_type": "incident", "offences": []}, False, id="no offence"),
        pytest.param({"victims": [business(contact_name=None)]}, False, id="a business without a contact"),
    ],
)
def test_where_there_is_an_agreement(facts: dict[str, Any], there: bool) -> None:
    assert (planned(occurrence(**facts)).agreement is not None) is there


def test_the_proposal_counts_from_londons_day() -> None:
    """Half past midnight of 6 July in London is 5 July in UTC."""
    moment = at("2027-07-05 23:30:00")
    record = occurrence(person={"update_agreement": None})
    agreement = planned(record, accepted_at=moment, now=moment).agreement
    assert agreement is not None
    assert agreement.next_update_on == date(2027, 7, 16)
