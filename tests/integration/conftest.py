"""The stack that the files of this folder share by shape, not by state: one for each file, emptied before each test.

Must not serve tests about races of processes, or about moto: those bring their own.
"""

from collections.abc import Iterator

import pytest

from tests.integration.stack_fixture import LocalStack, local_stack


@pytest.fixture(scope="module")
def standing() -> Iterator[LocalStack]:
    """A stack of the deployable template on the embedded cloud."""
    with local_stack() as running:
        yield running


@pytest.fixture
def local(standing: LocalStack) -> LocalStack:
    """The file's stack, with nothing in it."""
    standing.empty()
    return standing
