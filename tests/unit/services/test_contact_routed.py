"""What became of a message through the page: who has it, what is owed and met, who is told what, and what passes to whom.

Issue 6, section 1. NOW is Friday 20 November 2026; a message is written at eleven.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.case import Marker
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, PermanentSendError, RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, ObligationState, Purpose
from chalicelib.services.contact_desk import shown
from chalicelib.services.decide import TRIES
from tests import builders
from tests.builders import officer_named, supervisor_named, victim
from tests.unit.services.desk import (
    CENTRE,
    DOMESTIC,
    OFFICER,
    OPERATIONS,
    SUPERVISOR,
    VCU,
    answer,
    answers,
    desk,
    form,
    message_id,
    note,
    notes,
    recorded,
    to,
    write,
)
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked

CREW = "crime-management@derbyshire-police.test"
INSPECTOR = "duty-inspector@derbyshire-police.test"
MON, TUE, WED, THU = (date(2026, 11, day) for day in (23, 24, 25, 26))


def met(stage: Stage) -> tuple[str, str | None]:
    return str(answer(stage).state), answer(stage).evidence


def published(stage: Stage) -> list[str]:
    return [json.dumps(event) if isinstance(event, dict) else str(event) for event in stage.world.topic.published]


def contact(stage: Stage, **changes: Any) -> None:
    stage.world.clock.advance(HOUR)
    stage.put(builders.contact_message(now=stage.now, **changes))
    stage.run()


# ---- to the officer in the case


def test_the_officer_in_the_case_reads_what_was_written_and_that_it_is_only_claimed():
    stage = recorded()
    write(stage)
    assert notes(stage) == [("officer", OFFICER, True)]
    said = note(stage)
    assert said.claim is not None
    assert (said.claim.name, said.claim.phone, said.claim.safe_to_reply) == ("Kim Field", "07700 900999", "After six")
    assert said.claim.message == ("I found the receipt", "for the bicycle.")
    assert (said.to, said.danger, said.because) == ("PC Sam Ash", False, None)
    assert said.link.startswith("http://127.0.0.1:8000/officer/")
    assert stage.leaks() == []


def test_an_answer_is_owed_within_a_week_in_the_case_and_to_nobody_of_it():
    stage = recorded()
    write(stage)
    owed = answer(stage)
    assert (owed.victim_id, owed.unit, owed.officer, owed.supervisor) == (None, Unit.OFFICER, "2345", "1890")
    assert (owed.rule_id, owed.purpose, owed.begun_by) == ("CONTACT-7D", Purpose.ANSWER_MESSAGE, message_id(stage))
    assert owed.due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2345", "02345", "1890"])
def test_the_number_of_the_officer_or_the_supervisor_is_the_case_s(typed: str):
    stage = recorded()
    write(stage, collar_number=typed)
    assert to(stage) == [OFFICER]


def test_a_number_that_an_older_version_named_is_the_case_s_too():
    """The paper contract keeps the number of the officer who wrote it."""
    stage = recorded()
    stage.version(2, officer=officer_named("4711", name="PC Lee Oak", email="lee.oak@example.test"))
    write(stage)
    assert to(stage) == ["lee.oak@example.test"]


def test_the_directory_beats_the_record():
    stage = recorded()
    stage.put(builders.officer_record(email="ash@example.test", name="PC S. Ash"))
    write(stage)
    assert to(stage) == ["ash@example.test"]


@pytest.mark.parametrize(
    ("entry", "expected", "because"),
    [
        ({"absent_from": "2026-11-20", "absent_until": "2026-11-30", "cover": "4711"}, "lee.oak@example.test", "You are their cover."),
        ({"absent_from": "2026-11-20", "absent_until": "2026-11-30"}, SUPERVISOR, "away until 30 November 2026"),
        ({"active": False}, SUPERVISOR, "has left"),
    ],
)
def test_who_is_away_or_has_left_has_somebody_who_reads_it(entry: dict[str, Any], expected: str, because: str):
    stage = recorded()
    stage.put(builders.officer_record(collar_number="4711", name="PC Lee Oak", email="lee.oak@example.test"))
    stage.put(builders.officer_record(**entry))
    write(stage)
    assert to(stage) == [expected]
    assert because in (note(stage).because or "")


def test_a_case_without_an_officer_goes_to_their_role():
    """The supervisor's number belongs to the case, so the pair is known."""
    stage = recorded(officer=None)
    write(stage, collar_number="1890")
    assert notes(stage) == [("unit", CREW, True)]


