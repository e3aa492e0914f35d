"""Holds the deployable template to what Chalice cannot say and what docs/design.md promises; never deploys anything."""

import json
import re
import shutil
from importlib import import_module
from typing import Any

import pytest
import yaml

from chalicelib.settings import KEYLESS
from infra.local.provision import LEFT_OUT_TYPES, LOCAL_VISIBILITY_SECONDS, PROVISIONED_TYPES, UnknownResourceTypeError, local_template
from infra.local.template import ROOT, deployable, packaged
from infra.package import STAGES, run_chalice

DESIGN = (ROOT / "docs" / "design.md").read_text()

QUEUES_WITHOUT_DEAD_LETTERS = {
    "kept-informed-records-dlq": "is itself a dead-letter queue",
    "kept-informed-dispatch-dlq": "is itself a dead-letter queue",
    "kept-informed-quarantine": "nothing consumes it: ids for the alarm and for the person who looks",
}
ROLES = {"APIHandler": "ApiHandlerRole"}
"""As Chalice calls them, where it calls function and role differently."""
SECRETS = {"KI_CONTACT_KEY", "KI_LINK_KEY", "KI_LINK_KEY_PREVIOUS"}
TABLES_WITHOUT_EXPIRY = {"officers": "the directory is current as long as the force says so"}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in deployable()["Resources"].items() if r["Type"] == kind}


def queue_of(mapping: dict[str, Any]) -> str:
    """The logical name of the queue that a mapping reads."""
    found = re.fullmatch(r"\$\{(\w+)\.Arn\}", mapping["EventSourceArn"]["Fn::Sub"])
    assert found, "the queue is named by reference, so that it exists before its mapping"
    return found.group(1)


@pytest.fixture(scope="module")
def written_by_chalice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command itself writes, in a copy of the project that needs no dependency downloaded."""
    copy = tmp_path_factory.mktemp("packaged")
    for part in ("app.py", "chalicelib", ".chalice", "infra"):
        source = ROOT / part
        ignored = shutil.ignore_patterns("deployments", "__pycache__")
        shutil.copytree(source, copy / part, ignore=ignored) if source.is_dir() else shutil.copy(source, copy / part)
    (copy / "requirements.txt").write_text("")
    run_chalice(copy, copy / "out", "dev")
    return yaml.safe_load((copy / "out" / "sam.yaml").read_text())


def test_the_stages_are_those_of_chalice():
    assert set(STAGES) == set(json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"])


def test_the_local_machine_starts_from_the_very_template_that_is_deployed(written_by_chalice):
    assert packaged() == written_by_chalice


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_which_it_is(stage):
    assert {f["Properties"]["Environment"]["Variables"]["KI_STAGE"] for f in functions_of(packaged(stage))} == {stage}


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_that_is_said_when_it_is_deployed_makes_another_stage_of_it(stage):
    """A prod with a clock that can be moved, or with guests alone, would be one parameter away. The stage is the package's own."""
    template = packaged(stage)
    stages = [f["Properties"]["Environment"]["Variables"]["KI_STAGE"] for f in functions_of(template)]
    assert all(type(said) is str for said in stages)
    assert not {"KI_STAGE", "KI_FORCES"} & set(template["Globals"]["Function"]["Environment"]["Variables"])
    variables = {name for f in functions_of(template) for name in f["Properties"]["Environment"]["Variables"]}
    assert not [name for name in {*variables, *template["Parameters"]} if re.search("clock|offset", name, re.IGNORECASE)]
    assert not [name for name in template["Parameters"] if "stage" in name.lower()]


@pytest.mark.parametrize("stage", STAGES)
def test_cloudformation_finds_no_fault_in_any_stage(stage):
    from infra.lint_template import faults  # loads the linter's schemas, for nobody else

    assert faults(yaml.safe_dump(packaged(stage))) == []


def functions_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]


def test_the_eight_functions_are_deployed_by_the_import_paths_of_the_design():
    handlers = {"app.app", "app.ingest", "app.dispatch", "app.receipts", "app.sweep", "app.leaks", "app.seal", "app.retention"}
    assert {f["Handler"] for f in of_type("AWS::Lambda::Function").values()} == handlers
    for function in of_type("AWS::Lambda::Function").values():
        module, name = function["Handler"].rsplit(".", 1)
        assert callable(getattr(import_module(module), name))


