"""The tables as PynamoDB models: names, keys, indexes and attributes; docs/data_model.md says who uses which.

Must not read the environment (`bind_tables` is called before first use), and must not know domain types: rows.py maps them.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.adapters.table_indexes import (
    AuditPeriodIndex,
    ByOccurrenceIndex,
    ByOfficerIndex,
    DueIndex,
    MessagesByOccurrenceIndex,
    NotificationPeriodIndex,
    ObligationPeriodIndex,
    OpenIndex,
    QuarantineWaitingIndex,
    RetentionIndex,
)

MOST_RETRIES = 2  # by botocore, with backoff; safe, since every write carries a condition, a token or is idempotent


class TextSet(UnicodeSetAttribute):
    """A set of texts that is written sorted, so that a repeated transaction is the same request to the letter."""

    def serialize(self, value: Any) -> Any:
        return sorted(value) or None


class OccurrenceRow(Model):
    """The head of an occurrence and one part per victim. `body` is the whole as JSON; the rest repeats what other tools read."""

    class Meta:
        table_name = "occurrences"

    retention = RetentionIndex()
    occurrence_ref = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    body = UnicodeAttribute()
    revision = NumberAttribute(null=True)
    route = UnicodeAttribute(null=True)
    rule_id = UnicodeAttribute(null=True)
    rule_version = UnicodeAttribute(null=True)
    removed = BooleanAttribute(null=True)
    retain_shard = UnicodeAttribute(null=True)
    retain_at = UnicodeAttribute(null=True)


class AgreementRow(Model):
    class Meta:
        table_name = "agreements"

    occurrence_ref = UnicodeAttribute(hash_key=True)
    victim_id = UnicodeAttribute(range_key=True)
    every_days = NumberAttribute(null=True)
    method = UnicodeAttribute()
    next_update_on = UnicodeAttribute(null=True)
    proposed = BooleanAttribute()
    declined = BooleanAttribute()
    method_reason = UnicodeAttribute(null=True)
    agreed_by = UnicodeAttribute(null=True)
    agreed_at = UnicodeAttribute(null=True)
    ended = UnicodeAttribute(null=True)
    keeper = UnicodeAttribute(null=True)
    history = UnicodeAttribute(null=True)


class ObligationRow(Model):
    class Meta:
        table_name = "obligations"

    due = DueIndex()
    by_officer = ByOfficerIndex()
    by_period = ObligationPeriodIndex()
    occurrence_ref = UnicodeAttribute(hash_key=True)
    obligation_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    state = UnicodeAttribute()
    victim_id = UnicodeAttribute(null=True)
    rule_id = UnicodeAttribute()
    rule_from = UnicodeAttribute()
    started_at = UnicodeAttribute()
    due_at = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    next_at = UnicodeAttribute(null=True)
    officer_open = UnicodeAttribute(null=True)
    period = UnicodeAttribute()
    created_at = UnicodeAttribute()
    route = UnicodeAttribute(null=True)
    district = UnicodeAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    purpose = UnicodeAttribute(null=True)
    event = UnicodeAttribute(null=True)
    destinations: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    missing: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    urgent = BooleanAttribute()
    elsewhere = BooleanAttribute()
    evidence = UnicodeAttribute(null=True)
    met_at = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    officer = UnicodeAttribute(null=True)
    supervisor = UnicodeAttribute(null=True)
    automatic = BooleanAttribute(null=True)
    proposed = BooleanAttribute(null=True)
    tried_at = UnicodeAttribute(null=True)
    picked_up_at = UnicodeAttribute(null=True)
    begun_by = UnicodeAttribute(null=True)
    reopened_at = UnicodeAttribute(null=True)
    step = NumberAttribute()
    own = BooleanAttribute(null=True)


class NotificationRow(Model):
    """The outbox. `message` is the template; no address stands here."""

    class Meta:
        table_name = "notifications"

    open = OpenIndex()
    by_occurrence = ByOccurrenceIndex()
    by_period = NotificationPeriodIndex()
    notification_id = UnicodeAttribute(hash_key=True)
    occurrence_ref = UnicodeAttribute()
    victim_id = UnicodeAttribute(null=True)
    message = UnicodeAttribute()
    audience = UnicodeAttribute()
    channel = UnicodeAttribute()
    language = UnicodeAttribute()
    state = UnicodeAttribute()
    open_shard = UnicodeAttribute(null=True)
    open_at = UnicodeAttribute(null=True)
    period = UnicodeAttribute()
    created_at = UnicodeAttribute()
    not_before = UnicodeAttribute()
    waits_for: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    evidences: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute)
    speaks_for: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    announces = BooleanAttribute(null=True)
    why_not = UnicodeAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    task_id = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    attempts = NumberAttribute()
    attempted = BooleanAttribute()
    own = BooleanAttribute()
    token = UnicodeAttribute(null=True)
    point = UnicodeAttribute(null=True)
    went_to = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)
    provider_ref = UnicodeAttribute(null=True)
    sent_at = UnicodeAttribute(null=True)
    delivered_at = UnicodeAttribute(null=True)
    lines: ListAttribute[Any] = ListAttribute(null=True)
    reader = UnicodeAttribute(null=True)
    names_officer = UnicodeAttribute(null=True)
    names_crimes: ListAttribute[Any] = ListAttribute(of=UnicodeAttribute, null=True)
    body = UnicodeAttribute(null=True)


class EventRow(Model):
    """What else the records system told of an occurrence, once each."""

    class Meta:
        table_name = "events"

    occurrence_ref = UnicodeAttribute(hash_key=True)
    event_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    content_hash = UnicodeAttribute()
    received_at = UnicodeAttribute()
    body = UnicodeAttribute()


class ContactMessageRow(Model):
    """What somebody wrote through the page. `body` is the form as JSON; `expires_at` is when the store may forget it, in epoch seconds."""

    class Meta:
        table_name = "contact-messages"

    by_occurrence = MessagesByOccurrenceIndex()
    message_id = UnicodeAttribute(hash_key=True)
    occurrence_ref = UnicodeAttribute()
    received_at = UnicodeAttribute()
    expires_at = NumberAttribute()
    body = UnicodeAttribute()


class ContactPointRow(Model):
    """What is known of a person or address, by keyed hash. The sets hold `reference#victim`."""

    class Meta:
        table_name = "contact-points"

    point = UnicodeAttribute(hash_key=True)
    named = TextSet(null=True)
    specialist = TextSet(null=True)
    do_not_contact = TextSet(null=True)
    held = TextSet(null=True)
    held_at = UnicodeAttribute(null=True)
    closed = UnicodeAttribute(null=True)
    told_on = UnicodeAttribute(null=True)
    told_by = UnicodeAttribute(null=True)


class OfficerRow(Model):
    class Meta:
        table_name = "officers"

    collar_number = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    content_hash = UnicodeAttribute()
    body = UnicodeAttribute()
    absence = UnicodeAttribute(null=True)
    """What a signed-in person said, as JSON; no records system knows of it."""


class QuarantineTableRow(Model):
    """Ids, field paths and reasons; the body is in the bucket. Both are forgotten at `expires_at`, in epoch seconds. `waiting` is there
    until somebody has seen to it."""

    class Meta:
        table_name = "quarantine"

    by_waiting = QuarantineWaitingIndex()
    quarantine_id = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute()
    waiting = UnicodeAttribute(null=True)
    received_at = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)
    body = UnicodeAttribute()


class AuditRow(Model):
    """Append-only by the condition under which it is put (`transactions.py`). `at_id` is `<at>#<entry_id>`."""

    class Meta:
        table_name = "audit"

    by_period = AuditPeriodIndex()
    occurrence_ref = UnicodeAttribute(hash_key=True)
    at_id = UnicodeAttribute(range_key=True)
    period = UnicodeAttribute()
    entry_id = UnicodeAttribute()
    at = UnicodeAttribute()
    op = UnicodeAttribute()
    actor = UnicodeAttribute()
    victim_id = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    rule = UnicodeAttribute(null=True)
    notification_id = UnicodeAttribute(null=True)
    recipient = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)


class ControlRow(Model):
    """By name: `clock` the offset of a stage, `links#…` a revocation, `pauses` what is paused, `rate#…` a count until `expires_at`."""

    class Meta:
        table_name = "control"

    name = UnicodeAttribute(hash_key=True)
    offset_seconds = NumberAttribute(null=True)
    value = UnicodeAttribute(null=True)
    counted = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


_MODELS: tuple[type[Model], ...] = (
    OccurrenceRow, AgreementRow, ObligationRow, NotificationRow, EventRow, ContactMessageRow,
    ContactPointRow, OfficerRow, QuarantineTableRow, AuditRow, ControlRow,
)  # fmt: skip
TABLES: dict[str, type[Model]] = {model.Meta.table_name: model for model in _MODELS}
"""The models by the part of the table's name after the prefix."""


def bind_tables(prefix: str, region: str, *, host: str | None = None, read_timeout: float = 10) -> Connection:
    """Bind every model to its table before first use; what transactions go over. `host` None is AWS, `read_timeout` is in seconds.

    All models share one connection and so one botocore client, since making one costs more than a query. May be called again, for tests.
    """
    shared = Connection(
        region=region, host=host, read_timeout_seconds=read_timeout, connect_timeout_seconds=2, max_retry_attempts=MOST_RETRIES
    )
    for name, model in TABLES.items():
        model.Meta.table_name = prefix + name
        model.Meta.region = region
        model.Meta.host = host
        model._connection = None
        own = model._get_connection()
        shared.add_meta_table(own.get_meta_table())
        own.connection = shared
    return shared
