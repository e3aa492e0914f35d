"""The local machines for the tests of this folder: one to try things on, and one a file that only a customer of the contract uses."""

from collections.abc import Iterator

import pytest

from tests.e2e.customer import Customer
from tests.e2e.local_machine import Running, local_machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with local_machine(tmp_path_factory.mktemp("machine")) as running:
        yield running


@pytest.fixture(scope="module")
def standing_customer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    """A file's own: what its stories leave undone is reminded of every morning, and would slow down everybody else's."""
    with local_machine(tmp_path_factory.mktemp("customer")) as running:
        yield Customer(running)


@pytest.fixture
def customer(standing_customer: Customer) -> Iterator[Customer]:
    """The customer, with no fault left behind by the test."""
    yield standing_customer
    standing_customer.faults()
