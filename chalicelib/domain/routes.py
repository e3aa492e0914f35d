"""Which route a victim takes, and the rule that says so: failing closed, the most careful crime deciding for everyone in the occurrence.

A sign is one fired rule. Signs of the case (flags, markers, classes, relationships) hold everybody in it; signs of a victim (a child,
no date of birth) hold that victim. Null or unknown is never taken for "no". Must not act, and must not know what was sent.
Source of the routes: the force's report of 6 July 2022, paragraphs 3.7 and 3.14 to 3.17; of the holds: docs/adr/0005-routing.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.contact_safety import confirmed, is_child
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.model import (
    DashRisk,
    HoldKind,
    KnownElsewhere,
    Occurrence,
    RecordType,
    Relationship,
    RepresentativeKind,
    Route,
    RouteDecision,
    Source,
    Status,
    Unit,
    Victim,
    VictimKind,
)
from chalicelib.domain.offences import Family, disagrees, family_of_stats_code, offence_class
from chalicelib.domain.profile import Profile


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated rule row. Lower `rank` is more careful and decides. `effective_from` and `source` say whose rule it is."""

    id: str
    version: str
    rank: int
    route: Route
    hold: HoldKind | None
    unit: Unit | None
    effective_from: date
    source: str


_FORCE = date(2022, 7, 6)
_HOUSE = date(2026, 11, 21)
_SPECIALIST, _DOUBT = HoldKind.SPECIALIST, HoldKind.DOUBT
_VCU, _FLO, _OFFICER = Unit.VICTIM_CARE_UNIT, Unit.FAMILY_LIAISON, Unit.OFFICER
_DA, _SO, _HELD = Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD
_INF = "[INF] held for a person, issue 2026-11"

# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("death", "1", 10, _HELD, _SPECIALIST, _FLO, _FORCE, "family liaison owns contact; [INF] for every offence causing death"),
    Rule("domestic-abuse-flag", "1", 20, _DA, _SPECIALIST, _VCU, _FORCE, "CC 3.7, 3.14; flag on the record"),
    Rule("domestic-abuse-dash", "1", 20, _DA, _SPECIALIST, _VCU, _FORCE, "CC 3.14; a DASH was made"),
    Rule("domestic-abuse-class", "1", 20, _DA, _SPECIALIST, _VCU, _FORCE, "8U controlling or coercive behaviour"),
    Rule("domestic-abuse-relationship", "1", 20, _DA, _SPECIALIST, _VCU, _HOUSE, "[INF] partner, former partner, family or household"),
    Rule("domestic-abuse-marker", "1", 20, _DA, _SPECIALIST, _VCU, _HOUSE, "[INF] DOMA form, same address, protective order, strangulation"),
    Rule("sexual-offence", "1", 30, _SO, _SPECIALIST, _VCU, _FORCE, "CC 3.17; the whole group and N100"),
    Rule("stalking-harassment", "1", 40, _HELD, _SPECIALIST, _VCU, _HOUSE, _INF),
    Rule("safeguarding", "1", 40, _HELD, _SPECIALIST, _VCU, _HOUSE, _INF),
    Rule("marker", "1", 40, _HELD, _SPECIALIST, _VCU, _HOUSE, _INF + ": any marker holds"),
    Rule("held-class", "1", 40, _HELD, _SPECIALIST, _VCU, _HOUSE, _INF + ": class of a held family"),
    Rule("restricted", "1", 40, _HELD, _SPECIALIST, _VCU, _HOUSE, _INF),
    Rule("police-officer", "1", 42, _HELD, _SPECIALIST, Unit.SUPERVISOR, _HOUSE, "[INF] rights and clocks apply, no referral"),
    Rule("representative-linked", "1", 43, _HELD, _SPECIALIST, _VCU, _HOUSE, "[INF] whoever would receive is linked to the suspect"),
    Rule("specialist-elsewhere", "1", 45, _DA, _SPECIALIST, _VCU, _HOUSE, "[INF] the same person or contact point is specialist in another record"),
    Rule("transferred", "1", 50, Route.TRANSFERRED, None, _OFFICER, _HOUSE, "[INF] the victim is told by a person who has it now"),
    Rule("domestic-abuse-unknown", "1", 60, _DA, _DOUBT, _VCU, _HOUSE, "[INF] the flag is not known"),
    Rule("stalking-unknown", "1", 70, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] the flag is not known"),
    Rule("safeguarding-unknown", "1", 70, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] the flag is not known"),
    Rule("class-unknown", "1", 70, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] a blank or unknown Home Office class"),
    Rule("held-by-force", "1", 70, _HELD, _DOUBT, _OFFICER, _HOUSE, "the profile: classes that this force tells by a person"),
    Rule("relationship-unknown", "1", 70, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] in an offence against a person"),
    Rule("incident-without-offence", "1", 75, Route.NO_ROUTE, None, None, _HOUSE, "no crime and no sign: nothing is owed automatically"),
    Rule("business-without-contact", "1", 76, Route.NO_ROUTE, None, None, _HOUSE, "a business has services only through a named contact"),
    Rule("do-not-contact-elsewhere", "1", 81, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] the contact point is do-not-contact in another record"),
    Rule("age-unknown", "1", 82, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] no date of birth"),
    Rule("child", "1", 83, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] a child on the day of the report, without a representative known not linked to the suspect"),
    Rule("cannot-act", "1", 84, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] a representative who is not known to be unlinked to the suspect"),
    Rule("reported-by-another", "1", 85, _HELD, _DOUBT, _OFFICER, _HOUSE, "[INF] third party or professional, safety not confirmed with the victim"),
    Rule("cancelled", "1", 90, Route.NO_ROUTE, None, None, _HOUSE, "[INF] a person tells the victim"),
    Rule("non-specialist", "1", 99, Route.VICTIM_SERVICES, None, None, _FORCE, "CC 3.7: opt-out for crimes other than domestic abuse and sexual"),
)
# fmt: on
RULE = {rule.id: rule for rule in RULES}