def test_an_officer_s_mailbox_that_is_a_victim_s_gets_nothing():
    stage = recorded(officer=officer_named(email="alex.morgan@example.org"))
    write(stage)
    assert notes(stage) == [("unit", CREW, True)]


# ---- a specialist or held case


@pytest.mark.parametrize(
    "facts",
    [
        DOMESTIC,
        {"restricted": True},
        {"flags": {"domestic_abuse": None}},
        {"victims": [victim(), victim("V2", relationship_to_suspect="partner")]},
    ],
    ids=["domestic abuse", "restricted", "doubt", "one of two"],
)
def test_where_a_person_decides_no_mail_says_what_was_written_and_the_unit_is_told_the_same_day(facts: dict[str, Any]):
    stage = recorded(**facts)
    write(stage)
    assert notes(stage) == [("officer", OFFICER, False), ("unit", VCU, False)]
    assert {item.at.date() for item in stage.left if item.to == VCU} == {stage.now.date()}
    assert stage.leaks() == []


def test_a_quarantined_version_makes_it_careful():
    stage = recorded()
    stage.version(2, source="pigeon")
    write(stage)
    assert [says for _, _, says in notes(stage)] == [False, False]


def test_what_becomes_specialist_after_the_message_is_told_to_the_unit_then():
    stage = recorded()
    write(stage)
    stage.version(2, **DOMESTIC)
    stage.run()
    assert notes(stage)[1:] == [("unit", VCU, False)]


def test_what_became_specialist_before_the_mail_left_says_nothing():
    """The mail is made when it leaves, from the case as it is then."""
    stage = recorded()
    hooked(stage, "cases.claim", "after", lambda: stage.version(2, **DOMESTIC))
    write(stage)
    assert sorted(to(stage)) == [OFFICER, VCU]
    assert note(stage).claim is None


def test_a_released_victim_s_case_is_read_again():
    stage = recorded(**DOMESTIC)
    stage.version(2)
    stage.release()
    stage.run()
    stage.left.clear()
    write(stage)
    assert notes(stage) == [("officer", OFFICER, True)]


# ---- a pair that does not belong together


@pytest.mark.parametrize(
    "changes", [{"collar_number": "9999"}, {"doubtful": True}, {"reference": "26000799999"}], ids=["collar", "hidden field", "reference"]
)
def test_what_does_not_belong_together_goes_to_the_contact_centre(changes: dict[str, Any]):
    stage = recorded()
    write(stage, **changes)
    assert notes(stage) == [("unit", CENTRE, True)]
    owed = answer(stage, changes.get("reference", REF))
    assert (owed.unit, owed.officer, owed.supervisor) == (Unit.CONTACT_CENTRE, None, None)


def test_of_a_specialist_case_the_contact_centre_reads_nothing_in_its_mail():
    stage = recorded(**DOMESTIC)
    write(stage, collar_number="9999")
    assert notes(stage) == [("unit", CENTRE, False), ("unit", VCU, False)]


def test_a_record_that_comes_later_gives_the_message_to_its_officer():
    stage = Stage()
    write(stage)
    assert to(stage) == [CENTRE]
    stage.version()
    stage.run()
    assert to(stage) == [CENTRE, OFFICER]
    assert (answer(stage).unit, answer(stage).officer) == (Unit.OFFICER, "2345")


