"""A sealed batch is the same bytes again, and whatever is changed, removed or added shows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.seals import FIRST, Batch, Finding, broken, canonical, compared, digest, hour_before, key_of, read
from tests.builders import NOW

HOUR = timedelta(hours=1)
A = canonical({"reference": "r1", "at": NOW.isoformat(), "entry_id": "a", "op": "disclosed", "rule": None})
B = canonical({"entry_id": "b", "reference": "r2", "at": NOW.isoformat(), "op": "erased – ’"})


def chain(count: int = 3) -> list[tuple[int, bytes]]:
    bodies: list[tuple[int, bytes]] = []
    for number in range(1, count + 1):
        previous = digest(bodies[-1][1]) if bodies else FIRST
        bodies.append((number, Batch(number, NOW + number * HOUR, NOW + (number + 1) * HOUR, previous, (A, B)).body()))
    return bodies


def test_a_batch_is_the_same_bytes_again_and_reads_back():
    batch = Batch(1, NOW, NOW + HOUR, FIRST, (A, B))
    assert batch.body() == batch.body()
    assert read(batch.body()) == batch
    assert key_of(A) == ("r1", NOW.isoformat(), "a")
    assert "rule" not in A
    assert "’" in B


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]\n", b"{}\n", b'{"sealed": 1}', Batch(1, NOW, NOW, FIRST, (A,)).body() + b"{}\n"])
def test_what_is_no_batch_of_ours_is_none(body):
    assert read(body) is None


def test_a_whole_chain_has_nothing_wrong():
    assert list(broken(chain(), 3)) == []
    assert list(broken([], 0)) == []


def test_a_batch_that_is_gone_changed_or_no_batch_shows():
    bodies = chain()
    assert list(broken(bodies[:1] + bodies[2:], 3)) == [Finding("batch missing", 2)]
    assert list(broken(bodies[:2], 3)) == [Finding("batch missing", 3)]
    changed = [bodies[0], (2, bodies[1][1].replace(b"disclosed", b"concealed")), bodies[2]]
    assert list(broken(changed, 3)) == [Finding("batch does not follow the one before", 3)]
    assert list(broken([bodies[0], (2, b"x"), bodies[2]], 3)) == [
        Finding("batch unreadable", 2),
        Finding("batch does not follow the one before", 3),
    ]
    assert list(broken([(1, bodies[1][1])], 1)) == [Finding("batch unreadable", 1)]


@pytest.mark.parametrize(
    ("kept_since", "told"),
    [
        (None, [1, 2]),
        (NOW + 2 * HOUR, [1, 2]),
        (NOW + 3 * HOUR - timedelta(seconds=1), [1, 2]),
        (NOW + 3 * HOUR, []),
        (NOW + 3 * HOUR + timedelta(seconds=1), []),
        (NOW + 900 * HOUR, []),
    ],
)
def test_batches_that_ended_before_their_lock_did_may_be_forgotten(kept_since, told):
    """The third batch begins, and so the second ended, three hours after NOW."""
    assert list(broken(chain(5)[2:], 5, kept_since=kept_since)) == [Finding("batch missing", number) for number in told]
    assert list(broken(chain(5)[2:4], 5, kept_since=kept_since))[-1] == Finding("batch missing", 5), "the end is never forgotten"


def test_a_bucket_forgets_in_no_order_and_what_it_kept_still_has_to_follow():
    bodies = chain(6)
    part = [bodies[0], bodies[2], bodies[5]]
    assert list(broken(part, 6, kept_since=NOW + 3 * HOUR)) == [Finding("batch missing", 4), Finding("batch missing", 5)]
    changed = (3, bodies[2][1].replace(b"disclosed", b"concealed"))
    assert list(broken([changed, *bodies[3:]], 6, kept_since=NOW + 3 * HOUR)) == [Finding("batch does not follow the one before", 4)]
    spoilt = [(3, b"x"), *bodies[3:]]
    assert Finding("batch missing", 1) in list(broken(spoilt, 6, kept_since=NOW + 900 * HOUR)), "what it says of its time is not known"


def test_lines_that_are_missing_changed_or_added_show():
    key, other = key_of(A), key_of(B)
    later = NOW + HOUR
    assert list(compared({key: A, other: B}, {key: A, other: B}, kept_since=None, until=later)) == []
    assert list(compared({key: A}, {}, kept_since=NOW, until=later)) == [Finding("missing", key=key)]
    assert list(compared({key: A}, {}, kept_since=None, until=later)) == [Finding("missing", key=key)]
    assert list(compared({key: A}, {}, kept_since=later, until=later)) == [], "it may be forgotten by now"
    assert list(compared({key: A}, {key: A + " "}, kept_since=None, until=later)) == [Finding("changed", key=key)]
    assert list(compared({}, {key: A}, kept_since=None, until=later)) == [Finding("added", key=key)]
    assert list(compared({}, {key: A}, kept_since=None, until=NOW)) == [], "it is not sealed yet"
    assert list(compared({}, {key: A}, kept_since=NOW, until=later)) == [Finding("added", key=key)]
    assert list(compared({}, {key: A}, kept_since=later, until=later)) == [], "its seal may be forgotten by now"


def test_the_last_full_hour_some_time_ago():
    now = NOW.replace(hour=10, minute=31)
    assert hour_before(now, timedelta(minutes=30)).hour == 10
    assert hour_before(now, timedelta(minutes=32)).hour == 9
    assert replace(Batch(1, now, now, FIRST, ()), number=2).number == 2
