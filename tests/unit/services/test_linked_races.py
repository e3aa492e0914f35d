"""Two workers at the rows of linked crimes: at whichever call the second comes in, each crime is told of once.

Must not test which crimes belong together (test_linked.py).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import RetryLater
from tests import builders
from tests.house import House

FIRST, SECOND = "26000810001", "26000810002"
ALEX = "alex.morgan@example.org"


def linked_and_due() -> House:
    """Two linked crimes of a victim who declined the referral, so that an acknowledgement each is all that is owed; both are due."""
    house = House(builders.NOW, real_words=True)
    for reference, other in ((FIRST, SECOND), (SECOND, FIRST)):
        declined = builders.victim(referral_opt_out=True, person_ref="N810")
        house.arrive(builders.occurrence_record(reference=reference, linked_references=[other], victims=[declined]))
    house.world.queues.take()
    house.world.clock.advance(timedelta(minutes=31))
    return house


def work_on(house: House, reference: str, token: str) -> None:
    """One hint about the crime's acknowledgement worked off; it is given back where the worker says so."""
    (row,) = [row for row in house.world.cases.outbox_of(reference) if row.template == "acknowledgement"]
    with suppress(RetryLater):
        house.deliver.deliver(row.notification_id, token, house.now)


def interrupted(leader: str, other: str, number: int, when: str) -> House | None:
    """The leader's worker, with another one on `other` at its numbered call; None where it makes no such call."""
    house, calls = linked_and_due(), 0

    def on_call(_name: str, moment: str) -> None:
        nonlocal calls
        calls += moment == when
        if (calls, moment) == (number, when):
            house.world.calls.on_call = None
            work_on(house, other, "b")

    house.world.calls.on_call = on_call
    work_on(house, leader, "a")
    return None if house.world.calls.on_call else house


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("other", [FIRST, SECOND])
@pytest.mark.parametrize("leader", [FIRST, SECOND])
def test_each_crime_is_told_of_once_wherever_another_worker_comes_in(leader: str, other: str, when: str) -> None:
    places = 0
    while house := interrupted(leader, other, places + 1, when):
        places += 1
        house.later(timedelta(minutes=1))
        house.later(timedelta(days=1))
        told = [mail.text for mail in house.emails if mail.to == ALEX]
        assert [sum(reference in text for text in told) for reference in (FIRST, SECOND)] == [1, 1], (places, when)
        states = {row.state for reference in (FIRST, SECOND) for row in house.world.cases.outbox_of(reference) if row.victim_id}
        assert states == {State.SENT}, (places, when)
    assert places > 8


def test_a_linked_row_that_is_removed_while_it_is_read_is_not_told_along() -> None:
    house, reads = linked_and_due(), 0

    def on_call(name: str, moment: str) -> None:
        nonlocal reads
        reads += (name, moment) == ("cases.around", "before")
        if reads == 2:
            house.world.calls.on_call = None
            for row in house.world.cases.outbox_of(SECOND):
                del house.world.cases.rows[row.notification_id]

    house.world.calls.on_call = on_call
    work_on(house, FIRST, "a")
    (mail,) = house.emails
    assert (FIRST in mail.text, SECOND in mail.text) == (True, False)
