"""Sends a finished e-mail over Amazon SES v2, as raw MIME.

Must not render, retry, or give the provider anything but the message and its notification id.
"""

from __future__ import annotations

import re
from base64 import b64encode
from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.lean_client import LeanClient
from chalicelib.adapters.mime import mime
from chalicelib.adapters.send_errors import send_error
from chalicelib.domain.errors import PermanentSendError, SendError
from chalicelib.domain.messages import Email

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*")
"""RFC 5322's dot-atom: SES takes no letters beyond ASCII here, and nothing of ours is quoted."""
_DOMAIN = re.compile(r"([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
INVALID = "invalid_address"


class SesEmailSender:
    """The port `EmailSender`. `client` is a "sesv2" client without retries; `sender` the From header; `reply_to` a mailbox that is read."""

    def __init__(self, client: LeanClient, *, sender: str, reply_to: str, configuration_set: str) -> None:
        self._client = client
        self._sender = sender
        self._reply_to = reply_to
        self._configuration_set = configuration_set

    def send(self, email: Email) -> str:
        to = _address(email.to)
        raw = mime(email, to, sender=self._sender, reply_to=self._reply_to)
        failure: SendError
        try:
            request = {
                "Destination": {"ToAddresses": [to]},
                "Content": {"Raw": {"Data": b64encode(raw).decode()}},
                "ConfigurationSetName": self._configuration_set,
                "EmailTags": [{"Name": "notification_id", "Value": email.notification_id}],
            }
            return str(self._client.call("SendEmail", request, "/v2/email/outbound-emails")["MessageId"])
        except (BotoCoreError, ClientError) as error:
            failure = send_error(error)
        raise failure  # outside of the handler: the provider's text, which may quote the address, is not even its context


def _address(given: str) -> str:
    """The bare address in ASCII, its domain in the IDNA form; PermanentSendError for what SES does not take."""
    local, _, domain = given.rpartition("@")
    with suppress(UnicodeError):
        ascii_domain = domain.encode("idna").decode()
        if _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain):
            return f"{local}@{ascii_domain}"
    raise PermanentSendError(INVALID, dead_address=True)
