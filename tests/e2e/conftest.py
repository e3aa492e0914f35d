"""The local machines for the tests of this folder: one to try things on, one that only a customer of the contract uses."""

from collections.abc import Iterator

import pytest

from tests.e2e.customer import Customer
from tests.e2e.local_machine import Running, local_machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with local_machine(tmp_path_factory.mktemp("machine")) as running:
        yield running


@pytest.fixture(scope="session")
def session_customer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    with local_machine(tmp_path_factory.mktemp("customer")) as running:
        yield Customer(running)


@pytest.fixture
def customer(session_customer: Customer) -> Iterator[Customer]:
    """The customer, with no fault left behind by the test."""
    yield session_customer
    session_customer.faults()
