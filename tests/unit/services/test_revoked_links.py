"""A named person closes the links of a case: none that was issued until then opens, who did it is kept, and the next one is good.

Must not test how a link is signed.
"""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.services.revoke_links import RevokeLinks
from tests import builders
from tests.unit.services.stage import MINUTE, REF, Stage

OTHER = "26000799999"


def standing() -> tuple[Stage, RevokeLinks]:
    stage = Stage()
    stage.put(builders.occurrence_record())
    return stage, RevokeLinks(stage.world.cases, stage.house.pages, stage.house.victims, stage.world.points)


def link(stage: Stage) -> str:
    """The token of a link to the case, issued now."""
    return stage.house.pages.address(REF, "2345", stage.now).rpartition("/")[2]


def logged(stage: Stage) -> list[tuple[str, str]]:
    return [(entry.op, entry.actor) for entry in stage.world.cases.audit_of(REF) if entry.op == "links_revoked"]


def test_what_was_issued_until_now_opens_nothing_and_the_next_one_does() -> None:
    stage, links = standing()
    before = link(stage)
    stage.world.clock.advance(MINUTE)
    assert stage.house.pages.opened(before, stage.now)
    assert links.revoke(REF, "7001", stage.now)
    assert stage.house.pages.opened(before, stage.now) is None
    stage.world.clock.advance(MINUTE)
    assert stage.house.pages.opened(link(stage), stage.now)
    assert logged(stage) == [("links_revoked", "7001")]


def test_of_an_occurrence_that_nobody_knows_nothing_is_revoked() -> None:
    stage, links = standing()
    assert not links.revoke(OTHER, "7001", stage.now)
    assert stage.world.revocations.revoked(OTHER) is None
    assert stage.world.cases.audit_of(OTHER) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_fell_between_the_closing_and_the_log_is_mended_by_doing_it_again(when: str) -> None:
    stage, links = standing()
    stage.world.calls.fail("cases.commit", StoreUnavailable("x"), when=when)
    with pytest.raises(StoreUnavailable):
        links.revoke(REF, "7001", stage.now)
    assert stage.world.revocations.revoked(REF) == stage.now
    assert links.revoke(REF, "7001", stage.now)
    assert logged(stage) == [("links_revoked", "7001")]


def test_an_officers_sessions_end_and_who_ended_them_is_kept() -> None:
    stage, links = standing()
    links.end_sessions("2345", "7001", stage.now)
    assert stage.world.revocations.revoked("session#2345") == stage.now
    assert [(entry.op, entry.actor, entry.detail) for entry in stage.world.cases.audit_of("officers")] == [
        ("sessions_ended", "7001", "2345")
    ]
