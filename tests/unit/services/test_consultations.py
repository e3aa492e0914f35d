"""That somebody looked: a line for each record, with who, by what and why, and nothing is shown where no line can be written."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.services.consultations import Look, consulted
from tests.builders import NOW
from tests.fake_calls import Calls
from tests.fake_store import FakeCases
from tests.unit.services.desk import write
from tests.unit.services.stage import REF, Stage


def lines(cases: FakeCases) -> list[tuple[str, str, str, str | None]]:
    return sorted((entry.reference, entry.op, entry.actor, entry.detail) for entry in cases.audit.values())


def test_who_looked_at_which_record_by_what_and_why() -> None:
    cases = FakeCases(Calls())
    consulted(cases, [REF], Look("7001", "Complaint 12"), "timeline", NOW)
    consulted(cases, [REF], Look("7001"), "officer_page", NOW)
    assert lines(cases) == [(REF, "consulted", "7001", "officer_page"), (REF, "consulted", "7001", "timeline: Complaint 12")]


def test_a_list_is_a_consultation_of_every_record_on_it() -> None:
    cases = FakeCases(Calls())
    shown = [f"260007{number:05d}" for number in range(250)]
    consulted(cases, [*shown, *shown], Look("7001", "Rota"), "unknown_outcomes", NOW)
    assert [line[0] for line in lines(cases)] == shown
    assert {line[1:] for line in lines(cases)} == {("consulted", "7001", "unknown_outcomes: Rota")}


def test_an_empty_list_is_none() -> None:
    cases = FakeCases(Calls())
    consulted(cases, [], Look("7001"), "unknown_outcomes", NOW)
    assert lines(cases) == []


def test_what_cannot_be_logged_is_an_error_for_whoever_would_show_it() -> None:
    cases = FakeCases(Calls())
    cases.calls.fail("cases.commit", StoreUnavailable("commit"))
    with pytest.raises(StoreUnavailable):
        consulted(cases, [REF], Look("7001"), "timeline", NOW)


def test_why_a_message_was_read_is_kept_where_it_was_asked() -> None:
    stage = Stage()
    stage.version()
    write(stage)
    assert stage.house.desk.read(REF, "7001", stage.now, why="Ring back")
    assert [(entry.actor, entry.detail) for entry in stage.world.cases.audit.values() if entry.op == "messages_read"] == [
        ("7001", "Ring back")
    ]
