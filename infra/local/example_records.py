"""Example records, as a records system would send them: what each shows, and its body.

Only fictional people, Ofcom's 07700 900xxx numbers and reserved mail domains. Must not reach the machine: whoever wants an example puts it
on the queue. An example is made for a `Casting`, so that two of them never share a person or an address.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.deadlines import LONDON

Record = dict[str, Any]

ASH = {"collar_number": "2345", "name": "PC Sam Ash", "email": "sam.ash@example.test", "phone": "101", "team": "Heanor SNT"}
COLE = {"collar_number": "2351", "name": "PC Robin Cole", "email": "robin.cole@example.test", "phone": "101", "team": "Ripley SNT"}
REED = {"collar_number": "1890", "name": "Sgt Jo Reed", "email": "jo.reed@example.test"}
_FLAGS = {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}


@dataclass(frozen=True, slots=True)
class Casting:
    """Who plays in one example: its reference (eleven digits), the person's number, and what sets e-mail addresses and mobiles apart."""

    reference: str
    person: int
    mobile: str
    mailbox_suffix: str = ""

    def email(self, name: str) -> str:
        """An address of this example alone."""
        return f"{name}{self.mailbox_suffix}@example.org"


@dataclass(frozen=True, slots=True)
class Example:
    """One example: `name` in a form, `title` on its button, `expect` what should happen, `shows` the same for a list, in a line."""

    name: str
    title: str
    expect: str
    shows: str
    occurrence: Callable[[datetime, Casting], Record]

    def body(self, now: datetime, casting: Casting) -> str:
        """The message of the records contract, dated shortly before `now`."""
        return body(now, casting.reference, self.occurrence(now, casting))


def body(now: datetime, reference: str, changes: Record) -> str:
    """A whole occurrence message, with `changes` laid over an open crime that was reported an hour ago by telephone."""
    occurrence = {
        "reference": reference,
        "version": 1,
        "status": "open",
        "record_type": "crime",
        "reported_at": at(now, hours=1),
        "recorded_at": at(now, minutes=5),
        "occurred_from": at(now, hours=12),
        "occurred_to": at(now, hours=3),
        "summary": "Fictional, for the demonstration.",
        "location": {"text": "Wood Street, Heanor", "district": "Amber Valley"},
        "source": "101",
        "flags": _FLAGS,
        "markers": [],
        "restricted": False,
        "dash_risk": None,
        "linked_references": [],
        "officer": ASH,
        "supervisor": REED,
    }
    return json.dumps(envelope(now, f"demo-{reference}", "occurrence") | {"occurrence": occurrence | changes})


def envelope(now: datetime, message_id: str, kind: str) -> Record:
    """What stands around every kind of message."""
    return {"contract": "kept-informed/records/v1", "kind": kind, "message_id": message_id, "sent_at": at(now)}


def at(now: datetime, **before: float) -> str:
    """A time so long before `now`, as the contract writes it."""
    return (now - timedelta(**before)).isoformat(timespec="seconds")


def offence(code: str, ho_code: str, description: str) -> list[Record]:
    """The one offence of a record."""
    return [{"code": code, "ho_code": ho_code, "description": description, "principal": True}]


def flags(domestic_abuse: bool | None) -> Record:
    """The four flags, all false but perhaps one."""
    return _FLAGS | {"domestic_abuse": domestic_abuse}


def victim(now: datetime, person: int, **changes: Any) -> Record:
    """An adult who may be written to by e-mail and text, with `changes` laid over."""
    return {
        "id": "V1",
        "person_ref": f"N{700000 + person}",
        "kind": "person",
        "date_of_birth": "1988-04-02",
        "deceased": False,
        "preferred_channel": "email",
        "language": "en",
        "communication_needs": [],
        "contact_safety": safety(now, "email", "sms"),
        "relationship_to_suspect": "stranger",
        "referral_opt_out": False,
        "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
    } | changes


def safety(now: datetime, *channels: str) -> Record:
    """What the victim said is safe, confirmed half an hour ago."""
    return {"safe_channels": list(channels), "do_not_contact": False, "confirmed_at": at(now, minutes=30)}


def _burglary(now: datetime, who: Casting) -> Record:
    alex = victim(now, who.person, given_name="Alex", family_name="Morgan", email=who.email("alex.morgan"), mobile=who.mobile)
    return {"offences": offence("28E", "028/03", "Burglary residential"), "victims": [alex]}


def _domestic_abuse(now: datetime, who: Casting) -> Record:
    robin = victim(
        now,
        who.person,
        given_name="Robin",
        family_name="Hale",
        email=who.email("robin.hale"),
        relationship_to_suspect="ex_partner",
        support_consent=True,
    )
    return {"offences": offence("8N", "008/06", "Assault with injury"), "flags": flags(True), "dash_risk": "high", "victims": [robin]}


