"""What a valid record becomes. Must not test faults (test_records_faults.py)."""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.schemas.records import Parsed, Rejected, parse_archived, parse_record
from tests.builders import NOW, body, contract_example, eventbridge, occurrence_record, officer_record, victim


def accepted(record, *, allow_reserved: bool = True) -> Parsed:
    result = parse_record(body(record), now=NOW, allow_reserved=allow_reserved)
    assert isinstance(result, Parsed), result
    return result


def test_the_example_of_the_contract_is_accepted():
    parsed = accepted(contract_example())
    assert parsed.kind == "occurrence"
    assert parsed.message_id == "5b8e3f1c-0001"
    assert parsed.officer is None
    assert parsed.occurrence.reference == "26000712345"
    assert parsed.occurrence.victims[0].email.value == "alex.morgan@example.org"
    assert parsed.occurrence.victims[0].mobile.value == "+447700900123"


def test_an_officer_is_accepted():
    parsed = accepted(officer_record(absent_from="2026-12-01", absent_until="9999-12-31"))
    assert parsed.occurrence is None
    assert parsed.officer.collar_number == "2345"
    assert parsed.officer.active is True


def test_an_eventbridge_envelope_is_the_same_message():
    assert accepted(eventbridge(contract_example())) == accepted(contract_example())


def test_both_forms_of_a_reference_are_one_occurrence():
    long, short = accepted(occurrence_record(reference="26000712345")), accepted(occurrence_record(reference="26*712345"))
    assert long.occurrence == short.occurrence
    assert long.content_hash == short.content_hash


def test_another_message_id_is_the_same_content():
    assert accepted(occurrence_record(message_id="m-2")).content_hash == accepted(occurrence_record()).content_hash


def test_another_summary_is_other_content_and_is_not_kept():
    told = occurrence_record(summary="Window broken MARKED.")
    assert accepted(told).content_hash != accepted(occurrence_record()).content_hash
    assert "MARKED" not in accepted(told).canonical
    assert "MARKED" not in repr(accepted(told))


def test_unknown_fields_are_neither_content_nor_kept():
    record = occurrence_record()
    record["extra"] = record["occurrence"]["extra"] = record["occurrence"]["victims"][0]["extra"] = {"email": "MARKED"}
    assert accepted(record) == accepted(occurrence_record())


def test_absent_is_null():
    bare = {"id": "V1", "kind": "person"}
    nulls = dict.fromkeys(victim(), None) | bare
    assert accepted(occurrence_record(victims=[bare])).content_hash == accepted(occurrence_record(victims=[nulls])).content_hash


def test_the_same_instant_in_another_offset_is_the_same_content():
    record = contract_example()
    record["occurrence"]["reported_at"] = "2026-11-20T10:58:00+01:00"
    assert accepted(record).content_hash == accepted(contract_example()).content_hash


def test_the_canonical_message_parses_to_the_same_occurrence():
    parsed = accepted(contract_example())
    again = parse_record(parsed.canonical, now=NOW, allow_reserved=True)
    assert again.occurrence == parsed.occurrence
    assert json.loads(parsed.canonical)["occurrence"]["reference"] == "26000712345"
    assert "summary" not in json.loads(parsed.canonical)["occurrence"]


def test_the_archive_is_read_whatever_the_clock_says_by_then():
    parsed = accepted(contract_example())
    before_it_happened = NOW - timedelta(days=400)
    assert isinstance(parse_record(parsed.canonical, now=before_it_happened, allow_reserved=True), Rejected)
    assert parse_archived(parsed.canonical, allow_reserved=True).occurrence == parsed.occurrence


def test_flags_keep_their_null():
    parsed = accepted(occurrence_record(flags={"domestic_abuse": None}))
    assert parsed.occurrence.flags.domestic_abuse is None
    assert json.loads(parsed.canonical)["occurrence"]["flags"]["domestic_abuse"] is None


def test_no_safe_channel_differs_from_nothing_said():
    none_safe = accepted(occurrence_record(victims=[victim(contact_safety={"safe_channels": []})]))
    unsaid = accepted(occurrence_record(victims=[victim(contact_safety={"safe_channels": None})]))
    assert none_safe.occurrence.victims[0].contact_safety.safe_channels == frozenset()
    assert unsaid.occurrence.victims[0].contact_safety.safe_channels is None
    assert none_safe.content_hash != unsaid.content_hash


def test_an_incident_needs_neither_offence_nor_victim():
    assert accepted(occurrence_record(record_type="incident", offences=[], victims=[])).occurrence.offences == ()


def test_an_offence_code_is_upper_case_without_spaces_and_may_be_blank():
    parsed = accepted(occurrence_record(offences=[{"code": " n100 / 1 "}, {"code": ""}]))
    assert [offence.code for offence in parsed.occurrence.offences] == ["N100/1", ""]


def test_a_blank_marker_still_holds():
    assert accepted(occurrence_record(markers=["", "terrorism", "terrorism"])).occurrence.markers == ("terrorism", "unnamed")


def test_clock_skew_of_five_minutes_is_forgiven():
    assert accepted(occurrence_record(recorded_at="2026-11-20T10:36:00+00:00"))


def test_fifty_victims():
    assert len(accepted(occurrence_record(victims=[victim(f"V{n}") for n in range(1, 51)])).occurrence.victims) == 50
