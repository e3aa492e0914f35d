"""The kinds of field that the contract has (text, time, day, reference, collar number …), each validated and described once.

Must not know any record, or put a value into an error: every reason is a fixed sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chalicelib.schemas.text import LONG, SHORT, clean

SKEW = timedelta(minutes=5)
"""How far the producer's clock may be ahead of ours."""
OLDEST_YEAR = 1880
"""No victim or offence of a live record is older; earlier dates are slips and placeholders."""
LATEST_YEAR = 2199
"""Keeps later arithmetic with planned dates inside what a date can hold."""
LONDON = ZoneInfo("Europe/London")
MAX_VERSION = 10**12
KEY_BYTES = 1000
"""An id becomes part of a table key, which holds 1,024 bytes."""

REFERENCE_PATTERN = r"^(?:[0-9]{11}|[0-9]{2}\*[0-9]{6})$"
COLLAR_PATTERN = r"^[A-Za-z0-9]{1,10}$"
HO_CODE_PATTERN = r"^[0-9]{3}/[0-9]{2}$"
TIME_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def fault(reason: str) -> PydanticCustomError:
    """An error whose message is safe to keep: `reason` must be one of our own sentences."""
    return PydanticCustomError("contract", "{reason}", {"reason": reason})


class Model(BaseModel):
    """Strict, immutable, deaf to fields that the contract does not name."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, hide_input_in_errors=True)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of `text` fits (`$` alone would let a final line break through)."""
    return re.fullmatch(pattern[1:-1], text) is not None


def _string(value: Any, reason: str = "must be text") -> str:
    if not isinstance(value, str):
        raise fault(reason)
    return value


def _text(limit: int) -> Callable[[Any], str]:
    def cleaned(value: Any) -> str:
        text = clean(_string(value))
        if len(text) > limit:
            raise fault(f"longer than {limit} characters")
        return text

    return cleaned


def _optional(limit: int) -> Callable[[Any], str | None]:
    cleaned = _text(limit)
    return lambda value: None if value is None else cleaned(value) or None


def _said(value: Any) -> str:
    text = _text(SHORT)(value)
    if not text:
        raise fault("must not be blank")
    return text


def _identifier(value: Any) -> str:
    text = _said(value)
    if len(text.encode()) > KEY_BYTES:
        raise fault(f"longer than {KEY_BYTES} bytes")
    return text


def _text_schema(limit: int, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "null"], "maxLength": limit, **more})


def _instant(value: Any) -> datetime:
    text = _string(value, "must be an ISO 8601 time with an offset")
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC) if matches(TIME_PATTERN, text) else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise fault("must be an ISO 8601 time with an offset")
    if moment.year < OLDEST_YEAR:
        raise fault(f"before {OLDEST_YEAR}")
    return moment


def _now(info: ValidationInfo) -> datetime:
    now: datetime = (info.context or {})["now"]
    return now


def _past(value: Any, info: ValidationInfo) -> datetime:
    moment = _instant(value)
    if moment > _now(info) + SKEW:
        raise fault("in the future")
    return moment


def _any_time(value: Any) -> datetime:
    moment = _instant(value)
    if moment.year > LATEST_YEAR:
        raise fault(f"after {LATEST_YEAR}")
    return moment


def _any_day(value: Any) -> date:
    text = _string(value, "must be a date YYYY-MM-DD")
    try:
        day = date.fromisoformat(text) if matches(DAY_PATTERN, text) else None
    except ValueError:
        day = None
    if day is None:
        raise fault("must be a date YYYY-MM-DD")
    if day.year < OLDEST_YEAR:
        raise fault(f"before {OLDEST_YEAR}")
    return day


def _birth(value: Any, info: ValidationInfo) -> date:
    day = _any_day(value)
    if day > _now(info).astimezone(LONDON).date():
        raise fault("in the future")
    return day


def _planned(value: Any) -> date:
    day = _any_day(value)
    if day.year > LATEST_YEAR:
        raise fault(f"after {LATEST_YEAR}")
    return day


def long_reference(text: str) -> str:
    """The eleven-digit form of either form: `26*712345` and `26000712345` are one occurrence."""
    return f"{text[:2]}000{text[3:]}" if "*" in text else text


def _reference(value: Any, info: ValidationInfo) -> str:
    text = _string(value, "must be 11 digits or YY*NNNNNN")
    if not matches(REFERENCE_PATTERN, text):
        raise fault("must be 11 digits or YY*NNNNNN")
    if int(text[:2]) > (_now(info) + SKEW).year % 100:
        raise fault("of a year to come")
    return long_reference(text)


