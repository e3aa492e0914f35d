"""Puts an occurrence into the message that a records system would send: envelope, way of writing times, message id.

Must not change what the record says.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from infra.replay.generator.crimes import Crime
from infra.replay.generator.references import may_be_short
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.times import LONDON

Record = dict[str, Any]

CONTRACT = "kept-informed/records/v1"
_TIMES = ("reported_at", "recorded_at", "occurred_from", "occurred_to")


def first_version(crime: Crime, references: dict[str, str], version: int) -> Record:
    """The contract's `occurrence` of the crime, its references in eleven digits. `references`: by the key of the rows.

    It shares what it says with the crime and with linked ones, so that a later version starts from a copy.
    """
    linked = list(dict.fromkeys(references[one.unit.key] for one in crime.linked))
    return {
        "reference": crime.reference,
        "version": version,
        **crime.facts,
        "linked_references": linked,
        "victims": [seat.written() for seat in crime.seats],
    }


@dataclass(frozen=True, slots=True)
class Writer:
    """How one occurrence's messages are written, every one of them."""

    rng: Random
    manner: str
    envelope: bool
    sparse: bool
    extra: bool

    @staticmethod
    def drawn(rng: Random) -> Writer:
        """Every producer writes in its own way; this one changes its own from occurrence to occurrence."""
        manner = draw(rng, "record.time_written")
        return Writer(rng, manner, chance(rng, "record.eventbridge"), chance(rng, "record.sparse"), chance(rng, "record.extra_fields"))

    def message(self, occurrence: Record, sent: datetime, number: int) -> Record:
        """The whole message. `number` tells the deliveries of one occurrence apart."""
        inner = dict(occurrence)
        for name in _TIMES:
            if inner.get(name):
                inner[name] = self._time(datetime.fromisoformat(inner[name]))
        inner["linked_references"] = [may_be_short(self.rng, linked) for linked in inner["linked_references"]]
        inner["reference"] = may_be_short(self.rng, inner["reference"])
        if self.sparse:
            inner = _without_nulls(inner) | {"flags": inner["flags"]}
        if self.extra:
            inner |= {"source_system": {"name": "replay", "priority": 3}}
        message_id = hashlib.sha256(f"{occurrence['reference']}|{number}".encode()).hexdigest()[:16]
        return envelope("occurrence", inner, message_id, self._time(sent))

    def event(self, kind: str, place: str, content: Record, sent: datetime, name: str) -> Record:
        """The whole message of something that happened; moments and days are written as this producer writes them. `name` is its own."""
        inner = {key: self._moment(value) for key, value in content.items() if not (self.sparse and value is None)}
        inner["reference"] = may_be_short(self.rng, content["reference"])
        if self.extra:
            inner |= {"source_system": {"name": "replay", "priority": 3}}
        return envelope(kind, inner, hashlib.sha256(name.encode()).hexdigest()[:16], self._time(sent), place)

    def _moment(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._time(value)
        return value.isoformat() if isinstance(value, date) else value

    def body(self, message: Record) -> str:
        """The text on the queue."""
        return written(_eventbridge(message) if self.envelope else message)

    def _time(self, moment: datetime) -> str:
        if self.manner == "local":
            return moment.astimezone(LONDON).isoformat(timespec="seconds")
        text = moment.astimezone(UTC).isoformat(timespec="seconds")
        return text.replace("+00:00", "Z") if self.manner == "zulu" else text


def envelope(kind: str, content: Record, message_id: str, sent_at: str, place: str | None = None) -> Record:
    """The contract's envelope around the content of a kind, which stands in `place`, or under its own name."""
    return {"contract": CONTRACT, "kind": kind, "message_id": message_id, "sent_at": sent_at, place or kind: content}


def written(message: Any) -> str:
    """JSON as it stands in the queue."""
    return json.dumps(message, ensure_ascii=False)


def _without_nulls(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_nulls(value) for key, value in node.items() if value is not None}
    return [_without_nulls(value) for value in node] if isinstance(node, list) else node


def _eventbridge(message: Record) -> Record:
    return {
        "version": "0",
        "id": message["message_id"],
        "detail-type": "record",
        "source": "records",
        "time": message["sent_at"],
        "region": "eu-west-2",
        "resources": [],
        "detail": message,
    }