_ID = re.compile(r"[A-Za-z]{0,4}[-_]?[0-9]{1,10}")
_DOMESTIC = {Relationship.PARTNER, Relationship.EX_PARTNER, Relationship.FAMILY, Relationship.HOUSEHOLD}
_DOMESTIC_MARKERS = {"doma_form", "same_address", "protective_order", "strangulation"}
_REPORTED_BY_ANOTHER = {Source.THIRD_PARTY, Source.PROFESSIONAL}
_FAMILY_RULE = {
    Family.DEATH: "death",
    Family.DOMESTIC_ABUSE: "domestic-abuse-class",
    Family.SEXUAL: "sexual-offence",
    Family.STALKING: "stalking-harassment",
}


@dataclass(frozen=True, slots=True, order=True)
class Sign:
    """One fired rule: `missing` is the contract field that would settle a doubt, "" for a specialist sign."""

    rule_id: str
    missing: str = ""


def _class_signs(occurrence: Occurrence) -> list[Sign]:
    nothing_named = not occurrence.offences and occurrence.record_type is not RecordType.INCIDENT
    signs = [Sign("class-unknown", "offences")] if nothing_named else []
    for index, offence in enumerate(occurrence.offences):
        row = offence_class(offence.code)
        if row is None or disagrees(offence.code, offence.ho_code):
            signs.append(Sign("class-unknown", f"offences[{index}].code"))
        for family in (row.family if row else None, family_of_stats_code(offence.ho_code)):
            if family not in (None, Family.NON_SPECIALIST):
                signs.append(Sign(_FAMILY_RULE.get(family, "held-class")))
    if occurrence.record_type is RecordType.N100:
        signs.append(Sign("sexual-offence"))
    return signs


def _force_signs(occurrence: Occurrence, profile: Profile) -> list[Sign]:
    held = any(offence.code in profile.held_classes for offence in occurrence.offences)
    return [Sign("held-by-force")] if held else []


