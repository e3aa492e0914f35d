"""What the builder of messages refuses: a row about which nothing is known any more has nobody to go to.

Must not look at words, nor repeat who is told what (test_telling.py).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.case import Case, Head
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.delivery import Audience
from chalicelib.domain.messages import Email, Letter, Sms, Template
from chalicelib.domain.model import Channel
from chalicelib.services.addressed import NoAddress, Subject
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.subjects import Subjects
from tests.builders import contact_safety, event_message, victim
from tests.unit.services.on_page import written
from tests.unit.services.stage import MINUTE, Stage, profile

ACK, REFERRAL, TASK, EVENT = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK, Template.EVENT
UPDATE = Template.UPDATE
EVERY_WAY = victim(preferred_channel="sms", contact_safety=contact_safety(safe_channels=["sms", "letter", "email"]))
BY_LETTER = victim(contact_safety=contact_safety(safe_channels=["letter"]))


def builder(stage: Stage) -> MessagesOut:
    world = stage.world
    house = stage.house
    return MessagesOut(world.officers, world.renderer, world.documents, profile(), house.pages, world.messages, house.victims, world.codes)


def subject(stage: Stage, template: Template, channel: Channel = Channel.EMAIL) -> Subject:
    """What a row is about, read as the dispatcher reads it."""
    (row,) = [row for row in stage.rows(template) if row.channel is channel]
    found = Subjects(stage.world.cases, stage.house.decider, stage.house.digests).of(row, stage.now)
    assert isinstance(found, Subject)
    return found


def recorded(**facts) -> Stage:
    stage = Stage()
    stage.version(**facts)
    stage.world.clock.advance(30 * MINUTE)
    return stage


def with_news() -> Stage:
    stage = Stage()
    stage.version()
    stage.put(event_message(reason="Evidence linked the suspect to the scene."))
    stage.house.event.record(written(stage), "hash", stage.now)
    stage.world.clock.advance(30 * MINUTE)
    return stage


@pytest.mark.parametrize(
    ("person", "channel", "kind"),
    [(victim(), Channel.EMAIL, Email), (EVERY_WAY, Channel.SMS, Sms), (BY_LETTER, Channel.LETTER, Letter)],
)
def test_an_acknowledgement_is_built_for_its_channel(person, channel, kind):
    stage = recorded(victims=[person])
    addressed = builder(stage).build(subject(stage, ACK, channel))
    assert (type(addressed.message), addressed.audience) == (kind, Audience.VICTIM)
    assert (addressed.point is None) == (kind is Letter), "a letter has no address to close"


def test_a_letter_says_to_whom_it_goes_as_its_address_stands_on_it():
    stage = recorded(victims=[BY_LETTER])
    message = builder(stage).build(subject(stage, ACK, Channel.LETTER)).message
    assert message.to[1:] == tuple(BY_LETTER["address"])
    assert repr(message.to) in message.pdf.decode()


def test_the_service_gets_a_document_named_by_the_reference_alone():
    stage = recorded()
    message = builder(stage).build(subject(stage, REFERRAL)).message
    assert [(item.filename, item.content_type) for item in message.attachments] == [("referral-26000712345.pdf", "application/pdf")]


@pytest.mark.parametrize("template", [ACK, REFERRAL, EVENT, UPDATE])
@pytest.mark.parametrize("forget", [{"situation": None}, {"plan": None}])
def test_without_a_situation_or_a_plan_nobody_can_be_addressed(template, forget):
    stage = with_news()
    with pytest.raises(NoAddress):
        builder(stage).build(replace(subject(stage, template), **forget))


@pytest.mark.parametrize("template", [ACK, REFERRAL, EVENT, UPDATE])
def test_without_a_choice_of_channel_nobody_can_be_addressed(template):
    stage = with_news()
    about = subject(stage, template)
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, plan=replace(about.plan, choice=None)))


def test_a_channel_that_is_not_chosen_any_more_is_not_used():
    stage = recorded()
    about = subject(stage, ACK)
    choice = ChannelChoice(about.plan.choice.recipient, Channel.LETTER, Channel.LETTER)
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, plan=replace(about.plan, choice=choice)))


@pytest.mark.parametrize("template", [EVENT, UPDATE])
def test_a_way_in_which_news_cannot_go_any_more_is_not_used(template):
    stage = with_news()
    about = subject(stage, template)
    choice = replace(about.plan.choice, usable=(Channel.LETTER,))
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, plan=replace(about.plan, choice=choice)))


def test_an_update_that_nobody_wrote_says_nothing():
    stage = with_news()
    about = subject(stage, UPDATE)
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, situation=replace(about.situation, events=())))


def test_a_message_through_the_page_that_nobody_owes_an_answer_to_says_nothing():
    stage = recorded()
    about = subject(stage, ACK)
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, row=replace(about.row, template=Template.CONTACT_MESSAGE), owed=None))


@pytest.mark.parametrize(("person", "channel"), [(victim(), Channel.EMAIL), (EVERY_WAY, Channel.SMS)])
def test_an_address_that_is_closed_is_not_used(person, channel):
    stage = recorded(victims=[person])
    about = subject(stage, ACK, channel)
    known = replace(about.situation.known, closed=frozenset({"alex.morgan@example.org", "+447700900123"}))
    with pytest.raises(NoAddress):
        builder(stage).build(replace(about, situation=replace(about.situation, known=known)))


def test_a_task_that_is_owed_no_more_has_nothing_to_say():
    stage = recorded(flags={"domestic_abuse": True})
    with pytest.raises(NoAddress):
        builder(stage).build(replace(subject(stage, TASK), owed=None))


@pytest.mark.parametrize("facts", [{"victims": [victim(kind="police_officer")]}, {"flags": {"safeguarding": None}}])
def test_of_a_record_nobody_could_read_yet_the_role_is_told(facts):
    stage = recorded(**facts)
    about = subject(stage, TASK)
    addressed = builder(stage).build(replace(about, case=Case(Head(about.row.reference))))
    assert (addressed.audience, addressed.message.to.endswith("@derbyshire-police.test")) == (Audience.UNIT, True)


def test_a_code_that_nobody_asked_for_or_that_has_ended_is_not_made():
    stage = recorded()
    found = subject(stage, ACK)
    with pytest.raises(NoAddress):
        builder(stage).build(replace(found, row=replace(found.row, template=Template.CODE)))
