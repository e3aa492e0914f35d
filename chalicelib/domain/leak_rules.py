"""The leak check's own reading of who may be told automatically: signs of specialist and doubtful cases, from raw contract records.

It must not import, copy or be adjusted to the routing rules: it is written apart from them, so that a mistake there shows here. It decides
nothing and sends nothing, and a sign's reason names fields and rules, never values.

Sources: the records contract; DOMAIN.md B1 (the force's own rule) and B2 (classes); the Home Office list of classes of 2017-18.
Whatever is not on the allow-list below, or is null or malformed where something is needed, counts as doubtful.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from chalicelib.domain.leak_values import day, fold, items, mapping, moment

LONDON = ZoneInfo("Europe/London")
ADULT_AT = 18
# A confirmation may be stamped by a clock that runs a little ahead of ours; one that lies further ahead has not happened.
CLOCK_SKEW = timedelta(days=1)

# Classes whose victims may be told automatically when nothing else holds, and whether the offence is against a person.
# Property crime: burglary, vehicle and other theft, damage, fraud, and crimes that seldom have a victim.
_AGAINST_PROPERTY = (
    "28A 28B 28C 28D 28E 28F 28G 28H 29 29A 30A 30B 30C 30D 31 31A 37.2 40 41 42 43 44 45 46 47 48 49 49A 126 "
    "56B 58A 58B 58C 58D 58J 51 52 53B 53C 53D 53E 53F 55 33 33A 38 54 60 61 61A 67 69 80 83 95 96 814 92A 92C 92D 92E"
)
# Somebody was hurt, threatened, robbed or put in fear. Theft from the person is done to a person's body, so the careful reading is here.
_AGAINST_PERSON = "8N 8P 8S 8T 104 104A 104B 105A 105B 9A 9B 34A 34B 39 56A 59 62A 802 10A 10B 10C 10D 81 90"
AUTOMATIC: Mapping[str, bool] = {code: False for code in _AGAINST_PROPERTY.split()} | {code: True for code in _AGAINST_PERSON.split()}

# Classes that are specialist by name; once seen in any version they stay, whatever a later version says. A known class on neither list
# (5E, 14, 26, 35, 66, 79, 99: strangling, abortion, bigamy, sextortion, breached orders, intimidation, catch-all) is doubtful, like an
# unknown one.
_SEXUAL = "17A 17B 19C 19D 19E 19F 19G 19H 20A 20B 21 22A 22B 23 70 71 72 73 88A 88C 88D 88E"
_STALKING_AND_CONTROL = "8L 8M 8Q 8R 8U"
_LIFE = "1 1-4.1-4.10-4.2 2 3A 3B 4.1 4.2 4.3 4.4 4.6 4.7 4.8 4.9 4.10 5D 15 37.1 76"
_CHILDREN_AND_EXPLOITATION = "11A 13 36 106 24 27 86"
SPECIALIST_CLASSES = frozenset(f"{_SEXUAL} {_STALKING_AND_CONTROL} {_LIFE} {_CHILDREN_AND_EXPLOITATION}".split())

# The first three digits of the statistics code NNN/NN, where every class of that number is specialist (195 is the older harassment code).
_HO_SPECIALIST = frozenset({1, 2, 3, 4, 5, 11, 13, 15, 17, 19, 20, 21, 22, 23, 24, 27, 36, 70, 71, 72, 73, 76, 86, 88, 106, 195})
_HO_DOUBTFUL = frozenset({14, 26, 35, 66, 79, 99})
_HO_DEATH_BY_VEHICLE_TAKING = "037/01"
_HO_MIXED = 8  # assaults stand beside harassment and stalking under this number

_HOLDING_FLAGS = ("domestic_abuse", "stalking_harassment", "safeguarding")
_INTIMATE = frozenset({"partner", "ex_partner", "family", "household"})
_OUTSIDERS = frozenset({"acquaintance", "professional", "stranger"})
_REPORTED_BY_OTHERS = frozenset({"third_party", "professional"})
_REPORTED_BY_VICTIM = frozenset({"101", "online", "counter", "officer"})
_SOURCES = _REPORTED_BY_OTHERS | _REPORTED_BY_VICTIM | {"999"}


class Weight(StrEnum):
    """What a sign means: specialist (stays until released), doubt (a later version may clear it), no route (nothing automatic is owed)."""

    SPECIALIST = "specialist"
    DOUBT = "doubt"
    NO_ROUTE = "no_route"


@dataclass(frozen=True)
class Sign:
    """One reason to hold. `detail` tells two signs of one rule apart (a second marker, another class) and is never shown."""

    weight: Weight
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Release:
    """A specialist hold lifted by a named person. It lifts the signs known by then, not those that come later."""

    reference: str
    victim_id: str
    released_at: datetime


@dataclass(frozen=True)
class LeakPolicy:
    """What the force's profile decides, as far as the leak check needs it. The defaults are the careful ones.

    `internal_addresses` holds addresses, or whole domains as `@force.example`. `private_names` are further names of services and units that
    an envelope must not show, `specialist_names` those that no text message may either, `force_words` words of the force's own name, which
    name no victim. `held_classes` are classes that this force tells by a person.
    `bare_service_messages` are messages to the victim service that carry a reference and nothing else.
    `later_messages` tell a victim of the case and announce no referral; `officers_messages` of them may hold words that an officer typed.
    """

    service_addresses: frozenset[str] = frozenset()
    internal_addresses: frozenset[str] = frozenset()
    child_with_representative: bool = False
    unconfirmed_contact: Literal["hold", "use_given"] = "hold"
    confirmation_limit_days: int = 90
    english_without_template: bool = False
    releases: tuple[Release, ...] = ()
    bare_service_messages: frozenset[str] = frozenset({"stop_notice", "withdrawal"})
    later_messages: frozenset[str] = frozenset({"event", "update", "code"})
    officers_messages: frozenset[str] = frozenset({"update"})
    private_names: frozenset[str] = frozenset()
    specialist_names: frozenset[str] = frozenset()
    force_words: frozenset[str] = frozenset()
    held_classes: frozenset[str] = frozenset()


def home_office_class(offence: object) -> str:
    """Return the class of an offence in capitals without spaces; "" if blank or missing."""
    return fold(mapping(offence).get("code")).replace(" ", "").upper()


def against_person(occurrence: Mapping[str, Any]) -> bool:
    """Say whether any offence is against a person; an unknown class or no class at all counts as one."""
    offences = items(occurrence.get("offences"))
    return not offences or any(AUTOMATIC.get(home_office_class(offence), True) for offence in offences)


def crime_signs(occurrence: Mapping[str, Any]) -> Iterator[Sign]:
    """Yield the signs that decide for everyone in the occurrence, in one version of it."""
    yield from _state_signs(occurrence)
    yield from _offence_signs(occurrence)
    yield from _flag_signs(occurrence)
    yield from _holding_signs(occurrence)
    for victim in items(occurrence.get("victims")):
        # Domestic abuse is a property of what happened, so one victim's relationship makes it so for all.
        relationship = fold(mapping(victim).get("relationship_to_suspect"))
        if relationship in _INTIMATE:
            yield Sign(Weight.SPECIALIST, "relationship_to_suspect is of the family, household or a partner", relationship)


def _state_signs(occurrence: Mapping[str, Any]) -> Iterator[Sign]:
    status, record_type = occurrence.get("status"), occurrence.get("record_type")
    if status in ("cancelled", "transferred"):
        yield Sign(Weight.NO_ROUTE, "status is cancelled or transferred")
    elif status not in ("open", "closed"):
        yield Sign(Weight.DOUBT, "status is unknown")
    if record_type == "n100":
        yield Sign(Weight.SPECIALIST, "record_type is n100")
    elif record_type == "incident":
        if not items(occurrence.get("offences")):
            yield Sign(Weight.NO_ROUTE, "record_type is incident, without an offence")
    elif record_type != "crime":
        yield Sign(Weight.DOUBT, "record_type is unknown")


def _offence_signs(occurrence: Mapping[str, Any]) -> Iterator[Sign]:
    offences = items(occurrence.get("offences"))
    if not offences:
        yield Sign(Weight.DOUBT, "offences is empty")
    for offence in offences:
        code = home_office_class(offence)
        if code in SPECIALIST_CLASSES or code.startswith("N100"):
            yield Sign(Weight.SPECIALIST, "offences[].code is a specialist class", code)
        elif code not in AUTOMATIC:
            yield Sign(Weight.DOUBT, "offences[].code is not a class known to be non-specialist")
        yield from _statistics_code_signs(code, fold(mapping(offence).get("ho_code")))


def _statistics_code_signs(code: str, ho_code: str) -> Iterator[Sign]:
    if not ho_code:
        return
    if not re.fullmatch(r"[0-9]{3}/[0-9]{2}", ho_code):
        yield Sign(Weight.DOUBT, "offences[].ho_code is malformed")
        return
    number = int(ho_code[:3])
    if number in _HO_SPECIALIST or ho_code == _HO_DEATH_BY_VEHICLE_TAKING:
        yield Sign(Weight.SPECIALIST, "offences[].ho_code is of a specialist class", ho_code)
    elif number in _HO_DOUBTFUL or (number == _HO_MIXED and not code.startswith("8")):
        yield Sign(Weight.DOUBT, "offences[].ho_code may be of a specialist class")


def _flag_signs(occurrence: Mapping[str, Any]) -> Iterator[Sign]:
    flags = mapping(occurrence.get("flags"))
    for name in _HOLDING_FLAGS:
        if flags.get(name) is True:
            yield Sign(Weight.SPECIALIST, f"flags.{name} is true")
        elif flags.get(name) is not False:
            yield Sign(Weight.DOUBT, f"flags.{name} is not known")


def _holding_signs(occurrence: Mapping[str, Any]) -> Iterator[Sign]:
    markers, restricted, dash_risk = occurrence.get("markers"), occurrence.get("restricted"), occurrence.get("dash_risk")
    if markers is not None and not isinstance(markers, list | tuple):
        yield Sign(Weight.DOUBT, "markers is malformed")
    for marker in items(markers):
        yield Sign(Weight.SPECIALIST, "markers is not empty", fold(marker))
    if restricted is True:
        yield Sign(Weight.SPECIALIST, "restricted is true")
    elif restricted not in (False, None):
        yield Sign(Weight.DOUBT, "restricted is malformed")
    if dash_risk is not None:
        yield Sign(Weight.SPECIALIST, "dash_risk is present", fold(dash_risk))


def victim_signs(victim: Mapping[str, Any], occurrence: Mapping[str, Any], at: datetime, policy: LeakPolicy) -> Iterator[Sign]:
    """Yield the signs of one victim in one version of the occurrence, as they stand at a moment."""
    kind = victim.get("kind")
    if kind == "police_officer":
        yield Sign(Weight.SPECIALIST, "victims[].kind is police_officer")
    elif kind == "business":
        if not fold(victim.get("contact_name")):
            yield Sign(Weight.DOUBT, "victims[].contact_name of a business is missing")
    elif kind == "person":
        yield from _age_signs(victim, occurrence, policy)
    else:
        yield Sign(Weight.DOUBT, "victims[].kind is unknown")
    if victim.get("deceased") not in (False, None):
        yield Sign(Weight.SPECIALIST, "victims[].deceased is true")
    yield from _representative_signs(victim)
    yield from _circumstance_signs(victim, occurrence, at, policy)


def is_child(victim: Mapping[str, Any], occurrence: Mapping[str, Any]) -> bool:
    """Say whether a person was under 18 when the crime was reported (the day in London); False without a readable date of birth."""
    born, reported = day(victim.get("date_of_birth")), moment(occurrence.get("reported_at"))
    if born is None or victim.get("kind") != "person":
        return False
    if reported is None:
        return True
    local = reported.astimezone(LONDON)
    # One born on 29 February comes of age on 1 March of a common year.
    return (local.year - ADULT_AT, local.month, local.day) < (born.year, born.month, born.day)


def _age_signs(victim: Mapping[str, Any], occurrence: Mapping[str, Any], policy: LeakPolicy) -> Iterator[Sign]:
    if day(victim.get("date_of_birth")) is None:
        yield Sign(Weight.DOUBT, "victims[].date_of_birth is missing or cannot be read")
    elif is_child(victim, occurrence):
        if not policy.child_with_representative:
            yield Sign(Weight.SPECIALIST, "victims[].date_of_birth is a child's")
        elif not mapping(victim.get("representative")):
            yield Sign(Weight.DOUBT, "victims[].representative of a child is missing")


def _representative_signs(victim: Mapping[str, Any]) -> Iterator[Sign]:
    if victim.get("representative") is None:
        return
    representative = mapping(victim["representative"])
    if representative.get("linked_to_suspect") is True:
        yield Sign(Weight.SPECIALIST, "representative.linked_to_suspect is true")
    elif representative.get("linked_to_suspect") is not False:
        yield Sign(Weight.DOUBT, "representative.linked_to_suspect is not known")
    if representative.get("relationship") == "bereaved_relative":
        yield Sign(Weight.SPECIALIST, "representative.relationship is a bereaved relative's")


def _circumstance_signs(victim: Mapping[str, Any], occurrence: Mapping[str, Any], at: datetime, policy: LeakPolicy) -> Iterator[Sign]:
    relationship = fold(victim.get("relationship_to_suspect"))
    if against_person(occurrence) and relationship not in _INTIMATE | _OUTSIDERS:
        yield Sign(Weight.DOUBT, "relationship_to_suspect is not known in an offence against a person")
    if any(home_office_class(offence) in policy.held_classes for offence in items(occurrence.get("offences"))):
        yield Sign(Weight.DOUBT, "offences[].code is a class that the force tells by a person")
    source = fold(occurrence.get("source"))
    if source not in _SOURCES:
        yield Sign(Weight.DOUBT, "source is unknown")
    elif source in _REPORTED_BY_OTHERS and not is_confirmed(victim, at, policy):
        yield Sign(Weight.DOUBT, "source is somebody else and contact_safety was not confirmed with the victim")


def is_confirmed(victim: Mapping[str, Any], at: datetime, policy: LeakPolicy) -> bool:
    """Say whether contact safety was confirmed with the victim within the profile's limit before a moment."""
    confirmed = moment(mapping(victim.get("contact_safety")).get("confirmed_at"))
    return confirmed is not None and -CLOCK_SKEW <= at - confirmed <= timedelta(days=policy.confirmation_limit_days)


def may_use_given(victim: Mapping[str, Any], occurrence: Mapping[str, Any], channel: str) -> bool:
    """Say whether the contract lets an unconfirmed contact point be used under `use_given`: the victim's own e-mail address or mobile, of
    an adult or a business, reported by the victim, in a crime that is not against a person; never a letter or a representative's."""
    return (
        channel in ("email", "sms")
        and fold(occurrence.get("source")) in _REPORTED_BY_VICTIM
        and not against_person(occurrence)
        and victim.get("representative") is None
        and not is_child(victim, occurrence)
    )
