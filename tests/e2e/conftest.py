"""One local machine for all the tests of this folder that do not need one of their own."""

from collections.abc import Iterator

import pytest

from tests.e2e.local_machine import Running, local_machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with local_machine(tmp_path_factory.mktemp("machine")) as running:
        yield running
