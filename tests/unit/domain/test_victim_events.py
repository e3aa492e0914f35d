"""How what a victim asked for is read beside what the record says."""

from __future__ import annotations

import pytest

from chalicelib.domain.model import Victim, VictimKind
from chalicelib.domain.victim_events import Asked, CodeAsked, VictimAsked, as_asked
from tests.builders import NOW

REFERENCE = "26000712345"


def asked(what: Asked, victim_id: str = "V1") -> VictimAsked:
    return VictimAsked(REFERENCE, "A-1", victim_id, NOW, what)


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        ((), False),
        ((CodeAsked(REFERENCE, "K-1", "V1", NOW),), False),
        ((asked(Asked.STOP), asked(Asked.CORRECT)), False),
        ((asked(Asked.OPT_OUT, "V2"),), False),
        ((asked(Asked.STOP), asked(Asked.OPT_OUT)), True),
    ],
)
def test_a_no_to_the_referral_counts_for_whoever_said_it(events, answer):
    victim = Victim("V1", VictimKind.PERSON, referral_opt_out=False)
    assert as_asked(victim, events).referral_opt_out is answer
