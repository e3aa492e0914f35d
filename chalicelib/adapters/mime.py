"""Writes a finished e-mail as MIME, the text and HTML as alternatives, the attachments beside them.

The standard library parses every header it writes and encodes an attachment line by line; this writes what is plain as it is and asks the
library for the rest. Must not send, and must not let a text start a header. Formats: RFC 5322, 2045, 2046, 2047, 2231.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64encode
from email import policy
from email.message import EmailMessage
from functools import lru_cache

from chalicelib.domain.messages import Attachment, Email

_SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")
_PLAIN_HEADER = re.compile(r"[A-Za-z0-9.,:;'()/@<>\- ]{0,60}", re.ASCII)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
_BREAK = re.compile(r"\r\n|\r|\n")
_SEVEN_BIT_TEXT = re.compile(r"[\t\n\r -~]*", re.ASCII)
_LONGEST_LINE = 900
"""RFC 5322 allows 998 characters."""


def mime(email: Email, to: str, *, sender: str, reply_to: str) -> bytes:
    """The whole message in ASCII, lines ending in CRLF. No Message-ID, since SES sets its own; nothing in it is random."""
    subject = _one_line(email.subject)
    headers = [
        _folded("From", sender),
        f"To: {to}\r\n",
        _folded("Reply-To", reply_to),
        f"Subject: {subject}\r\n" if _PLAIN_HEADER.fullmatch(subject) else _fold("Subject", subject),
        "Auto-Submitted: auto-generated\r\n",  # RFC 3834
        "X-Auto-Response-Suppress: OOF, AutoReply\r\n",  # Exchange; not "All", which would suppress bounces too
        "MIME-Version: 1.0\r\n",
    ]
    seed = hashlib.sha256("\0".join((email.notification_id, email.text, email.html or "")).encode("utf-8", "replace")).hexdigest()
    body = _text("plain", email.text)
    if email.html is not None:
        body = _multipart("alternative", seed[:32], [body, _text("html", email.html)])
    if email.attachments:
        body = _multipart("mixed", seed[32:], [body, *map(_attachment, email.attachments)])
    return "".join(headers).encode("ascii") + body


def _text(kind: str, text: str) -> bytes:
    """A text part: as it is where seven bits and short lines do, else quoted-printable."""
    lines = _BREAK.sub("\r\n", text)
    lines += "" if lines.endswith("\r\n") else "\r\n"
    if _SEVEN_BIT_TEXT.fullmatch(lines) and max(map(len, lines.split("\r\n"))) <= _LONGEST_LINE:
        encoding, content = "7bit", lines.encode("ascii")
    else:
        encoding, content = "quoted-printable", binascii.b2a_qp(lines.encode("utf-8", "replace"))
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + content


def _attachment(attachment: Attachment) -> bytes:
    name = _one_line(attachment.filename)
    if _PLAIN_NAME.fullmatch(name):
        disposition = f'Content-Disposition: attachment; filename="{name}"\r\n'
    else:
        part = EmailMessage(_SEVEN_BIT)
        part.add_header("Content-Disposition", "attachment", filename=name)
        disposition = part.as_bytes().decode("ascii").removesuffix("\r\n")
    encoded = b64encode(attachment.content).decode("ascii")
    lines = "".join(f"{encoded[start : start + 76]}\r\n" for start in range(0, len(encoded), 76))
    head = f"Content-Type: {attachment.content_type}\r\nContent-Transfer-Encoding: base64\r\n{disposition}\r\n"
    return (head + lines).encode("ascii")


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    """`boundary` is a hash of what is in the parts, so that it stands in none of them."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary.encode("ascii"), part) for part in parts) + f"--{boundary}--\r\n".encode("ascii")


@lru_cache(maxsize=16)
def _folded(name: str, value: str) -> str:
    """The force's own headers, which every message has."""
    return _fold(name, value)


def _fold(name: str, value: str) -> str:
    """Encoded and folded by the standard library."""
    return str(_SEVEN_BIT.fold(name, _SEVEN_BIT.header_factory(name, value)))


def _one_line(text: str) -> str:
    """Line breaks and control characters become spaces, and encoded words (RFC 2047; the standard library would decode them on the way) are
    broken, so that no text can start a header."""
    visible = "".join(char if char.isprintable() else " " for char in text.replace("=?", "= ?"))
    return " ".join(visible.split())
