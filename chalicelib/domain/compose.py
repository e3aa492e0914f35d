"""What a message says, as content for its template: facts of the case chosen for one reader, and nothing else of it.

Must not render, send, or pass on free text of the record, another victim or a suspect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from chalicelib.domain.contact_safety import ChannelChoice, WhyNot, confirmed, full_name, language_of, usable_point
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification
from chalicelib.domain.enhanced import counts_as_enhanced
from chalicelib.domain.languages import name_of
from chalicelib.domain.messages import (
    Acknowledgement,
    ContactWay,
    OfficerContact,
    OtherReport,
    Reader,
    Referral,
    ReferralCrime,
    UpdatePromise,
)
from chalicelib.domain.model import (
    Channel,
    ContactSafety,
    Need,
    Occurrence,
    Offence,
    Officer,
    Status,
    Victim,
    VictimKind,
)
from chalicelib.domain.obligations import Agreement
from chalicelib.domain.offences import offence_class
from chalicelib.domain.profile import Profile
from chalicelib.domain.situation import Situation

_A_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}(?:[^\W\d_]+|\d{1,6})){0,6}\.?")
_LONGEST_NAME = 60
_A_PHONE = re.compile(r"\+?[0-9][0-9 ()]{1,18}(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")
_AN_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_CHANNEL_WORDS = {Channel.EMAIL: "email", Channel.SMS: "text message", Channel.LETTER: "letter", Channel.PHONE: "phone"}
_WHY = {
    WhyNot.NOT_SAFE: "we do not have it recorded as a safe way to reach you",
    WhyNot.UNUSABLE: "the details we have for that do not work",
    WhyNot.NOT_AUTOMATIC: "this has to be in writing",
    WhyNot.NEED: "it cannot be made large enough to read",
}
_NEED_WORDS = {
    Need.INTERPRETER: "interpreter",
    Need.BSL: "British Sign Language",
    Need.EASY_READ: "Easy Read",
    Need.LARGE_PRINT: "large print",
    Need.BRAILLE: "Braille",
    Need.DOES_NOT_READ: "does not read",
    Need.TEXT_RELAY: "text relay",
}
_REASON_WORDS = {
    "vulnerable": "vulnerable",
    "intimidated": "intimidated",
    "vulnerable_or_intimidated": "vulnerable or intimidated",
    "most_serious": "victim of a most serious crime",
    "most_serious_crime": "victim of a most serious crime",
    "persistently_targeted": "persistently targeted",
    "hate_crime": "hate crime",
    "under_18": "under 18",
}


def officer_contact(officer: Officer | None) -> OfficerContact | None:
    """For readers outside the force: what is not a name, a number or an address is free text of the record and goes nowhere."""
    if officer is None or not (officer.name or officer.collar_number):
        return None
    name = officer.name if officer.name and len(officer.name) <= _LONGEST_NAME and _A_NAME.fullmatch(officer.name) else None
    phone = officer.phone if officer.phone and _A_PHONE.fullmatch(officer.phone) else None
    email = officer.email if officer.email and _AN_ADDRESS.fullmatch(officer.email) else None
    return OfficerContact(name, officer.collar_number, phone, email) if name or officer.collar_number else None


def plain_offence(offence: Offence) -> str:
    row = offence_class(offence.code)
    return row.plain if row and row.plain else "a crime"


def _crimes(occurrence: Occurrence) -> tuple[str, ...]:
    principal_first = sorted(occurrence.offences, key=lambda offence: not offence.principal)
    return tuple(dict.fromkeys(plain_offence(offence) for offence in principal_first))


def channel_reason(victim: Victim, choice: ChannelChoice, channel: Channel) -> str | None:
    preferred = victim.preferred_channel
    if choice.why_not is None or preferred is None:
        return None
    asked, used = _CHANNEL_WORDS[preferred], _CHANNEL_WORDS[channel]
    return f"You asked us to contact you by {asked}. We are writing by {used} this time because {_WHY[choice.why_not]}."


def postal_lines(choice: ChannelChoice, channel: Channel) -> tuple[str, ...]:
    """The reader's address, the name first; of a letter only."""
    return tuple(line for line in (choice.recipient.name, *choice.recipient.address) if line) if channel is Channel.LETTER else ()


