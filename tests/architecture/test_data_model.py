"""Holds the models, the deployable template and docs/data_model.md against each other: tables, keys, indexes, and the one scan.

Must not call a store.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pynamodb.models import Model

from chalicelib.adapters.tables import TABLES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "data_model.md").read_text()
PREFIX = "kept-informed-"

Keys = list[tuple[str, str]]


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short tags as their plain content."""


def _plain(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)


_Template.add_multi_constructor("!", _plain)


def declared() -> dict[str, dict[str, Any]]:
    """The tables of the template, by the part of the name after the prefix."""
    resources = yaml.load((ROOT / "infra" / "resources.yaml").read_text(), _Template)["Resources"]
    tables = [r["Properties"] for r in resources.values() if r.get("Type") == "AWS::DynamoDB::Table"]
    return {properties["TableName"].removeprefix(PREFIX): properties for properties in tables}


def keys(schema: list[dict[str, str]]) -> Keys:
    return sorted((key["AttributeName"], key["KeyType"]) for key in schema)


def declared_indexes(properties: dict[str, Any]) -> dict[str, tuple[Keys, str]]:
    indexes = properties.get("GlobalSecondaryIndexes", [])
    return {index["IndexName"]: (keys(index["KeySchema"]), index["Projection"]["ProjectionType"]) for index in indexes}


def modelled_indexes(model: type[Model]) -> dict[str, tuple[Keys, str]]:
    schema = model._get_schema()
    assert schema["local_secondary_indexes"] == []
    return {
        index["index_name"]: (keys(index["key_schema"]), index["projection"]["ProjectionType"])
        for index in schema["global_secondary_indexes"]
    }


def documented() -> list[list[str]]:
    """The rows of the table of access patterns: table, index, who, what, key, consistency."""
    section = DOCUMENT.split("## Access patterns")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def test_every_declared_table_has_a_model():
    assert set(TABLES) == set(declared())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_and_indexes_are_those_that_are_deployed(name):
    properties, schema = declared()[name], TABLES[name]._get_schema()
    assert keys(schema["key_schema"]) == keys(properties["KeySchema"])
    assert modelled_indexes(TABLES[name]) == declared_indexes(properties)
    types = {definition["AttributeName"]: definition["AttributeType"] for definition in properties["AttributeDefinitions"]}
    assert types == {definition["AttributeName"]: definition["AttributeType"] for definition in schema["attribute_definitions"]}


def test_the_document_lists_every_table_and_every_index_and_no_others():
    written = {(row[0], row[1]) for row in documented()}
    there = {(name, "") for name in TABLES} | {(name, index) for name in TABLES for index in declared_indexes(declared()[name])}
    assert written == there


@pytest.mark.parametrize("row", documented(), ids=lambda row: f"{row[0]}.{row[1]}: {row[3][:30]}")
def test_a_documented_pattern_names_keys_that_the_table_has(row):
    table, index, key = row[0], row[1], row[4]
    properties = declared()[table]
    schema = declared_indexes(properties)[index][0] if index else keys(properties["KeySchema"])
    named = set(re.findall(r"`(\w+)`", key))
    if key.startswith(("query", "batch get")):
        assert {name for name, kind in schema if kind == "HASH"} <= named
    assert named <= {attribute.attr_name for attribute in TABLES[table].get_attributes().values()} | {"head", "clock", "pauses"}


def test_there_is_one_scan_and_it_is_the_documented_one():
    sources = sorted((ROOT / "chalicelib").rglob("*.py"))
    found = [(path.name, line) for path in sources for line in path.read_text().splitlines() if re.search(r"\.scan\(|\"Scan\"", line)]
    assert [name for name, _ in found] == ["quarantine.py"]
    assert [row[0] for row in documented() if row[4].startswith("scan")] == ["quarantine"]


def test_no_function_may_scan():
    policies = sorted((ROOT / "infra" / "policies").glob("*.json"))
    assert policies
    assert not [path.name for path in policies if re.search(r"dynamodb:(Scan|\*)", path.read_text())]


def test_only_what_the_document_says_is_ever_forgotten_by_itself():
    """Nothing of a case: a live one must not expire row by row."""
    section = DOCUMENT.split("## What is forgotten, and when")[1].split("\n## ")[0]
    said = {row.split("|")[1].strip() for row in section.splitlines() if "`expires_at` of its row" in row}
    expiring = {name for name, model in TABLES.items() if "expires_at" in {one.attr_name for one in model.get_attributes().values()}}
    assert expiring == {"contact-messages", "control", "quarantine"}
    assert len(said) == len(expiring)
