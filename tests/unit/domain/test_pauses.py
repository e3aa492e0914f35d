"""What a pause covers, and what stays on record of one that was lifted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.delivery import Audience, Notification, State, paused_by
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.pauses import CHANNELS, PAUSABLE, SAFEGUARDS, TO_VICTIMS, Pause, Pauses, covers, laid_aside, let_go
from tests.builders import NOW


def row(template: Template = Template.ACKNOWLEDGEMENT, channel: Channel = Channel.EMAIL) -> Notification:
    return Notification("n", "26000712345", "V1", template, Audience.VICTIM, channel, NOW, NOW, open_at=NOW)


def pause(name: str) -> Pause:
    return Pause(name, "7001", "Provider is down.", NOW)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_holds_what_goes_to_victims_and_nothing_that_keeps_them_safe(channel):
    assert {template for template in Template if covers(channel, row(template, channel))} == set(TO_VICTIMS)
    others = [other for other in CHANNELS if other != channel]
    assert not [other for other in others if covers(channel, row(channel=other))]


@pytest.mark.parametrize("kind", [*TO_VICTIMS, *SAFEGUARDS])
def test_a_kind_holds_that_kind_on_every_channel(kind):
    assert {template for template in Template if covers(kind, row(template, Channel.LETTER))} == {kind}


def test_what_is_no_message_cannot_be_paused():
    assert {str(template) for template in Template} - set(PAUSABLE) == {"completion", "handover", "recording", "contact", "out"}


def test_a_row_waits_by_the_first_pause_that_covers_it_and_keeps_when_it_was_due():
    pauses = Pauses().with_pause(pause("sms")).with_pause(pause("email"))
    assert [one.name for one in pauses.kept] == ["email", "sms"]
    found = pauses.of(row())
    assert found == pause("email")
    aside = laid_aside(row(), found)
    assert (aside.state, paused_by(aside), aside.open_at) == (State.HELD, "email", NOW)
    assert let_go(aside) == row()
    assert paused_by(row()) is None
    assert paused_by(replace(row(), state=State.HELD)) is None
    assert paused_by(replace(row(), state=State.HELD, reason="quiet_hours")) is None


def test_a_lifted_pause_holds_nothing_and_is_looked_after_for_a_day():
    lifted = Pauses().with_pause(pause("email")).lifted("email", "7002", NOW + timedelta(hours=1))
    (one,) = lifted.kept
    assert (lifted.of(row()), lifted.standing(), one.stands, one.resumed_by) == (None, (), False, "7002")
    assert [one.still_looked_after(NOW + timedelta(hours=hours)) for hours in (2, 25, 26)] == [True, True, False]
    assert not pause("email").still_looked_after(NOW)
    later = lifted.with_pause(pause("sms")).lifted("sms", "7002", NOW + timedelta(hours=30))
    assert [one.name for one in later.kept] == ["sms"]
    assert lifted.with_pause(pause("email")).standing() == (pause("email"),)
