"""Whose rights are enhanced: who was assessed so, and who counts as enhanced until somebody assessed it, and after.

Victims' Code, enhanced rights: vulnerable or intimidated (a child always is), victim of a most serious crime, persistently targeted {CC}
{VCM} {NOTTS-ENH}. The list of most serious crimes is of an older text {HBEACON, OLD}, mapped to families of classes here [INF]. Must not
assess: that is a person's to do.
"""

from __future__ import annotations

from chalicelib.domain.contact_safety import is_child
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.model import Occurrence, RecordType, Victim, VictimKind
from chalicelib.domain.offences import Family, offence_class

MOST_SERIOUS = frozenset(
    {
        Family.DEATH,
        Family.ATTEMPTED_MURDER,
        Family.SEXUAL,
        Family.DOMESTIC_ABUSE,
        Family.GRIEVOUS_HARM,
        Family.KIDNAPPING,
        Family.EXPLOITATION,
    }
)


def counts_as_enhanced(occurrence: Occurrence, victim: Victim) -> bool:
    """Assessed as enhanced, or counted so without an assessment."""
    return bool(victim.enhanced and victim.enhanced.eligible) or counts_unassessed(occurrence, victim)


def counts_unassessed(occurrence: Occurrence, victim: Victim) -> bool:
    """A child on the day of the report, or the victim of hate crime, domestic abuse or a most serious crime."""
    if victim.kind is VictimKind.BUSINESS:
        return bool(occurrence.flags.hate_crime) or _hate(occurrence)
    child = is_child(victim, local_day(occurrence.reported_at))
    flagged = bool(occurrence.flags.hate_crime or occurrence.flags.domestic_abuse)
    return child or flagged or _hate(occurrence) or occurrence.record_type is RecordType.N100 or _most_serious(occurrence)


def _hate(occurrence: Occurrence) -> bool:
    return any(row.hate for offence in occurrence.offences if (row := offence_class(offence.code)))


def _most_serious(occurrence: Occurrence) -> bool:
    return any(row.family in MOST_SERIOUS for offence in occurrence.offences if (row := offence_class(offence.code)))
