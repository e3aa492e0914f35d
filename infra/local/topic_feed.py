"""One topic's subscription at work: a function is invoked with each message, asynchronously, as Lambda does for SNS.

Must not know what a handler does. A failed invocation is repeated twice, then the message is dropped, as AWS does with a function that has
no failure destination.
"""

import json
import threading
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.function_process import FunctionProcess, InvocationFailedError
from infra.local.inbox import Inbox
from infra.local.polling import BREATHER_SECONDS, Tally
from infra.local.stack import Function

INVOCATIONS = 3
RETRY_SECONDS = 1  # AWS waits one minute, then two
_RENAMED = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}


def topic_event(envelope: dict[str, Any]) -> dict[str, Any]:
    """The event of one message, from the envelope in which SNS delivers it. Shape: AWS Lambda developer guide, "Using Lambda with SNS"."""
    message = {_RENAMED.get(name, name): value for name, value in envelope.items()}
    whole = {"Subject": None, "MessageAttributes": {}} | message
    subscription = f"{message['TopicArn']}:00000000-0000-0000-0000-000000000000"
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription, "Sns": whole}]}


@dataclass(frozen=True, slots=True)
class TopicPoller:
    """The waiting invocations of a function, and one worker of it."""

    function: Function
    process: FunctionProcess
    inbox: Inbox
    tally: Tally
    stopping: threading.Event

    def run(self) -> None:
        """Work until told to stop."""
        while not self.stopping.is_set():
            try:
                self.process.ensure_started()
                for message in self.inbox.receive(10):
                    self._invoke(message)
            except (InvocationFailedError, BotoCoreError, ClientError):
                self.stopping.wait(BREATHER_SECONDS)

    def _invoke(self, message: dict[str, Any]) -> None:
        handle = {"QueueUrl": self.inbox.url, "ReceiptHandle": message["ReceiptHandle"]}
        try:
            self.tally.invoke(self.function, self.process, topic_event(json.loads(message["Body"])))
        except InvocationFailedError:
            if int(message["Attributes"]["ApproximateReceiveCount"]) < INVOCATIONS:
                self.inbox.sqs.change_message_visibility(**handle, VisibilityTimeout=RETRY_SECONDS)
                return
        self.inbox.sqs.delete_message(**handle)
