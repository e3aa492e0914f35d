"""Contact safety exactly as the records contract defines it: which channels may be used, who receives, which hours are safe.

Contract, "Field rules"; issue 2, section 4. The channel that follows is in test_channels.py. One row a case; the id says the case.
The base is an adult who reported a burglary by telephone and is safe to reach by e-mail and text, confirmed half an hour ago.
"""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from chalicelib.domain.contact_safety import (
    Recipient,
    confirmed,
    hours_allow,
    is_child,
    parse_hours,
    recipient_of,
    safe_channels,
    usable_point,
)
from chalicelib.domain.messages import Reader
from chalicelib.domain.model import Channel, ContactSafety, Occurrence, Point
from chalicelib.domain.profile import Profile
from chalicelib.domain.routes import against_person
from tests.builders import NOW, contact_safety, representative
from tests.domain_builders import PROFILE, at, codes, occurrence, profile, victim_of

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
HOLDING = profile(use_given_when_unconfirmed=False)


def safe(record: Occurrence, policy: Profile = PROFILE) -> set[Channel]:
    victim = record.victims[0]
    return set(safe_channels(record, victim, personal=against_person(record), now=NOW, profile=policy))


@pytest.mark.parametrize(
    ("safety", "channels"),
    [
        pytest.param({}, {EMAIL, SMS}, id="confirmed: what was said"),
        pytest.param({"safe_channels": ["letter", "phone"]}, {LETTER, PHONE}, id="confirmed: a letter where it is safe"),
        pytest.param({"safe_channels": ["email", "sms", "letter", "phone"]}, {EMAIL, SMS, LETTER, PHONE}, id="confirmed: all four"),
        pytest.param({"safe_channels": []}, set(), id="confirmed: none is safe"),
        pytest.param({"do_not_contact": True}, set(), id="do not contact"),
        pytest.param({"do_not_contact": None}, {EMAIL, SMS}, id="do not contact: not said"),
        pytest.param({"may_say_police": False}, set(), id="the sender's name may not be the police"),
        pytest.param({"may_say_police": True}, {EMAIL, SMS}, id="the police may be named"),
        pytest.param({"voicemail_ok": False, "instructions": "Ring twice.", "safe_name": "A"}, {EMAIL, SMS}, id="what only a caller needs"),
        # ninety days
        pytest.param({"confirmed_at": "2026-08-22T10:31:00+00:00", "safe_channels": ["letter"]}, {LETTER}, id="confirmed 90 days ago"),
        pytest.param({"confirmed_at": "2026-08-22T10:30:59+00:00", "safe_channels": ["letter"]}, set(), id="a second longer: unconfirmed"),
        # safe hours
        pytest.param({"safe_hours": "09:00-12:00"}, {EMAIL, SMS}, id="safe hours that can be read"),
        pytest.param({"safe_hours": "19:59-23:00"}, {EMAIL, SMS}, id="safe hours that overlap the force's by a minute"),
        pytest.param({"safe_hours": "20:00-23:00"}, set(), id="safe hours that only touch the force's"),
        pytest.param({"safe_hours": "06:00-08:00"}, set(), id="safe hours that end as the force's begin"),
        pytest.param({"safe_hours": "after school"}, set(), id="safe hours that a person has to read"),
        pytest.param({"safe_hours": "  "}, {EMAIL, SMS}, id="blank safe hours"),
    ],
)
def test_safe_channels_of_an_adult(safety: dict[str, Any], channels: set[Channel]) -> None:
    assert safe(occurrence(person={"contact_safety": contact_safety(**safety)})) == channels


UNCONFIRMED = contact_safety(confirmed_at=None, safe_channels=None)


