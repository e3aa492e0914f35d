"""The timeline of whole occurrences, played as stories: everything in order, what is owed now, agreements, holds; nothing of a person.

Must not test the words of single lines: tests/unit/domain/test_timeline.py does.
"""

from __future__ import annotations

import re
from datetime import date

from chalicelib.services.consultations import Look
from chalicelib.services.timeline import Timeline
from tests import builders
from tests.domain_builders import HOLIDAYS
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage

TITLES = ["What happened (times of London)", "Owed now", "Update agreements", "Holds"]


def lines(stage: Stage, reference: str = REF) -> list[str]:
    found = Timeline(stage.world.cases, stage.world.officers, HOLIDAYS).lines(reference)
    assert found is not None
    return found


def section(found: list[str], title: str) -> list[str]:
    """The lines under one title."""
    after = found[found.index(title) + 1 :]
    until = next((index for index, line in enumerate(after) if line in TITLES), len(after))
    return [line.removeprefix("  ") for line in after[:until]]


def happened(stage: Stage) -> list[str]:
    """What happened, without the times."""
    return [line.partition("  ")[2] for line in section(lines(stage), TITLES[0])]


def story() -> Stage:
    """A burglary, told; a try, a late contact that reached the victim, new terms; then it becomes domestic abuse."""
    stage = Stage()
    stage.put(builders.occurrence_record())
    stage.run()
    stage.later(HOUR)
    stage.later(DAY)
    stage.put(builders.contact_message(now=stage.now, event_id="C-0", result="no_answer"))
    stage.later(12 * DAY)
    stage.put(builders.contact_message(now=stage.now, contacted_at=builders.iso(stage.now - 11 * DAY)))
    stage.put(builders.change_message(now=stage.now))
    stage.later(HOUR)
    stage.put(builders.occurrence_record(version=3, flags={"domestic_abuse": True}))
    stage.put(builders.occurrence_record(version=2))
    return stage


def test_of_an_occurrence_that_nobody_knows_there_is_none() -> None:
    assert Timeline(Stage().world.cases, Stage().world.officers, HOLIDAYS).lines(REF) is None


def test_it_stands_in_the_order_of_time() -> None:
    times = [line[:16] for line in section(lines(story()), TITLES[0])]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", time) for time in times)
    assert times == sorted(times)


def test_every_kind_of_thing_is_in_it() -> None:
    found = happened(story())
    wanted = [
        "recorded version 1",
        "decided version 1 for V1 by non-specialist@1",
        "version 2 (open) sent; it came after a newer one",
        "agreement with V1 agreed by officer: every 10 days by email, next on 2026-11-30",
        "acknowledgement by email to victim V1: made",
        "acknowledgement by email to victim V1: sent",
        "recorded version 3",
        "decided version 3 for V1 by domestic-abuse-flag@1",
    ]
    assert [line for line in wanted if line not in found] == []
    assert found.index("recorded version 1") + 1 == found.index("decided version 1 for V1 by non-specialist@1")
    assert sum("contact with V1 by phone: no answer" in line for line in found) == 1
    assert sum("contact with V1 by phone: spoken" in line and "; we heard of it 2026-12-03" in line for line in found) == 1
    assert sum(line.startswith("agreement with V1 changed by victim") for line in found) == 1, "once, though the history has it too"
    assert sum(line.startswith("met in time: update to V1, by contact recorded") for line in found) == 1
    assert not [line for line in found if "disclosed" in line or "contact recorded for" in line], "what other lines say"


def test_then_what_is_owed_now_the_agreement_and_the_holds() -> None:
    found = lines(story())
    assert found[:2] == [f"{REF}  version 3", "  victim V1: domestic_abuse by domestic-abuse-flag@1"]
    assert [line for line in found if line in TITLES] == TITLES
    assert [line.partition(",")[0] for line in section(found, "Owed now")].count("update to V1") == 1
    assert section(found, "Update agreements") == ["V1: every 14 days by sms, next on 2026-12-17, agreed by victim, kept by officer"]
    assert section(found, "Holds") == ["specialist in version 3: domestic-abuse-flag"]


