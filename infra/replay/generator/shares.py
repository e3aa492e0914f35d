"""The one table of every share that the replay draws from, each with its value and its source.

Must not decide what a share is used for. "[stated]" is an assumption of the project and says nothing about the force.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from infra.replay.generator import class_shares
from infra.replay.generator.delivery_shares import DELIVERY
from infra.replay.generator.duty_shares import DUTY
from infra.replay.generator.event_shares import KEY_EVENTS

_STATED = "[stated]"
TRUE, FALSE, NULL = "true", "false", "null"


class Share(NamedTuple):
    """A probability, or weights by outcome (they need not sum to one), and where it comes from."""

    value: float | Mapping[str, float]
    source: str


def _of(value: float | Mapping[str, float], source: str = _STATED) -> Share:
    return Share(value, source)


SHARES: Mapping[str, Share] = {
    # When
    "time.weekday": _of({"Mon": 14.0, "Tue": 13.8, "Wed": 13.8, "Thu": 13.9, "Fri": 14.9, "Sat": 15.1, "Sun": 14.5}),
    "time.hour": _of(dict(zip(map(str, range(24)), (3.0, 2.2, 1.7, 1.3, 1.0, 1.0, 1.3, 2.2, 3.8, 5.0, 5.4, 5.5, 5.4, 5.3, 5.4, 5.7, 5.9,
                                                    6.0, 5.9, 5.6, 5.2, 4.8, 4.3, 3.1), strict=True))),
    # The record
    "record.n100": _of(0.006, "[stated] share of violence and sexual offences recorded as N100; kind of record as in {HMI-N100}"),
    "record.n100_code": _of({"N100/1": 60, "N100/2": 30, "N100/3": 10}, "[stated]; sub-codes of {N100-R}"),
    "record.second_offence": _of(0.02),
    "record.blank_class": _of(0.005), "record.unknown_class": _of(0.003),
    "record.stats_code": _of(0.9, "[stated] where the class has one in this table"),
    "record.conflicting_stats_code": _of(0.001),
    "record.incident_with_offence": _of(0.03),
    "record.status": _of({"open": 88.0, "closed": 9.8, "cancelled": 1.2, "transferred": 1.0}),
    "record.status_elsewhere": _of({"open": 45, "closed": 5, "transferred": 50}, "[stated] place outside the force's own districts"),
    "record.source_person": _of({"101": 34, "999": 28, "online": 12, "officer": 9, "counter": 3, "third_party": 8, "professional": 6}),
    "record.source_property": _of({"101": 43, "999": 13, "online": 30, "officer": 6, "counter": 4, "third_party": 3, "professional": 1}),
    "record.short_reference": _of(0.05, "[stated]; both shapes are quoted by the force {DT23} {DT24}"),
    "record.written_short": _of(0.5, "[stated] of those that can be written YY*NNNNNN"),
    "record.no_occurred": _of(0.03), "record.no_location": _of(0.01),
    "record.sparse": _of(0.05, "[stated] written without the fields that are null; absent means null in the contract"),
    "record.extra_fields": _of(0.02, "[stated] with fields that the contract does not know, and ignores"),
    "record.eventbridge": _of(0.02, "[stated]; both forms are in the contract"),
    "record.time_written": _of({"utc": 80, "zulu": 10, "local": 10}, "[stated]; any offset is in the contract"),
    # Signs
    "flag.domestic_null": _of(0.02), "flag.hate": _of(0.015, "[stated] of offences against a person, beside the aggravated classes"),
    "flag.hate_null": _of(0.02), "flag.stalking": _of({"8Q": 1.0, "8L": 0.9, "8M": 0.9, "8R": 0.35}), "flag.stalking_otherwise": _of(0.004),
    "flag.stalking_null": _of(0.015), "flag.safeguarding": _of(0.01), "flag.safeguarding_domestic": _of(0.2),
    "flag.safeguarding_child": _of(0.3), "flag.safeguarding_null": _of(0.02),
    "marker.domestic": _of({"": 72, "doma_form": 14, "same_address": 6, "strangulation": 3, "protective_order": 3, "honour_based_abuse": 1,
                            "forced_marriage": 0.3, "private_images": 0.7}),
    "marker.otherwise": _of({"": 98.9, "exploitation": 0.3, "protective_order": 0.2, "private_images": 0.1, "terrorism": 0.02, "fgm": 0.02,
                             "same_address": 0.16, "warning on file, see log": 0.3}),
    "marker.null": _of(0.02),
    "record.restricted": _of({FALSE: 97.6, TRUE: 0.4, NULL: 2.0}),
    "dash.domestic": _of({"standard": 46, "medium": 31, "high": 12, "null": 11}, "[stated]; grades of {CC 3.14}"),
    "dash.otherwise": _of(0.001, "[stated] a DASH although the flag says no"),
    "relationship.domestic": _of({"ex_partner": 38, "partner": 30, "family": 24, "household": 3, "unknown": 2, "null": 3}),
    "relationship.person": _of({"stranger": 44, "acquaintance": 39, "professional": 4, "unknown": 6, "null": 5, "family": 1,
                               "ex_partner": 1}),
    "relationship.property": _of({"stranger": 38, "unknown": 42, "null": 14, "acquaintance": 5.5, "family": 0.3, "household": 0.2}),
    # Who
    "victim.child_otherwise": _of(0.015), "victim.no_birth_date": _of(0.04), "victim.deceased": _of(0.0005),
    "victim.deceased_fatal": _of(0.95, "[stated] of classes that are a death"), "victim.constable": _of(0.95, "[stated] of 104A and 8S"),
    "victim.represented_child": _of(0.78), "victim.represented_adult": _of(0.01), "victim.bereaved": _of(0.8, "[stated] of the deceased"),
    "representative.linked": _of({FALSE: 80, NULL: 15, TRUE: 5}), "representative.linked_domestic": _of({FALSE: 45, NULL: 25, TRUE: 30}),
    "representative.child": _of({"parent": 90, "guardian": 10}), "representative.adult": _of({"nominated": 75, "family_spokesperson": 25}),
    "representative.same_home": _of(0.8, "[stated]; the others live elsewhere and have another family name"),
    "business.named_contact": _of(0.45, "[stated]; services only with a named contact {PDFSLIDE}"),
    "person.language": _of({"en": 95.1, "pl": 1.1, "ro": 0.8, "pa": 0.5, "ur": 0.5, "sk": 0.3, "ar": 0.3, "": 1.4},
                           "Polish, Romanian, Panjabi, Urdu: England and Wales 2021 {LONDRA}; the others [stated]"),
    "person.language_by_name": _of(0.1), "person.own_script": _of(0.25, "[stated] of names in another language"),
    "person.needs": _of({"": 97.6, "large_print": 0.7, "does_not_read": 0.5, "easy_read": 0.4, "text_relay": 0.2, "bsl": 0.15,
                         "braille": 0.05, "interpreter": 0.4}, "[stated]; the kinds of need are the contract's"),
    "person.interpreter": _of(0.6, "[stated] of those whose language is not English"),
    "person.again": _of(0.10, "[stated] victim met before in the run: at most four occurrences each"),
    "person.again_domestic": _of(0.20, "[stated]; repeat victims are commoner in domestic abuse"),
    "person.linked": _of(0.4, "[stated] of repeat victims: the two records name each other"),
    "person.no_ref": _of(0.05), "person.household": _of(0.25, "[stated] of further victims of one occurrence"),
    "household.shared": _of({"": 60, "email": 20, "mobile": 20}),
    # How they are reached
    "point.email": _of(0.86), "point.email_unusable": _of(0.012), "point.no_means": _of(0.02),
    "point.mobile": _of(0.93, "[stated]; but of Ofcom's 1,000 drama numbers 57 are the console's examples': at most 943 people "
                              "have one in a run (six numbers behave specially), first those who prefer text messages"),
    "point.mobile_unusable": _of(0.006, "[stated] of those without a fictional number"),
    "point.mobile_written": _of({"+44": 80, "0": 10, "spaced": 10}),
    "point.landline": _of(0.10), "point.landline_only": _of(0.02),
    "point.no_address": _of(0.03),
    "point.mailbox": _of({"": 93.5, "bounce": 5, "suppressionlist": 0.5, "complaint": 1},
                         "[stated] of people met once and never referred: two messages that a refusal would touch never race"),
    "preferred": _of({"email": 54, "sms": 24, "phone": 13, "letter": 4, "null": 5}),
    "safety": _of({"confirmed": 64, "null": 24, "no_date": 4, "stale": 3.5, "none_safe": 1.5, "do_not_contact": 1, "channels_null": 2}),
    "safety.domestic": _of({"confirmed": 66, "null": 14, "no_date": 4, "stale": 3, "none_safe": 6, "do_not_contact": 5,
                            "channels_null": 2}),
    "safety.email": _of(0.95), "safety.sms": _of(0.92), "safety.letter": _of(0.7), "safety.phone": _of(0.8),
    "safety.hours": _of({"": 97.0, "09:00-17:00": 1.4, "18:00-22:00": 0.6, "21:00-23:30": 0.3, "when the children are at school": 0.7}),
    "safety.not_police": _of(0.004), "safety.name": _of(0.004), "safety.voicemail": _of({NULL: 60, TRUE: 25, FALSE: 15}),
    # What they asked for and have
    "opt_out": _of({FALSE: 80, TRUE: 8, NULL: 12}),
    "consent.domestic": _of({TRUE: 38, FALSE: 27, NULL: 35}), "consent.otherwise": _of({NULL: 97, TRUE: 2, FALSE: 1}),
    "enhanced": _of({"not_assessed": 25, FALSE: 69, TRUE: 6}),
    "enhanced.likely": _of({"not_assessed": 12, FALSE: 3, TRUE: 85},
                          "[stated]; under 18 and domestic abuse {NOTTS-ENH}, sexual and hate {HBEACON}"),
    "requests": _of(0.02), "acknowledged": _of(0.08),
    "agreement": _of(0.512, "51.2% expected an update {CC 4.9}"),
    "agreement.days": _of({"10": 62, "7": 6, "14": 14, "28": 12, NULL: 6},
                         "[stated]; every ten days is the force's guidance {PCC}"),
    "agreement.declined": _of(0.05),
    # Officers
    "officer.missing": _of(0.05), "officer.no_email": _of(0.03), "supervisor.missing": _of(0.06),
    "directory.inactive": _of(0.02), "directory.absent": _of(0.05), "directory.cover": _of(0.5), "directory.no_email": _of(0.02),
    "directory.no_supervisor": _of(0.02), "directory.twice": _of(0.03), "directory.malformed": _of(0.01),
    **{name: Share(*share) for name, share in {**DELIVERY, **DUTY, **KEY_EVENTS}.items()},
}  # fmt: skip


def chance(rng: Random, name: str) -> bool:
    """Whether something of this probability happens."""
    value = SHARES[name].value
    assert isinstance(value, float), name  # noqa: S101
    return rng.random() < value


def weights(name: str) -> Mapping[str, float]:
    """Weight by outcome."""
    value = SHARES[name].value
    assert isinstance(value, Mapping), name  # noqa: S101
    return value


def draw(rng: Random, name: str) -> str:
    """One of the outcomes, by weight."""
    outcomes, cumulative = _cumulative(name)
    return rng.choices(outcomes, cum_weights=cumulative)[0]


@cache
def _cumulative(name: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    by_outcome = weights(name)
    return tuple(by_outcome), tuple(accumulate(by_outcome.values()))


def maybe(rng: Random, name: str) -> str | None:
    """One of the outcomes, None for "null"."""
    found = draw(rng, name)
    return None if found == NULL else found


def answer(rng: Random, name: str) -> bool | None:
    """True, false or not known."""
    return {TRUE: True, FALSE: False}.get(draw(rng, name))


def table() -> list[tuple[str, object, str]]:
    """Every share of the replay: name, value, source."""
    own = [(name, dict(share.value) if isinstance(share.value, Mapping) else share.value, share.source) for name, share in SHARES.items()]
    return [*class_shares.table(), *own]
