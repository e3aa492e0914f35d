"""The composition root: what each stage is given, and what a profile may not be. No service is called.

Profiles with faults are made from the force's own, in a folder of the test.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.adapters.clock import OffsetClock, SystemClock
from chalicelib.bootstrap import PROFILES, build, container, load_profile
from chalicelib.domain.errors import ConfigurationError
from chalicelib.settings import SettingsError
from tests.domain_builders import PROFILE
from tests.unit.test_settings import ENVIRONMENT, settings

DERBYSHIRE = (PROFILES / "derbyshire.toml").read_text(encoding="utf-8")


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials that nobody has: a call would fail, and none is made."""
    for name, value in {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-west-2"}.items():
        monkeypatch.setenv(name, value)
    container.cache_clear()
    yield
    container.cache_clear()
