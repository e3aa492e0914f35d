"""The content of a case goes when its time is over and not before, whatever dies on the way; counts and the log stay.

Must not test when a class ends: tests/unit/domain/test_retention.py does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.case import Marker
from chalicelib.domain.case_classes import CaseClass
from chalicelib.domain.erasure import ERASED
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.services import retain_cases
from chalicelib.services.retain_cases import Retention
from tests.builders import contact_message, contact_safety, event_message, iso, victim
from tests.fake_calls import Crash, dies_at
from tests.unit.services.desk import write
from tests.unit.services.old_cases import ASSESSED, PERSON, counted, done_by_people, night, over, owed_by_month, wait
from tests.unit.services.on_page import written
from tests.unit.services.stage import DAY, HOUR, REF, Stage, profile, record
from tests.unit.services.test_erase_person import everything

OTHER = "26000799999"
PERIODS = profile().retention.cases
BY_LETTER = victim(
    enhanced=ASSESSED, preferred_channel="letter", contact_safety=contact_safety(safe_channels=["letter"], instructions="Ring Kim first.")
)
CONTENT = (
    "Alex", "Morgan", "alex.morgan", "900123", "Wood Street", "1988-04-02", "N123456", "Ring Kim", "Still asking Kim", "Sam Ash", "DE75",
)  # fmt: skip
"""What is gone from every store of ours but those that forget by themselves: letters, messages of the page, quarantined bodies."""


def worded() -> Stage:
    """One with a letter, an officer's own words and news, all of it told."""
    stage = Stage()
    stage.version(victims=[BY_LETTER])
    stage.later(2 * DAY)
    stage.house.event.record(written(stage, start="other", words="Still asking Kim", channel=Channel.LETTER), "hash", stage.now)
    stage.put(event_message(reason="Alex Morgan saw him.", now=stage.now))
    stage.put(contact_message(event_id="C-7", covers=["update"], covers_event_ids=["E-1"], contacted_at=iso(stage.now), now=stage.now))
    stage.later(20 * DAY)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    stage.version(4, status="closed", victims=[BY_LETTER])
    stage.later(20 * DAY)
    return stage


def head(stage: Stage, reference: str = REF) -> Any:
    return stage.world.cases.heads[reference]


def ops(stage: Stage, reference: str = REF) -> list[tuple[str, str, str | None, str | None]]:
    found = stage.world.cases.audit_of(reference)
    return [(line.op, line.actor, line.rule, line.detail) for line in found if line.op.startswith(("retention", "erased"))]


def test_nothing_of_a_person_is_left_and_the_counts_and_the_log_are() -> None:
    stage = worded()
    before = everything(stage)
    assert not [word for word in CONTENT if word not in before], "the story holds all of it"
    figures_before, rows_before = owed_by_month(stage), counted(stage)
    came = wait(stage, PERIODS.ordinary)
    assert (came.stripped, came.reviews, came.stuck) == (1, 0, ())
    forget_by_themselves(stage)
    assert not [word for word in CONTENT if word in everything(stage)]
    assert (owed_by_month(stage), counted(stage)) == (figures_before, rows_before)
    assert stage.world.archive.kept == {}
    assert stage.world.cases.points == {}
    assert {part.points for part in stage.world.cases.parts[REF].values()} == {frozenset()}
    ((op, actor, rule, detail),) = ops(stage)
    assert (op, actor, rule) == ("erased", "retention", "RETENTION-ORDINARY@2557d")
    assert detail == "1 victims, 2 versions, 2 events"
    assert night(stage).due == 0, "it is done for good"


def forget_by_themselves(stage: Stage) -> None:
    """What the buckets' rules and the store's clock have done long before: no profile may keep it as long as a case."""
    stage.world.letters.letters.clear()
    stage.world.messages.kept.clear()
    stage.world.quarantine._bodies.clear()


def test_not_a_day_before_its_time() -> None:
    stage = over()
    stage.world.clock.set(stage.now + PERIODS.ordinary - 2 * DAY)
    assert night(stage).stripped == 0
    assert "alex.morgan" in everything(stage)
    stage.world.clock.advance(6 * DAY)
    assert night(stage).stripped == 1
    assert "alex.morgan" not in everything(stage)