@pytest.mark.parametrize(
    ("safety", "given_channels"),
    [
        pytest.param(None, {EMAIL, SMS}, id="nothing about safety: e-mail and mobile"),
        pytest.param(UNCONFIRMED, {EMAIL, SMS}, id="no channel said: e-mail and mobile"),
        pytest.param(contact_safety(safe_channels=None), {EMAIL, SMS}, id="confirmed, but no channel was said"),
        pytest.param(contact_safety(confirmed_at=None, safe_channels=["sms"]), {SMS}, id="only what was said"),
        pytest.param(contact_safety(confirmed_at=None, safe_channels=["email", "letter"]), {EMAIL}, id="never a letter"),
        pytest.param(contact_safety(confirmed_at=None, safe_channels=["letter", "phone"]), set(), id="letter and phone alone"),
        pytest.param(contact_safety(confirmed_at=None, safe_channels=[]), set(), id="none is safe"),
        pytest.param(contact_safety(confirmed_at="2026-08-01T10:00:00+00:00"), {EMAIL, SMS}, id="confirmed too long ago"),
        pytest.param(contact_safety(confirmed_at=None, do_not_contact=True), set(), id="do not contact"),
        pytest.param(contact_safety(confirmed_at=None, may_say_police=False), set(), id="the police may not be named"),
        pytest.param(contact_safety(confirmed_at=None, safe_hours="mornings"), set(), id="safe hours that a person has to read"),
    ],
)
def test_unconfirmed_safety_follows_the_profile(safety: dict[str, Any] | None, given_channels: set[Channel]) -> None:
    """ "hold" allows nothing; "use_given" the e-mail address or mobile that was given, and never more than was said."""
    record = occurrence(person={"contact_safety": safety})
    assert safe(record) == given_channels
    assert safe(record, HOLDING) == set()


@pytest.mark.parametrize(
    ("facts", "person", "allowed"),
    [
        pytest.param({"source": "101"}, {}, True, id="101"),
        pytest.param({"source": "online"}, {}, True, id="online"),
        pytest.param({"source": "counter"}, {}, True, id="counter"),
        pytest.param({"source": "officer"}, {}, True, id="officer"),
        pytest.param({"source": "999"}, {}, False, id="999"),
        pytest.param({"source": "third_party"}, {}, False, id="a third party"),
        pytest.param({"source": "professional"}, {}, False, id="a professional"),
        pytest.param({"offences": codes("8N")}, {}, False, id="an offence against a person"),
        pytest.param({"offences": codes("28E", "8N")}, {}, False, id="one of two offences is against a person"),
        pytest.param({"offences": codes("ZZ9")}, {}, False, id="an unknown class may be against a person"),
        pytest.param({}, {"date_of_birth": None}, False, id="of unknown age"),
        pytest.param({}, {"date_of_birth": "2014-05-05"}, False, id="a child"),
        pytest.param({}, {"date_of_birth": "2008-11-20"}, True, id="eighteen today"),
        pytest.param({}, {"representative": representative()}, False, id="through a representative: the victim did not give it alone"),
        pytest.param({}, {"kind": "business"}, False, id="a business"),
        pytest.param({}, {"kind": "police_officer"}, False, id="a police officer"),
    ],
)
def test_who_may_be_reached_as_given(facts: dict[str, Any], person: dict[str, Any], allowed: bool) -> None:
    """Only an adult victim's own, where source is 101, online, counter or officer and no offence is against a person."""
    record = occurrence(**facts, person={"contact_safety": None} | person)
    assert safe(record) == ({EMAIL, SMS} if allowed else set())


