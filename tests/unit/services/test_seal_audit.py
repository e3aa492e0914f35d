"""The log is sealed hour by hour, each line once, and a check of the chain tells what somebody did to it since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.seals import digest, read
from chalicelib.services.ports import AuditEntry, Changes
from chalicelib.services.seal_audit import NEWEST, OLDER, SealAudit, Verified, line_of
from tests.fake_calls import Crash
from tests.unit.services.stage import DAY, HOUR, REF, Stage

KEPT = timedelta(days=2557)


def sealing(stage: Stage) -> SealAudit:
    return SealAudit(stage.world.cases, stage.world.seals, KEPT)


def day() -> Stage:
    """A burglary told of, sealed every hour for half a day."""
    stage = Stage()
    stage.version()
    for _ in range(12):
        stage.later(HOUR)
        sealing(stage).seal(stage.now)
    return stage


def findings(stage: Stage, reference: str | None = None) -> list[tuple[str, int | None]]:
    return [(one.what, one.number) for one in sealing(stage).verify(stage.now, reference).findings]


def test_every_line_is_sealed_once_and_the_chain_holds():
    stage = day()
    kept = stage.world.seals.kept
    lines = [line for number in sorted(kept) for line in read(kept[number]).lines]  # type: ignore[union-attr]
    assert sorted(lines) == sorted(line_of(entry) for entry in stage.world.cases.audit.values())
    assert len(set(lines)) == len(lines)
    assert read(kept[2]).previous == digest(kept[1])  # type: ignore[union-attr]
    checked = sealing(stage).verify(stage.now)
    assert (checked.batches, checked.lines, checked.findings) == (len(kept), len(lines), ())
    assert findings(stage, REF) == []
    assert sealing(stage).verify(stage.now, "26000799999").lines == 0


def test_where_nothing_was_logged_there_is_no_batch_and_nothing_to_check():
    stage = Stage()
    assert (sealing(stage).seal(stage.now).number, sealing(stage).seal(stage.now).lines) == (0, 0)
    assert sealing(stage).verify(stage.now).findings == ()
    stage = day()
    before = dict(stage.world.seals.kept)
    again = sealing(stage).seal(stage.now)
    assert (again.number, again.lines, stage.world.seals.kept) == (max(before), 0, before)
    assert sealing(stage).seal(stage.now - DAY).lines == 0, "a clock that was moved back seals nothing twice"


def test_a_long_silence_is_sealed_in_parts():
    """A batch covers a month at most; what comes after forty days of silence is sealed by the run after."""
    stage = day()
    last = max(stage.world.seals.kept)
    stage.world.clock.advance(20 * DAY)
    stage.version(2)
    stage.world.clock.advance(20 * DAY)
    stage.version(3)
    stage.world.clock.advance(2 * HOUR)
    assert [sealing(stage).seal(stage.now).number for _ in range(3)] == [last + 1, last + 2, last + 2]
    stage.world.clock.advance(100 * DAY)
    stage.version(4)
    stage.world.clock.advance(2 * HOUR)
    assert sealing(stage).seal(stage.now).number == last + 3, "and after a hundred days without a line"
    assert findings(stage) == []


def test_what_somebody_changed_removed_or_added_since_is_told():
    stage = day()
    audit = stage.world.cases.audit
    first, second = sorted(audit)[:2]
    audit[first] = replace(audit[first], actor="somebody else")
    taken = audit.pop(second)
    planted = replace(taken, entry_id="planted")
    audit[taken.reference, taken.at, "planted"] = planted
    found = sealing(stage).verify(stage.now).findings
    assert sorted((one.what, (one.key or ("", "", ""))[2]) for one in found) == [
        ("added", "planted"),
        ("changed", first[2]),
        ("missing", second[2]),
    ]
    assert sorted(what for what, _ in findings(stage, REF)) == ["added", "changed", "missing"]
    assert [one.what for one in sealing(stage).verify(stage.now + 3000 * DAY).findings].count("missing") == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_batch_that_was_replaced_or_removed_is_told(number):
    stage = day()
    kept = stage.world.seals.kept
    assert len(kept) >= 2
    body = kept[number]
    kept[number] = body.replace(b"disclosed", b"concealed").replace(b"decided", b"guessed")
    assert {what for what, _ in findings(stage)} & {"changed", "batch does not follow the one before"}
    kept[number] = b"nothing of ours"
    assert ("batch unreadable", number) in findings(stage)
    del kept[number]
    if number < max(kept):
        assert ("batch missing", number) in findings(stage)  # the lock of the bucket alone keeps the last one


def test_a_death_around_the_write_seals_nothing_twice():
    for when in ("before", "after"):
        stage = Stage()
        stage.version()
        stage.later(3 * HOUR)
        stage.world.calls.on_call = lambda name, moment, at=when: _die(name, moment, at)
        with pytest.raises(Crash):
            sealing(stage).seal(stage.now)
        stage.world.calls.on_call = None
        stage.later(HOUR)
        sealing(stage).seal(stage.now)
        stage.later(2 * HOUR)
        sealing(stage).seal(stage.now)
        assert findings(stage) == []


def _die(name: str, moment: str, at: str) -> None:
    if (name, moment) == ("seals.put", at):
        raise Crash


def test_two_runs_at_once_make_one_batch():
    stage = Stage()
    stage.version()
    stage.later(3 * HOUR)
    stage.world.calls.on_call = lambda name, moment: _first(stage, name, moment)
    assert sealing(stage).seal(stage.now).lines == 0
    assert len(stage.world.seals.kept) == 1
    assert findings(stage) == []


def _first(stage: Stage, name: str, moment: str) -> None:
    if (name, moment) == ("seals.put", "before"):
        stage.world.calls.on_call = None
        sealing(stage).seal(stage.now)


def weeks() -> Stage:
    """A chain longer than what one run looks at: a batch for each of 150 hours."""
    stage = Stage()
    for number in range(150):
        line = AuditEntry(REF, f"e{number}", stage.now, "recorded", actor="records_system")
        stage.world.cases.commit(Changes(audit=(line,)))
        stage.world.clock.advance(HOUR)
        sealing(stage).seal(stage.now)
    return stage


def watched(stage: Stage, hours: int) -> list[list[str]]:
    """What the runs of so many hours find, one after the other."""
    return [[one.what for one in sealing(stage).watch(stage.now + number * HOUR).findings] for number in range(hours)]


def test_every_run_looks_at_the_last_day_and_at_older_batches_in_turn():
    stage = weeks()
    numbers = len(stage.world.seals.kept)
    assert numbers > NEWEST + 2 * OLDER
    assert watched(stage, 24) == [[]] * 24, "where nobody did anything, no part of the chain says so"
    looked = sealing(stage).watch(stage.now)
    assert looked.batches <= NEWEST + OLDER
    audit = stage.world.cases.audit
    newest, oldest = (
        max(audit, key=lambda key: key[1] if key[1] < stage.now - 2 * HOUR else stage.now - DAY),
        min(audit, key=lambda key: key[1]),
    )
    audit[oldest] = replace(audit[oldest], actor="somebody else")
    rounds = -(-(numbers - NEWEST) // OLDER)
    assert sorted(watched(stage, rounds)) == sorted([["changed"], *([[]] * (rounds - 1))]), "once in a round"
    audit[newest] = replace(audit[newest], actor="somebody else")
    assert all("changed" in found for found in watched(stage, rounds)), "at every run"


def test_a_part_of_the_chain_follows_the_batch_before_it():
    stage = weeks()
    kept = stage.world.seals.kept
    first_of_the_newest = sorted(kept)[-NEWEST]
    kept[first_of_the_newest - 1] = b"nothing of ours"
    assert "batch does not follow the one before" in watched(stage, 1)[0]
    del kept[first_of_the_newest - 1]
    assert "batch missing" in watched(stage, 1)[0]


def test_a_short_chain_is_looked_at_whole_and_an_empty_one_too():
    assert sealing(Stage()).watch(Stage().now) == Verified(0, 0, ())
    stage = day()
    looked = sealing(stage).watch(stage.now)
    assert looked == sealing(stage).verify(stage.now)


def test_what_is_no_batch_stops_no_seal_and_is_told() -> None:
    stage = day()
    last = max(stage.world.seals.kept)
    stage.world.seals.kept[last + 5] = b"nothing of ours"
    stage.version(2)
    stage.later(3 * HOUR)
    assert sealing(stage).seal(stage.now).number == last + 1
    assert ("batch unreadable", last + 5) in findings(stage)


def forgotten(stage: Stage, count: int) -> None:
    """What the bucket's own rule does on the day after the lock of the first batches ended."""
    for number in sorted(stage.world.seals.kept)[:count]:
        del stage.world.seals.kept[number]


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (KEPT + DAY, 0),
        (KEPT, 0),
        (KEPT - HOUR, 100),
        (KEPT - 30 * DAY, 100),
    ],
)
def test_batches_whose_lock_ended_are_forgotten_and_within_it_their_loss_is_told(age, told):
    """The edge: how old the batch before the first one that is there would be by now."""
    stage = weeks()
    kept = stage.world.seals.kept
    ended = read(kept[sorted(kept)[100]]).since  # type: ignore[union-attr]
    forgotten(stage, 100)
    stage.world.clock.advance(ended + age - stage.now)
    assert findings(stage) == [("batch missing", number) for number in range(1, told + 1)]
    assert sum(found.count("batch missing") for found in watched(stage, 4)) in ((0,) if not told else range(100, 401))


def test_a_gap_in_what_is_kept_is_told_although_older_batches_are_forgotten():
    stage = weeks()
    forgotten(stage, 40)
    stage.world.clock.advance(KEPT - 4 * DAY)
    del stage.world.seals.kept[120]
    assert ("batch missing", 120) in findings(stage)
    assert ("batch missing", 1) not in findings(stage)


def test_a_batch_that_is_forgotten_while_the_chain_is_walked_is_no_finding():
    stage = weeks()
    stage.world.clock.advance(KEPT)
    first = min(stage.world.seals.kept)
    stage.world.calls.on_call = lambda name, moment: _forget(stage, first, name, moment)
    assert findings(stage) == []


def _forget(stage: Stage, number: int, name: str, moment: str) -> None:
    if (name, moment) == ("seals.numbers", "after"):
        stage.world.calls.on_call = None
        del stage.world.seals.kept[number]
