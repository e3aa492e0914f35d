"""Deletes a person's content for good: finished letters, archived versions, quarantined bodies, what was written through the page.

The buckets keep earlier versions of an object; here they go too. Of these rights one function has that to delete archived versions
(retention); the others only whoever operates. Must not decide what goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from chalicelib.adapters import rows
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactMessageRow
from chalicelib.services.ports import KeptEvent


class Erasing:
    """The port `PersonalContent`."""

    def __init__(self, client: Any, *, letters: str, archive: str, quarantine: str) -> None:
        self._client = client
        self._letters = letters
        self._archive = archive
        self._quarantine = quarantine

    @store_errors("archive")
    def archived(self, reference: str) -> list[tuple[str, str]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._archive, Prefix=f"{reference}/")
        keys = sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))
        return [(key, self._client.get_object(Bucket=self._archive, Key=key)["Body"].read().decode()) for key in keys]

    @store_errors("archive")
    def rewrite(self, key: str, canonical: str) -> None:
        """Put first, so that a version is never missing; then the earlier contents go."""
        metadata = self._client.head_object(Bucket=self._archive, Key=key)["Metadata"]
        put = self._client.put_object(
            Bucket=self._archive, Key=key, Body=canonical.encode(), ContentType="application/json", Metadata=metadata
        )
        newest = put.get("VersionId")
        for version in self._versions(self._archive, key):
            if version != newest:
                self._client.delete_object(Bucket=self._archive, Key=key, VersionId=version)

    @store_errors("archive")
    def forget_archived(self, reference: str) -> int:
        """By the versions of a prefix alone, so that whoever may do this need not be able to read a record."""
        found = list(self._under(self._archive, f"{reference}/"))
        for key, version in found:
            self._client.delete_object(Bucket=self._archive, Key=key, VersionId=version)
        return len({key for key, _ in found})

    @store_errors("letters")
    def kept_letters(self, notification_ids: Collection[str]) -> list[str]:
        return [key for key in notification_ids if any(self._versions(self._letters, f"{key}.pdf"))]

    def letters(self, notification_ids: Collection[str]) -> int:
        return sum(self._purged(self._letters, f"{key}.pdf") for key in sorted(notification_ids))

    def quarantined(self, ids: Collection[str]) -> int:
        return sum(self._purged(self._quarantine, key) for key in sorted(ids))

    @store_errors("contact messages")
    def messages(self, ids: Collection[str]) -> int:
        gone = 0
        for key in sorted(ids):
            if list(ContactMessageRow.query(key, consistent_read=True)):
                ContactMessageRow(key).delete()
                gone += 1
        return gone

    @store_errors("events")
    def event(self, kept: KeptEvent) -> None:
        rows.event_row(kept).save()

    @store_errors("erase")
    def _purged(self, bucket: str, key: str) -> bool:
        versions = list(self._versions(bucket, key))
        for version in versions:
            self._client.delete_object(Bucket=bucket, Key=key, VersionId=version)
        return bool(versions)

    def _versions(self, bucket: str, key: str) -> Iterator[str]:
        """Every version of one object, marks of deletion included."""
        return (version for found, version in self._under(bucket, key) if found == key)

    def _under(self, bucket: str, prefix: str) -> Iterator[tuple[str, str]]:
        """(key, version) of everything below a prefix, marks of deletion included."""
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                yield entry["Key"], entry["VersionId"]
