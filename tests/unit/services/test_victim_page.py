"""What a victim sees and may ask for behind the code: words of messages that left, changes that count once, and what follows from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, Purpose
from chalicelib.domain.victim_forms import Act, Missing
from chalicelib.domain.victim_view import Referral
from chalicelib.services.timeline import Timeline
from chalicelib.services.victim_page import Did
from tests import builders
from tests.builders import event_message, victim
from tests.unit.services.desk import write
from tests.unit.services.on_page import STILL_LOOKING, by, send, told
from tests.unit.services.own_page import Inside, inside
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked

REVIEWABLE: dict[str, Any] = {
    "suspect_interviewed": True,
    "all_suspects_and_charges": True,
    "charged_other_offence": False,
    "victim_supports": True,
    "decided_by": "police",
    "reason": "There is not enough to show a court.",
}


def happened(stage: Stage, type: str = "arrested", event_id: str = "E-1", **facts: Any) -> None:
    """The records system tells of it, and what may leave by noon of the next working day does."""
    stage.put(
        event_message(type, now=stage.now, event_id=event_id, **({"reason": "The evidence linked the suspect to the scene."} | facts))
    )
    stage.later(3 * DAY)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))


def lines(came: Inside) -> list[tuple[str, str | None]]:
    shown = came.page.view.lines
    return [
        (line.item.type if line.item else line.update.start if line.update else "", line.item.reason if line.item else None)
        for line in shown
    ]


def test_it_shows_what_the_acknowledgement_said():
    view = inside(told()).page.view
    assert (view.reference, view.crimes, view.reported_on) == (REF, ("burglary of a home",), date(2026, 11, 20))
    assert view.officer is not None
    assert (view.officer.name, view.officer.collar_number) == ("PC Sam Ash", "2345")
    assert view.updates is not None
    assert (view.updates.every_days, view.updates.method, view.updates.next_on) == (10, "email", date(2026, 11, 30))
    assert (view.referral, view.lines, view.review) == (Referral.PASSED, (), None)


@pytest.mark.parametrize(("days", "next_on", "late_for"), [(10, date(2026, 11, 30), None), (11, None, date(2026, 11, 30))])
def test_a_day_that_passed_without_a_word_is_said_and_not_hidden(days, next_on, late_for):
    stage = told()
    stage.later(days * DAY)
    view = inside(stage).page.view
    assert (view.updates and view.updates.next_on, view.late_for) == (next_on, late_for)


def test_nobody_is_late_who_was_asked_for_no_more_messages():
    came = inside(told())
    came.stage.later(11 * DAY)
    again = inside(came.stage, came.link)
    assert again.page.view.late_for is not None
    again.act(Act.STOP)
    assert again.page.view.late_for is None


def test_a_crime_that_no_message_named_is_not_shown():
    came = inside(told())
    stage = came.stage
    stage.version(2, offences=[builders.offence("34B", ho_code=None, description=None)])
    assert came.page.view.crimes == ("burglary of a home",)


def test_an_officer_whom_no_message_named_is_not_shown():
    came = inside(told())
    came.stage.version(2, officer=builders.officer_named("4711", name="PC Kim Lee"))
    assert came.page.view.officer is None


def test_an_event_is_shown_once_a_message_told_of_it():
    came = inside(told())
    came.stage.put(event_message("arrested", now=came.stage.now, reason="The evidence linked the suspect to the scene."))
    assert lines(came) == []
    came.stage.later(3 * DAY)
    assert lines(inside(came.stage)) == [("arrested", "The evidence linked the suspect to the scene.")]


def test_a_message_that_did_not_arrive_told_nothing():
    stage = told()
    stage.put(event_message("arrested", now=stage.now, reason="The evidence linked the suspect to the scene."))
    stage.later(HOUR)
    stage.receive(stage.only(Template.EVENT), State.BOUNCED)
    assert lines(inside(stage)) == []


def test_a_text_says_only_that_there_is_news():
    stage = told(**by("sms", "email"))
    happened(stage)
    assert stage.states(Template.EVENT) == [("sms", "delivered")]
    view = inside(stage, stage.house.victims.token(REF, "V1", stage.now, stage.now)).page.view
    assert (view.lines, view.crimes, view.officer is None) == ((), ("burglary of a home",), False)


def test_news_that_was_taken_back_is_shown_as_the_correction_said_it():
    stage = told()
    happened(stage)
    happened(stage, "arrested", "E-2", corrects="E-1", withdrawn=True)
    (line,) = inside(stage).page.view.lines
    assert line.item is not None
    assert (line.item.type, line.item.withdrawn) == ("arrested", True)


def test_an_officers_update_is_shown_in_its_words():
    stage = told()
    send(stage, STILL_LOOKING)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    came = inside(stage)
    assert lines(came) == [("still_looking", None)]
    assert [line.update.in_text for line in came.page.view.lines if line.update] == [False]


def test_an_update_that_has_not_left_yet_is_not_shown():
    stage = told()
    stage.later(12 * HOUR)
    send(stage, STILL_LOOKING)
    assert stage.states(Template.UPDATE) == [("email", "held")]
    assert lines(inside(stage)) == []


def test_what_went_to_somebody_else_was_not_told_to_this_reader():
    stage = told()
    happened(stage)
    stage.version(2, victims=[victim(email="alex.new@example.org", enhanced=builders.enhanced(eligible=False, reasons=[]))])
    view = inside(stage).page.view
    assert (view.crimes, view.lines, view.officer, view.updates) == ((), (), None, None)
    assert (view.referral, view.may_refuse) == (Referral.NONE, False)


def test_new_terms_hold_at_once_and_count_once():
    came = inside(told())
    assert came.act(Act.UPDATES, "14", "sms", "one form").did is Did.DONE
    assert came.act(Act.UPDATES, "14", "sms", "one form").did is Did.DONE
    updates = came.page.view.updates
    assert updates is not None
    assert (updates.every_days, updates.method, updates.next_on) == (14, "sms", date(2026, 12, 4))
    (agreed,) = came.stage.world.cases.agreements.values()
    assert (agreed.agreed_by, len(agreed.history)) == ("victim", 2)
    assert "agreement_changed" in [news["event"] for news in came.stage.world.topic.published]


def test_a_form_that_comes_again_with_other_terms_is_another_wish():
    came = inside(told())
    came.act(Act.UPDATES, "14", "email", "one form")
    assert came.act(Act.UPDATES, "28", "sms", "one form").did is Did.DONE
    updates = came.page.view.updates
    assert updates is not None
    assert (updates.every_days, updates.method) == (28, "sms")


def test_only_when_something_important_happens():
    came = inside(told())
    came.act(Act.UPDATES, "important", "email")
    updates = came.page.view.updates
    assert updates is not None
    assert (updates.every_days, updates.next_on) == (None, None)


@pytest.mark.parametrize(
    ("every", "method", "missing"),
    [
        ("", "", (Missing.EVERY, Missing.METHOD)),
        ("1", "email", (Missing.EVERY,)),
        ("14", "letter", (Missing.METHOD,)),
        ("14", "phone", (Missing.METHOD,)),
        ("None", "email", (Missing.EVERY,)),
    ],
)
def test_terms_that_are_not_offered_are_not_taken(every, method, missing):
    came = inside(told())
    answer = came.act(Act.UPDATES, every, method)
    assert (answer.did, answer.missing) == (Did.WRONG, missing)
    assert came.page.view.updates == inside(told()).page.view.updates


def test_three_changes_a_day():
    came = inside(told())
    assert [came.act(Act.UPDATES, str(days)).did for days in (7, 14, 28, 10)] == [*[Did.DONE] * 3, Did.REFUSED]


def test_a_closed_case_takes_no_terms():
    stage = told()
    stage.version(2, status="closed")
    came = inside(stage)
    assert Act.UPDATES not in came.page.offers
    assert came.act(Act.UPDATES).did is Did.REFUSED


def test_a_no_to_the_referral_reaches_the_service_and_the_records_system_and_stays():
    came = inside(told())
    stage = came.stage
    assert ("withdrawal", "referrals@derbyshire-victim-services.test") not in stage.outside
    assert came.act(Act.REFERRAL).did is Did.DONE
    assert ("withdrawal", "referrals@derbyshire-victim-services.test") in stage.outside
    assert "opted_out" in repr(stage.world.topic.published)
    assert came.act(Act.REFERRAL).did is Did.REFUSED
    stage.version(2)
    assert came.page.view.referral is Referral.REFUSED
    assert stage.only(Template.WITHDRAWAL).state is State.SENT


def test_a_no_before_the_details_left_keeps_them_here():
    stage = Stage()
    stage.version(victims=[victim(enhanced=builders.enhanced(eligible=False, reasons=[]))])
    stage.world.clock.advance(30 * MINUTE)
    stage.house.sweep.sweep(stage.now)
    notice = stage.only(Template.ACKNOWLEDGEMENT)
    stage.one(notice.notification_id)
    came = inside(stage) if not stage.rows(Template.REFERRAL)[0].may_be_out else None
    assert came is None or came.act(Act.REFERRAL).did is Did.DONE


def test_no_more_messages_means_none():
    came = inside(told())
    stage = came.stage
    assert came.act(Act.STOP).did is Did.DONE
    assert came.act(Act.STOP).did is Did.REFUSED
    assert stage.task(Purpose.VICTIM_STOPPED).unit == "officer"
    stage.left.clear()
    happened(stage)
    write(stage)
    stage.later(20 * DAY)
    assert not [item for item in stage.outside if item[0] not in ("code",)]
    assert not [row for row in stage.owed() if row.kind is Kind.UPDATE and row.unmet]


def test_whoever_stopped_may_begin_again():
    came = inside(told())
    came.act(Act.STOP)
    came.stage.later(MINUTE)
    assert came.page.view.stopped
    assert came.act(Act.UPDATES, "7").did is Did.DONE
    view = came.page.view
    assert (view.stopped, view.declined, view.updates and view.updates.every_days) == (False, False, 7)
    happened(came.stage)
    assert ("event", "alex.morgan@example.org") in came.stage.outside


def test_wrong_details_are_the_officers_to_ask_about_and_change_nothing():
    came = inside(told())
    stage = came.stage
    assert came.act(Act.DETAILS).did is Did.DONE
    assert came.page.view.corrected_on == date(2026, 11, 20)
    assert came.act(Act.DETAILS).did is Did.REFUSED
    owed = stage.task(Purpose.CORRECT_DETAILS)
    assert (owed.unit, owed.begun_by in {event.event.event_id for event in stage.world.cases.events.values()}) == ("officer", True)
    stage.put(builders.done_message(owed.obligation_id, now=stage.now))
    assert came.page.view.corrected_on is None
    assert came.act(Act.DETAILS).did is Did.DONE


def test_a_review_is_asked_for_once_and_opens_the_forces_clocks():
    stage = told()
    happened(stage, "not_prosecuted", **REVIEWABLE)
    came = inside(stage)
    review = came.page.view.review
    assert review is not None
    assert (review.scheme, review.asked_on, Act.REVIEW in came.page.offers) == ("police", None, True)
    assert lines(came) == [("not_prosecuted", "There is not enough to show a court.")]
    assert came.act(Act.REVIEW).did is Did.DONE
    kinds = {row.kind: row.unit for row in stage.owed() if row.kind in (Kind.REVIEW_ACKNOWLEDGED, Kind.REVIEW_DECIDED)}
    assert kinds == dict.fromkeys((Kind.REVIEW_ACKNOWLEDGED, Kind.REVIEW_DECIDED), "inspector")
    asked = came.page.view.review
    assert asked is not None
    assert asked.asked_on is not None
    assert came.act(Act.REVIEW).did is Did.DONE, "the same request again is the same"
    assert Act.REVIEW not in came.page.offers


@pytest.mark.parametrize(
    ("facts", "scheme"),
    [({"decided_by": "cps"}, "cps"), ({"victim_supports": False}, None)],
)
def test_where_the_right_is_not_ours_to_give_no_review_is_taken(facts, scheme):
    stage = told()
    happened(stage, "not_prosecuted", **REVIEWABLE | facts)
    came = inside(stage)
    review = came.page.view.review
    assert (review.scheme if review else None) == scheme
    assert Act.REVIEW not in came.page.offers
    assert came.act(Act.REVIEW).did is Did.REFUSED


def test_after_three_months_no_review_is_taken():
    stage = told()
    happened(stage, "not_prosecuted", **REVIEWABLE)
    stage.later(95 * DAY)
    stage.version(2)
    came = inside(stage)
    assert came.act(Act.REVIEW).did is Did.REFUSED


def test_a_case_that_is_held_while_something_is_asked_for_takes_nothing():
    came = inside(told())
    stage = came.stage
    hooked(stage, "cases.commit", "before", lambda: stage.version(2, flags={"domestic_abuse": True}))
    assert came.act(Act.STOP).did is Did.DEAD
    assert Purpose.VICTIM_STOPPED not in stage.tasks()


def test_witness_care_is_named_once_a_hearing_is_listed():
    stage = told()
    assert not inside(stage).page.view.by_witness_care
    stage.put(builders.hearing_message(now=stage.now))
    stage.run()
    assert inside(stage).page.view.by_witness_care


def test_what_was_asked_for_stands_in_the_story_of_the_case():
    came = inside(told())
    for act in (Act.REFERRAL, Act.STOP, Act.DETAILS):
        came.act(act)
    text = "\n".join(Timeline(came.stage.world.cases, came.stage.world.officers, frozenset()).lines(REF))
    for words in (
        "a code asked for",
        "no referral to the victim service asked for",
        "no more messages asked for",
        "other contact details asked for",
    ):
        assert f"{words} on the page of V1" in text