def _flag_signs(occurrence: Occurrence) -> list[Sign]:
    flags = occurrence.flags
    rows = (
        (flags.domestic_abuse, "domestic-abuse-flag", Sign("domestic-abuse-unknown", "flags.domestic_abuse")),
        (flags.stalking_harassment, "stalking-harassment", Sign("stalking-unknown", "flags.stalking_harassment")),
        (flags.safeguarding, "safeguarding", Sign("safeguarding-unknown", "flags.safeguarding")),
    )
    return [unknown if value is None else Sign(rule) for value, rule, unknown in rows if value is not False]


def _record_signs(occurrence: Occurrence) -> list[Sign]:
    signs = [Sign("domestic-abuse-marker" if marker in _DOMESTIC_MARKERS else "marker") for marker in occurrence.markers]
    if occurrence.dash_risk is not None:
        signs.append(Sign("domestic-abuse-dash"))
    if occurrence.restricted:
        signs.append(Sign("restricted"))
    return signs


def against_person(occurrence: Occurrence) -> bool:
    """Whether any offence is against a person; an unknown class counts as one."""
    rows = [offence_class(offence.code) for offence in occurrence.offences]
    return any(row is None or row.against_person for row in rows)


def _label(victim: Victim) -> str:
    """The victim's id where it looks like one; a text that could be a name never reaches a task."""
    return victim.id if _ID.fullmatch(victim.id) else "?"


def _relationship_signs(occurrence: Occurrence) -> list[Sign]:
    personal = against_person(occurrence)
    signs = []
    for victim in occurrence.victims:
        if victim.deceased or (victim.representative and victim.representative.relationship is RepresentativeKind.BEREAVED_RELATIVE):
            signs.append(Sign("death"))
        if victim.relationship_to_suspect in _DOMESTIC:
            signs.append(Sign("domestic-abuse-relationship"))
        elif personal and victim.relationship_to_suspect in (None, Relationship.UNKNOWN):
            signs.append(Sign("relationship-unknown", f"victims[{_label(victim)}].relationship_to_suspect"))
    return signs


def case_signs(occurrence: Occurrence) -> frozenset[Sign]:
    """Every sign that holds everybody in the occurrence, as this one version tells it."""
    return frozenset(_class_signs(occurrence) + _flag_signs(occurrence) + _record_signs(occurrence) + _relationship_signs(occurrence))


def specialist_signs(occurrence: Occurrence) -> frozenset[str]:
    """What is sticky in this version, by rule id, `rule#victim` where it holds that victim alone: only a named person's release lifts it."""
    case = {sign.rule_id for sign in case_signs(occurrence) if RULE[sign.rule_id].hold is HoldKind.SPECIALIST}
    own = {f"{sign.rule_id}#{victim.id}" for victim in occurrence.victims for sign in _victim_specialist_signs(victim)}
    return frozenset(case | own)


def _victim_specialist_signs(victim: Victim) -> list[Sign]:
    signs = [Sign("police-officer")] if victim.kind is VictimKind.POLICE_OFFICER else []
    linked = victim.representative is not None and victim.representative.linked_to_suspect
    return [*signs, Sign("representative-linked")] if linked else signs


def _representative_sign(victim: Victim, child: bool, profile: Profile) -> Sign | None:
    person = victim.representative
    if person is None:
        return Sign("child", f"victims[{_label(victim)}].representative") if child else None
    if person.linked_to_suspect is None:
        return Sign("child" if child else "cannot-act", f"victims[{_label(victim)}].representative.linked_to_suspect")
    return Sign("child") if child and not profile.contact.child_with_representative else None


def _person_signs(occurrence: Occurrence, victim: Victim, now: datetime, profile: Profile) -> list[Sign]:
    signs = _victim_specialist_signs(victim)
    if victim.kind is VictimKind.PERSON and victim.date_of_birth is None:
        signs.append(Sign("age-unknown", f"victims[{_label(victim)}].date_of_birth"))
    represented = _representative_sign(victim, is_child(victim, local_day(occurrence.reported_at)), profile)
    if represented:
        signs.append(represented)
    if occurrence.source in _REPORTED_BY_ANOTHER and not confirmed(victim.contact_safety, now, profile.contact):
        signs.append(Sign("reported-by-another", f"victims[{_label(victim)}].contact_safety.confirmed_at"))
    return signs


