"""What leaves the force about a victim: facts chosen for one reader, and nothing of another victim or of the record's free text.

Issue 2, section 5. Records are filled with marked texts, so that whatever should not be there is found wherever it stands. What
the victim and the force's own people read is in test_compose_words.py.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.compose import acknowledgement, referral
from chalicelib.domain.contact_safety import safe_channels
from chalicelib.domain.messages import Acknowledgement, ContactWay, Referral, Template
from chalicelib.domain.model import Channel, KnownElsewhere, Occurrence, Officer, Point
from tests.builders import NOW, contact_safety, offence, officer_named, representative, victim
from tests.builders import enhanced as assessed
from tests.domain_builders import NOTHING, PROFILE, messages, occurrence, planned, situation

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
OFFICER = Officer("2345", "PC Sam Ash", "sam.ash@example.test", "101", "Heanor SNT")
ALL_SAFE = contact_safety(safe_channels=["email", "sms", "letter", "phone"])


def told(
    record: Occurrence, channel: Channel = EMAIL, *, known: KnownElsewhere = NOTHING, referred: bool = True, **changes: Any
) -> Acknowledgement:
    """The acknowledgement to V1 by `channel`."""
    at_hand = situation(record, known=known, **changes)
    plan = planned(record, known=known, **changes)
    assert plan.choice is not None
    row = messages(plan, Template.ACKNOWLEDGEMENT)[channel]
    return acknowledgement(at_hand, row, plan.choice, plan.agreement, OFFICER, referred=referred)


def passed(record: Occurrence, *, known: KnownElsewhere = NOTHING, officer: Officer | None = OFFICER) -> Referral:
    """The service's page about V1."""
    at_hand = situation(record, known=known)
    choice = planned(record, known=known).choice
    assert choice is not None
    safe = safe_channels(record, at_hand.victim, personal=at_hand.personal, now=NOW, profile=PROFILE)
    return referral(at_hand, choice, safe, officer)


def texts(content: Any) -> str:
    """Every text anywhere in a content."""
    if is_dataclass(content):
        return " | ".join(texts(getattr(content, item.name)) for item in fields(content))
    return " | ".join(map(texts, content)) if isinstance(content, tuple) else str(content)


MARKED = occurrence(
    summary="SUMMARY of what happened",
    location={"text": "LOCATIONTEXT", "district": "DISTRICT typed by hand"},
    offences=[offence(description="DESCRIPTION")],
    linked_references=["26000799999"],
    officer=officer_named(name="PC NAMED"),
    victims=[
        victim(
            "V1",
            person_ref="PERSONREF",
            email="theirs@example.org",
            mobile="+447700900111",
            landline="01773 900222",
            address=["UNSAFE STREET 1", "Heanor", "DE75 7XX"],
            organisation="EMPLOYER",
            contact_name="CONTACT",
            date_of_birth="1971-01-02",
            enhanced=assessed(reasons=["persistently_targeted", "FREEREASON by hand"], assessed_by="ASSESSOR"),
        ),
        victim("V2", given_name="OTHERGIVEN", family_name="OTHERFAMILY", email="other@example.org", address=["OTHER STREET", "Heanor"]),
    ],
)
NEVER = (
    "SUMMARY", "LOCATIONTEXT", "DISTRICT", "DESCRIPTION", "26000799999", "PERSONREF", "OTHER", "other@", "1971", "ASSESSOR", "FREEREASON",
    "EMPLOYER", "CONTACT", "V2",
)  # fmt: skip


@pytest.mark.parametrize("content", [told(MARKED), passed(MARKED)], ids=["acknowledgement", "referral"])
def test_nothing_of_another_victim_or_of_the_records_free_text(content: Acknowledgement | Referral) -> None:
    assert [text for text in NEVER if text in texts(content)] == []


def test_a_referral_passes_nothing_of_a_channel_that_is_not_safe() -> None:
    page = passed(MARKED)
    assert page.contact == (ContactWay("Email", "theirs@example.org"), ContactWay("Text message", "+447700900111"))
    assert "UNSAFE STREET" not in texts(page)
    assert "landline" not in texts(page)


def test_an_acknowledgement_shows_a_postal_address_only_in_a_letter() -> None:
    record = occurrence(person={"contact_safety": ALL_SAFE, "preferred_channel": "letter"})
    assert told(record, LETTER).address == ("Alex Morgan", "1 Wood Street", "Heanor", "DE75 7XX")
    assert "1 Wood Street" not in texts(told(occurrence(person={"contact_safety": ALL_SAFE})))


WAYS = {
    "email": [ContactWay("Email", "alex.morgan@example.org")],
    "sms": [ContactWay("Text message", "+447700900123")],
    "phone": [ContactWay("Phone (mobile)", "+447700900123"), ContactWay("Phone (landline)", "+441632960123")],
    "letter": [ContactWay("Letter", "1 Wood Street, Heanor, DE75 7XX")],
}


def with_landline(record: Occurrence) -> Occurrence:
    """Ofcom's 01632 960xxx numbers are in no directory, so the parser cannot know them."""
    return replace(record, victims=tuple(replace(one, landline=Point("+441632960123")) for one in record.victims))


@pytest.mark.parametrize("channel", ["email", "sms", "letter", "phone"])
def test_each_safe_channel_is_passed_with_its_points(channel: str) -> None:
    safety = contact_safety(safe_channels=[channel, "email"])
    page = passed(with_landline(occurrence(person={"contact_safety": safety})))
    expected = [way for name in ("email", "phone", "sms", "letter") if name in (channel, "email") for way in WAYS[name]]
    assert list(page.contact) == expected
    assert page.contact_confirmed


