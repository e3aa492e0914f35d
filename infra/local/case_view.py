"""One occurrence as the console shows it: victims with route and why, what is owed and was agreed, messages, events, reminders, versions.

Must not decide: it lays side by side what the tables, the archive and the providers hold. `story` tells it in order.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from infra.local.announced import announced
from infra.local.case_words import DIGEST, NO_MESSAGE
from infra.local.due import stamp
from infra.local.live_tables import items, plain, text
from infra.local.outbox_store import Accepted
from infra.local.plain_words import RULES, named, rule_source
from infra.local.received import Received, Version
from infra.local.table_reader import Row, TableReader

_VICTIM = "victim#"


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule that fired: what it means, and whose rule it is."""

    rule_id: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class VictimView:
    """One victim: the part as stored, the decision in it and the rules behind it, the update agreement as stored (None: there never was
    one; its `history` is a list), and what is owed and was written to or about them."""

    victim_id: str
    name: str
    removed: bool
    part: dict[str, Any]
    decision: dict[str, Any]
    rule: Fired | None
    others: tuple[Fired, ...]
    agreement: Row | None
    obligations: list[Row]
    messages: list[Row]


@dataclass(frozen=True, slots=True)
class Mark:
    """What another occurrence says of a person, address or number that this one names too."""

    victim_id: str
    reference: str
    other_victim: str
    says: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """An occurrence. `messages` and `obligations` are all of them, each also under its victim; messages know where they can be read.

    `events` are what the records system told, by the time of which they tell; `reminders` the digests that name this occurrence, oldest
    first, each with `lines` of this occurrence alone; `announced` what the records system was told.
    """

    reference: str
    head: dict[str, Any]
    victims: list[VictimView]
    obligations: list[Row]
    messages: list[Row]
    events: list[Row]
    reminders: list[Row]
    announced: list[dict[str, Any]]
    audit: list[Row]
    versions: tuple[Version, ...]
    quarantined: list[dict[str, Any]]
    marks: list[Mark]
    raw: dict[str, Any]

    @property
    def of_nobody(self) -> tuple[list[Row], list[Row]]:
        """Obligations and messages of no single victim."""
        known = {victim.victim_id for victim in self.victims}
        return [o for o in self.obligations if o.get("victim_id") not in known], [
            m for m in self.messages if m.get("victim_id") not in known
        ]


def case_view(tables: TableReader, received: Received, reference: str, accepted: Iterable[Accepted]) -> CaseView | None:
    """The case of an eleven-digit reference, None where nothing is stored or in quarantine. `accepted` is what the providers took."""
    rows = tables.of("occurrences", "occurrence_ref", reference)
    quarantined = quarantined_of(reference)
    if not rows and not quarantined:
        return None
    obligations = sorted(tables.of("obligations", "occurrence_ref", reference), key=lambda row: str(row["due_at"]))
    stored = tables.of("notifications", "occurrence_ref", reference, "by_occurrence")
    taken = list(accepted)
    messages = _readable([row for row in stored if row["message"] not in NO_MESSAGE], taken)
    events = sorted(tables.of("events", "occurrence_ref", reference), key=lambda row: str(json.loads(row["body"])["at"]))
    agreements = {row["victim_id"]: _agreement(row) for row in tables.of("agreements", "occurrence_ref", reference)}
    audit = tables.of("audit", "occurrence_ref", reference)
    parts = {row["part"].removeprefix(_VICTIM): row for row in rows if row["part"].startswith(_VICTIM)}
    head: dict[str, Any] = next((json.loads(row["body"]) for row in rows if row["part"] == "head"), {})
    victims = [_victim(name, row, agreements.get(name), obligations, messages) for name, row in parts.items()]
    return CaseView(
        reference=reference,
        head=head,
        victims=victims,
        obligations=obligations,
        messages=messages,
        events=events,
        reminders=_readable(reminders_of(reference), taken),
        announced=announced(reference),
        audit=audit,
        versions=received.versions(reference),
        quarantined=quarantined,
        marks=[mark for victim in victims for mark in _marks(tables, reference, victim)],
        raw={
            "head": head,
            "victims": {victim.victim_id: victim.part for victim in victims},
            "agreements": list(agreements.values()),
            "obligations": obligations,
            "events": events,
            "notifications": stored,
            "audit": audit,
        },
    )


