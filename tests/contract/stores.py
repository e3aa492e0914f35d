"""The stores that a conformance suite runs against: the fake, the real adapter on moto, and the real adapter on the local AWS endpoint.

Must not hold a test. moto knows no client tokens and no races: what is about those takes REPEATING.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from moto import mock_aws

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.tables import TABLES, bind_tables
from chalicelib.services.ports import Cases, ContactPoints
from tests.fakes import World
from tests.integration.cloud_fixture import REGION, shared_cloud

EVERY = ("fake", "moto", "local")
REPEATING = ("fake", "local")
SECRET = b"test key"


@dataclass(frozen=True)
class Store:
    """Both ports over one store, since a decision writes the marks that contact points read."""

    cases: Cases
    points: ContactPoints


def create_tables() -> None:
    """The tables as the models say; deployed ones come from infra/resources.yaml, which an architecture test holds against the models."""
    for model in TABLES.values():
        model.create_table(wait=False, billing_mode="PAY_PER_REQUEST")


@contextmanager
def store(kind: str) -> Iterator[Store]:
    if kind == "fake":
        world = World()
        yield Store(world.cases, world.points)
    elif kind == "moto":
        with mock_aws():
            connection = bind_tables("kept-informed-", REGION)
            create_tables()
            yield Store(DynamoCases(connection), DynamoContactPoints(SECRET))
    else:
        cloud = shared_cloud()
        cloud.reset()
        with local_credentials():
            connection = bind_tables("kept-informed-", REGION, host=cloud.endpoint_url)
            create_tables()
            yield Store(DynamoCases(connection), DynamoContactPoints(SECRET))


@contextmanager
def local_credentials() -> Iterator[None]:
    """What the local endpoint is called with, in the environment where botocore looks for it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "local")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "local")
        yield