def test_every_queue_handler_reports_its_failures_one_by_one():
    mappings = of_type("AWS::Lambda::EventSourceMapping")
    assert len(mappings) == 2
    for name, mapping in mappings.items():
        assert mapping.get("FunctionResponseTypes") == ["ReportBatchItemFailures"], name
        assert mapping["BatchSize"] == 10, name


def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run():
    for mapping in of_type("AWS::Lambda::EventSourceMapping").values():
        function = of_type("AWS::Lambda::Function")[mapping["FunctionName"]["Ref"]]
        queue = of_type("AWS::SQS::Queue")[queue_of(mapping)]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_every_queue_has_a_dead_letter_queue_or_a_reason():
    queues = of_type("AWS::SQS::Queue")
    for queue in queues.values():
        if queue["QueueName"] in QUEUES_WITHOUT_DEAD_LETTERS:
            assert "RedrivePolicy" not in queue
            continue
        policy = queue["RedrivePolicy"]
        assert policy["maxReceiveCount"] == 5
        dead = queues[policy["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert dead["QueueName"] == queue["QueueName"] + "-dlq"
        assert dead["RedriveAllowPolicy"]["redrivePermission"] == "byQueue", "no other queue may lay anything there"
        (source,) = dead["RedriveAllowPolicy"]["sourceQueueArns"]
        assert source["Fn::Sub"].endswith(f":{queue['QueueName']}")
    assert set(QUEUES_WITHOUT_DEAD_LETTERS) <= {q["QueueName"] for q in queues.values()}


def test_every_queue_is_encrypted_and_keeps_what_it_holds_for_a_fortnight():
    for queue in of_type("AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


def designed_tables() -> dict[str, tuple[list[str], dict[str, list[str]]]]:
    """Name -> (keys, indexes) as the table of docs/design.md gives them."""
    found = {}
    section = DESIGN.split("## Tables, indexes and times")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 3 or not cells[1].startswith("`"):
            continue
        keys = [k for k in re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cells[1]))]
        indexes = {}
        for clause in re.sub(r"\([^)]*\)", "", cells[2]).split(";"):
            names = re.findall(r"`([^`]+)`", clause)
            if names:
                indexes[names[0]] = names[1:]
        found[cells[0]] = (keys, indexes)
    return found


def key_names(schema: list[dict[str, str]]) -> list[str]:
    return [k["AttributeName"] for k in sorted(schema, key=lambda k: k["KeyType"])]


def test_every_table_of_the_design_is_there_with_its_keys_and_indexes():
    declared = {}
    for table in of_type("AWS::DynamoDB::Table").values():
        indexes = {i["IndexName"]: key_names(i["KeySchema"]) for i in table.get("GlobalSecondaryIndexes", [])}
        declared[table["TableName"].removeprefix("kept-informed-")] = (key_names(table["KeySchema"]), indexes)
    assert len(declared) == 11
    assert declared == designed_tables()


def test_every_table_is_recoverable_encrypted_and_forgets_when_its_time_is_up():
    for table in of_type("AWS::DynamoDB::Table").values():
        name = table["TableName"].removeprefix("kept-informed-")
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Ref": "DataKey"}}, name
        assert table["DeletionProtectionEnabled"] == {"Fn::If": ["Protects", True, False]}, name
        expiry = table.get("TimeToLiveSpecification")
        assert expiry == (None if name in TABLES_WITHOUT_EXPIRY else {"AttributeName": "expires_at", "Enabled": True}), name


def test_every_bucket_is_private_encrypted_and_forgets():
    buckets = of_type("AWS::S3::Bucket")
    assert {b["BucketName"]["Fn::Sub"] for b in buckets.values()} == {
        "kept-informed-letters${BucketSuffix}",
        "kept-informed-quarantine-bodies${BucketSuffix}",
        "kept-informed-records-archive${BucketSuffix}",
        "kept-informed-seals${BucketSuffix}",
        "kept-informed-dead-receipts${BucketSuffix}",
    }
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert all("ExpirationInDays" in rule for rule in bucket["LifecycleConfiguration"]["Rules"])


def test_what_holds_personal_data_survives_the_stack():
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}
    for name, resource in deployable()["Resources"].items():
        if resource["Type"] in kept:
            assert resource["UpdateReplacePolicy"] == "Retain", name
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", f"{name}: a first deployment that failed can be repeated"


