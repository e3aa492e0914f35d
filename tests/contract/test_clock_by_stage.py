"""Which stages let their clock be moved, over a store that holds an offset: prod reads none, whatever stands there.

Must not name the stages that may: settings.py does, and docs/adr/0027-guests.md says why.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto import mock_aws

from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.tables import ControlRow
from chalicelib.bootstrap import PROFILES, build
from chalicelib.bootstrap_web import WebContainer
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.settings import Settings
from tests.contract.stores import store
from tests.unit.test_settings import settings

TEN_DAYS = timedelta(days=10)


def filled_in(folder: Path, stage: str) -> Settings:
    """The settings of a stage, with a profile that prod takes too."""
    shipped = (PROFILES / "derbyshire.toml").read_text(encoding="utf-8")
    (folder / "derbyshire.toml").write_text(shipped.replace(".test", ".police.uk"), encoding="utf-8")
    return settings(KI_STAGE=stage, KI_FORCES=str(folder))


@pytest.mark.parametrize(("stage", "moved"), [("local", True), ("rehearsal", True), ("dev", False), ("prod", False)])
def test_an_offset_in_the_store_moves_the_stages_that_may_and_no_other(tmp_path: Path, stage: str, moved: bool) -> None:
    told = filled_in(tmp_path, stage)
    with store("moto"):
        ControlRow("clock", offset_seconds=TEN_DAYS.total_seconds()).save()
        of_queues, of_pages = build(told).tick(), WebContainer(told).tick()
    for time in (of_queues, of_pages):
        assert abs(time - datetime.now(UTC) - (TEN_DAYS if moved else timedelta())) < timedelta(minutes=1)


def test_prod_asks_no_store_what_time_it_is(tmp_path: Path) -> None:
    """Without any table, where a rehearsal's tick fails."""
    with mock_aws():
        told = filled_in(tmp_path, "prod")
        for tick in (build(told).tick, WebContainer(told).tick):
            assert tick() <= SystemClock().now()
        with pytest.raises(StoreUnavailable, match="clock"):
            build(filled_in(tmp_path, "rehearsal")).tick()
