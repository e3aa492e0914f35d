"""Holds the deployable template to what operations rely on: logs, keys, concurrency, schedules, parameters; never deploys."""

import re
from typing import Any

import pytest

from infra.local.template import ROOT, deployable, packaged
from tests.architecture.test_template import actions_of, allowed_on, of_type, statements_of

FUNCTIONS = {
    "APIHandler": "PagesLog",
    "Ingest": "IngestLog",
    "Dispatch": "DispatchLog",
    "Receipts": "ReceiptsLog",
    "Sweep": "SweepLog",
    "Leaks": "LeaksLog",
    "Seal": "SealLog",
    "Retention": "RetentionLog",
}
"""Each function and its log group."""
WITHOUT_DEFAULT = {"PublicUrl", "Runbook"}


def parameters() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = deployable()["Parameters"]
    return found


def statement(resource: str, sid: str) -> dict[str, Any]:
    """One statement of a resource's own policy."""
    properties = deployable()["Resources"][resource]["Properties"]
    document = properties.get("KeyPolicy") or properties["PolicyDocument"]
    (found,) = [s for s in document["Statement"] if s.get("Sid") == sid]
    return found


def test_only_where_the_pages_and_the_runbook_are_must_be_said_to_deploy_it():
    """Everything else has a default that is safe; a force that says nothing more sends nothing and loses nothing."""
    assert {name for name, parameter in parameters().items() if "Default" not in parameter} == WITHOUT_DEFAULT
    assert all(parameter["Description"] for parameter in parameters().values())


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_writes_to_its_own_log_and_to_no_other(function):
    properties = of_type("AWS::Lambda::Function")[function]
    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": FUNCTIONS[function]}}
    logs = [s for s in statements_of(function) if any(action.startswith("logs:") for action in s["Action"])]
    assert [(s["Action"], s["Resource"]) for s in logs] == [
        (["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": [FUNCTIONS[function], "Arn"]})
    ]


def test_every_log_is_encrypted_and_ends():
    groups = of_type("AWS::Logs::LogGroup")
    assert set(groups) == {*FUNCTIONS.values(), "PagesAccessLog"}
    for name, group in groups.items():
        assert group["KmsKeyId"] == {"Fn::GetAtt": ["SignalsKey", "Arn"]}
        assert group["RetentionInDays"] == (90 if name == "PagesAccessLog" else 400)
        assert group["LogGroupName"].startswith("/kept-informed/"), "what the key lets the service encrypt"


