"""Parses one message of the records queue into a domain object, or into the faults for which it goes to quarantine.

Must not decide anything about a victim, keep a value of a rejected body, or raise for any body whatever.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from chalicelib.domain import model as domain
from chalicelib.domain.events import Event
from chalicelib.schemas.bodies import Body, Fault, Object, read_body
from chalicelib.schemas.events import MESSAGES as EVENTS
from chalicelib.schemas.events import EventMessage
from chalicelib.schemas.fields import MAX_VERSION, REFERENCE_PATTERN, long_reference, matches
from chalicelib.schemas.occurrences import OccurrenceMessage
from chalicelib.schemas.officers import OfficerMessage
from chalicelib.schemas.text import SHORT, clean

CONTRACT = "kept-informed/records/v1"
MAX_FAULTS = 100
"""A broken export can have thousands; the first hundred tell its engineer enough."""
MAX_PEOPLE = 20
"""What a hold writes is one transaction; no crime is known to have more victims than a few."""

_AFTER_EVERYTHING = datetime(2199, 12, 31, tzinfo=UTC)

_CONTENT_KEYS = {
    "occurrence": "occurrence",
    "officer": "officer",
    "investigation_event": "event",
    "contact_recorded": "contact",
    "agreement_changed": "change",
    "task_done": "done",
    "hold_released": "release",
    "review": "review",
    "letter_returned": "letter",
}
"""Every kind of the contract, and the key that holds its content."""
Message = OccurrenceMessage | OfficerMessage | EventMessage
_MODELS: dict[str, type[Message]] = {"occurrence": OccurrenceMessage, "officer": OfficerMessage, **EVENTS}

_REASONS = {
    "bool_type": "must be true, false or null",
    "int_type": "must be a whole number",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "missing": "missing",
}
"""Pydantic's error types in our words: its own messages can quote the input."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A valid message. Exactly one of `occurrence`, `officer` and `event` is there, as `kind` says.

    `content_hash` is the SHA-256 of the normalised content, summary included, message id and sending time excluded: two deliveries of
    one version, or of one event, are equal whatever envelope they came in. `canonical` is the whole message for the records archive:
    contract-shaped, known fields only, without the summary, with the eleven-digit reference.
    """

    kind: str
    message_id: str
    sent_at: datetime
    occurrence: domain.Occurrence | None
    officer: domain.DirectoryOfficer | None
    event: Event | None
    content_hash: str
    canonical: str

    @property
    def reference(self) -> str | None:
        """The occurrence that it is about; None for an officer."""
        about = self.occurrence or self.event
        return about.reference if about else None

    @property
    def people(self) -> tuple[str, ...]:
        """As of `Rejected`: for a version that contradicts the one that stands."""
        victims = self.occurrence.victims if self.occurrence else ()
        return tuple(islice(dict.fromkeys(victim.person_ref for victim in victims if victim.person_ref), MAX_PEOPLE))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A malformed message: its faults (never a value), and what could still be read of it.

    `reference` (eleven digits) is what must be held; `version` and `kind` (of the contract's kinds) are for the person who looks; `people`
    are the records system's numbers of whom it names.
    """

    faults: tuple[Fault, ...]
    reference: str | None = None
    version: int | None = None
    kind: str | None = None
    people: tuple[str, ...] = ()


def parse_record(body: str | bytes, *, now: datetime, allow_reserved: bool) -> Parsed | Rejected:
    """Judge one message body as it came from the queue, bare or in an EventBridge envelope.

    `now` decides what lies in the future; `allow_reserved` (true everywhere but in prod) makes fictional numbers and reserved mail
    domains usable. Source: the records contract, docs/records-contract.md.
    """
    read = read_body(body, _KNOWN)
    if isinstance(read, Fault):
        return Rejected((read,))
    model = _MODELS.get(_kind(read.content) or "")
    if model is None:
        return _rejected(read, [*_contract_faults(read.content), _kind_fault(read.content)])
    try:
        message = model.model_validate(read.content, context={"now": now})
    except ValidationError as error:
        return _rejected(read, list(_faults(error)))
    key = _CONTENT_KEYS[message.kind]
    contradictions = [Fault(f"{key}.{path}", reason) for path, reason in message.content.contradictions()]
    if contradictions or read.faults:
        return _rejected(read, contradictions)
    return _parsed(message, allow_reserved=allow_reserved)


def parse_archived(canonical: str, *, allow_reserved: bool) -> Parsed | Rejected:
    """A message accepted before, from the records archive. It is not judged against the clock again, which may move back in rehearsals.

    Its `content_hash` is not the archived version's own, since the archive holds no summary.
    """
    return parse_record(canonical, now=_AFTER_EVERYTHING, allow_reserved=allow_reserved)


