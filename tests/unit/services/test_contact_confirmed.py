"""The confirmation that we have a message: to whom, how, how often, and never where a person decides.

Issue 6, section 1. NOW is Friday 20 November 2026; a message is written at eleven.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.contact_content import ContactConfirmation
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError
from chalicelib.domain.messages import Template
from tests.builders import contact_safety, flags, iso, victim
from tests.unit.services.desk import DANGER, DOMESTIC, confirmations, recorded, to, write
from tests.unit.services.stage import DAY, HOUR, MINUTE, NOW, REF, Stage, hooked, record

ALEX = ("email", "alex.morgan@example.org")
BY_TEXT = victim(preferred_channel="sms", contact_safety=contact_safety(safe_channels=["sms"]))
UNSAFE = victim(contact_safety=contact_safety(safe_channels=[]))
TWO = [victim(), victim("V2", person_ref="N7", email="kim@elsewhere.test", mobile="+447700900777")]


def test_it_goes_to_what_the_record_holds_as_safe_and_never_to_what_was_typed():
    stage = recorded()
    write(stage)
    assert confirmations(stage) == [ALEX]
    (content,) = [content for _, _, content in stage.world.renderer.rendered if isinstance(content, ContactConfirmation)]
    assert content.reference == REF
    assert [item.audience for item in stage.left if item.template is Template.CONTACT_CONFIRMATION] == ["public"]
    assert stage.leaks() == []


def test_by_text_where_that_is_the_safe_way():
    stage = recorded(victims=[BY_TEXT])
    write(stage)
    assert confirmations(stage) == [("sms", "+447700900123")]
    assert stage.leaks() == []


@pytest.mark.parametrize(
    "facts",
    [
        DOMESTIC,
        {"restricted": True},
        {"flags": flags(domestic_abuse=None)},
        {"offences": [{"code": "19C"}]},
        {"victims": [victim(contact_safety=contact_safety(safe_channels=[]))]},
        {"victims": [victim(contact_safety=contact_safety(do_not_contact=True))]},
        {"victims": [victim(contact_safety=contact_safety(safe_channels=["letter"]))]},
        {"victims": [victim(contact_safety=contact_safety(safe_channels=["phone"]))]},
        {"victims": [victim(email=None, mobile=None)]},
        {"victims": [victim(language="pl")]},
        {"victims": []},
        {"status": "transferred"},
        {"record_type": "incident", "offences": []},
    ],
    ids=lambda facts: str(facts)[:60],
)
def test_nobody_is_confirmed_who_is_not_told_automatically_in_a_safe_way(facts: dict[str, Any]):
    stage = recorded(**facts)
    write(stage)
    stage.later(2 * DAY)
    assert confirmations(stage) == []
    assert stage.leaks() == []


@pytest.mark.parametrize("changes", [{"collar_number": "9999"}, {"reference": "26000799999"}, {"doubtful": True}])
def test_a_pair_that_does_not_belong_together_confirms_nothing(changes: dict[str, Any]):
    stage = recorded()
    write(stage, **changes)
    stage.later(DAY)
    assert confirmations(stage) == []


def test_at_most_one_a_day_and_one_case():
    stage = recorded()
    write(stage)
    write(stage, message="And one more thing.")
    stage.later(HOUR)
    write(stage, message="Please answer.")
    assert confirmations(stage) == [ALEX]
    stage.later(DAY)
    write(stage, message="It is me again.")
    assert confirmations(stage) == [ALEX, ALEX]


def test_one_a_day_also_where_two_victims_write():
    stage = recorded(victims=TWO)
    write(stage)
    stage.later(HOUR)
    write(stage, email="alex.morgan@example.org", message="From the other one.")
    assert confirmations(stage) == [("email", "kim@elsewhere.test")]


def test_of_several_only_whose_details_were_given():
    stage = recorded(victims=TWO)
    write(stage, email=None, phone="07700 900 777")
    assert confirmations(stage) == [("email", "kim@elsewhere.test")]


def test_of_several_nobody_where_the_details_are_nobody_s():
    stage = recorded(victims=TWO)
    write(stage, email="else@elsewhere.test", phone=None)
    assert confirmations(stage) == []


def test_one_way_a_day_even_where_the_safe_way_changes():
    stage = recorded()
    write(stage)
    stage.version(2, victims=[BY_TEXT])
    stage.later(HOUR)
    write(stage, message="And one more thing.")
    assert confirmations(stage) == [ALEX]


def test_quiet_hours_hold_it_until_the_morning():
    stage = recorded()
    stage.until(datetime(2026, 11, 20, 22, tzinfo=UTC))
    write(stage)
    assert confirmations(stage) == []
    stage.until(datetime(2026, 11, 21, 8, 5, tzinfo=UTC))
    assert confirmations(stage) == [ALEX]


def test_the_hold_window_of_a_new_record_holds_it():
    stage = Stage()
    stage.version()
    write(stage)
    stage.later(29 * MINUTE)
    assert confirmations(stage) == []
    stage.later(MINUTE)
    assert confirmations(stage) == [ALEX]


def test_what_turns_specialist_before_it_leaves_is_not_confirmed():
    stage = Stage()
    stage.version()
    write(stage)
    stage.version(2, **DOMESTIC)
    stage.later(DAY)
    assert (confirmations(stage), stage.states(Template.CONTACT_CONFIRMATION)) == ([], [])
    assert stage.leaks() == []


def test_what_turns_specialist_under_the_worker_s_hands_is_given_back():
    stage = recorded()
    hooked(stage, "cases.claim", "after", lambda: stage.version(2, **DOMESTIC))
    write(stage)
    stage.later(DAY)
    assert confirmations(stage) == []


def test_a_quarantined_version_holds_it():
    stage = recorded()
    stage.version(2, source="pigeon")
    write(stage)
    assert confirmations(stage) == []
    stage.version(3)
    stage.run()
    assert confirmations(stage) == [ALEX]


def test_a_hold_that_is_released_weeks_later_confirms_nothing_old():
    stage = recorded(**DOMESTIC)
    write(stage)
    stage.later(3 * DAY)
    stage.version(2, victims=[victim(contact_safety=contact_safety(now=stage.now))])
    stage.release()
    stage.later(DAY)
    assert confirmations(stage) == []


def test_a_record_that_comes_after_the_message_confirms_it():
    stage = Stage()
    write(stage)
    stage.put(record())
    stage.later(30 * MINUTE)
    assert confirmations(stage) == [ALEX]


def test_one_that_is_refused_closes_the_address_and_asks_nobody():
    stage = recorded()
    stage.world.calls.fail("email.send", *[PermanentSendError("MessageRejected", dead_address=True)] * 2)
    write(stage)
    stage.later(HOUR)
    assert ("email", str(State.FAILED)) in stage.states(Template.CONTACT_CONFIRMATION)
    assert [str(purpose) for purpose in stage.tasks() if "deliver" in purpose] == []


def test_a_danger_message_is_confirmed_in_the_same_neutral_words():
    stage = recorded()
    write(stage, message=DANGER)
    assert confirmations(stage) == [ALEX]


@given(
    facts=st.fixed_dictionaries(
        {},
        optional={
            "flags": st.sampled_from([flags(domestic_abuse=True), flags(domestic_abuse=None), flags(stalking_harassment=True), flags()]),
            "restricted": st.booleans(),
            "markers": st.sampled_from([[], ["exploitation"]]),
            "status": st.sampled_from(["open", "closed", "cancelled", "transferred"]),
            "victims": st.sampled_from([TWO, [BY_TEXT], [victim(contact_safety=None)], [UNSAFE]]),
        },
    ),
    before=st.booleans(),
    writings=st.lists(st.tuples(st.sampled_from(["2345", "9999"]), st.sampled_from([None, "kim@elsewhere.test"])), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_comes_in_whatever_order_no_confirmation_is_a_leak(facts: Any, before: bool, writings: list[tuple[str, str | None]]):
    """Specialist, held, unsafe: the independent check finds nothing; and never two a day."""
    stage = Stage()
    steps = [lambda: stage.version(**facts)]
    steps += [lambda one=one, at=at: write(stage, collar_number=one[0], email=one[1], message=str(at)) for at, one in enumerate(writings)]
    for step in steps if before else [*steps[1:], steps[0]]:
        step()
        stage.later(MINUTE)
    stage.later(DAY)
    assert stage.leaks() == []
    days = [item.at.date() for item in stage.left if item.template is Template.CONTACT_CONFIRMATION]
    assert len(days) == len(set(days))
    assert all(address not in ("kim@elsewhere.test",) or facts.get("victims") == TWO for address in to(stage))


def test_now_is_when_the_stories_say():
    assert iso(NOW).startswith("2026-11-20T10:31")