@pytest.mark.parametrize("status", ["open", "suspended", "owed"])
def test_a_live_case_is_never_touched_and_a_person_hears_of_it(status: str) -> None:
    stage = over()
    if status == "open":
        stage.version(3, victims=[PERSON])
    elif status == "suspended":
        stage.put({**record(3), "contract": "wrong"})
    else:
        write(stage, name="Alex Morgan", email="alex.morgan@example.org")
    assert wait(stage, PERIODS.ordinary * 3).reviews == 1
    assert "alex.morgan@example.org" in everything(stage)
    assert not head(stage).stripped
    (one,) = stage.house.retaining.waiting(stage.now)
    assert one.live
    assert [line[0] for line in ops(stage)] == ["retention_due"]
    assert stage.house.retaining.strip(REF, "7001", "x", stage.now) == one.live


def test_of_a_specialist_case_a_person_decides() -> None:
    stage = over(flags={"domestic_abuse": True})
    done_by_people(stage)
    assert wait(stage, PERIODS.ordinary).reviews == 0
    assert wait(stage, PERIODS.specialist).reviews == 1
    (one,) = stage.house.retaining.waiting(stage.now)
    assert (one.reference, one.kind, one.live) == (REF, CaseClass.SPECIALIST, ())
    assert "alex.morgan" in everything(stage)
    assert stage.house.retaining.strip(REF, "7001", "No purpose any more", stage.now) == ()
    assert "alex.morgan" not in everything(stage)
    assert [line[:3] for line in ops(stage)] == [
        ("retention_due", "retention", "RETENTION-SPECIALIST@3653d"),
        ("erased", "7001", "RETENTION-SPECIALIST@3653d"),
    ]
    assert ops(stage)[1][3] == "1 victims, 2 versions, 0 events; No purpose any more"
    assert stage.house.retaining.waiting(stage.now) == []
    assert stage.house.retaining.strip(REF, "7001", "x", stage.now) is None


def test_what_a_person_keeps_comes_back_on_that_day_and_not_before() -> None:
    stage = over(flags={"domestic_abuse": True})
    done_by_people(stage)
    wait(stage, PERIODS.specialist)
    until = stage.now + 400 * DAY
    assert stage.house.retaining.keep(REF, until, "7001", "Appeal is pending", stage.now)
    assert (stage.house.retaining.waiting(stage.now), night(stage).due) == ([], 0)
    stage.world.clock.set(until - DAY)
    assert night(stage).reviews == 0
    stage.world.clock.set(until)
    assert (night(stage).reviews, night(stage).due) == (1, 0)
    assert ops(stage)[1][0::3] == ("retention_kept", f"until {until.date().isoformat()}; Appeal is pending")
    assert not stage.house.retaining.keep("26000700000", until, "7001", "x", stage.now)


def test_an_ordinary_case_that_a_person_kept_goes_by_a_person_alone() -> None:
    stage = over()
    assert stage.house.retaining.keep(REF, stage.now + PERIODS.ordinary + 100 * DAY, "7001", "Civil claim", stage.now)
    assert wait(stage, PERIODS.ordinary + 100 * DAY).stripped == 0
    assert [one.kind for one in stage.house.retaining.waiting(stage.now)] == [CaseClass.ORDINARY]


def test_a_case_in_which_something_happened_while_it_waited_does_not_go() -> None:
    stage = over(flags={"domestic_abuse": True})
    done_by_people(stage)
    wait(stage, PERIODS.specialist)
    stage.version(3, status="closed", victims=[PERSON], flags={"domestic_abuse": True})
    stage.put(contact_message(event_id="C-9", contacted_at=iso(stage.now), now=stage.now))
    assert stage.house.retaining.strip(REF, "7001", "x", stage.now) == ("its time is not over: something happened in it since",)


def test_what_nobody_ever_did_ends_when_a_person_says_so() -> None:
    stage = over(flags={"domestic_abuse": True})
    wait(stage, PERIODS.specialist)
    unmet = [row.obligation_id for row in stage.owed() if row.unmet]
    assert unmet
    assert stage.house.retaining.strip(REF, "7001", "x", stage.now)
    assert stage.house.retaining.strip(REF, "7001", "x", stage.now, although_owed=True) == ()
    assert [row for row in stage.owed() if row.unmet] == []
    left = len(stage.left)
    stage.later(DAY)
    assert len(stage.left) == left, "nobody is reminded of it any more"


# ---- what comes late


def gone() -> Stage:
    stage = over()
    assert wait(stage, PERIODS.ordinary).stripped == 1
    return stage


