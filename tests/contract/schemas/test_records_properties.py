"""What holds for every body: parsing answers and never raises, keeps what it accepted, and quotes nothing of what it rejects."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.schemas.records import Parsed, Rejected, parse_record
from tests.builders import NOW, body, eventbridge, occurrence_record, officer_record, victim
from tests.contract.schemas.any_json import ANY_JSON, FUZZ
from tests.contract.schemas.full_records import FULL, RECORDS
from tests.contract.schemas.paths import put, typed_paths

PATHS = [(kind, path) for kind, record in RECORDS.items() for path, _ in typed_paths(kind, record)]
TEXTS = [(kind, path) for kind, record in RECORDS.items() for path, type_ in typed_paths(kind, record) if type_ == "text"]
MARK = "QX7marked"
FILLED = {"message_id", "occurrence.victims[0].id", "done.task", "release.by", "release.reason"} | {
    path for _, path in TEXTS if path.endswith((".event_id", ".victim_id"))
}
"""Texts that must not be blank."""


def parse(record) -> Parsed | Rejected:
    return parse_record(json.dumps(record), now=NOW, allow_reserved=True)


@FUZZ
@given(st.binary() | st.text())
def test_any_body_has_an_answer(anything):
    assert isinstance(parse_record(anything, now=NOW, allow_reserved=True), Rejected)


@FUZZ
@given(ANY_JSON)
def test_any_json_has_an_answer(value):
    assert isinstance(parse(value), Rejected)


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(PATHS), ANY_JSON), max_size=4), st.booleans())
def test_any_change_of_a_record_has_an_answer_that_survives_the_archive(changes, wrapped):
    record = FULL
    for (_, path), value in [change for change in changes if change[0][0] == "occurrence"]:
        try:
            record = put(record, path, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the parent away
    result = parse(eventbridge(record) if wrapped and isinstance(record["sent_at"], str) else record)
    if isinstance(result, Parsed):
        archived = parse_record(result.canonical, now=NOW, allow_reserved=True)
        assert isinstance(archived, Parsed)
        assert archived.occurrence == result.occurrence
        assert archived.canonical == result.canonical
        told = parse(put(json.loads(result.canonical), "occurrence.summary", record["occurrence"].get("summary")))
        assert told.content_hash == result.content_hash


@FUZZ
@given(st.sampled_from(PATHS), ANY_JSON)
def test_a_fault_never_quotes_the_body(where, value):
    kind, path = where
    for marked in (MARK, [MARK], {MARK: value}, [{"id": MARK, MARK: [value]}], f"{MARK}{value}"):
        result = parse(put(RECORDS[kind], path, marked))
        if isinstance(result, Rejected):
            assert MARK not in repr(result)


def test_a_body_of_marked_values_is_rejected_without_one():
    marked = {
        "contract": MARK,
        "kind": MARK,
        "message_id": [MARK],
        "sent_at": MARK,
        MARK: MARK,
        "occurrence": {"reference": MARK, MARK: MARK},
    }
    for body_ in (marked, marked | {"kind": "occurrence"}, marked | {"kind": "officer", "officer": {"name": [MARK], "version": MARK}}):
        assert MARK not in repr(parse(body_))


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% include 'x' %} ${x} #{x}",
    '#read("/etc/passwd") #panic() $ a $ ] [ \\ @',
    "Robert'); DROP TABLE victims;--",
    "Alex\r\nBcc: all@example.org\r\n\r\nHello",
    "\u202egrom\u202c \u2066xelA\u2069 \u200f\u061c",
    "A\x00l\x07e\x1bx\x7f \x85\u2028\u2029",
    "👩\u200d👧 Ŵŷ Ł ßẞ ﷺ 字 \U000e0041",
    "\ud800 lone \udfff",
    "e\u0301\ufeff\u200b",
    " \t\n ",
    "=cmd|' /C calc'!A0",
    "9" * 400,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(("kind", "path"), TEXTS)
def test_hostile_text_is_accepted_and_one_clean_line(kind, path, text):
    """Only the fields with a form of their own, and ids, may refuse it."""
    result = parse(put(RECORDS[kind], path, text))
    formed = path.rpartition(".")[2] in {"reference", "collar_number", "ho_code", "supervisor", "cover"}
    blank_id = path in FILLED and not text.strip()
    assert isinstance(result, Rejected) == (formed or blank_id), result
    if isinstance(result, Parsed):
        kept = json.dumps(json.loads(result.canonical), ensure_ascii=False)
        assert not set(kept) & set("\r\n\x00\x07\x1b\x7f\x85\u2028\u2029\u202e\u202c\u2066\u2069\u200f\u061c\ud800\udfff\ufeff\u200b")
        kept.encode()


def test_hostile_text_everywhere_at_once():
    record = FULL
    for kind, path in TEXTS:
        field = path.rpartition(".")[2]
        if kind == "occurrence" and field not in {"reference", "collar_number", "ho_code"}:
            record = put(record, path, "".join(HOSTILE[:9]))
    parsed = parse(record)
    assert isinstance(parsed, Parsed)
    assert parsed.occurrence.victims[0].given_name.startswith("<script>alert(1)</script>{{ 7 * 7 }}")
    assert parsed.occurrence.victims[0].email.problem == "not_an_address"


@FUZZ
@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2098, 12, 31), timezones=st.just(UTC)))
def test_the_builders_are_valid_at_any_time(now):
    year = f"{now.year % 100:02d}"
    record = occurrence_record(now=now, reference=f"{year}*712345", victims=[victim(now=now, date_of_birth="1988-04-02")])
    assert isinstance(parse_record(body(record), now=now, allow_reserved=True), Parsed)
    assert isinstance(parse_record(body(officer_record(now=now)), now=now, allow_reserved=True), Parsed)