def reminders_of(reference: str) -> list[dict[str, Any]]:
    """Digests that left and whose lines name an occurrence, with those lines alone (pairs of reference and obligation id)."""
    digests = [item for item in items("notifications") if text(item, "message") == DIGEST and text(item, "sent_at")]
    # Looked at before it is made plain: a month of reminders names tens of thousands of lines.
    mine = [plain(item) for item in digests if any(line["L"][0]["S"] == reference for line in item.get("lines", _NO_LINES)["L"])]
    return [row | {"lines": [line for line in row["lines"] if line[0] == reference]} for row in mine]


_NO_LINES: dict[str, list[Any]] = {"L": []}


def _agreement(row: Row) -> Row:
    return row | {"history": json.loads(row.get("history") or "[]")}


def quarantined_of(reference: str | None = None) -> list[dict[str, Any]]:
    """Quarantined bodies (ids, faults, state; never values), of one reference or all, oldest first."""
    rows = [json.loads(text(item, "body") or "{}") | {"state": text(item, "state")} for item in items("quarantine")]
    found = [row for row in rows if reference is None or row.get("reference") == reference]
    return sorted(found, key=lambda row: str(row.get("received_at")))


def fired(rule_id: str) -> Fired:
    """A rule by its id; one that no row has any more is shown by its id alone."""
    return Fired(rule_id, named(RULES, rule_id), rule_source(rule_id))


def _readable(rows: list[Row], accepted: Iterable[Accepted]) -> list[Row]:
    """Each row with `seen`: the ids of the messages that a reader may have, one for each time a provider accepted it, with its time."""
    mine = {row["notification_id"] for row in rows}
    taken = [message for message in accepted if message.notification_id in mine]
    return [row | {"seen": _seen(row, taken)} for row in sorted(rows, key=lambda row: (row["created_at"], row["audience"] != "victim"))]


def _seen(row: Row, taken: list[Accepted]) -> list[tuple[str, str]]:
    if row["channel"] == "letter":
        return [(row["notification_id"], row["sent_at"])] if row.get("sent_at") else []
    return [(m.provider_message_id, stamp(m.accepted_at)) for m in taken if m.notification_id == row["notification_id"]]


def _victim(victim_id: str, row: Row, agreement: Row | None, obligations: list[Row], messages: list[Row]) -> VictimView:
    part = json.loads(row["body"])
    decision = part.get("decision") or {}
    rule_id = decision.get("rule_id")
    return VictimView(
        victim_id=victim_id,
        name=_name(part.get("victim") or {}),
        removed=bool(row.get("removed")),
        part=part,
        decision=decision,
        rule=fired(rule_id) if rule_id else None,
        others=tuple(fired(sign) for sign in decision.get("signs", ()) if sign != rule_id),
        agreement=agreement,
        obligations=[o for o in obligations if o.get("victim_id") == victim_id],
        messages=[m for m in messages if m.get("victim_id") == victim_id],
    )


def _name(victim: dict[str, Any]) -> str:
    given = " ".join(name for name in (victim.get("given_name"), victim.get("family_name")) if name)
    return given or victim.get("organisation") or "no name recorded"


_SAYS = {
    "named": "names the same person, address or number",
    "specialist": "is a specialist matter",
    "do_not_contact": "says: do not contact",
}


def _marks(tables: TableReader, reference: str, victim: VictimView) -> list[Mark]:
    """What other occurrences say of this victim's contact points, which are only known as keyed hashes."""
    rows = [row for point in victim.part.get("points", ()) for row in tables.of("contact-points", "point", point)]
    said = {
        (member, kind) for row in rows for kind in _SAYS for member in row.get(kind) or () if not str(member).startswith(f"{reference}#")
    }
    closed = {str(row["closed"]) for row in rows if row.get("closed")}
    marks = [Mark(victim.victim_id, *_of_member(str(member)), says=_SAYS[kind]) for member, kind in sorted(said)]
    return marks + [Mark(victim.victim_id, reference, victim.victim_id, f"an address is closed: {why}") for why in sorted(closed)]


def _of_member(member: str) -> tuple[str, str]:
    reference, _, victim = member.partition("#")
    return reference, victim