def variables_of(function: str) -> set[str]:
    return set(of_type("AWS::Lambda::Function")[function]["Environment"]["Variables"])


def test_every_variable_of_the_design_reaches_every_function_the_sign_in_the_pages_alone_and_keys_who_uses_them():
    section = DESIGN.split("## Environment")[1]
    wanted = set(re.findall(r"`(KI_[A-Z_]+)`", section))
    assert len(wanted) >= 15
    of_pages = {name for name in wanted if "SIGN_IN" in name}
    keys = {name for name in wanted if name in SECRETS}
    for name in of_type("AWS::Lambda::Function"):
        assert variables_of(name) - keys == (wanted if name == "APIHandler" else wanted - of_pages) - keys, name


def test_a_key_is_with_the_functions_that_use_it_and_with_no_other():
    """Whoever gets hold of the variables of a function that signs no link can sign none."""
    holders = {key: {name for name in of_type("AWS::Lambda::Function") if key in variables_of(name)} for key in SECRETS}
    assert holders == {
        "KI_CONTACT_KEY": {"APIHandler", "Ingest", "Dispatch", "Receipts", "Sweep", "Leaks"},
        "KI_LINK_KEY": {"APIHandler", "Dispatch"},
        "KI_LINK_KEY_PREVIOUS": {"APIHandler", "Dispatch"},
    }
    for key, keyless in KEYLESS.items():
        handlers = {f["Handler"] for name, f in of_type("AWS::Lambda::Function").items() if name not in holders[key]}
        assert handlers == keyless, "what settings.py does not ask for is what the template does not give"


def test_every_secret_of_a_function_is_one_of_these():
    given = [f["Environment"]["Variables"] for f in of_type("AWS::Lambda::Function").values()]
    assert {key for variables in given for key, value in variables.items() if "secretsmanager" in str(value)} == SECRETS