def test_a_quarantined_version_and_a_release_are_in_it() -> None:
    stage = Stage()
    stage.put(builders.occurrence_record(flags={"domestic_abuse": True}))
    stage.put(builders.occurrence_record(version=2, source="a rumour"))
    found = lines(stage)
    assert found[0] == f"{REF}  version 1  HELD: a version is quarantined"
    assert section(found, "Holds")[0] == "held since 2026-11-20 10:31: a version is quarantined"
    stage.house.release.lift_suspension(REF, "7001", stage.now + MINUTE)
    stage.house.release.release_specialist(REF, "V1", "Sgt Jo Reed", "Flag set in error.", stage.now + MINUTE)
    found = lines(stage)
    assert "suspension lifted by 7001" in happened(stage)
    assert "released for V1 by a named person" in happened(stage)
    assert section(found, "Holds") == [
        "specialist in version 1: domestic-abuse-flag",
        "hold of V1 released 2026-11-20 10:32 by a named person",
    ]


def test_an_event_before_its_occurrence_waits_and_is_shown() -> None:
    stage = Stage()
    stage.put(builders.hearing_message())
    found = lines(stage)
    assert found[0] == f"{REF}  version 0"
    assert [line.partition(";")[0] for line in happened(stage)] == ["hearing listed, for every victim"]
    assert section(found, "Owed now") == section(found, "Holds") == ["nothing"]


def test_a_victim_who_was_removed_is_named_so() -> None:
    stage = Stage()
    stage.put(builders.occurrence_record(victims=[builders.victim(), builders.victim("V2")]))
    stage.put(builders.occurrence_record(version=2))
    assert lines(stage)[1:3] == ["  victim V1: victim_services by non-specialist@1", "  victim V2: removed"]


def test_nothing_of_a_person_is_in_it() -> None:
    stage = story()
    stage.put(builders.release_message(now=stage.now, by="Jo Reed", reason="Alex Morgan rang from 07700 900123."))
    stage.put(builders.done_message("the task of Alex Morgan", now=stage.now))
    text = "\n".join(lines(stage)).lower()
    for private in ("alex", "morgan", "wood street", "heanor", "de75", "07700", "example", "jo reed", "sam ash", "rear door", "rang"):
        assert private not in text


def test_it_tells_who_was_reminded_and_who_had_the_case() -> None:
    stage = Stage()
    stage.put(builders.officer_record(cover="2399", absent_from="2026-12-01", absent_until="2026-12-20"))
    stage.put(builders.officer_record(collar_number="2399", email="kim.bell@example.test", message_id="cover"))
    stage.put(builders.occurrence_record())
    stage.through(date(2026, 12, 2))
    stage.put(builders.occurrence_record(version=2, officer=builders.officer_named("2351")) | {"sent_at": builders.iso(stage.now)})
    found = happened(stage)
    reminders = [line for line in found if line.startswith("reminder")]
    assert [line for line in found if line.startswith("officer in the case")] == ["officer in the case: 2345", "officer in the case: 2351"]
    for reader in ("officer 2345", "officer 2399", "supervisor 1890", "unit"):
        assert any(line.startswith(f"reminder by email to {reader}:") for line in reminders), reader
    assert any("update to V1" in line for line in reminders)


def test_that_somebody_looked_is_logged_and_is_no_part_of_what_happened() -> None:
    stage = story()
    timeline = Timeline(stage.world.cases, stage.world.officers, HOLIDAYS)
    before = lines(stage)
    assert timeline.shown_to(Look("7001"), REF, stage.now) == before
    assert timeline.shown_to(Look("7001"), "26000799999", stage.now) is None
    assert lines(stage) == before
    seen = [(entry.actor, entry.detail) for entry in stage.world.cases.audit.values() if entry.op == "consulted"]
    assert seen == [("7001", "timeline")]
