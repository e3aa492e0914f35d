"""What readers inside the force and the victim service are told of work that is owed, as content for its template.

Must not render or send, and must not say a name or a contact detail of a victim.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.case import Case
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification
from chalicelib.domain.messages import Digest, DigestLine, ServiceNotice, Task
from chalicelib.domain.model import DirectoryOfficer, Officer, Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.profile import Profile
from chalicelib.domain.reminders import Reminded

_OWED = {
    Purpose.SPECIALIST: "A person must contact the victim in a safe way, acknowledge the report in writing and offer support",
    Purpose.DOUBT: "Something needed to decide safely is not known. Fill the gap on the record, or contact the victim yourself",
    Purpose.BY_PERSON: "This victim is not told automatically. Decide who tells them and how, in a safe way, and offer support",
    Purpose.TRANSFERRED: "This record was transferred. Tell the victim who has it now",
    Purpose.TELL_VICTIM: "No safe way to write works. Read what the record says of safe contact; then acknowledge, decide the referral",
    Purpose.INTERPRETER: "The victim needs a language or format that we cannot write in. Arrange it; acknowledge; decide the referral",
    Purpose.FULL_WORDS: "The victim gets only a text, which does not name the offence. Give the written acknowledgement in full",
    Purpose.ASK_REFERRAL: "The record does not say whether the victim agrees to be referred for support. Ask, and update the record",
    Purpose.TELL_REFERRAL: "No message told this person of a referral, and now they may be referred. Tell them first, then refer them",
    Purpose.SENT_BEFORE: "We wrote to this victim, or referred them, before the record became specialist. Check that they are safe",
    Purpose.NOT_DELIVERED: "A message could not be delivered. Tell the victim another way; decide the referral if it was not made",
    Purpose.OUTCOME_UNKNOWN: "It is not known whether a message arrived. Check with the victim; decide the referral if it was not made",
    Purpose.STOP_CONFIRM: "The victim service was told to stop contact. Confirm with the service that it did",
    Purpose.RING_THE_SERVICE: "The victim service could not be told by email to stop, or that the victim said no. Ring the service",
    Purpose.REFER_AGAIN: "The victim had said no to the service, which knows it, and now agrees. Ask them, then refer them yourself",
    Purpose.QUARANTINE: "A record of this occurrence could not be read. Messages to its victims wait. Correct it, or release the hold",
}


def merged_officer(named: Officer | None, listed: DirectoryOfficer | None) -> Officer | None:
    """The directory beats the record; the record fills gaps. An officer who has left gives their name but no way to reach them."""
    if listed is None:
        return named
    base = named or Officer(collar_number=listed.collar_number)
    if not listed.active:
        return Officer(base.collar_number, listed.name or base.name, None, None, listed.team or base.team)
    return Officer(
        listed.collar_number, listed.name or base.name, listed.email or base.email, listed.phone or base.phone, listed.team or base.team
    )


def task(profile: Profile, owed: Obligation, to: str, why_you: str | None = None) -> Task:
    """What a person inside the force is asked to do: reference, what is owed and by when, where it should go."""
    purpose = owed.purpose or Purpose.SPECIALIST
    because = " ".join(words for words in ("Held because of another record." if owed.elsewhere else None, why_you) if words)
    return Task(
        force=profile.force,
        to=to,
        reference=owed.reference,
        task_id=owed.obligation_id,
        owed=_OWED[purpose],
        due_at=owed.due_at,
        urgent=owed.urgent,
        destinations=owed.destinations,
        missing=owed.missing,
        because=because or None,
    )


_KIND_OWED = {
    Kind.WRITTEN_ACKNOWLEDGEMENT: "Written acknowledgement",
    Kind.REFERRAL: "Referral for support, or the offer of it",
    Kind.NEEDS_ASSESSMENT: "Needs assessment, with enhanced rights",
    Kind.UPDATE: "Update to the victim",
    Kind.STOP_NOTICE: "Confirmation that the victim service stopped contact",
    Kind.QUARANTINED_RECORD: "A record that could not be read",
}


def digest(profile: Profile, row: Notification, to: str, reminded: Sequence[tuple[Reminded, str]], more: int) -> Digest:
    """What one reader is reminded of today; each with the address of its page."""
    lines = tuple(
        DigestLine(
            reference=line.owed.reference,
            owed=_owed_words(line.owed),
            since=line.owed.started_at,
            due_at=line.owed.due_at,
            urgency=line.urgency,
            link=link,
            tried_on=local_day(line.owed.tried_at) if line.owed.tried_at else None,
            because=line.because,
        )
        for line, link in reminded
    )
    return Digest(profile.force, to, local_day(row.created_at), lines, more)


def _owed_words(owed: Obligation) -> str:
    if owed.kind in _KIND_OWED:
        words = _KIND_OWED[owed.kind]
        return f"{words} (our proposal, not yet agreed)" if owed.proposed else words
    return f"Task: {_OWED[owed.purpose or Purpose.SPECIALIST]}"


def service_notice(profile: Profile, case: Case) -> ServiceNotice:
    unit = profile.roles[Unit.VICTIM_CARE_UNIT]
    return ServiceNotice(profile.force, profile.victim_service, case.head.reference, unit.name, unit.phone)
