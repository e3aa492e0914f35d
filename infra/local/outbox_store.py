"""Everything that the mail and text stand-ins accepted, in order, as a provider would have it: for the console, the outbox list and tests.

Must not judge or send anything, and never writes to disk.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property


@dataclass(frozen=True)
class Attachment:
    """One attached file of an accepted mail. `size` is in bytes, after decoding."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Accepted:
    """One message that a stand-in accepted.

    `to` is one address, or several joined by ", "; `from_` is the From header as a reader sees it (mail) or the sender id (text);
    `accepted_at` is the host's clock, simulated or not; `raw` is the mail's source (`.eml`), empty for a text; `parts` counts the text's
    segments (0 for mail).
    """

    channel: str
    to: str
    from_: str
    subject: str | None
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    headers: dict[str, str]
    accepted_at: datetime
    notification_id: str
    raw: bytes
    provider_message_id: str
    parts: int

    @cached_property
    def _attached(self) -> list[EmailMessage]:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        return attached_parts(parsed)

    def content_of(self, index: int) -> bytes:
        """The decoded content of the attachment at `index`; IndexError where there is none."""
        return content_bytes(self._attached[index])


def attached_parts(message: EmailMessage) -> list[EmailMessage]:
    """The parts of a mail that a reader would see as files, in order."""
    bodies = {id(message.get_body((kind,))) for kind in ("plain", "html")}
    return [part for part in message.walk() if not part.is_multipart() and id(part) not in bodies and isinstance(part, EmailMessage)]


def content_bytes(part: EmailMessage) -> bytes:
    """A part's content with its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


class Outbox:
    """An append-only list, safe to read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[Accepted] = []

    def keep(self, message: Accepted) -> None:
        """Append one accepted message."""
        with self._lock:
            self._messages.append(message)

    def all(self) -> list[Accepted]:
        """Every message so far, oldest first (a copy)."""
        with self._lock:
            return list(self._messages)

    def find(self, provider_message_id: str) -> Accepted | None:
        """The message that the stand-in answered with this id."""
        return next((message for message in self.all() if message.provider_message_id == provider_message_id), None)

    def clear(self) -> None:
        """Forget everything: for tests that share one endpoint."""
        with self._lock:
            self._messages.clear()
