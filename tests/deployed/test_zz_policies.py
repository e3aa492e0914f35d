"""The deployed policies against the calls that were really made: nothing was refused or is missing, and what was never used is argued.

Runs after the other files of this folder (its name says so), whose calls count too. Must not look at the policies' source: the roles are
read back from the account.
"""

from __future__ import annotations

import pytest

from tests.deployed.argued import ARGUED, KEY, WHOLE_DECISION
from tests.deployed.permissions import missing, unused
from tests.e2e.test_permissions import everything_happens

FUNCTIONS = ("APIHandler", "Ingest", "Dispatch", "Receipts", "Sweep", "Leaks", "Seal", "Retention")


@pytest.fixture(scope="module")
def worked(account, customer):
    everything_happens(customer)
    customer.told("no JSON")  # once more: the row that stands is said to be waiting again
    return account


def test_the_account_refused_nothing(worked):
    """It asks for every signature and permission itself."""
    assert worked.front.refused == []


def test_every_function_was_heard(worked):
    assert set(worked.front.asked) == set(FUNCTIONS) == set(worked.policies)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_that_a_function_asked_for_is_missing_in_its_policy(worked, function):
    assert missing(worked.policies[function], worked.front.asked[function]) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_function_is_allowed_and_never_asked_for_is_argued(worked, function):
    argued = set().union(*(grant for _, functions, grant in ARGUED if function in functions))
    left = {grant for grant in unused(worked.policies[function], worked.front.asked[function]) if not grant[0].startswith(KEY)}
    assert not left - argued, "\n".join(f"{action} on {resource}" for action, resource in sorted(left - argued))


def test_no_argument_stands_for_what_is_asked_for_by_all(worked):
    left = {name: unused(worked.policies[name], worked.front.asked[name]) for name in FUNCTIONS}
    for reason, functions, granted in ARGUED:
        if granted is WHOLE_DECISION:
            continue  # who comes first differs from run to run
        assert {grant for grant in granted if not any(grant in left[name] for name in functions)} == set(), reason


def test_a_policy_that_lacks_one_call_is_seen(worked):
    without = [{**s, "Action": [a for a in s["Action"] if a != "ses:SendEmail"]} for s in worked.policies["Dispatch"]]
    assert {action for action, _ in missing(without, worked.front.asked["Dispatch"])} == {"ses:SendEmail"}
