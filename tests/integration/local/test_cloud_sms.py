"""The SMS stand-in through the real SDK: what it refuses and with which code and reason, parts and price, each number's receipts.

Must not test faults: those are test_cloud_faults.py.
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.cloud_fixture import RunningCloud
from tests.integration.local.receipts_queue import receipts_queue


def send(cloud: RunningCloud, **changes: Any) -> str:
    request = {
        "DestinationPhoneNumber": "+447700900123",
        "OriginationIdentity": "KeptInform",
        "MessageBody": "Hello",
        "ConfigurationSetName": "kept-informed",
        "MessageType": "TRANSACTIONAL",
        "Context": {"notification_id": "n-1"},
        **changes,
    }
    wanted = {key: value for key, value in request.items() if value is not None}
    return str(cloud.client("pinpoint-sms-voice-v2").send_text_message(**wanted)["MessageId"])


INVALID = "ValidationException"


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"DestinationPhoneNumber": "07700900123"}, INVALID, "INVALID_PARAMETER"),
        ({"DestinationPhoneNumber": "447700900123"}, INVALID, "INVALID_PARAMETER"),
        ({"DestinationPhoneNumber": "+44 7700 900123"}, INVALID, "INVALID_PARAMETER"),
        ({"DestinationPhoneNumber": "+4477009001234567"}, INVALID, "INVALID_PARAMETER"),
        ({"DestinationPhoneNumber": "+12025550123"}, INVALID, "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"),
        ({"DestinationPhoneNumber": "+447700900954"}, "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        ({"OriginationIdentity": None}, INVALID, "MISSING_PARAMETER"),
        ({"OriginationIdentity": "TwelveLetter"}, INVALID, "INVALID_PARAMETER"),
        ({"OriginationIdentity": "Bad sender"}, INVALID, "INVALID_PARAMETER"),
        ({"OriginationIdentity": "Unknown"}, "ResourceNotFoundException", None),
        ({"ConfigurationSetName": "other"}, "ResourceNotFoundException", None),
        ({"MessageBody": None}, INVALID, "MISSING_PARAMETER"),
        ({"MessageBody": " \n "}, INVALID, "MISSING_PARAMETER"),
        ({"MessageBody": "x" * 1601}, INVALID, "MAXIMUM_SIZE_EXCEEDED"),
        ({"MessageType": "URGENT"}, INVALID, "INVALID_PARAMETER"),
        ({"MaxPrice": "a lot"}, INVALID, "INVALID_PARAMETER"),
        ({"MaxPrice": "0.03"}, INVALID, "PRICE_OVER_THRESHOLD"),
        ({"MessageBody": "x" * 161, "MaxPrice": "0.07"}, INVALID, "PRICE_OVER_THRESHOLD"),
        ({"TimeToLive": 259201}, INVALID, "INVALID_PARAMETER"),
        ({"Context": None}, INVALID, "INVALID_PARAMETER"),
        ({"Context": {"notification_id": "n-1", "name": "Alex"}}, INVALID, "INVALID_PARAMETER"),
        ({"Context": {"notification_id": " n-1"}}, INVALID, "INVALID_PARAMETER"),
    ],
)
def test_it_refuses_what_the_service_refuses(cloud: RunningCloud, changes: dict[str, Any], code: str, reason: str | None) -> None:
    with pytest.raises(ClientError) as refused:
        send(cloud, **changes)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response.get("Reason") == reason
    assert cloud.cloud.accepted == []
    assert cloud.cloud.receipts_owed() == 0


@pytest.mark.parametrize(("state", "code"), [("disabled", "AccessDeniedException"), ("spent", "ServiceQuotaExceededException")])
def test_an_account_that_may_not_send(cloud: RunningCloud, state: str, code: str) -> None:
    cloud.cloud.sms.set_account(state)
    with pytest.raises(ClientError) as refused:
        send(cloud)
    assert refused.value.response["Error"]["Code"] == code
    cloud.cloud.sms.set_account("active")
    assert send(cloud)


def test_other_operations_are_refused_not_lost(cloud: RunningCloud) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("pinpoint-sms-voice-v2").send_voice_message(
            DestinationPhoneNumber="+447700900123", OriginationIdentity="KeptInform", MessageBody="Hello"
        )
    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"


@pytest.mark.parametrize(
    ("text", "parts", "encoding"),
    [
        ("x" * 160, 1, "GSM"),
        ("x" * 161, 2, "GSM"),
        ("€" * 80, 1, "GSM"),
        ("€" * 81, 2, "GSM"),
        ("x" * 306, 2, "GSM"),
        ("x" * 307, 3, "GSM"),
        ("ŵ" * 70, 1, "Unicode"),
        ("ŵ" * 71, 2, "Unicode"),
        ("ŵ" * 135, 3, "Unicode"),
    ],
)
def test_parts_are_counted_and_priced(cloud: RunningCloud, text: str, parts: int, encoding: str) -> None:
    queue = receipts_queue(cloud)
    send(cloud, MessageBody=text)
    kept, final = cloud.cloud.accepted[0], queue.events()[-1]
    assert (kept.text, kept.parts, kept.subject, kept.html) == (text, parts, None, None)
    assert (final["totalMessageParts"], final["messageEncoding"], final["totalMessagePrice"]) == (
        parts,
        encoding,
        pytest.approx(0.04 * parts),
    )


def test_a_dry_run_sends_nothing(cloud: RunningCloud) -> None:
    assert send(cloud, DryRun=True)
    assert (cloud.cloud.accepted, cloud.cloud.receipts_owed()) == ([], 0)


@pytest.mark.parametrize(
    ("number", "kinds"),
    [
        ("+447700900123", ["TEXT_QUEUED", "TEXT_SUCCESSFUL", "TEXT_DELIVERED"]),
        ("+447700900950", ["TEXT_QUEUED", "TEXT_INVALID"]),
        ("+447700900951", ["TEXT_QUEUED", "TEXT_UNREACHABLE"]),
        ("+447700900952", ["TEXT_QUEUED", "TEXT_BLOCKED"]),
        ("+447700900953", []),
    ],
)
def test_each_number_brings_its_receipts(cloud: RunningCloud, number: str, kinds: list[str]) -> None:
    queue = receipts_queue(cloud)
    message_id = send(cloud, DestinationPhoneNumber=number)
    events = queue.events()
    assert [event["eventType"] for event in events] == kinds
    assert [event["isFinal"] for event in events] == [kind == kinds[-1] for kind in kinds]
    for event in events:
        assert event["context"] == {"notification_id": "n-1"}
        assert (event["messageId"], event["isoCountryCode"], event["eventVersion"]) == (message_id, "GB", "1.0")


def test_a_late_numbers_receipts_come_when_asked_for(cloud: RunningCloud) -> None:
    queue = receipts_queue(cloud)
    send(cloud, DestinationPhoneNumber="+447700900955")
    assert (queue.events(), cloud.cloud.receipts_owed()) == ([], 0)
    assert cloud.cloud.flush_late() == 3
    assert queue.events()[-1]["eventType"] == "TEXT_DELIVERED"
