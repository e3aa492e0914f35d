"""Hypothesis strategies of contract records: a plain burglary with a few deviations, so that most cases are nearly automatic.

Must not import the product. Everything is drawn from small pools, so that persons and addresses meet again in other occurrences.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.builders import NOW, Record, contact_safety, iso, occurrence_record, representative, update_agreement, victim

HUNT = int(os.environ.get("KI_EXAMPLES", "0"))
"""Examples of each property while hunting by hand; the suite itself draws a few, always the same."""


def modest(examples: int) -> settings:
    return settings(
        max_examples=HUNT or examples,
        derandomize=not HUNT,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


REFERENCES = ("26000712345", "26000712346", "26000712347")
IDS = ("V1", "V2", "V3")
EMAILS = ("alex.morgan@example.org", "alex.morgan.2@example.org", "shared@example.org", None, "not an address")
MOBILES = ("+447700900123", "+447700900124", None)
PAPER = {"given_at": iso(NOW.replace(minute=15)), "method": "paper"}

SAFETY: tuple[Any, ...] = (
    None,
    contact_safety(safe_channels=[]),
    contact_safety(safe_channels=["sms"]),
    contact_safety(safe_channels=["sms", "letter"]),
    contact_safety(safe_channels=["letter"]),
    contact_safety(safe_channels=["email", "sms", "letter"]),
    contact_safety(do_not_contact=True),
    contact_safety(confirmed_at=None),
    contact_safety(confirmed_at="2026-07-01T10:00:00+00:00"),
    contact_safety(may_say_police=False),
    contact_safety(safe_hours="10:45-17:00"),
    contact_safety(safe_hours="whenever"),
)

OF_A_VICTIM: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("person_ref", ("N123456", "N123457", None)),
    ("kind", ("police_officer",)),
    ("given_name", ("Alexandra", None)),
    ("date_of_birth", (None, "2014-03-01")),
    ("deceased", (True, None)),
    ("email", EMAILS),
    ("mobile", MOBILES),
    ("preferred_channel", ("sms", "letter", "phone", None)),
    ("language", ("pl", None)),
    ("communication_needs", (["bsl"], ["large_print"])),
    ("contact_safety", SAFETY),
    ("relationship_to_suspect", ("partner", "family", "unknown", None, "acquaintance")),
    ("referral_opt_out", (True, None)),
    ("support_consent", (True, False)),
    (
        "representative",
        (
            representative(),
            representative(linked_to_suspect=True),
            representative(linked_to_suspect=None),
            representative(relationship="bereaved_relative"),
            representative(email="shared@example.org"),
        ),
    ),
    ("written_acknowledgement", (PAPER,)),
    ("update_agreement", (None, update_agreement(every_days=None), update_agreement(declined=True))),
)

OF_AN_OCCURRENCE: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("status", ("closed", "cancelled", "transferred")),
    ("record_type", ("n100",)),
    ("*", ({"record_type": "incident", "offences": []},)),
    ("reported_at", (iso(NOW.replace(hour=9, minute=50)),)),
    ("source", ("third_party", "professional", "999", "online")),
    ("offences", ([{"code": "8N"}], [{"code": ""}], [{"code": "19C"}], [{"code": "8U"}], [{"code": "58A"}, {"code": "8Q"}])),
    ("flags", tuple({name: value} for name in ("domestic_abuse", "stalking_harassment", "safeguarding") for value in (True, None))),
    ("markers", (["fgm"], ["something local"])),
    ("restricted", (True,)),
    ("dash_risk", ("high", "standard")),
    ("linked_references", (list(REFERENCES[:2]), list(REFERENCES))),
    ("location", ({"text": "Wood Street", "district": "Derby"}, None)),
)


def deviations(pool: tuple[tuple[str, tuple[Any, ...]], ...], most: int) -> st.SearchStrategy[Record]:
    """A few fields that differ from a plain record; several that belong together stand under "*"."""
    one = st.sampled_from(pool).flatmap(lambda row: st.tuples(st.just(row[0]), st.sampled_from(row[1])))
    return st.lists(one, max_size=most).map(_merged)


def _merged(drawn: list[tuple[str, Any]]) -> Record:
    fields = dict(drawn)
    return {key: value for key, value in fields.items() if key != "*"} | fields.get("*", {})


class Told(NamedTuple):
    """One version by what is out of the ordinary in it: short to read when a property fails."""

    reference: str
    version: int
    facts: Record
    victims: tuple[tuple[str, Record], ...]

    @property
    def record(self) -> Record:
        people = [victim(key, **fields) for key, fields in self.victims]
        return occurrence_record(reference=self.reference, version=self.version, victims=people, **self.facts)


@st.composite
def versions(draw: st.DrawFn, number: int, reference: str = REFERENCES[0]) -> Told:
    """One version of an occurrence."""
    ids = sorted(draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True)))
    people = tuple((key, draw(st.one_of(st.just({}), st.just({}), deviations(OF_A_VICTIM, 2)))) for key in ids)
    plain = st.sampled_from(({}, {}, {"linked_references": list(REFERENCES)}))
    return Told(reference, number, draw(st.one_of(plain, plain, deviations(OF_AN_OCCURRENCE, 2))), people)


@st.composite
def histories(draw: st.DrawFn, most: int = 4, reference: str = REFERENCES[0]) -> list[Told]:
    """Distinct versions of one occurrence, in order."""
    return [draw(versions(number, reference)) for number in range(1, draw(st.integers(1, most)) + 1)]
