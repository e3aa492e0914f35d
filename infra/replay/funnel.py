"""What became of the records of a replay, counted in the tables of the instance and in what its providers accepted.

Must not decide or expect anything: the independent expectation is another program. Only rows of the replay's own references count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.references import eleven_digits
from infra.local.status import OFFICERS
from infra.local.table_reader import Row
from infra.replay.event_funnel import Key, News, counted, tree
from infra.replay.instance import Instance

Funnel = dict[str, Any]
_ALWAYS = ("in", "recorded", "stale", "quarantined")
_NO_MESSAGE = {"completion", "digest", "handover", "out", "recording", "contact"}
"""Rows of the outbox that are no message about one case to its reader."""
_LEFT = {"sent", "delivered", "bounced", "complained"}
EVENT_KINDS = {"contact_recorded", "agreement_changed", "task_done", "hold_released", "letter_returned", "investigation_event", "review"}
_REFERRED = {"sent", "delivered"}
_VICTIM_SERVICES = "victim_services"


@dataclass(frozen=True, slots=True)
class Before:
    """What the instance had counted before the replay: records handled, and officers recorded."""

    received: int
    officers: int

    @classmethod
    def of(cls, instance: Instance) -> Before:
        """Read now."""
        return cls(int(instance.get("/local/status.json")["records"]["received"]), _officers(instance.tables.every("audit")))


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows of the replay's references, and what was accepted for them."""

    received: int
    officers: int
    quarantined: int
    events: int
    occurrences: Sequence[Row]
    notifications: Sequence[Row]
    obligations: Sequence[Row]
    audit: Sequence[Row]
    accepted: Sequence[Mapping[str, Any]]
    told: Sequence[Row] = ()
    """Key events."""
    outcomes: Mapping[Key, str] = field(default_factory=dict)
    """What the source calls some of them."""


def stored(instance: Instance, bodies: Sequence[str], before: Before, outcomes: Mapping[Key, str]) -> Stored:
    """Everything that stands at the instance about the records in `bodies`. `outcomes`: what the source calls some of their events."""
    ours, tables = references(bodies), instance.tables
    ids = {hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:32] for body in bodies}
    audit = tables.every("audit")

    def of_ours(rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row["occurrence_ref"] in ours]

    return Stored(
        received=int(instance.get("/local/status.json")["records"]["received"]) - before.received,
        officers=_officers(audit) - before.officers,
        events=sum(row["op"] in EVENT_KINDS and row["occurrence_ref"] in ours for row in audit),
        quarantined=sum(row["quarantine_id"] in ids for row in tables.every("quarantine")),
        occurrences=of_ours(tables.every("occurrences")),
        notifications=of_ours(tables.every("notifications")),
        obligations=of_ours(tables.every("obligations")),
        audit=of_ours(audit),
        told=[row for row in of_ours(tables.every("events")) if row["kind"] == "investigation_event"],
        outcomes=outcomes,
        accepted=[message for message in instance.get("/local/outbox.json") if message["reference"] in ours],
    )


def funnel(found: Stored) -> Funnel:
    """The counts; their shape is that of `python -m infra.replay.expectation`."""
    heads = [row for row in found.occurrences if row["part"] == "head" and row.get("version")]
    victims = [_decided(row) for row in found.occurrences if row["part"] != "head" and not row.get("removed")]
    rows = [row for row in found.notifications if row["message"] not in _NO_MESSAGE]
    recorded = sum(row["op"] == "recorded" for row in found.audit) + found.officers + found.events
    return tidy(
        {
            "records": {
                "in": found.received,
                "recorded": recorded,
                "stale": found.received - recorded - found.quarantined,
                "quarantined": found.quarantined,
            },
            "occurrences": len(heads),
            "victims": len(victims),
            "routes": _routes(heads, victims, found.occurrences),
            "held": {
                "specialist": tree((d["rule_id"],) for d in victims if d.get("hold") == "specialist"),
                "doubt": tree((d["rule_id"],) for d in victims if d.get("hold") == "doubt"),
                "messages": tree((str(row.get("reason")),) for row in rows if row["state"] == "held"),
            },
            "messages": tree((row["audience"], row["channel"], row["message"], row["state"]) for row in rows),
            "accepted": tree((m["audience"], m["channel"], m["message"]) for m in found.accepted),
            "referrals": _referrals(rows, victims),
            "tasks": tree((row["unit"], row["purpose"], row["state"]) for row in found.obligations if row.get("purpose")),
            "obligations": tree(map(_figure, found.obligations)),
            **counted(
                {(row["occurrence_ref"], row["event_id"]): str(json.loads(row["body"])["type"]) for row in found.told},
                (row["occurrence_ref"] for row in heads),
                _news(found),
                found.outcomes,
            ),
        }
    )


