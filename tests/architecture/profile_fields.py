"""Every field of a profile with what it means, and the tables of docs/adopting.md made from them.

Must not read a profile but the one that is shipped, nor know what a field is for beyond its one sentence.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from chalicelib.domain.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "adopting.md"
SHIPPED: dict[str, Any] = tomllib.loads((ROOT / "chalicelib" / "profiles" / "derbyshire.toml").read_text(encoding="utf-8"))

MEANS = {
    "sms_sender": "who a text is from: at most 11 characters, registered with the provider",
    "email_from": "name and address that e-mails come from; its domain is the parameter `MailDomain`",
    "begins_on": "the day on which the force began with this service: whoever reported before is neither acknowledged nor referred by it. "
    "May be left out: then every record is",
    "update_every_days": "how often updates are proposed to a victim who has not agreed to anything yet",
    "sexual_offence_service": "who takes a sexual offence, in the task of the victim care unit",
    "high_risk_service": "who takes domestic abuse graded high; such a task is urgent",
    "domestic_abuse_without_consent": "what is done where a victim of domestic abuse declined support",
    "specialist_names": "names of specialist services and units: a text that holds one tells the kind of crime, so none may",
    "held_classes": "Home Office classes told by a person beside those held everywhere; empty holds no more",
    "districts": "the force's districts, in lower case: another text there is taken for free text",
    "domestic_abuse_services": "service by district, `*` for the rest",
    "force.name": "the force's full name, in every message and page",
    "force.short_name": "its short name: texts, and the title of pages",
    "force.website": "its website, without https://",
    "force.non_emergency": "the number to call that is no emergency",
    "force.text_relay": "the same by Relay UK",
    "force.reply_to": "where a victim's reply goes: a mailbox that a person reads",
    "force.privacy_notice": "its privacy notice, without https://",
    "force.victims_code_leaflet": "its page about the Victims' Code, without https://",
    "force.postal_address": "its address at the top of letters, by line",
    "contact.use_given_when_unconfirmed": "whether what an adult gave may be used though nobody confirmed it, in property crime",
    "contact.confirmation_limit": "how long a confirmation that contact is safe holds",
    "contact.child_with_representative": "whether a child's representative, known not linked to the suspect, is told automatically",
    "contact.english_where_no_template": "whether a victim whose language is not written is told in English instead of by a person",
    "hold.property_crime": "how long a message waits after a record's first acceptance, so that late flags are caught",
    "hold.against_person": "the same for an offence against a person",
    "quiet.opens": "from when in the day victims are written to, London",
    "quiet.closes": "until when",
    "delivery.lease": "how long a worker may be silent before its attempt counts as unknown",
    "delivery.unknown_after": "how long an unknown outcome waits for its receipt",
    "delivery.first_backoff": "the first wait after a provider was busy",
    "delivery.longest_backoff": "the longest wait; it doubles until then",
    "delivery.most_attempts": "attempts until a person is asked",
    "reminders.at": "when reminders leave in the morning",
    "reminders.lead_days": "calendar days before a deadline at which it is reminded of",
    "reminders.link_days": "how long a link in a reminder opens a page",
    "reminders.most_lines": "the longest reminder; the rest is counted",
    "ladder.role": "who hears of what is late, one step after another; `supervisor` is the officer's own",
    "ladder.working_days_late": "after how many working days",
    "contact_forms.source_window": "over how long messages from one address are counted",
    "contact_forms.per_source": "how many are taken then",
    "contact_forms.reference_window": "over how long messages about one case are counted",
    "contact_forms.per_reference": "how many go to the officer then; the rest goes to the contact centre together",
    "contact_forms.unanswered": "working days without an answer until the supervisor has it",
    "contact_forms.kept": "how long the text of such a message is kept",
    "web.paper": "what the force calls the paper that an officer gives a victim",
    "web.reference": "how a reference is written there",
    "web.exit_url": "where *Exit this page* leads: https, and not personalised",
    "web.exit_name": "what that is called",
    "web.data_protection_email": "who answers about personal data",
    "web.complaints": "where complaints about the police go, without https://",
    "web.statement_prepared": "the day on which the accessibility statement was prepared, and again when it is reviewed, as it says itself",
    "web.case_years": "years after which an archived record goes whatever becomes of its case, as the privacy page says: the bucket's own "
    "rule, and twenty years above the longest of `retention.cases`",
    "web.letter_days": "days that copies of letters are kept: the bucket of a package forgets them then",
    "retention.quarantine": "how long a record that could not be read is kept, row and body",
    "retention.seals": "how long nobody at all can delete a sealed batch of the log; what is locked stays locked so long",
    "retention.cases.no_crime": "how long the content of a case is kept after the last thing that happened in it: cancelled, or never a "
    "crime; no period is below 500 days",
    "retention.cases.business": "the same where every victim is a business",
    "retention.cases.ordinary": "the same for every other case",
    "retention.cases.specialist": "the same for what is or was specialist, and for what is not known; the longest",
    "retention.cases.by_a_person": "classes of which a person decides then; the content of the others goes by itself",
    "case_page.link_days": "how long a link in a message opens the victim's page",
    "case_page.code_minutes": "how long the code to it lives",
    "case_page.tries": "how often a code may be typed wrong",
    "case_page.codes_a_day": "codes a day for one victim of one case",
    "case_page.session_minutes": "how long the page stays open after the code",
    "case_page.changes_a_day": "changes a day of what was agreed",
    "case_page.source_window": "over how long typed codes of letters are counted",
    "case_page.per_source": "how many one source may type then",
    "case_page.update_days": "how often a victim may choose to hear, in days",
    "sign_in.collar_claim": "the claim of the force's sign-in that holds a collar number",
    "sign_in.groups_claim": "the claim that holds groups",
    "sign_in.session": "how long an officer stays signed in",
    "sign_in.groups": "which unit a group of the force's directory stands for",
    "victim_service.name": "the service that victims are referred to, opt-out",
    "victim_service.phone": "its telephone, told to victims",
    "victim_service.website": "its website",
    "victim_service.email": "where referrals go; without it none leaves by itself",
    "other_support.name": "another service that victims are told of",
    "other_support.phone": "its telephone",
    "other_support.website": "its website",
    "other_support.email": "not used, and may be left out",
    "roles.name": "what a unit is called; there is one table for each unit: `[roles.victim_care_unit]` and so on",
    "roles.email": "its mailbox, read in working hours; `duty_contact` and `control_room` at any hour",
    "roles.phone": "its telephone",
    "roles.lists": "hours at which it gets new tasks together; left out: each at once",
}
"""By path. Entries of a list or a table have the path of the list."""


def fields() -> Iterator[str]:
    """Every path that a profile has, as `MEANS` names them."""
    yield from _of(Profile, "")


def _of(kind: type, prefix: str) -> Iterator[str]:
    for name, hint in get_type_hints(kind).items():
        inner = _inside(hint)
        if inner is None:
            yield prefix + name
        else:
            yield from _of(inner, f"{prefix}{name}.")


def _inside(hint: Any) -> type | None:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint
    if get_origin(hint) in (tuple, Mapping) or str(get_origin(hint)) == "<class 'collections.abc.Mapping'>":
        return next((kind for kind in get_args(hint) if dataclasses.is_dataclass(kind) and isinstance(kind, type)), None)
    return None


def tables() -> str:
    """The generated part of docs/adopting.md."""
    lines = ["| Field | Means | Derbyshire |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{path}` | {MEANS[path]} | {_shown(path)} |" for path in fields())])


def _shown(path: str) -> str:
    found: Any = SHIPPED
    for part in path.split("."):
        if isinstance(found, list):
            found = [row.get(part) for row in found]
        elif part not in found and all(isinstance(row, dict) for row in found.values()):
            found = [row.get(part) for row in found.values()]
        else:
            found = found.get(part)
    return _words(found)


def _words(found: Any) -> str:
    if isinstance(found, dict):
        return f"{len(found)} entries"
    if isinstance(found, list) and len(found) > 3:
        return f"{len([item for item in found if item is not None])} of them"
    if isinstance(found, list):
        return ", ".join(_words(item) for item in found if item is not None) or "none"
    if found is None:
        return "left out"
    return f"`{str(found).lower() if isinstance(found, bool) else found}`"
