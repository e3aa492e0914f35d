"""A direct reading of whether a message was allowed: the routing rules over every record that had arrived by that second, and nothing else.

Knows no head, part, mark or row: only what was delivered, when. Releases make it look away, since it keeps no state.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.model import KnownElsewhere, Occurrence, Victim
from chalicelib.domain.routes import decide_route, specialist_signs
from tests.house import parsed_once
from tests.unit.services.stage import Stage

Heard = tuple[datetime, Occurrence]


def heard_by(stage: Stage) -> list[Heard]:
    """Every accepted version with the moment at which it came."""
    times = [(datetime.fromisoformat(item["received_at"]), item["record"]) for item in stage.known]
    parsed = [(at, parsed_once(json.dumps(record), at)) for at, record in times]
    return [(at, one.occurrence) for at, one in parsed if getattr(one, "occurrence", None)]


def keys_of(victim: Victim) -> set[tuple[str, str]]:
    """What makes two victims one person, or one address."""
    people = [victim, *([victim.representative] if victim.representative else [])]
    points = [("email", person.email) for person in people] + [("mobile", person.mobile) for person in people]
    found = {(kind, point.value.lower()) for kind, point in points if point and point.value}
    return found | ({("person", victim.person_ref)} if victim.person_ref else set())


def rules_of(known: list[Occurrence], victim_id: str) -> frozenset[str]:
    """Specialist rules of any of these versions that hold this victim."""
    signs = (sign.partition("#") for version in known for sign in specialist_signs(version))
    return frozenset(rule for rule, _, whose in signs if whose in ("", victim_id))


def forbidden(stage: Stage) -> Iterator[str]:
    """Automatic messages that the rules forbade when they left, and why."""
    everything = heard_by(stage)
    for item in stage.left:
        if item.template not in ("acknowledgement", "referral", "update") or item.notification_id in stage.excused:
            continue
        for key in (item.notification_id, *stage.row(item.notification_id).speaks_for):
            row = stage.row(key)
            if any(release.victim_id == row.victim_id for release in stage.releases):
                continue
            known = [occurrence for at, occurrence in everything if at <= item.at]
            yield from _why(stage, known, row.reference, row.victim_id or "", item.at)


def _why(stage: Stage, known: list[Occurrence], reference: str, victim_id: str, at: datetime) -> Iterator[str]:
    versions = [occurrence for occurrence in known if occurrence.reference == reference]
    newest = max(versions, key=lambda occurrence: occurrence.version)
    victim = next((victim for victim in newest.victims if victim.id == victim_id), None)
    if victim is None:
        yield f"{reference} {victim_id}: not in the newest version"
        return
    sticky = rules_of(versions, victim_id)
    decision = decide_route(newest, victim, sticky=sticky, known=KnownElsewhere(), now=at, profile=stage.house.profile)
    if not decision.automatic:
        yield f"{reference} {victim_id}: {decision.rule_id}"
    for other in {occurrence.reference for occurrence in known} - {reference}:
        theirs = [occurrence for occurrence in known if occurrence.reference == other]
        same = {one.id for occurrence in theirs for one in occurrence.victims if keys_of(one) & keys_of(victim)}
        for whom in same:
            if rules_of(theirs, whom) and not any(release.reference == other for release in stage.releases):
                yield f"{reference} {victim_id}: specialist in {other}"
