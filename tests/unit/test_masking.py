"""A quarantined body as operations see it: its shape and its codes, and no value of anybody, whatever the body is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.schemas.masking import masked
from tests.builders import eventbridge
from tests.contract.schemas.any_json import ANY_JSON, FUZZ
from tests.contract.schemas.full_records import RECORDS
from tests.contract.schemas.paths import put, typed_paths

TEXTS = [(kind, path) for kind, record in RECORDS.items() for path, type_ in typed_paths(kind, record) if type_ == "text"]
EVERYWHERE = [(kind, path) for kind, record in RECORDS.items() for path, _ in typed_paths(kind, record)]
MARK = "QX7marked"


def show(content: Any) -> str:
    return masked(json.dumps(content).encode())


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ({"contract": "kept-informed/records/v1"}, {"contract": "kept-informed/records/v1"}),
        ({"kind": "occurrence"}, {"kind": "occurrence"}),
        ({"version": 3}, {"version": 3}),
        ({"version": 26000712345}, {"version": "(int, 11 characters)"}),
        ({"code": "28E", "ho_code": "028/03"}, {"code": "28E", "ho_code": "028/03"}),
        ({"code": "N100/1"}, {"code": "N100/1"}),
        ({"code": "Alex Morgan"}, {"code": "(str, 11 characters)"}),
        ({"status": "open"}, {"status": "open"}),
        ({"status": "Morgan"}, {"status": "(str, 6 characters)"}),
        ({"safe_channels": ["email", "Morgan"]}, {"safe_channels": ["email", "(str, 6 characters)"]}),
        ({"given_name": "Alex"}, {"given_name": "(str, 4 characters)"}),
        ({"given_name": "officer"}, {"given_name": "(str, 7 characters)"}),
        ({"address": ["12", "1A", "Wood Street"]}, {"address": ["(str, 2 characters)", "(str, 2 characters)", "(str, 11 characters)"]}),
        ({"date_of_birth": 1988}, {"date_of_birth": "(int, 4 characters)"}),
        ({"deceased": True, "email": None}, {"deceased": True, "email": None}),
        ({"Alex Morgan": 1, "x": 2, "email": None}, {"email": None, "(unknown fields)": 2}),
        ({"email": {"Alex": 1}}, {"email": {"(unknown fields)": 1}}),
        ("Alex", "(str, 4 characters)"),
        (12, "(int, 2 characters)"),
        ([], []),
        (None, None),
    ],
)
def test_codes_and_shape_are_shown_and_nothing_else(content: Any, seen: Any) -> None:
    assert json.loads(show(content)) == seen


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (b"Alex Morgan", "not JSON: 11 bytes"),
        (b"", "not JSON: 0 bytes"),
        (b"\xff\xfe\x00", "not JSON: 3 bytes"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON: 5007 bytes"),
        (b"[" * 90_000 + b"]" * 90_000, "nested too deeply: 180000 bytes"),
    ],
)
def test_what_cannot_be_read_is_counted(body: bytes, seen: str) -> None:
    assert masked(body) == seen


@pytest.mark.parametrize(("kind", "path"), TEXTS, ids=[path for _, path in TEXTS])
def test_no_text_of_a_record_is_shown(kind: str, path: str) -> None:
    record = put(RECORDS[kind], path, MARK)
    assert MARK not in show(record)
    assert MARK not in show(eventbridge(record))


SHAPES: list[Callable[[str], Any]] = [
    lambda text: text,
    lambda text: [text],
    lambda text: {"email": text},
    lambda text: {"unknown": [text]},
    lambda text: {text: None},
]


@FUZZ
@given(st.sampled_from(EVERYWHERE), st.sampled_from(SHAPES), st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_no_text_is_shown_wherever_it_stands_in_whatever(place: tuple[str, str], shape: Callable[[str], Any], text: str) -> None:
    """As a value, in a list, under a known and an unknown name, and as a name."""
    assert MARK not in show(put(RECORDS[place[0]], place[1], shape(text + MARK)))


@pytest.mark.parametrize("depth", [200, 400, 700, 1000])
def test_a_nest_is_shown_or_counted(depth: int) -> None:
    assert masked(b"[" * depth + b"]" * depth)


@FUZZ
@given(ANY_JSON)
def test_any_json_has_an_answer(content: Any) -> None:
    assert show(content)


@FUZZ
@given(st.binary())
def test_any_body_has_an_answer(body: bytes) -> None:
    assert masked(body)
