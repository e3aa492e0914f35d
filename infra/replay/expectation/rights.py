"""What is owed to one victim but the news of key events, and what met it, by the kinds and the evidence of docs/obligations.md.

Must not ask for a task or a message, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from infra.replay.expectation.event_contract import REACHED
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import referable
from infra.replay.expectation.rows import ARRIVED, Key
from infra.replay.expectation.updates import Chain, Link, Terms, chain_of
from infra.replay.expectation.views import View
from infra.replay.expectation.working_days import london_day, working_days_after

WITH_RIGHTS = frozenset({"victim_services", "domestic_abuse", "sexual_offence", "held"})
ACKNOWLEDGEMENT: Key = ("written_acknowledgement",)
REFERRAL: Key = ("referral",)
NEEDS: Key = ("needs_assessment",)
_DAYS = 2


def rights(view: View, *, automatic: bool) -> Iterator[tuple[Key, Owed]]:
    """Everything owed to the victim of a view whose route has rights, by its name. What was referred automatically is evidence only where
    it should have been: a specialist victim is offered another referral."""
    paper, found = on_paper(view), assessed(view)
    yield ACKNOWLEDGEMENT, _owed(view, ACKNOWLEDGEMENT, paper, _delivered(view, "acknowledgement"))
    if referable(view.victim, view.record["reported_at"]) and view.victim.get("referral_opt_out") is not True:
        yield REFERRAL, _owed(view, REFERRAL, None, _delivered(view, "referral") if automatic else None)
    if view.victim["kind"] != "business":
        yield NEEDS, _owed(view, NEEDS, found, None)
    yield from agreed_updates(view)


def agreed_updates(view: View) -> Iterator[tuple[Key, Owed]]:
    """Every update ever owed, those of an agreement that ended too."""
    yield from ((("update", link.began), _update(link)) for link in _chain(view).owed)


def terms(view: View) -> Terms:
    """The terms of updates in force."""
    return _chain(view).terms


def declined(view: View) -> bool:
    """Whether the victim wants no updates, by the terms in force."""
    return _chain(view).terms.declined


def terms_in_force(view: View) -> Terms | None:
    """None: no agreement was ever open."""
    chain = _chain(view)
    return chain.terms if chain.ever else None


def _chain(view: View) -> Chain:
    start = view.rights_since or view.accepted_at
    reported_at, recorded_at = view.record["reported_at"], view.record["recorded_at"]
    return chain_of(start, view.spoken, view.events, reported_at, recorded_at, view.victim.get("preferred_channel"))


def _owed(view: View, key: Key, said: datetime | None, delivered: datetime | None) -> Owed:
    contact = by_contact(view, key[0])
    found = min((moment for moment in (said, delivered, contact) if moment is not None), default=None)
    by_record = found is not None and found == said and found not in (delivered, contact)
    return Owed(key[0], deadline(view), met_at=found, by_record=by_record)


def deadline(view: View) -> datetime:
    """Of every right but the updates."""
    return working_days_after(view.record["reported_at"], _DAYS)


def _update(link: Link) -> Owed:
    owed = Owed("update", link.due, proposed=link.proposed, met_at=link.met_at)
    if link.ended_at is not None:
        owed.closed = "breached" if link.due < link.ended_at and not link.wrong else "waived"
    return owed


def by_contact(view: View, covered: str) -> datetime | None:
    """The first contact that reached the victim and covers it; before the day of the report nothing was owed."""
    found = (said for kind, said in view.events if kind == "contact_recorded" and covered in said["covers"])
    moments = (said["contacted_at"] for said in found if said["result"] in REACHED)
    first = london_day(view.record["reported_at"])
    return min((moment for moment in moments if london_day(moment) >= first), default=None)


def on_paper(view: View) -> datetime | None:
    """When the officer gave the paper contract, as the record says."""
    given: datetime | None = (view.victim.get("written_acknowledgement") or {}).get("given_at")
    return given


def assessed(view: View) -> datetime | None:
    """When enhanced rights were assessed; where the record says what and not when, when it was recorded."""
    said = view.victim.get("enhanced") or {}
    if said.get("eligible") is None:
        return None
    moment: datetime = said.get("assessed_at") or view.record["recorded_at"]
    return moment


def _delivered(view: View, template: str) -> datetime | None:
    """When the first message arrived whose words are what is owed."""
    rows = (row for row in view.rows.values() if row.template == template and row.evident and row.state in ARRIVED)
    return min((row.delivered_at for row in rows if row.delivered_at is not None), default=None)
