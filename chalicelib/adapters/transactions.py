"""Writes one decision as one DynamoDB transaction, and knows it again when it is repeated.

Must not decide anything: what is written, and on which condition, is said by `ports.Changes`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import codec, rows
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import AgreementRow, AuditRow, ContactPointRow, EventRow, NotificationRow, ObligationRow, OccurrenceRow
from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.obligations import Obligation
from chalicelib.services.ports import MOST_ITEMS, Changes, PointMark


class Writer:
    """Writes over one connection.

    Each write has a token of its own, under which the SDK repeats it where no answer came: for ten minutes DynamoDB answers a token as it
    did the first time (AWS, TransactWriteItems). A token made of the content alone would also swallow a write that is rightly made twice: a
    row held, released and held again. Of a write that was not answered a digest is kept: a warm function must not keep anybody's name.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._unanswered: tuple[str, str] | None = None

    def write(self, changes: Changes) -> None:
        """All or nothing. ValueError, before any call, for what no transaction can hold. After StoreUnavailable the same write may be
        repeated: it goes out under the same token."""
        _refuse_unfit(changes)
        if not changes.size:
            return
        earlier, self._unanswered = self._unanswered, None
        token = earlier[1] if earlier and earlier[0] == _digest(changes) else secrets.token_hex(16)
        try:
            _write(self._connection, changes, token)
        except StoreUnavailable:
            self._unanswered = (_digest(changes), token)
            raise


def _digest(changes: Changes) -> str:
    """The same for equal changes. Made only around a lost answer, since it costs as much as the write."""
    return hashlib.sha256(codec.dumps(changes).encode()).hexdigest()


@store_errors("commit")
def _write(connection: Connection, changes: Changes, token: str) -> None:
    with TransactWrite(connection=connection, client_request_token=token) as transaction:
        for head in changes.unmoved:
            transaction.condition_check(OccurrenceRow, head.reference, rows.HEAD, OccurrenceRow.revision == head.revision)
        for row, condition in _puts(changes):
            transaction.save(row, condition)
        for removed in changes.removed_notifications:
            transaction.delete(rows.notification_row(removed), stands_as(removed))
        for owed in changes.removed_obligations:
            transaction.delete(rows.obligation_row(owed), _owed_as(owed))
        for agreed in changes.removed_agreements:
            transaction.delete(AgreementRow(*agreed))
        for point, actions in _point_actions(changes).items():
            transaction.update(ContactPointRow(point), actions)


def stands_as(before: Notification | None) -> Condition:
    """That an outbox row stands as it was read: state, token and attempts; None: that it is not there."""
    if before is None:
        return NotificationRow.notification_id.does_not_exist()
    token = NotificationRow.token
    same_token = token.does_not_exist() if before.token is None else token == before.token
    same: Condition = (NotificationRow.state == before.state.value) & (NotificationRow.attempts == before.attempts) & same_token
    return same


def _owed_as(before: Obligation | None) -> Condition:
    if before is None:
        return ObligationRow.obligation_id.does_not_exist()
    same: Condition = (ObligationRow.state == before.state.value) & (ObligationRow.step == before.step)
    return same


def _puts(changes: Changes) -> Iterator[tuple[Model, Condition | None]]:
    if changes.head:
        before = changes.head.before.revision if changes.head.before else 0
        unmoved = OccurrenceRow.revision == before if before else OccurrenceRow.part.does_not_exist()
        yield rows.head_row(changes.head.after), unmoved
        for _, part in sorted((changes.parts or {}).items()):
            yield rows.part_row(changes.head.after.reference, part), None
    for row in changes.notifications:
        yield rows.notification_row(row.after), stands_as(row.before)
    for owed in changes.obligations:
        yield rows.obligation_row(owed.after), _owed_as(owed.before)
    for kept in changes.events:
        yield rows.event_row(kept), EventRow.event_id.does_not_exist()
    yield from ((row, _new_or_same(row)) for row in map(rows.audit_row, changes.audit))
    yield from ((row, None) for row in _unconditional(changes))


