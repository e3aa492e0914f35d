"""What rules, reasons, states and purposes mean, in words for somebody who sees the product for the first time.

Must not know a record: every sentence belongs to an id. What is not listed is shown as its id; a test holds the lists to the code."""

import re

from chalicelib.domain.deadlines import local_day, rule_on
from chalicelib.domain.pauses import PAUSABLE
from chalicelib.domain.routes import RULE
from chalicelib.domain.update_starts import STARTS as OFFERED
from infra.local.due import moment
from infra.local.key_event_words import DECIDED_BY, EVENT_TYPES, REVIEW_STEPS

ROUTES = {
    "victim_services": "Victim services: told automatically, referred unless they opted out",
    "domestic_abuse": "Domestic abuse: a person decides, nothing leaves by itself",
    "sexual_offence": "Sexual offence: a person decides, nothing leaves by itself",
    "held": "Held: a person settles it first",
    "transferred": "Transferred: whoever has it now tells the victim",
    "no_route": "No route: nothing is owed automatically",
    "quarantined": "Quarantined: the record could not be read",
}

RULES = {
    "death": "An offence that caused a death: family liaison owns every contact.",
    "domestic-abuse-flag": "The record carries the domestic abuse flag.",
    "domestic-abuse-dash": "A domestic abuse risk assessment (DASH) was made.",
    "domestic-abuse-class": "The offence is controlling or coercive behaviour.",
    "domestic-abuse-relationship": "The suspect is a partner, former partner, or of the family or household.",
    "domestic-abuse-marker": "A marker of domestic abuse: DOMA form, same address, protective order or strangulation.",
    "sexual-offence": "A sexual offence, or a report of one.",
    "stalking-harassment": "Stalking or harassment.",
    "safeguarding": "The safeguarding flag is set.",
    "marker": "The record carries a marker, and any marker holds.",
    "held-class": "An offence of a class that is always given to a person.",
    "held-by-force": "An offence of a class that this force always gives to a person.",
    "restricted": "The record is restricted.",
    "police-officer": "The victim is a police officer: told by a supervisor, never referred.",
    "representative-linked": "Whoever would receive for the victim is linked to the suspect.",
    "specialist-elsewhere": "Another record holds the same person, address or number as specialist.",
    "transferred": "The occurrence went to another force or team.",
    "domestic-abuse-unknown": "Whether it is domestic abuse is not known; unknown is never taken for no.",
    "stalking-unknown": "Whether it is stalking or harassment is not known.",
    "safeguarding-unknown": "Whether somebody needs safeguarding is not known.",
    "class-unknown": "The class of the offence is blank, unknown, or disagrees with its code.",
    "relationship-unknown": "An offence against a person, and the relationship to the suspect is not known.",
    "incident-without-offence": "An incident without an offence and without any sign of harm.",
    "business-without-contact": "A business without a named contact.",
    "do-not-contact-elsewhere": "Another record says that this address or number must not be contacted.",
    "age-unknown": "The date of birth is missing, so this could be a child.",
    "child": "A child, and no representative who is known not to be linked to the suspect.",
    "cannot-act": "Somebody receives for the victim who is not known to be unlinked to the suspect.",
    "reported-by-another": "Somebody else reported it, and nobody has asked the victim what is safe.",
    "cancelled": "The occurrence was cancelled.",
    "non-specialist": "Where no more careful rule fires: the victim is told, and referred unless they opt out.",
    "removed": "The newest version does not name this victim any more.",
}

HOLDS = {
    "specialist": "A specialist matter. It stays held, whatever later versions say, until a named person releases it.",
    "doubt": "Something is missing or doubtful. It leaves this hold when a later version settles it.",
}

WAITS = {
    "hold_window": "in its hold window or before daytime: it leaves then, if the rules still allow it",
    "quiet_hours": "outside the hours in which victims may be written to",
    "waits_for_notice": "until the victim's own notice was accepted by its provider: no notice, no referral",
    "waits_for_linked": "for a linked crime, so that one message tells of both",
    "one_a_day": "for another day, since a business contact gets one message a day",
    **{f"paused:{name}": "because operations paused it: make ops pauses" for name in PAUSABLE},
    "suspended": "because a later record of this occurrence is in quarantine",
    "version_in_progress": "until all parts of a version are written",
    "not_answered_yet": "for the officer’s answer: then the supervisor has it",
}

