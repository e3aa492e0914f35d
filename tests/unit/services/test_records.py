"""Stories of records as they come: twice, late, contradicting each other, unreadable; and the officer directory.

Must not test what a malformed record is: that is the parser's.
"""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from chalicelib.services.quarantine_record import Refused
from tests.builders import victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, NOW, REF, Stage, profile, record

ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
OPERATIONS = "operations@derbyshire-police.test"
ACK, REFERRAL, TASK = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]


def broken(version: int | None = 2) -> dict:
    return record(version, source="carrier pigeon")


def test_the_same_record_twice_counts_once():
    stage = Stage()
    assert [stage.version(), stage.version()] == ["recorded", "duplicate"]
    stage.later(30 * MINUTE)
    assert stage.version() == "duplicate"
    stage.later(DAY)
    assert stage.outside == TOLD


def test_a_duplicate_says_again_what_a_crash_may_have_kept_back():
    stage = Stage()
    stage.version(flags={"domestic_abuse": None})
    assert stage.world.queues.take()[0] == stage.only(TASK).notification_id
    stage.version(flags={"domestic_abuse": None})
    assert stage.world.queues.take() == [stage.only(TASK).notification_id]


def test_a_late_version_changes_nothing_but_adds_what_it_knew():
    stage = Stage()
    stage.version(3)
    assert stage.version(2, victims=[victim(email="old@example.org", preferred_channel="sms")]) == "stale"
    stage.later(30 * MINUTE)
    assert stage.outside == TOLD
    assert [key[1] for key in sorted(stage.world.archive.kept)] == [2, 3], "the leak check must know it"


def test_a_late_specialist_sign_holds_and_after_sending_stops():
    stage = Stage()
    stage.version(2)
    stage.version(1, flags={"domestic_abuse": True})
    assert stage.only(ACK).state is State.CANCELLED

    stage = Stage()
    stage.version(2)
    stage.later(30 * MINUTE)
    stage.version(1, flags={"domestic_abuse": True})
    stage.run()
    assert stage.outside == [*TOLD, ("stop_notice", SERVICE)]


def test_a_victim_whom_only_a_late_version_names_gets_nothing():
    stage = Stage()
    stage.version(2)
    stage.version(1, victims=[victim("V1"), victim("V2")])
    stage.later(DAY)
    assert stage.outside == TOLD
    assert stage.states(ACK, victim_id="V2") == [("email", "cancelled")]


def test_an_equal_version_with_other_content_is_quarantined_and_holds():
    stage = Stage()
    stage.version()
    assert stage.version(victims=[victim(email="other@example.org")]) == "quarantined"
    stage.later(DAY)
    assert (stage.outside, stage.sent_to("operations")) == ([], [("task", OPERATIONS)])
    assert stage.version(2) == "recorded"
    stage.run()
    assert stage.outside == TOLD


def test_a_quarantined_version_holds_what_is_pending_until_a_later_good_one():
    stage = Stage()
    stage.version()
    stage.put(broken())
    assert {(row.state, row.reason) for row in stage.rows() if row.template is not TASK} == {(State.HELD, "suspended")}
    assert stage.tasks() == [Purpose.QUARANTINE]
    stage.later(HOUR)
    assert (stage.outside, stage.sent_to("operations")) == ([], [("task", OPERATIONS)])
    stage.version(2)
    stage.run()
    assert stage.outside == TOLD
    assert len(stage.world.queues.alarms) == 1


def test_a_hold_of_a_newer_broken_version_outlives_an_older_good_one():
    stage = Stage()
    stage.version()
    stage.put(broken(3))
    stage.version(2)
    stage.later(DAY)
    assert stage.outside == []
    stage.version(3)
    stage.run()
    assert stage.outside == TOLD


def test_an_older_broken_version_holds_until_any_later_one():
    """It may have said what holds for ever: a good late version would have been heard, too."""
    stage = Stage()
    stage.version(3)
    stage.put(broken(2))
    stage.later(30 * MINUTE)
    assert (stage.outside, stage.sent_to("operations")) == ([], [("task", OPERATIONS)])
    stage.version(4)
    stage.run()
    assert stage.outside == TOLD


