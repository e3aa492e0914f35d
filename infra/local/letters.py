"""The letters that were laid into the bucket, read back as a reader would see them: text, and the address in the window.

Must not know who a letter is for but by what stands on its paper.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pypdf import PdfReader

from infra.local.aws import client


@dataclass(frozen=True, slots=True)
class PostedLetter:
    """One letter: `to` is the window's address in one line, `put_at` the bucket's own (real) time, `size` in bytes."""

    notification_id: str
    to: str
    sender: str
    text: str
    size: int
    put_at: datetime


class Letters:
    """The letters bucket. `sender` is the force's postal address, which ends the window's lines on the paper."""

    def __init__(self, endpoint_url: str, bucket: str, sender: tuple[str, ...]) -> None:
        self._s3 = client("s3", endpoint_url)
        self._bucket = bucket
        self._sender = sender
        self._read: dict[tuple[str, str], PostedLetter] = {}

    def all(self) -> list[PostedLetter]:
        """Every letter, in the order in which they were laid into the bucket."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        entries = [entry for page in pages for entry in page.get("Contents", []) if entry["Key"].endswith(".pdf")]
        return sorted((self._letter(entry) for entry in entries), key=lambda letter: (letter.put_at, letter.notification_id))

    def pdf(self, notification_id: str) -> bytes | None:
        """The file itself, None where there is no such letter."""
        try:
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=f"{notification_id}.pdf")["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
        return body

    def _letter(self, entry: dict[str, Any]) -> PostedLetter:
        seen = (entry["Key"], entry["ETag"])
        if seen not in self._read:
            notification_id = entry["Key"].removesuffix(".pdf")
            text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(self.pdf(notification_id) or b"")).pages)
            to, sender = self._window(text), ", ".join(self._sender)
            self._read[seen] = PostedLetter(notification_id, to, sender, text, entry["Size"], entry["LastModified"])
        return self._read[seen]

    def _window(self, text: str) -> str:
        """The lines above the sender's first: nothing but the address stands there."""
        lines = [line.strip() for line in text.splitlines()]
        until = lines.index(self._sender[0]) if self._sender and self._sender[0] in lines else 0
        return ", ".join(line for line in lines[:until] if line)
