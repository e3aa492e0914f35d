"""The short form that varies an example: what was typed, checked, as a record.

Must not take a person who could be real: an e-mail address of example.org and a mobile of Ofcom's numbers for drama, or none.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from infra.local.example_records import Record, body, flags, offence, safety, victim

OFFENCES = {
    "28E": ("028/03", "Burglary residential"),
    "44": ("044/00", "Theft or unauthorised taking of a pedal cycle"),
    "105A": ("105/01", "Assault without injury"),
    "8N": ("008/06", "Assault with injury"),
    "19C": ("019/08", "Rape of a female aged 16 and over"),
}
CHANNELS = {"email": "E-mail", "sms": "Text message", "letter": "Letter", "phone": "Telephone", "": "None recorded"}
LANGUAGES = {"en": "English", "pl": "Polish", "ur": "Urdu", "cy": "Welsh", "": "Not recorded"}
DOMESTIC_ABUSE = {"no": "No", "yes": "Yes", "unknown": "Not known"}
_FLAG = {"no": False, "yes": True, "unknown": None}
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,60}@example\.org")
_MOBILE = re.compile(r"(?:\+44|0)7700900([0-9]{3})")
_LONGEST_NAME = 60

START = {
    "given_name": "Alex",
    "family_name": "Morgan",
    "email": "alex.morgan@example.org",
    "mobile": "07700 900123",
    "offence": "28E",
    "channel": "email",
    "language": "en",
    "domestic_abuse": "no",
}


def faults(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, in words for whoever typed it, by field; empty where all is well."""
    found = {name: wrong for name in ("given_name", "family_name") if (wrong := _name_fault(typed.get(name, "")))}
    if typed.get("email") and not _EMAIL.fullmatch(typed["email"]):
        found["email"] = "Enter an address that ends in @example.org, so that it can be nobody's, or leave it empty."
    if typed.get("mobile") and not _MOBILE.fullmatch(_digits(typed["mobile"])):
        found["mobile"] = "Enter a number from 07700 900000 to 07700 900999, which are kept for fiction, or leave it empty."
    allowed: dict[str, Mapping[str, object]] = {
        "offence": OFFENCES,
        "channel": CHANNELS,
        "language": LANGUAGES,
        "domestic_abuse": DOMESTIC_ABUSE,
    }
    return found | {name: "Choose one of the list." for name, choices in allowed.items() if typed.get(name, "-") not in choices}


def as_record(typed: Mapping[str, str], now: datetime, reference: str, person: int) -> str:
    """The message for a form without faults. What was given is what is safe, and a letter always is."""
    email, mobile = typed.get("email") or None, _MOBILE.fullmatch(_digits(typed.get("mobile", "")))
    safe = [channel for channel, given in (("email", email), ("sms", mobile), ("phone", mobile), ("letter", True)) if given]
    changes: Record = {
        "given_name": typed["given_name"],
        "family_name": typed["family_name"],
        "email": email,
        "mobile": f"+447700900{mobile[1]}" if mobile else None,
        "preferred_channel": typed["channel"] or None,
        "language": typed["language"] or None,
        "contact_safety": safety(now, *safe),
    }
    ho_code, description = OFFENCES[typed["offence"]]
    record = {
        "offences": offence(typed["offence"], ho_code, description),
        "flags": flags(_FLAG[typed["domestic_abuse"]]),
        "victims": [victim(now, person, **changes)],
    }
    return body(now, reference, record)


def _name_fault(name: str) -> str:
    if not name:
        return "Enter a name; a fictional one."
    return f"Enter at most {_LONGEST_NAME} characters." if len(name) > _LONGEST_NAME else ""


def _digits(text: str) -> str:
    return re.sub(r"[\s()-]", "", text)