@pytest.mark.parametrize(
    ("person", "known", "labels"),
    [
        pytest.param({"mobile": None}, NOTHING, ["Email", "Phone (landline)", "Letter"], id="no mobile"),
        pytest.param({"mobile": "12"}, NOTHING, ["Email", "Phone (landline)", "Letter"], id="a mobile that cannot be used"),
        pytest.param({"address": None}, NOTHING, ["Email", "Phone (mobile)", "Phone (landline)", "Text message"], id="no address"),
        pytest.param(
            {}, KnownElsewhere(closed=frozenset({"alex.morgan@example.org"})),
            ["Phone (mobile)", "Phone (landline)", "Text message", "Letter"], id="an address that failed for good",
        ),
        pytest.param(
            {"representative": representative()}, NOTHING, ["Email", "Phone (mobile)", "Text message", "Letter"],
            id="through somebody else: none of the victim's own points",
        ),
    ],
)  # fmt: skip
def test_only_points_that_can_be_used_are_passed(person: dict[str, Any], known: KnownElsewhere, labels: list[str]) -> None:
    page = passed(with_landline(occurrence(person={"contact_safety": ALL_SAFE} | person)), known=known)
    assert [way.label for way in page.contact] == labels


def test_what_a_representative_gave_is_theirs() -> None:
    page = passed(occurrence(person={"representative": representative()}))
    assert page.contact == (ContactWay("Email", "robin.morgan@example.org"), ContactWay("Text message", "+447700900456"))
    assert (page.victim_name, page.reach_through) == ("Alex Morgan", "Robin Morgan")


def test_unconfirmed_points_are_marked_as_such() -> None:
    page = passed(occurrence(person={"contact_safety": None}))
    assert not page.contact_confirmed
    assert (page.safe_hours, page.voicemail_ok, page.may_say_police, page.instructions) == (None, None, None, None)


def test_instructions_needs_and_requests_are_passed() -> None:
    safety = contact_safety(safe_hours="09:00-12:00", safe_name="Lex", voicemail_ok=False, may_say_police=True, instructions="Ring twice.")
    page = passed(
        occurrence(person={"contact_safety": safety, "requests": "A woman.", "communication_needs": ["text_relay", "large_print"]})
    )
    assert (page.safe_hours, page.safe_name, page.voicemail_ok, page.may_say_police) == ("09:00-12:00", "Lex", False, True)
    assert (page.instructions, page.requests) == ("Ring twice.", "A woman.")
    assert page.communication_needs == ("large print", "text relay")
    assert page.victim_name == "Alex Morgan", "the name of the record beside the safe one"


@pytest.mark.parametrize(
    ("person", "name", "through"),
    [
        pytest.param({}, "Alex Morgan", None, id="a person"),
        pytest.param({"organisation": "Their employer"}, "Alex Morgan", None, id="a person with an organisation"),
        pytest.param({"given_name": None, "family_name": None}, "Name not recorded", None, id="no name"),
        pytest.param({"kind": "business"}, "Heanor Cycles", "Charlie Stone", id="a business"),
        pytest.param({"kind": "business", "organisation": None}, "Name not recorded", "Charlie Stone", id="a business without its name"),
    ],
)
def test_whom_a_referral_is_about(person: dict[str, Any], name: str, through: str | None) -> None:
    page = passed(occurrence(person=person))
    assert (page.victim_name, page.reach_through) == (name, through)


@pytest.mark.parametrize(
    ("district", "shown"),
    [
        pytest.param("Amber Valley", "Amber Valley", id="a district of the force"),
        pytest.param(" high PEAK ", "High Peak", id="in any case: one spelling"),
        pytest.param("next door to her mother", None, id="free text goes nowhere"),
        pytest.param(None, None, id="none"),
    ],
)
def test_the_district_of_a_referral(district: str | None, shown: str | None) -> None:
    (crime,) = passed(occurrence(location={"text": None, "district": district})).crimes
    assert crime.district == shown


@pytest.mark.parametrize(
    ("written", "coded"),
    [
        pytest.param(["persistently_targeted", "under_18"], ("persistently targeted", "under 18"), id="coded"),
        pytest.param(["she told me that he hit her"], (), id="free text of the record"),
        pytest.param(["Vulnerable"], (), id="written another way"),
        pytest.param([], (), id="none"),
    ],
)
def test_only_coded_reasons_of_enhanced_rights_are_passed(written: list[str], coded: tuple[str, ...]) -> None:
    assert passed(occurrence(person={"enhanced": assessed(reasons=written)})).enhanced_reasons == coded


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("pl", "Polish"),
        ("polish", "Polish"),
        ("she speaks like her mother", "another language"),
        ("en-GB", "English"),
        (None, "English"),
        ("xx", "another language"),
    ],
)
def test_the_language_is_named_for_the_service(language: str | None, word: str) -> None:
    record = occurrence(person={"language": language})
    at_hand = situation(record)
    choice = planned(occurrence()).choice
    assert choice is not None
    assert referral(at_hand, choice, frozenset({EMAIL}), OFFICER).language == word


def test_basic_details_of_every_crime_from_coded_fields() -> None:
    page = passed(occurrence(offences=[offence(), offence("45", principal=False)]))
    assert [(crime.offence, crime.home_office_class) for crime in page.crimes] == [
        ("burglary of a home", "28E (028/03)"), ("theft from a vehicle", "45"),
    ]  # fmt: skip
    assert {crime.reference for crime in page.crimes} == {"26000712345"}
    assert {crime.reported_on for crime in page.crimes} == {date(2026, 11, 20)}
    assert page.made_on == date(2026, 11, 20)
