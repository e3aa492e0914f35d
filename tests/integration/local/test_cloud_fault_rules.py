"""The list of fault rules: what is refused and with which words, which rule a call spends, and what is left.

Must not start an endpoint: how a fault feels to a client is in test_cloud_faults.py.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.faults import MODES, SERVICES, FaultRuleError, FaultRules


def rules(*items: dict[str, Any]) -> FaultRules:
    made = FaultRules()
    made.replace(list(items))
    return made


@pytest.mark.parametrize(
    ("document", "path", "reason"),
    [
        ({}, "$", "expected a list of rules"),
        (None, "$", "expected a list of rules"),
        ("[]", "$", "expected a list of rules"),
        (["x"], "[0]", "expected an object"),
        ([{}], "[0].service", "expected one of ses, sms, dynamodb, sqs, s3, sns"),
        ([{"service": "lambda", "mode": "error"}], "[0].service", "expected one of ses, sms, dynamodb, sqs, s3, sns"),
        ([{"service": ["ses"], "mode": "error"}], "[0].service", "expected one of ses, sms, dynamodb, sqs, s3, sns"),
        ([{"service": "ses"}], "[0].mode", "expected one of " + ", ".join(MODES)),
        ([{"service": "ses", "mode": "slow"}], "[0].mode", "expected one of " + ", ".join(MODES)),
        ([{"service": "ses", "mode": "error", "operation": "SendMail"}], "[0].operation", "not an operation of ses"),
        ([{"service": "ses", "mode": "error", "operation": 7}], "[0].operation", "not an operation of ses"),
        ([{"service": "sqs", "mode": "error", "operation": "PutItem"}], "[0].operation", "not an operation of sqs"),
        ([{"service": "sqs", "mode": "conflict"}], "[0].mode", "sqs has no conflict; dynamodb, sms and s3 have"),
        (
            [{"service": "dynamodb", "mode": "conflict", "operation": "GetItem"}],
            "[0].operation",
            "cannot conflict; these can: DeleteItem, PutItem, TransactGetItems, TransactWriteItems, UpdateItem",
        ),
        ([{"service": "ses", "mode": "error", "times": 0}], "[0].times", "expected a whole number from 1 to 1,000,000"),
        ([{"service": "ses", "mode": "error", "times": True}], "[0].times", "expected a whole number from 1 to 1,000,000"),
        ([{"service": "ses", "mode": "error", "times": "3"}], "[0].times", "expected a whole number from 1 to 1,000,000"),
        ([{"service": "ses", "mode": "error", "time": 3}], "[0].time", "unknown field; known are service, operation, mode, times"),
        ([{"service": "ses", "mode": "error"}, {"service": "ses", "mode": ""}], "[1].mode", "expected one of " + ", ".join(MODES)),
    ],
)
def test_a_wrong_rule_is_refused_by_path_and_changes_nothing(document: Any, path: str, reason: str) -> None:
    kept = rules({"service": "ses", "mode": "throttle"})
    with pytest.raises(FaultRuleError) as refused:
        kept.replace(document)
    assert (refused.value.path, refused.value.reason) == (path, reason)
    assert kept.remaining() == [{"service": "ses", "mode": "throttle", "operation": None, "times": 1}]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("mode", MODES)
def test_every_service_takes_every_mode_that_its_api_has(service: str, mode: str) -> None:
    if mode == "conflict" and service in ("ses", "sqs", "sns"):
        with pytest.raises(FaultRuleError):
            rules({"service": service, "mode": mode})
    else:
        assert len(rules({"service": service, "mode": mode}).remaining()) == 1


def test_the_first_rule_that_fits_is_spent_and_counts_down() -> None:
    made = rules(
        {"service": "dynamodb", "operation": "PutItem", "mode": "throttle", "times": 2},
        {"service": "dynamodb", "mode": "error"},
    )
    calls = [("ses", "SendEmail"), ("dynamodb", "PutItem"), ("dynamodb", "GetItem"), ("dynamodb", "PutItem"), ("dynamodb", "PutItem")]
    assert [made.take(*call) for call in calls] == [None, "throttle", "error", "throttle", None]
    assert made.remaining() == []
    assert not made.armed("dynamodb")


def test_a_conflict_waits_for_a_call_that_can_meet_one() -> None:
    made = rules({"service": "dynamodb", "mode": "conflict"})
    assert made.take("dynamodb", "Query") is None
    assert made.take("dynamodb", "TransactWriteItems") == "conflict"


def test_an_empty_list_clears() -> None:
    made = rules({"service": "s3", "mode": "error", "times": 9})
    made.replace([])
    assert made.take("s3", "PutObject") is None


def test_rules_are_added_behind_those_in_force() -> None:
    made = rules({"service": "ses", "mode": "error"})
    made.add([{"service": "ses", "mode": "throttle"}])
    assert [made.take("ses", "SendEmail") for _ in range(3)] == ["error", "throttle", None]
    with pytest.raises(FaultRuleError):
        made.add([{"service": "ses", "mode": "throttle"}, {"service": "post"}])
    assert made.remaining() == []


@pytest.mark.parametrize(
    "request_body",
    [
        b'{"EmailTags": [{"Name": "notification_id", "Value": "%s"}]}',
        b'{"Context": {"notification_id": "%s"}}',
        b'{"TransactItems": [{"Put": {"Item": {"notification_id": {"S": "%s"}}}}]}',
        b'{"Entries": [{"Id": "0", "MessageBody": "{\\"notification_id\\": \\"%s\\"}"}]}',
    ],
)
def test_a_hit_names_the_outbox_row_of_its_request(request_body: bytes) -> None:
    row = "0123456789abcdef" * 2
    made = FaultRules(lambda: datetime(2026, 11, 20, 10, tzinfo=UTC))
    made.replace([{"service": "ses", "mode": "throttle"}])
    made.take("sqs", "SendMessage", request_body)
    made.take("ses", "SendEmail", request_body % row.encode())
    (hit,) = made.hits()
    assert (hit.service, hit.operation, hit.mode, hit.notification_id) == ("ses", "SendEmail", "throttle", row)
    assert hit.at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_hit_that_names_no_row() -> None:
    made = rules({"service": "dynamodb", "mode": "error"})
    made.take("dynamodb", "Query", b'{"Key": {"occurrence_ref": {"S": "26000712345"}}}')
    assert [hit.notification_id for hit in made.hits()] == [None]