def test_a_late_version_that_names_the_number_gives_it_to_the_officer_of_the_newest():
    stage = Stage()
    stage.version(2, officer=officer_named("4711", email="lee.oak@example.test"))
    write(stage)
    stage.version(1)
    stage.run()
    assert to(stage) == [CENTRE, "lee.oak@example.test"]


def test_what_nobody_knows_is_done_by_whoever_settles_it():
    stage = Stage()
    write(stage)
    stage.world.clock.advance(HOUR)
    stage.put(builders.done_message(answer(stage).obligation_id, now=stage.now))
    assert met(stage) == ("met", "T-1")


# ---- what meets it


def test_a_contact_that_reached_the_only_victim_after_the_message_meets_it():
    stage = recorded()
    write(stage)
    contact(stage)
    assert met(stage) == ("met", "C-1")
    assert stage.rows(Template.CONTACT) == []


@pytest.mark.parametrize("changes", [{"contacted_at": "2026-11-20T10:40:00+00:00"}, {"result": "no_answer"}, {"result": "message_left"}])
def test_a_contact_before_the_message_or_that_reached_nobody_does_not(changes: dict[str, Any]):
    stage = recorded()
    write(stage)
    contact(stage, **changes)
    assert met(stage) == ("open", None)
    assert (answer(stage).tried_at is not None) is ("result" in changes)


def test_in_a_case_of_several_only_whose_details_were_given_counts():
    stage = recorded(victims=[victim(), victim("V2", email="kim@elsewhere.test", mobile="+447700900777", person_ref="N7")])
    write(stage)
    contact(stage)
    assert met(stage)[0] == "open"
    contact(stage, victim_id="V2", event_id="C-2")
    assert met(stage) == ("met", "C-2")


def test_in_a_case_of_several_whose_details_are_nobody_s_only_the_task_counts():
    stage = recorded(victims=[victim(), victim("V2", person_ref="N7", email="v2@example.org", mobile="+447700900777")])
    write(stage)
    contact(stage)
    contact(stage, victim_id="V2", event_id="C-2")
    assert met(stage)[0] == "open"
    stage.put(builders.done_message(answer(stage).obligation_id, now=stage.now))
    assert met(stage) == ("met", "T-1")


def test_what_is_taken_up_is_shown_and_stays_owed():
    stage = recorded()
    write(stage)
    stage.world.clock.advance(HOUR)
    stage.put(builders.done_message(answer(stage).obligation_id, now=stage.now, step="picked_up"))
    assert (met(stage)[0], answer(stage).picked_up_at) == ("open", stage.now - MINUTE)


def test_two_messages_are_two_answers_and_one_contact_meets_both():
    stage = recorded()
    write(stage)
    write(stage, message="And one more thing.")
    contact(stage)
    assert [row.state for row in answers(stage)] == [ObligationState.MET] * 2


# ---- time passes


def test_what_the_officer_leaves_passes_to_the_supervisor_after_the_profile_s_days():
    """Written on Friday; Monday, Tuesday and Wednesday are its three working days."""
    stage = recorded()
    write(stage)
    stage.through(WED)
    assert to(stage) == [OFFICER]
    stage.through(THU)
    assert to(stage) == [OFFICER, SUPERVISOR]
    assert answer(stage).unit is Unit.SUPERVISOR
    assert "give it to another officer" in note(stage).asks
    assert stage.rows(Template.CONTACT) == []


def test_the_supervisor_gives_it_to_another_officer_whose_days_begin_anew():
    stage = recorded()
    stage.put(builders.officer_record(collar_number="4711", name="PC Lee Oak", email="lee.oak@example.test", supervisor="1891"))
    stage.put(builders.officer_record(collar_number="1891", name="Sgt Max Elm", email="max.elm@example.test"))
    write(stage)
    stage.through(THU)
    assert desk(stage).allocate(REF, message_id(stage), "4711", "1890", stage.now)
    stage.run()
    assert (to(stage)[2:], answer(stage).officer, answer(stage).unit) == (["lee.oak@example.test"], "4711", Unit.OFFICER)
    stage.through(date(2026, 12, 2))
    assert to(stage)[3:] == ["max.elm@example.test"]


