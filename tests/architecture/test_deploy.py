"""Holds docs/deploy.md to the template and to AWS: every parameter exists and is named, every output exists, every command is one.

Must not reach an account, nor judge whether a step is enough.
"""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.guests import GuestEmailSender
from chalicelib.bootstrap_profile import read_profile
from chalicelib.entrypoints import ops
from infra.local.template import deployable
from infra.package import STAGES
from tests.architecture.aws_commands import Command, commands, faults
from tests.builders import NOW
from tests.house import House
from tests.unit.test_settings import settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
COMMANDS = list(commands(DOCUMENT))


def test_every_parameter_of_the_template_is_named_and_no_other():
    rows = re.findall(r"^\| (`[^|]+`) \| ", DOCUMENT, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(deployable()["Parameters"])


def test_parameters_in_commands_and_in_the_go_live_list_exist():
    said = set(re.findall(r"\b([A-Z]\w+)=", " ".join(" ".join(c.options.get("parameter-overrides", [])) for c in COMMANDS)))
    said |= set(re.findall(r"`([A-Z]\w+)=\w", DOCUMENT))
    assert said >= {"PublicUrl", "MailDomain", "ReserveConcurrency"}
    assert said <= set(deployable()["Parameters"])


def deployed_with() -> dict[str, str]:
    """The parameters of the command that deploys, by name."""
    (deploy,) = [c for c in COMMANDS if (c.service, c.operation) == ("cloudformation", "deploy")]
    return dict(said.split("=", 1) for said in deploy.options["parameter-overrides"])


def test_the_command_that_deploys_says_whatever_has_no_default_and_what_the_first_message_needs():
    parameters = deployable()["Parameters"]
    assert {name for name, parameter in parameters.items() if "Default" not in parameter} <= set(deployed_with())
    assert {"CertificateArn", "MailDomain", "Guests", "BucketSuffix", "SignInDomain", "AlarmEmail"} <= set(deployed_with())


def test_whoever_is_on_call_is_said_to_go_live_and_to_have_opened_the_link_of_an_alarm():
    (live,) = [line for line in re.split(r"\n- ", DOCUMENT) if line.startswith("[ ] `AlarmEmail`")]
    assert "`Runbook=https://" in live


def test_every_value_in_it_is_one_that_the_template_takes():
    for name, value in deployed_with().items():
        assert re.fullmatch(deployable()["Parameters"][name].get("AllowedPattern", ".*"), value), name


def test_the_first_record_is_one_by_the_contract_and_its_victim_is_told_and_is_a_guest():
    """Through the use cases over fakes, with the guests of the command before the sender."""
    (record,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    (sent,) = [c for c in COMMANDS if (c.service, c.operation) == ("sqs", "send-message")]
    assert sent.options["message-body"] == ["file://record.json"]
    house = House(NOW)
    assert house.arrive(json.loads(record)) == "recorded"
    house.later(timedelta(minutes=31))
    (mail,) = [mail for mail in house.emails if mail.to == "you@example.org"]
    GuestEmailSender(house.world.email, settings(KI_GUESTS=deployed_with()["Guests"]).guests).send(mail)


def test_what_is_packaged_is_a_stage_and_a_force_that_there_are():
    ((stage, profile),) = re.findall(r"^make package STAGE=(\w+) PROFILE=(\w+)$", DOCUMENT, re.MULTILINE)
    assert stage in STAGES
    assert read_profile(profile)


def test_every_output_that_is_to_be_entered_somewhere_is_one():
    (line,) = re.findall(r"From the outputs of the stack: ([^\n]+)", DOCUMENT)
    assert set(re.findall(r"`([A-Z]\w+)`", line)) == set(deployable()["Outputs"]) - {
        "APIHandlerName",
        "APIHandlerArn",
        "RestAPIId",
        "EndpointURL",
    } - {name for name in deployable()["Outputs"] if name.endswith(("Arn", "Name"))}


def test_a_rule_sends_into_another_account_by_a_role_of_its_own_which_the_queue_lets_in():
    """EventBridge user guide, sending events to a service in another account: an execution role in the account of the bus, and the target's
    policy for that role. The policy's way for a rule is for rules of the queue's own account."""
    (targets,) = [c for c in COMMANDS if (c.service, c.operation) == ("events", "put-targets")]
    said = " ".join(targets.options["targets"])
    (queue,) = re.findall(r"(?<=,)Arn=arn:aws:sqs:eu-west-2:(\d+):kept-informed-records\b", said)
    ((account, role),) = re.findall(r"RoleArn=arn:aws:iam::(\d+):role/([\w-]+)", said)
    assert account != queue
    assert f"RecordsSender=arn:aws:iam::{account}:role/{role}" in DOCUMENT
    (made,) = [c for c in COMMANDS if (c.service, c.operation) == ("iam", "create-role")]
    (may,) = [c for c in COMMANDS if (c.service, c.operation) == ("iam", "put-role-policy")]
    assert made.options["role-name"] == may.options["role-name"] == [role]
    (trusted,) = json.loads(made.options["assume-role-policy-document"][0])["Statement"]
    (allowed,) = json.loads(may.options["policy-document"][0])["Statement"]
    assert (trusted["Principal"], trusted["Action"]) == ({"Service": "events.amazonaws.com"}, "sts:AssumeRole")
    assert (allowed["Action"], allowed["Resource"]) == ("sqs:SendMessage", f"arn:aws:sqs:eu-west-2:{queue}:kept-informed-records")
    (rule,) = re.findall(r"`RecordsRule=([^`]+)`", DOCUMENT)
    assert re.fullmatch(deployable()["Parameters"]["RecordsRule"]["AllowedPattern"], rule)


def test_there_are_commands_to_look_at():
    assert len(COMMANDS) >= 12
    services = {command.service for command in COMMANDS}
    assert services >= {
        "cloudformation",
        "s3api",
        "acm",
        "sesv2",
        "pinpoint-sms-voice-v2",
        "events",
        "sqs",
        "iam",
        "cloudwatch",
    }
    assert "dynamodb" not in services, "a row that somebody writes by hand is in no log"


@pytest.mark.parametrize("document", ["deploy.md", "runbook.md"])
def test_what_the_documents_say_after_make_ops_is_a_command_line(document):
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    lines = [shlex.split(said.replace("NAME", "email")) for said in re.findall(r"make ops[^\n`']* ARGS='([^']+)'", text)]
    lines = [line for line in lines if not {"…", "-h"} & set(line)]
    assert len(lines) >= {"deploy.md": 2, "runbook.md": 30}[document]
    assert ["clock", "set"] in [line[:2] for line in lines]
    for line in lines:
        ops.parser().parse_args(line)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.service} {command.operation}")
def test_a_command_is_one_that_aws_knows_with_all_that_it_needs(command):
    assert list(faults(command)) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (Command("sesv3", "get-account", {}), ["no service sesv3"]),
        (Command("sesv2", "get-acount", {}), ["no operation get-acount"]),
        (Command("sesv2", "get-email-identity", {"identity": []}), ["--identity", "without --email-identity"]),
        (Command("cloudformation", "deploy", {"templatefile": []}), ["--templatefile"]),
    ],
)
def test_a_command_with_a_fault_is_found(command, found):
    assert list(faults(command)) == found
