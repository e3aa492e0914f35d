"""The stage writes to its guests and to nobody else, by mail and by text, whatever the record says (docs/adr/0027-guests.md).

Must not test what follows a refusal in full: tests/unit/adapters/test_guests.py does.
"""

from __future__ import annotations

import pytest

from tests.deployed.bundle import GUESTS
from tests.e2e.customer import long_form, on_victim, own_officer, safe

STRANGERS = {"email": "alex.morgan@example.net", "sms": "+447700900999"}
GUEST = {"email": "alex.morgan@example.org", "sms": "+447700900009"}


def _told(customer, channel, to):
    facts = {"email": {"email": to, "mobile": None}, "sms": {"email": None, "mobile": to, "preferred_channel": "sms"}}[channel]
    record = customer.record(own_officer, on_victim(**facts), safe(channel))
    customer.told(record)
    customer.until_daytime_after(1)
    customer.quiet_in_the_end()
    return record


def _acknowledgement(account, record):
    reference = long_form(record["occurrence"]["reference"])
    rows = [row for row in account.listed.tables.every("notifications") if row["occurrence_ref"] == reference]
    (found,) = [row for row in rows if row["message"] == "acknowledgement"]
    return found


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_guest_is_written_to(account, customer, channel):
    record = _told(customer, channel, GUEST[channel])
    (message,) = [m for m in customer.delivered(record, "victim") if m["message"] == "acknowledgement"]
    assert (message["channel"], message["to"]) == (channel, GUEST[channel])
    assert _acknowledgement(account, record)["state"] == "delivered"


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_whoever_is_no_guest_is_refused_and_a_person_has_it(account, customer, channel):
    record = _told(customer, channel, STRANGERS[channel])
    assert [message for message in account.outbox() if STRANGERS[channel] in message["to"]] == []
    row = _acknowledgement(account, record)
    assert (row["state"], row["reason"]) == ("failed", "not_a_guest")
    assert {message["audience"] for message in customer.delivered(record)} >= {"officer"}
    assert "victim" not in {message["audience"] for message in customer.delivered(record)}


def test_nobody_but_guests_was_ever_written_to(account):
    """By any test before this one; of a letter nothing is known here, since it leaves with no provider."""
    written = {m["to"] for m in account.outbox() if m["channel"] != "letter"}
    assert written
    assert {to for to in written if not {to, "@" + to.rpartition("@")[2]} & set(GUESTS)} == set()
