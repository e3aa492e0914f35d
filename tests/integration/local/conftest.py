"""The shared local endpoint, emptied before each test.

Must not provision the product's resources: tests here make the few that they need.
"""

from collections.abc import Iterator

import pytest

from tests.integration.cloud_fixture import RunningCloud, shared_cloud


@pytest.fixture
def cloud() -> Iterator[RunningCloud]:
    running = shared_cloud()
    running.reset()
    yield running
    running.reset()
