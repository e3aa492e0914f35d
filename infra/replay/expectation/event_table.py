"""Every type of key event as docs/events.md has it: by when, whose it is to tell, and with which care.

Must not look at a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Telling(NamedTuple):
    """Working days for everybody and with enhanced rights. `bad`: told with care; `reason`: incomplete without one; `court`: Witness
    Care's, and counted from when the force received it."""

    days: int
    enhanced: int
    bad: bool = False
    reason: bool = True
    court: bool = False


_POLICE, _BAD = Telling(5, 1), Telling(5, 1, bad=True)
TELLINGS: Mapping[str, Telling] = {
    **dict.fromkeys(("arrested", "interviewed_under_caution", "charged", "charges_altered"), _POLICE),
    **dict.fromkeys(("released_no_charge", "released_on_bail", "released_under_investigation", "bail_changed", "bail_cancelled"), _POLICE),
    **dict.fromkeys(("not_investigated", "charges_dropped", "out_of_court_disposal", "not_prosecuted", "no_suspect_identified"), _BAD),
    **dict.fromkeys(("property_returned", "vps_offered"), Telling(5, 1, reason=False)),
    "response_delayed": Telling(0, 0),
    **dict.fromkeys(
        ("hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal"),
        Telling(1, 1, reason=False, court=True),
    ),
}
MEET_AGAIN = frozenset(
    {"released_no_charge", "released_on_bail", "released_under_investigation", "bail_changed", "bail_cancelled", "not_prosecuted",
     "charges_dropped"}
)  # fmt: skip
"""After which somebody whom the victim knows is about again."""
DECIDED = frozenset({"not_prosecuted", "charges_dropped"})
"""What carries a right to review."""
_REVIEW_FACTS = ("suspect_interviewed", "all_suspects_and_charges", "charged_other_offence", "victim_supports", "decided_by")


def open_facts(said: Mapping[str, object]) -> tuple[str, ...]:
    """What is not known of a decision and decides whether a review may be asked for, by its place in the contract."""
    return tuple(f"event.{name}" for name in _REVIEW_FACTS if name not in said) if said["type"] in DECIDED else ()
