"""The stores that a conformance suite runs against: the fake, the real adapter on moto, and the real adapter on the local AWS endpoint.

Must not hold a test. moto knows no client tokens and no races: what is about those is in tests/integration.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws
from pynamodb.exceptions import TableError

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.tables import TABLES, bind_tables
from chalicelib.services.ports import Cases, ContactPoints
from tests.fakes import World
from tests.integration.cloud_fixture import REGION, RunningCloud, shared_cloud

EVERY = ("fake", "moto", "local")
SECRET = b"test key"


@dataclass(frozen=True)
class Store:
    """Both ports over one store, since a decision writes the marks that contact points read."""

    cases: Cases
    points: ContactPoints
    connection: Any = None
    """Of the real ones: what other adapters over the same tables need."""


def create_tables() -> None:
    """The tables as the models say; deployed ones come from infra/resources.yaml, which an architecture test holds against the models.

    On a busy machine the answer to a creation may be late and the call be repeated: then the table is there already.
    """
    for model in TABLES.values():
        try:
            model.create_table(wait=False, billing_mode="PAY_PER_REQUEST")
        except TableError:
            if not model.exists():
                raise


@contextmanager
def store(kind: str) -> Iterator[Store]:
    if kind == "fake":
        world = World()
        yield Store(world.cases, world.points)
    elif kind == "moto":
        with mock_aws():
            connection = bind_tables("kept-informed-", REGION)
            create_tables()
            yield Store(DynamoCases(connection), DynamoContactPoints(connection, SECRET), connection)
    else:
        with local_cloud() as cloud:
            connection = bind_tables("kept-informed-", REGION, host=cloud.endpoint_url)
            create_tables()
            yield Store(DynamoCases(connection), DynamoContactPoints(connection, SECRET), connection)


@contextmanager
def local_cloud() -> Iterator[RunningCloud]:
    """The local AWS endpoint, empty, with boto's environment pointing at it under the name of a worker, so that fault rules hit."""
    cloud = shared_cloud()
    cloud.reset()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in local_environment(cloud).items():
            environment.setenv(name, value)
        yield cloud


def local_environment(cloud: RunningCloud) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SDK_UA_APP_ID": f"ki-worker-{os.getpid()}",
    }
