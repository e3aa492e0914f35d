"""Publishes what comes in and what goes out as JSON Schema, generated from the models that validate it.

Must not add a rule of its own beside the models: what the schema cannot say (times against each other, the size of a message) is said in
docs/records-contract.md.

    python -m chalicelib.schemas.json_schema --write    writes docs/contract/
    python -m chalicelib.schemas.json_schema --check    exits 1 when the published files differ
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from chalicelib.schemas.events import MESSAGES
from chalicelib.schemas.examples import event_examples, occurrence_example, officer_example, out_example
from chalicelib.schemas.occurrences import OccurrenceMessage
from chalicelib.schemas.officers import OfficerMessage
from chalicelib.schemas.out_events import OutEvent

FOLDER = Path(__file__).parents[2] / "docs" / "contract"
FILE = "records-v1.schema.json"
OUT_FILE = "out-v1.schema.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Without generated titles and `null` defaults, and with null as one more type: easier to read for who writes the records."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 (pydantic's signature)
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if "enum" in inner:
            return {**{key: value for key, value in inner.items() if key != "type"}, "enum": [*inner["enum"], None]}
        if isinstance(inner.get("type"), str):
            return {**inner, "type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}


def records_schema() -> dict[str, Any]:
    """The whole contract as one draft 2020-12 schema: a message is one of its kinds."""
    events = event_examples()
    examples: dict[type[BaseModel], dict[str, Any]] = {OccurrenceMessage: occurrence_example(), OfficerMessage: officer_example()}
    examples |= {model: events[kind] for kind, model in MESSAGES.items()}
    refs, shared = models_json_schema([(model, "validation") for model in examples], schema_generator=_Plain)
    definitions = shared["$defs"]
    for model, example in examples.items():
        definitions[model.__name__]["examples"] = [example]
    return {
        "$schema": DRAFT,
        "title": "Kept Informed: records contract, version 1",
        "description": (
            "One message of the records queue, at most 262,144 bytes. Fields that are not required may be null or absent, and absent means "
            "null. Unknown fields are ignored and not stored. Lengths count characters after control characters and line breaks are gone. "
            "docs/records-contract.md says what a schema cannot."
        ),
        "oneOf": list(refs.values()),
        "$defs": definitions,
    }


def out_schema() -> dict[str, Any]:
    """What goes out on the topic, as one draft 2020-12 schema."""
    return {
        "$schema": DRAFT,
        **OutEvent.model_json_schema(schema_generator=_Plain),
        "title": "Kept Informed: what goes out, version 1",
        "description": (
            "One message of the topic kept-informed-out: ids, enums and times only. Which optional fields are there depends on the event; "
            "null and absent are the same. A message may come twice and out of order: count an event_id once, order by at."
        ),
        "examples": [out_example()],
    }


def published() -> dict[str, str]:
    """File name to text of everything under docs/contract."""
    schemas = {FILE: records_schema(), OUT_FILE: out_schema()}
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """Write the published files, or compare them with the code; the exit code is 1 when they differ."""
    files = {folder / name: text for name, text in published().items()}
    return publish(arguments, files, "What comes in and what goes out, as JSON Schema.", "chalicelib.schemas.json_schema", "docs/contract")


def publish(arguments: list[str], files: Mapping[Path, str], description: str, module: str, where: str) -> int:
    """The command behind every published file: `--write` writes them, `--check` compares them; the exit code is 1 when they differ."""
    parser = argparse.ArgumentParser(description=description)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help=f"write {where}")
    action.add_argument("--check", action="store_true", help=f"compare {where} with the code")
    if parser.parse_args(arguments).write:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return 0
    stale = [file for file, text in files.items() if not _same(file, text)]
    for file in stale:
        sys.stderr.write(f"{file} differs from the code: run python -m {module} --write\n")
    return 1 if stale else 0


def _same(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