def _linked(value: Any) -> str:
    text = _text(SHORT)(value)
    return long_reference(text) if matches(REFERENCE_PATTERN, text) else text


def _collar(value: Any) -> str:
    text = _string(value, "must be 1 to 10 letters and digits")
    if not matches(COLLAR_PATTERN, text):
        raise fault("must be 1 to 10 letters and digits")
    return text.upper()


def _optional_collar(value: Any) -> str | None:
    return None if value is None or value == "" else _collar(value)


def _ho_code(value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = _string(value, "must be NNN/NN")
    if not matches(HO_CODE_PATTERN, text):
        raise fault("must be NNN/NN")
    return text


def _offence_code(value: Any) -> str:
    return "".join(_text(SHORT)(value).split()).upper()


def _marker(value: Any) -> str:
    """A blank marker still holds: somebody marked something."""
    return _text(SHORT)(value) or "unnamed"


class Choice:
    """Marks an enum field: exactly one of the contract's words, never a number that happens to look like one."""

    def __init__(self, *, without: frozenset[StrEnum] = frozenset()) -> None:
        self._without = without

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words = core_schema.literal_schema([member.value for member in source if member not in self._without])
        plain = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_after_validator_function(source, words, serialization=plain)


class ChoiceOr(Choice):
    """A choice that means `otherwise` where nothing was said; saying it and saying nothing are the same content."""

    def __init__(self, otherwise: StrEnum) -> None:
        super().__init__()
        self._otherwise = otherwise

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        word = core_schema.nullable_schema(super().__get_pydantic_core_schema__(source, handler))
        plain = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_after_validator_function(self._or_otherwise, word, serialization=plain)

    def _or_otherwise(self, word: StrEnum | None) -> StrEnum:
        return self._otherwise if word is None else word


Word = TypeVar("Word", bound=str)


def _distinct(words: list[Word] | None) -> list[Word] | None:
    return None if words is None else sorted(set(words))


def _filled(texts: list[str] | None) -> list[str] | None:
    return None if texts is None else [text for text in texts if text]


CHOICE = Choice()
AS_SET = AfterValidator(_distinct)
"""For lists whose order and repetition mean nothing, so that they do not make another content."""
WITHOUT_BLANKS = AfterValidator(_filled)

Text = Annotated[str, PlainValidator(_text(SHORT)), WithJsonSchema({"type": "string", "maxLength": SHORT})]
OptionalText = Annotated[str | None, PlainValidator(_optional(SHORT)), _text_schema(SHORT)]
Summary = Annotated[str | None, PlainValidator(_optional(LONG)), _text_schema(LONG)]
_FILLED = WithJsonSchema({"type": "string", "minLength": 1, "maxLength": SHORT, "pattern": r"\S"})
FilledText = Annotated[str, PlainValidator(_said), _FILLED]
Identifier = Annotated[str, PlainValidator(_identifier), _FILLED]
Marker = Annotated[str, PlainValidator(_marker), WithJsonSchema({"type": "string", "maxLength": SHORT})]
_MOMENT = WithJsonSchema({"type": "string", "format": "date-time", "pattern": TIME_PATTERN})
PastTime = Annotated[datetime, BeforeValidator(_past), _MOMENT]
AnyTime = Annotated[datetime, BeforeValidator(_any_time), _MOMENT]
Day = Annotated[date, BeforeValidator(_any_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})]
BirthDay = Annotated[date, BeforeValidator(_birth), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})]
PlannedDay = Annotated[date, BeforeValidator(_planned), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})]
Reference = Annotated[str, PlainValidator(_reference), WithJsonSchema({"type": "string", "pattern": REFERENCE_PATTERN})]
LinkedReference = Annotated[str, PlainValidator(_linked), WithJsonSchema({"type": "string", "maxLength": SHORT})]
Collar = Annotated[str, PlainValidator(_collar), WithJsonSchema({"type": "string", "pattern": COLLAR_PATTERN})]
OptionalCollar = Annotated[
    str | None, PlainValidator(_optional_collar), WithJsonSchema({"type": ["string", "null"], "pattern": r"^(?:[A-Za-z0-9]{1,10})?$"})
]
HoCode = Annotated[
    str | None, PlainValidator(_ho_code), WithJsonSchema({"type": ["string", "null"], "pattern": r"^(?:[0-9]{3}/[0-9]{2})?$"})
]
OffenceCode = Annotated[str, PlainValidator(_offence_code), WithJsonSchema({"type": "string", "maxLength": SHORT})]
Version = Annotated[int, Field(ge=1, le=MAX_VERSION)]
EveryDays = Annotated[int, Field(ge=1, le=3650)]
