"""The body of a form as a browser sends it (`application/x-www-form-urlencoded`), read strictly.

Must not know any form's fields, nor repeat what was sent in an error.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.domain.errors import MalformedRequest, RequestTooLarge

MEDIA_TYPE = "application/x-www-form-urlencoded"
MOST_BYTES = 64 * 1024
"""Of an encoded body: five thousand characters of any alphabet (four bytes, each written as three) and the other fields. The rules in front
of the gateway (infra/resources.yaml) stop at the same."""
MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Form:
    """Field names to what was entered in each, in order; line breaks are line feeds, as a browser shows them."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """What was entered, "" where the field is missing. MalformedRequest where it comes more than once: no form of ours does that."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise MalformedRequest("a field comes more than once")
        return values[0] if values else ""

    def every(self, name: str) -> tuple[str, ...]:
        """What was chosen among check boxes of one name."""
        return self.fields.get(name, ())


def parse_form(event: Mapping[str, Any], content_type: str) -> Form:
    """The form in an API Gateway proxy event. MalformedRequest, or RequestTooLarge."""
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != MEDIA_TYPE or charset not in ("", "utf-8", "utf8"):
        raise MalformedRequest("not a form")
    try:
        text = _body(event).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise MalformedRequest("not UTF-8, or too many fields") from None  # the cause quotes what was sent
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n").replace("\r", "\n"))
    return Form(fields)


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if len(body) > 2 * MOST_BYTES:
        raise RequestTooLarge("longer than any form")
    try:
        sent = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else str(body).encode("utf-8")
    except (UnicodeEncodeError, binascii.Error):
        raise MalformedRequest("not UTF-8") from None
    if len(sent) > MOST_BYTES:
        raise RequestTooLarge("longer than any form")
    return sent
