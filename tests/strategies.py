"""Hypothesis strategies of what a records system may send: victims, occurrences and versions, as contract records.

Most draws are ordinary records with a few things out of the ordinary, so that the automatic way is walked as often as every hold.
Must not decide, import a service, or draw anything but fictional people.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.model import Occurrence
from tests import builders
from tests.builders import NOW, Record, representative
from tests.domain_builders import codes, parsed

REFERENCES = ("26000712345", "26000700001", "26000700002")
UNLINKED, LINKED, NOT_KNOWN = (representative(linked_to_suspect=linked) for linked in (False, True, None))
LONG_AGO = builders.iso(NOW - timedelta(days=91))

VICTIM_ODDITIES: dict[str, list[Any]] = {
    "kind": ["business", "police_officer"],
    "person_ref": [None],
    "date_of_birth": [None, "2014-05-05", "2008-11-21", "2008-11-20"],
    "deceased": [True, None],
    "email": [None, "not an address"],
    "mobile": [None, "12"],
    "address": [None, ["1 Wood Street"]],
    "preferred_channel": ["sms", "letter", "phone", None],
    "language": ["pl", "en-GB", None],
    "communication_needs": [["interpreter"], ["large_print"], ["text_relay"], ["bsl", "braille"]],
    "enhanced": [None],
    "contact_safety": [
        None,
        *[
            builders.contact_safety(**odd)
            for odd in (
                {"safe_channels": []},
                {"safe_channels": None},
                {"safe_channels": ["letter"]},
                {"safe_channels": ["sms"]},
                {"safe_channels": ["phone"]},
                {"safe_channels": ["email", "sms", "letter", "phone"]},
                {"confirmed_at": None},
                {"confirmed_at": LONG_AGO},
                {"do_not_contact": True},
                {"may_say_police": False},
                {"safe_hours": "09:00-12:00"},
                {"safe_hours": "after school"},
                {"safe_hours": "22:00-23:00"},
            )
        ],
    ],
    "relationship_to_suspect": [None, "unknown", "partner", "ex_partner", "family", "household", "acquaintance", "professional"],
    "referral_opt_out": [True, None],
    "support_consent": [True, False],
    "representative": [UNLINKED, LINKED, NOT_KNOWN, representative(relationship="bereaved_relative")],
    "written_acknowledgement": [{"given_at": builders.iso(NOW - timedelta(minutes=20)), "method": "by hand"}],
    "update_agreement": [None, builders.update_agreement(declined=True), builders.update_agreement(every_days=None, method=None)],
}
"""What may be out of the ordinary about a victim, by the contract's field names."""

OCCURRENCE_ODDITIES: dict[str, list[Any]] = {
    "status": ["closed", "cancelled", "transferred"],
    "record_type": ["incident", "n100"],
    "source": ["999", "online", "counter", "officer", "third_party", "professional"],
    "offences": [
        codes(*pairs)
        for pairs in (
            ("8N",),
            ("105A",),
            ("34A",),
            ("8P", "28E"),
            ("45", "46"),
            ("19C",),
            ("8Q",),
            ("8U",),
            ("1",),
            ("",),
            ("ZZ9",),
            ("28E", ""),
            ("28E 019/07",),
            ("49 008/30",),
            ("N100/1",),
        )
    ],
    "flags": [{name: value} for name in builders.NO_FLAGS for value in (True, None)],
    "markers": [["doma_form"], ["terrorism"], ["another text", "same_address"]],
    "restricted": [True, None],
    "dash_risk": ["high", "medium", "standard"],
    "location": [None, {"text": None, "district": "Derby"}, {"text": None, "district": "a farm near Alex Morgan"}],
    "officer": [None, builders.officer_named("2345", email=None, name=None)],
}
"""What may be out of the ordinary about an occurrence, by the contract's field names."""


def _oddities(table: dict[str, list[Any]], most: int) -> st.SearchStrategy[Record]:
    """At most `most` fields of the table, each with one of its values."""
    pairs = st.one_of([st.tuples(st.just(name), st.sampled_from(values)) for name, values in table.items()])
    return st.lists(pairs, max_size=most).map(dict)


def victims(victim_id: str = "V1", *, most: int = 3) -> st.SearchStrategy[Record]:
    """A victim of the contract with at most `most` things out of the ordinary."""
    return _oddities(VICTIM_ODDITIES, most).map(lambda odd: _victim(victim_id, odd))


def _victim(victim_id: str, odd: Record) -> Record:
    if odd.get("kind") == "business":
        return builders.business(victim_id, **{"contact_name": "Charlie Stone"} | odd)
    return builders.victim(victim_id, **odd)


def records(
    *, reference: str = REFERENCES[0], version: int = 1, most: int = 2, ids: tuple[str, ...] = ("V1", "V2"), least: int = 1
) -> st.SearchStrategy[Record]:
    """A whole message of kind `occurrence` with `least` or more of the victims `ids`."""
    named = st.sets(st.sampled_from(ids), min_size=least).flatmap(lambda some: st.tuples(*[victims(key) for key in sorted(some)]))
    return st.builds(lambda odd, people: _record(reference, version, odd, people), _oddities(OCCURRENCE_ODDITIES, most), named)


def _record(reference: str, version: int, odd: Record, people: tuple[Record, ...]) -> Record:
    return builders.occurrence_record(
        reference=reference, version=version, message_id=f"m-{reference}-{version}", **odd | {"victims": list(people)}
    )


def versions(*, reference: str = REFERENCES[0], most: int = 4, ids: tuple[str, ...] = ("V1", "V2")) -> st.SearchStrategy[list[Record]]:
    """Distinct versions 1..n of one occurrence, in order; a victim may be absent from some."""
    drawn = [records(reference=reference, version=number, ids=ids, least=0) for number in range(1, most + 1)]
    return st.integers(1, most).flatmap(lambda count: st.tuples(*drawn[:count]).map(list))


def deliveries(*, reference: str = REFERENCES[0], most: int = 3, ids: tuple[str, ...] = ("V1", "V2")) -> st.SearchStrategy[list[Record]]:
    """Versions of one occurrence in any order, each at least once, some more often."""

    def shuffled(of: list[Record]) -> st.SearchStrategy[list[Record]]:
        again = st.lists(st.sampled_from(of), max_size=2)
        return again.flatmap(lambda more: st.permutations(of + more))

    return versions(reference=reference, most=most, ids=ids).flatmap(shuffled)


def occurrences(**how: Any) -> st.SearchStrategy[Occurrence]:
    """A parsed occurrence; arguments as for `records`."""
    return records(**how).map(parsed)