def _child(now: datetime, who: Casting) -> Record:
    mother = {
        "given_name": "Priya",
        "family_name": "Shah",
        "relationship": "parent",
        "email": who.email("priya.shah"),
        "mobile": who.mobile,
        "address": ["4 Mill Lane", "Ripley", "DE5 3XX"],
        "linked_to_suspect": False,
    }
    born = f"{now.year - 12}-03-14"
    ravi = victim(now, who.person, given_name="Ravi", family_name="Shah", date_of_birth=born, representative=mother)
    return {"offences": offence("45", "045/10", "Theft from vehicle"), "victims": [ravi]}


def _business(now: datetime, who: Casting) -> Record:
    shop = victim(
        now,
        who.person,
        kind="business",
        person_ref=None,
        date_of_birth=None,
        organisation="Heanor Cycles (fictional)",
        contact_name="Chris Vale",
        email=who.email("chris.vale"),
        relationship_to_suspect=None,
    )
    return {"offences": offence("30C", "030/02", "Burglary business and community"), "victims": [shop]}


def _text_message(now: datetime, who: Casting) -> Record:
    zoe = victim(
        now,
        who.person,
        given_name="Zoë",
        family_name="Łukasik",
        email=who.email("zoe.lukasik"),
        mobile=who.mobile,
        preferred_channel="sms",
    )
    return {"offences": offence("44", "044/00", "Theft or unauthorised taking of a pedal cycle"), "victims": [zoe]}


def _letter(now: datetime, who: Casting) -> Record:
    ada = victim(now, who.person, given_name="Ada", family_name="Brook", preferred_channel="letter", contact_safety=safety(now, "letter"))
    return {"offences": offence("58C", "058/03", "Criminal damage to a vehicle"), "victims": [ada]}


def _third_party(now: datetime, who: Casting) -> Record:
    sam = victim(now, who.person, given_name="Sam", family_name="Okoro", email=who.email("sam.okoro"), contact_safety=None)
    return {"offences": offence("105A", "105/01", "Assault without injury"), "source": "third_party", "victims": [sam]}


def _agreed_update(now: datetime, who: Casting) -> Record:
    june = victim(now, who.person, given_name="June", family_name="Park", email=who.email("june.park"))
    june["enhanced"] = {"eligible": False, "reasons": [], "assessed_by": COLE["collar_number"], "assessed_at": at(now, minutes=30)}
    due = now.astimezone(LONDON).date() + timedelta(days=3)
    june["update_agreement"] = {"every_days": 7, "method": "phone", "next_update_on": due.isoformat(), "declined": False}
    return {"offences": offence("28E", "028/03", "Burglary residential"), "officer": COLE, "victims": [june]}


def _broken(now: datetime, who: Casting) -> Record:
    kim = victim(now, who.person, given_name="Kim", family_name="Lowe", date_of_birth="31/02/1990")
    return {"offences": offence("28E", "028/03", "Burglary residential"), "status": "opened", "victims": [kim]}


EXAMPLES = (
    Example(
        "burglary",
        "Burglary",
        "After half an hour, and in daytime only, the victim gets the written acknowledgement by e-mail; once it has left, the victim "
        "service gets the referral as a PDF.",
        "a burglary: acknowledgement and referral after the hold window",
        _burglary,
    ),
    Example(
        "domestic-abuse",
        "Domestic abuse",
        "Nothing is sent to the victim or the opt-out service, ever. The Victim Care Unit and the duty contact get a task at once, at any "
        "hour: high risk, so for IDVA.",
        "domestic abuse graded high: nothing automatic, a task for IDVA",
        _domestic_abuse,
    ),
    Example(
        "child",
        "A child",
        "The mother, who is not linked to the suspect, gets the acknowledgement. Nobody is referred without being asked.",
        "a child with a mother who is not linked to the suspect: she is told, nobody is referred",
        _child,
    ),
    Example(
        "business",
        "A business",
        "The shop's named contact gets the acknowledgement, and the victim service the referral.",
        "a shop with a named contact",
        _business,
    ),
    Example(
        "text-message",
        "Text message preferred",
        "A short text that does not name the offence goes to the mobile, and the full words follow by e-mail.",
        "somebody who prefers text messages: the full words follow by e-mail",
        _text_message,
    ),
    Example(
        "letter",
        "Letter only",
        "A letter is laid as a PDF into the bucket of letters, for printing; the referral follows it.",
        "somebody to whom only a letter is safe: a PDF for the printer",
        _letter,
    ),
    Example(
        "third-party",
        "Reported by a neighbour",
        "Held: nobody knows yet what is safe. The officer is asked to find out; the victim hears nothing meanwhile.",
        "reported by a neighbour: held until somebody asks the victim what is safe",
        _third_party,
    ),
    Example(
        "agreed-update",
        "An agreed update",
        "The officer agreed to ring within three days. Until they record it they are reminded each morning; what stays late goes to the "
        "supervisor, then to the inspector. Let ten days pass.",
        "a burglary with an update agreed in three days: reminders, and who hears when it is late",
        _agreed_update,
    ),
    Example(
        "broken",
        "A broken record",
        "It cannot be recorded: it goes to quarantine, listed by where its faults lie, and operations get a task.",
        "a broken record: quarantined by its faults",
        _broken,
    ),
)
BY_NAME = {example.name: example for example in EXAMPLES}