def test_it_may_be_given_back_and_is_told_again():
    stage = recorded()
    stage.put(builders.officer_record(collar_number="4711", email="lee.oak@example.test"))
    write(stage)
    for officer in ("4711", "2345"):
        stage.world.clock.advance(HOUR)
        assert desk(stage).allocate(REF, message_id(stage), officer, "1890", stage.now)
        stage.run()
    assert to(stage) == [OFFICER, "lee.oak@example.test", OFFICER]


def test_the_contact_centre_gives_a_message_to_an_officer():
    stage = recorded()
    write(stage, collar_number="9999")
    assert desk(stage).allocate(REF, message_id(stage), "2345", "7001", stage.now)
    stage.run()
    assert to(stage) == [CENTRE, OFFICER]


def test_what_is_done_or_was_never_there_is_given_to_nobody():
    stage = recorded()
    assert not desk(stage).allocate(REF, "0" * 32, "4711", "1890", stage.now)
    write(stage)
    contact(stage)
    assert not desk(stage).allocate(REF, message_id(stage), "4711", "1890", stage.now)
    assert to(stage) == [OFFICER]


def test_when_the_officer_in_the_case_changes_the_message_follows():
    stage = recorded()
    write(stage)
    stage.version(2, officer=officer_named("4711", email="lee.oak@example.test"), supervisor=supervisor_named("1891"))
    stage.run()
    assert to(stage) == [OFFICER, "lee.oak@example.test"]
    assert (answer(stage).officer, answer(stage).supervisor) == ("4711", "1891")


def test_it_is_reminded_of_becomes_late_and_goes_up_the_ladder_like_any_other():
    stage = recorded(supervisor=None)
    write(stage)
    stage.through(date(2026, 12, 4))
    reminded = {item.to for item in stage.digests()}
    assert {INSPECTOR, "area-inspector@derbyshire-police.test"} <= reminded
    assert answer(stage).state is ObligationState.BREACHED
    events = [body for body in published(stage) if "obligation_breached" in body and "contact_answer" in body]
    assert len(events) == 1


def test_the_contact_centre_is_reminded_of_what_it_has():
    stage = Stage()
    write(stage)
    stage.through(date(2026, 11, 26))
    assert CENTRE in {item.to for item in stage.digests()}


# ---- what goes to the records system


def test_that_a_message_came_is_told_by_ids_alone():
    stage = recorded()
    write(stage)
    (told,) = [body for body in published(stage) if "message_received" in body]
    assert message_id(stage) in told
    assert answer(stage).obligation_id in told
    assert not [word for word in ("Kim", "900999", "receipt", "victim_id") if word in told]


# ---- many


def test_messages_beyond_the_share_of_a_reference_come_together_once():
    stage = recorded()
    share = stage.house.profile.contact_forms.per_reference
    for number in range(share + 4):
        write(stage, source=f"192.0.2.{number}", message=str(number))
    assert to(stage) == [OFFICER] * share + [CENTRE]
    assert (note(stage).claim, note(stage).asks[:13]) == (None, "More messages")
    assert [row.purpose for row in answers(stage)].count(Purpose.MORE_MESSAGES) == 1
    assert stage.rows(Template.CONTACT) != []
    assert len(stage.rows(Template.CONTACT)) == share


# ---- reading


def test_whoever_reads_the_messages_of_a_case_is_logged():
    stage = recorded()
    assert desk(stage).read(REF, "2345", stage.now) == []
    write(stage)
    stage.world.clock.advance(MINUTE)
    stage.house.contact.receive(form(message="Not routed yet."), "source", stage.now)
    first, second = desk(stage).read(REF, "2345", stage.now)
    assert (first.message.form.name, first.owed) == ("Kim Field", answer(stage))
    assert second.owed is None
    logged = [entry for entry in stage.world.cases.audit.values() if entry.op == "messages_read"]
    assert [(entry.actor, entry.reference) for entry in logged] == [("2345", REF)]