def _parsed(message: Message, *, allow_reserved: bool) -> Parsed:
    whole = message.model_dump(mode="json")
    content = whole[_CONTENT_KEYS[message.kind]]
    occurrence = officer = event = None
    if isinstance(message, OccurrenceMessage):
        fingerprint = _hash(content)
        occurrence = message.occurrence.to_domain(allow_reserved=allow_reserved)
    elif isinstance(message, OfficerMessage):
        fingerprint = _hash(content)
        officer = message.officer.to_domain(allow_reserved=allow_reserved)
    else:
        fingerprint = _hash(content | {"kind": message.kind})  # one id in two kinds is a contradiction, though the fields be equal
        event = message.content.to_domain()
    content.pop("summary", None)
    return Parsed(message.kind, message.message_id, message.sent_at, occurrence, officer, event, fingerprint, _canonical(whole))


def _hash(content: Object) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Object) -> str:
    return json.dumps(_without_nulls(content), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _without_nulls(node: Any, *, keep: bool = False) -> Any:
    """Absent means null, so that a field added to the contract later does not change the hash of what came before; flags stay whole."""
    if isinstance(node, dict):
        return {key: _without_nulls(value, keep=key == "flags") for key, value in node.items() if keep or value is not None}
    return [_without_nulls(value) for value in node] if isinstance(node, list) else node


def _kind(content: Object) -> str | None:
    """The body's kind, if it is one of the contract's."""
    kind = content.get("kind")
    return kind if isinstance(kind, str) and kind in _CONTENT_KEYS else None


def _kind_fault(content: Object) -> Fault:
    return Fault("kind", "missing" if content.get("kind") is None else "unknown kind")


def _contract_faults(content: Object) -> Iterator[Fault]:
    if content.get("contract") is None:
        yield Fault("contract", "missing")
    elif content["contract"] != CONTRACT:
        yield Fault("contract", f"must be '{CONTRACT}'")


def _faults(error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found["loc"]).lstrip(".")
        yield Fault(path, _reason(found["type"], found["input"], found.get("ctx", {})))


def _reason(kind: str, given: Any, context: dict[str, Any]) -> str:
    if given is None:
        return "missing"
    if kind == "contract":
        return str(context["reason"])
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return _REASONS.get(kind, "malformed")


def _rejected(read: Body, faults: list[Fault]) -> Rejected:
    """One fault a path, the body's contradictions first, at most `MAX_FAULTS`."""
    by_path: dict[str, Fault] = {}
    for fault in [*read.faults, *faults]:
        by_path.setdefault(fault.path, fault)
    listed = tuple(by_path.values())
    if len(listed) > MAX_FAULTS:
        listed = (*listed[:MAX_FAULTS], Fault("", "more faults are not listed"))
    content = read.content
    return Rejected(listed, _readable_reference(content), _readable_version(content), _kind(content), tuple(_readable_people(content)))


def _contents(content: Object) -> Iterator[Object]:
    """Where a reference may stand, likeliest first: under the kind's own key, under another kind's, beside the envelope."""
    own = _CONTENT_KEYS.get(_kind(content) or "")
    for key in dict.fromkeys([own, *_CONTENT_KEYS.values()]):
        inner = content.get(key) if key else None
        if isinstance(inner, dict):
            yield inner
    yield content


def _readable_reference(content: Object) -> str | None:
    """The first reference that can be read, more kindly than it is validated: holding too much is safe, missing one is not."""
    for inner in _contents(content):
        given = inner.get("reference")
        text = str(given) if isinstance(given, str | int) else ""
        tidy = re.sub(r"[^0-9*]", "", unicodedata.normalize("NFKC", text[:100]))
        if matches(REFERENCE_PATTERN, tidy):
            return long_reference(tidy)
    return None


def _readable_version(content: Object) -> int | None:
    for inner in _contents(content):
        version = inner.get("version")
        if type(version) is int and 1 <= version <= MAX_VERSION:
            return version
    return None


def _readable_people(content: Object) -> Iterator[str]:
    """Whom it names, at most MAX_PEOPLE: what shows them a page of their own has to know that something of theirs cannot be read."""
    victims = (victim for inner in _contents(content) if isinstance(inner.get("victims"), list) for victim in inner["victims"])
    given = (victim.get("person_ref") for victim in victims if isinstance(victim, dict))
    tidy = (clean(str(ref)[:SHORT]) for ref in given if isinstance(ref, str | int))
    yield from islice(dict.fromkeys(ref for ref in tidy if ref), MAX_PEOPLE)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for inner in _models_in(field.annotation):
            yield from _names(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


_KNOWN = frozenset(name for model in _MODELS.values() for name in _names(model)) | frozenset(_CONTENT_KEYS.values())
"""The only names that a path may hold: a field of the body that we do not know could itself be somebody's name."""
