"""The versions of an occurrence as they were received, from the records archive, and what each changed.

Must not write, and must not interpret a record beyond comparing it with the version before.
"""

import json
from dataclasses import dataclass
from typing import Any

from infra.local.aws import client

MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Version:
    """One archived version. `at` is when the product first put it, by its own clock; `changes` are told against the version below it."""

    number: int
    at: str
    record: dict[str, Any]
    changes: tuple[str, ...]


class Received:
    """Reads the archive bucket."""

    def __init__(self, endpoint_url: str, bucket: str) -> None:
        self._s3 = client("s3", endpoint_url)
        self._bucket = bucket

    def versions(self, reference: str) -> tuple[Version, ...]:
        """Every archived version of an eleven-digit reference, the lowest first."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{reference}/")
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        found: list[Version] = []
        for number, key in sorted((int(key.rpartition("/")[2].partition("-")[0]), key) for key in keys):
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            record = json.loads(answer["Body"].read())
            before = found[-1].record if found else None
            found.append(Version(number, answer["Metadata"].get("received-at", ""), record, changes(before, record) if before else ()))
        return tuple(found)


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """What differs, field by field, as `path: old → new`; victims go by their ids, envelope and times of writing are left out."""
    old, new = _told(before), _told(after)
    there = {name: _victims(record) for name, record in (("old", before), ("new", after))}
    lines = [f"victim {victim} is not named any more" for victim in sorted(there["old"].keys() - there["new"].keys())]
    lines += [f"victim {victim} is new" for victim in sorted(there["new"].keys() - there["old"].keys())]
    for victim in sorted(there["old"].keys() & there["new"].keys()):
        pair = _leaves(there["old"][victim]), _leaves(there["new"][victim])
        lines += [f"victim {victim}, {line}" for line in _differences(*pair)]
    lines = [*_differences(old, new), *lines]
    return (*lines[:MOST_CHANGES], f"and {len(lines) - MOST_CHANGES} more") if len(lines) > MOST_CHANGES else tuple(lines)


_UNTOLD = {"version", "recorded_at", "victims"}


def _told(record: dict[str, Any]) -> dict[str, Any]:
    occurrence = record.get("occurrence") or {}
    return _leaves({name: value for name, value in occurrence.items() if name not in _UNTOLD})


def _victims(record: dict[str, Any]) -> dict[str, Any]:
    return {str(victim.get("id")): victim for victim in (record.get("occurrence") or {}).get("victims") or ()}


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [f"{path}: {_said(old.get(path))} → {_said(new.get(path))}" for path in sorted({*old, *new}) if old.get(path) != new.get(path)]


def _leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Fields by their path. A list of plain values is one field; one of objects is told by their places."""
    if isinstance(value, dict):
        inner = [(f"{path}.{name}".lstrip("."), part) for name, part in value.items()]
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        inner = [(f"{path}[{index}]", part) for index, part in enumerate(value)]
    else:
        return {path: value}
    return {key: leaf for name, part in inner for key, leaf in _leaves(part, name).items()}


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or "none"
    return {None: "nothing", "": "nothing", True: "yes", False: "no"}.get(value, str(value))
