"""The operator's commands against a stack in an account: found by its name alone, said before anything is done, and kept with who AWS says
it is.

Must not test what a command does: the tests of the commands do.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.adapters.tables import AuditRow
from chalicelib.bootstrap import container
from chalicelib.domain.case import Head
from chalicelib.domain.errors import ConfigurationError
from chalicelib.services.ports import Changes, Swap
from infra import account_ops
from infra.local.template import ROOT
from tests.integration.account_stack import STACK, AccountStack, account_stack

REFERENCE = "26000712345"
CALLER = "root"
"""Who the local endpoint says that the caller is."""
PLACES = {
    "KI_RECORDS_QUEUE_URL": "RecordsQueue",
    "KI_DISPATCH_QUEUE_URL": "DispatchQueue",
    "KI_LETTERS_BUCKET": "LettersBucket",
    "KI_ARCHIVE_BUCKET": "RecordsArchiveBucket",
    "KI_OUT_TOPIC_ARN": "OutTopic",
}


@pytest.fixture(scope="module")
def stack() -> Iterator[AccountStack]:
    with account_stack("rehearsal") as standing:
        yield standing


def ops(stack: AccountStack, *command: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """As `make ops STACK=… …` starts it, where nobody can be asked."""
    line = [sys.executable, "-m", "infra.account_ops", STACK, "eu-west-2", *command]
    shell = {**stack.environment, **environment}
    return subprocess.run(line, cwd=ROOT, env=shell, input=typed, capture_output=True, text=True, check=False)


def kept(reference: str) -> list[tuple[str, str, str | None]]:
    """(what, who, detail) of the log, as the stack's own table has it."""
    return [(row.op, row.actor, row.detail) for row in AuditRow.query(reference, consistent_read=True)]


@pytest.fixture
def known(stack: AccountStack) -> Iterator[Any]:
    """The stack's tables, read by the test; a case that is there."""
    found = account_ops.find(boto3.Session(), STACK)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in found.variables.items():
            environment.setenv(name, value)
        environment.setenv("AWS_REGION", found.region)
        container.cache_clear()
        ready = container(signs=False)
        if ready.cases.head(REFERENCE).revision == 0:
            ready.cases.commit(Changes(head=Swap(None, Head(REFERENCE, revision=1))))
        yield ready
    container.cache_clear()


def test_the_settings_are_those_of_the_stack(stack: AccountStack) -> None:
    found = account_ops.find(boto3.Session(), STACK)
    assert (found.account, found.region, found.stack, found.caller) == ("000000000000", "eu-west-2", STACK, CALLER)
    assert {name: found.variables[name] for name in PLACES} == {name: stack.physical(logical) for name, logical in PLACES.items()}
    assert found.variables["KI_STAGE"] == "rehearsal"
    assert found.variables["KI_PUBLIC_URL"] == "https://victims.example"
    assert found.variables["KI_PROFILE"] == "derbyshire"


def test_the_key_of_contact_points_is_read_and_the_link_keys_are_not(stack: AccountStack) -> None:
    found = account_ops.find(boto3.Session(), STACK)
    assert found.variables["KI_CONTACT_KEY"] == stack.secret("ContactKey")
    assert "KI_LINK_KEY" not in found.variables
    links = {stack.secret("LinkKey"), stack.secret("LinkKeyPrevious")}
    assert not links & set(found.variables.values())


def test_what_is_talked_to_is_said_before_anything_else(stack: AccountStack) -> None:
    done = ops(stack, "pauses", KI_STAGE="local", KI_TABLE_PREFIX="another-")
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        f"Account 000000000000, eu-west-2: stack {STACK}, stage rehearsal.",
        f"You are {CALLER}; that is kept with what you see and do.",
    ]
    assert "KI_" not in done.stdout