def test_the_key_of_the_data_is_for_no_service_of_aws():
    """Services that write logs and publish have a key of their own, and only for this account."""
    assert [s["Principal"] for s in of_type("AWS::KMS::Key")["DataKey"]["KeyPolicy"]["Statement"]] == [
        {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    ]
    publishers = statement("SignalsKey", "WhoPublishesToTheTopics")
    assert publishers["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert set(statement("ReceiptsTopicPolicy", "ProvidersPublishForThisAccountOnly")["Principal"]["Service"]) <= set(
        publishers["Principal"]["Service"]
    )
    assert statement("SignalsKey", "LogsOfThisService")["Condition"]
    assert all(key["EnableKeyRotation"] is True for key in of_type("AWS::KMS::Key").values())


def test_variables_and_secrets_are_encrypted_under_the_data_key():
    assert {str(f["KmsKeyArn"]) for f in of_type("AWS::Lambda::Function").values()} == {str({"Fn::GetAtt": ["DataKey", "Arn"]})}
    assert {str(s["KmsKeyId"]) for s in of_type("AWS::SecretsManager::Secret").values()} == {str({"Ref": "DataKey"})}
    for function in FUNCTIONS:
        assert {"kms:Decrypt", "kms:GenerateDataKey"} == allowed_on(function, "DataKey")


def test_every_topic_is_encrypted_and_taken_over_tls_alone():
    topics = of_type("AWS::SNS::Topic")
    assert all(topic["KmsMasterKeyId"] == {"Ref": "SignalsKey"} for topic in topics.values())
    held = {t["Ref"] for policy in of_type("AWS::SNS::TopicPolicy").values() for t in policy["Topics"]}
    assert held == set(topics)
    for policy in of_type("AWS::SNS::TopicPolicy"):
        assert statement(policy, "EncryptedTransportOnly")["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert allowed_on("Dispatch", "SignalsKey") == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert not [f for f in FUNCTIONS if f != "Dispatch" and allowed_on(f, "SignalsKey")]


def test_every_queue_and_bucket_is_used_over_tls_alone():
    held = [queue["Ref"] for policy in of_type("AWS::SQS::QueuePolicy").values() for queue in policy["Queues"]]
    assert sorted(held) == sorted(of_type("AWS::SQS::Queue")), "a queue has one policy, the last one that is put"
    assert all(statement(policy, "EncryptedTransportOnly")["Effect"] == "Deny" for policy in of_type("AWS::SQS::QueuePolicy"))
    buckets = {p["Bucket"]["Ref"] for p in of_type("AWS::S3::BucketPolicy").values()}
    assert buckets == set(of_type("AWS::S3::Bucket"))
    for bucket in of_type("AWS::S3::BucketPolicy"):
        assert statement(bucket, "EncryptedTransportOnly")["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_bucket_keeps_versions_but_that_of_receipts_which_must_be_gone_when_they_were_put_back():
    kept = {name: bucket.get("VersioningConfiguration") for name, bucket in of_type("AWS::S3::Bucket").items()}
    assert kept.pop("DeadReceiptsBucket") is None
    assert all(versions == {"Status": "Enabled"} for versions in kept.values())


def test_a_queue_feeds_no_more_than_its_function_may_run():
    """Else what is throttled counts as a failed delivery, and five of these are a dead letter."""
    for mapping in of_type("AWS::Lambda::EventSourceMapping").values():
        function = of_type("AWS::Lambda::Function")[mapping["FunctionName"]["Ref"]]
        condition, reserved, otherwise = function["ReservedConcurrentExecutions"]["Fn::If"]
        assert (condition, otherwise) == ("Reserves", {"Ref": "AWS::NoValue"})
        assert mapping["ScalingConfig"]["MaximumConcurrency"] <= reserved


def test_concurrency_is_reserved_for_every_function_where_the_account_has_any():
    reserved = {name: f["ReservedConcurrentExecutions"]["Fn::If"][1] for name, f in of_type("AWS::Lambda::Function").items()}
    assert reserved == {"APIHandler": 20, "Ingest": 5, "Dispatch": 5, "Receipts": 10, "Sweep": 1, "Leaks": 1, "Seal": 1, "Retention": 1}
    assert parameters()["ReserveConcurrency"]["Default"] == "no", "a new account cannot, and a template deploys as it is"


def test_the_quota_that_reserving_needs_is_said_as_a_number_wherever_it_is_asked_for():
    """Every function's share, and the hundred that AWS leaves unreserved (Lambda developer guide, reserved concurrency)."""
    needed = 100 + sum(f["ReservedConcurrentExecutions"]["Fn::If"][1] for f in of_type("AWS::Lambda::Function").values())
    (row,) = re.findall(r"^\| `ReserveConcurrency` \| (.+) \|$", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.MULTILINE)
    for text in (parameters()["ReserveConcurrency"]["Description"], row):
        assert re.findall(r"\d+", text) == [str(needed)], text


def test_every_function_is_traced_and_the_pages_api_is_not():
    assert {f["TracingConfig"]["Mode"] for f in of_type("AWS::Lambda::Function").values()} == {"Active"}


def test_every_schedule_goes_by_the_clock_of_london_and_under_a_role_of_its_own():
    schedules = of_type("AWS::Scheduler::Schedule")
    assert schedules
    assert not of_type("AWS::Events::Rule"), "a rule of events knows no time zone"
    for name, schedule in schedules.items():
        assert schedule["ScheduleExpressionTimezone"] == "Europe/London", name
        function = schedule["Target"]["Arn"]["Fn::GetAtt"][0]
        (policy,) = of_type("AWS::IAM::Role")[schedule["Target"]["RoleArn"]["Fn::GetAtt"][0]]["Policies"]
        (may,) = policy["PolicyDocument"]["Statement"]
        assert (may["Action"], may["Resource"]) == ("lambda:InvokeFunction", {"Fn::GetAtt": [function, "Arn"]})


def test_the_sender_signs_and_speaks_for_itself():
    (identity,) = of_type("AWS::SES::EmailIdentity").values()
    assert identity["DkimSigningAttributes"] == {"NextSigningKeyLength": "RSA_2048_BIT"}
    assert identity["ConfigurationSetAttributes"] == {"ConfigurationSetName": {"Ref": "MailConfigurationSet"}}
    assert identity["FeedbackAttributes"] == {"EmailForwardingEnabled": False}
    assert {"Dkim1", "Dkim2", "Dkim3", "MailFrom", "PagesAt"} <= set(deployable()["Outputs"])


def test_mail_leaves_from_the_domain_of_the_sender_alone():
    (mail,) = [s for s in statements_of("Dispatch") if s["Sid"] == "Mail"]
    known, otherwise = mail["Condition"]["Fn::If"][1:]
    assert known == {"StringLike": {"ses:FromAddress": {"Fn::Sub": "*@${MailDomain}"}}}
    assert otherwise == {"Ref": "AWS::NoValue"}


def test_nobody_may_make_a_log_group_or_a_key():
    assert not [a for f in FUNCTIONS for a in actions_of(f) if a.endswith(("CreateLogGroup", "CreateKey", "PutKeyPolicy"))]


@pytest.mark.parametrize("stage", ["dev", "rehearsal", "prod"])
def test_every_stage_is_told_who_its_guests_are(stage):
    variables = packaged(stage)["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["KI_GUESTS"] == {"Ref": "Guests"}
    assert parameters()["Guests"]["Default"] == "", "nobody"


def test_only_whom_the_force_names_may_put_records_on_the_queue():
    """Nobody by default. A role of whatever account, or a rule of this one, since another's needs a role; the other queues have no way
    in from outside."""
    rows = of_type("AWS::SQS::QueuePolicy")
    assert rows["RecordsQueuePolicy"]["Queues"] == [{"Ref": "RecordsQueue"}]
    assert not [s for s in rows["QueuesPolicy"]["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
    statements = [s["Fn::If"] for s in rows["RecordsQueuePolicy"]["PolicyDocument"]["Statement"] if "Fn::If" in s]
    assert [condition for condition, _, otherwise in statements if otherwise == {"Ref": "AWS::NoValue"}] == [
        "HasRecordsSender",
        "HasRecordsRule",
    ]
    role, rule = (way for _, way, _ in statements)
    assert role["Principal"] == {"AWS": {"Ref": "RecordsSender"}}
    own = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${RecordsRule}"
    assert rule["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::Sub": own}}}
    pattern = parameters()["RecordsRule"]["AllowedPattern"]
    assert re.fullmatch(pattern, "records/kept-informed-records")
    assert not re.fullmatch(pattern, "arn:aws:events:eu-west-2:444455556666:rule/records/kept-informed-records")
    assert {str(way["Resource"]) for way in (role, rule)} == {str({"Fn::GetAtt": ["RecordsQueue", "Arn"]})}
    assert set(role["Action"]) == {"sqs:SendMessage", "sqs:GetQueueUrl"}
    assert rule["Action"] == ["sqs:SendMessage"]
    assert parameters()["RecordsSender"]["Default"] == parameters()["RecordsRule"]["Default"] == ""