LATE: dict[str, Callable[[Stage], str]] = {
    "a newer version": lambda stage: stage.version(3, victims=[PERSON]),
    "an older version with other content": lambda stage: stage.version(1, victims=[victim("V2")]),
    "an equal version with other content": lambda stage: stage.version(2, status="closed", victims=[victim("V2")]),
    "news": lambda stage: stage.put(event_message(reason="Alex Morgan saw him.", now=stage.now)),
    "a contact": lambda stage: stage.put(contact_message(contacted_at=iso(stage.now), now=stage.now)),
}


@pytest.mark.parametrize("name", LATE)
def test_a_late_record_is_kept_aside_for_a_person_and_tells_nobody_outside(name: str) -> None:
    stage = gone()
    left = len(stage.outside)
    assert LATE[name](stage) == "quarantined"
    stage.later(3 * DAY)
    assert stage.duty("quarantined_record") in ("open", "late", "breached")
    assert len(stage.outside) == left
    assert "alex.morgan@example.org" not in everything(stage).replace(stage.world.quarantine.body(_only(stage)).decode(), "")
    assert stage.world.archive.kept == {}


def _only(stage: Stage) -> str:
    (row,) = stage.world.quarantine.rows()
    return row.quarantine_id


def test_the_same_version_again_is_only_a_duplicate() -> None:
    stage = gone()
    assert stage.version(2, status="closed", victims=[PERSON]) == "duplicate"
    assert "alex.morgan" not in everything(stage)


def test_a_person_opens_it_again_and_what_was_kept_aside_is_taken() -> None:
    stage = gone()
    stage.version(3, victims=[PERSON])
    assert stage.house.retaining.reopen(REF, "7001", "Cold case", stage.now)
    assert not stage.house.retaining.reopen(REF, "7001", "Cold case", stage.now)
    assert stage.version(3, victims=[PERSON]) == "recorded"
    assert "alex.morgan@example.org" in everything(stage)
    assert ops(stage)[-1] == ("retention_reopened", "7001", None, "Cold case")
    stage.version(4, status="closed", victims=[PERSON])
    done_by_people(stage)
    assert wait(stage, PERIODS.ordinary * 2).stripped == 0, "from then on it goes by a person alone"
    assert stage.house.retaining.waiting(stage.now)


def test_a_message_about_a_stripped_case_reaches_a_person_in_the_force() -> None:
    stage = gone()
    left = len(stage.outside)
    write(stage, name="Alex Morgan", email="alex.morgan@example.org")
    stage.later(HOUR)
    assert stage.duty("contact_answer") == "open"
    assert [item.to for item in stage.left if item.template is Template.CONTACT_MESSAGE] == ["contact-centre@derbyshire-police.test"]
    assert len(stage.outside) == left


def test_a_stripped_case_says_nothing_to_other_cases_of_the_person() -> None:
    stage = over()
    stage.world.clock.advance(1000 * DAY)
    over(reference=OTHER, stage=stage)
    stage.world.clock.advance(-1000 * DAY)
    assert wait(stage, PERIODS.ordinary).stripped == 1
    (other,) = {name for row in stage.world.cases.points.values() for name, _ in row.named} - {REF}
    assert other == OTHER, "the points stay for the other case"
    stage.house.decider.redecide(REF, stage.now)
    assert not any(row.do_not_contact or row.specialist for row in stage.world.cases.points.values())
    assert wait(stage, 1000 * DAY).stripped == 1
    assert stage.world.cases.points == {}, "and go with the last"


# ---- what goes wrong


EFFECTS = {"cases.commit", "content.event", "content.forget_archived", "dates.forget_point"}


def ready_to_go() -> Stage:
    stage = worded()
    stage.world.clock.advance(PERIODS.ordinary + 31 * DAY)
    return stage


def test_a_death_at_any_call_is_made_good_by_the_next_night() -> None:
    stage = ready_to_go()
    before = len(stage.world.calls.made)
    night(stage)
    calls = len([name for name in stage.world.calls.made[before:] if name in EFFECTS])
    assert calls > 8
    for number in range(1, calls + 1):
        for when in ("before", "after"):
            stage = ready_to_go()
            figures_before, rows_before = owed_by_month(stage), counted(stage)
            stage.world.calls.on_call = dies_at(number, when, EFFECTS)
            with pytest.raises(Crash):
                night(stage)
            stage.world.calls.on_call = None
            stage.world.clock.advance(DAY)
            night(stage)
            forget_by_themselves(stage)
            assert not [word for word in CONTENT if word in everything(stage)], (number, when)
            assert len(ops(stage)) == 1, "one line, whatever died"
            assert (owed_by_month(stage), counted(stage)) == (figures_before, rows_before)
            assert night(stage).due == 0


