"""The channel by which a victim is reached first, the one for the full words, and why it is not the one that they asked for.

Issue 2, section 4: the victim's preference if safe and usable, else the next safe one, with the reason stored and told; section 5: needs,
languages. One row a case; the id says the case.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.contact_safety import WhyNot, confirmed, language_of, needs_a_person, safe_channels, usable_point
from chalicelib.domain.model import Channel, KnownElsewhere, Occurrence
from chalicelib.domain.profile import Profile
from chalicelib.domain.routes import against_person
from tests.builders import NOW, contact_safety, representative
from tests.domain_builders import PROFILE, chosen, occurrence, profile, victim_of
from tests.strategies import occurrences

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
HOLDING = profile(use_given_when_unconfirmed=False)
ALL = contact_safety(safe_channels=["email", "sms", "letter", "phone"])
LARGE_WITHOUT_EMAIL = {"email": None, "communication_needs": ["large_print"], "contact_safety": ALL}
TWO_LINES = {"preferred_channel": "letter", "address": ["1 Wood Street", "Heanor"], "contact_safety": ALL}
CLOSED_EMAIL = KnownElsewhere(closed=frozenset({"alex.morgan@example.org"}))
CLOSED_BOTH = KnownElsewhere(closed=frozenset({"alex.morgan@example.org", "+447700900123"}))
NOTHING = KnownElsewhere()


@pytest.mark.parametrize(
    ("person", "known", "notice", "full", "why_not"),
    [
        # the preference, if safe and usable
        pytest.param({"preferred_channel": "email"}, NOTHING, EMAIL, EMAIL, None, id="prefers e-mail"),
        pytest.param({"preferred_channel": "sms"}, NOTHING, SMS, EMAIL, None, id="prefers a text: the full words follow by e-mail"),
        pytest.param({"preferred_channel": "letter", "contact_safety": ALL}, NOTHING, LETTER, LETTER, None, id="prefers a letter"),
        pytest.param({"preferred_channel": None, "contact_safety": ALL}, NOTHING, EMAIL, EMAIL, None, id="no preference: e-mail"),
        # else the next safe one, and why
        pytest.param({"preferred_channel": "phone"}, NOTHING, EMAIL, EMAIL, WhyNot.NOT_AUTOMATIC, id="prefers the telephone"),
        pytest.param(
            {"preferred_channel": "phone", "contact_safety": ALL}, NOTHING, EMAIL, EMAIL, WhyNot.NOT_AUTOMATIC, id="a safe telephone"
        ),
        pytest.param({"preferred_channel": "letter"}, NOTHING, EMAIL, EMAIL, WhyNot.NOT_SAFE, id="prefers a letter that is not safe"),
        pytest.param({"preferred_channel": "email", "email": None}, NOTHING, SMS, None, WhyNot.UNUSABLE, id="prefers e-mail, gave none"),
        pytest.param({"email": "nonsense"}, NOTHING, SMS, None, WhyNot.UNUSABLE, id="prefers e-mail, gave one that cannot be used"),
        pytest.param({}, CLOSED_EMAIL, SMS, None, WhyNot.UNUSABLE, id="prefers e-mail that failed for good elsewhere"),
        pytest.param({"contact_safety": ALL}, CLOSED_BOTH, LETTER, LETTER, WhyNot.UNUSABLE, id="both closed: a letter"),
        pytest.param({"preferred_channel": None, "email": None}, NOTHING, SMS, None, None, id="no preference, no e-mail"),
        pytest.param(
            {"preferred_channel": "sms", "contact_safety": contact_safety(safe_channels=["email"])}, NOTHING, EMAIL, EMAIL, WhyNot.NOT_SAFE,
            id="prefers a text that is not safe",
        ),
        pytest.param(
            {"preferred_channel": "sms", "email": None, "contact_safety": ALL}, NOTHING, SMS, LETTER, None, id="a text, then the letter"
        ),
        pytest.param(
            {"preferred_channel": "sms", "contact_safety": contact_safety(safe_channels=["sms", "letter"])}, NOTHING, SMS, LETTER, None,
            id="a text: the full words follow by the next safe channel",
        ),
        # large print can be met in writing, not in a text
        pytest.param({"communication_needs": ["large_print"]}, NOTHING, EMAIL, EMAIL, None, id="large print by e-mail"),
        pytest.param(
            {"preferred_channel": "sms", "communication_needs": ["large_print"]}, NOTHING, EMAIL, EMAIL, WhyNot.NEED, id="no large text"
        ),
        pytest.param({"preferred_channel": "sms", "communication_needs": ["text_relay"]}, NOTHING, SMS, EMAIL, None, id="text relay"),
        pytest.param(LARGE_WITHOUT_EMAIL, NOTHING, LETTER, LETTER, WhyNot.UNUSABLE, id="large print, no e-mail"),
        pytest.param({"preferred_channel": "sms", "mobile": None}, NOTHING, EMAIL, EMAIL, WhyNot.UNUSABLE, id="no mobile for a text"),
        pytest.param(TWO_LINES, NOTHING, LETTER, LETTER, None, id="an address of two lines"),
        # through somebody else
        pytest.param({"representative": representative(email=None)}, NOTHING, SMS, None, WhyNot.UNUSABLE, id="a representative's mobile"),
        pytest.param({"representative": representative()}, CLOSED_EMAIL, EMAIL, EMAIL, None, id="a representative has their own address"),
    ],
)  # fmt: skip
def test_the_channel(person: dict[str, Any], known: KnownElsewhere, notice: Channel, full: Channel | None, why_not: str | None) -> None:
    choice = chosen(occurrence(person=person), known=known)
    assert (choice.notice, choice.full, choice.why_not, choice.unreachable) == (notice, full, why_not, None)


ONLY_LETTER = contact_safety(safe_channels=["letter"])


@pytest.mark.parametrize(
    ("person", "known", "because"),
    [
        pytest.param({"contact_safety": contact_safety(safe_channels=[])}, NOTHING, "unsafe", id="no channel is safe"),
        pytest.param({"contact_safety": contact_safety(do_not_contact=True)}, NOTHING, "unsafe", id="do not contact"),
        pytest.param({"contact_safety": contact_safety(safe_channels=["phone"])}, NOTHING, "unusable", id="only the telephone is safe"),
        pytest.param({"email": None, "mobile": None}, NOTHING, "unusable", id="safe channels, and no point given"),
        pytest.param({"email": "x", "mobile": "1"}, NOTHING, "unusable", id="safe channels, and points that cannot be used"),
        pytest.param({}, CLOSED_BOTH, "unusable", id="every address failed for good"),
        pytest.param({"contact_safety": ONLY_LETTER, "address": ["1 Wood Street"]}, NOTHING, "unusable", id="an address of one line"),
        pytest.param({"contact_safety": ONLY_LETTER, "address": None}, NOTHING, "unusable", id="no address"),
        pytest.param(
            {"contact_safety": ONLY_LETTER, "given_name": None, "family_name": None}, NOTHING, "unusable", id="a letter needs a name on it"
        ),
        pytest.param(
            {"mobile": None, "email": None, "communication_needs": ["large_print"]}, NOTHING, "unusable", id="large print, no point"
        ),
        pytest.param({"email": None, "communication_needs": ["large_print"]}, NOTHING, "unusable", id="large print, only a mobile"),
        *[
            pytest.param({"communication_needs": [need]}, NOTHING, "need", id=f"a need that no template meets: {need}")
            for need in ("interpreter", "bsl", "easy_read", "braille", "does_not_read")
        ],
        pytest.param({"communication_needs": ["text_relay", "bsl"]}, NOTHING, "need", id="one need of two"),
        pytest.param({"language": "pl"}, NOTHING, "need", id="a language without a template"),
        pytest.param({"language": "pl", "contact_safety": contact_safety(safe_channels=[])}, NOTHING, "need", id="a need comes first"),
    ],
)
def test_nobody_can_be_reached_automatically(person: dict[str, Any], known: KnownElsewhere, because: str) -> None:
    choice = chosen(occurrence(person=person), known=known)
    assert (choice.notice, choice.full, choice.why_not, choice.unreachable) == (None, None, None, because)


@pytest.mark.parametrize(
    ("language", "templates", "english_allowed", "a_person"),
    [
        pytest.param("en", "en", False, False, id="English"),
        pytest.param("EN-gb", "en", False, False, id="English of some country"),
        pytest.param("en_GB", "en", False, False, id="written with an underscore"),
        pytest.param(None, "en", False, False, id="none recorded: English"),
        pytest.param("English", "en", False, False, id="English by its name"),
        pytest.param("pl", "en", False, True, id="Polish, no template"),
        pytest.param("Polish", "en", False, True, id="Polish by its name"),
        pytest.param("British", "en", False, True, id="not a language that we know: a person finds out"),
        pytest.param("pl", "en pl", False, False, id="Polish, with a template"),
        pytest.param("pl", "en", True, False, id="Polish, and the profile allows the English message"),
    ],
)
def test_a_language_without_a_template(language: str | None, templates: str, english_allowed: bool, a_person: bool) -> None:
    """Issue 2, section 5: the English message goes only where the profile allows it."""
    victim = victim_of(occurrence(person={"language": language}))
    policy = profile(english_where_no_template=english_allowed).contact
    assert needs_a_person(victim, frozenset(templates.split()), policy) is a_person


@pytest.mark.parametrize(
    ("recorded", "tag"),
    [
        ("en", "en"),
        ("pl-PL", "pl"),
        ("cy_GB", "cy"),
        (None, "en"),
        ("", "en"),
        ("zh-Hant-TW", "zh"),
        ("POLISH", "pl"),
        ("Klingon", "klingon"),
    ],
)
def test_a_language_is_its_primary_subtag(recorded: str | None, tag: str) -> None:
    assert language_of(victim_of(occurrence(person={"language": recorded}))) == tag


@settings(max_examples=150, deadline=None)
@given(occurrences(ids=("V1",), most=3), st.sampled_from([PROFILE, HOLDING]))
def test_for_any_record_a_chosen_channel_is_safe_and_has_a_point(record: Occurrence, policy: Profile) -> None:
    victim, choice = record.victims[0], chosen(record, profile=policy)
    channels = {channel for channel in (choice.notice, choice.full) if channel}
    assert channels <= safe_channels(record, victim, personal=against_person(record), now=NOW, profile=policy)
    assert PHONE not in channels
    assert choice.full is not SMS
    assert (choice.notice is None) == (choice.unreachable is not None)
    points = {EMAIL: choice.recipient.email, SMS: choice.recipient.mobile}
    assert all(usable_point(points[channel], frozenset()) for channel in channels & points.keys())
    assert choice.why_not is None or victim.preferred_channel is not choice.notice
    if not confirmed(victim.contact_safety, NOW, policy.contact):
        assert LETTER not in channels
        assert not (channels and policy is HOLDING)
