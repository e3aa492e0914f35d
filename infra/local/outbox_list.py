"""Everything that was delivered, as `/local/outbox.json` lists it: what the providers accepted, joined with what the outbox row knows.

Must not change anything; the shape is fixed by CONTRACT.md section 3.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infra.local.cloud import Cloud
from infra.local.due import moment, stamp
from infra.local.letters import Letters, PostedLetter
from infra.local.outbox_store import Accepted
from infra.local.table_reader import Row, TableReader

DIGEST = "digest"
"""A message about many occurrences, which its lines name."""


@dataclass(frozen=True, slots=True)
class OutboxList:
    """The list, oldest first. `base_url` is where the attachments are served."""

    cloud: Cloud
    letters: Letters
    tables: TableReader
    base_url: str

    def messages(self, offset_seconds: int) -> list[dict[str, Any]]:
        """Every accepted message. `offset_seconds` dates a letter whose row does not say when it was sent."""
        rows = {row["notification_id"]: row for row in self.tables.every("notifications")}
        sent = [self._sent(message) for message in self.cloud.accepted]
        laid = [self._laid(letter, rows.get(letter.notification_id, {}), offset_seconds) for letter in self.letters.all()]
        joined = [message | _known(rows.get(message["notification_id"], {})) for message in sent + laid]
        return sorted(joined, key=lambda message: str(message["accepted_at"]))

    def _sent(self, message: Accepted) -> dict[str, Any]:
        attachments = [
            {
                "filename": file.filename,
                "content_type": file.content_type,
                "size": file.size,
                "url": f"{self.base_url}/local/message/{message.provider_message_id}/{index}",
            }
            for index, file in enumerate(message.attachments)
        ]
        return {
            "channel": message.channel,
            "to": message.to,
            "from": message.from_,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "attachments": attachments,
            "headers": message.headers,
            "accepted_at": message.accepted_at.isoformat(),
            "notification_id": message.notification_id,
        }

    def _laid(self, letter: PostedLetter, row: Row, offset_seconds: int) -> dict[str, Any]:
        name = f"{letter.notification_id}.pdf"
        dated = moment(row["sent_at"]) if row.get("sent_at") else letter.put_at + timedelta(seconds=offset_seconds)
        file = {"filename": name, "content_type": "application/pdf", "size": letter.size, "url": f"{self.base_url}/local/letter/{name}"}
        return {
            "channel": "letter",
            "to": letter.to,
            "from": letter.sender,
            "subject": None,
            "text": letter.text,
            "html": None,
            "attachments": [file],
            "headers": {},
            "accepted_at": moment(stamp(dated)).isoformat(),
            "notification_id": letter.notification_id,
        }


def _known(row: Row) -> dict[str, Any]:
    """What the row of the outbox adds; all null for a message that no row of ours asked for."""
    return {
        "message": row.get("message"),
        "language": row.get("language"),
        "reference": None if row.get("message") == DIGEST else row.get("occurrence_ref"),
        "audience": row.get("audience"),
    }
