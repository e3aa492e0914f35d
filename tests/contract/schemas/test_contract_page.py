"""The page for engineers of records systems names every field and word of the contract, and its example is valid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.schemas.contact_points import Problem
from chalicelib.schemas.json_schema import records_schema
from chalicelib.schemas.records import Parsed, parse_record
from tests.builders import NOW

PAGE = (Path(__file__).parents[3] / "docs" / "records-contract.md").read_text(encoding="utf-8")


def words(node: Any) -> Iterator[str]:
    """Every property name and enum word of the schema."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        yield from (word for word in node.get("enum", []) if word)
        for value in node.values():
            yield from words(value)


def test_every_field_and_word_is_on_the_page():
    missing = {word for word in words(records_schema()) if not re.search(rf"(?<![a-z_]){word}(?![a-z_])", PAGE)}
    assert missing == set()


def test_every_problem_of_a_point_is_on_the_page():
    assert [problem for problem in Problem if f"`{problem}`" not in PAGE] == []


def test_the_example_is_valid():
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL).group(1)
    json.loads(example)
    assert isinstance(parse_record(example, now=NOW, allow_reserved=True), Parsed)
