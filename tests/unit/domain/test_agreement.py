"""The update agreement with each victim as it stands: terms, method and why not another, next day, who agreed it and when, keeper, history.

docs/obligations.md, "The update agreement"; DOMAIN A8: contact every ten days, guidance to case officers. What is owed under it over time
is in test_updates.py.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from chalicelib.domain.agreements import update_agreement as agreement_of
from chalicelib.domain.contact_safety import WhyNot
from chalicelib.domain.model import Channel, KnownElsewhere, Status, Unit
from chalicelib.domain.obligations import Agreement
from tests.builders import business, contact_safety, update_agreement
from tests.domain_builders import at, occurrence, planned
from tests.unit.domain.update_stories import FIRST, SILENT_RECORD, agreed, changed, listed, moment, spoke, story, tried, version

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
NO_CHANNEL = contact_safety(safe_channels=[])
BY_PHONE = contact_safety(safe_channels=["email", "sms", "phone"])

OWN = update_agreement
NEXT = "2026-11-30"


@pytest.mark.parametrize(
    ("agreed", "every", "method", "next_on", "proposed", "declined"),
    [
        pytest.param(OWN(), 10, EMAIL, NEXT, False, False, id="the record's own"),
        pytest.param(OWN(every_days=28, method="sms"), 28, SMS, NEXT, False, False, id="every 28 days by text"),
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
        pytest.param(
            {"update_agreement": OWN(method="phone"), "contact_safety": BY_PHONE}, NOTHING, PHONE, None, id="agreed on the telephone"
        ),
        pytest.param(
            {"update_agreement": OWN(method="phone")}, NOTHING, EMAIL, WhyNot.NOT_SAFE, id="agreed on the telephone, which is not safe"
        ),
        pytest.param(
            {"update_agreement": OWN(method="phone"), "contact_safety": BY_PHONE, "mobile": None},
            NOTHING,
            EMAIL,
            WhyNot.UNUSABLE,
            id="agreed on the telephone, and there is no number",
        ),
        pytest.param(
            {"update_agreement": OWN(method="email"), "contact_safety": NO_CHANNEL},
            NOTHING,
            PHONE,
            WhyNot.NOT_SAFE,
            id="agreed on email, and nothing is safe: an officer finds a way",
        ),
        pytest.param(
            {"update_agreement": OWN(method="sms"), "communication_needs": ["large_print"]},
            NOTHING,
            EMAIL,
            WhyNot.NEED,
            id="agreed on texts, which have no large print",
        ),
        pytest.param({"update_agreement": OWN(method=None), "preferred_channel": "sms"}, NOTHING, SMS, None, id="no method: as preferred"),
        pytest.param({"preferred_channel": "sms"}, NOTHING, SMS, None, id="as preferred"),
        pytest.param({"preferred_channel": "phone", "contact_safety": BY_PHONE}, NOTHING, PHONE, None, id="prefers the telephone"),
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


def standing(*facts: Any) -> Agreement:
    """The agreement after a story; the victim cannot be written to automatically."""
    agreement = agreement_of(story(*facts), None)
    assert agreement is not None
    return agreement


CHANGED = changed("A-1", "2026-11-26", 14, "2026-12-12", method=SMS)
CLOSING, OPENING = version(2, "2026-11-27", status=Status.CLOSED), version(3, "2026-12-01")


BY_OFFICER, BY_VICTIM, BY_NOBODY = ("officer", moment("2026-11-20 10:30")), ("victim", moment("2026-11-26")), (None, None)
SILENCED = version(2, "2026-11-26", silent=True)
SILENCED_AND_GONE = version(2, "2026-11-26", silent=True, status=Status.TRANSFERRED)


@pytest.mark.parametrize(
    ("facts", "whose", "every", "next_on", "ended"),
    [
        pytest.param([FIRST], BY_OFFICER, 10, "2026-11-30", None, id="the record's"),
        pytest.param([SILENT_RECORD], BY_NOBODY, 10, "2026-11-30", None, id="proposed: nobody agreed it"),
        pytest.param([FIRST, CHANGED], BY_VICTIM, 14, "2026-12-12", None, id="changed by the victim"),
        pytest.param([SILENT_RECORD, CHANGED], BY_VICTIM, 14, "2026-12-12", None, id="a proposal changed"),
        pytest.param([FIRST, changed("A-1", "2026-11-26")], BY_VICTIM, None, None, None, id="key events only from now on"),
        pytest.param([FIRST, CHANGED, CLOSING], BY_VICTIM, 14, None, "closed", id="closed"),
        pytest.param([FIRST, CHANGED, CLOSING, OPENING], BY_VICTIM, 14, "2026-12-12", None, id="re-opened"),
        pytest.param([SILENT_RECORD, CLOSING], BY_NOBODY, 10, None, "closed", id="a proposal, closed"),
        pytest.param([FIRST, changed("A-1", "2026-11-26", declined=True)], BY_VICTIM, None, None, "declined", id="declined"),
        pytest.param([FIRST, SILENCED], BY_OFFICER, 10, None, "do_not_contact", id="do not contact"),
        pytest.param([FIRST, SILENCED_AND_GONE], BY_OFFICER, 10, None, "transferred", id="do not contact, and transferred"),
        pytest.param([FIRST, spoke("C-1", "2026-11-26", "2026-12-08")], BY_OFFICER, 10, "2026-12-08", None, id="after a contact"),
        pytest.param([FIRST, tried("C-1", "2026-11-26")], BY_OFFICER, 10, "2026-11-30", None, id="after a try"),
    ],
)
def test_the_agreement_as_it_stands(
    facts: list[Any], whose: tuple[str | None, datetime | None], every: int | None, next_on: str | None, ended: str | None
) -> None:
    agreement = standing(*facts)
    assert (agreement.agreed_by, agreement.agreed_at) == whose
    assert (agreement.every_days, agreement.proposed, agreement.ended) == (every, whose == BY_NOBODY, ended)
    assert agreement.next_update_on == (date.fromisoformat(next_on) if next_on else None)
    assert agreement.declined is (ended == "declined")


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED, Status.TRANSFERRED])
def test_a_record_that_arrives_ended_has_no_agreement(status: Status) -> None:
    assert agreement_of(story(version(1, "2026-11-20 10:30", agreed(), status)), None) is None


def test_a_record_that_arrived_closed_has_an_agreement_once_it_is_re_opened() -> None:
    agreement = standing(version(1, "2026-11-20 10:30", agreed(7), Status.CLOSED), version(2, "2026-12-01"))
    assert (agreement.every_days, agreement.next_update_on, agreement.ended) == (7, date(2026, 12, 8), None)


@pytest.mark.parametrize(
    ("facts", "sources"),
    [
        pytest.param([FIRST], ["v1"], id="the record's"),
        pytest.param([SILENT_RECORD], ["proposal"], id="the proposal"),
        pytest.param([SILENT_RECORD, CHANGED], ["proposal", "A-1"], id="proposed, then changed"),
        pytest.param([SILENT_RECORD, version(2, "2026-11-23", agreed(7))], ["proposal", "v2"], id="proposed, then said by the record"),
        pytest.param([FIRST, CHANGED, version(2, "2026-11-27", agreed(10, "2026-11-30"))], ["v1", "A-1"], id="repeated: nothing new"),
        pytest.param(
            [changed("A-2", "2026-11-28", 7), FIRST, CHANGED, version(2, "2026-11-27", agreed(28))],
            ["v1", "A-1", "v2", "A-2"],
            id="by time",
        ),
        pytest.param([changed("A-1", "2026-11-20 10:30:30", 7)], ["v1", "A-1"], id="changed before we accepted it"),
        pytest.param([changed("A-1", "2026-11-26", victim_id="V2")], ["v1"], id="of another victim"),
        pytest.param([FIRST, CLOSING, changed("A-1", "2026-11-30", 7)], ["v1", "A-1"], id="while closed"),
        pytest.param(
            [changed("A-2", "2026-11-26", 7), changed("A-1", "2026-11-26", 9)], ["v1", "A-1", "A-2"], id="at one instant: by name"
        ),
        pytest.param(
            [FIRST, version(9, "2026-11-26", agreed(9)), version(10, "2026-11-26", agreed(11))],
            ["v1", "v9", "v10"],
            id="versions by number",
        ),
    ],
)
def test_every_term_that_was_ever_in_force_is_kept_the_newest_last(facts: list[Any], sources: list[str]) -> None:
    assert [terms.source for terms in standing(*facts).history] == sources


def test_the_history_says_what_was_agreed_by_whom_and_when() -> None:
    first, second = standing(FIRST, CHANGED).history
    assert (first.every_days, first.method, first.next_update_on, first.by, first.at) == (
        10,
        EMAIL,
        date(2026, 11, 30),
        "officer",
        moment("2026-11-20 10:30"),
    )
    assert (second.every_days, second.method, second.next_update_on, second.by, second.at) == (
        14,
        SMS,
        date(2026, 12, 12),
        "victim",
        moment("2026-11-26"),
    )
    (proposal,) = standing(SILENT_RECORD).history
    assert (proposal.proposed, proposal.by, proposal.every_days, proposal.method, proposal.at) == (
        True,
        None,
        10,
        EMAIL,
        at("2026-11-20 10:31"),
    )


@pytest.mark.parametrize(
    ("facts", "keeper"),
    [
        pytest.param([FIRST], Unit.OFFICER, id="nothing listed"),
        pytest.param([listed("E-1", "2026-11-26")], Unit.WITNESS_CARE, id="listed"),
        pytest.param([listed("E-1", "2026-11-26"), listed("E-2", "2026-11-27")], Unit.WITNESS_CARE, id="listed twice"),
        pytest.param([listed("E-1", "2026-11-20 10:00")], Unit.WITNESS_CARE, id="listed before the record arrived"),
        pytest.param([FIRST, listed("E-1", "2026-11-26"), CLOSING], Unit.WITNESS_CARE, id="listed and closed"),
    ],
)
def test_from_the_first_hearing_witness_care_keeps_it(facts: list[Any], keeper: Unit) -> None:
    assert standing(*facts).keeper is keeper


def test_the_method_follows_the_newest_terms() -> None:
    assert [standing(*facts).method for facts in ([FIRST], [FIRST, CHANGED], [FIRST, changed("A-1", "2026-11-26", 7, method=None)])] == [
        EMAIL, SMS, EMAIL,
    ]  # fmt: skip
