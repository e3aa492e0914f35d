"""Every way in which a record can be malformed: the fault names that very path, and what can be read of the body is read.

Must not test what a valid record becomes (test_records_valid.py).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.schemas.bodies import Fault
from chalicelib.schemas.records import MAX_FAULTS, Rejected, parse_record
from tests.builders import NOW, body, contract_example, occurrence_record, officer_record, victim
from tests.contract.schemas.full_records import FULL, RECORDS
from tests.contract.schemas.paths import put, remove, required_paths, typed_paths


def rejected(record, now: datetime = NOW) -> Rejected:
    text = record if isinstance(record, str | bytes) else body(record)
    result = parse_record(text, now=now, allow_reserved=True)
    assert isinstance(result, Rejected), result
    return result


def paths(result: Rejected) -> list[str]:
    return [fault.path for fault in result.faults]


def test_the_full_records_are_valid():
    for record in RECORDS.values():
        assert not isinstance(parse_record(body(record), now=NOW, allow_reserved=True), Rejected)


REQUIRED = [(kind, path) for kind in RECORDS for path in required_paths(kind)]
NULLABLE = {"domestic_abuse", "hate_crime", "stalking_harassment", "safeguarding"}


def test_the_model_requires_what_the_contract_requires():
    envelope = ["contract", "kind", "message_id", "sent_at"]
    occurrence = ["reference", "version", "status", "record_type", "reported_at", "recorded_at", "source", "offences", "flags", "victims"]
    deep = [f"flags.{flag}" for flag in sorted(NULLABLE)] + ["offences[0].code", "victims[0].id", "victims[0].kind"]
    expected = envelope + ["occurrence"] + [f"occurrence.{path}" for path in occurrence + deep]
    assert sorted(required_paths("occurrence")) == sorted(expected)
    assert sorted(required_paths("officer")) == sorted([*envelope, "officer", "officer.collar_number", "officer.version"])


@pytest.mark.parametrize(("kind", "path"), REQUIRED)
def test_a_missing_required_field_is_named(kind, path):
    assert Fault(path, "missing") in rejected(remove(RECORDS[kind], path)).faults


@pytest.mark.parametrize(("kind", "path"), [case for case in REQUIRED if case[1].rpartition(".")[2] not in NULLABLE])
def test_a_null_required_field_is_named(kind, path):
    assert paths(rejected(put(RECORDS[kind], path, None))) == (["kind"] if path == "kind" else [path])


WRONG_TYPES = {
    "text": [7, 1.5, True, [], {}],
    "time": [
        1795170660,
        True,
        [],
        "2026-11-20",
        "2026-11-20T10:00:00",
        "1795170660",
        "20.11.2026",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "",
    ],
    "date": [19880402, "1988-4-2", "1988-02-30", "1988-04-02T00:00:00+00:00", "02/04/1988", "0000-00-00", "1879-12-31", "", True],
    "boolean": ["true", 1, 0, "false", "", []],
    "integer": [1.0, "1", True, 0, -1, 10**12 + 1, 10**400, []],
    "choice": ["nonsense", "", 101, True, [], "Open", " open"],
    "list": [{}, "x", 1, True],
    "object": [[], "x", 1, True],
}
WRONG = [
    (kind, path, value) for kind, record in RECORDS.items() for path, type_ in typed_paths(kind, record) for value in WRONG_TYPES[type_]
]


@pytest.mark.parametrize(("kind", "path", "value"), WRONG)
def test_a_wrong_type_is_named(kind, path, value):
    assert path in paths(rejected(put(RECORDS[kind], path, value)))


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("contract", "kept-informed/records/v2", "must be 'kept-informed/records/v1'"),
        ("message_id", " \n", "must not be blank"),
        ("sent_at", "2026-11-20T10:37:00+00:00", "in the future"),
        ("occurrence.reference", "2600071234", "must be 11 digits or YY*NNNNNN"),
        ("occurrence.reference", "26*71234", "must be 11 digits or YY*NNNNNN"),
        ("occurrence.reference", "26000712345\n", "must be 11 digits or YY*NNNNNN"),
        ("occurrence.reference", "２６０００７１２３４５", "must be 11 digits or YY*NNNNNN"),
        ("occurrence.reference", "27000712345", "of a year to come"),
        ("occurrence.reported_at", "2026-11-20T10:37:00+00:00", "in the future"),
        ("occurrence.recorded_at", "2026-11-20T09:00:00+00:00", "before reported_at"),
        ("occurrence.recorded_at", "2026-11-20T10:36:01+00:00", "in the future"),
        ("occurrence.occurred_from", "2026-11-20T09:58:01+00:00", "after reported_at"),
        ("occurrence.occurred_to", "2026-11-20T09:58:01+00:00", "after reported_at"),
        ("occurrence.occurred_to", "2026-11-01T09:00:00+00:00", "before occurred_from"),
        ("occurrence.occurred_from", "1066-10-14T09:00:00+00:00", "before 1880"),
        ("occurrence.occurred_from", "0001-01-01T00:00:00+23:59", "must be an ISO 8601 time with an offset"),
        ("occurrence.offences", [], "must not be empty unless record_type is incident"),
        ("occurrence.offences[0].ho_code", "28/3", "must be NNN/NN"),
        ("occurrence.offences[0].ho_code", "028/03\n", "must be NNN/NN"),
        ("occurrence.officer.collar_number", "23-45", "must be 1 to 10 letters and digits"),
        ("occurrence.officer.collar_number", "12345678901", "must be 1 to 10 letters and digits"),
        ("occurrence.victims[0].id", "", "must not be blank"),
        ("occurrence.victims[0].id", "é" * 501, "longer than 500 characters"),
        ("occurrence.victims[0].id", "😀" * 300, "longer than 1000 bytes"),
        ("occurrence.victims[0].date_of_birth", "2026-11-21", "in the future"),
        ("occurrence.victims[0].enhanced.assessed_at", "2026-11-21T10:00:00+00:00", "in the future"),
        ("occurrence.victims[0].contact_safety.confirmed_at", "2026-11-21T10:00:00+00:00", "in the future"),
        ("occurrence.victims[0].written_acknowledgement.given_at", "2026-11-21T10:00:00+00:00", "in the future"),
        ("occurrence.victims[0].update_agreement.next_update_on", "9999-12-31", "after 2199"),
        ("occurrence.victims[0].update_agreement.every_days", 0, "too small"),
        ("occurrence.victims[0].communication_needs", "bsl", "must be a list"),
        ("occurrence.summary", "x" * 20_001, "longer than 20000 characters"),
        ("occurrence.victims[0].email", "x" * 501, "longer than 500 characters"),
        ("occurrence.victims[0].address", {}, "must be a list"),
        ("occurrence.offences[0].code", "x" * 501, "longer than 500 characters"),
    ],
)
def test_a_value_that_cannot_be_true_is_named(path, value, reason):
    faults = rejected(put(FULL, path, value)).faults
    reasons = {fault.path: fault.reason for fault in faults}
    assert reason == reasons.get(path)


@pytest.mark.parametrize(
    ("path", "items", "item_path"),
    [
        ("occurrence.markers", ["terrorism", "x" * 501], "occurrence.markers[1]"),
        ("occurrence.markers", [None], "occurrence.markers[0]"),
        ("occurrence.linked_references", [26000712345], "occurrence.linked_references[0]"),
        ("occurrence.victims[0].communication_needs", ["bsl", "telepathy"], "occurrence.victims[0].communication_needs[1]"),
        ("occurrence.victims[0].contact_safety.safe_channels", [None], "occurrence.victims[0].contact_safety.safe_channels[0]"),
        ("occurrence.victims[0].address", ["1 Wood Street", 2], "occurrence.victims[0].address[1]"),
        ("occurrence.victims", [None], "occurrence.victims[0]"),
        ("occurrence.offences", [{}], "occurrence.offences[0].code"),
    ],
)
def test_an_item_of_a_list_is_named(path, items, item_path):
    assert item_path in paths(rejected(put(FULL, path, items)))


@pytest.mark.parametrize("record_type", ["crime", "n100"])
def test_only_an_incident_may_have_no_offence(record_type):
    assert paths(rejected(occurrence_record(record_type=record_type, offences=[]))) == ["occurrence.offences"]


def test_two_victims_with_one_id():
    assert rejected(occurrence_record(victims=[victim("V1"), victim("V1")])).faults == (Fault("occurrence.victims[1].id", "given twice"),)


def test_an_absence_that_ends_before_it_begins():
    record = officer_record(absent_from="2026-12-10", absent_until="2026-12-01")
    assert rejected(record).faults == (Fault("officer.absent_until", "before absent_from"),)


def test_a_birthday_is_today_in_london():
    late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    record = occurrence_record(now=late_evening, victims=[victim(now=late_evening, date_of_birth="2026-07-02")])
    assert not isinstance(parse_record(body(record), now=late_evening, allow_reserved=True), Rejected)


@pytest.mark.parametrize(
    "text",
    ["", " ", "nonsense", "{", '{"a":}', "{'a': 1}", b"\xff\xfe", "[1, 2", "\ud800", b"\x00", '{"a": "\n"}'],
    ids=range(11),
)
def test_what_is_not_json_is_rejected_unread(text):
    assert rejected(text) == Rejected((Fault("", "not JSON"),))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 40_000 + "1" + "}" * 40_000], ids=["lists", "objects"])
def test_what_is_nested_too_deeply_is_rejected_unread(text):
    assert rejected(text) == Rejected((Fault("", "nested too deeply"),))


@pytest.mark.parametrize("text", ["[]", "null", "1", '"text"', "true", "1" * 5000])
def test_what_is_not_an_object_is_rejected(text):
    assert rejected(text) == Rejected((Fault("", "must be an object"),))


def test_the_size_limit_counts_bytes():
    def padded(size: int) -> bytes:
        record = contract_example() | {"padding": ""}
        record["padding"] = "x" * (size - len(body(record)))
        return body(record).encode()

    assert not isinstance(parse_record(padded(262_144), now=NOW, allow_reserved=True), Rejected)
    assert rejected(padded(262_145)) == Rejected((Fault("", "larger than 262144 bytes"),))
    assert rejected("é" * 131_073) == Rejected((Fault("", "larger than 262144 bytes"),))


@pytest.mark.parametrize("limit_field", ["summary", "email"])
def test_a_length_counts_after_cleaning(limit_field):
    record = occurrence_record()
    if limit_field == "summary":
        record["occurrence"]["summary"] = "\u202e\x00" * 10 + "x" * 20_000
    else:
        record["occurrence"]["victims"][0]["requests"] = "\u202e\x00" * 10 + "x" * 500
    assert not isinstance(parse_record(body(record), now=NOW, allow_reserved=True), Rejected)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("path", ["occurrence.version", "occurrence.victims[0].email", "sent_at"])
def test_numbers_that_json_lacks_are_named_and_the_rest_is_read(number, path):
    text = body(put(contract_example(), path, "@@")).replace('"@@"', number)
    result = rejected(text)
    assert Fault(path, "not a number that JSON has") in result.faults
    assert result.reference == "26000712345"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"version": 1,', '"version": 1, "version": 2,', "occurrence.version"),
        ('"id": "V1",', '"id": "V1", "id": "V2",', "occurrence.victims[0].id"),
        ('"domestic_abuse": false,', '"domestic_abuse": true, "domestic_abuse": false,', "occurrence.flags.domestic_abuse"),
        ('"kind": "occurrence",', '"kind": "occurrence", "kind": "occurrence",', "kind"),
        ('"markers": [],', '"markers": [], "Alex Morgan": 1, "Alex Morgan": 2,', "occurrence"),
        ('"markers": [],', '"markers": [], "Alex Morgan": {"email": 1, "email": 2},', "occurrence"),
    ],
)
def test_a_field_given_twice_is_named(old, new, path):
    text = body(contract_example())
    assert old in text
    result = rejected(text.replace(old, new))
    assert paths(result) == [path]
    assert result.reference == "26000712345"
    assert "Alex" not in repr(result)


@pytest.mark.parametrize("kind", ["Alex Morgan", "", 7, [], {}, True])
def test_an_unknown_kind_is_not_echoed(kind):
    result = rejected(contract_example() | {"kind": kind})
    assert result.faults == (Fault("kind", "unknown kind"),)
    assert (result.kind, result.reference, result.version) == (None, "26000712345", 1)


def test_every_fault_of_a_body_is_named_at_once():
    record = put(put(put(FULL, "occurrence.status", "x"), "occurrence.victims[0].deceased", "no"), "contract", "y")
    assert set(paths(rejected(record))) == {"contract", "occurrence.status", "occurrence.victims[0].deceased"}


def test_a_body_with_thousands_of_faults_lists_some():
    result = rejected(occurrence_record(victims=[{}] * 2000))
    assert len(result.faults) == MAX_FAULTS + 1
    assert result.faults[-1] == Fault("", "more faults are not listed")