def test_receipts_of_both_providers_reach_their_function_and_no_queue():
    (subscription,) = [s for s in of_type("AWS::SNS::Subscription").values() if s["Protocol"] != "email"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("lambda", {"Fn::GetAtt": ["Receipts", "Arn"]})
    assert subscription["TopicArn"] == {"Fn::Sub": "${ReceiptsTopic}"}
    mail = of_type("AWS::SES::ConfigurationSetEventDestination")["MailReceipts"]["EventDestination"]
    text = of_type("AWS::SMSVOICE::ConfigurationSet")["TextConfigurationSet"]["EventDestinations"][0]
    assert mail["SnsDestination"] == {"TopicARN": {"Ref": "ReceiptsTopic"}}
    assert text["SnsDestination"] == {"TopicArn": {"Ref": "ReceiptsTopic"}}
    assert not {"OPEN", "CLICK"} & set(mail["MatchingEventTypes"]), "a victim is never watched"


def test_receipts_that_cannot_be_taken_lie_in_a_bucket_of_their_own_for_a_fortnight():
    (failures,) = of_type("AWS::Lambda::EventInvokeConfig").values()
    assert failures["FunctionName"] == {"Ref": "Receipts"}
    assert failures["DestinationConfig"] == {"OnFailure": {"Destination": {"Fn::GetAtt": ["DeadReceiptsBucket", "Arn"]}}}
    assert [rule["ExpirationInDays"] for rule in of_type("AWS::S3::Bucket")["DeadReceiptsBucket"]["LifecycleConfiguration"]["Rules"]] == [
        14
    ]
    assert "VersioningConfiguration" not in of_type("AWS::S3::Bucket")["DeadReceiptsBucket"], "what was put back is gone"
    may = {f: allowed_on(f, "DeadReceiptsBucket") for f in of_type("AWS::Lambda::Function") if allowed_on(f, "DeadReceiptsBucket")}
    asked = {"Receipts": {"s3:PutObject", "s3:ListBucket"}, "Sweep": {"s3:ListBucket"}}
    assert may == asked, "as Lambda asks of the function's role, and to count them; nobody reads one"
    (counted,) = [s for s in statements_of("Sweep") if "s3:ListBucket" in s["Action"]]
    assert (counted["Action"], counted["Resource"]) == (["s3:ListBucket"], {"Fn::GetAtt": ["DeadReceiptsBucket", "Arn"]})


def test_a_subscription_of_anything_but_a_function_stops_the_local_machine():
    queue = {"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "sqs", "TopicArn": "t", "Endpoint": "q"}}
    with pytest.raises(UnknownResourceTypeError, match="Strange"):
        local_template({"Resources": {"Strange": queue}})


def statements_of(function: str) -> list[dict[str, Any]]:
    role = of_type("AWS::Lambda::Function")[function]["Role"]["Fn::GetAtt"][0]
    assert role == ROLES.get(function, f"{function}Role"), "every function has a role of its own"
    found: list[dict[str, Any]] = of_type("AWS::IAM::Role")[role]["Policies"][0]["PolicyDocument"]["Statement"]
    return found


def allowed_on(function: str, resource: str) -> set[str]:
    """The actions that a function may take on a resource, by its logical name."""
    return {action for s in statements_of(function) if resource in str(s["Resource"]) for action in s["Action"]}


def actions_of(function: str) -> set[str]:
    return {action for s in statements_of(function) for action in s["Action"]}


def policies() -> dict[str, list[dict[str, Any]]]:
    """The statements of every role and managed policy, by logical name."""
    roles = {name: r.get("Policies", []) for name, r in of_type("AWS::IAM::Role").items()}
    managed = {name: p["PolicyDocument"]["Statement"] for name, p in of_type("AWS::IAM::ManagedPolicy").items()}
    return managed | {name: [s for policy in own for s in policy["PolicyDocument"]["Statement"]] for name, own in roles.items()}


def test_nobody_may_do_everything_or_anything_to_everything():
    """Of functions, schedules and operators alike; X-Ray alone knows no resources."""
    assert len(policies()) >= 12
    for name, statements in policies().items():
        for statement in statements:
            actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
            assert statement["Effect"] == "Allow"
            assert not [action for action in actions if "*" in action], name
            if statement["Resource"] == "*":
                assert set(actions) == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, name


def test_no_role_takes_a_managed_policy_of_aws_but_that_by_which_the_gateway_writes_its_log():
    of_aws = {
        name: r["ManagedPolicyArns"]
        for name, r in of_type("AWS::IAM::Role").items()
        if "iam::aws:policy" in str(r.get("ManagedPolicyArns"))
    }
    assert set(of_aws) == {"PagesLogRole"}


@pytest.mark.parametrize("function", ["Ingest", "Dispatch", "Receipts", "Sweep", "Leaks", "Retention"])
def test_no_function_may_scan_delete_an_audit_line_or_act_on_everything(function):
    actions = actions_of(function)
    assert "dynamodb:Scan" not in actions
    assert not [action for action in actions if "*" in action]
    assert [s["Sid"] for s in statements_of(function) if s["Resource"] == "*"] == ["Traces"]
    reads = {"dynamodb:Query"} if function == "Leaks" else set()  # what was disclosed, of which it judges every message
    assert allowed_on(function, "AuditTable") == {"dynamodb:PutItem"} | reads
    assert allowed_on(function, "ControlTable") == {"dynamodb:Query"}, "the clock"


def test_only_dispatch_may_send():
    senders = {"ses:SendEmail", "ses:SendRawEmail", "sms-voice:SendTextMessage"}
    may = {f for f in of_type("AWS::Lambda::Function") if senders & {action for s in statements_of(f) for action in s["Action"]}}
    assert may == {"Dispatch"}
    assert {f for f in of_type("AWS::Lambda::Function") if allowed_on(f, "LettersBucket")} == {"Dispatch"}


def test_only_dispatch_may_tell_the_records_system():
    """What the topic carries is ids, enums and times."""
    assert {f: allowed_on(f, "OutTopic") for f in of_type("AWS::Lambda::Function") if allowed_on(f, "OutTopic")} == {
        "Dispatch": {"sns:Publish"}
    }
    assert not [
        action for f in of_type("AWS::Lambda::Function") if f != "Dispatch" for action in actions_of(f) if action.startswith("sns:")
    ]


def test_the_sweep_decides_reminds_and_hints_and_no_more():
    """Services of its own: tables, and the queue of hints. No mail, no topic; it counts the quarantine and dead receipts."""
    assert {action.partition(":")[0] for action in actions_of("Sweep")} == {"logs", "xray", "kms", "dynamodb", "sqs", "s3"}
    assert {name for name in of_type("AWS::S3::Bucket") if allowed_on("Sweep", name)} == {"DeadReceiptsBucket"}
    assert allowed_on("Sweep", "DispatchQueue") == {"sqs:SendMessage"}
    assert {name for name in of_type("AWS::SQS::Queue") if allowed_on("Sweep", name)} == {"DispatchQueue"}
    assert allowed_on("Sweep", "OfficersTable") == {"dynamodb:Query"}
    assert allowed_on("Sweep", "EventsTable") == {"dynamodb:Query"}
    assert allowed_on("Sweep", "ContactMessagesTable") == set()
    (counted,) = [s for s in statements_of("Sweep") if "QuarantineTable" in str(s["Resource"])]
    assert (counted["Action"], counted["Resource"]) == (["dynamodb:Query"], {"Fn::Sub": "${QuarantineTable.Arn}/index/waiting"})


def test_only_dispatch_may_claim_a_row():
    may = {f for f in of_type("AWS::Lambda::Function") if "dynamodb:UpdateItem" in allowed_on(f, "NotificationsTable")}
    assert may == {"Dispatch"}


def test_only_ingest_may_write_the_quarantine_and_nobody_may_read_its_bodies():
    for function in of_type("AWS::Lambda::Function"):
        assert allowed_on(function, "QuarantineBodiesBucket") == ({"s3:PutObject"} if function == "Ingest" else set())
        assert bool(allowed_on(function, "QuarantineTable") - {"dynamodb:Query"}) == (function == "Ingest")
        assert bool(allowed_on(function, "QuarantineTable")) == (function in {"Ingest", "Sweep"})


def test_only_who_takes_in_what_was_said_may_write_it():
    """Ingest what the records system said, dispatch that a message came through the page, the pages what an officer said there; nobody
    deletes it, and an event stays as it was kept until retention takes its words."""
    writers = {
        "EventsTable": ({"Ingest", "Dispatch", "APIHandler", "Retention"}, "PutItem"),
        "OfficersTable": ({"Ingest", "APIHandler"}, "UpdateItem"),
    }
    for function in of_type("AWS::Lambda::Function"):
        for table, (who, how) in writers.items():
            written = allowed_on(function, table) & {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
            assert written == ({f"dynamodb:{how}"} if function in who else set())
    archive = {f: allowed_on(f, "RecordsArchiveBucket") for f in of_type("AWS::Lambda::Function") if allowed_on(f, "RecordsArchiveBucket")}
    reads = {"Dispatch": {"s3:GetObject"}, "Leaks": {"s3:GetObject", "s3:ListBucket"}}
    ends = {"Retention": {"s3:ListBucketVersions", "s3:DeleteObjectVersion"}}
    assert archive == {"Ingest": {"s3:PutObject"}} | reads | ends, "dispatch finishes what was interrupted, the leak check judges"


def test_every_resource_type_is_either_provisioned_locally_or_left_out_for_a_reason():
    used = {r["Type"] for r in deployable()["Resources"].values()}
    assert used == PROVISIONED_TYPES | set(LEFT_OUT_TYPES), "a type that is new, or no longer used, changes one of the lists"
    assert not PROVISIONED_TYPES & set(LEFT_OUT_TYPES)
    assert all(reason for reason in LEFT_OUT_TYPES.values())


def test_a_type_on_neither_list_stops_the_local_machine():
    strange = {"Resources": {"New": {"Type": "AWS::Kinesis::Stream", "Properties": {}}}}
    with pytest.raises(UnknownResourceTypeError, match=r"AWS::Kinesis::Stream"):
        local_template(strange)


def test_the_local_deviations_are_the_visibility_timeout_and_the_expiry_and_nothing_else():
    local = local_template(deployable())["Resources"]
    for name, resource in local.items():
        original = deployable()["Resources"][name]
        changed = {k for k in original["Properties"] if original["Properties"][k] != resource["Properties"].get(k)}
        allowed = {"AWS::SQS::Queue": {"VisibilityTimeout"}, "AWS::DynamoDB::Table": {"TimeToLiveSpecification"}}
        assert changed <= allowed.get(resource["Type"], set()), name
        if resource["Type"] == "AWS::SQS::Queue":
            assert resource["Properties"]["VisibilityTimeout"] == LOCAL_VISIBILITY_SECONDS
