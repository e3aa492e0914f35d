"""Holds docs/deploy.md to the template and to AWS: every parameter exists and is named, every output exists, every command is one.

Must not reach an account, nor judge whether a step is enough.
"""

import re
from pathlib import Path

import pytest

from infra.local.template import deployable
from tests.architecture.aws_commands import Command, commands, faults

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


def test_every_output_that_is_to_be_entered_somewhere_is_one():
    (line,) = re.findall(r"From the outputs of the stack: ([^\n]+)", DOCUMENT)
    assert set(re.findall(r"`([A-Z]\w+)`", line)) == set(deployable()["Outputs"]) - {
        "APIHandlerName",
        "APIHandlerArn",
        "RestAPIId",
        "EndpointURL",
    } - {name for name in deployable()["Outputs"] if name.endswith(("Arn", "Name"))}


def test_there_are_commands_to_look_at():
    assert len(COMMANDS) >= 12
    assert {command.service for command in COMMANDS} >= {"cloudformation", "s3api", "acm", "sesv2", "pinpoint-sms-voice-v2", "events"}


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
