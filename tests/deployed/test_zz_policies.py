"""The deployed policies against the calls that were really made: nothing was refused or is missing, and what was never used is argued.

Runs after the other files of this folder (its name says so), whose calls count too. Must not look at the policies' source: the roles are
read back from the account.
"""

from __future__ import annotations

import pytest

from tests.deployed.argued import ARGUMENTS
from tests.deployed.bundle import functions
from tests.deployed.permissions import missing, short, unused
from tests.e2e.test_permissions import everything_happens

FUNCTIONS = tuple(functions())
LINES = [(argument, name) for argument in ARGUMENTS for name in argument.functions]


@pytest.fixture(scope="module")
def worked(account, customer):
    everything_happens(customer)
    customer.told("no JSON")  # once more: the row that stands is said to be waiting again
    return account


def test_the_account_refused_nothing(worked):
    """It asks for every signature and permission itself."""
    assert worked.front.refused == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_was_heard(worked, function):
    """With the key of its own role: it ran, and what it asked for is judged below."""
    assert worked.front.asked.get(function)


def test_nobody_else_was_heard(worked):
    assert set(worked.front.asked) == set(FUNCTIONS) == set(worked.policies)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_that_a_function_asked_for_is_missing_in_its_policy(worked, function):
    assert missing(worked.policies[function], worked.front.asked[function]) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_is_allowed_and_never_asked_for_is_argued(worked, function):
    argued = set().union(*(argument.granted for argument, name in LINES if name == function))
    left = unused(worked.policies[function], worked.front.asked[function]) - argued
    assert not left, "\n".join(f"{action} on {resource}" for action, resource in sorted(left))


@pytest.mark.parametrize(("argument", "function"), LINES, ids=lambda value: value if isinstance(value, str) else value.reason[:30])
def test_an_argument_is_about_what_a_policy_allows(worked, argument, function):
    assert argument.granted - short(worked.policies[function]) == set()


@pytest.mark.parametrize(
    ("argument", "function"),
    [line for line in LINES if not line[0].by_chance],
    ids=lambda value: value if isinstance(value, str) else value.reason[:30],
)
def test_no_argument_is_about_what_was_asked_for(worked, argument, function):
    assert argument.granted - unused(worked.policies[function], worked.front.asked[function]) == set()


def test_a_policy_that_lacks_one_call_is_seen(worked):
    without = [{**s, "Action": [a for a in s["Action"] if a != "ses:SendEmail"]} for s in worked.policies["Dispatch"]]
    assert {one.action for one in missing(without, worked.front.asked["Dispatch"])} == {"ses:SendEmail"}


def test_a_policy_for_another_sender_is_seen(worked):
    (mail,) = [s for s in worked.policies["Dispatch"] if s["Sid"] == "Mail"]
    assert mail["Condition"] == {"StringLike": {"ses:FromAddress": "*@derbyshire-police.test"}}
    other = [
        {**s, "Condition": {"StringLike": {"ses:FromAddress": "*@example.org"}}} if s is mail else s for s in worked.policies["Dispatch"]
    ]
    assert {one.action for one in missing(other, worked.front.asked["Dispatch"])} == {"ses:SendEmail", "ses:SendRawEmail"}
