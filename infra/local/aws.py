"""SDK clients of the host itself, for the embedded cloud only.

Never used by the product, whose clients are made in `chalicelib/adapters`; the application id in the user agent tells the two apart, so
that a fault meant for a worker never strikes the host.
"""

from typing import Any

import boto3
from botocore.config import Config

REGION = "eu-west-2"
HOST_APP_ID = "ki-host"
ACCESS_KEY_ID = "local"  # the credentials that everybody uses at the local endpoint
SECRET_ACCESS_KEY = "local"  # noqa: S105


def client(service: Any, endpoint_url: str) -> Any:
    """A client of `service` at the embedded cloud, with timeouts long enough for a long poll on a busy machine."""
    config = Config(  # type: ignore[call-arg]  # the stubs do not know user_agent_appid
        user_agent_appid=HOST_APP_ID,
        region_name=REGION,
        retries={"mode": "standard", "total_max_attempts": 3},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=32,
        s3={"addressing_style": "path"},
    )
    session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
    return session.client(service, endpoint_url=endpoint_url, config=config)