@pytest.mark.parametrize(
    ("person", "reader", "name", "email", "lines"),
    [
        pytest.param({}, Reader.VICTIM, "Alex Morgan", "alex.morgan@example.org", 3, id="the victim"),
        pytest.param({"contact_safety": contact_safety(safe_name="Lex")}, Reader.VICTIM, "Lex", "alex.morgan@example.org", 3, id="safe"),
        pytest.param({"contact_safety": None}, Reader.VICTIM, "Alex Morgan", "alex.morgan@example.org", 3, id="nothing about safety"),
        pytest.param({"family_name": None}, Reader.VICTIM, "Alex", "alex.morgan@example.org", 3, id="one name"),
        pytest.param({"given_name": None, "family_name": None}, Reader.VICTIM, None, "alex.morgan@example.org", 3, id="no name"),
        pytest.param(
            {"representative": representative()}, Reader.REPRESENTATIVE, "Robin Morgan", "robin.morgan@example.org", 3, id="representative"
        ),
        pytest.param({"kind": "business"}, Reader.BUSINESS, "Charlie Stone", "alex.morgan@example.org", 3, id="a business's contact"),
        pytest.param(
            {"kind": "business", "representative": representative()}, Reader.REPRESENTATIVE, "Robin Morgan", "robin.morgan@example.org", 3,
            id="a business's representative",
        ),
    ],
)  # fmt: skip
def test_who_receives(person: dict[str, Any], reader: Reader, name: str | None, email: str, lines: int) -> None:
    to = recipient_of(victim_of(occurrence(person=person)))
    assert isinstance(to, Recipient)
    assert (to.reader, to.name, to.email and to.email.value, len(to.address)) == (reader, name, email, lines)


def test_a_representatives_own_points_are_used_and_none_of_the_victims() -> None:
    person = representative(email=None, mobile=None, address=None)
    to = recipient_of(victim_of(occurrence(person={"representative": person})))
    assert (to.email, to.mobile, to.address) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("09:00-12:00", (time(9), time(12)), id="as the contract would write it"),
        pytest.param(" 9:30 - 14:05 ", (time(9, 30), time(14, 5)), id="with spaces"),
        pytest.param("09.00 to 17.30", (time(9), time(17, 30)), id="in words, with points"),
        pytest.param("09:00–12:00", (time(9), time(12)), id="with a dash"),
        pytest.param("00:00-23:59", (time(0), time(23, 59)), id="all day"),
        pytest.param("22:00-06:00", None, id="over midnight"),
        pytest.param("12:00-12:00", None, id="of no length"),
        pytest.param("09:00-24:00", None, id="an hour that does not exist"),
        pytest.param("09:60-12:00", None, id="a minute that does not exist"),
        pytest.param("9-12", None, id="without minutes"),
        pytest.param("09:00-12:00 not Fridays", None, id="with a condition"),
        pytest.param("09:00-12:00, 14:00-16:00", None, id="two spans"),
        pytest.param("weekdays", None, id="words"),
    ],
)
def test_safe_hours_are_read_or_left_to_a_person(text: str, hours: tuple[time, time] | None) -> None:
    assert parse_hours(text) == hours


def test_hours_that_were_never_given_allow() -> None:
    assert hours_allow(ContactSafety(frozenset()), PROFILE.quiet)


@pytest.mark.parametrize(
    ("point", "closed", "value"),
    [
        pytest.param(Point("a@example.org"), (), "a@example.org", id="usable"),
        pytest.param(Point("a@example.org"), ("a@example.org",), None, id="closed"),
        pytest.param(Point("a@example.org"), ("b@example.org",), "a@example.org", id="another is closed"),
        pytest.param(Point(None, "malformed"), (), None, id="cannot be used"),
        pytest.param(None, (), None, id="not given"),
    ],
)
def test_a_usable_point(point: Point | None, closed: tuple[str, ...], value: str | None) -> None:
    assert usable_point(point, frozenset(closed)) == value


def test_nothing_confirmed_without_a_word_about_safety() -> None:
    assert not confirmed(None, NOW, PROFILE.contact)


@pytest.mark.parametrize(
    ("born", "child"),
    [
        pytest.param("2008-11-20", False, id="eighteen today"),
        pytest.param("2008-11-21", True, id="eighteen tomorrow"),
        pytest.param("2008-12-01", True, id="eighteen next month"),
        pytest.param("2008-10-31", False, id="eighteen last month"),
        pytest.param("1988-04-02", False, id="an adult"),
        pytest.param(None, False, id="without a date of birth nobody is known to be a child"),
    ],
)
def test_a_child_is_under_eighteen(born: str | None, child: bool) -> None:
    assert is_child(victim_of(occurrence(person={"date_of_birth": born})), at("2026-11-20 10:00").date()) is child