STATES = {
    "pending": "about to leave",
    "held": "not yet",
    "sending": "a worker is handing it to the provider now",
    "sent": "the provider accepted it; no receipt yet",
    "delivered": "a receipt says that it was delivered",
    "bounced": "a receipt says that it could not be delivered",
    "complained": "the reader marked it as unwanted",
    "unknown": "the provider's answer was lost: a receipt or a person settles it, it is never sent twice blindly",
    "failed": "the provider refused it for good, or there is no address",
    "cancelled": "not wanted any more; nothing left",
    "settled_by_person": "no receipt came; a person has it",
}

REASONS = {
    "transient": "the provider was busy; it is tried again with growing pauses",
    "retry": "the case moved while it was about to leave, so the rules are asked again",
    "repeated": "no receipt came; mail inside the force is sent again",
    "no_receipt": "no receipt came in time",
    "no_address": "there is no address that may be used",
    "not_a_guest": "this stage writes to its guests alone",
    "opted_out": "the victim opted out of the referral",
    "superseded": "something else took its place",
    "after_settled": "its receipt came after a person had it",
    "settled": "what it was about is settled",
    "outcome_unknown": "the provider never answered",
    "another_question": "another task took its place",
    "agreed_anew": "other terms were agreed",
    "declined": "the victim wants no updates",
    "closed": "the occurrence was closed",
    "do_not_contact": "the victim does not want to be contacted",
    "not_open": "the occurrence was not open when it arrived",
    "letter_returned": "the post brought the letter back",
    "withdrawn": "it was taken back: it did not happen",
    "corrected": "another event took its place",
}

OWED = {
    "written_acknowledgement": "Written acknowledgement of the crime",
    "referral": "Referral to a victim service",
    "needs_assessment": "Needs assessment, with enhanced rights",
    "update": "Update to the victim",
    "event": "News to the victim",
    "review_acknowledged": "Acknowledgement of the request for a review",
    "review_decided": "Decision of the review",
    "task": "A task for a person",
    "stop_notice": "A notice to the service to stop",
    "quarantined_record": "A look at the quarantined record",
    "recording_check": "A look at how this was recorded",
    "contact_answer": "An answer to a message through the contact page",
    "leak": "A look at a message that should not have left",
    "contact_alarm": "A look at words of immediate danger",
}

PURPOSES = {
    "specialist": "look after a specialist case",
    "doubt": "find out what is missing",
    "by_person": "tell the victim in person",
    "transferred": "see that whoever has it now tells the victim",
    "cancelled": "tell the victim that the record was cancelled, and why",
    "tell_victim": "tell the victim, since no channel is safe or usable",
    "interpreter": "tell the victim through an interpreter or in the form they need",
    "full_words": "give the written acknowledgement, since a text message does not name the crime",
    "ask_referral": "ask the victim about the referral",
    "tell_referral": "tell the victim of the referral first",
    "sent_before": "know that something left before this became a specialist case",
    "not_delivered": "see to a message that did not arrive",
    "outcome_unknown": "find out whether a message arrived",
    "stop_confirm": "confirm that the service stopped",
    "ring_the_service": "ring the service",
    "refer_again": "refer the victim again",
    "quarantine": "look at the quarantined record",
    "leak_found": "look at a message that should not have left",
    "event_by_person": "tell the victim the news, since a person decides in this case",
    "event_in_person": "tell the victim the news in person",
    "event_without_reason": "tell the victim the news and why, since no reason may go into a message",
    "event_at_court": "tell the victim the news from court",
    "event_by_officer": "tell the victim the news, since no message may or did",
    "views_sought": "ask for the victim’s views on the disposal out of court",
    "right_to_review": "find out whether the victim may ask for a review",
    "update_not_delivered": "tell the victim how the case stands, since the update that was written did not reach them",
    "domestic_abuse_no_crime": "check an incident with a sign of domestic abuse and no crime",
    "several_crimes": "check an incident that names several crimes",
    "reported_by_another_no_crime": "check a report by somebody else, after a day without a crime",
    "n100_without_sub_code": "check an N100 without its sub-code",
    "recorded_late": "check why it was recorded more than 24 hours after the report",
    "cancellation_unverified": "check what verifiable information the cancellation rests on",
    "rape_recorded_once": "check a rape with signs of several offenders, recorded once",
    "answer_message": "answer it, or record that it needs no answer",
    "more_messages": "look at many messages about one reference together",
    "danger_words": "read the message and decide whether somebody has to go",
    "child_not_recorded": "check a domestic abuse crime with a child there and no child victim",
    "no_record": "find the record of which something was told",
    "victim_not_named": "check what was told of a victim whom no version names",
    "victim_stopped": "know that the victim asked for no more messages, and put it on the record",
    "correct_details": "speak to the victim, who says that their contact details are wrong, and change the record",
    "persistently_targeted": "consider whether the victim is persistently targeted",
}

