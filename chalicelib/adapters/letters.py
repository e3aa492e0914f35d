"""Lays finished letters into the letters bucket, for whoever prints and posts them.

Must not put anything of a person into a key or metadata. The bucket encrypts under the data key by default, so no call names a cipher.
"""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.store_errors import store_errors
from chalicelib.domain.errors import RetryLater, TransientSendError
from chalicelib.domain.messages import Letter


class S3LetterBox:
    """The port `LetterBox`. The result of `put` is the key. Putting again is harmless, so every failure is transient."""

    def __init__(self, client: Any, *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, letter: Letter) -> str:
        try:
            return self._put(f"{letter.notification_id}.pdf", letter.pdf)
        except RetryLater as refusal:
            raise TransientSendError(str(refusal)) from refusal

    @store_errors("letters")
    def _put(self, key: str, pdf: bytes) -> str:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=pdf, ContentType="application/pdf")
        return key
