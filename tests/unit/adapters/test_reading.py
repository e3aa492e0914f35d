"""Reading by key where the store does not read everything at once, and what its notation means.

Must not need a store: what a real one answers is in tests/contract. The pauses are noted, not slept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.adapters.reading import MOST_KEYS, PAUSES, Reader
from chalicelib.adapters.tables import NotificationRow, ObligationRow
from chalicelib.domain.errors import StoreUnavailable

Keys = list[tuple[str, dict[str, Any]]]
Reads = Callable[[int, int], int]
"""How many of the keys asked for are read, by number of the call (from 1) and number of keys."""


@dataclass
class LoadedStore:
    """A client that reads only so many keys a call, the first ones, and leaves the rest."""

    reads: Reads
    asked: list[Keys] = field(default_factory=list)

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803 - AWS's name
        keys = [(table, key) for table, request in RequestItems.items() for key in request["Keys"]]
        assert all(request["ConsistentRead"] for request in RequestItems.values())
        self.asked.append(keys)
        read = self.reads(len(self.asked), len(keys))
        responses: dict[str, list[Any]] = {}
        left: dict[str, Any] = {}
        for table, key in keys[:read]:
            responses.setdefault(table, []).append(key)
        for table, key in keys[read:]:
            left.setdefault(table, {"ConsistentRead": True, "Keys": []})["Keys"].append(key)
        return {"Responses": responses, "UnprocessedKeys": left}


class Reading:
    """A reader over a loaded store; `pauses` are the seconds that it would have slept."""

    def __init__(self, reads: Reads) -> None:
        self.store, self.pauses = LoadedStore(reads), list[float]()
        self.reader = Reader(SimpleNamespace(client=self.store), self.pauses.append)  # type: ignore[arg-type]

    def of(self, rows: int, owed: int = 0) -> tuple[list[str], list[str]]:
        """The ids of rows and obligations that were found, in the order of their numbers."""
        keys = {
            NotificationRow: [{"notification_id": f"n{number:04}"} for number in range(rows)],
            ObligationRow: [{"occurrence_ref": "26000712345", "obligation_id": f"o{number:04}"} for number in range(owed)],
        }
        found = self.reader.batch(keys)  # type: ignore[type-abstract]
        return sorted(item["notification_id"] for item in found[NotificationRow]), sorted(i["obligation_id"] for i in found[ObligationRow])


def all_of(_call: int, keys: int) -> int:
    return keys


@pytest.mark.parametrize(
    ("rows", "owed", "calls"),
    [(0, 0, 0), (1, 0, 1), (60, 40, 1), (100, 1, 2), (0, 250, 3), (2_500, 0, 25), (3_000, 1_000, 40)],
)
def test_as_many_keys_as_are_wanted_are_read_a_hundred_a_call(rows, owed, calls):
    reading = Reading(all_of)
    assert reading.of(rows, owed) == ([f"n{number:04}" for number in range(rows)], [f"o{number:04}" for number in range(owed)])
    assert (len(reading.store.asked), reading.pauses) == (calls, [])
    assert all(len(keys) <= MOST_KEYS for keys in reading.store.asked)


@pytest.mark.parametrize(
    ("reads", "calls", "pauses"),
    [
        (lambda call, keys: min(keys, 1), 30, []),
        (lambda call, keys: 0 if call == 1 else keys, 2, [0.05]),
        (lambda call, keys: 0 if call <= 4 else keys, 5, [0.05, 0.1, 0.2, 0.4]),
        (lambda call, keys: call % 3 == 0, 90, [0.05, 0.1] * 30),
    ],
    ids=["one a call", "not at once", "as late as may be", "one in three calls"],
)
def test_keys_left_unread_are_asked_for_again_and_only_a_standstill_is_waited_for(reads, calls, pauses):
    reading = Reading(reads)
    assert reading.of(20, 10) == ([f"n{number:04}" for number in range(20)], [f"o{number:04}" for number in range(10)])
    assert (len(reading.store.asked), reading.pauses) == (calls, pauses)


def test_no_key_is_read_twice_where_some_of_many_are_left():
    reading = Reading(lambda call, keys: 0 if call == 2 else (keys + 1) // 2)
    assert len(reading.of(250, 50)[0]) == 250
    tries = Counter(str(key) for keys in reading.store.asked for key in keys)
    assert len(tries) == 300
    assert reading.pauses == [0.05]


@pytest.mark.parametrize("read_first", [0, 3])
def test_a_store_that_reads_nothing_more_is_not_asked_for_ever(read_first):
    reading = Reading(lambda call, keys: read_first if call == 1 else 0)
    with pytest.raises(StoreUnavailable, match="keys left unread"):
        reading.of(150)
    assert len(reading.store.asked) == (read_first > 0) + len(PAUSES) + 1
    assert reading.pauses == list(PAUSES)


class OneItem:
    """A client whose every item is this one."""

    def __init__(self, item: dict[str, Any]) -> None:
        self._item = item

    def get_item(self, **_request: Any) -> dict[str, Any]:
        return {"Item": self._item}


def value_of(typed: dict[str, Any]) -> Any:
    reader = Reader(SimpleNamespace(client=OneItem({"field": typed})))  # type: ignore[arg-type]
    item = reader.get(NotificationRow, {"notification_id": "n1"})
    assert item is not None
    return item["field"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"S": "7"}, "7"),
        ({"S": ""}, ""),
        ({"N": "0"}, 0),
        ({"N": "-12"}, -12),
        ({"N": "12345678901234567890"}, 12345678901234567890),
        ({"BOOL": True}, True),
        ({"BOOL": False}, False),
        ({"NULL": True}, None),
        ({"SS": ["a", "b"]}, ["a", "b"]),
        ({"L": []}, []),
        ({"L": [{"S": "a"}, {"N": "1"}, {"L": [{"NULL": True}]}]}, ["a", 1, [None]]),
    ],
)
def test_every_kind_that_is_written_comes_back_as_a_plain_value(typed, value):
    assert value_of(typed) == value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"M": {"name": {"S": "Alex Morgan"}}}, "attribute field of the unknown kind M"),
        ({"B": b"Alex Morgan"}, "attribute field of the unknown kind B"),
        ({"NS": ["447700900123"]}, "attribute field of the unknown kind NS"),
        ({"BS": [b"Alex Morgan"]}, "attribute field of the unknown kind BS"),
        ({"L": [{"S": "a"}, {"M": {}}]}, "attribute field of the unknown kind M"),
        ({"N": "44.7700900123"}, "attribute field: no whole number"),
        ({"N": "1E+3"}, "attribute field: no whole number"),
        ({"N": "447_700"}, "attribute field: no whole number"),
        ({"N": "٣"}, "attribute field: no whole number"),
        ({"N": ""}, "attribute field: no whole number"),
    ],
)
def test_what_this_product_never_wrote_is_named_by_attribute_and_kind_and_never_by_value(typed, said):
    with pytest.raises(StoreUnavailable) as refused:
        value_of(typed)
    assert str(refused.value) == said
    assert refused.value.__context__ is None