@pytest.mark.parametrize("second", [3, None], ids=["an older one", "one of no version"])
def test_a_broken_newer_version_is_not_forgotten_for_another_broken_one(second):
    stage = Stage()
    stage.version()
    stage.put(broken(5))
    if second:
        stage.put(broken(second))
    else:
        stage.house.quarantine.quarantine(b"{broken", Refused((("version", "missing"),), REF), stage.now)
    stage.version(4)
    stage.later(DAY)
    assert stage.outside == []
    stage.version(6)
    stage.run()
    assert stage.outside == TOLD


def test_a_body_whose_version_cannot_be_read_holds_until_the_next_good_version():
    stage = Stage()
    stage.version()
    stage.house.quarantine.quarantine(b"{broken", Refused((("version", "missing"),), REF), NOW)
    stage.later(HOUR)
    assert stage.outside == []
    stage.version(1)
    stage.later(HOUR)
    assert stage.outside == [], "a duplicate is no later good version"
    stage.version(2)
    stage.run()
    assert stage.outside == TOLD


def test_a_body_that_comes_before_any_good_version_holds_from_the_start():
    stage = Stage()
    stage.put(broken(2))
    assert stage.version(1) == "recorded"
    stage.later(DAY)
    assert (stage.outside, stage.sent_to("operations")) == ([], [("task", OPERATIONS)])


def test_the_same_body_twice_counts_once_and_holds_once():
    stage = Stage()
    stage.version()
    stage.put(broken())
    stage.run()
    assert stage.house.release.lift_suspension(REF, "7001", stage.now) is True
    stage.put(broken())
    stage.later(30 * MINUTE)
    assert stage.outside == TOLD
    assert (len(stage.world.quarantine.rows()), len(stage.world.queues.alarms)) == (1, 1)
    assert stage.sent_to("operations") == [("task", OPERATIONS)]


def quarantined_owed(stage: Stage) -> list[tuple[str, str | None]]:
    return [(row.state, row.evidence) for row in stage.world.cases.obligations_of(REF) if row.kind == "quarantined_record"]


def test_what_operations_owe_for_a_quarantined_version_ends_with_a_good_one():
    stage = Stage()
    stage.version()
    stage.put(broken())
    stage.run()
    assert quarantined_owed(stage) == [("open", None)]
    stage.version(3)
    assert quarantined_owed(stage) == [("met", "version 3")]


def test_a_task_that_was_settled_before_it_left_does_not_leave():
    stage = Stage()
    stage.version()
    stage.put(broken())
    assert stage.house.release.lift_suspension(REF, "7001", stage.now) is True
    stage.later(HOUR)
    assert (quarantined_owed(stage), stage.sent_to("operations")) == ([("met", "7001")], [])


def test_a_person_lifts_the_hold_and_it_is_kept_who():
    stage = Stage()
    stage.version()
    stage.put(broken())
    stage.later(HOUR)
    assert stage.house.release.lift_suspension(REF, "7001", stage.now) is True
    stage.run()
    assert stage.outside == TOLD
    assert [entry.actor for entry in stage.world.cases.audit_of(REF) if entry.op == "suspension_lifted"] == ["7001"]
    assert stage.house.release.lift_suspension(REF, "7001", stage.now) is False


def test_stop_notices_and_tasks_leave_while_a_quarantined_version_holds():
    stage = Stage()
    stage.version()
    stage.later(31 * MINUTE)
    stage.put(broken(3))
    stage.version(2, flags={"domestic_abuse": True})
    stage.run()
    assert stage.outside == [*TOLD, ("stop_notice", SERVICE)]
    assert stage.tasks() == [Purpose.QUARANTINE, Purpose.SENT_BEFORE, Purpose.SPECIALIST, Purpose.STOP_CONFIRM]


def test_an_unreadable_body_is_kept_and_alarmed_and_holds_nobody():
    stage = Stage()
    refused = Refused((("", "not JSON"),))
    assert stage.house.quarantine.quarantine(b"\x00", refused, NOW) is True
    assert stage.house.quarantine.quarantine(b"\x00", refused, NOW) is False
    (row,) = stage.world.quarantine.rows()
    assert (row.reference, stage.world.queues.alarms, stage.rows()) == (None, [row.quarantine_id], [])


