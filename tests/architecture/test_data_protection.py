"""Holds docs/data-protection.md to the template: who reads what is stored is who may by the policies, and no store is left out.

Must not judge what stands in a store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.template import deployable

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "data-protection.md").read_text(encoding="utf-8")
FUNCTIONS = {
    "ingest": "ingest", "dispatch": "dispatch", "receipts": "receipts", "sweep": "sweep", "leaks": "leak check", "pages": "pages",
    "retention": "retention", "seal": "seal",
}  # fmt: skip
"""The policies by file, and what the page calls whoever has them."""
OPERATIONS = "operations"
OUTSIDE = {"whoever prints and posts", "whoever the force lets into the account"}
"""Readers to whom no policy of the template gives anything."""
READS = {
    "dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Scan", "s3:GetObject", "s3:GetObjectVersion",
    "sqs:ReceiveMessage",
}  # fmt: skip
STORES = {
    "bucket of archived records": "RecordsArchiveBucket",
    "bucket of letters": "LettersBucket",
    "bucket of quarantined bodies": "QuarantineBodiesBucket",
    "bucket of dead receipts": "DeadReceiptsBucket",
    "bucket of seals": "SealsBucket",
    "records queue": "RecordsQueue",
    "dead letters of records": "RecordsDeadLetters",
}
"""What the page calls what is stored, tables apart: those go by their names."""
NO_POLICY = {"accounts of officers", "Amazon SES's list of dead addresses", "logs, metrics, traces"}
"""What AWS keeps and no function or command reads."""
NOBODY_IN_IT = {
    "ControlTable": "pauses, revocations and counts, under ids and keyed hashes",
    "DispatchQueue": "ids of messages alone",
    "DispatchDeadLetters": "the same",
    "QuarantineQueue": "ids of quarantined records alone",
}


def rows() -> dict[str, str]:
    """What is stored, and who reads it, as the page says."""
    section = DOCUMENT.partition("## What is stored where")[2].partition("\n## ")[0].partition("**With its case.**")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| ")]
    return {row[0]: row[3] for row in cells[1:]}


def resource(name: str) -> str:
    found = re.fullmatch(r"table `([\w-]+)`", name)
    tables = {r["Properties"]["TableName"]: key for key, r in of_type("AWS::DynamoDB::Table")}
    return tables[f"kept-informed-{found[1]}"] if found else STORES[name]


def of_type(*types: str) -> list[tuple[str, dict[str, Any]]]:
    return [(key, found) for key, found in deployable()["Resources"].items() if found["Type"] in types]


def said(cell: str) -> set[str]:
    """The readers of a cell: names with commas between them, words in brackets apart; or every function but some."""
    text = re.sub(r" \([^)]*\)", "", cell)
    readers = set()
    if text.startswith("every function"):
        text, _, others = text.partition(", and ")
        readers |= set(FUNCTIONS.values()) - set(re.split(" and ", text.partition(" but ")[2]))
        text = others
    return readers | set(filter(None, text.split(", ")))


def resources_in(part: Any) -> Iterator[str]:
    """Logical ids in the `Resource` of a statement."""
    if isinstance(part, list):
        for each in part:
            yield from resources_in(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from re.findall(r"\$\{(\w+)", value) if name == "Fn::Sub" else [value if isinstance(value, str) else value[0]]


def allowed(logical: str) -> set[str]:
    """Who may read it, by the policies of the functions and of the operators."""
    policies = {name: json.loads((ROOT / "infra" / "policies" / f"{file}.json").read_text()) for file, name in FUNCTIONS.items()}
    policies[OPERATIONS] = deployable()["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]
    return {
        name
        for name, policy in policies.items()
        for statement in policy["Statement"]
        if READS & set(statement["Action"]) and logical in resources_in(statement["Resource"])
    }


def test_every_policy_is_of_a_reader_that_the_page_can_name() -> None:
    assert {path.stem for path in (ROOT / "infra" / "policies").glob("*.json")} == set(FUNCTIONS)
    assert allowed("RecordsQueue") == {"ingest"}, "what is read is found"


@pytest.mark.parametrize("name", [name for name in rows() if name not in NO_POLICY])
def test_who_reads_it_is_who_may(name: str) -> None:
    assert said(rows()[name]) - OUTSIDE == allowed(resource(name))


def test_what_only_aws_keeps_names_no_function_as_its_reader() -> None:
    assert set(rows()) >= NO_POLICY
    assert all(said(rows()[name]) <= OUTSIDE for name in NO_POLICY)


def test_no_store_is_left_out() -> None:
    named = {resource(name) for name in rows() if name not in NO_POLICY}
    there = {key for key, _ in of_type("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")}
    assert there == named | set(NOBODY_IN_IT)
    assert not named & set(NOBODY_IN_IT)
