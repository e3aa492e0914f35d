"""Turn an outbox row into a finished message for its reader: who receives it, and what it says, rendered.

Must not claim, send or change a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from chalicelib.domain import compose, compose_events, compose_inside, compose_messages, compose_updates
from chalicelib.domain.contact_content import ContactConfirmation
from chalicelib.domain.contact_safety import ChannelChoice, safe_channels, usable_point
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Audience
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.evidence import written_for
from chalicelib.domain.messages import Attachment, Letter, RenderedEmail, Sms, Template
from chalicelib.domain.model import Channel, DirectoryOfficer, Officer, Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_victim import code_of
from chalicelib.domain.profile import Profile
from chalicelib.domain.reminders import Recipient, responsible
from chalicelib.domain.situation import Situation
from chalicelib.domain.update_content import OfficerUpdate, SeenLetter
from chalicelib.services.addressed import Addressed, NoAddress, Subject, email_of, found, victims_addresses
from chalicelib.services.contact_mail import ContactMail
from chalicelib.services.edges import Codes, Documents, Renderer, ToVictim
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import Officers
from chalicelib.services.victim_pages import VictimPages

ADDRESS_LEFT_OUT = "Their address stands here"
"""In the letter that an officer looks at before it goes: whoever holds the link of a reminder learns no address."""
ENGLISH = "en"
"""The language in which the force and the victim service work."""


_AS = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}


class MessagesOut:
    """Builds messages, one method for each template."""

    def __init__(
        self,
        officers: Officers,
        renderer: Renderer,
        documents: Documents,
        profile: Profile,
        pages: OfficerPages,
        messages: ContactMessages,
        victims: VictimPages,
        codes: Codes,
    ) -> None:
        self._officers = officers
        self._renderer = renderer
        self._documents = documents
        self._profile = profile
        self._pages = pages
        self._victims = victims
        self._codes = codes
        self._contact = ContactMail(renderer, profile, pages, messages)

    def build(self, subject: Subject) -> Addressed:
        """The finished message. NoAddress where it has nobody to go to."""
        builders: dict[Template, Callable[[Subject], Addressed]] = {
            Template.ACKNOWLEDGEMENT: self._acknowledgement,
            Template.REFERRAL: self._referral,
            Template.EVENT: self._event,
            Template.UPDATE: self._update,
            Template.STOP_NOTICE: self._notice_to_service,
            Template.WITHDRAWAL: self._notice_to_service,
            Template.TASK: self._task,
            Template.DIGEST: self._digest,
            Template.CONTACT_MESSAGE: self._contact_message,
            Template.CONTACT_CONFIRMATION: self._contact_confirmation,
            Template.CODE: self._code,
        }
        return builders[subject.row.template](subject)

    def _listed(self, subject: Subject, collar_number: str | None) -> DirectoryOfficer | None:
        if not collar_number or collar_number in subject.listed:
            return subject.listed.get(collar_number or "")
        return self._officers.get(collar_number)

    def _merged(self, subject: Subject, named: Officer | None) -> Officer | None:
        return compose_inside.merged_officer(named, self._listed(subject, named.collar_number) if named else None)

    def _called(self, subject: Subject, collar_number: str | None) -> Officer | None:
        """Whoever has this collar number: as the directory says, else as the record of this case names them."""
        facts = subject.case.head.facts
        named = (facts.officer, facts.supervisor) if facts else ()
        same = next((officer for officer in named if officer and officer.collar_number == collar_number), None)
        return compose_inside.merged_officer(same, self._listed(subject, collar_number))

    def _officer(self, subject: Subject) -> Officer | None:
        facts = subject.case.head.facts
        return self._merged(subject, facts.officer if facts else None)

    def _supervisor(self, subject: Subject) -> Officer | None:
        """The directory's supervisor of the officer in the case, else the one that the record names."""
        facts = subject.case.head.facts
        if facts is None:
            return None
        listed = self._listed(subject, facts.officer.collar_number if facts.officer else None)
        return self._merged(subject, Officer(listed.supervisor) if listed and listed.supervisor else facts.supervisor)

    def _acknowledgement(self, subject: Subject) -> Addressed:
        row, situation, plan = subject.row, subject.situation, subject.plan
        choice = plan.choice if plan else None
        if situation is None or plan is None or choice is None or row.channel not in (choice.notice, choice.full):
            raise NoAddress
        officer = self._officer(subject)
        content = compose.acknowledgement(
            situation, row, choice, plan.agreement, officer, referred=subject.referred, linked=subject.linked_crimes
        )
        content = replace(
            content,
            others=tuple(
                compose.other_report(other.situation, other.plan.agreement, self._officer(other))
                for other in subject.beside
                if other.situation and other.plan
            ),
        )
        return self._to_victim(subject, choice, situation, content)

    def _event(self, subject: Subject) -> Addressed:
        """Key events: what happened, why, and what happens next."""
        situation, plan, choice = _usable(subject)
        content = self._news(subject, situation, plan, choice)
        others = (
            self._news(other, other.situation, other.plan, other.plan.choice)
            for other in subject.beside
            if other.situation and other.plan and other.plan.choice
        )
        return self._to_victim(subject, choice, situation, replace(content, others=tuple(others)))

    def _news(self, subject: Subject, situation: Situation, plan: Plan, choice: ChannelChoice) -> EventNews:
        return compose_events.event_news(situation, subject.row, choice, plan.agreement, self._officer(subject))

    def _update(self, subject: Subject) -> Addressed:
        """How the case stands, as the officer wrote it."""
        situation, _, choice = _usable(subject)
        return self._to_victim(subject, choice, situation, self._update_content(subject))

    def _update_content(self, subject: Subject) -> OfficerUpdate:
        situation, plan, choice = _usable(subject)
        event = written_for(situation, subject.row)
        if event is None:
            raise NoAddress
        return compose_updates.officer_update(situation, subject.row, event, choice, plan.agreement, self._officer(subject))

    def update_as_seen(self, subject: Subject) -> RenderedEmail | str | SeenLetter:
        """An officer's update as its reader will see it: the e-mail, the text, or the letter, in which alone the address is left out.

        NoAddress where it has nobody to go to.
        """
        row = subject.row
        situation, plan, _ = _usable(subject)
        seen = self._victims.link_in(row, subject.case.head, situation, plan, seen=True)
        content = replace(self._update_content(subject), page=seen)
        if row.channel is Channel.LETTER:
            return self._documents.letter_seen(row.template, row.language, replace(content, address=(ADDRESS_LEFT_OUT,)))
        if row.channel is Channel.SMS:
            return self._renderer.sms(row.template, row.language, content)
        return self._renderer.email(row.template, row.language, content)

    def _contact_confirmation(self, subject: Subject) -> Addressed:
        """Only that we have a message, to the contact details that the record holds as safe."""
        situation, _, choice = _usable(subject)
        return self._to_victim(subject, choice, situation, compose_messages.confirmation(self._profile, subject.row.reference))

    def _code(self, subject: Subject) -> Addressed:
        """The one-time code of the request that the row is of, made now: it stands in no row."""
        situation, _, choice = _usable(subject)
        request = code_of(situation, subject.row)
        if request is None:
            raise NoAddress
        digits, minutes = self._codes.one_time(request.event_id), self._profile.case_page.code_minutes
        return self._to_victim(subject, choice, situation, OneTimeCode(self._profile.force, digits, minutes))

    def _to_victim(
        self, subject: Subject, choice: ChannelChoice, situation: Situation, content: ToVictim | ContactConfirmation | OneTimeCode
    ) -> Addressed:
        """By the row's channel, to whoever receives for the victim. A confirmation and a code have no letter."""
        row, plan, whom = subject.row, subject.plan, choice.recipient.reader
        if plan is not None and not isinstance(content, ContactConfirmation | OneTimeCode):
            content = replace(content, page=self._victims.link_in(row, subject.case.head, situation, plan))
        if row.channel is Channel.LETTER and not isinstance(content, ContactConfirmation | OneTimeCode):
            pdf = self._documents.letter(row.template, row.language, content)
            return Addressed(Letter(row.notification_id, pdf, content.address), row.audience, whom)
        if row.channel is Channel.SMS:
            number = found(usable_point(choice.recipient.mobile, situation.known.closed))
            body = self._renderer.sms(row.template, row.language, content)
            return Addressed(Sms(row.notification_id, number, body), row.audience, whom, ("mobile", number))
        to = found(usable_point(choice.recipient.email, situation.known.closed))
        return Addressed(email_of(row, to, self._renderer.email(row.template, row.language, content)), row.audience, whom, ("email", to))

    def _referral(self, subject: Subject) -> Addressed:
        """The service's PDF in an e-mail that says nothing of a person."""
        row, situation, plan = subject.row, subject.situation, subject.plan
        if situation is None or plan is None or plan.choice is None:
            raise NoAddress
        safe = safe_channels(situation.occurrence, situation.victim, personal=situation.personal, now=situation.now, profile=self._profile)
        content = compose.referral(situation, plan.choice, safe, self._officer(subject), subject.linked_crimes)
        pdf = Attachment(f"referral-{row.reference}.pdf", "application/pdf", self._documents.referral(content))
        rendered = self._renderer.email(row.template, ENGLISH, content)
        service = self._profile.victim_service
        return Addressed(email_of(row, found(service.email), rendered, pdf), row.audience, service.name)

    def _notice_to_service(self, subject: Subject) -> Addressed:
        rendered = self._renderer.email(subject.row.template, ENGLISH, compose_inside.service_notice(self._profile, subject.case))
        service = self._profile.victim_service
        return Addressed(email_of(subject.row, found(service.email), rendered), subject.row.audience, service.name)

    def _task(self, subject: Subject) -> Addressed:
        """To the officer or supervisor named, to whoever stands in for an absent officer, or to the role where nobody can be addressed."""
        row, owed = subject.row, subject.owed
        if owed is None:
            raise NoAddress
        instead = self._stands_in(subject, owed)
        unit = instead.unit if instead else row.unit or Unit.OPERATIONS
        role = self._profile.roles[unit]
        audience = _AS[instead.unit] if instead else row.audience
        person = self._person(subject, instead)
        if person and person.email and person.email.lower() in victims_addresses(subject.case):
            person = None
        if person and person.email:
            to, name, whom = person.email, person.name or role.name, person.collar_number or unit
        else:
            to, name, whom = role.email, role.name, unit
            audience = Audience.UNIT if audience in _AS.values() else audience
        content = compose_inside.task(self._profile, owed, name, instead.because if instead else None)
        return Addressed(email_of(row, to, self._renderer.email(row.template, ENGLISH, content)), audience, whom)

    def _stands_in(self, subject: Subject, owed: Obligation) -> Recipient | None:
        """Who gets an officer's task while the officer is away; None where it is theirs, or nobody's name is known."""
        if subject.row.audience is not Audience.OFFICER or subject.situation is None or owed.officer is None:
            return None
        found = responsible(owed, local_day(subject.situation.now), lambda collar: self._listed(subject, collar))
        return None if found.collar_number == owed.officer else found

    def _person(self, subject: Subject, instead: Recipient | None) -> Officer | None:
        if instead is not None:
            return self._called(subject, instead.collar_number)
        people = {Audience.OFFICER: self._officer, Audience.SUPERVISOR: self._supervisor}
        return people[subject.row.audience](subject) if subject.row.audience in people else None

    def _contact_message(self, subject: Subject) -> Addressed:
        """What came through the page, inside the force."""
        row, owed, case = subject.row, subject.owed, subject.case
        if owed is None:
            raise NoAddress
        made = self._contact.make(row, owed, case, partial(self._listed, subject), partial(self._called, subject), victims_addresses(case))
        return Addressed(email_of(row, made.to, made.rendered), made.audience, made.whom)

    def _digest(self, subject: Subject) -> Addressed:
        """To the person, or to their role where they cannot be addressed; a text to nobody but the person."""
        row = subject.row
        unit = Unit.OPERATIONS if row.audience is Audience.OPERATIONS else row.unit or Unit.OFFICER
        role, whom = self._profile.roles[unit], row.reader or unit
        listed = self._listed(subject, row.reader)
        if row.channel is Channel.SMS:
            number = found(listed.mobile if listed else None)
            content = self._pages.digest(self._profile, row, subject.reminded, (listed and listed.name) or role.name)
            return Addressed(Sms(row.notification_id, number, self._renderer.sms(row.template, ENGLISH, content)), row.audience, whom)
        person = self._reminded_person(subject)
        content = self._pages.digest(self._profile, row, subject.reminded, (person and person.name) or role.name)
        to = person.email if person and person.email else role.email
        by_role = row.reader is not None and to == role.email and row.audience is not Audience.OPERATIONS
        rendered = self._renderer.email(row.template, ENGLISH, content)
        return Addressed(email_of(row, to, rendered), *((Audience.UNIT, unit) if by_role else (row.audience, whom)))

    def _reminded_person(self, subject: Subject) -> Officer | None:
        """The directory's entry; who is not in it is who the record of the first line names, unless that is a victim's address."""
        if subject.row.reader is None or subject.row.audience in (Audience.UNIT, Audience.OPERATIONS):
            return None
        person = self._called(subject, subject.row.reader)
        if person and person.email and person.email.lower() in victims_addresses(subject.case):
            return None
        return person


def _usable(subject: Subject) -> tuple[Situation, Plan, ChannelChoice]:
    """What a message in the row's channel is made from, where its reader can be written to that way."""
    situation, plan = subject.situation, subject.plan
    choice = plan.choice if plan else None
    if situation is None or plan is None or choice is None or subject.row.channel not in choice.usable:
        raise NoAddress
    return situation, plan, choice
