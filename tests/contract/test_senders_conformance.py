"""What every sender of mail and text does: one message, one id back, and each of the three failures by its class.

Must not look at MIME (test_email_mime.py) or at the table of codes (test_send_errors.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.adapters.clients import Clients
from chalicelib.adapters.email import SesEmailSender
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.sms import EndUserMessagingSender
from chalicelib.domain.errors import PermanentSendError, SendError, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Attachment, Email, Letter, Sms
from tests.contract.stores import local_cloud
from tests.fakes import World
from tests.integration.cloud_fixture import REGION

EMAIL = Email(
    "n1", "alex@example.org", "Your report", "Dear Ŵyn\n", "<p>Dear Ŵyn</p>", (Attachment("a.pdf", "application/pdf", b"%PDF-1.7"),)
)
SMS = Sms("n1", "+447700900123", "Derbyshire Police: £5 €5 your report")


@dataclass(frozen=True)
class Sending:
    """`accepted()` is what the provider took, as (channel, to, notification id); `fail(mode)` lets the next send go wrong."""

    send: Callable[[], str]
    accepted: Callable[[], list[tuple[str, str, str]]]
    fail: Callable[[str], None]


FAILURES: dict[str, tuple[type[SendError], str]] = {
    "throttle": (TransientSendError, "before"),
    "error": (TransientSendError, "before"),
    "timeout_before": (UnknownOutcomeError, "before"),
    "timeout_after": (UnknownOutcomeError, "after"),
}


def _fake(channel: str) -> Sending:
    world = World()

    def fail(mode: str) -> None:
        kind, when = FAILURES[mode]
        world.calls.fail(f"{channel}.send", kind(mode), when=when)

    def send() -> str:
        return world.email.send(EMAIL) if channel == "email" else world.sms.send(SMS)

    def accepted() -> list[tuple[str, str, str]]:
        sent: list[Any] = [*world.email.sent, *world.sms.sent]
        return [(channel, message.to, message.notification_id) for message in sent]

    return Sending(send, accepted, fail)


@contextmanager
def _local(channel: str) -> Iterator[Sending]:
    with local_cloud() as cloud:
        clients = Clients(REGION, read_timeout=0.5)
        email = SesEmailSender(clients.ses, sender="Force <no@example.test>", reply_to="r@example.test", configuration_set="kept-informed")
        sms = EndUserMessagingSender(clients.sms, sender_id="KeptInform", configuration_set="kept-informed")

        def fail(mode: str) -> None:
            cloud.cloud.faults.replace([{"service": {"email": "ses", "sms": "sms"}[channel], "mode": mode}])

        def accepted() -> list[tuple[str, str, str]]:
            return [(message.channel, message.to, message.notification_id) for message in cloud.cloud.accepted]

        yield Sending(lambda: email.send(EMAIL) if channel == "email" else sms.send(SMS), accepted, fail)


@pytest.fixture(params=["fake", "local"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["email", "sms"])
def channel(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def sending(kind: str, channel: str) -> Iterator[Sending]:
    if kind == "fake":
        yield _fake(channel)
    else:
        with _local(channel) as found:
            yield found


def expected(channel: str) -> tuple[str, str, str]:
    return (channel, EMAIL.to if channel == "email" else SMS.to, "n1")


def test_a_message_is_taken_and_has_the_providers_id(sending, channel):
    first, second = sending.send(), sending.send()
    assert first
    assert first != second
    assert sending.accepted() == [expected(channel)] * 2


@pytest.mark.parametrize(("mode", "kind_of_error", "when"), [(mode, *row) for mode, row in FAILURES.items()])
def test_a_failure_has_its_class_and_is_not_repeated(sending, channel, mode, kind_of_error, when):
    sending.fail(mode)
    with pytest.raises(kind_of_error) as failed:
        sending.send()
    assert type(failed.value) is kind_of_error
    assert failed.value.code
    assert sending.accepted() == ([expected(channel)] if when == "after" else [])
    assert sending.send()
    assert len(sending.accepted()) == (2 if when == "after" else 1)


@pytest.mark.parametrize("state", ["suspended", "paused", "over_quota"])
def test_an_account_that_may_not_send_now_is_transient(state):
    with _local("email") as sending, local_cloud() as cloud:
        cloud.cloud.ses.set_account(state)
        with pytest.raises(TransientSendError):
            sending.send()
        cloud.cloud.ses.set_account("active")


@pytest.mark.parametrize("state", ["disabled", "spent"])
def test_an_account_that_may_not_text_now_is_transient(state):
    with _local("sms") as sending, local_cloud() as cloud:
        cloud.cloud.sms.set_account(state)
        with pytest.raises(TransientSendError):
            sending.send()
        cloud.cloud.sms.set_account("active")


def test_nobody_listening_is_transient():
    with local_cloud() as cloud, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        clients = Clients(REGION)
        email = SesEmailSender(clients.ses, sender="no@example.test", reply_to="r@example.test", configuration_set="kept-informed")
        with pytest.raises(TransientSendError, match="EndpointConnectionError"):
            email.send(EMAIL)
        assert cloud.cloud.accepted == []


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("reject@example.org", "MessageRejected"),
        ("alex@@example.org", "invalid_address"),
        ("alex@example.org\r\nBcc: eve@example.org", "invalid_address"),
        ("alex@example.org, eve@example.org", "invalid_address"),
        ("Ŵyn@example.org", "invalid_address"),
        ("@example.org", "invalid_address"),
        ("alex", "invalid_address"),
        ("", "invalid_address"),
        ("alex@" + "a" * 64 + ".org", "invalid_address"),
    ],
)
def test_a_refused_address_is_permanent_and_never_quoted(to, code):
    with local_cloud() as cloud:
        sender = SesEmailSender(Clients(REGION).ses, sender="no@example.test", reply_to="r@example.test", configuration_set="kept-informed")
        with pytest.raises(PermanentSendError) as failed:
            sender.send(Email("n1", to, "Your report", "text", None))
        assert failed.value.code == str(failed.value) == code
        assert failed.value.__cause__ is None
        assert cloud.cloud.accepted == []


def test_a_domain_of_other_letters_is_sent_in_its_ascii_form():
    with local_cloud() as cloud:
        sender = SesEmailSender(Clients(REGION).ses, sender="no@example.test", reply_to="r@example.test", configuration_set="kept-informed")
        sender.send(Email("n1", "alex@bücher.example", "Your report", "text", None))
        assert [message.to for message in cloud.cloud.accepted] == ["alex@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("07700900123", "ValidationException:INVALID_PARAMETER"),
        ("+447700900954", "ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT"),
    ],
)
def test_a_refused_number_is_permanent_and_never_quoted(to, code):
    with local_cloud() as cloud:
        sender = EndUserMessagingSender(Clients(REGION).sms, sender_id="KeptInform", configuration_set="kept-informed")
        with pytest.raises(PermanentSendError) as failed:
            sender.send(Sms("n1", to, "Hello"))
        assert failed.value.code == str(failed.value) == code
        assert failed.value.__cause__ is None
        assert failed.value.__context__ is None
        assert cloud.cloud.accepted == []


@pytest.mark.parametrize("mode", ["throttle", "error", "timeout_before", "conflict"])
def test_a_letter_that_cannot_be_laid_down_is_transient(mode):
    with local_cloud() as cloud:
        client = Clients(REGION, read_timeout=0.5).s3
        client.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": REGION})
        cloud.cloud.faults.replace([{"service": "s3", "mode": mode, "times": 99}])
        with pytest.raises(TransientSendError, match="letters"):
            S3LetterBox(client, bucket="letters").put(Letter("n1", b"%PDF-1.7"))
        cloud.cloud.faults.replace([])
        assert S3LetterBox(client, bucket="letters").put(Letter("n1", b"%PDF-1.7")) == "n1.pdf"
