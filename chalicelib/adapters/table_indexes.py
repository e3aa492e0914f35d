"""The indexes of the tables, and what makes a row stand in each; docs/data_model.md says who asks them.

Must not hold a rule: sparse keys are made in rows.py.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection


class RetentionIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Heads by when retention has to look at their case; sparse, since `retain_shard` goes when its content is gone.

    Only keys: a head that is written again without another date costs the index nothing."""

    class Meta:
        index_name = "retention"
        projection = KeysOnlyProjection()

    retain_shard = UnicodeAttribute(hash_key=True)
    retain_at = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Obligations by when the sweep has to look at them next; sparse, since `due_shard` goes when one is met or waived."""

    class Meta:
        index_name = "due"
        projection = AllProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    next_at = UnicodeAttribute(range_key=True)


class ByOfficerIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What an officer in the case still owes, by due time; sparse, since `officer_open` goes when it is met or waived."""

    class Meta:
        index_name = "by_officer"
        projection = AllProjection()

    officer_open = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class ObligationPeriodIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Obligations by the month in which their clock started, for figures."""

    class Meta:
        index_name = "period"
        projection = AllProjection()

    period = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class OpenIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Outbox rows that need attention, by when; sparse, since `open_shard` goes when a row waits for another or is final."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    open_shard = UnicodeAttribute(hash_key=True)
    open_at = UnicodeAttribute(range_key=True)


class ByOccurrenceIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_occurrence"
        projection = AllProjection()

    occurrence_ref = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class MessagesByOccurrenceIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What people wrote about one reference, in the order of time."""

    class Meta:
        index_name = "by_occurrence"
        projection = AllProjection()

    occurrence_ref = UnicodeAttribute(hash_key=True)
    received_at = UnicodeAttribute(range_key=True)


class QuarantineWaitingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Quarantined bodies that nobody has seen to, for the alarm; a row leaves it when somebody has."""

    class Meta:
        index_name = "waiting"
        projection = KeysOnlyProjection()

    waiting = UnicodeAttribute(hash_key=True)
    received_at = UnicodeAttribute(range_key=True)


class AuditPeriodIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Lines of the log by the day on which they were written, in order of time: what is sealed, and what left on a day."""

    class Meta:
        index_name = "period"
        projection = AllProjection()

    period = UnicodeAttribute(hash_key=True)
    at_id = UnicodeAttribute(range_key=True)


class NotificationPeriodIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Outbox rows by the day on which they were made, for figures."""

    class Meta:
        index_name = "period"
        projection = AllProjection()

    period = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)
