"""The leak check as operations run it: over the archive and an outbox, with the releases that are on record.

Must not test the check's own reading (tests/unit/domain/test_leaks*.py).
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.domain.leak_kinds import What
from chalicelib.services.leak_check import LeakCheck
from tests.builders import iso, officer_record, release_message
from tests.unit.services.stage import HOUR, MINUTE, REF, Left, Stage, profile, record

OTHER = "26000799999"
DOMESTIC = {"flags": {"domestic_abuse": True}}


def check(stage: Stage, *more: dict[str, Any]) -> list[tuple[str | None, str]]:
    found = LeakCheck(stage.world.cases, stage.world.archive, profile()).run([*map(entry, stage.left), *more])
    return [(leak.victim_id, leak.what) for leak in found]


def entry(item: Left) -> dict[str, Any]:
    """As /local/outbox.json has it, which knows no victim."""
    return {
        "notification_id": item.notification_id, "reference": item.reference, "audience": item.audience, "channel": item.channel,
        "to": item.to, "accepted_at": iso(item.at), "message": str(item.template), "language": "en", "subject": None, "text": "",
        "html": None, "attachments": [],
    }  # fmt: skip


def test_nothing_that_the_house_sent_is_a_leak():
    stage = Stage()
    stage.put(officer_record(email="new.desk@example.test"))
    stage.version(**DOMESTIC)
    stage.version(reference="26000799999", victims=[])
    stage.version(2)
    stage.later(HOUR)
    stage.release()
    stage.later(MINUTE)
    assert [item.template for item in stage.left] == ["task", "acknowledgement", "referral"]
    assert check(stage) == []


def test_a_message_to_somebody_specialist_is_one():
    stage = Stage()
    stage.version(**DOMESTIC)
    planted = {
        "notification_id": "planted", "reference": "26000712345", "audience": "victim", "channel": "email", "to": "alex.morgan@example.org",
        "accepted_at": iso(stage.now + HOUR), "message": "acknowledgement", "language": "en", "subject": None, "text": "", "html": None,
        "attachments": [],
    }  # fmt: skip
    assert check(stage, planted) == [("V1", What.AUTOMATIC_MESSAGE_TO_SPECIALIST)]


def test_an_empty_house_has_none():
    assert check(Stage()) == []


def test_a_message_is_judged_for_every_linked_crime_that_it_told_of():
    stage = Stage()
    linked = {"linked_references": [REF, OTHER]}
    stage.version(**linked)
    stage.version(reference=OTHER, **linked)
    stage.later(HOUR)
    assert [item.template for item in stage.left] == ["acknowledgement", "referral"]
    assert check(stage) == []
    known_before = (stage.now - 2 * HOUR, json.dumps(record(2, reference=OTHER, **DOMESTIC)))
    stage.world.archive.kept["planted", 2, ""] = known_before
    assert {what for _, what in check(stage)} >= {What.AUTOMATIC_MESSAGE_TO_SPECIALIST, What.DETAILS_TO_SERVICE}


def test_a_release_of_the_records_system_lifts_what_it_had_sent_by_then():
    stage = Stage()
    stage.version(**DOMESTIC)
    stage.version(2)
    stage.later(HOUR)
    stage.put(release_message(now=stage.now))
    stage.later(HOUR)
    assert [item.template for item in stage.left] == ["task", "acknowledgement", "referral"]
    assert check(stage) == []
