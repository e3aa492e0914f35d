"""The leak check knows what holds beyond one version: other occurrences, releases, unconfirmed contact, children, languages."""

from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.domain.leaks import Release, What
from tests.unit.domain.leak_cases import (
    AFTER,
    BEFORE,
    BETWEEN,
    CHILD,
    DOMESTIC,
    LONG_AGO,
    OTHER,
    POLICY,
    REFERENCE,
    SENT_AT,
    UNCONFIRMED,
    business,
    kinds,
    leaks,
    letter,
    notice,
    person_record,
    record,
    referral,
    representative,
    robbery,
    sms,
    victim,
)

USE_GIVEN = replace(POLICY, unconfirmed_contact="use_given")
THROUGH_REPRESENTATIVE = replace(POLICY, child_with_representative=True)
ELSEWHERE = {
    "the same person": {"email": "old@example.org", "mobile": None},
    "the same e-mail, written otherwise": {"person_ref": None, "email": "Alex.Morgan@Example.org ", "mobile": None},
    "the same mobile, written otherwise": {"person_ref": "N8", "email": None, "mobile": "0044 7700-900123"},
    "somebody whose representative has the mobile": {
        "person_ref": "N8",
        "email": None,
        "mobile": None,
        "representative": representative(mobile="07700900123"),
    },
}
HELD = {"domestic abuse": DOMESTIC, "another class": {"offences": [{"code": "19C"}]}, "an n100": {"record_type": "n100"}}


@pytest.mark.parametrize("who", ELSEWHERE)
@pytest.mark.parametrize("why", HELD)
def test_a_specialist_of_another_occurrence_is_held_here(who, why):
    other = record(reference=OTHER, victims=[victim(id="A", **ELSEWHERE[who])], **HELD[why])
    assert kinds([record(), other], [notice(), referral()]) == {What.HELD_ELSEWHERE}
    assert kinds([record(), other, record(reference=OTHER, version=2, victims=[])], [notice()]) == {What.HELD_ELSEWHERE}


@pytest.mark.parametrize("who", ELSEWHERE)
def test_who_must_not_be_contacted_elsewhere_is_held_here(who):
    held = victim(id="A", contact_safety__do_not_contact=True, **ELSEWHERE[who])
    free = victim(id="A", **ELSEWHERE[who])
    assert kinds([record(), record(reference=OTHER, victims=[held])], [notice()]) == {What.HELD_ELSEWHERE}
    later = [record(), record(reference=OTHER, victims=[held]), record(reference=OTHER, version=2, victims=[free])]
    assert leaks(later, [notice()]) == []


def test_a_child_elsewhere_holds_the_contact_point_here():
    other = record(reference=OTHER, victims=[victim(id="A", person_ref="N8", **CHILD)])
    assert kinds([record(), other], [notice()]) == {What.HELD_ELSEWHERE}


def released(reference: str, at: str, victim_id: str = "V1"):
    return replace(POLICY, releases=(Release(reference, victim_id, datetime.fromisoformat(at)),))


SPECIALIST = {What.AUTOMATIC_MESSAGE_TO_SPECIALIST}
RELEASES = {
    "known always": ([record(**DOMESTIC)], released(REFERENCE, BETWEEN), set()),
    "short reference": ([record(**DOMESTIC)], released("26*712345", BETWEEN), set()),
    "known before": ([record(BEFORE, **DOMESTIC)], released(REFERENCE, BETWEEN), set()),
    "released after the message": ([record(**DOMESTIC)], released(REFERENCE, AFTER), SPECIALIST),
    "released for somebody else": ([record(**DOMESTIC)], released(REFERENCE, BETWEEN, "V2"), SPECIALIST),
    "released elsewhere": ([record(**DOMESTIC)], released(OTHER, BETWEEN), SPECIALIST),
    "the same sign again": ([record(BEFORE, **DOMESTIC), record(SENT_AT, version=2, **DOMESTIC)], released(REFERENCE, BETWEEN), set()),
    "another sign later": (
        [record(BEFORE, **DOMESTIC), record(SENT_AT, version=2, markers=["fgm"])],
        released(REFERENCE, BETWEEN),
        SPECIALIST,
    ),
    "another marker later": (
        [record(BEFORE, markers=["fgm"]), record(SENT_AT, version=2, markers=["fgm", "terrorism"])],
        released(REFERENCE, BETWEEN),
        SPECIALIST,
    ),
    "known at the moment of the release": ([record(BETWEEN, **DOMESTIC)], released(REFERENCE, BETWEEN), set()),
    "released at the moment of the message": ([record(**DOMESTIC)], released(REFERENCE, SENT_AT), set()),
    "set elsewhere at the moment of the release there": (
        [record(), record(BETWEEN, reference=OTHER, **DOMESTIC)],
        released(OTHER, BETWEEN),
        set(),
    ),
    "a doubt is not lifted": (
        [record(flags__safeguarding=None)],
        released(REFERENCE, BETWEEN),
        {What.AUTOMATIC_MESSAGE_TO_DOUBTFUL},
    ),
    "lifted where it was set": ([record(), record(reference=OTHER, **DOMESTIC)], released(OTHER, BETWEEN), set()),
    "lifted here": ([record(), record(reference=OTHER, **DOMESTIC)], released(REFERENCE, BETWEEN), set()),
    "set elsewhere after the release here": (
        [record(), record(SENT_AT, reference=OTHER, **DOMESTIC)],
        released(REFERENCE, BETWEEN),
        {What.HELD_ELSEWHERE},
    ),
}


