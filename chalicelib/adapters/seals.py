"""Sealed batches of the log in a bucket whose objects are locked: key `<number, eight digits>.jsonl`.

Must not delete or replace an object, and must not know what a batch holds.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.store_errors import store_errors

_THERE = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_ABSENT = frozenset({"NoSuchKey", "404"})


class S3Seals:
    """The port `SealStore`. The bucket's own rule locks what is put; the checksum that a locked bucket asks for is the SDK's."""

    def __init__(self, client: Any, *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @store_errors("seals")
    def put(self, number: int, body: bytes) -> bool:
        try:
            given = {"Bucket": self._bucket, "Key": _key(number), "ContentType": "application/jsonl", "ChecksumAlgorithm": "SHA256"}
            self._client.put_object(Body=body, IfNoneMatch="*", **given)
        except ClientError as error:
            if error.response["Error"]["Code"] in _THERE:
                return False
            raise
        return True

    @store_errors("seals")
    def get(self, number: int) -> bytes | None:
        """The first version of the object: a later one under the same key is what a lock cannot prevent, and is not what was sealed."""
        versions = [entry for entry in self._versions(_key(number)) if entry["Key"] == _key(number)]
        if not versions:
            return None
        first = min(versions, key=lambda entry: entry["LastModified"])
        try:
            found: bytes = self._client.get_object(Bucket=self._bucket, Key=_key(number), VersionId=first["VersionId"])["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return found

    @store_errors("seals")
    def numbers(self) -> list[int]:
        """By versions, so that a mark of deletion hides nothing."""
        return sorted({int(entry["Key"].partition(".")[0]) for entry in self._versions("")})

    def _versions(self, prefix: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        return [entry for page in pages for entry in page.get("Versions", [])]


def _key(number: int) -> str:
    return f"{number:08d}.jsonl"
