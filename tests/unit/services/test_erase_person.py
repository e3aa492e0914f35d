"""A person's content is erased on request: nothing of it is left anywhere, the counts and the log are, and nobody writes to them again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters import codec
from chalicelib.domain.delivery import State
from chalicelib.domain.erasure import ERASED
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.schemas.records import parse_archived
from chalicelib.services.erase_person import Erasure
from tests.builders import contact_safety, event_message, victim
from tests.fake_calls import Crash, dies_at
from tests.unit.services.desk import write
from tests.unit.services.on_page import written
from tests.unit.services.stage import HOUR, REF, Stage

BY_LETTER = victim(preferred_channel="letter", contact_safety=contact_safety(safe_channels=["letter"], instructions="Ring Kim first."))
CONTENT = (
    "Alex", "Morgan", "alex.morgan", "900123", "Wood Street", "1988-04-02", "N123456", "Ring Kim", "receipt", "Still asking Kim", "DE75",
)  # fmt: skip


def told(*people: Any) -> Stage:
    """A burglary with a letter, an officer's own words, news, a message of the page, a release and a broken version."""
    stage = Stage()
    stage.version(victims=list(people) or [BY_LETTER])
    stage.later(HOUR)
    stage.house.event.record(written(stage, start="other", words="Still asking Kim", channel=Channel.LETTER), "hash", stage.now)
    stage.put(event_message(reason="Alex Morgan saw him.", now=stage.now))
    stage.release()
    write(stage, name="Alex Morgan", email="alex.morgan@example.org")
    stage.put({**_record(stage, 3), "kind": "occurrence", "contract": "wrong"})
    stage.version(4, status="closed", victims=list(people) or [BY_LETTER])
    stage.later(HOUR)
    return stage


def _record(stage: Stage, version: int) -> dict[str, Any]:
    from tests.unit.services.stage import record

    return record(version)


def everything(stage: Stage) -> str:
    """All that is stored anywhere, but for the outbox of the fakes' providers, which are the readers' own."""
    world, cases = stage.world, stage.world.cases
    tables = [*cases.heads.values(), *(part for parts in cases.parts.values() for part in parts.values()), *cases.rows.values()]
    tables += [
        *cases.owed.values(),
        *cases.agreements.values(),
        *cases.events.values(),
        *cases.audit.values(),
        *world.messages.kept.values(),
    ]
    texts = [codec.dumps(row) for row in tables]
    texts += [text for _, text in world.archive.kept.values()]
    texts += [body.decode() for body in world.quarantine._bodies.values()]
    texts += [letter.pdf.decode() for letter in world.letters.letters.values()]
    return "\n".join(texts)


def would(stage: Stage, victim_id: str = "V1") -> Erasure:
    found = stage.house.erasing.would(REF, victim_id)
    assert found is not None
    return found


def erase(stage: Stage, victim_id: str = "V1") -> Erasure:
    wanted = would(stage, victim_id)
    stage.house.erasing.erase(wanted, "7001", "asked for it", stage.now)
    return wanted


def test_nothing_of_a_person_is_left_and_the_log_says_so_without_it():
    stage = told()
    before = everything(stage)
    assert not [word for word in CONTENT if word not in before], "the story holds all of it"
    wanted = erase(stage)
    assert (wanted.part, len(wanted.archived), len(wanted.letters), len(wanted.messages), len(wanted.quarantined)) == (True, 2, 1, 1, 1)
    assert wanted.events == ("E-1", "U-1")
    assert not [word for word in CONTENT if word in everything(stage)]
    assert would(stage).nothing
    (line,) = [entry for entry in stage.world.cases.audit_of(REF) if entry.op == "erased"]
    assert (line.actor, line.victim_id) == ("7001", "V1")
    assert line.detail == "2 versions, 1 letters, 1 messages, 2 events, 1 quarantined; asked for it"
    assert [row.state for row in stage.world.quarantine.rows()] == ["erased"]


def test_the_counts_stay_and_what_was_archived_still_reads():
    stage = told()
    rows, owed = dict(stage.world.cases.rows), dict(stage.world.cases.owed)
    erase(stage)
    assert {key: row.state for key, row in stage.world.cases.rows.items() if key in rows and rows[key].attempted} == {
        key: row.state for key, row in rows.items() if row.attempted
    }
    assert set(stage.world.cases.owed) == set(owed)
    for _, text in stage.world.archive.kept.values():
        assert parse_archived(text, allow_reserved=True).occurrence is not None
    assert {event.event.reason for event in stage.world.cases.events.values() if hasattr(event.event, "reason")} == {ERASED}


