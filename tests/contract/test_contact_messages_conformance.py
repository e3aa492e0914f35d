"""What every store of contact messages does, and every counter with a limit: each message once with its routing row, nothing over a limit.

Must not look behind the ports, but for what expires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.adapters.contact_messages import DynamoContactMessages
from chalicelib.adapters.control import DynamoLimits
from chalicelib.adapters.tables import ContactMessageRow, ControlRow
from chalicelib.domain.contact_form import ContactForm, ContactMessage
from chalicelib.domain.contact_mails import routing_row
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.services.page_ports import ContactMessages, Limits
from chalicelib.services.ports import Cases
from tests.contract.stores import EVERY, local_cloud, store
from tests.fakes import World
from tests.stored_values import stored

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
REFERENCE, OTHER = "26000712345", "26000799999"
FORM = ContactForm(
    "2345", REFERENCE, "Kim Field", "I found the receipt\nfor the ‘bicycle’.", "kim@elsewhere.test", "07700 900999", "After six"
)


@dataclass(frozen=True)
class Pages:
    messages: ContactMessages
    limits: Limits
    cases: Cases


@pytest.fixture(params=EVERY)
def pages(request: pytest.FixtureRequest) -> Iterator[Pages]:
    with store(request.param) as opened:
        if request.param == "fake":
            world = World()
            yield Pages(world.messages, world.limits, world.cases)
        else:
            yield Pages(DynamoContactMessages(opened.connection), DynamoLimits(), opened.cases)


def message(key: str = "m1", **changes: Any) -> ContactMessage:
    return replace(ContactMessage(key, NOW, NOW + timedelta(days=400), FORM), **changes)


def add(pages: Pages, one: ContactMessage) -> bool:
    return pages.messages.add(one, routing_row(one.reference, one.message_id, one.received_at))


def test_a_message_is_kept_as_it_was_written_with_the_row_that_routes_it(pages: Pages) -> None:
    assert add(pages, message())
    assert pages.messages.get(["m1", "absent"]) == {"m1": message()}
    row = routing_row(REFERENCE, "m1", NOW)
    assert pages.cases.notifications([row.notification_id]) == {row.notification_id: row}
    assert pages.cases.due(NOW, 10) == [row.notification_id]


def test_the_same_message_again_is_not_another_and_stays_as_it_was(pages: Pages) -> None:
    assert add(pages, message())
    assert not add(pages, message())
    assert not add(pages, message(danger=True))
    assert pages.messages.get(["m1"]) == {"m1": message()}


def test_a_row_that_is_there_without_its_message_refuses_both(pages: Pages) -> None:
    pages.messages.add(message("m2"), routing_row(REFERENCE, "m1", NOW))
    with pytest.raises(Contended):
        add(pages, message())
    assert pages.messages.get(["m1"]) == {}


def test_those_of_a_reference_are_read_in_the_order_of_time(pages: Pages) -> None:
    later = message("m0", received_at=NOW + timedelta(minutes=1))
    other = message("m3", form=replace(FORM, reference=OTHER))
    for one in (later, message("m2"), message(), other):
        add(pages, one)
    assert pages.messages.of(REFERENCE) == [message(), message("m2"), later]
    assert pages.messages.of(OTHER) == [other]
    assert pages.messages.of("26000700000") == []


def test_nothing_asked_is_nothing_read(pages: Pages) -> None:
    assert pages.messages.get([]) == {}


@given(one=stored(ContactMessage))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_written_comes_back(pages: Pages, one: ContactMessage) -> None:
    one = replace(one, message_id=f"m-{abs(hash(one))}", form=replace(one.form, reference=REFERENCE))
    add(pages, one)
    assert pages.messages.get([one.message_id]) == {one.message_id: one}


# ---- limits


@pytest.mark.parametrize("limit", [1, 3])
def test_a_counter_stops_at_its_limit(pages: Pages, limit: int) -> None:
    assert [pages.limits.take("source#a#1", limit, NOW) for _ in range(limit + 2)] == [True] * limit + [False] * 2


def test_counters_know_nothing_of_each_other(pages: Pages) -> None:
    assert [pages.limits.take(name, 1, NOW) for name in ("source#a#1", "source#b#1", "source#a#2", "source#a#1")] == [True] * 3 + [False]


def test_a_limit_that_is_lowered_counts_what_was_taken(pages: Pages) -> None:
    assert all(pages.limits.take("n", 5, NOW) for _ in range(3))
    assert not pages.limits.take("n", 2, NOW)


def test_the_store_may_forget_what_is_over() -> None:
    with store("moto") as opened:
        DynamoContactMessages(opened.connection).add(message(), routing_row(REFERENCE, "m1", NOW))
        assert ContactMessageRow.get("m1").expires_at == int((NOW + timedelta(days=400)).timestamp())
        DynamoLimits().take("n", 2, NOW)
        assert ControlRow.get("rate#n").expires_at == int(NOW.timestamp())


def test_a_store_that_does_not_answer_says_so_and_nothing_of_the_message() -> None:
    with store("local") as opened, local_cloud():  # emptied again: no table
        messages = DynamoContactMessages(opened.connection)
        with pytest.raises(StoreUnavailable) as refused:
            messages.add(message(), routing_row(REFERENCE, "m1", NOW))
        assert "Kim" not in str(refused.value)
        for read in (lambda: messages.get(["m1"]), lambda: messages.of(REFERENCE), lambda: DynamoLimits().take("n", 1, NOW)):
            with pytest.raises(StoreUnavailable):
                read()
