"""What stays of a victim when their content is erased, and what of a case may hold words about them.

Ids, kinds, dates of the work and counts stay, so that figures and the log still add up; and that nobody may write to them. Must not delete
anything, and must not say whether it may be erased by law.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace

from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.delivery import MAY_HAVE_LEFT, WAITING, Notification, State
from chalicelib.domain.events import HoldReleased, InvestigationEvent, UpdateWritten
from chalicelib.domain.model import ContactSafety, Status, Victim
from chalicelib.domain.obligations import Obligation

ERASED = "[erased]"
_KEPT_OF_A_VICTIM = ("id", "kind", "referral_opt_out")
Worded = HoldReleased | InvestigationEvent | UpdateWritten


def erased(part: Part) -> Part:
    """The part without a name, an address, a date of birth or anything said of the person; nobody may contact them by it."""
    victim = part.victim
    safety = ContactSafety(safe_channels=frozenset(), do_not_contact=True)
    return replace(part, victim=Victim(victim.id, victim.kind, referral_opt_out=victim.referral_opt_out, contact_safety=safety))


def erased_head(head: Head, victim_id: str, *, alone: bool) -> Head:
    """The head without what named persons wrote about this victim; nor where it happened, where nobody else is a victim of it."""
    releases = tuple(replace(one, reason=ERASED) if one.victim_id == victim_id else one for one in head.releases)
    facts = replace(head.facts, location_text=None) if head.facts and alone else head.facts
    return replace(head, revision=head.revision + 1, releases=releases, facts=facts)


def is_alone(case: Case, victim_id: str) -> bool:
    return {key for key, part in case.parts.items() if not part.removed} <= {victim_id}


def is_erased(part: Part) -> bool:
    return part == erased(part)


def erased_record(canonical: str, victim_id: str) -> str | None:
    """A version of the contract without this victim's content, as the archive keeps it; None where it holds none of it."""
    record = json.loads(canonical)
    occurrence = record.get("occurrence") or {}
    victims = [_without_content(one) if one.get("id") == victim_id else one for one in occurrence.get("victims") or []]
    if victims == (occurrence.get("victims") or []):
        return None
    alone = all(one.get("id") == victim_id for one in victims)
    record["occurrence"] = occurrence | {"victims": victims} | ({"location": None} if alone else {})
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _without_content(victim: dict[str, object]) -> dict[str, object]:
    kept = {name: victim[name] for name in _KEPT_OF_A_VICTIM if name in victim}
    return kept | {"contact_safety": {"safe_channels": [], "do_not_contact": True}, "erased": True}


def worded(case: Case, victim_id: str) -> list[Worded]:
    """Events of the case whose own words may be about this victim and nobody else, and that still have any."""
    alone = is_alone(case, victim_id)
    return [event for event in case.events if isinstance(event, Worded) and _words(event) and _about(event, victim_id, alone)]


def _words(event: Worded) -> bool:
    words = event.words if isinstance(event, UpdateWritten) else event.reason
    return words not in (None, "", ERASED)


def _about(event: Worded, victim_id: str, alone: bool) -> bool:
    """An investigation event that names several, or everybody of several, stays: it is about the others too."""
    if isinstance(event, InvestigationEvent):
        return alone if event.victim_ids is None else set(event.victim_ids) == {victim_id}
    return event.victim_id == victim_id


def without_words(event: Worded) -> Worded:
    return replace(event, words=ERASED) if isinstance(event, UpdateWritten) else replace(event, reason=ERASED)


def why_live(case: Case, rows: Collection[Notification], owed: Collection[Obligation]) -> list[str]:
    """What the case still needs this victim's content for; empty where it needs it for nothing."""
    found = []
    if case.head.facts is not None and case.head.facts.status is Status.OPEN:
        found.append("the occurrence is open")
    if case.head.marker is not None or case.head.suspension is not None:
        found.append("a version is in progress or in quarantine")
    if count := sum(row.unmet for row in owed):
        found.append(f"{count} obligations are owed")
    if count := sum(row.state in {*WAITING, State.SENDING, State.UNKNOWN} for row in rows):
        found.append(f"{count} messages are on their way")
    return found


def letters(rows: Collection[Notification]) -> list[str]:
    """Ids of the messages of which a finished letter may be kept."""
    return [row.notification_id for row in rows if row.channel == "letter" and (row.state in MAY_HAVE_LEFT or row.may_be_out)]
