"""What people wrote through the page "Contact an officer", in DynamoDB: each message with the outbox row that has it routed.

Must not decide anything, and must not let anything of a message into an error.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from pynamodb.connection import Connection
from pynamodb.transactions import TransactWrite

from chalicelib.adapters import codec, rows
from chalicelib.adapters.reading import Reader
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactMessageRow, NotificationRow
from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import Contended


class DynamoContactMessages:
    """The port `ContactMessages`. `connection` is what `bind_tables` returned."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._reader = Reader(connection)

    def add(self, message: ContactMessage, row: Notification) -> bool:
        """Where the message is there already, somebody was faster or we were, before an answer was lost: it is one message."""
        try:
            _write(self._connection, message, row)
        except Contended:
            if self.get([message.message_id]):
                return False
            raise
        return True

    @store_errors("contact messages")
    def get(self, ids: Collection[str]) -> dict[str, ContactMessage]:
        keys = [{"message_id": key} for key in sorted(set(ids))]
        found = self._reader.batch({ContactMessageRow: keys})[ContactMessageRow]
        return {item["message_id"]: codec.loads(ContactMessage, item["body"]) for item in found}

    @store_errors("contact messages")
    def of(self, reference: str) -> list[ContactMessage]:
        found = [codec.loads(ContactMessage, row.body) for row in ContactMessageRow.by_occurrence.query(reference)]
        return sorted(found, key=lambda message: (message.received_at, message.message_id))


@store_errors("contact messages")
def _write(connection: Connection, message: ContactMessage, row: Notification) -> None:
    kept = ContactMessageRow(
        message.message_id,
        occurrence_ref=message.reference,
        received_at=codec.instant(message.received_at),
        expires_at=int(message.kept_until.timestamp()),
        body=codec.dumps(message),
    )
    with TransactWrite(connection=connection, client_request_token=secrets.token_hex(16)) as transaction:
        transaction.save(kept, ContactMessageRow.message_id.does_not_exist())
        transaction.save(rows.notification_row(row), NotificationRow.notification_id.does_not_exist())
