"""What every store of retention's dates and of forgotten content does, fake or real: which case is looked at when, and what is gone.

Must not look behind the ports, and must not decide when a case is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.erasing import Erasing
from chalicelib.adapters.retention import DynamoRetentionDates
from chalicelib.domain.case import Head, Retained, Told
from chalicelib.domain.model import Status
from chalicelib.domain.retention import SHORTEST
from chalicelib.services.operation_ports import PersonalContent, RetentionDates
from chalicelib.services.ports import Archive, Cases, Changes, PointMark, Swap
from tests.contract.objects import parse
from tests.contract.stores import EVERY, store
from tests.fakes import FakeClock, World
from tests.integration.cloud_fixture import REGION
from tests.stored_cases import NOW, REFERENCE

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
HASH = "c0ffee" * 8


@dataclass(frozen=True)
class Stores:
    cases: Cases
    dates: RetentionDates
    content: PersonalContent
    archive: Archive


@pytest.fixture(params=EVERY)
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    with store(request.param) as opened:
        yield _fakes() if request.param == "fake" else _real(opened)


def _fakes() -> Stores:
    world = World(parse=parse)
    return Stores(world.cases, world.dates, world.content, world.archive)


def _real(opened: Any) -> Stores:
    clients = Clients(REGION)
    clients.s3.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": REGION})
    clients.s3.put_bucket_versioning(Bucket="archive", VersioningConfiguration={"Status": "Enabled"})
    content = Erasing(clients.s3, letters="letters", archive="archive", quarantine="quarantine")
    archive = S3Archive(clients.s3, bucket="archive", clock=FakeClock(), parse=parse)
    return Stores(opened.cases, DynamoRetentionDates(opened.connection), content, archive)


def written(stores: Stores, *heads: Head) -> None:
    for head in heads:
        stores.cases.commit(Changes(head=Swap(None, head)))


def named(number: int, **retained: Any) -> Head:
    return Head(f"260007000{number:02d}", 1, retained=Retained(**retained))


def test_nothing_is_due_in_an_empty_store(stores: Stores) -> None:
    assert (stores.dates.due(NOW, 10), stores.dates.in_review(10), stores.dates.named_by(["p1"])) == ([], [], {})


def test_what_is_due_comes_the_longest_due_first_up_to_the_limit(stores: Stores) -> None:
    """Of four shards, whichever the references fall into."""
    times = {number: NOW - timedelta(days=(number * 7) % 20) for number in range(20)}
    written(stores, *[named(number, look_at=at) for number, at in times.items()], named(90, look_at=NOW + SECOND))
    expected = [named(number).reference for number in sorted(times, key=lambda one: times[one])]
    assert stores.dates.due(NOW, 100) == expected
    assert stores.dates.due(NOW, 7) == expected[:7]


def test_a_case_that_nobody_looked_at_is_due_some_time_after_it_began(stores: Stores) -> None:
    told = (Told(2, NOW + DAY, Status.CLOSED), Told(1, NOW, Status.OPEN))
    written(stores, Head(REFERENCE, 1, told=told), named(1))
    assert stores.dates.due(NOW + SHORTEST - SECOND, 10) == [named(1).reference], "nothing says when it began"
    assert stores.dates.due(NOW + SHORTEST, 10) == [named(1).reference, REFERENCE]


def test_what_waits_for_a_person_stands_apart_and_what_is_done_stands_nowhere(stores: Stores) -> None:
    begun = named(3, review_since=None, begun_at=NOW)
    written(stores, named(1, review_since=NOW), named(2, review_since=NOW - DAY, look_at=NOW), begun, named(4, begun_at=NOW, done_at=NOW))
    assert stores.dates.in_review(10) == [(NOW - DAY, named(2).reference), (NOW, named(1).reference)]
    assert stores.dates.in_review(1) == [(NOW - DAY, named(2).reference)]
    assert stores.dates.due(NOW, 10) == [begun.reference]
    stores.cases.commit(Changes(head=Swap(begun, replace(begun, revision=2, retained=Retained(begun_at=NOW, done_at=NOW)))))
    assert stores.dates.due(NOW + 9999 * DAY, 10) == []
    assert stores.cases.head(begun.reference).retained == Retained(begun_at=NOW, done_at=NOW)


def mark(point: str, reference: str, victim_id: str = "V1") -> PointMark:
    return PointMark(point, reference, victim_id, specialist=True, do_not_contact=False)


def test_a_point_is_forgotten_where_nobody_else_names_it(stores: Stores) -> None:
    stores.cases.commit(Changes(marks=(mark("p1", REFERENCE), mark("p2", REFERENCE), mark("p1", REFERENCE, "V2"))))
    stores.cases.commit(Changes(marks=(mark("p2", "26000799999"),), closed_points=(("p3", "General"),)))
    assert stores.dates.named_by(["p1", "p2", "p3", "p4"]) == {
        "p1": frozenset({REFERENCE}),
        "p2": frozenset({REFERENCE, "26000799999"}),
        "p3": frozenset(),
    }
    assert [stores.dates.forget_point("p1", frozenset({REFERENCE})) for _ in range(2)] == [True, True], "again is harmless"
    assert stores.dates.forget_point("p2", frozenset({REFERENCE})) is False
    assert stores.dates.forget_point("p3", frozenset({REFERENCE})) is True
    assert stores.dates.named_by(["p1", "p2", "p3"]) == {"p2": frozenset({REFERENCE, "26000799999"})}
    assert stores.dates.forget_point("p2", frozenset({REFERENCE, "26000799999"})) is True


def test_every_archived_version_of_one_occurrence_goes_whole(stores: Stores) -> None:
    stores.archive.put(REFERENCE, 1, HASH, '{"version": 1}')
    stores.archive.put(REFERENCE, 2, HASH, '{"version": 2}')
    stores.archive.put("26000799999", 1, HASH, '{"version": 1}')
    ((first, _), _) = stores.content.archived(REFERENCE)
    stores.content.rewrite(first, '{"version": 1, "erased": true}')
    assert [stores.content.forget_archived(REFERENCE) for _ in range(2)] == [2, 0]
    assert stores.content.archived(REFERENCE) == []
    assert len(stores.content.archived("26000799999")) == 1
