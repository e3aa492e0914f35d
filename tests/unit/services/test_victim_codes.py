"""The way in to the victim's page: who gets a link, what a code opens and for how long, and what a letter's signs lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.contact_safety import usable_point
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import TransientSendError
from chalicelib.domain.messages import Template
from chalicelib.services.victim_codes import Entering
from tests import builders
from tests.builders import victim
from tests.unit.services.on_page import ORDINARY, by, told
from tests.unit.services.own_page import ask, codes, enter, inside, issued, links, token
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked

NIGHT = 12 * HOUR
SMS_TO = "+447700900123"


def sent(stage: Stage) -> list[tuple[str, str]]:
    """(channel, to) of every code that left."""
    return [(item.channel, item.to) for item in stage.left if item.template is Template.CODE]


def lettered(**facts: object) -> Stage:
    """Somebody who is written to by letter, and whose text messages are safe too."""
    return told(**by("letter", "sms", **facts))


def typed(stage: Stage) -> str:
    return links(stage)[-1].code


def from_letter(stage: Stage, signs: str, reference: str = REF, source: str = "somewhere") -> str | None:
    return stage.house.codes.from_letter(reference, signs, source, stage.now)


def documents(stage: Stage) -> str:
    return "".join(letter.pdf.decode() for letter in stage.world.letters.letters.values())


def test_an_email_says_where_the_page_is_and_nothing_to_type():
    stage = told()
    (link,) = links(stage)
    assert (link.entry, link.code) == ("", "")
    assert link.address == f"http://127.0.0.1:8000/case/{token(stage)}"


def test_a_letter_bears_signs_to_type_too_and_they_lead_to_its_own_link():
    stage = lettered()
    row = stage.only(Template.ACKNOWLEDGEMENT)
    signs = stage.world.codes.of_letter(REF, row.notification_id)
    assert f"{signs[:4]}-{signs[4:8]}-{signs[8:]}" in documents(stage)
    found = from_letter(stage, signs.lower())
    assert found is not None
    assert f"/case/{found}'" in documents(stage)
    assert ask(stage, found)
    assert sent(stage) == [("sms", SMS_TO)]


@pytest.mark.parametrize(
    "facts",
    [
        by("sms"),
        by("letter"),
        {"flags": {"domestic_abuse": True}},
        {"flags": {"domestic_abuse": None}},
    ],
    ids=["text", "letter alone", "specialist", "in doubt"],
)
def test_no_link_goes_into_a_text_to_whom_no_code_could_go_or_to_whom_people_tell(facts):
    stage = told(**facts)
    assert links(stage) == []
    assert "PageLink" not in documents(stage)


def test_nobody_gets_a_link_while_another_record_of_theirs_is_in_doubt():
    stage = Stage()
    stage.version(reference="26000700001", flags={"safeguarding": None})
    stage.version(**ORDINARY)
    stage.later(HOUR)
    assert stage.states(Template.ACKNOWLEDGEMENT) == [("email", "sent")]
    assert links(stage) == []


def test_a_code_lets_in_once():
    stage = told()
    link = token(stage)
    assert ask(stage, link)
    assert sent(stage) == [("email", "alex.morgan@example.org")]
    first, again = enter(stage, link, f" {codes(stage)[0][:3]}-{codes(stage)[0][3:]} "), enter(stage, link)
    assert (first.how, again.how, again.session) == (Entering.IN, Entering.WRONG, "")


def test_the_code_stands_in_no_row_event_or_log_line():
    stage = told()
    ask(stage, token(stage))
    kept = repr((stage.world.cases.rows, stage.world.cases.events, stage.world.cases.audit, stage.world.queues.dispatched))
    assert codes(stage)[0] not in kept


def test_a_form_that_is_sent_twice_asks_for_one_code():
    stage = told()
    assert ask(stage, token(stage), "one form")
    assert ask(stage, token(stage), "one form")
    assert len(codes(stage)) == 1


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_wrong(wrong):
    stage = told()
    ask(stage, token(stage))
    assert enter(stage, token(stage), wrong).how is Entering.WRONG


def test_a_code_ends_after_ten_minutes_and_with_the_next_one():
    stage = told()
    ask(stage, token(stage))
    stage.later(10 * MINUTE)
    assert enter(stage, token(stage)).how is Entering.WRONG
    ask(stage, token(stage))
    old = codes(stage)[-1]
    stage.later(MINUTE)
    ask(stage, token(stage))
    assert enter(stage, token(stage), old).how is Entering.WRONG
    assert enter(stage, token(stage)).how is Entering.IN


def test_five_tries_and_no_more_even_with_the_right_one():
    stage = told()
    ask(stage, token(stage))
    wrong = "000000" if codes(stage)[0] != "000000" else "000001"
    assert [enter(stage, token(stage), wrong).how for _ in range(5)] == [Entering.WRONG] * 5
    assert enter(stage, token(stage)).how is Entering.MANY
    ask(stage, token(stage))
    assert enter(stage, token(stage)).how is Entering.IN


def test_tries_count_the_same_where_no_code_was_asked_for():
    stage = told()
    assert [enter(stage, token(stage), "000000").how for _ in range(6)] == [*[Entering.WRONG] * 5, Entering.MANY]


def test_five_codes_a_day_and_the_page_says_the_same_of_the_sixth():
    stage = told()
    link = token(stage)
    assert [ask(stage, link) for _ in range(6)] == [True] * 6
    assert len(sent(stage)) == 5
    stage.later(DAY)
    assert ask(stage, link)
    assert len(sent(stage)) == 6


def test_two_posts_at_once_make_no_sixth_code():
    stage = told()
    link = token(stage)
    for _ in range(4):
        ask(stage, link)
    hooked(stage, "cases.commit", "before", lambda: stage.house.codes.ask(link, "another form", stage.now))
    assert ask(stage, link)
    assert len({event.event.event_id for event in stage.world.cases.events.values()}) == 5


def test_a_code_waits_for_no_morning():
    stage = told()
    stage.later(NIGHT)
    assert ask(stage, token(stage))
    assert len(sent(stage)) == 1


def test_outside_the_hours_that_they_said_are_safe_no_code_goes():
    safe = builders.contact_safety(safe_hours="09:00-17:00")
    stage = told(victims=[victim(contact_safety=safe, enhanced=builders.enhanced(eligible=False, reasons=[]))])
    link = token(stage)
    stage.later(NIGHT)
    assert ask(stage, link)
    assert sent(stage) == []
    stage.later(12 * HOUR)
    assert ask(stage, link)
    assert len(sent(stage)) == 1


def test_a_code_that_could_not_leave_in_time_never_leaves():
    stage = told()
    stage.world.calls.fail("email.send", TransientSendError("throttled"))
    ask(stage, token(stage))
    assert sent(stage) == []
    stage.later(11 * MINUTE)
    assert stage.states(Template.CODE) == [("email", "cancelled")]
    assert sent(stage) == []


def test_a_code_that_left_is_nobodys_task_whatever_becomes_of_it():
    stage = told()
    assert ask(stage, token(stage))
    stage.receive(stage.only(Template.CODE), State.BOUNCED, permanent=True)
    stage.later(20 * MINUTE)
    assert stage.tasks() == []


def test_who_cannot_be_sent_a_code_hears_the_same():
    stage = told()
    link = token(stage)
    stage.version(2, victims=[victim(contact_safety=builders.contact_safety(safe_channels=["letter"]))])
    assert ask(stage, link)
    assert sent(stage) == []
    assert enter(stage, link, "123456").how is Entering.WRONG


def test_a_code_of_a_dead_link_is_asked_for_and_entered_in_vain():
    stage = told()
    assert not ask(stage, "nonsense")
    assert enter(stage, "nonsense", "123456").how is Entering.DEAD
    ask(stage, token(stage))
    stage.version(2, flags={"domestic_abuse": True})
    assert not ask(stage, token(stage))
    assert enter(stage, token(stage)).how is Entering.DEAD


def test_a_case_that_is_held_while_a_code_is_asked_for_gets_none():
    stage = told()
    hooked(stage, "cases.commit", "before", lambda: stage.version(2, flags={"domestic_abuse": True}))
    stage.house.codes.ask(token(stage), "form", stage.now)
    stage.run()
    assert sent(stage) == []


def test_a_code_that_went_to_an_address_of_before_lets_nobody_in():
    stage = told()
    ask(stage, token(stage))
    stage.version(2, victims=[victim(email="alex.new@example.org")])
    assert enter(stage, token(stage)).how is Entering.WRONG


def test_a_session_is_of_one_link():
    stage = told()
    came = inside(stage)
    other = issued(stage)
    stage.later(MINUTE)
    another = issued(stage)
    opened = stage.house.case.opened(another, stage.now)
    assert opened is not None
    assert not stage.house.case.entered(opened, came.session, stage.now)
    assert other != another
    assert not stage.house.case.entered(opened, "nonsense", stage.now)


def test_a_session_that_was_ended_opens_nothing_and_others_do():
    stage = told()
    first = inside(stage)
    second = inside(stage, first.link)
    opened = first.opened
    assert opened is not None
    stage.house.case.leave(opened, "nonsense", stage.now)
    stage.house.case.leave(opened, first.session, stage.now)
    assert (first.opened, second.opened is not None) == (None, True)
    assert first.session not in repr(vars(stage.world.revocations)), "whoever reads the store cannot enter"


def test_a_session_ends_after_half_an_hour():
    stage = told()
    came = inside(stage)
    stage.later(30 * MINUTE)
    assert came.opened is not None
    stage.later(timedelta(seconds=1))
    assert came.opened is None


def test_a_session_ends_when_the_address_of_its_code_is_not_safe_any_more():
    stage = told()
    came = inside(stage)
    stage.version(2, victims=[victim(contact_safety=builders.contact_safety(safe_channels=["sms"]))])
    assert came.opened is None
    assert ask(stage, came.link)
    assert sent(stage)[-1] == ("sms", SMS_TO)


@pytest.mark.parametrize("signs", ["", "7K3M-90QX-2HDV", "UUUUUUUUUUUU", "short"])
def test_signs_that_we_never_printed_read_no_case(signs):
    stage = lettered()
    seen = len(stage.world.calls.made)
    assert from_letter(stage, signs) is None
    assert not [call for call in stage.world.calls.made[seen:] if call.startswith("cases.")]


def test_signs_of_another_case_or_of_a_letter_that_never_left_lead_nowhere():
    stage = lettered()
    signs = stage.world.codes.of_letter(REF, stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    assert from_letter(stage, signs, "26000799999") is None
    assert from_letter(stage, stage.world.codes.of_letter(REF, "0" * 32)) is None


def test_signs_of_a_letter_that_came_back_lead_nowhere():
    stage = lettered()
    signs = stage.world.codes.of_letter(REF, stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    stage.put(builders.letter_message(now=stage.now + MINUTE))
    stage.run()
    assert stage.states(Template.ACKNOWLEDGEMENT) == [("letter", "bounced")]
    assert from_letter(stage, signs) is None


def test_signs_of_a_letter_whose_link_is_dead_lead_nowhere():
    stage = lettered()
    signs = stage.world.codes.of_letter(REF, stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    stage.later(101 * DAY)
    assert from_letter(stage, signs) is None
    stage = lettered()
    stage.version(2, flags={"domestic_abuse": True})
    assert from_letter(stage, signs) is None


def test_one_source_tries_only_so_many_signs():
    stage = lettered()
    signs = stage.world.codes.of_letter(REF, stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    for _ in range(20):
        assert from_letter(stage, "7K3M-90QX-2HDV") is None
    assert from_letter(stage, signs) is None
    assert from_letter(stage, signs, source="elsewhere") is not None
    stage.later(HOUR)
    assert from_letter(stage, signs) is not None


def test_a_business_is_asked_at_the_address_of_its_named_contact():
    stage = told(victims=[builders.business()])
    ask(stage, token(stage))
    assert sent(stage) == [("email", "alex.morgan@example.org")]


def test_a_representative_gets_the_link_and_the_code():
    stage = told(victims=[victim(representative=builders.representative(), enhanced=builders.enhanced(eligible=False, reasons=[]))])
    ask(stage, token(stage))
    assert sent(stage) == [("email", "robin.morgan@example.org")]
    opened = stage.house.case.opened(token(stage), stage.now)
    assert opened is not None
    assert usable_point(opened.choice.recipient.email, frozenset()) == "robin.morgan@example.org"