def test_a_record_that_comes_between_a_death_and_the_next_night_is_kept_aside() -> None:
    stage = ready_to_go()
    stage.world.calls.on_call = dies_at(2, "before", EFFECTS)
    with pytest.raises(Crash):
        night(stage)
    stage.world.calls.on_call = None
    assert stage.version(9, victims=[PERSON]) == "quarantined"
    assert night(stage).stripped == 1
    assert not stage.house.retaining.keep(REF, stage.now + DAY, "7001", "x", stage.now), "there is nothing left to keep"


def test_a_busy_case_holds_up_no_other() -> None:
    stage = over()
    over(reference=OTHER, stage=stage)
    stage.world.clock.advance(PERIODS.ordinary + 31 * DAY)
    stage.world.calls.fail("cases.commit", Contended("busy"))
    came = night(stage)
    assert (came.stripped, len(came.stuck), came.due) == (1, 1, 2)
    assert night(stage).stripped == 1
    stage.world.calls.fail("dates.due", StoreUnavailable("down"))
    with pytest.raises(StoreUnavailable):
        night(stage)


def test_a_run_does_so_much_and_the_next_goes_on() -> None:
    stage = over()
    over(reference=OTHER, stage=stage)
    stage.world.clock.advance(PERIODS.ordinary + 31 * DAY)
    few = replace_limit(stage, 1)
    assert [(came.due, came.stripped, came.more) for came in (few(), few())] == [(1, 1, True), (1, 1, True)]
    assert night(stage).due == 0


def replace_limit(stage: Stage, limit: int) -> Callable[[], Retention]:
    few = retain_cases.RetainCases(stage.world.cases, stage.world.dates, stage.world.content, PERIODS, at_once=limit)
    return lambda: few.run(stage.now)


def test_an_event_that_went_meanwhile_and_a_point_that_somebody_names_by_now_are_left() -> None:
    stage = ready_to_go()
    event = stage.world.cases.event
    stage.world.cases.event = lambda reference, key: None  # type: ignore[method-assign]
    assert night(stage).stripped == 1
    stage.world.cases.event = event  # type: ignore[method-assign]
    assert "Still asking Kim" in everything(stage)


def test_a_case_with_very_many_victims_takes_several_transactions() -> None:
    people = [victim(f"V{number}", enhanced=ASSESSED) for number in range(1, 49)]
    stage = over(*people)
    stage.version(3, status="closed", victims=[victim(f"V{number}", enhanced=ASSESSED) for number in range(49, 97)])
    stage.later(2 * DAY)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    done_by_people(stage)
    assert wait(stage, PERIODS.ordinary).stripped == 1
    assert len(stage.world.cases.parts[REF]) == 96
    assert "alex.morgan" not in everything(stage)


def test_a_case_of_which_only_events_came_waits_for_a_person() -> None:
    stage = Stage()
    stage.put(event_message(reason="Alex Morgan saw him.", now=stage.now))
    assert night(stage).due == 1, "nothing says when it began"
    done_by_people(stage)
    assert wait(stage, PERIODS.specialist).reviews == 1


def test_a_case_in_progress_is_left_alone() -> None:
    stage = over()
    stage.world.cases.heads[REF] = replace(head(stage), marker=Marker(3, "hash"))
    assert wait(stage, PERIODS.ordinary).stripped == 0
    assert stage.house.retaining.waiting(stage.now)[0].live == ("a version is in progress or in quarantine",)


def test_what_left_the_list_since_it_was_read_is_not_shown() -> None:
    stage = over(flags={"domestic_abuse": True})
    done_by_people(stage)
    wait(stage, PERIODS.specialist)
    in_review = stage.world.dates.in_review(10)
    stage.house.retaining.keep(REF, stage.now + DAY, "7001", "x", stage.now)
    stage.world.dates.in_review = lambda limit: in_review  # type: ignore[method-assign]
    assert stage.house.retaining.waiting(stage.now) == []


def test_the_next_run_can_be_counted() -> None:
    stage = over()
    assert stage.house.retaining.due(stage.now) == 0
    stage.world.clock.advance(PERIODS.ordinary + 31 * DAY)
    assert stage.house.retaining.due(stage.now) == 1


def test_a_word_that_was_erased_on_request_stays_erased() -> None:
    stage = worded()
    stage.house.erasing.erase(stage.house.erasing.would(REF, "V1"), "7001", "asked", stage.now)  # type: ignore[arg-type]
    assert wait(stage, PERIODS.ordinary).stripped == 1
    assert ERASED in everything(stage)
