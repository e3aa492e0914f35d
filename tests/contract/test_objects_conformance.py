"""What every archive, quarantine, officer directory, letter box and queue does, fake or real.

Must not look behind a port but to take messages and letters that the product itself never reads.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.adapters import codec
from chalicelib.adapters.tables import QuarantineTableRow
from chalicelib.domain.absence import Absence
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.messages import Letter
from chalicelib.domain.model import DirectoryOfficer
from chalicelib.services.quarantine_ports import QuarantineRow
from tests.contract.objects import Objects, objects
from tests.contract.stores import EVERY
from tests.stored_cases import FACTS, NOW, REFERENCE

HASH = "c0ffee" * 8


@pytest.fixture(params=EVERY)
def kept(request: pytest.FixtureRequest) -> Iterator[Objects]:
    with objects(request.param) as found:
        yield found


# ---- archive


def test_an_archived_version_comes_back(kept):
    kept.archive.put(REFERENCE, 1, HASH, codec.dumps(FACTS))
    assert kept.archive.load(REFERENCE, 1, HASH) == FACTS


@pytest.mark.parametrize(
    ("reference", "version", "content_hash"), [("26000799999", 1, HASH), (REFERENCE, 2, HASH), (REFERENCE, 1, "beef" * 12)]
)
def test_a_version_that_is_not_archived_is_an_error(kept, reference, version, content_hash):
    kept.archive.put(REFERENCE, 1, HASH, codec.dumps(FACTS))
    with pytest.raises(StoreUnavailable):
        kept.archive.load(reference, version, content_hash)


def test_the_first_time_of_a_version_stays(kept):
    kept.archive.put(REFERENCE, 1, HASH, codec.dumps(FACTS))
    kept.clock.advance(timedelta(days=3))
    kept.archive.put(REFERENCE, 1, HASH, codec.dumps(FACTS))
    assert list(kept.archive.records()) == [(NOW, codec.dumps(FACTS))]


def test_everything_archived_is_listed(kept):
    assert list(kept.archive.records()) == []
    texts = {}
    for version in range(1, 12):
        texts[version] = codec.dumps(replace(FACTS, version=version, location_text="Ŵest Street"))
        kept.archive.put(REFERENCE, version, HASH, texts[version])
        kept.clock.advance(timedelta(minutes=1))
    kept.archive.put(REFERENCE, 1, "beef" * 12, "{}")
    expected = {(NOW + timedelta(minutes=version - 1), text) for version, text in texts.items()} | {(NOW + timedelta(minutes=11), "{}")}
    assert set(kept.archive.records()) == expected


# ---- quarantine

ROW = QuarantineRow("q1", NOW, REFERENCE, "occurrence", (("occurrence.victims[0].id", "is required"), ("", "is not an object")))


def test_a_quarantined_body_comes_back_with_its_row(kept):
    body = b'{"not": "valid", "\xff": 1}'
    assert kept.quarantine.add(ROW, body) is True
    assert kept.quarantine.get("q1") == ROW
    assert kept.quarantine.body("q1") == body
    assert kept.quarantine.rows() == [ROW]


def test_the_same_body_twice_counts_once_and_the_first_row_stays(kept):
    assert kept.quarantine.add(ROW, b"x") is True
    assert kept.quarantine.add(ROW, b"x") is False
    assert kept.quarantine.add(replace(ROW, received_at=NOW + timedelta(hours=1)), b"x") is False
    assert kept.quarantine.rows() == [ROW]


def test_a_quarantined_row_says_when_it_may_be_forgotten_and_goes_on_saying_it():
    with objects("moto") as kept:
        kept.quarantine.add(ROW, b"x")
        kept.quarantine.set_state("q1", "replayed")
        assert QuarantineTableRow.get("q1").expires_at == int((ROW.received_at + timedelta(days=400)).timestamp())


def test_what_nobody_has_seen_to_is_counted(kept):
    assert kept.quarantine.waiting() == 0
    for key in ("q1", "q2", "q3"):
        kept.quarantine.add(replace(ROW, quarantine_id=key), b"x")
    assert kept.quarantine.waiting() == 3
    for state in ("replayed", "settled"):
        kept.quarantine.set_state("q1", state)
        assert kept.quarantine.waiting() == 2
        assert kept.quarantine.get("q1").state == state
    kept.quarantine.set_state("q1", "quarantined")
    assert kept.quarantine.waiting() == 3


def test_what_is_not_quarantined_is_not_there(kept):
    assert kept.quarantine.get("q1") is None
    assert kept.quarantine.rows() == []
    with pytest.raises(StoreUnavailable):
        kept.quarantine.body("q1")
    with pytest.raises(Contended):
        kept.quarantine.set_state("q1", "replayed")


def test_quarantined_rows_come_oldest_first(kept):
    rows = [QuarantineRow(f"q{number}", NOW - timedelta(minutes=number), None, None, ()) for number in range(4)]
    for row in rows:
        kept.quarantine.add(row, b"x")
    assert kept.quarantine.rows() == rows[::-1]


def test_a_state_is_kept_and_survives_the_same_body(kept):
    kept.quarantine.add(ROW, b"x")
    kept.quarantine.set_state("q1", "replayed")
    assert kept.quarantine.get("q1") == replace(ROW, state="replayed")
    assert kept.quarantine.add(ROW, b"x") is False
    assert kept.quarantine.rows() == [replace(ROW, state="replayed")]


# ---- officers

OFFICER = DirectoryOfficer(
    "2345", 7, True, "PC Sam Ash", "sam.ash@example.test", absent_from=date(2026, 12, 1), absent_until=date(2026, 12, 10)
)


def test_an_officer_comes_back(kept):
    assert kept.officers.get("2345") is None
    assert kept.officers.put(OFFICER, "a") == "recorded"
    assert kept.officers.get("2345") == OFFICER
    assert kept.officers.get("1890") is None


@pytest.mark.parametrize(
    ("second", "content_hash", "verdict"),
    [
        (OFFICER, "a", "stale"),
        (replace(OFFICER, name="PC S Ash"), "b", "conflict"),
        (replace(OFFICER, version=6, active=False), "b", "stale"),
        (replace(OFFICER, version=8, active=False), "b", "recorded"),
        (replace(OFFICER, version=8), "a", "recorded"),
    ],
)
def test_the_highest_version_of_an_officer_stays(kept, second, content_hash, verdict):
    kept.officers.put(OFFICER, "a")
    assert kept.officers.put(second, content_hash) == verdict
    assert kept.officers.get("2345") == (second if verdict == "recorded" else OFFICER)


SAID = Absence(datetime(2026, 11, 20, 10, 31, tzinfo=UTC), "1890", date(2026, 11, 20), None, "2399")
AS_SAID = replace(OFFICER, absent_from=date(2026, 11, 20), absent_until=None, cover="2399")


def test_what_was_said_of_an_absence_stands_beside_the_entry(kept):
    assert kept.officers.say("2345", SAID) is False
    kept.officers.put(OFFICER, "a")
    assert kept.officers.say("2345", SAID) is True
    assert kept.officers.get("2345") == AS_SAID
    assert kept.officers.put(OFFICER, "a") == "stale"
    assert kept.officers.put(replace(OFFICER, name="Another"), "b") == "conflict"
    assert kept.officers.get("2345") == AS_SAID
    assert kept.officers.say("2345", Absence(SAID.told_at, "2345", None)) is True
    assert kept.officers.get("2345") == replace(OFFICER, absent_from=None, absent_until=None)


def test_a_version_that_repeats_an_absence_leaves_what_was_said_and_one_that_says_something_new_does_not(kept):
    kept.officers.put(OFFICER, "a")
    kept.officers.say("2345", SAID)
    assert kept.officers.put(replace(OFFICER, version=8, phone="101"), "b") == "recorded"
    assert kept.officers.get("2345") == replace(AS_SAID, version=8, phone="101")
    assert kept.officers.put(replace(OFFICER, version=9, absent_from=None), "c") == "recorded"
    assert kept.officers.get("2345") == replace(OFFICER, version=9, absent_from=None)


# ---- letters


def test_a_letter_lies_under_its_notification_id(kept):
    assert kept.letters.put(Letter("n1", b"%PDF-1.7 one")) == "n1.pdf"
    assert kept.letters.put(Letter("n1", b"%PDF-1.7 one")) == "n1.pdf"
    assert kept.letter("n1") == b"%PDF-1.7 one"


# ---- queues


@pytest.mark.parametrize("count", [0, 1, 10, 25])
def test_hints_carry_ids_alone(kept, count):
    ids = [f"n{number}" for number in range(count)]
    kept.queues.dispatch(ids)
    assert sorted(kept.messages("dispatch")) == sorted(json.dumps({"notification_id": key}) for key in ids)


def test_hints_of_one_invocation_leave_together_at_its_end_each_once(kept):
    with kept.queues.together():
        kept.queues.dispatch(["n1", "n2"])
        kept.queues.dispatch(["n1"])
        assert kept.messages("dispatch") == []
    assert sorted(kept.messages("dispatch")) == [json.dumps({"notification_id": key}) for key in ("n1", "n2")]


def test_hints_leave_also_where_the_invocation_failed(kept):
    def invocation() -> None:
        with kept.queues.together():
            kept.queues.dispatch(["n1"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        invocation()
    assert kept.messages("dispatch") == [json.dumps({"notification_id": "n1"})]


def test_the_alarm_gets_the_id_and_the_records_queue_the_body(kept):
    body = '{"kind": "occurrence", "name": "Ŵyn 🦊"}'
    kept.queues.alarm("q1")
    kept.queues.replay(body.encode())
    assert kept.messages("quarantine") == ["q1"]
    assert kept.messages("records") == [body]
