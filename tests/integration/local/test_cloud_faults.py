"""Each fault of each service as a real SDK meets it: the error's class and code, whether the service did its work, and who is spared.

Must not test the list of rules itself (test_cloud_fault_rules.py).
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError

from tests.integration.cloud_fixture import RunningCloud
from tests.integration.local.fault_calls import fault_calls

SERVICES = ["ses", "sms", "dynamodb", "sqs", "s3", "sns"]
WORKER = f"ki-worker-{os.getpid()}"
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("service", "mode", "code", "status"),
    [
        ("ses", "throttle", "TooManyRequestsException", 429),
        ("ses", "error", "InternalServiceErrorException", 500),
        ("sms", "throttle", "ThrottlingException", 400),
        ("sms", "error", "InternalServerException", 500),
        ("sms", "conflict", "ConflictException", 400),
        ("dynamodb", "throttle", "ThrottlingException", 400),
        ("dynamodb", "error", "InternalServerError", 500),
        ("dynamodb", "conflict", "ConditionalCheckFailedException", 400),
        ("sqs", "throttle", "RequestThrottled", 403),
        ("sqs", "error", "InternalError", 500),
        ("s3", "throttle", "SlowDown", 503),
        ("s3", "error", "InternalError", 500),
        ("s3", "conflict", "OperationAborted", 409),
        ("sns", "throttle", "Throttling", 400),
        ("sns", "error", "InternalFailure", 500),
    ],
)
def test_a_refusal_has_the_services_own_code_and_no_effect(cloud: RunningCloud, service: str, mode: str, code: str, status: int) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    cloud.cloud.faults.replace([{"service": service, "operation": call.operation, "mode": mode}])
    client = cloud.client(call.client_name, app_id=WORKER)
    with pytest.raises(ClientError) as refused:
        call.make(client)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert cloud.cloud.faults.remaining() == []
    assert call.done(cloud) == 0
    call.make(client)
    assert call.done(cloud) == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("mode", "done"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_timeout_is_one_to_the_client(cloud: RunningCloud, service: str, mode: str, done: int) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    cloud.cloud.faults.replace([{"service": service, "mode": mode}])
    with pytest.raises(ReadTimeoutError):
        call.make(cloud.client(call.client_name, app_id=WORKER, read_timeout=0.4))
    assert call.done(cloud) == done


@pytest.mark.parametrize("service", ["ses", "dynamodb", "s3"])
def test_a_caller_of_endless_patience_finds_the_connection_cut(cloud: RunningCloud, service: str) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    settings = cloud.cloud.settings
    cloud.cloud.settings = replace(settings, hold_seconds=0.1)
    cloud.cloud.faults.replace([{"service": service, "mode": "timeout_after"}])
    with pytest.raises(HTTPClientError):
        call.make(cloud.client(call.client_name, app_id=WORKER))
    cloud.cloud.settings = settings
    assert call.done(cloud) == 1


WORKER_SOURCE = """
import os, sys
sys.path.insert(0, {root!r})
os.environ["AWS_SDK_UA_APP_ID"] = f"ki-worker-{{os.getpid()}}"
from tests.integration.cloud_fixture import RunningCloud
from tests.integration.local.fault_calls import fault_calls
cloud = RunningCloud({url!r}, None, None, None)
call = fault_calls(cloud)[{service!r}]
call.make(cloud.client(call.client_name))
print("survived")
"""


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("mode", "done"), [("crash_before", 0), ("crash_after", 1)])
def test_a_crash_kills_the_calling_worker(cloud: RunningCloud, service: str, mode: str, done: int) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    cloud.cloud.faults.replace([{"service": service, "operation": call.operation, "mode": mode}])
    source = WORKER_SOURCE.format(root=str(ROOT), url=cloud.endpoint_url, service=service)
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (-9, "")
    assert call.done(cloud) == done


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("app_id", [None, "ki-host", "another-worker-12"])
def test_only_workers_meet_faults(cloud: RunningCloud, service: str, app_id: str | None) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    cloud.cloud.faults.replace([{"service": service, "mode": "error"}])
    call.make(cloud.client(call.client_name, app_id=app_id))
    assert call.done(cloud) == 1
    assert cloud.cloud.faults.remaining()[0]["times"] == 1


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("mode", ["throttle", "error"])
def test_the_sdks_own_retry_gets_past_a_rule_of_one_time(cloud: RunningCloud, service: str, mode: str) -> None:
    call = fault_calls(cloud)[service]
    call.prepare(cloud)
    cloud.cloud.faults.replace([{"service": service, "mode": mode}])
    call.make(cloud.client(call.client_name, app_id=WORKER, attempts=3))
    assert call.done(cloud) == 1


def test_a_transaction_in_conflict_names_the_reason_of_each_item(cloud: RunningCloud) -> None:
    put = fault_calls(cloud)["dynamodb"]
    put.prepare(cloud)
    cloud.cloud.faults.replace([{"service": "dynamodb", "operation": "TransactWriteItems", "mode": "conflict"}])
    items = [{"Put": put.arguments}, {"Put": {"TableName": "cases", "Item": {"k": {"S": "2"}}}}]
    with pytest.raises(ClientError) as cancelled:
        cloud.client("dynamodb", app_id=WORKER).transact_write_items(TransactItems=items)
    assert cancelled.value.response["Error"]["Code"] == "TransactionCanceledException"
    assert [reason["Code"] for reason in cancelled.value.response["CancellationReasons"]] == ["TransactionConflict", "None"]
    assert put.done(cloud) == 0


def test_an_unconditional_write_meets_a_transaction_not_a_condition(cloud: RunningCloud) -> None:
    fault_calls(cloud)["dynamodb"].prepare(cloud)
    cloud.cloud.faults.replace([{"service": "dynamodb", "mode": "conflict"}])
    with pytest.raises(ClientError) as refused:
        cloud.client("dynamodb", app_id=WORKER).put_item(TableName="cases", Item={"k": {"S": "1"}})
    assert refused.value.response["Error"]["Code"] == "TransactionConflictException"


@pytest.mark.parametrize(
    ("operation", "method", "arguments"),
    [
        ("PutObject", "put_object", {"Key": "a", "Body": b"x"}),
        ("GetObject", "get_object", {"Key": "a"}),
        ("HeadObject", "head_object", {"Key": "a"}),
        ("DeleteObject", "delete_object", {"Key": "a"}),
        ("CopyObject", "copy_object", {"Key": "b", "CopySource": "letters/a"}),
        ("DeleteObjects", "delete_objects", {"Delete": {"Objects": [{"Key": "a"}]}}),
        ("ListObjectsV2", "list_objects_v2", {}),
        ("ListObjects", "list_objects", {}),
        ("HeadBucket", "head_bucket", {}),
    ],
)
def test_a_rule_for_one_s3_operation_hits_that_one(cloud: RunningCloud, operation: str, method: str, arguments: dict) -> None:
    fault_calls(cloud)["s3"].prepare(cloud)
    cloud.cloud.faults.replace([{"service": "s3", "operation": operation, "mode": "throttle"}])
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client("s3", app_id=WORKER), method)(Bucket="letters", **arguments)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_pynamodb_names_its_worker_too(cloud: RunningCloud) -> None:
    fault_calls(cloud)["dynamodb"].prepare(cloud)
    cloud.cloud.faults.replace([{"service": "dynamodb", "operation": "PutItem", "mode": "crash_before"}])
    source = f"""
import os
os.environ["AWS_SDK_UA_APP_ID"] = f"ki-worker-{{os.getpid()}}"
os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local")
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model
class Case(Model):
    class Meta:
        table_name = "cases"
        region = "eu-west-2"
        host = {cloud.endpoint_url!r}
    k = UnicodeAttribute(hash_key=True)
Case("1").save()
"""
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr
