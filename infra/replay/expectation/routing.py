"""Which rule decides for a victim, by the issue's routing text and docs/adr/0005-routing.md; ids and ranks are the stored ones.

A sign is (rule id, missing field). Must not know what was sent, and must not look at other records: it is told what they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.replay.expectation import classes
from infra.replay.expectation.people import Victim, child
from infra.replay.expectation.reaching import confirmed

Record = dict[str, Any]
Sign = tuple[str, str]
SPECIALIST, DOUBT = "specialist", "doubt"
VCU, FLO, OFFICER, SUPERVISOR, OPERATIONS = "victim_care_unit", "family_liaison", "officer", "supervisor", "operations"
_DA, _HELD = "domestic_abuse", "held"

_RULES: dict[str, tuple[int, str, str | None, str | None]] = {
    "death": (10, _HELD, SPECIALIST, FLO),
    **dict.fromkeys(
        (f"domestic-abuse-{sign}" for sign in ("flag", "dash", "class", "relationship", "marker")), (20, _DA, SPECIALIST, VCU)
    ),
    "sexual-offence": (30, "sexual_offence", SPECIALIST, VCU),
    **dict.fromkeys(("stalking-harassment", "safeguarding", "marker", "held-class", "restricted"), (40, _HELD, SPECIALIST, VCU)),
    "police-officer": (42, _HELD, SPECIALIST, SUPERVISOR),
    "representative-linked": (43, _HELD, SPECIALIST, VCU),
    "specialist-elsewhere": (45, _DA, SPECIALIST, VCU),
    "transferred": (50, "transferred", None, OFFICER),
    "domestic-abuse-unknown": (60, _DA, DOUBT, VCU),
    **dict.fromkeys(
        ("stalking-unknown", "safeguarding-unknown", "class-unknown", "relationship-unknown"), (70, _HELD, DOUBT, OFFICER)
    ),
    "incident-without-offence": (75, "no_route", None, None),
    "business-without-contact": (76, "no_route", None, None),
    "do-not-contact-elsewhere": (81, _HELD, DOUBT, OFFICER),
    "age-unknown": (82, _HELD, DOUBT, OFFICER),
    "child": (83, _HELD, DOUBT, OFFICER),
    "cannot-act": (84, _HELD, DOUBT, OFFICER),
    "reported-by-another": (85, _HELD, DOUBT, OFFICER),
    "cancelled": (90, "no_route", None, None),
    "non-specialist": (99, "victim_services", None, None),
}  # fmt: skip
"""Rule id to rank (the lowest decides), route, kind of hold, and who has the task."""
_DISTRICTS = frozenset(
    ["amber valley", "bolsover", "chesterfield", "derby", "derbyshire dales", "erewash", "high peak", "north east derbyshire",
     "south derbyshire"]
)  # fmt: skip
_A_LABEL = re.compile(r"[A-Za-z]{0,4}[-_]?[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided for one victim. `destinations` and `missing` name the task that follows from a hold."""

    route: str
    rule: str
    hold: str | None = None
    unit: str | None = None
    destinations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


REMOVED = Verdict("no_route", "removed")
ELSEWHERE = frozenset({"specialist-elsewhere", "do-not-contact-elsewhere"})
"""What is only heard from other records, and never passed on."""


def personal(record: Record) -> bool:
    """Any offence against a person."""
    return any(classes.personal(offence["code"]) for offence in record["offences"])


def _label(victim: Victim) -> str:
    return victim["id"] if _A_LABEL.fullmatch(victim["id"]) else "?"


def _offence_signs(record: Record) -> set[Sign]:
    signs: set[Sign] = {("sexual-offence", "")} if record["record_type"] == "n100" else set()
    for position, offence in enumerate(record["offences"]):
        code, stats = offence["code"], offence.get("ho_code")
        if not classes.known(code) or classes.conflicting(code, stats):
            signs.add(("class-unknown", f"offences[{position}].code"))
        signs |= {(rule, "") for rule in (classes.held_as(code), classes.stats_code_held_as(stats)) if rule}
    return signs


def _said_signs(record: Record) -> set[Sign]:
    """Flags, markers, DASH grade, restriction. A flag that is null is not known."""
    signs: set[Sign] = set()
    flags = record["flags"]
    for name, rule, doubt in (
        ("domestic_abuse", "domestic-abuse-flag", "domestic-abuse-unknown"),
        ("stalking_harassment", "stalking-harassment", "stalking-unknown"),
        ("safeguarding", "safeguarding", "safeguarding-unknown"),
    ):
        value = flags.get(name)
        signs |= {(rule, "")} if value else {(doubt, f"flags.{name}")} if value is None else set()
    for marker in record.get("markers") or ():
        domestic = marker in {"doma_form", "same_address", "protective_order", "strangulation"}
        signs.add(("domestic-abuse-marker" if domestic else "marker", ""))
    signs |= {("domestic-abuse-dash", "")} if record.get("dash_risk") else set()
    signs |= {("restricted", "")} if record.get("restricted") else set()
    return signs