def test_it_is_done_once_and_again_changes_nothing():
    stage = told()
    erase(stage)
    stored = everything(stage)
    stage.house.erasing.erase(would(stage), "7001", "again", stage.now + HOUR)
    assert everything(stage).count("asked for it") == stored.count("asked for it")
    assert would(stage).nothing


def test_nobody_writes_to_them_again():
    stage = Stage()
    stage.version()
    erase(stage)
    stage.later(2 * HOUR)
    assert stage.outside == []
    assert {row.state for row in stage.rows(Template.ACKNOWLEDGEMENT)} <= {State.CANCELLED}


def test_what_a_live_case_still_needs_is_named():
    stage = Stage()
    stage.version()
    assert [reason.split(" ", 1)[-1] for reason in would(stage).live] == [
        "occurrence is open",
        "obligations are owed",
        "messages are on their way",
    ]
    stage.put({**_record(stage, 3), "contract": "wrong"})
    assert "a version is in progress or in quarantine" in would(stage).live
    assert [reason.split(" ", 1)[-1] for reason in would(told()).live] == ["obligations are owed"]


def test_who_is_not_known_has_nothing():
    assert Stage().house.erasing.would(REF, "V1") is None


def test_others_of_the_case_keep_theirs():
    kai = {"given_name": "Kai", "family_name": "Reed", "email": "kai.reed@example.org", "mobile": "+447700900777", "address": []}
    other = victim("V2", person_ref="N2", **kai)
    stage = told(BY_LETTER, other)
    write(stage, name="Somebody", email="", message="A third thing.")
    wanted = erase(stage)
    left = everything(stage)
    assert "kai.reed@example.org" in left
    assert "Wood Street" in left, "where it happened concerns the other too"
    assert "Alex Morgan saw him." in left, "news for everybody is about the other too"
    assert (wanted.events, len(wanted.messages), wanted.others) == (("U-1",), 1, 1)
    assert (
        not [word for word in ('alex.morgan@example.org"', "1988-04-02", "Ring Kim") if word in left.replace("form", "")] or wanted.others
    )
    one = event_message(event_id="E-9", victim_ids=["V1"], reason="Only Alex.", now=stage.now)
    stage.put(one)
    assert would(stage).events == ("E-9",)


def test_a_version_without_this_victim_is_not_rewritten():
    stage = told()
    key = (REF, 9, "other")
    text = json.dumps({"kind": "occurrence", "occurrence": {"victims": [{"id": "V7"}]}})
    stage.world.archive.kept[key] = (stage.now, text)
    stage.world.archive.kept["officers-2345", 1, "x"] = (stage.now, json.dumps({"kind": "officer"}))
    assert len(would(stage).archived) == 2
    erase(stage)
    assert stage.world.archive.kept[key][1] == text


def test_an_event_that_went_meanwhile_is_left():
    stage = told()
    wanted = would(stage)
    event = stage.world.cases.event
    stage.world.cases.event = lambda reference, key: None  # type: ignore[method-assign]
    stage.house.erasing.erase(wanted, "7001", "x", stage.now)
    stage.world.cases.event = event  # type: ignore[method-assign]
    assert len(would(stage).events) == 2


def test_a_version_in_progress_or_a_case_that_never_rests_refuses():
    stage = told()
    wanted = would(stage)
    stage.world.calls.fail("cases.commit", *[Contended("x")] * 50)
    with pytest.raises(Contended):
        stage.house.erasing.erase(wanted, "7001", "x", stage.now)
    stage.world.calls.fail_no_more()
    head = stage.world.cases.heads[REF]
    from chalicelib.domain.case import Marker

    stage.world.cases.heads[REF] = replace(head, marker=Marker(5, "x"))
    with pytest.raises(RetryLater):
        stage.house.erasing.erase(wanted, "7001", "x", stage.now)


def test_a_death_at_any_call_is_made_good_by_doing_it_again():
    calls = _count(told())
    for number in range(1, calls + 1):
        for when in ("before", "after"):
            stage = told()
            stage.world.calls.on_call = dies_at(number, when, EFFECTS)
            with pytest.raises(Crash):
                stage.house.erasing.erase(would(stage), "7001", "asked", stage.now)
            stage.world.calls.on_call = None
            erase(stage)
            assert not [word for word in CONTENT if word in everything(stage)], (number, when)


EFFECTS = {"cases.commit", "content.rewrite", "content.letters", "content.messages", "content.event", "content.quarantined"}


def _count(stage: Stage) -> int:
    wanted, made = would(stage), stage.world.calls.made
    before = len(made)
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    return len([name for name in made[before:] if name in EFFECTS])
