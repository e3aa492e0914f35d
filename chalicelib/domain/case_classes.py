"""To which class of retention a case belongs, by what is known of it; what is not known is taken for the class that is kept longest.

How long a class is kept, the profile says. Must not know a period, and must not decide what becomes of a case.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain.case import BY_A_PERSON, Case, Part
from chalicelib.domain.model import RecordType, Status, VictimKind


class CaseClass(StrEnum):
    """SPECIALIST is what is specialist or was, what people told, and whatever is not known."""

    NO_CRIME = "no_crime"
    BUSINESS = "business"
    ORDINARY = "ordinary"
    SPECIALIST = "specialist"


def case_class(case: Case) -> CaseClass:
    """The class of a case as it stands. A sign of any version counts, also one that was released, and one of a victim no longer named."""
    if _careful(case):
        return CaseClass.SPECIALIST
    if _no_crime(case):
        return CaseClass.NO_CRIME
    kinds = {part.victim.kind for part in case.parts.values()}
    return CaseClass.BUSINESS if kinds == {VictimKind.BUSINESS} else CaseClass.ORDINARY


def _careful(case: Case) -> bool:
    facts = case.head.facts
    if facts is None or facts.restricted or case.head.rules or case.head.releases:
        return True
    return any(_with_people(part) for part in case.parts.values())


def _with_people(part: Part) -> bool:
    """A victim whom the newest version does not name has no decision; what any version said of them are signs of the head."""
    decision = part.decision
    if decision is None:
        return not part.removed
    return decision.hold is not None or decision.route in BY_A_PERSON


def _no_crime(case: Case) -> bool:
    """Cancelled, or never recorded as a crime in any version."""
    if case.head.facts is not None and case.head.facts.status is Status.CANCELLED:
        return True
    kinds = {told.record_type for told in case.head.told}
    return kinds == {RecordType.INCIDENT}
