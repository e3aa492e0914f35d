"""A shop with several thefts, as the product and as the expectation acknowledge them: one message a day where that is not too late.

Must not decide which of the two is right: docs/adr/0020-one-a-day.md does.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests import builders
from tests.replay.expectation_stories import NOW
from tests.replay.test_expectation_product import differing


def _theft(draw: random.Random, number: int) -> str:
    letter = {"preferred_channel": "letter", "contact_safety": builders.contact_safety(NOW, safe_channels=["letter"])}
    who = draw.choice([{}, {}, {}, {"contact_name": "Robin Vale"}, {"referral_opt_out": True}, {"person_ref": "B2"}, letter])
    shop = builders.business(now=NOW, **({"person_ref": "B1", "email": "charlie.stone@example.org", "mobile": None} | who))
    offence = {"code": "46", "ho_code": None, "description": None, "principal": True}
    officer = builders.officer_named(draw.choice(["2345", "3456"]))
    facts: dict[str, Any] = {"offences": [offence], "victims": [shop], "officer": officer}
    linked = draw.choice([[], [], [f"2600071235{draw.randrange(6)}"]])
    record = builders.occurrence_record(
        now=NOW, reference=f"2600071235{number}", linked_references=linked, message_id=f"m-{number}", **facts
    )
    return json.dumps(record)


@pytest.mark.parametrize("seed", range(40))
def test_thefts_from_one_shop(seed: int) -> None:
    draw = random.Random(seed)
    days = sorted(draw.randrange(4) for _ in range(6))
    lines = [{"day": day, "wave": number, "body": _theft(draw, number)} for number, day in enumerate(days)]
    assert differing(lines, NOW, seed) == []