def promise(agreement: Agreement | None, today: date) -> UpdatePromise | None:
    """What the reader may expect; a day that has passed is not promised."""
    if agreement is None or agreement.declined or agreement.ended:
        return None
    next_on = agreement.next_update_on if agreement.next_update_on and agreement.next_update_on >= today else None
    return UpdatePromise(agreement.every_days, agreement.method, next_on, agreement.proposed, _method_reason(agreement))


def _method_reason(agreement: Agreement) -> str | None:
    """Why updates do not come in the way that was agreed, where that differs from what the message says of itself."""
    agreed = agreement.history[-1].method if agreement.history else None
    if agreement.method_reason is None or agreed is None or agreement.proposed:
        return None
    return f"We cannot update you by {_CHANNEL_WORDS[agreed]}, because {_WHY[agreement.method_reason]}."


_PASSED_ON = (
    "how to contact you safely",
    "the type of crime",
    "when and in which area it happened",
    "the crime number, and who the officer is",
)


def acknowledgement(
    situation: Situation,
    row: Notification,
    choice: ChannelChoice,
    agreement: Agreement | None,
    officer: Officer | None,
    *,
    referred: bool,
    linked: Sequence[Occurrence] = (),
) -> Acknowledgement:
    """The acknowledgement with the notice of referral, for whoever receives for the victim; `linked` crimes of theirs are told with it."""
    occurrence, victim, profile = situation.occurrence, situation.victim, situation.standing.profile
    crimes = (occurrence, *linked)
    classes = [offence_class(offence.code) for crime in crimes for offence in crime.offences]
    return Acknowledgement(
        force=profile.force,
        reader=choice.recipient.reader,
        greeting_name=choice.recipient.name,
        references=tuple(crime.reference for crime in crimes),
        crimes=tuple(dict.fromkeys(words for crime in crimes for words in _crimes(crime))),
        reported_on=local_day(occurrence.reported_at),
        officer=officer_contact(officer),
        closed=occurrence.status is Status.CLOSED,
        updates=promise(agreement, local_day(situation.now)),
        service=profile.victim_service,
        referred=referred,
        passed_on=_passed_on(choice.recipient.reader, victim, crimes) if referred else (),
        other_support=profile.other_support,
        restorative_justice=True,
        compensation=any(item.compensation for item in classes if item) and choice.recipient.reader is not Reader.BUSINESS,
        enhanced=any(counts_as_enhanced(crime, victim) for crime in crimes),
        channel_reason=channel_reason(victim, choice, row.channel),
        large_print=Need.LARGE_PRINT in victim.communication_needs,
        address=postal_lines(choice, row.channel),
        written_on=local_day(situation.now),
    )


def other_report(situation: Situation, agreement: Agreement | None, officer: Officer | None) -> OtherReport:
    """What a message of its own would say of this crime alone."""
    occurrence, promised = situation.occurrence, promise(agreement, local_day(situation.now))
    return OtherReport(
        reference=occurrence.reference,
        crimes=_crimes(occurrence),
        reported_on=local_day(occurrence.reported_at),
        officer=officer_contact(officer),
        next_on=promised.next_on if promised else None,
    )