def _status_signs(occurrence: Occurrence, victim: Victim) -> list[Sign]:
    signs = []
    if occurrence.status is Status.TRANSFERRED:
        signs.append(Sign("transferred"))
    if occurrence.record_type is RecordType.INCIDENT and not occurrence.offences:
        signs.append(Sign("incident-without-offence"))
    if victim.kind is VictimKind.BUSINESS and not victim.contact_name:
        signs.append(Sign("business-without-contact"))
    return signs


def _elsewhere_signs(known: KnownElsewhere) -> list[Sign]:
    signs = [Sign("specialist-elsewhere")] if known.specialist else []
    return signs + ([Sign("do-not-contact-elsewhere")] if known.do_not_contact else [])


def _domestic_destinations(occurrence: Occurrence, victim: Victim, profile: Profile) -> tuple[str, ...]:
    """Report of 6 July 2022, 3.14: high at once; medium or standard by consent; a missing grade is never taken for standard."""
    if occurrence.dash_risk is None:
        return (profile.roles[Unit.VICTIM_CARE_UNIT].name,)
    if occurrence.dash_risk is DashRisk.HIGH:
        return (profile.high_risk_service,)
    if victim.support_consent is None:
        return (f"ask for consent, then {_domestic_service(occurrence, profile)}",)
    if not victim.support_consent:
        return (profile.domestic_abuse_without_consent,)
    return (_domestic_service(occurrence, profile),)


def _domestic_service(occurrence: Occurrence, profile: Profile) -> str:
    """By district; where it is not known, the person who has the task chooses."""
    services, district = profile.domestic_abuse_services, (occurrence.district or "").strip().lower()
    if district not in profile.districts:
        return " or ".join(sorted(set(services.values())))
    return services.get(district, services["*"])


def _destinations(occurrence: Occurrence, victim: Victim, signs: list[Sign], profile: Profile) -> tuple[str, ...]:
    found: list[str] = []
    routes = {RULE[sign.rule_id].route for sign in signs if RULE[sign.rule_id].hold}
    if Route.DOMESTIC_ABUSE in routes:
        found += _domestic_destinations(occurrence, victim, profile)
    if Route.SEXUAL_OFFENCE in routes:
        found.append(profile.sexual_offence_service)
    if any(sign.rule_id == "death" for sign in signs):
        found = [profile.roles[Unit.FAMILY_LIAISON].name]
    return tuple(found)


def decide_route(
    occurrence: Occurrence, victim: Victim, *, sticky: frozenset[str], known: KnownElsewhere, now: datetime, profile: Profile
) -> RouteDecision:
    """The route of `victim` in `occurrence`.

    `sticky` are specialist rule ids of other versions that no person has released; `known` is what other occurrences say of the person.
    """
    if occurrence.status is Status.CANCELLED:
        return _decision([Sign("cancelled")], occurrence, victim, profile)
    signs = set(case_signs(occurrence)) | {Sign(rule_id) for rule_id in sticky}
    signs.update(_status_signs(occurrence, victim), _elsewhere_signs(known), _person_signs(occurrence, victim, now, profile))
    signs.update(_force_signs(occurrence, profile), [Sign("non-specialist")])
    return _decision(sorted(signs, key=lambda sign: (RULE[sign.rule_id].rank, sign)), occurrence, victim, profile)


def _decision(signs: list[Sign], occurrence: Occurrence, victim: Victim, profile: Profile) -> RouteDecision:
    rule = RULE[signs[0].rule_id]
    held = rule.hold is not None
    return RouteDecision(
        route=rule.route,
        rule_id=rule.id,
        rule_version=rule.version,
        hold=rule.hold,
        unit=rule.unit,
        destinations=_destinations(occurrence, victim, signs, profile) if held else (),
        missing=tuple(sign.missing for sign in signs if sign.missing) if held else (),
        signs=tuple(dict.fromkeys(sign.rule_id for sign in signs)),
        elsewhere=rule.id in {"specialist-elsewhere", "do-not-contact-elsewhere"},
    )
