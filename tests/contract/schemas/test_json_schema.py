"""The published JSON Schema is the code's, and judges as the code does wherever a schema can say it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chalicelib.schemas import json_schema
from chalicelib.schemas.examples import event_examples, occurrence_example, officer_example
from chalicelib.schemas.records import Parsed, parse_record
from tests.builders import NOW, contract_example, occurrence_record
from tests.contract.schemas.full_records import FULL, RECORDS
from tests.contract.schemas.paths import put, remove, typed_paths

SCHEMA = json_schema.records_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
CONTRACT_PAGE = Path(__file__).parents[4] / "shared" / "CONTRACT.md"


def parsed(record, now: datetime = NOW) -> bool:
    return isinstance(parse_record(json.dumps(record), now=now, allow_reserved=True), Parsed)


def test_the_published_schema_has_not_drifted(capsys):
    assert json_schema.main(["--check"]) == 0, capsys.readouterr().err


def test_a_drift_is_told_and_written_away(tmp_path, capsys):
    folder = tmp_path / "contract"
    assert json_schema.main(["--check"], folder) == 1
    assert json_schema.FILE in capsys.readouterr().err
    assert json_schema.main(["--write"], folder) == 0
    assert json_schema.main(["--check"], folder) == 0
    for name in (json_schema.FILE, json_schema.OUT_FILE):
        (folder / name).write_text("{}")
        assert json_schema.main(["--check"], folder) == 1
        assert name in capsys.readouterr().err
        assert json_schema.main(["--write"], folder) == 0


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_examples_are_valid():
    assert occurrence_example() == contract_example()
    for example in (occurrence_example(), officer_example(), *event_examples().values()):
        assert VALIDATOR.is_valid(example)
        assert parsed(example, now=datetime.fromisoformat(example["sent_at"]))


def test_the_example_is_the_contracts_own():
    if not CONTRACT_PAGE.exists():
        pytest.skip("the contract's own page is not beside this clone")
    first = re.search(r"```json\n(.*?)```", CONTRACT_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert json.loads(first.group(1)) == occurrence_example()


def test_the_events_examples_are_the_contracts_own():
    if not CONTRACT_PAGE.exists():
        pytest.skip("the contract's own page is not beside this clone")
    lines = re.findall(r"```json\n(.*?)```", CONTRACT_PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
    shown = {found["kind"]: found for found in map(json.loads, re.split(r"\n(?=\{)", lines.strip()))}
    for kind, example in event_examples().items():
        assert {key: example[key] for key in shown[kind]} == shown[kind]


VALUES = {
    "text": [7, True, [], {}, None, "", "x" * 500, "x" * 501, "Ŵŷ 😀", "<b>"],
    "time": ["2026-11-20T09:58:00+00:00", "2026-11-20T09:58:00Z", "2026-11-20T09:58:00", "2026-11-20", 1795170660, None, "", True],
    "date": ["2026-11-19", "1988-4-2", "2026-11-19T00:00:00Z", 19880402, None, "", True],
    "boolean": [True, False, None, "true", 1, 0, []],
    "integer": [1, 3650, 0, -1, 10**12 + 1, "1", True, 1.5, None],
    "choice": ["nonsense", "", 101, True, None, "open", "email", "person", "101", "parent", "high", "unknown", "occurrence"],
    "list": [[], None, {}, "x", [7], [None]],
    "object": [{}, [], None, "x", 7],
}
BY_DESIGN = {"occurrence.reported_at", "occurrence.recorded_at", "occurrence.occurred_from", "occurrence.occurred_to"}
"""Times are compared with each other; here only their form is in question, so that their values stay in order."""
FORMED = {"reference": ["26*712345", "26000712345", "26712345"], "ho_code": ["028/03", "28/3"], "collar_number": ["a1", "a-1", "1" * 11]}
CASES = [
    (kind, path, value)
    for kind, record in RECORDS.items()
    for path, type_ in typed_paths(kind, record)
    for value in VALUES[type_] + FORMED.get(path.rpartition(".")[2], [])
    if not (path in BY_DESIGN and value in VALUES["time"][:2] and "occurred" not in path and "reported" not in path)
    and not (path.endswith(("absent_from", "absent_until")) and value == "2026-11-19")
    and not (path == "occurrence.occurred_from" and value in VALUES["time"][:2])
]


@pytest.mark.parametrize(("kind", "path", "value"), CASES)
def test_schema_and_code_judge_alike(kind, path, value):
    record = put(RECORDS[kind], path, value)
    assert VALIDATOR.is_valid(record) == parsed(record)


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, record in RECORDS.items() for path, _ in typed_paths(kind, record)])
def test_schema_and_code_miss_the_same_fields(kind, path):
    record = remove(RECORDS[kind], path)
    assert VALIDATOR.is_valid(record) == parsed(record)


@pytest.mark.parametrize("record_type", ["crime", "incident", "n100"])
@pytest.mark.parametrize("offences", [[], [{"code": ""}], [{"code": None}], [{}]])
def test_schema_and_code_agree_on_offences(record_type, offences):
    record = occurrence_record(record_type=record_type, offences=offences)
    assert VALIDATOR.is_valid(record) == parsed(record)


def test_every_field_of_the_schema_is_filled_in_the_full_record():
    properties = SCHEMA["$defs"]["Victim"]["properties"]
    assert properties.keys() == FULL["occurrence"]["victims"][0].keys()
    assert not [name for name in ("representative", "written_acknowledgement") if FULL["occurrence"]["victims"][0][name] is None]