def _passed_on(reader: Reader, victim: Victim, crimes: Sequence[Occurrence]) -> tuple[str, ...]:
    """Everything that the referral holds, in plain words; what was not recorded is not named."""
    names = {
        Reader.VICTIM: "your name",
        Reader.REPRESENTATIVE: "the victim's name",
        Reader.BUSINESS: "the name of the organisation and yours",
    }
    more = (
        (bool(victim.communication_needs) or language_of(victim) != "en", "the language, and the help that is needed to communicate"),
        (any(counts_as_enhanced(crime, victim) for crime in crimes), "that enhanced rights apply, and why"),
        (bool(victim.requests), "what was asked for"),
    )
    return (names[reader], *_PASSED_ON, *(words for applies, words in more if applies))


def _reasons(victim: Victim) -> tuple[str, ...]:
    """Coded reasons only: anything else written there is free text of the record."""
    given = victim.enhanced.reasons if victim.enhanced else ()
    return tuple(_REASON_WORDS[reason] for reason in given if reason in _REASON_WORDS)


def _ways(victim: Victim, choice: ChannelChoice, safe: frozenset[Channel], closed: frozenset[str]) -> tuple[ContactWay, ...]:
    """Only channels that are safe, and only points that can be used and were not closed after a permanent failure."""
    to = choice.recipient
    mobile = usable_point(to.mobile, closed)
    landline = usable_point(victim.landline, closed) if victim.representative is None else None
    ways = [
        (Channel.EMAIL, "Email", usable_point(to.email, closed)),
        (Channel.PHONE, "Phone (mobile)", mobile),
        (Channel.PHONE, "Phone (landline)", landline),
        (Channel.SMS, "Text message", mobile),
        (Channel.LETTER, "Letter", ", ".join(to.address) or None),
    ]
    return tuple(ContactWay(label, value) for channel, label, value in ways if channel in safe and value)


def _referral_crime(profile: Profile, occurrence: Occurrence, offence: Offence) -> ReferralCrime:
    label = " ".join(part for part in (offence.code, f"({offence.ho_code})" if offence.ho_code else "") if part)
    return ReferralCrime(
        reference=occurrence.reference,
        offence=plain_offence(offence),
        home_office_class=label,
        reported_on=local_day(occurrence.reported_at),
        occurred_from=occurrence.occurred_from,
        occurred_to=occurrence.occurred_to,
        district=profile.district(occurrence.district),
    )


def _victim_name(victim: Victim) -> str:
    """The organisation of a business; a person's employer is not their name."""
    person = full_name(victim.given_name, victim.family_name)
    return (victim.organisation if victim.kind is VictimKind.BUSINESS else None) or person or "Name not recorded"


def referral(
    situation: Situation, choice: ChannelChoice, safe: frozenset[Channel], officer: Officer | None, linked: Sequence[Occurrence] = ()
) -> Referral:
    """The service's one page: coded fields of this crime and of `linked` ones, safe channels, needs and instructions."""
    occurrence, victim, profile = situation.occurrence, situation.victim, situation.standing.profile
    safety = victim.contact_safety or ContactSafety(safe_channels=None)
    through = choice.recipient.name if choice.recipient.reader is not Reader.VICTIM else None
    return Referral(
        force=profile.force,
        service=profile.victim_service,
        crimes=tuple(_referral_crime(profile, crime, offence) for crime in (occurrence, *linked) for offence in crime.offences),
        victim_name=_victim_name(victim),
        safe_name=safety.safe_name,
        reach_through=through,
        contact=_ways(victim, choice, safe, situation.known.closed),
        contact_confirmed=confirmed(victim.contact_safety, situation.now, profile.contact),
        safe_hours=safety.safe_hours,
        voicemail_ok=safety.voicemail_ok,
        may_say_police=safety.may_say_police,
        instructions=safety.instructions,
        requests=victim.requests,
        language=name_of(language_of(victim)),
        communication_needs=tuple(_NEED_WORDS[need] for need in sorted(victim.communication_needs)),
        enhanced=any(counts_as_enhanced(crime, victim) for crime in (occurrence, *linked)),
        enhanced_reasons=_reasons(victim),
        officer=officer_contact(officer),
        made_on=local_day(situation.now),
    )
