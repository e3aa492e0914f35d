"""Accepted versions as canonical contract JSON in the archive bucket, key `<reference>/<version>-<start of the hash>.json`.

Must not change what it keeps, and must not know the contract: how a record is read back is given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters import codec
from chalicelib.adapters.store_errors import store_errors
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.model import Occurrence
from chalicelib.services.ports import Clock

_RECEIVED = "received-at"
"""Metadata: when the object was first put, by the product's clock (S3's own LastModified knows no simulated time)."""


class S3Archive:
    """The port `Archive`. `parse` turns canonical JSON into the domain's occurrence."""

    def __init__(self, client: Any, *, bucket: str, clock: Clock, parse: Callable[[str], Occurrence]) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._parse = parse

    @store_errors("archive")
    def put(self, reference: str, version: int, content_hash: str, canonical: str) -> None:
        """Once: an object that is there stays, and so does its time. StoreUnavailable where the bucket does not answer."""
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(reference, version, content_hash),
                Body=canonical.encode(),
                ContentType="application/json",
                Metadata={_RECEIVED: codec.instant(self._clock.now())},
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise

    def load(self, reference: str, version: int, content_hash: str) -> Occurrence:
        """StoreUnavailable where the bucket does not answer or does not hold it (to a role that may not list, S3 does not say which)."""
        return self._parse(self._read(_key(reference, version, content_hash))[1])

    def records(self) -> Iterable[tuple[datetime, str]]:
        """In the order of the keys. For operations: needs the permission to list the bucket, which no function has."""
        for key in self._keys():
            yield self._read(key)

    def records_of(self, reference: str) -> Iterable[tuple[datetime, str] | None]:
        """For the scheduled leak check, which may list and read."""
        for key in self._keys(f"{reference}/"):
            yield self._readable(key)

    def _readable(self, key: str) -> tuple[datetime, str] | None:
        """None: its bytes are no text, its time is none, or the store does not give it out."""
        try:
            return self._read(key)
        except (StoreUnavailable, ValueError):
            return None

    @store_errors("archive")
    def _keys(self, prefix: str = "") -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    @store_errors("archive")
    def _read(self, key: str) -> tuple[datetime, str]:
        found = self._client.get_object(Bucket=self._bucket, Key=key)
        text = found["Body"].read().decode()
        received = found["Metadata"].get(_RECEIVED)
        if received is None:
            raise StoreUnavailable("an archived object that this product did not put")
        return codec.moment(received), text


def _key(reference: str, version: int, content_hash: str) -> str:
    return f"{reference}/{version}-{content_hash[:12]}.json"
