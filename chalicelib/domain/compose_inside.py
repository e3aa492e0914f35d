"""What readers inside the force and the victim service are told of work that is owed, as content for its template.

Must not render or send, and must not say a name or a contact detail of a victim.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.case import Case
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification
from chalicelib.domain.event_rules import event_rule_on
from chalicelib.domain.events import EventType
from chalicelib.domain.messages import Digest, DigestLine, ServiceNotice, Task
from chalicelib.domain.model import DirectoryOfficer, Officer, Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.profile import Profile
from chalicelib.domain.reminders import Reminded

_OWED = {
    Purpose.SPECIALIST: "A person must contact the victim in a safe way, acknowledge the report in writing and offer support",
    Purpose.DOUBT: "Something needed to decide safely is not known. Fill the gap on the record, or contact the victim yourself",
    Purpose.BY_PERSON: "This victim is not told automatically. Decide who tells them and how, in a safe way, and offer support",
    Purpose.TRANSFERRED: "This record was transferred. Tell the victim who has it now, and any news that they have not heard",
    Purpose.CANCELLED: "This record was cancelled. Tell the victim so in a safe way, and why, and any news that they have not heard",
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
    Purpose.EVENT_BY_PERSON: "No message may go to this victim. Tell them in a safe way what happened",
    Purpose.EVENT_IN_PERSON: "This has to be told by a person. Speak to the victim, and say what happens next",
    Purpose.EVENT_WITHOUT_REASON: "The record gives no reason that may stand in a message. Tell the victim what happened and why",
    Purpose.EVENT_AT_COURT: "Tell the victim what the court told us",
    Purpose.EVENT_BY_OFFICER: "No message of ours can tell this victim in time what happened. Tell them yourself",
    Purpose.VIEWS_SOUGHT: "Were the victim's views asked for before this was decided? Record what they said, or why they were not asked",
    Purpose.RIGHT_TO_REVIEW: "It is not known whether the victim may ask for a review. Decide it, and tell them what was decided and why",
    Purpose.UPDATE_NOT_DELIVERED: "An update that was written for this victim did not reach them. Tell them yourself how the case stands",
    Purpose.DOMESTIC_ABUSE_NO_CRIME: "An incident with a sign of a specialist crime, and no crime. Record the crime, or why there is none",
    Purpose.SEVERAL_CRIMES: "One incident that names several crimes. Record each of them, and link them",
    Purpose.REPORTED_BY_ANOTHER_NO_CRIME: "Reported by a third party or professional, and no crime after 24 hours. Record it, or why not",
    Purpose.N100_WITHOUT_SUB_CODE: "An N100 without its sub-code. Add it, or record the crime",
    Purpose.RECORDED_LATE: "Recorded more than 24 hours after the report. Note why",
    Purpose.CANCELLATION_UNVERIFIED: "A crime was cancelled. Check that additional verifiable information supports it",
    Purpose.RAPE_RECORDED_ONCE: "A specialist crime with signs of several offenders, recorded once. Check how many crimes there are",
    Purpose.CHILD_NOT_RECORDED: "A specialist crime with a sign of a child there, and no child victim. Record each child",
    Purpose.ANSWER_MESSAGE: "Somebody wrote through the contact page. Answer, or record that no answer is needed",
    Purpose.MORE_MESSAGES: "More messages name this reference than one person would write. Look at all of them together",
    Purpose.DANGER_WORDS: "A message whose words speak of immediate danger. Read it, and record what was done",
    Purpose.PERSISTENTLY_TARGETED: "The victim was recorded as the victim of a crime three times or more within a year. Consider whether "
    "they are persistently targeted, which gives enhanced rights, and put your assessment on the record",
    Purpose.VICTIM_STOPPED: "The victim asked on their page for no more messages about this case, and gets none. Put it on the record, and "
    "decide who tells them what they have to hear",
    Purpose.CORRECT_DETAILS: "The victim asked on their page to change how we reach them. Nobody took new details. Speak to them, check "
    "that it is them and that it is safe, and change the record",
    Purpose.NO_RECORD: "Something was told of a record that has not come within a day. Send the record, or correct what was told",
    Purpose.VICTIM_NOT_NAMED: "Something was told of a victim whom no version names. Add the victim, or correct what was told",
    Purpose.LEAK_FOUND: "A message about this occurrence left that the independent leak check does not allow. Treat it as an incident",
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
    held = "Held because of another record." if owed.elsewhere else None
    because = " ".join(words for words in (held, _risk_words(owed), why_you) if words)
    return Task(
        force=profile.force,
        to=to,
        reference=owed.reference,
        task_id=owed.obligation_id,
        owed=_task_words(owed),
        due_at=owed.due_at,
        urgent=owed.urgent,
        destinations=owed.destinations,
        missing=owed.missing,
        because=because or None,
    )


_HAPPENED = {
    EventType.ARRESTED: "an arrest",
    EventType.INTERVIEWED_UNDER_CAUTION: "an interview under caution",
    EventType.RELEASED_NO_CHARGE: "a release without charge",
    EventType.RELEASED_ON_BAIL: "a release on bail",
    EventType.RELEASED_UNDER_INVESTIGATION: "a release under investigation",
    EventType.BAIL_CHANGED: "a change of bail",
    EventType.BAIL_CANCELLED: "the end of bail",
    EventType.NOT_INVESTIGATED: "a decision not to investigate",
    EventType.CHARGED: "a charge",
    EventType.CHARGES_DROPPED: "charges that were dropped",
    EventType.CHARGES_ALTERED: "charges that were changed",
    EventType.OUT_OF_COURT_DISPOSAL: "an out-of-court disposal",
    EventType.NOT_PROSECUTED: "a decision not to prosecute",
    EventType.NO_SUSPECT_IDENTIFIED: "that no suspect was identified",
    EventType.RESPONSE_DELAYED: "a delayed response",
    EventType.HEARING_LISTED: "a court hearing",
    EventType.REQUIRED_TO_GIVE_EVIDENCE: "that they must give evidence",
    EventType.WARRANT_ISSUED: "a warrant",
    EventType.COURT_OUTCOME: "the outcome at court",
    EventType.APPEAL: "an appeal",
    EventType.PROPERTY_RETURNED: "the return of property",
    EventType.VPS_OFFERED: "the offer of a Victim Personal Statement",
}


def _task_words(owed: Obligation) -> str:
    words = _OWED[owed.purpose or Purpose.SPECIALIST]
    if owed.event is None:
        return words
    referral = ". Offer a referral to the victim service again" if owed.event is EventType.NOT_INVESTIGATED else ""
    return f"{words}. News of {_HAPPENED[owed.event]}{referral}"


def _risk_words(owed: Obligation) -> str | None:
    """Where a specialist victim hears of something after which the risk of domestic abuse is assessed again {APP-DA}."""
    if owed.event is None or owed.purpose is not Purpose.EVENT_BY_PERSON:
        return None
    risk = event_rule_on(owed.event, local_day(owed.started_at)).risk
    return f"Risk point: {risk}. Assess the risk to the victim again, before or with the contact." if risk else None


_KIND_OWED = {
    Kind.WRITTEN_ACKNOWLEDGEMENT: "Written acknowledgement",
    Kind.REFERRAL: "Referral for support, or the offer of it",
    Kind.NEEDS_ASSESSMENT: "Needs assessment, with enhanced rights",
    Kind.UPDATE: "Update to the victim",
    Kind.REVIEW_ACKNOWLEDGED: "Acknowledgement of a request for a review",
    Kind.REVIEW_DECIDED: "Decision on a request for a review",
    Kind.STOP_NOTICE: "Confirmation that the victim service stopped contact",
    Kind.LEAK: "A message that should not have left",
    Kind.QUARANTINED_RECORD: "A record that could not be read",
    Kind.CONTACT_ANSWER: "Answer to a message through the contact page",
    Kind.CONTACT_ALARM: "A message whose words speak of immediate danger",
}


def digest(profile: Profile, row: Notification, to: str, reminded: Sequence[tuple[Reminded, str]], more: int) -> Digest:
    """What one reader is reminded of today; each with the address of its page."""
    lines = tuple(
        DigestLine(
            reference=line.owed.reference,
            owed=owed_words(line.owed),
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


def owed_words(owed: Obligation) -> str:
    """What is owed, as a reminder says it and as the page behind its link does."""
    if owed.kind is Kind.EVENT and owed.event:
        return f"News for the victim: {_HAPPENED[owed.event]}"
    if owed.kind in _KIND_OWED:
        words = _KIND_OWED[owed.kind]
        return f"{words} (our proposal, not yet agreed)" if owed.proposed else words
    return f"{'Recording' if owed.kind is Kind.RECORDING_CHECK else 'Task'}: {_task_words(owed)}"


def service_notice(profile: Profile, case: Case) -> ServiceNotice:
    unit = profile.roles[Unit.VICTIM_CARE_UNIT]
    return ServiceNotice(profile.force, profile.victim_service, case.head.reference, unit.name, unit.phone)