def _relation_signs(record: Record) -> set[Sign]:
    signs: set[Sign] = set()
    against = personal(record)
    for victim in record["victims"]:
        relation = victim.get("relationship_to_suspect")
        if victim.get("deceased") or (victim.get("representative") or {}).get("relationship") == "bereaved_relative":
            signs.add(("death", ""))
        if relation in {"partner", "ex_partner", "family", "household"}:
            signs.add(("domestic-abuse-relationship", ""))
        elif against and relation in {None, "unknown"}:
            signs.add(("relationship-unknown", f"victims[{_label(victim)}].relationship_to_suspect"))
    return signs


def _everybody(record: Record) -> set[Sign]:
    """Signs that hold everyone in the occurrence."""
    return _offence_signs(record) | _said_signs(record) | _relation_signs(record)


def _lasting(victim: Victim) -> set[str]:
    rules = {"police-officer"} if victim["kind"] == "police_officer" else set()
    return rules | ({"representative-linked"} if (victim.get("representative") or {}).get("linked_to_suspect") else set())


def sticky_signs(record: Record) -> frozenset[tuple[str, str]]:
    """(rule, victim id or "" for everybody): what no later version takes back."""
    case = {(rule, "") for rule, _ in _everybody(record) if _RULES[rule][2] == SPECIALIST}
    return frozenset(case | {(rule, victim["id"]) for victim in record["victims"] for rule in _lasting(victim)})


def _own_signs(record: Record, victim: Victim, now: datetime) -> set[Sign]:
    where = f"victims[{_label(victim)}]"
    signs: set[Sign] = {(rule, "") for rule in _lasting(victim)}
    if victim["kind"] == "person" and victim.get("date_of_birth") is None:
        signs.add(("age-unknown", f"{where}.date_of_birth"))
    young, other = child(victim, record["reported_at"]), victim.get("representative")
    if other is None and young:
        signs.add(("child", f"{where}.representative"))
    if other is not None and other.get("linked_to_suspect") is None:
        signs.add(("child" if young else "cannot-act", f"{where}.representative.linked_to_suspect"))
    if record["source"] in {"third_party", "professional"} and not confirmed(victim, now):
        signs.add(("reported-by-another", f"{where}.contact_safety.confirmed_at"))
    return signs


def _status_signs(record: Record, victim: Victim) -> set[Sign]:
    facts = {
        "transferred": record["status"] == "transferred",
        "incident-without-offence": record["record_type"] == "incident" and not record["offences"],
        "business-without-contact": victim["kind"] == "business" and not victim.get("contact_name"),
    }
    return {(rule, "") for rule, holds in facts.items() if holds}


def district_of(record: Record) -> str | None:
    """The district in one spelling, where it is one of the force's own."""
    name = (record.get("location", {}).get("district") or "").strip().lower()
    return name.title() if name in _DISTRICTS else None


def _domestic_way(record: Record, victim: Victim) -> str:
    """By grade, consent and district (the force's report, 3.14); a missing grade is the Victim Care Unit's."""
    grade, consent = record.get("dash_risk"), victim.get("support_consent")
    district = district_of(record)
    service = "Elm or Refuge" if district is None else "Refuge" if district == "Derby" else "Elm"
    if grade is None:
        return "Victim Care Unit"
    if grade == "high":
        return "IDVA"
    if consent is None:
        return f"ask for consent, then {service}"
    return service if consent else "Victim Care Unit single session"


def _destinations(signs: list[Sign], record: Record, victim: Victim) -> tuple[str, ...]:
    rules = {rule for rule, _ in signs}
    routes = {_RULES[rule][1] for rule in rules if _RULES[rule][2]}
    if "death" in rules:
        return ("Family Liaison",)
    domestic = (_domestic_way(record, victim),) if _DA in routes else ()
    return (*domestic, "SV2") if "sexual_offence" in routes else domestic


def decide(
    record: Record, victim: Victim, now: datetime, *, sticky: set[str], specialist_elsewhere: bool, silent_elsewhere: bool
) -> Verdict:
    """The verdict on `victim` by the newest version `record`; `sticky` are the lasting rules of every version seen."""
    if record["status"] == "cancelled":
        return Verdict("no_route", "cancelled")
    found = _everybody(record) | _own_signs(record, victim, now) | _status_signs(record, victim) | {(rule, "") for rule in sticky}
    found |= {("specialist-elsewhere", "")} if specialist_elsewhere else set()
    found |= {("do-not-contact-elsewhere", "")} if silent_elsewhere else set()
    signs = sorted(found | {("non-specialist", "")}, key=lambda sign: (_RULES[sign[0]][0], sign))
    rule = signs[0][0]
    _, route, hold, unit = _RULES[rule]
    if hold is None:
        return Verdict(route, rule, unit=unit)
    return Verdict(route, rule, hold, unit, _destinations(signs, record, victim), tuple(missing for _, missing in signs if missing))
