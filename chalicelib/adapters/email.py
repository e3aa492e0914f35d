"""Sends a finished e-mail over Amazon SES v2, as raw MIME.

Must not render, retry, or give the provider anything but the message and its notification id.
"""

from __future__ import annotations

import re
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.send_errors import send_error
from chalicelib.domain.errors import PermanentSendError, SendError
from chalicelib.domain.messages import Email

_SEVEN_BIT = policy.SMTP.clone(cte_type="7bit")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*")
"""RFC 5322's dot-atom: SES takes no letters beyond ASCII here, and nothing of ours is quoted."""
_DOMAIN = re.compile(r"([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
INVALID = "invalid_address"


class SesEmailSender:
    """The port `EmailSender`. `client` is a "sesv2" client without retries; `sender` the From header; `reply_to` a mailbox that is read."""

    def __init__(self, client: Any, *, sender: str, reply_to: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._reply_to = reply_to
        self._configuration_set = configuration_set

    def send(self, email: Email) -> str:
        to = _address(email.to)
        raw = mime(email, to, sender=self._sender, reply_to=self._reply_to).as_bytes()
        failure: SendError
        try:
            answer = self._client.send_email(
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": raw}},
                ConfigurationSetName=self._configuration_set,
                EmailTags=[{"Name": "notification_id", "Value": email.notification_id}],
            )
            return str(answer["MessageId"])
        except (BotoCoreError, ClientError) as error:
            failure = send_error(error)
        raise failure  # outside of the handler: the provider's text, which may quote the address, is not even its context


def mime(email: Email, to: str, *, sender: str, reply_to: str) -> EmailMessage:
    """The message: text and HTML as alternatives, then the attachments. No Message-ID, since SES sets its own."""
    message = EmailMessage(_SEVEN_BIT)
    message["From"] = sender
    message["To"] = to
    message["Reply-To"] = reply_to
    message["Subject"] = _one_line(email.subject)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange; not "All", which would suppress bounces too
    message.set_content(email.text)
    if email.html is not None:
        message.add_alternative(email.html, subtype="html")
    for attachment in email.attachments:
        main, _, sub = attachment.content_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=_one_line(attachment.filename))
    return message


def _one_line(text: str) -> str:
    """Line breaks and control characters become spaces, and encoded words (RFC 2047; the standard library would decode them on the way) are
    broken, so that no text can start a header."""
    visible = "".join(char if char.isprintable() else " " for char in text.replace("=?", "= ?"))
    return " ".join(visible.split())


def _address(given: str) -> str:
    """The bare address in ASCII, its domain in the IDNA form; PermanentSendError for what SES does not take."""
    local, _, domain = given.rpartition("@")
    with suppress(UnicodeError):
        ascii_domain = domain.encode("idna").decode()
        if _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain):
            return f"{local}@{ascii_domain}"
    raise PermanentSendError(INVALID, dead_address=True)
