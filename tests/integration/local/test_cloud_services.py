"""Real SDK clients against the local endpoint: what ministack does reaches the caller unchanged, on loopback, and nothing is left behind.

Must not test the stand-ins or the faults.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra.local.cloud import bind
from tests.integration.cloud_fixture import RunningCloud, running_cloud

TABLE = {
    "TableName": "cases",
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_sqs_sends_receives_and_redrives(cloud: RunningCloud) -> None:
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="q-dlq")["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    url = sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"})["QueueUrl"]
    assert url.startswith(cloud.endpoint_url)
    sent = sqs.send_message(QueueUrl=url, MessageBody="körper", MessageAttributes={"a": {"DataType": "String", "StringValue": "1"}})
    received = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    assert (received["MessageId"], received["Body"]) == (sent["MessageId"], "körper")
    assert received["MessageAttributes"]["a"]["StringValue"] == "1"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert sqs.receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "körper"


def test_dynamodb_conditions_and_transactions(cloud: RunningCloud) -> None:
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(**TABLE)
    put = {"TableName": "cases", "Item": {"k": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(k)"}
    dynamodb.put_item(**put)
    with pytest.raises(ClientError) as again:
        dynamodb.put_item(**put)
    assert again.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "cases", "Item": {"k": {"S": "2"}}}}, {"Put": put}])
    assert [reason["Code"] for reason in cancelled.value.response["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in dynamodb.get_item(TableName="cases", Key={"k": {"S": "2"}}, ConsistentRead=True)


def test_one_of_many_claims_wins(cloud: RunningCloud) -> None:
    cloud.client("dynamodb").create_table(**TABLE)
    clients = [cloud.client("dynamodb") for _ in range(4)]

    def claim(number: int) -> str:
        item = {"k": {"S": "one"}, "by": {"N": str(number)}}
        try:
            clients[number % 4].put_item(TableName="cases", Item=item, ConditionExpression="attribute_not_exists(k)")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "won"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(claim, range(40)))
    assert outcomes == ["ConditionalCheckFailedException"] * 39 + ["won"]


def test_s3_keeps_bytes_and_leaves_no_file(cloud: RunningCloud) -> None:
    s3, before = cloud.client("s3"), files_left()
    s3.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    content = os.urandom(300_000)
    s3.put_object(Bucket="letters", Key="folder/a b.pdf", Body=content, ContentType="application/pdf")
    assert s3.get_object(Bucket="letters", Key="folder/a b.pdf")["Body"].read() == content
    assert s3.head_object(Bucket="letters", Key="folder/a b.pdf")["ContentType"] == "application/pdf"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="letters")["Contents"]] == ["folder/a b.pdf"]
    assert files_left() == before


def files_left() -> set[Path]:
    """What this process's endpoint has on disk; other tests of the same process may have asked for what needs a folder."""
    return set((Path(tempfile.gettempdir()) / f"kept-informed-local-{os.getpid()}").rglob("*"))


def test_reset_empties_it(cloud: RunningCloud) -> None:
    cloud.client("dynamodb").create_table(**TABLE)
    cloud.reset()
    assert cloud.client("dynamodb").list_tables()["TableNames"] == []


def test_ses_management_calls_are_passed_through(cloud: RunningCloud) -> None:
    ses = cloud.client("sesv2")
    ses.create_configuration_set(ConfigurationSetName="made-here")
    assert "made-here" in ses.list_configuration_sets()["ConfigurationSets"]


def test_it_listens_on_loopback_only(cloud: RunningCloud) -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("needs /proc")
    cloud.client("sqs").list_queues()
    own = {os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    listening = [
        fields[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for fields in map(str.split, Path(table).read_text().splitlines()[1:])
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in own
    ]
    assert listening
    assert {address.split(":")[0] for address in listening} == {"0100007F"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", ""])
def test_it_refuses_any_other_address(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        bind(host, 0)


@pytest.mark.usefixtures("cloud")
def test_a_second_one_in_the_same_process_is_refused() -> None:
    with pytest.raises(RuntimeError, match="shared_cloud"), running_cloud():
        pass


def test_it_stops_quietly_with_a_poll_open_and_starts_again() -> None:
    source = f"""
import sys, threading
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from botocore.exceptions import BotoCoreError, ClientError
from tests.integration.cloud_fixture import running_cloud
for _ in range(2):
    with running_cloud() as cloud:
        sqs = cloud.client("sqs")
        url = sqs.create_queue(QueueName="work")["QueueUrl"]
        asked = threading.Event()
        sqs.meta.events.register("before-send.sqs.ReceiveMessage", lambda **_: asked.set())
        def poll():
            try:
                sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
            except (BotoCoreError, ClientError):
                print("cut")
        polling = threading.Thread(target=poll)
        polling.start()
        asked.wait()
    polling.join()
"""
    ended = subprocess.run([sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "cut\ncut\n", "")
