"""The rows of the referral sheet, in plain words, from its typed content.

Bounds every short text, so that the sheet always fits one page; instructions, hours and requests are always whole. Must not draw.
"""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.date_words import between, day
from chalicelib.adapters.inert import one_line
from chalicelib.domain.messages import OfficerContact, Referral, ReferralCrime

_SHORT = 80
_ADDRESS = 254
_LONG = 500
_MOST_CRIMES = 5
_MOST_WAYS = 5
_CUT = " … (shortened)"

_CONFIRMED = "Yes"
_UNCONFIRMED = "No. The person gave these details; nobody has checked with them that they are safe."

Row = tuple[str, str]


def _short(text: str, limit: int = _SHORT) -> str:
    line = one_line(text)
    return line if len(line) <= limit else line[:limit].rstrip() + _CUT


def sheet(content: Referral) -> dict[str, Any]:
    """Everything the sheet shows: title, sections of rows (label, value), and the notes under them."""
    reference = content.crimes[0].reference
    return {
        "title": f"Referral {reference}",
        "marking": "OFFICIAL-SENSITIVE",
        "force": content.force.name,
        "service": content.service.name,
        "made_on": day(content.made_on),
        "priority": _priority(content),
        "sections": [
            {"heading": "Person", "rows": _person(content)},
            {"heading": "How to contact them safely", "rows": _contact(content)},
            *_crimes(content),
            {"heading": "What they asked for", "rows": [("Requests", _short(content.requests or "None recorded", _LONG))]},
            {"heading": "Officer in the case", "rows": _officer(content.officer)},
        ],
        "notes": [
            f"{content.force.name} made this referral without asking first, under the Victims' Code. The person has been told, and may "
            "say no. If they say no to you, stop, delete this referral and tell us.",
            f"Questions: {content.force.reply_to} or {content.force.non_emergency}, with the reference.",
        ],
    }


def _priority(content: Referral) -> str:
    if not content.enhanced:
        return ""
    reasons = ", ".join(map(_reason, content.enhanced_reasons))
    return "Priority: enhanced rights" + (f" ({_short(reasons, 200)})" if reasons else "")


def _reason(code: str) -> str:
    return code.replace("_", " ")


def _person(content: Referral) -> list[Row]:
    rows = [("Name", _short(content.victim_name))]
    if content.safe_name:
        rows.append(("Ask for", _short(content.safe_name)))
    if content.reach_through:
        rows.append(("Reach them through", _short(content.reach_through)))
    rows.append(("Language", _short(content.language)))
    rows.append(("Communication needs", _short(", ".join(content.communication_needs) or "None recorded", 200)))
    return rows


def _contact(content: Referral) -> list[Row]:
    rows = [(_short(way.label, 40), _short(way.value, _ADDRESS)) for way in content.contact[:_MOST_WAYS]]
    if len(content.contact) > _MOST_WAYS:
        rows.append(("More", "There are more ways to contact them: ask the officer in the case"))
    rows.append(("Confirmed as safe", _CONFIRMED if content.contact_confirmed else _UNCONFIRMED))
    rows.append(("When to call", _short(content.safe_hours or "Not recorded", _LONG)))
    rows.append(("Voicemail", _answer(content.voicemail_ok, "You may leave a message", "Do not leave a message")))
    rows.append(("Mention of the police", _answer(content.may_say_police, "You may say so", "Do not mention the police to others")))
    rows.append(("Instructions", _short(content.instructions or "None recorded", _LONG)))
    return rows


def _answer(known: bool | None, yes: str, no: str) -> str:
    """What was never asked counts as a no, and says so."""
    if known is None:
        return f"{no} (not recorded)"
    return yes if known else no


def _crimes(content: Referral) -> list[dict[str, Any]]:
    shown = content.crimes[:_MOST_CRIMES]
    heading = "Crime" if len(content.crimes) == 1 else "Crimes"
    rows = [row for crime in shown for row in _crime(crime, alone=len(content.crimes) == 1)]
    left = len(content.crimes) - len(shown)
    if left:
        rows.append(("More", f"{left} more: ask the officer in the case"))
    return [{"heading": heading, "rows": rows}]


def _crime(crime: ReferralCrime, *, alone: bool) -> list[Row]:
    offence = f"{_short(crime.offence)} (Home Office class {_short(crime.home_office_class, 20)})"
    happened = between(crime.occurred_from, crime.occurred_to) or "not recorded"
    district = _short(crime.district or "not recorded")
    if alone:
        return [
            ("Reference", crime.reference),
            ("Offence", offence),
            ("Reported on", day(crime.reported_on)),
            ("Happened", happened),
            ("District", district),
        ]
    return [(crime.reference, f"{offence}. Reported on {day(crime.reported_on)}. Happened: {happened}. District: {district}.")]


def _officer(officer: OfficerContact | None) -> list[Row]:
    if officer is None:
        return [("Officer", "None named yet: call the force with the reference")]
    number = officer.collar_number and f"(collar number {_short(officer.collar_number, 20)})"
    name = " ".join(filter(None, (officer.name and _short(officer.name), number)))
    rows = [("Officer", name or "Not named")]
    ways = ", ".join(filter(None, (officer.phone, officer.email)))
    return [*rows, ("Contact", _short(ways, _ADDRESS))] if ways else rows