def references(bodies: Iterable[str]) -> frozenset[str]:
    """The references, as eleven digits, that the bodies name, those of malformed ones where they can be found."""
    found = {reference for body in bodies for text in re.findall(r'"reference": *"([^"]*)"', body) if (reference := eleven_digits(text))}
    return frozenset(found)


def tidy(document: Mapping[str, Any]) -> Funnel:
    """Sorted, without counts of nought and empty groups; the counts of records always stand."""
    cleaned: Funnel = {}
    for key in sorted(document):
        value = document[key]
        content = tidy(value) if isinstance(value, Mapping) else value
        if content or not isinstance(value, Mapping | int) or key in (*_ALWAYS, "occurrences", "victims"):
            cleaned[key] = content
    return cleaned


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Every count in which two funnels differ, by its path."""
    if isinstance(expected, Mapping) or isinstance(found, Mapping):
        wanted, counted = expected or {}, found or {}
        return [
            line for key in sorted({*wanted, *counted}) for line in differences(wanted.get(key, 0), counted.get(key, 0), f"{path}/{key}")
        ]
    return [] if expected == found else [f"{path[1:]}: expected {expected}, found {found}"]


def reminding(instance: Instance, bodies: Sequence[str]) -> dict[str, int]:
    """What left to remind people: digests and their lines, texts, and the steps of the ladder that were taken over the replay's cases."""
    ours = references(bodies)
    left = [row for row in instance.tables.every("notifications") if row["message"] == "digest" and row["state"] in _LEFT]
    steps = [int(row["step"]) for row in instance.tables.every("obligations") if row["occurrence_ref"] in ours]
    counts = Counter(f"digests to {row['audience'].removesuffix('s')}s" if row["channel"] == "email" else "texts" for row in left)
    lines = sum(len(row.get("lines") or ()) for row in left)
    return {**counts, "lines in them": lines, "escalated once or more": sum(step > 0 for step in steps), "steps of the ladder": sum(steps)}


def _news(found: Stored) -> Iterator[News]:
    ours = {row["notification_id"] for row in found.notifications if row["message"] == "event"}
    for row in found.obligations:
        if row["kind"] == "event":
            yield News((row["occurrence_ref"], str(row["begun_by"])), _figure(row)[-1], row.get("evidence") in ours)


def _figure(row: Row) -> tuple[str, str, str, str, str]:
    """Kind, route, district, agreed or proposed, and what became of it, as the row itself says."""
    proposed = row.get("proposed")
    agreed = "-" if proposed is None else "proposed" if proposed else "agreed"
    state = str(row["state"])
    if state == "met":
        state = "met_in_time" if str(row["met_at"]) <= str(row["due_at"]) else "met_late"
    return str(row["kind"]), row.get("route") or "-", row.get("district") or "-", agreed, state


def _officers(audit: Iterable[Row]) -> int:
    return sum(row["occurrence_ref"] == OFFICERS and row["op"] == "recorded" for row in audit)


def _decided(row: Row) -> dict[str, Any]:
    """The decision that a part holds, with what the record says of the referral."""
    part = json.loads(row["body"])
    return {**(part.get("decision") or {}), "opt_out": (part.get("victim") or {}).get("referral_opt_out")}


def _routes(heads: Sequence[Row], victims: Sequence[Mapping[str, Any]], occurrences: Iterable[Row]) -> Funnel:
    named = {row["occurrence_ref"] for row in occurrences if row["part"] != "head" and not row.get("removed")}
    alone = [("no_route", "no-victim") for head in heads if head["occurrence_ref"] not in named]
    return tree([*((decision["route"], decision["rule_id"]) for decision in victims), *alone])


def _referrals(rows: Iterable[Row], victims: Iterable[Mapping[str, Any]]) -> Funnel:
    routed = [decision for decision in victims if decision.get("route") == _VICTIM_SERVICES]
    return {
        "referred": sum(row["message"] == "referral" and row["state"] in _REFERRED for row in rows),
        "opted_out": sum(decision["opt_out"] is True for decision in routed),
        "not_asked": sum(decision["opt_out"] is None for decision in routed),
    }
