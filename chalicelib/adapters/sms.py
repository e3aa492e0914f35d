"""Sends a finished text message over AWS End User Messaging SMS (pinpoint-sms-voice-v2).

Must not shorten, retry, or give the provider anything but the text and its notification id.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.send_errors import send_error
from chalicelib.domain.errors import SendError
from chalicelib.domain.messages import Sms


class EndUserMessagingSender:
    """The port `SmsSender`. `client` has no retries; `sender_id` is the force's one registered sender."""

    def __init__(self, client: Any, *, sender_id: str, configuration_set: str) -> None:
        self._client = client
        self._sender_id = sender_id
        self._configuration_set = configuration_set

    def send(self, sms: Sms) -> str:
        failure: SendError
        try:
            answer = self._client.send_text_message(
                DestinationPhoneNumber=sms.to,
                OriginationIdentity=self._sender_id,
                MessageBody=sms.body,
                MessageType="TRANSACTIONAL",
                ConfigurationSetName=self._configuration_set,
                Context={"notification_id": sms.notification_id},
            )
            return str(answer["MessageId"])
        except (BotoCoreError, ClientError) as error:
            failure = send_error(error)
        raise failure  # outside of the handler: the provider's text, which may quote the number, is not even its context