def _unconditional(changes: Changes) -> Iterator[Model]:
    """What may be written again without harm."""
    yield from map(rows.notification_row, changes.announced)
    yield from map(rows.agreement_row, changes.agreements)


_TOLD = ("op", "actor", "victim_id", "version", "rule", "notification_id", "recipient", "detail")


def _new_or_same(line: AuditRow) -> Condition:
    """That nobody wrote another line under this key: the log is appended to. The very same line may come again, after a lost answer."""
    same: Condition | None = None
    for name in _TOLD:
        attribute, value = getattr(AuditRow, name), getattr(line, name)
        told = attribute.does_not_exist() if value is None else attribute == value
        same = told if same is None else same & told
    condition: Condition = AuditRow.at_id.does_not_exist() | same
    return condition


def _point_actions(changes: Changes) -> dict[str, list[Action]]:
    """One update per contact point, since a transaction may touch an item only once: two victims may share a mobile."""
    actions: dict[str, list[Action]] = defaultdict(list)
    marks: dict[str, list[PointMark]] = defaultdict(list)
    for mark in changes.marks:
        marks[mark.point].append(mark)
    for point, of_point in marks.items():
        actions[point] += _mark_actions(of_point)
    for point, reason in dict(changes.closed_points).items():
        actions[point].append(ContactPointRow.closed.set(reason))
    return actions


def _mark_actions(marks: list[PointMark]) -> list[Action]:
    """Additions and removals of set members, which commute with those of other occurrences.

    One expression cannot both add to and delete from a set: where marks of one transaction differ, the careful ones are added and the
    others wait. That changes no answer, since what is asked is whether another *occurrence* marks the point.
    """
    named = ContactPointRow.named.add({f"{mark.reference}#{mark.victim_id}" for mark in marks})
    flags = [_flag(getattr(ContactPointRow, name), marks, name) for name in ("specialist", "do_not_contact")]
    return [named, *flags, _flag(ContactPointRow.held, marks, "held_at"), *_held_at(marks)]


def _held_at(marks: list[PointMark]) -> list[Action]:
    """Only ever later, since decisions follow each other: what was held once closes the links of before for good."""
    latest = max((mark.held_at for mark in marks if mark.held_at), default=None)
    return [ContactPointRow.held_at.set(codec.instant(latest))] if latest else []


def _flag(attribute: Any, marks: list[PointMark], name: str) -> Action:
    careful = {f"{mark.reference}#{mark.victim_id}" for mark in marks if getattr(mark, name)}  # a time counts as yes
    action: Action = attribute.add(careful) if careful else attribute.delete({f"{mark.reference}#{mark.victim_id}" for mark in marks})
    return action


def _refuse_unfit(changes: Changes) -> None:
    if changes.size > MOST_ITEMS:
        raise ValueError(f"{changes.size} items in one transaction")
    if changes.parts and not changes.head:
        raise ValueError("parts are written with their head")
    keys: list[tuple[str, ...]] = [("head", head.reference) for head in changes.unmoved]
    keys += [("head", changes.head.after.reference)] if changes.head else []
    keys += [("notification", swap.after.notification_id) for swap in changes.notifications]
    keys += [("notification", row.notification_id) for row in changes.removed_notifications]
    keys += [("obligation", swap.after.reference, swap.after.obligation_id) for swap in changes.obligations]
    keys += [("obligation", row.reference, row.obligation_id) for row in changes.removed_obligations]
    keys += [("event", kept.event.reference, kept.event.event_id) for kept in changes.events]
    keys += [("notification", row.notification_id) for row in changes.announced]
    keys += [("agreement", agreement.reference, agreement.victim_id) for agreement in changes.agreements]
    keys += [("agreement", *agreed) for agreed in changes.removed_agreements]
    keys += [("audit", entry.reference, entry.entry_id, codec.instant(entry.at)) for entry in changes.audit]
    if any(count > 1 for count in Counter(keys).values()):
        raise ValueError("two operations on one key")