def test_without_such_a_stack_it_says_so(stack: AccountStack) -> None:
    line = [sys.executable, "-m", "infra.account_ops", "nobody", "", "pauses"]
    done = subprocess.run(line, cwd=ROOT, env=dict(stack.environment), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Stack nobody cannot be operated: ")
    assert "Traceback" not in done.stderr


def test_a_checkout_without_the_forces_profile_is_told(stack: AccountStack) -> None:
    done = ops(stack, "pauses", KI_FORCES="/nowhere")
    assert (done.returncode, done.stderr.partition(". ")[0]) == (1, "there is no profile 'derbyshire'; there is: none")


def test_without_a_region_it_asks_for_one(stack: AccountStack) -> None:
    line = [sys.executable, "-m", "infra.account_ops", STACK, "", "pauses"]
    shell = {name: value for name, value in stack.environment.items() if name != "AWS_DEFAULT_REGION"}
    done = subprocess.run(line, cwd=ROOT, env=shell, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Say in which region: REGION=eu-west-2.\n")


@pytest.mark.parametrize(
    "asked",
    [["help"], ["pause", "-h"], ["retention", "keep", "--help"], ["clock", "set", "-h"]],
    ids=" ".join,
)
@pytest.mark.parametrize("where", [["infra.account_ops", STACK, ""], ["infra.local.ops"]], ids=["account", "local"])
def test_help_needs_no_account_and_no_instance(where: list[str], asked: list[str]) -> None:
    line = [sys.executable, "-m", *where, *asked]
    done = subprocess.run(line, cwd=ROOT, env={"KI_AWS_PORT": "9"}, capture_output=True, text=True, check=False)
    wanted = " ".join(["usage: make ops", *(word for word in asked if word.isalpha() and word != "help")])
    assert (done.returncode, done.stdout[: len(wanted)], done.stderr) == (0, wanted, "")


@pytest.mark.parametrize(
    "template",
    [
        {},
        {"Resources": {}},
        {"Resources": {"Sweep": {"Properties": {"Environment": {"Variables": {"KI_PROFILE": "derbyshire"}}}}}},
        {"Resources": {"Sweep": {"Properties": {"Environment": {"Variables": {"KI_STAGE": {"Ref": "Nothing"}}}}}}},
    ],
)
def test_a_stack_of_something_else_is_told(template: Any) -> None:
    with pytest.raises(account_ops.NoStackOfOursError):
        account_ops.find(_Session(template), STACK)


class _Session:
    """An account in which one stack stands, with no parameters and no resources."""

    region_name = "eu-west-2"

    def __init__(self, template: Any) -> None:
        self._template = template

    def client(self, _service: str) -> Any:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/operators/7001"}

    def describe_stacks(self, **_: str) -> Any:
        return {"Stacks": [{}]}

    def get_template(self, **_: str) -> Any:
        return {"TemplateBody": self._template}

    def get_paginator(self, _operation: str) -> Any:
        return self

    def paginate(self, **_: str) -> Any:
        return [{"StackResourceSummaries": []}]


# ---- what is shown and changed there


def test_looking_at_a_case_asks_why_and_is_kept_with_who_aws_says_it_is(stack: AccountStack, known: Any) -> None:
    done = ops(stack, "case", REFERENCE)
    assert (done.returncode, done.stdout.splitlines()[2:]) == (2, ["Say why: --reason."])
    assert kept(REFERENCE) == []
    done = ops(stack, "case", REFERENCE, "--by", "7001", "--reason", "Complaint 12")
    assert (done.returncode, done.stderr) == (0, "")
    assert kept(REFERENCE) == [("consulted", f"7001 ({CALLER})", "timeline: Complaint 12")]


def test_a_change_is_asked_for_and_kept_with_who_aws_says_it_is(stack: AccountStack, known: Any) -> None:
    for given in ([], ["--by", "7001"]):
        done = ops(stack, "links", "revoke", REFERENCE, *given)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (2, "Nothing was done: say yes with --yes where nobody can be asked.")
    done = ops(stack, "links", "revoke", REFERENCE, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert ("links_revoked", CALLER) in [line[:2] for line in kept(REFERENCE)]
    assert ops(stack, "pause", "email", "--reason", "Provider is down", "--yes").returncode == 0
    assert known.pausing.all()[0][0].by == CALLER


def test_leaks_are_looked_for_by_what_is_kept_there(stack: AccountStack, known: Any) -> None:
    done = ops(stack, "leaks")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2:] == [
        "Judged by who was written to, how and where: no word of a message is kept here.",
        "0 leaks in 0 messages",
    ]


def test_an_operators_process_makes_no_link_and_says_so(known: Any) -> None:
    with pytest.raises(ConfigurationError, match="was given no key"):
        known.pages.address(REFERENCE, "2345", datetime(2026, 11, 20, tzinfo=UTC))
