"""Every specialist or doubtful sign is a leak once its victim was messaged, and the leak check's table of classes is complete."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.leak_rules import AUTOMATIC, SPECIALIST_CLASSES
from chalicelib.domain.leaks import What
from tests.unit.domain.leak_cases import (
    changed,
    kinds,
    leaks,
    notice,
    occurrence,
    record,
    referral,
    representative,
    sms,
    stop_notice,
    victim,
)

CLASSES = Path(__file__).parents[4] / "shared" / "data" / "home-office-offence-codes-2017-18.csv"
KNOWN_AND_DOUBTFUL = {"5E", "14", "26", "35", "66", "79", "99"}

SPECIALIST = What.AUTOMATIC_MESSAGE_TO_SPECIALIST
DOUBT = What.AUTOMATIC_MESSAGE_TO_DOUBTFUL


def offence(code, **more):
    return {"offences": [{"code": "28E"}, {"code": code, **more}]}


def only(code, **more):
    return {"offences": [{"code": code, **more}]}


# Changes to an occurrence, each a sign by itself.
CRIME_SPECIALIST = [
    {"flags__domestic_abuse": True},
    {"flags__stalking_harassment": True},
    {"flags__safeguarding": True},
    {"markers": ["doma_form"]},
    {"markers": ["same_address"]},
    {"markers": ["something else"]},
    {"markers": [None]},
    {"restricted": True},
    {"dash_risk": "high"},
    {"dash_risk": "medium"},
    {"dash_risk": "standard"},
    {"dash_risk": "ungraded"},
    {"record_type": "n100"},
    offence("N100"),
    offence("N100/1"),
    offence("n100 / 3"),
    offence("37.1"),
    offence("4.4"),
    offence(" 8u"),
    offence("8 q"),
    only("28E", ho_code="019/08"),
    only("8N", ho_code="001/01"),
    only("37.2", ho_code="037/01"),
    only("105A", ho_code="195/94"),
]
CRIME_DOUBT = [
    {"flags__domestic_abuse": None},
    {"flags__domestic_abuse": ...},
    {"flags__domestic_abuse": "false"},
    {"flags__stalking_harassment": None},
    {"flags__safeguarding": None},
    {"flags": None},
    {"markers": "doma_form"},
    {"restricted": "yes"},
    {"status": None},
    {"status": "filed"},
    {"record_type": None},
    {"offences": []},
    {"offences": None},
    {"offences": [None]},
    {"source": None},
    {"source": "twitter"},
    {"source": ["101"]},
    offence(""),
    offence(None),
    offence("  "),
    offence("999Z"),
    offence("028E"),
    *(offence(code) for code in sorted(KNOWN_AND_DOUBTFUL)),
    only("28E", ho_code="066/01"),
    only("28E", ho_code="008/30"),
    only("28E", ho_code="28"),
]
VICTIM_SPECIALIST = [
    *({"relationship_to_suspect": value} for value in ("partner", "ex_partner", "family", "household", " Ex_Partner")),
    {"kind": "police_officer"},
    {"deceased": True},
    {"date_of_birth": "2008-11-21"},
    {"representative": representative(linked_to_suspect=True)},
    {"representative": representative(relationship="bereaved_relative")},
]
VICTIM_DOUBT = [
    {"date_of_birth": None},
    {"date_of_birth": ...},
    {"date_of_birth": "1988"},
    {"kind": None},
    {"kind": "dog"},
    {"kind": "business", "contact_name": None},
    {"kind": "business", "contact_name": " "},
    {"representative": representative(linked_to_suspect=None)},
    {"representative": representative(linked_to_suspect=...)},
    {"representative": representative(linked_to_suspect="no")},
    {"representative": {}},
]


def case(crime=None, person=None):
    return record(**{**(crime or {}), "victims": [victim(**(person or {}))]})


ALL_SIGNS = [
    *((case(crime=crime), SPECIALIST) for crime in CRIME_SPECIALIST),
    *((case(crime=crime), DOUBT) for crime in CRIME_DOUBT),
    *((case(person=person), SPECIALIST) for person in VICTIM_SPECIALIST),
    *((case(person=person), DOUBT) for person in VICTIM_DOUBT),
]


@pytest.mark.parametrize(("body", "what"), ALL_SIGNS)
@pytest.mark.parametrize("send", [notice, sms])
def test_a_message_despite_any_one_sign_is_a_leak(body, what, send):
    assert what in kinds([body], [send()])


@pytest.mark.parametrize(("body", "what"), ALL_SIGNS)
def test_a_referral_despite_any_one_sign_is_a_leak(body, what):
    assert What.DETAILS_TO_SERVICE in kinds([body], [notice(), referral()])
    assert kinds([body], [stop_notice()]) == set()


@pytest.mark.parametrize("crime", CRIME_SPECIALIST)
@pytest.mark.parametrize("first", [True, False])
def test_specialist_signs_of_a_crime_stay_whatever_a_newer_version_says(crime, first):
    versions = [record(version=1, **crime), record(version=2)]
    assert SPECIALIST in kinds(versions if first else versions[::-1], [notice()])


@pytest.mark.parametrize("person", VICTIM_SPECIALIST)
def test_specialist_signs_of_a_victim_stay_whatever_a_newer_version_says(person):
    assert SPECIALIST in kinds([case(person=person), record(version=2)], [notice()])


@pytest.mark.parametrize("body", [body for body, what in ALL_SIGNS if what is DOUBT])
def test_a_doubt_goes_when_a_newer_version_fills_it(body):
    assert kinds([body, record(version=2)], [notice(), referral()]) == set()


AGAINST_A_PERSON = ["34A", "34B", "8N", "105A", "9A", "9B", "39", "56A", "8P", "105B", "62A"]
PROPERTY = ["28E", "29A", "30C", "45", "48", "37.2", "44", "49", "46", "126", "58C", "58J", "56B", "53D"]


@pytest.mark.parametrize("code", AGAINST_A_PERSON)
@pytest.mark.parametrize("relationship", [None, "unknown", "stepfriend"])
def test_an_unknown_relationship_holds_in_offences_against_a_person(code, relationship):
    assert kinds([case(only(code), {"relationship_to_suspect": relationship})], [notice()]) == {DOUBT}
    assert kinds([case(only(code))], [notice()]) == set()
    assert kinds([case(offence(code), {"relationship_to_suspect": relationship})], [notice()]) == {DOUBT}


@pytest.mark.parametrize("code", PROPERTY)
@pytest.mark.parametrize("relationship", [None, "unknown", "stranger", "acquaintance", "professional"])
def test_an_unknown_relationship_does_not_hold_in_property_crime(code, relationship):
    assert kinds([case(only(code), {"relationship_to_suspect": relationship})], [notice()]) == set()


@pytest.mark.parametrize("source", ["third_party", "professional"])
@pytest.mark.parametrize("safety", [{}, {"confirmed_at": "2026-08-01T10:00:00Z", "safe_channels": ["email"]}, {"safe_channels": ["email"]}])
def test_a_report_by_somebody_else_holds_unless_contact_was_confirmed(source, safety):
    assert DOUBT in kinds([case({"source": source}, {"contact_safety": safety})], [notice()])


@pytest.mark.parametrize("code", ["19C", "8L", "36", "1-4.1-4.10-4.2"])
def test_statistics_codes_only_make_it_more_careful(code):
    assert kinds([case(only(code, ho_code="028/03"))], [notice()]) == {SPECIALIST}


@pytest.mark.parametrize(("code", "ho_code"), [("28E", "028/03"), ("8N", "008/06"), ("9A", "125/09"), ("28E", None), ("28E", " ")])
def test_ordinary_statistics_codes_hold_nothing(code, ho_code):
    assert kinds([case(only(code, ho_code=ho_code))], [notice()]) == set()


@pytest.mark.parametrize(
    ("born", "reported_at", "child"),
    [
        ("2008-11-20", "2026-11-20T09:58:00+00:00", False),
        ("2008-11-21", "2026-11-20T09:58:00+00:00", True),
        # In summer the day begins an hour earlier in London.
        ("2008-07-02", "2026-07-01T23:30:00+00:00", False),
        ("2008-07-02", "2026-07-01T22:30:00+00:00", True),
        ("2008-02-29", "2026-02-28T09:00:00+00:00", True),
        ("2008-02-29", "2026-03-01T09:00:00+00:00", False),
        ("1988-04-02", None, True),
        ("1988-04-02", "0001-01-01T00:00:00+05:00", True),
        ("1988-04-02", "2026-11-20T09:58:00", False),
        ("2027-01-01", "2026-11-20T09:58:00Z", True),
    ],
)
def test_age_is_that_on_the_day_of_the_report(born, reported_at, child):
    assert kinds([case({"reported_at": reported_at}, {"date_of_birth": born})], [notice()]) == ({SPECIALIST} if child else set())


def test_no_class_is_on_both_lists():
    assert not set(AUTOMATIC) & SPECIALIST_CLASSES
    assert not (set(AUTOMATIC) | SPECIALIST_CLASSES) & KNOWN_AND_DOUBTFUL


@pytest.mark.skipif(not CLASSES.exists(), reason="the shared list of classes is not here")
def test_every_class_of_the_home_office_list_was_judged():
    with CLASSES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["code"] for row in rows} - set(AUTOMATIC) - SPECIALIST_CLASSES == KNOWN_AND_DOUBTFUL
    assert {row["code"] for row in rows if row["offence_group"] == "Sexual offences"} <= SPECIALIST_CLASSES
    violence = {row["code"] for row in rows if row["offence_group"] == "Violence against the person"}
    assert all(AUTOMATIC.get(code, True) for code in violence)


values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.none() | st.text(max_size=3), max_size=2))
fields = st.sampled_from(sorted(occurrence()))
victim_fields = st.sampled_from(sorted(victim()))


@settings(deadline=None)
@given(
    sign=st.sampled_from([body for body, _ in ALL_SIGNS]),
    harmless=st.lists(st.sampled_from(PROPERTY), min_size=1, max_size=3),
    version=st.integers(1, 5),
    send=st.sampled_from([notice, sms]),
)
def test_any_sign_added_to_any_clean_record_makes_a_leak(sign, harmless, version, send):
    clean = record(offences=[{"code": code} for code in harmless], version=version)
    signed = changed(sign, occurrence__version=version + 1)
    assert leaks([clean], [send()]) == []
    assert leaks([signed, clean], [send()]) != []


@settings(deadline=None)
@given(field=fields, value=values, victim_field=victim_fields, victim_value=values)
def test_nothing_that_a_record_holds_stops_the_check(field, value, victim_field, victim_value):
    body = record(**{"victims": [victim(**{victim_field: victim_value})], field: value})
    everything = [notice(), sms(), referral(), stop_notice(), notice(audience="unit"), notice(audience="public"), notice(victim_id=None)]
    for leak in leaks([body], everything):
        assert leak.what in What


@settings(deadline=None)
@given(field=st.sampled_from(sorted(notice())), value=values)
def test_nothing_that_a_message_holds_stops_the_check(field, value):
    for audience in ("victim", "service", "unit", "public"):
        leaks([record()], [changed(notice(audience=audience), **{field: value})])