# ---- failures


def test_a_mail_that_cannot_be_delivered_goes_to_the_role_and_then_to_operations():
    stage = recorded()
    stage.world.calls.fail("email.send", *[PermanentSendError("MessageRejected")] * 3)  # the confirmation's too
    write(stage)
    stage.sweep()
    assert to(stage) == [OPERATIONS]
    assert note(stage).asks.startswith("This could not be delivered")


def test_a_bounce_goes_to_the_role():
    stage = recorded()
    write(stage)
    (row,) = stage.rows(Template.CONTACT_MESSAGE)
    stage.receive(row, State.BOUNCED, permanent=True)
    assert to(stage) == [OFFICER, CREW]


def test_a_message_that_is_not_kept_any_more_is_routed_to_nobody():
    stage = recorded()
    stage.house.contact.receive(form(), "source", stage.now)
    stage.world.messages.kept.clear()
    stage.run()
    assert (to(stage), stage.rows(Template.CONTACT), answers(stage)) == ([], [], [])


def test_while_a_version_is_being_written_a_message_waits():
    stage = recorded()
    heads = stage.world.cases.heads
    standing = heads[REF]
    heads[REF] = replace(standing, marker=Marker(2, "x"))
    write(stage)
    assert to(stage) == []
    with pytest.raises(RetryLater):
        stage.house.answers.recheck(REF, stage.now)
    heads[REF] = standing
    stage.later(5 * MINUTE)
    assert to(stage) == [OFFICER]


def test_a_case_that_others_keep_writing_gives_the_look_back():
    stage = recorded()
    write(stage)
    stage.version(2, **DOMESTIC)
    stage.world.cases.rows = {key: row for key, row in stage.world.cases.rows.items() if row.template is not Template.CONTACT_MESSAGE}
    stage.world.calls.fail("cases.commit", *[Contended("head")] * TRIES)
    with pytest.raises(Contended):
        stage.house.answers.recheck(REF, stage.now)


def test_a_sweep_that_cannot_look_says_so_and_the_next_does():
    stage = Stage()
    write(stage)
    heads = stage.world.cases.heads
    standing = heads[REF]
    heads[REF] = replace(standing, marker=Marker(2, "x"))
    stage.world.clock.advance(8 * DAY)
    assert stage.house.sweep.sweep(stage.now).contended
    heads[REF] = standing
    assert not stage.house.sweep.sweep(stage.now).contended


def test_a_hint_that_comes_twice_tells_once():
    stage = recorded()
    write(stage)
    (row,) = stage.rows(Template.CONTACT)
    stage.world.cases.rows[row.notification_id] = replace(row, open_at=stage.now - timedelta(seconds=1))
    stage.one(row.notification_id)
    stage.run()
    assert (to(stage), len(answers(stage))) == ([OFFICER], 1)
    assert [item.kind for item in stage.owed() if item.kind is Kind.CONTACT_ALARM] == []


def test_whoever_reads_sees_what_was_written_in_lines():
    stage = recorded()
    write(stage, email=None, safe_to_reply=None, message="Please help, he is here now.\nQuick.")
    stage.world.clock.advance(MINUTE)
    stage.house.contact.receive(form(message="Not routed yet."), "source", stage.now)
    first, second = (list(shown(one)) for one in desk(stage).read(REF, "2345", stage.now))
    assert first == [
        f"{answer(stage).begun_by}  2026-11-20 11:01  open, task {answer(stage).obligation_id}",
        "  claimed to be from Kim Field, to 2345  DANGER",
        "  phone: 07700 900999",
        "  | Please help, he is here now.",
        "  | Quick.",
    ]
    assert second[0].endswith("with others, or not routed yet")
    assert "  email: kim@elsewhere.test" in second
