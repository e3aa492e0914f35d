"""The account for the tests of this folder, which only `make e2e` runs: in a process of their own, since they change its environment."""

import os
from collections.abc import Iterator

import pytest

if os.environ.get("KI_E2E") != "1":
    collect_ignore_glob = ["*.py"]


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("KI_E2E") == "1":  # the emulator leaves the pipes of workers that died to the garbage collector
        config.addinivalue_line("filterwarnings", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    from tests.deployed.account import deployed

    with deployed(tmp_path_factory.mktemp("account")) as running:
        yield running


@pytest.fixture(scope="session")
def customer(account):
    from tests.e2e.customer import Customer

    return Customer(account)
