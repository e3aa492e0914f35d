"""Stories of who is told and how, each from the record to what its readers got.

Must not look at words: those are tests of compose and of the templates.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import ObligationState, Purpose
from tests.builders import business, contact_safety, occurrence_record, representative, update_agreement, victim
from tests.unit.services.stage import HOUR, MINUTE, NOW, REF, Stage, profile

ALEX = "alex.morgan@example.org"
MOBILE = "+447700900123"
SERVICE = profile().victim_service.email
OFFICER = "sam.ash@example.test"
ACK, REFERRAL, TASK = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK


def at_the_end_of_the_window(**overrides) -> Stage:
    stage = Stage()
    stage.version(**overrides)
    stage.run()
    stage.later(30 * MINUTE)
    return stage


def test_a_burglary_is_acknowledged_by_email_and_referred_once_the_notice_was_accepted():
    stage = Stage()
    assert stage.version() == "recorded"
    stage.run()
    assert stage.left == []
    notice, referral = stage.only(ACK), stage.only(REFERRAL)
    assert (notice.state, notice.reason, notice.open_at) == (State.HELD, "hold_window", NOW + 30 * MINUTE)
    assert (referral.state, referral.reason, referral.open_at) == (State.HELD, "waits_for_notice", None)

    stage.later(30 * MINUTE)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]
    assert stage.content(notice).referred is True
    assert (stage.duty("written_acknowledgement"), stage.duty("referral"), stage.tasks()) == ("open", "open", [])

    stage.receive(notice)
    stage.receive(referral)
    assert (stage.duty("written_acknowledgement"), stage.duty("referral")) == ("met", "met")
    evidence = {item.kind: item.evidence for item in stage.owed()}
    assert evidence["written_acknowledgement"] == notice.notification_id
    assert evidence["referral"] == referral.notification_id
    assert stage.leaks() == []


def test_nothing_leaves_for_the_service_while_the_notice_is_on_its_way():
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(REFERRAL).notification_id)
    assert (stage.left, stage.only(REFERRAL).state) == ([], State.HELD)


def test_a_text_is_preferred_and_the_full_words_follow_by_email():
    stage = at_the_end_of_the_window(victims=[victim(preferred_channel="sms")])
    assert sorted(stage.outside) == [("acknowledgement", MOBILE), ("acknowledgement", ALEX), ("referral", SERVICE)]
    by_text = next(row for row in stage.rows(ACK) if row.channel == "sms")
    stage.receive(by_text)
    assert stage.duty("written_acknowledgement") == "open", "a text does not name the offence"
    stage.receive(next(row for row in stage.rows(ACK) if row.channel == "email"))
    assert stage.duty("written_acknowledgement") == "met"


def test_a_text_is_preferred_and_the_full_words_follow_by_letter():
    safe = contact_safety(safe_channels=["sms", "letter"])
    stage = at_the_end_of_the_window(victims=[victim(preferred_channel="sms", contact_safety=safe)])
    assert {(item.channel, item.audience) for item in stage.left} == {("sms", "victim"), ("letter", "victim"), ("email", "service")}
    assert stage.tasks() == []


def test_a_text_alone_leaves_the_full_words_to_the_officer():
    safe = contact_safety(safe_channels=["sms"])
    stage = at_the_end_of_the_window(victims=[victim(preferred_channel="sms", contact_safety=safe)])
    assert stage.outside == [("acknowledgement", MOBILE), ("referral", SERVICE)]
    assert stage.sent_to("officer") == [("task", OFFICER)]
    assert stage.tasks() == [Purpose.FULL_WORDS]


def test_a_letter_where_only_a_letter_is_safe():
    stage = at_the_end_of_the_window(victims=[victim(contact_safety=contact_safety(safe_channels=["letter"]))])
    assert [(item.channel, item.audience) for item in stage.left] == [("letter", "victim"), ("email", "service")]
    assert stage.only(ACK).state is State.SENT


@pytest.mark.parametrize(
    ("what", "person"),
    [
        ("no channel is safe", victim(contact_safety=contact_safety(safe_channels=[]))),
        ("only a call is safe", victim(contact_safety=contact_safety(safe_channels=["phone"]))),
        ("do not contact", victim(contact_safety=contact_safety(do_not_contact=True))),
        ("may not say police", victim(contact_safety=contact_safety(may_say_police=False))),
        ("no usable address", victim(email="not an address", mobile=None)),
        ("safe hours that a person has to read", victim(contact_safety=contact_safety(safe_hours="after school"))),
        ("safe hours in the night", victim(contact_safety=contact_safety(safe_hours="21:00-23:00"))),
    ],
)
def test_where_nobody_can_be_reached_the_officer_tells_the_victim_and_nobody_is_referred(what, person):
    stage = at_the_end_of_the_window(victims=[person])
    assert stage.outside == [], what
    assert stage.tasks() == [Purpose.TELL_VICTIM]
    assert stage.sent_to("officer") == [("task", OFFICER)]
    assert stage.task(Purpose.TELL_VICTIM).due_at.isoformat() == "2026-11-24T23:59:59+00:00"


@pytest.mark.parametrize("person", [victim(language="pl"), victim(communication_needs=["bsl"])], ids=["language", "need"])
def test_a_language_or_need_that_no_template_meets_goes_to_an_interpreter(person):
    stage = at_the_end_of_the_window(victims=[person])
    assert (stage.outside, stage.tasks()) == ([], [Purpose.INTERPRETER])


def test_english_goes_where_the_profile_allows_it():
    force = replace(profile(), contact=replace(profile().contact, english_where_no_template=True))
    stage = Stage(force=force)
    stage.version(victims=[victim(language="pl")])
    stage.later(30 * MINUTE)
    assert stage.outside[0] == ("acknowledgement", ALEX)
    assert stage.only(ACK).language == "en"


def test_an_unsafe_preference_gives_way_to_the_next_safe_channel_and_says_why():
    stage = at_the_end_of_the_window(victims=[victim(preferred_channel="letter")])
    assert stage.outside[0] == ("acknowledgement", ALEX)
    assert stage.content(stage.only(ACK)).channel_reason


def test_opted_out_victims_hear_of_the_services_and_are_not_referred():
    stage = at_the_end_of_the_window(victims=[victim(referral_opt_out=True)])
    assert stage.outside == [("acknowledgement", ALEX)]
    assert stage.content(stage.only(ACK)).referred is False
    assert (stage.duty("referral"), stage.tasks()) == ("", [])


def test_an_opt_out_that_nobody_asked_about_waits_for_a_person():
    stage = at_the_end_of_the_window(victims=[victim(referral_opt_out=None)])
    assert stage.outside == [("acknowledgement", ALEX)]
    assert (stage.duty("referral"), stage.tasks()) == ("open", [Purpose.ASK_REFERRAL])


def test_opting_out_while_held_cancels_the_referral():
    stage = Stage()
    stage.version()
    stage.version(2, victims=[victim(referral_opt_out=True)])
    stage.later(30 * MINUTE)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert (stage.only(REFERRAL).state, stage.only(REFERRAL).reason) == (State.CANCELLED, "opted_out")
    assert stage.duty("referral") == "waived"


def test_opting_out_after_the_referral_withdraws_it_once():
    stage = at_the_end_of_the_window()
    stage.version(2, victims=[victim(referral_opt_out=True)])
    stage.run()
    stage.version(3, victims=[victim(referral_opt_out=True)])
    stage.later(24 * HOUR)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE), ("withdrawal", SERVICE)]


def test_a_child_is_told_through_the_representative_and_never_referred():
    stage = at_the_end_of_the_window(victims=[victim(date_of_birth="2014-03-01", representative=representative())])
    assert stage.outside == [("acknowledgement", "robin.morgan@example.org")]
    assert (stage.duty("written_acknowledgement"), stage.duty("referral")) == ("open", "")
    assert stage.leaks() == []


def test_a_business_is_told_through_its_named_contact():
    stage = at_the_end_of_the_window(victims=[business()])
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_a_business_without_a_named_contact_has_no_route():
    stage = at_the_end_of_the_window(victims=[business(contact_name=None)])
    assert (stage.left, stage.owed()) == ([], [])


def test_paper_already_given_meets_the_acknowledgement_until_a_version_takes_it_back():
    stage = Stage()
    stage.version(victims=[victim(written_acknowledgement={"given_at": "2026-11-20T10:10:00+00:00", "method": "paper"})])
    assert stage.duty("written_acknowledgement") == "met"
    stage.version(2)
    assert stage.duty("written_acknowledgement") == "open"


def test_an_agreement_is_proposed_by_the_profile_where_the_officer_made_none():
    stage = Stage()
    stage.version(victims=[victim(update_agreement=None)])
    (agreed,) = stage.world.cases.agreements.values()
    assert (agreed.every_days, agreed.proposed, agreed.method, str(agreed.next_update_on)) == (10, True, "email", "2026-11-30")
    stage.version(2, victims=[victim(update_agreement=update_agreement(every_days=14))])
    (agreed,) = stage.world.cases.agreements.values()
    assert (agreed.every_days, agreed.proposed) == (14, False)
    stage.version(3, status="closed")
    (agreed,) = stage.world.cases.agreements.values()
    assert (agreed.ended, agreed.next_update_on) == ("closed", None)


def test_a_record_that_arrives_closed_has_no_agreement():
    stage = Stage()
    stage.version(status="closed")
    assert list(stage.world.cases.agreements.values()) == []
    assert stage.duty("update") == ""


def test_several_victims_each_get_their_own_and_a_removed_one_gets_nothing():
    stage = Stage()
    stage.version(victims=[victim("V1"), victim("V2"), victim("V3", referral_opt_out=True)])
    stage.version(2, victims=[victim("V1"), victim("V3", referral_opt_out=True)])
    stage.later(30 * MINUTE)
    assert sorted(stage.outside) == [
        ("acknowledgement", "alex.morgan.3@example.org"),
        ("acknowledgement", ALEX),
        ("referral", SERVICE),
    ]
    assert stage.states(ACK, victim_id="V2") == [("email", "cancelled")]
    assert {item.state for item in stage.owed(victim_id="V2")} == {ObligationState.WAIVED}
    assert stage.only(ACK, victim_id="V2").reason == "removed"


def test_a_removed_victim_who_comes_back_is_told_from_the_first_acceptance():
    stage = Stage()
    stage.version(victims=[victim("V1"), victim("V2")])
    stage.version(2)
    stage.later(20 * MINUTE)
    stage.version(3, victims=[victim("V1"), victim("V2")])
    stage.later(10 * MINUTE)
    assert ("acknowledgement", "alex.morgan.2@example.org") in stage.outside
    assert stage.duty("written_acknowledgement", victim_id="V2") == "open"


def test_contact_details_corrected_while_held_are_the_ones_used():
    stage = Stage()
    stage.version()
    stage.version(2, victims=[victim(email="alex.new@example.org")])
    stage.later(30 * MINUTE)
    assert stage.outside == [("acknowledgement", "alex.new@example.org"), ("referral", SERVICE)]


def test_a_channel_changed_while_held_cancels_the_first():
    stage = Stage()
    stage.version()
    stage.version(2, victims=[victim(contact_safety=contact_safety(safe_channels=["letter"]))])
    stage.later(30 * MINUTE)
    assert stage.states(ACK) == [("email", "cancelled"), ("letter", "sent")]
    assert [item.channel for item in stage.left] == ["letter", "email"]


def test_two_crimes_of_one_victim_make_one_message_and_one_referral():
    stage = at_the_end_of_the_window(offences=[{"code": "28E", "principal": True}, {"code": "58A"}])
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_both_forms_of_a_reference_are_one_occurrence():
    stage = Stage()
    stage.put(occurrence_record(reference="26*712345"))
    assert stage.version(2) == "recorded"
    assert set(stage.world.cases.heads) == {REF}


def test_whoever_may_not_be_contacted_any_more_after_the_notice_is_referred_by_a_person():
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(ACK).notification_id)
    stage.version(2, victims=[victim(contact_safety=contact_safety(do_not_contact=True))])
    stage.later(HOUR)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.TELL_VICTIM]


@pytest.mark.parametrize("answer", [None, True], ids=["not asked", "said no"])
def test_who_was_told_that_nothing_is_passed_on_is_told_first_and_referred_by_a_person(answer):
    stage = Stage()
    stage.version(victims=[victim(referral_opt_out=answer)])
    stage.later(HOUR)
    stage.version(2, victims=[victim(referral_opt_out=False)])
    stage.later(24 * HOUR)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert Purpose.TELL_REFERRAL in stage.tasks()


def test_where_only_a_text_is_safe_paper_already_given_leaves_nothing_to_the_officer():
    paper = {"given_at": "2026-11-20T10:10:00+00:00", "method": "paper"}
    by_text = victim(contact_safety=contact_safety(safe_channels=["sms"]), written_acknowledgement=paper)
    stage = at_the_end_of_the_window(victims=[by_text])
    assert (stage.outside, stage.tasks()) == ([("acknowledgement", MOBILE), ("referral", SERVICE)], [])


def test_another_person_under_the_same_id_after_the_notice_is_not_referred_without_one_of_their_own():
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(ACK).notification_id)
    other = victim(person_ref="N999", given_name="Sam", family_name="Other", email="sam.other@example.org", mobile=None)
    stage.version(2, victims=[other])
    stage.later(24 * HOUR)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert Purpose.TELL_REFERRAL in stage.tasks()
