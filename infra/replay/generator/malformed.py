"""Breaks a good message in one of the stated ways, each of which the contract calls malformed.

Must not break the reference into that of another occurrence.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from infra.replay.generator.messages import written
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.times import iso

Record = dict[str, Any]

_REQUIRED = ("status", "record_type", "reported_at", "recorded_at", "source", "offences", "flags", "victims", "version")
_WORDS_OF_THE_RECORD = {"status": "opened", "record_type": "Crime", "source": "phone", "dash_risk": "med"}
_WORDS_OF_A_VICTIM = {
    "kind": "human",
    "preferred_channel": "e-mail",
    "relationship_to_suspect": "husband",
    "communication_needs": ["glasses"],
    "deceased": "N",
    "referral_opt_out": "yes",
}
_NEED_A_VICTIM = frozenset({"bad_birth_date", "victim_twice"})


def broken(rng: Random, good: Record) -> str:
    """The body of a broken copy of `good`, a whole message of kind occurrence."""
    inner = good["occurrence"]
    kind = draw(rng, "malformed.kind")
    if (kind in _NEED_A_VICTIM and not inner["victims"]) or (kind == "no_offence" and inner["record_type"] == "incident"):
        kind = "missing_field"
    return broken_in(rng, good, kind)


def broken_in(rng: Random, good: Record, kind: str) -> str:
    """The body of a copy broken in this way, one of `KINDS`; some need a victim, or an occurrence that is no incident."""
    message = copy.deepcopy(good)
    if kind in _TEXTS:
        return _TEXTS[kind](message)
    _CHANGES[kind](rng, message, message["occurrence"])
    return written(message)


def _not_json(message: Record) -> str:
    body = written(message)
    return body[: len(body) // 2]


def _key_twice(message: Record) -> str:
    return written(message).replace('"status": ', '"status": "open", "status": ', 1)


def _not_a_number(message: Record) -> str:
    return written(message).replace('"version": ', '"version": NaN, "was_version": ', 1)


def _missing_field(rng: Random, _: Record, inner: Record) -> None:
    del inner[rng.choice(_REQUIRED)]


def _wrong_word(rng: Random, _: Record, inner: Record) -> None:
    if inner["victims"] and chance(rng, "malformed.word_of_victim"):
        inner["victims"][0] |= dict([rng.choice(list(_WORDS_OF_A_VICTIM.items()))])
    else:
        inner |= dict([rng.choice(list(_WORDS_OF_THE_RECORD.items()))])


def _moved(inner: Record, name: str, **later: float) -> str:
    return iso(datetime.fromisoformat(inner[name]) + timedelta(**later))


def _backwards(_: Random, __: Record, inner: Record) -> None:
    inner["occurred_from"], inner["occurred_to"] = _moved(inner, "reported_at", hours=-1), _moved(inner, "reported_at", hours=-2)


def _in_the_future(_: Random, __: Record, inner: Record) -> None:
    inner["recorded_at"] = _moved(inner, "recorded_at", days=400)


def _victim_twice(_: Random, __: Record, inner: Record) -> None:
    inner["victims"].append(copy.deepcopy(inner["victims"][0]))


def _no_offset(_: Random, __: Record, inner: Record) -> None:
    inner["reported_at"] = inner["reported_at"][:19]


_TEXTS: dict[str, Callable[[Record], str]] = {
    "not_json": _not_json,
    "not_an_object": lambda message: written([message]),
    "key_twice": _key_twice,
    "not_a_number": _not_a_number,
}
_CHANGES: dict[str, Callable[[Random, Record, Record], None]] = {
    "wrong_contract": lambda _, message, __: message.update(contract="kept-informed/records/v2"),
    "missing_contract": lambda _, message, __: message.pop("contract"),
    "unknown_kind": lambda _, message, __: message.update(kind="occurence"),
    "missing_field": _missing_field,
    "missing_reference": lambda _, __, inner: inner.pop("reference"),
    "short_reference": lambda _, __, inner: inner.update(reference=inner["reference"].replace("*", "000")[:10]),
    "future_year_reference": lambda _, __, inner: inner.update(reference="99" + inner["reference"][2:]),
    "wrong_word": _wrong_word,
    "missing_flag": lambda rng, _, inner: inner["flags"].pop(rng.choice(sorted(inner["flags"]))),
    "word_for_flag": lambda rng, _, inner: inner["flags"].update({rng.choice(sorted(inner["flags"])): rng.choice(("Y", "false", 0))}),
    "recorded_before_reported": lambda _, __, inner: inner.update(recorded_at=_moved(inner, "reported_at", minutes=-5)),
    "in_the_future": _in_the_future,
    "offence_after_report": lambda _, __, inner: inner.update(occurred_from=None, occurred_to=_moved(inner, "reported_at", hours=1)),
    "offence_backwards": _backwards,
    "bad_birth_date": lambda rng, _, inner: inner["victims"][0].update(date_of_birth=rng.choice(("31/02/1990", "1990-02-31", "unknown"))),
    "no_offset": _no_offset,
    "text_for_number": lambda _, __, inner: inner.update(version=str(inner["version"])),
    "no_offence": lambda _, __, inner: inner.update(offences=[]),
    "victim_twice": _victim_twice,
    "too_long": lambda _, __, inner: inner.update(summary="x" * 20_001),
}
KINDS = (*_TEXTS, *_CHANGES)
"""Every way, as the table of shares names them."""