TEMPLATES = {
    "acknowledgement": "Acknowledgement",
    "referral": "Referral",
    "task": "Task",
    "stop_notice": "Stop notice",
    "withdrawal": "Withdrawal of the referral",
    "digest": "Reminder",
    "event": "News of a key event",
    "update": "Update by the officer",
    "completion": "Completion of an interrupted version",
    "handover": "Handing over what an absent officer owes",
    "recording": "Another look at a record when its day is over",
    "contact_message": "Message through the contact page",
    "contact_confirmation": "Confirmation of a message",
    "code": "Code for the victim’s page",
    "contact": "Another look at who has a message",
    "out": "Announcement",
}

UNITS = {
    "victim_care_unit": "the Victim Care Unit",
    "family_liaison": "Family Liaison",
    "officer": "the officer in the case",
    "supervisor": "the supervisor",
    "inspector": "the inspector",
    "witness_care": "Witness Care",
    "crime_management": "the Crime Management Unit",
    "duty_contact": "the duty contact",
    "contact_centre": "the contact centre",
    "control_room": "the control room",
    "operations": "operations",
}

RESULTS = {
    "spoken": "spoke to the victim",
    "message_left": "left a message",
    "no_answer": "no answer",
    "sent": "sent something",
    "given_by_hand": "gave something by hand",
}

COVERED = {
    "update": "an update",
    "written_acknowledgement": "the written acknowledgement",
    "referral": "the referral",
    "needs_assessment": "the needs assessment",
    "vps_offered": "the offer of a victim personal statement",
}

WHY_NOT_THAT_WAY = {
    "not_automatic": "a machine cannot ring",
    "not_safe": "the record does not say that it is safe",
    "need": "the victim needs another form",
    "unusable": "the address or number cannot be used",
}

AUDIENCES = {
    "victim": "the victim",
    "service": "the victim service",
    "officer": "the officer in the case",
    "supervisor": "the supervisor",
    "unit": "a unit of the force",
    "operations": "operations",
    "public": "a member of the public",
    "records_system": "the records system",
}

CHANNELS = {"email": "e-mail", "sms": "text message", "letter": "letter", "phone": "telephone"}

STARTS = {row.start.value: row.label for row in OFFERED}

WORDS = {
    "route": ROUTES,
    "rule": RULES,
    "hold": HOLDS,
    "wait": WAITS,
    "state": STATES,
    "reason": REASONS,
    "owed": OWED,
    "purpose": PURPOSES,
    "template": TEMPLATES,
    "audience": AUDIENCES,
    "channel": CHANNELS,
    "unit": UNITS,
    "result": RESULTS,
    "covered": COVERED,
    "why_not": WHY_NOT_THAT_WAY,
    "event_type": EVENT_TYPES,
    "start": STARTS,
    "review_step": REVIEW_STEPS,
    "decided_by": DECIDED_BY,
}


_KEY = re.compile(r" ?\{[A-Z0-9]+\}")


def named(words: dict[str, str], key: object) -> str:
    """The words of an id; the id itself, spelled as words, where it has none."""
    text = str(key if key is not None else "")
    return words.get(text, text.replace("_", " "))


def rule_source(rule_id: str) -> str:
    """Whose rule it is, as its row says; empty for an id that no row has."""
    rule = RULE.get(rule_id)
    return f"{_source(rule.source)} (in force from {rule.effective_from:%d %B %Y})" if rule else ""


def route_of(rule_id: str) -> str | None:
    """The route that a rule leads to; None for an id that no row has."""
    return RULE[rule_id].route.value if rule_id in RULE else None


def deadline_source(rule_id: str, started_at: str) -> str:
    """Whose deadline it is, as the row in force on that day says; empty for an id that no row has."""
    try:
        return _source(rule_on(rule_id, local_day(moment(started_at))).source)
    except (IndexError, ValueError):
        return ""


def _source(text: str) -> str:
    """A source as its row has it, with the marks of the rule tables spelled out: [INF] is inferred, {…} a key of the list of texts."""
    plain = text.replace("CC ", "report of 6 July 2022, paragraphs ")
    return _KEY.sub("", plain.replace("[INF] ", "inferred: ").replace("[INF]", "inferred"))
