"""An officer's update, from the page to what the victim was sent and what it met. NOW is Friday 20 November 2026.

Must not test what the page shows beside it (test_officer_page.py), or the words (tests/contract/test_update_words.py).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError, RetryLater, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import ObligationState, Purpose
from chalicelib.domain.officer_forms import Fault, UpdateForm
from chalicelib.services.messages_out import ADDRESS_LEFT_OUT
from chalicelib.services.officer_page import Answer, Came
from chalicelib.services.officer_update import MOST_A_DAY, Preview
from chalicelib.services.timeline import Timeline
from chalicelib.services.victim_pages import LEFT_OUT
from tests import builders
from tests.builders import business, victim
from tests.unit.services.on_page import (
    DOMESTIC,
    ORDINARY,
    STILL_LOOKING,
    by,
    link,
    owed,
    post,
    preview,
    send,
    shown,
    spoke,
    told,
    updates,
    written,
)
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked, record

ALEX = "alex.morgan@example.org"
OWN = UpdateForm("V1", "own_words", "We have asked the shop for film from its cameras.")
SILENT = {"victims": [victim(contact_safety=builders.contact_safety(do_not_contact=True))]}
RUNG = victim(
    contact_safety=builders.contact_safety(safe_channels=["email", "phone"]), update_agreement=builders.update_agreement(method="phone")
)
NOT_ALLOWED = {
    "specialist": DOMESTIC,
    "in doubt": {"flags": {"safeguarding": None}},
    "closed": {"status": "closed"},
    "transferred": {"status": "transferred"},
    "cancelled": {"status": "cancelled"},
    "do not contact": SILENT,
    "nothing is safe": {"victims": [victim(contact_safety=builders.contact_safety(safe_channels=[]))]},
    "by telephone": {"victims": [RUNG]},
    "no updates wanted": {"victims": [victim(update_agreement=builders.update_agreement(declined=True))]},
    "a form that no template has": {"victims": [victim(communication_needs=["braille"])]},
    "removed": {"victims": [victim("V2", email=None, mobile=None, person_ref="N2")]},
}


def content(stage: Stage) -> Any:
    return stage.content(stage.only(Template.UPDATE))


def test_an_update_goes_in_the_agreed_way_and_its_delivery_meets_what_is_owed():
    stage = told()
    offer = shown(stage).update
    assert offer is not None
    assert (offer.channel, offer.leaves_at, offer.first_day, offer.next_on) == (
        "email", stage.now, date(2026, 11, 21), date(2026, 11, 30),
    )  # fmt: skip
    assert send(stage) == Answer(Came.RECORDED, leaves_at=stage.now)
    assert updates(stage) == [ALEX]
    assert (content(stage).start, content(stage).words, content(stage).next_on) == ("still_looking", None, date(2026, 11, 30))
    (first,) = owed(stage)
    assert (first.state, first.automatic) == (ObligationState.OPEN, True), "sent is not evidence, and nobody is reminded of it"
    stage.later(HOUR)
    row = stage.only(Template.UPDATE)
    stage.receive(row)
    first, second = owed(stage)
    assert (first.state, first.evidence, first.met_at) == (ObligationState.MET, row.notification_id, stage.now)
    assert (second.begun_by, second.due_at.date(), second.state) == (row.notification_id, date(2026, 11, 30), ObligationState.OPEN)
    assert stage.world.cases.agreements[REF, "V1"].next_update_on == date(2026, 11, 30)
    assert stage.leaks() == []


def test_everything_is_announced_to_the_records_system():
    stage = told()
    stage.world.topic.published.clear()
    send(stage, UpdateForm("V1", "still_looking", None, date(2026, 11, 27)))
    row = stage.only(Template.UPDATE)
    stage.receive(row)
    said = {body["event"]: body for body in stage.world.topic.published}
    assert said.keys() == {"notified", "obligation_met", "agreement_changed"}
    assert (said["notified"]["template"], said["notified"]["channel"]) == ("update", "email")
    assert (said["obligation_met"]["kind"], said["obligation_met"]["evidence"]) == ("update", row.notification_id)
    assert said["agreement_changed"]["next_update_on"] == "2026-11-27"
    assert len(stage.world.topic.published) == 3


def test_own_words_go_by_email_and_letter_and_never_by_text():
    for channel, came in (("email", Came.RECORDED), ("letter", Came.RECORDED), ("sms", Came.WRONG)):
        stage = told(**by(channel, "letter"))
        form = UpdateForm("V1", "still_looking", "we   have asked the shop for film")
        assert send(stage, form).came is came, channel
    assert send(stage, form).faults == (Fault("words", "fixed_words_only"),)
    stage = told()
    send(stage, OWN)
    assert content(stage).words == "We have asked the shop for film from its cameras."


@pytest.mark.parametrize(
    ("channel", "to"), [("email", ALEX), ("sms", "+447700900123"), ("letter", "1 Wood Street, Heanor, DE75 7XX")], ids=lambda item: item
)
def test_the_preview_is_what_the_victim_gets(channel: str, to: str):
    stage = told(**by(channel, "letter"))
    seen = preview(stage)
    assert isinstance(seen, Preview)
    assert seen.channel == channel
    assert stage.rows(Template.UPDATE) == []
    assert stage.world.cases.load(REF).events == (), "to look is not to send"
    send(stage)
    assert updates(stage) == [to]
    row = stage.only(Template.UPDATE)
    if channel == "email":
        (gone,) = [email for email in stage.world.email.sent if email.notification_id == row.notification_id]
        theirs = re.search(r"/case/([\w-]+)", gone.text)[1]
        assert (seen.email.subject, seen.email.text, seen.email.html) == (gone.subject, gone.text.replace(theirs, LEFT_OUT), gone.html)
        assert theirs not in seen.email.text
    if channel == "sms":
        (text,) = [text for text in stage.world.sms.sent if text.notification_id == row.notification_id]
        assert (seen.text, seen.segments, seen.email) == (text.body, 1, None)
    if channel == "letter":
        pdf = stage.world.letters.letters[row.notification_id].pdf.decode()
        there = "('Alex Morgan', '1 Wood Street', 'Heanor', 'DE75 7XX')"
        assert there in pdf
        assert "%PDF-1.7 letter " + seen.letter.text == pdf.replace(there, f"('{ADDRESS_LEFT_OUT}',)")


def test_a_letter_counts_two_working_days_later_and_promises_no_day_before():
    stage = told(**by("letter"))
    offer = shown(stage).update
    assert (offer.arrives_on, offer.first_day) == (date(2026, 11, 24), date(2026, 11, 25))
    early = UpdateForm("V1", "still_looking", None, date(2026, 11, 24))
    assert send(stage, early).faults == (Fault("next_update_on", "too_soon"),)
    assert send(stage, UpdateForm("V1", "still_looking", None, date(2026, 11, 25))).came is Came.RECORDED
    assert preview(stage, STILL_LOOKING).arrives_on == date(2026, 11, 24)
    stage.through(date(2026, 11, 25))
    first, second = owed(stage)
    assert (first.state, first.met_at.date(), second.due_at.date()) == (ObligationState.MET, date(2026, 11, 24), date(2026, 11, 25))


def test_a_letter_that_comes_back_opens_the_update_again_and_asks_the_officer():
    stage = told(**by("letter"))
    send(stage)
    stage.through(date(2026, 11, 25))
    assert [row.state for row in owed(stage)] == ["met", "open"]
    stage.put(builders.letter_message(now=stage.now))
    (first,) = [row for row in owed(stage) if row.unmet]
    assert (first.begun_by, Purpose.UPDATE_NOT_DELIVERED in stage.tasks()) == ("start", True)


@pytest.mark.parametrize("facts", NOT_ALLOWED.values(), ids=NOT_ALLOWED.keys())
def test_what_may_not_be_sent_is_not_offered_and_refused(facts: dict[str, Any]):
    stage = told()
    assert shown(stage).update is not None
    stage.version(2, **(ORDINARY | facts))
    assert all(one.update is None for one in stage.house.page.view(link(stage), stage.now).victims)
    for form in (STILL_LOOKING, OWN):
        answers = [preview(stage, form), send(stage, form)]
        assert {answer.came for answer in answers} <= {Came.REFUSED, Came.WRONG}
    assert stage.world.cases.load(REF).events == ()
    stage.later(DAY)
    assert updates(stage) == []


@pytest.mark.parametrize("facts", NOT_ALLOWED.values(), ids=NOT_ALLOWED.keys())
def test_what_changes_while_it_waits_for_the_morning_stops_it(facts: dict[str, Any]):
    stage = told()
    stage.until(datetime(2026, 11, 20, 21, tzinfo=UTC))
    assert send(stage).leaves_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    stage.version(2, **(ORDINARY | facts))
    stage.later(12 * HOUR)
    assert updates(stage) == []


@pytest.mark.parametrize("facts", NOT_ALLOWED.values(), ids=NOT_ALLOWED.keys())
def test_what_changes_between_the_policy_and_the_write_refuses_it(facts: dict[str, Any]):
    """The version arrives after the page looked, and before the event is written."""
    stage = told()
    token = link(stage)
    stage.house.update.preview(token, STILL_LOOKING, stage.now)
    calls = iter(range(9))

    def second_load(name: str, when: str) -> None:
        if (name, when) == ("cases.load", "before") and next(calls) == 1:
            stage.world.calls.on_call = None
            stage.version(2, **(ORDINARY | facts))

    stage.world.calls.on_call = second_load
    assert stage.house.update.send(token, STILL_LOOKING, stage.now) == Answer(Came.REFUSED)
    assert stage.world.cases.load(REF).events == ()


def test_what_is_decided_while_it_is_being_sent_takes_it_back():
    stage = told()
    stage.house.update.send(link(stage), STILL_LOOKING, stage.now)
    hooked(stage, "cases.claim", "after", lambda: stage.version(2, **DOMESTIC))
    stage.run()
    stage.later(DAY)
    assert updates(stage) == []


def test_a_hold_of_the_person_elsewhere_stops_it():
    stage = told()
    stage.put(record(reference="26000799999", **DOMESTIC))
    assert shown(stage).update is None
    assert send(stage) == Answer(Came.REFUSED)


def test_a_quarantined_version_holds_what_was_written_and_offers_nothing():
    stage = told()
    stage.until(datetime(2026, 11, 20, 21, tzinfo=UTC))
    send(stage)
    assert (shown(stage).update, shown(stage).update_waits) == (None, True)
    assert shown(stage).update_leaves_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    stage.version(2, source="carrier pigeon")
    stage.later(12 * HOUR)
    assert (updates(stage), shown(stage).update_waits, shown(stage).update_leaves_at) == ([], True, None)
    other = told()
    other.version(2, source="carrier pigeon")
    assert (shown(other).update, send(other)) == (None, Answer(Came.REFUSED))
    stage.version(3, **ORDINARY)
    stage.run()
    assert updates(stage) == [ALEX]


def test_what_was_held_for_too_long_is_not_true_any_more():
    stage = told()
    stage.until(datetime(2026, 11, 20, 21, tzinfo=UTC))
    send(stage)
    stage.version(2, source="carrier pigeon")
    stage.through(date(2026, 11, 25))
    stage.version(3, **ORDINARY)
    stage.later(HOUR)
    assert updates(stage) == []
    task = stage.task(Purpose.UPDATE_NOT_DELIVERED)
    assert post(stage, spoke(stage)).came is Came.RECORDED
    assert stage.world.cases.owed[REF, task.obligation_id].state is ObligationState.MET


@pytest.mark.parametrize("again", [0, 10, 300])
def test_a_double_post_sends_once(again: int):
    stage = told()
    assert send(stage).came is Came.RECORDED
    stage.later(timedelta(minutes=again))
    assert send(stage) == Answer(Came.ALREADY)
    assert updates(stage) == [ALEX]


def test_two_posts_at_one_moment_send_once():
    stage = told()
    token, answers = link(stage), []
    hooked(stage, "cases.around", "before", lambda: answers.append(stage.house.update.send(token, STILL_LOOKING, stage.now)))
    answers.append(stage.house.update.send(token, STILL_LOOKING, stage.now))
    stage.run()
    assert [answer.came for answer in answers] == [Came.RECORDED, Came.ALREADY]
    assert updates(stage) == [ALEX]
    late = told()
    token, found = link(late), []
    hooked(late, "queues.dispatch", "before", lambda: found.append(late.house.update.send(token, STILL_LOOKING, late.now)))
    found.append(late.house.update.send(token, STILL_LOOKING, late.now))
    assert sorted(answer.came for answer in found) == [Came.ALREADY, Came.RECORDED]


def test_another_update_waits_until_the_first_has_left():
    stage = told()
    stage.until(datetime(2026, 11, 20, 21, tzinfo=UTC))
    assert send(stage).came is Came.RECORDED
    assert send(stage, OWN) == Answer(Came.ON_ITS_WAY)
    assert preview(stage, OWN) == Answer(Came.ON_ITS_WAY)
    stage.later(12 * HOUR)
    assert send(stage, OWN).came is Came.RECORDED
    assert updates(stage) == [ALEX, ALEX]


def test_there_is_an_end_to_what_one_victim_is_sent_on_one_day():
    stage = told()
    forms = [UpdateForm("V1", start) for start in ("still_looking", "waiting_for_checks", "looking_at_film", "talking_to_people")]
    came = []
    for form in forms:
        came.append(send(stage, form).came)
        stage.later(MINUTE)
    assert came == [Came.RECORDED] * MOST_A_DAY + [Came.ENOUGH]
    race, found = told(), []
    token = link(race)
    others = iter(forms[1:])

    def other(name: str, when: str) -> None:
        """Others write three in between."""
        if (name, when) == ("cases.around", "before"):
            race.world.calls.on_call = None
            for form in others:
                found.append(race.house.update.send(token, form, race.now).came)
                race.run()

    race.world.calls.on_call = other
    assert race.house.update.send(token, STILL_LOOKING, race.now).came is Came.REFUSED
    assert found == [Came.RECORDED] * MOST_A_DAY
    stage.later(DAY)
    assert send(stage, forms[3]).came is Came.RECORDED


def test_a_preview_in_the_evening_is_dated_as_it_will_leave():
    stage = told(**by("letter"))
    stage.until(datetime(2026, 11, 20, 21, tzinfo=UTC))
    seen = preview(stage)
    send(stage)
    stage.later(12 * HOUR)
    pdf = stage.world.letters.letters[stage.only(Template.UPDATE).notification_id].pdf
    assert b"written_on=datetime.date(2026, 11, 21)" in pdf
    assert "written_on=datetime.date(2026, 11, 21)" in seen.letter.text


def test_a_dead_link_sends_nothing():
    stage = told()
    token = link(stage)
    stage.house.pages.revoke(REF, stage.now)
    assert stage.house.update.send(token, STILL_LOOKING, stage.now) == Answer(Came.DEAD)
    assert stage.house.update.preview(token, STILL_LOOKING, stage.now) == Answer(Came.DEAD)


WRONG: dict[str, tuple[UpdateForm, tuple[str, str]]] = {
    "no start": (UpdateForm("V1", None), ("start", "missing")),
    "no such start": (UpdateForm("V1", "we_have_them"), ("start", "unknown")),
    "nothing said": (UpdateForm("V1", "own_words", " \n "), ("words", "missing")),
    "a name of the case": (UpdateForm("V1", "own_words", "We have spoken to Morgan."), ("words", "name")),
    "a name written small": (UpdateForm("V1", "own_words", "We have spoken to morgan again."), ("words", "name")),
    "an address": (UpdateForm("V1", "own_words", "We came to wood street again."), ("words", "address")),
    "a number": (UpdateForm("V1", "own_words", "We rang 07700 900123."), ("words", "contact")),
    "an e-mail address": (UpdateForm("V1", "still_looking", "We wrote to a.b@example.org"), ("words", "contact")),
    "a bail condition": (UpdateForm("V1", "own_words", "He must not go near you."), ("words", "bail_condition")),
    "too long": (UpdateForm("V1", "own_words", "We are looking. " * 30), ("words", "long")),
    "a day that passed": (UpdateForm("V1", "still_looking", None, date(2026, 11, 19)), ("next_update_on", "past")),
    "the same day": (UpdateForm("V1", "still_looking", None, date(2026, 11, 20)), ("next_update_on", "too_soon")),
    "later than agreed": (UpdateForm("V1", "still_looking", None, date(2026, 12, 1)), ("next_update_on", "later_than_agreed")),
    "nobody of this case": (UpdateForm("V9", "still_looking"), ("victim_id", "unknown")),
}


@pytest.mark.parametrize(("form", "fault"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_by_field(form: UpdateForm, fault: tuple[str, str]):
    stage = told()
    assert send(stage, form) == preview(stage, form) == Answer(Came.WRONG, (Fault(*fault),))
    assert stage.world.cases.load(REF).events == ()


def test_a_text_is_offered_only_what_a_text_may_say():
    stage = told(**by("sms"))
    offer = shown(stage).update
    assert ({row.start for row in offer.starts}, offer.own_words) == (
        {"still_looking", "waiting_for_checks", "waiting_for_answers"}, False,
    )  # fmt: skip
    assert send(stage, UpdateForm("V1", "looking_at_film")).faults == (Fault("start", "unknown"),)
    assert send(stage, UpdateForm("V1", "waiting_for_checks")).came is Came.RECORDED
    stage.receive(stage.only(Template.UPDATE))
    assert [row.state for row in owed(stage)] == ["met", "open"], "a text that says it in full is an update"


def test_one_that_fails_is_the_officers_to_tell():
    stage = told()
    stage.world.calls.fail("email.send", PermanentSendError("Rejected"))
    send(stage)
    assert stage.tasks() == [Purpose.UPDATE_NOT_DELIVERED]
    assert [(row.state, row.automatic) for row in owed(stage)] == [("open", False)]
    assert ("task", "sam.ash@example.test") in stage.sent_to("officer")
    post(stage, spoke(stage))
    assert stage.tasks() == [Purpose.UPDATE_NOT_DELIVERED], "they spoke before it was written"
    stage.later(HOUR)
    post(stage, spoke(stage))
    assert stage.tasks() == []


def test_one_of_which_nothing_is_known_is_the_officers_to_ask_about():
    stage = told()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    send(stage)
    assert (stage.tasks(), shown(stage).update_waits) == ([], True)
    stage.later(16 * MINUTE)
    assert (stage.tasks(), stage.only(Template.UPDATE).state) == ([Purpose.UPDATE_NOT_DELIVERED], State.SETTLED)
    stage.receive(stage.only(Template.UPDATE))
    assert [row.state for row in owed(stage)] == ["met", "open"]


def test_a_bounce_after_delivery_takes_the_evidence_back():
    stage = told()
    send(stage)
    row = stage.only(Template.UPDATE)
    stage.receive(row)
    assert [row.state for row in owed(stage)] == ["met", "open"]
    stage.receive(row, State.BOUNCED, permanent=True)
    assert [(row.begun_by, row.state) for row in owed(stage) if row.unmet] == [("start", "open")]
    assert stage.tasks() == [Purpose.UPDATE_NOT_DELIVERED]


def test_a_receipt_that_comes_while_the_case_cannot_be_decided_is_made_good():
    stage = told()
    send(stage)
    stage.world.calls.fail("cases.load", RetryLater("busy"))
    stage.house.receive(stage.only(Template.UPDATE).notification_id, State.DELIVERED)
    assert [row.state for row in owed(stage)] == ["open"]
    stage.run()
    assert [row.state for row in owed(stage)] == ["met", "open"]


def test_key_events_only_have_an_update_that_promises_nothing_unless_a_day_is_given():
    stage = told(victims=[victim(update_agreement=builders.update_agreement(every_days=None, next_update_on=None))])
    assert (owed(stage), shown(stage).update.next_on) == ([], None)
    assert preview(stage).next_update_on is None
    send(stage, UpdateForm("V1", "still_looking", None, date(2026, 12, 1)))
    stage.receive(stage.only(Template.UPDATE))
    assert [(row.state, row.due_at.date()) for row in owed(stage)] == [("open", date(2026, 12, 1))]


def test_it_goes_after_the_acknowledgement():
    stage = Stage()
    stage.version(**ORDINARY)
    assert send(stage).came is Came.RECORDED
    assert stage.only(Template.UPDATE).reason == "waits_for_notice"
    stage.later(HOUR)
    assert [item.template for item in stage.left if item.audience == "victim"] == [Template.ACKNOWLEDGEMENT, Template.UPDATE]


def test_a_business_contact_gets_one_message_a_day():
    stage = Stage()
    stage.version(victims=[business()])
    stage.later(HOUR)
    assert send(stage).leaves_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    stage.later(DAY)
    assert len(updates(stage)) == 1


def test_what_was_written_before_the_record_came_waits_for_it():
    ends = []
    for order in permutations(range(2)):
        stage = Stage()
        told_by = [lambda: stage.version(**ORDINARY), lambda: stage.house.event.record(written(stage), "hash", stage.now)]  # noqa: B023
        for index in order:
            told_by[index]()
        stage.later(HOUR)
        stage.later(MINUTE)
        ends.append([item.template for item in stage.left if item.audience == "victim"])
    assert ends == [[Template.ACKNOWLEDGEMENT, Template.UPDATE]] * 2


def test_nothing_of_it_is_in_the_timeline_but_ids():
    stage = told()
    send(stage, OWN)
    line = "update to V1 by email written by 2345: own words and words of their own; next update on 2026-11-30"
    lines = Timeline(stage.world.cases, stage.world.officers, stage.world.calendar.days).lines(REF)
    assert any(line in shown_line for shown_line in lines)
    assert not any("cameras" in shown_line for shown_line in lines)
