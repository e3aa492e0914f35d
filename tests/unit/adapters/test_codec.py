"""Everything that is stored comes back as it was, and equal objects are equal text."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters import codec
from chalicelib.domain.case import Head, Part
from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.model import Channel, ContactSafety, DirectoryOfficer, Occurrence
from chalicelib.domain.obligations import Agreement, Obligation
from chalicelib.services.ports import AuditEntry
from chalicelib.services.quarantine_ports import QuarantineRow
from tests.stored_values import stored

WHOLE = (Head, Part, Occurrence, DirectoryOfficer, QuarantineRow)
BY_FIELD = (Notification, Obligation, Agreement, AuditEntry)
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("kind", WHOLE + BY_FIELD)
@MANY
@given(data=st.data())
def test_a_stored_object_comes_back_equal_and_as_the_same_text(kind, data):
    value = data.draw(stored(kind))
    text = codec.dumps(value)
    again = codec.loads(kind, text)
    assert again == value
    assert codec.dumps(again) == text


@pytest.mark.parametrize("kind", BY_FIELD)
@MANY
@given(data=st.data())
def test_a_row_by_fields_comes_back_equal(kind, data):
    value = data.draw(stored(kind))
    assert codec.from_fields(kind, codec.fields_of(value)) == value


def test_nothing_changes_its_type_on_the_way():
    safety = ContactSafety(frozenset({Channel.SMS, Channel.EMAIL}), confirmed_at=datetime(2026, 11, 20, 10, 0, 0, 5, tzinfo=UTC))
    again = codec.loads(ContactSafety, codec.dumps(safety))
    assert [type(getattr(again, f.name)) for f in fields(again)] == [type(getattr(safety, f.name)) for f in fields(safety)]
    assert again.confirmed_at is not None
    assert again.confirmed_at.utcoffset() == timedelta(0)


def test_one_instant_in_two_zones_is_one_text():
    noon = ContactSafety(None, confirmed_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    summer = replace(noon, confirmed_at=datetime(2026, 7, 1, 13, tzinfo=timezone(timedelta(hours=1))))
    assert noon == summer
    assert codec.dumps(noon) == codec.dumps(summer)


def test_sets_are_sorted_whatever_their_order():
    one, other = frozenset({"b", "a", "c"}), frozenset(["c", "a", "b"])
    assert codec.dumps(Head("1", signs=((1, one),))) == codec.dumps(Head("1", signs=((1, other),)))
    assert '["a","b","c"]' in codec.dumps(Head("1", signs=((1, one),)))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 10, 31, tzinfo=UTC), "2026-11-20T10:31:00Z"),
        (datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2026-06-30T23:30:00Z"),
        (datetime(2026, 11, 20, 10, 31, 59, 999999, tzinfo=UTC), "2026-11-20T10:31:59Z"),
    ],
)
def test_times_in_keys_are_utc_seconds_that_sort(moment, text):
    assert codec.instant(moment) == text
    assert codec.moment(text) == moment.replace(microsecond=0)


def test_what_no_row_may_hold_is_refused():
    @dataclass(frozen=True)
    class Odd:
        value: object

    with pytest.raises(TypeError, match="a complex cannot be stored"):
        codec.dumps(Odd(1j))


def test_an_older_row_without_a_newer_field_has_its_default():
    agreement = Agreement("26000712345", "V1", 10, Channel.EMAIL, None, proposed=True)
    values = codec.fields_of(agreement)
    del values["declined"]
    assert codec.from_fields(Agreement, values) == agreement


@pytest.mark.parametrize("text", ["", "[]", '{"victim": "Alex Morgan"}', '{"reference": 5, "version": "Alex Morgan"}'])
def test_what_cannot_be_read_is_named_by_its_kind_alone(text):
    with pytest.raises(StoreUnavailable) as caught:
        codec.loads(Head, text)
    assert str(caught.value) == "a stored Head cannot be read"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