def test_a_quarantined_body_is_replayed_to_the_records_queue():
    stage = Stage()
    body = json.dumps(broken()).encode()
    stage.put(broken())
    (row,) = stage.world.quarantine.rows()
    assert stage.house.quarantine.replay(row.quarantine_id, "7001", "Mended", stage.now) is True
    assert stage.world.queues.replayed == [body]
    assert stage.world.quarantine.rows()[0].state == "replayed"
    stage.put(broken())
    assert stage.world.quarantine.rows()[0].state == "quarantined"
    assert stage.house.quarantine.replay(row.quarantine_id, "7001", None, stage.now + MINUTE) is True
    logged = [entry.detail for entry in stage.world.cases.audit.values() if entry.op == "quarantine_replayed"]
    assert logged == [f"{row.quarantine_id}: Mended", row.quarantine_id]
    assert stage.house.quarantine.replay("unheard of", "7001", None, stage.now) is False


def test_a_quarantined_body_is_settled_once_by_a_named_person_and_rings_no_more():
    stage = Stage()
    stage.put(broken())
    (row,) = stage.world.quarantine.rows()
    assert stage.house.sweep.sweep(stage.now).quarantined == 1
    assert stage.house.quarantine.settle(row.quarantine_id, "7001", "A good version came", stage.now) is True
    assert stage.house.quarantine.settle(row.quarantine_id, "7001", "Again", stage.now) is False
    assert stage.house.quarantine.settle("unheard of", "7001", "x", stage.now) is False
    assert (stage.world.quarantine.rows()[0].state, stage.house.sweep.sweep(stage.now).quarantined) == ("settled", 0)
    logged = [(entry.actor, entry.detail) for entry in stage.world.cases.audit.values() if entry.op == "quarantine_settled"]
    assert logged == [("7001", f"{row.quarantine_id}: A good version came")]
    stage.put(broken())
    assert stage.house.sweep.sweep(stage.now).quarantined == 1, "the same body came again"


def test_a_sweep_goes_on_where_what_waits_in_quarantine_cannot_be_counted():
    stage = Stage()
    stage.world.calls.fail("quarantine.waiting", StoreUnavailable("quarantine"))
    assert stage.house.sweep.sweep(stage.now).quarantined is None


def test_a_sweep_counts_the_receipts_that_lie_aside_until_they_were_put_back():
    stage = Stage()
    assert stage.house.sweep.sweep(stage.now).dead_receipts == 0
    stage.world.dead.queues["receipts"] = ["one", "two"]
    assert stage.house.sweep.sweep(stage.now).dead_receipts == 2
    stage.world.dead.redrive("receipts")
    assert stage.house.sweep.sweep(stage.now).dead_receipts == 0
    stage.world.calls.fail("dead.receipts_waiting", StoreUnavailable("dead letters"))
    assert stage.house.sweep.sweep(stage.now).dead_receipts is None, "it goes on where they cannot be counted"


def test_every_use_case_gives_up_after_some_tries_and_loses_nothing():
    stage = Stage()
    stage.version()
    refused = Refused((("source", "not one of"),), REF, 2)
    attempts = (
        lambda: stage.version(2),
        lambda: stage.house.quarantine.quarantine(b"{}", refused, stage.now),
        lambda: stage.house.release.lift_suspension(REF, "7001", stage.now),
        lambda: stage.house.decider.redecide(REF, stage.now),
    )
    stage.put(broken(9))
    stage.house.world.cases.heads[REF] = stage.world.cases.heads[REF]
    for attempt in attempts:
        stage.world.clock.advance(30 * MINUTE)
        stage.world.calls.fail("cases.commit", *[Contended("head")] * 5)
        try:
            attempt()
        except Contended:
            continue
        stage.world.calls.fail_no_more()
    stage.later(DAY)
    assert stage.outside == []


def test_a_version_wins_a_race_by_reading_again():
    stage = Stage()
    stage.world.calls.fail("cases.commit", Contended("head"), Contended("head"))
    assert stage.version() == "recorded"
    stage.world.calls.fail("cases.commit", *[Contended("head")] * 5)
    with pytest.raises(Contended):
        stage.version(2)
    stage.later(30 * MINUTE)
    assert stage.outside == TOLD


def test_a_hundred_versions_that_each_ask_something_else_still_fit():
    stage = Stage()
    fields = ["domestic_abuse", "stalking_harassment", "safeguarding"]
    for number in range(1, 101):
        unknown = {name: None for bit, name in enumerate(fields) if number >> bit & 1}
        codes = [{"code": "" if number >> (3 + bit) & 1 else "28E"} for bit in range(4)]
        stage.version(number, flags=unknown, offences=codes)
    stage.version(101)
    stage.later(DAY)
    assert stage.outside == TOLD
