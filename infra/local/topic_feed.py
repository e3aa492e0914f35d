"""One topic's subscription at work: a function is invoked with each message, asynchronously, as Lambda does for SNS.

Must not know what a handler does. A failed invocation is repeated twice, then its record is laid into the bucket that is the function's
failure destination, as AWS does, or dropped where it has none.
"""

import json
import threading
import uuid
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


def failed_invocation(function: str, event: dict[str, Any]) -> dict[str, Any]:
    """What Lambda keeps of one that failed every try. Shape: Lambda developer guide, "Capturing records of asynchronous invocations"."""
    context = {"functionArn": function, "condition": "RetriesExhausted", "approximateInvokeCount": INVOCATIONS}
    return {"version": "1.0", "requestContext": context, "requestPayload": event, "responseContext": {"functionError": "Unhandled"}}


@dataclass(frozen=True, slots=True)
class LaidAside:
    """Where what failed goes: a bucket, or nowhere where its name is empty."""

    s3: Any
    bucket: str

    def keep(self, function: str, event: dict[str, Any]) -> None:
        if self.bucket:
            key = f"aws/lambda/async/{function}/{uuid.uuid4()}"
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps(failed_invocation(function, event)).encode())


@dataclass(frozen=True, slots=True)
class TopicPoller:
    """The waiting invocations of a function, and one worker of it."""

    function: Function
    process: FunctionProcess
    inbox: Inbox
    tally: Tally
    stopping: threading.Event
    failures: LaidAside

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
        event = topic_event(json.loads(message["Body"]))
        try:
            self.tally.invoke(self.function, self.process, event)
        except InvocationFailedError:
            if int(message["Attributes"]["ApproximateReceiveCount"]) < INVOCATIONS:
                self.inbox.sqs.change_message_visibility(**handle, VisibilityTimeout=RETRY_SECONDS)
                return
            self.failures.keep(self.function.name, event)
        self.inbox.sqs.delete_message(**handle)