@pytest.mark.parametrize("name", RELEASES)
def test_only_a_release_lifts_and_only_what_was_known_by_then(name):
    records, policy, expected = RELEASES[name]
    assert kinds(records, [notice()], policy) == expected


UNSAFE = {What.UNSAFE_CHANNEL}
GIVEN = {
    "own e-mail in a burglary": (person_record(**UNCONFIRMED), notice(), set()),
    "own mobile in a burglary": (person_record(**UNCONFIRMED), sms(), set()),
    "confirmed too long ago": (person_record(contact_safety__confirmed_at=LONG_AGO), notice(), set()),
    "confirmed too long ago, channel not among the safe ones": (
        person_record(contact_safety={"safe_channels": ["sms"], "confirmed_at": LONG_AGO}),
        notice(),
        UNSAFE,
    ),
    "never a letter": (person_record(**UNCONFIRMED), letter(), UNSAFE),
    "reported by 999": (record(source="999", victims=[victim(**UNCONFIRMED)]), notice(), UNSAFE),
    "against a person": (robbery(victims=[victim(**UNCONFIRMED)]), notice(), UNSAFE),
    "a representative's": (person_record(representative=representative(), **UNCONFIRMED), notice(to="jude@example.org"), UNSAFE),
    "a business": (record(victims=[business(**UNCONFIRMED)]), notice(), set()),
    "reported by a professional": (
        record(source="professional", victims=[victim(**UNCONFIRMED)]),
        notice(),
        UNSAFE | {What.AUTOMATIC_MESSAGE_TO_DOUBTFUL},
    ),
}


@pytest.mark.parametrize("name", GIVEN)
def test_unconfirmed_contact_is_used_as_given_only_where_the_contract_allows_it(name):
    case, message, expected = GIVEN[name]
    assert kinds([case], [message], USE_GIVEN) == expected


CHILDREN = {
    "through the representative": (representative(), [notice(to="jude@example.org")], set()),
    "to the child": (representative(), [notice()], {What.RECIPIENT_UNKNOWN}),
    "nobody refers a child": (representative(), [notice(to="jude@example.org"), referral()], {What.DETAILS_TO_SERVICE}),
    "without representative": (None, [notice()], {What.AUTOMATIC_MESSAGE_TO_DOUBTFUL}),
    "linked to the suspect": (
        representative(linked_to_suspect=True),
        [notice(to="jude@example.org")],
        SPECIALIST | {What.SENT_TO_SUSPECT_LINKED_REPRESENTATIVE},
    ),
}


@pytest.mark.parametrize("name", CHILDREN)
def test_a_child_is_told_only_through_a_representative_and_only_where_the_profile_allows_it(name):
    who, messages, expected = CHILDREN[name]
    case = person_record(representative=who, **CHILD)
    assert kinds([case], messages, THROUGH_REPRESENTATIVE) == expected
    assert What.AUTOMATIC_MESSAGE_TO_SPECIALIST in kinds([case], messages)


@pytest.mark.parametrize("language", [None, "", "en", "EN-gb", "en_GB", "English"])
def test_english_however_it_is_recorded_is_met(language):
    assert leaks([person_record(language=language)], [notice()]) == []


def test_english_goes_to_readers_of_other_languages_only_where_the_profile_allows_it():
    case = person_record(language="pl", communication_needs=["easy_read"])
    allowed = replace(POLICY, english_without_template=True)
    assert [leak.what for leak in leaks([case], [notice()])] == [What.LANGUAGE_NOT_MET] * 2
    assert leaks([case], [notice()], allowed) == []
    assert kinds([case], [notice(language="ro")], allowed) == {What.LANGUAGE_NOT_MET}
    assert leaks([person_record(language="pl-PL")], [notice(language="pl")]) == []
