"""The SDK's clients, each made at its first use, with the timeouts and retries that its service may have.

Of botocore, on which boto3 only lays what is not used here. Must not read the environment itself: endpoints and credentials are the SDK's
own business.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

CONNECT_SECONDS = 2
STORE_ATTEMPTS = 3


class Clients:
    """`read_timeout` is in seconds."""

    def __init__(self, region: str, *, read_timeout: float = 10) -> None:
        self._region = region
        self._read_timeout = read_timeout

    @cached_property
    def _session(self) -> Session:
        return get_session()

    @cached_property
    def s3(self) -> Any:
        return self._client("s3", STORE_ATTEMPTS)

    @cached_property
    def sqs(self) -> Any:
        return self._client("sqs", STORE_ATTEMPTS)

    @cached_property
    def sns(self) -> Any:
        return self._client("sns", STORE_ATTEMPTS)

    @cached_property
    def ses(self) -> Any:
        """One attempt: SES has no idempotency token, and the SDK would repeat a call whose answer was lost."""
        return self._client("sesv2", 1)

    @cached_property
    def sms(self) -> Any:
        """One attempt, as for `ses`."""
        return self._client("pinpoint-sms-voice-v2", 1)

    def _client(self, service: str, attempts: int) -> Any:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=self._read_timeout,
            retries={"total_max_attempts": attempts, "mode": "standard"},
        )
        return self._session.create_client(service, region_name=self._region, config=config)
