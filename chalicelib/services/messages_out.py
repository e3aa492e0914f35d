"""Turn an outbox row into a finished message for its reader: who receives it, and what it says, rendered.

Must not claim, send or change a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain import compose, compose_events, compose_inside
from chalicelib.domain.case import Case
from chalicelib.domain.contact_safety import ChannelChoice, safe_channels, usable_point
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Audience, Notification
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.messages import Acknowledgement, Attachment, Digest, Email, Letter, RenderedEmail, Sms, Template
from chalicelib.domain.model import Channel, DirectoryOfficer, Occurrence, Officer, Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.plan import Plan
from chalicelib.domain.profile import Profile
from chalicelib.domain.reminders import Recipient, Reminded, named, responsible
from chalicelib.domain.situation import Situation
from chalicelib.services.edges import Documents, Renderer
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import Officers

ENGLISH = "en"
"""The language in which the force and the victim service work."""


_AS = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A finished message. `audience` differs from the row's where a person could not be addressed and their role is.

    `point` is (kind, normalised address) of a victim's reader, to be closed after a permanent failure.
    """

    message: Email | Sms | Letter
    audience: Audience
    point: tuple[str, str] | None = None


class NoAddress(Exception):  # noqa: N818 - a finding, not a fault
    """The row's channel has no address that may be used now."""


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a message may be made from. Rows about no victim have neither situation nor plan; tasks have what is `owed`.

    `linked` are the same victim's other crimes that this message tells of too; `listed` is what the directory says of officers whose collar
    number was known early enough to be asked for with the rest.
    """

    row: Notification
    case: Case
    situation: Situation | None
    plan: Plan | None
    owed: Obligation | None
    linked: tuple[Subject, ...] = ()
    reminded: tuple[Reminded, ...] = ()
    """What a digest is about."""
    listed: Mapping[str, DirectoryOfficer | None] = field(default_factory=dict)

    @property
    def referred(self) -> bool:
        """Whether the plan passes the victim's details on, which their own message then announces."""
        return self.plan is not None and any(row.template is Template.REFERRAL for row in self.plan.notifications.values())

    @property
    def linked_crimes(self) -> list[Occurrence]:
        return [other.situation.occurrence for other in self.linked if other.situation]


class MessagesOut:
    """Builds messages, one method for each template."""

    def __init__(self, officers: Officers, renderer: Renderer, documents: Documents, profile: Profile, pages: OfficerPages) -> None:
        self._officers = officers
        self._renderer = renderer
        self._documents = documents
        self._profile = profile
        self._pages = pages

    def build(self, subject: Subject) -> Addressed:
        """The finished message. NoAddress where it has nobody to go to."""
        builders: dict[Template, Callable[[Subject], Addressed]] = {
            Template.ACKNOWLEDGEMENT: self._acknowledgement,
            Template.REFERRAL: self._referral,
            Template.EVENT: self._event,
            Template.STOP_NOTICE: self._notice_to_service,
            Template.WITHDRAWAL: self._notice_to_service,
            Template.TASK: self._task,
            Template.DIGEST: self._digest,
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
        return self._to_victim(subject, choice, situation, content)

    def _event(self, subject: Subject) -> Addressed:
        """Key events: what happened, why, and what happens next."""
        row, situation, plan = subject.row, subject.situation, subject.plan
        choice = plan.choice if plan else None
        if situation is None or plan is None or choice is None or row.channel not in choice.usable:
            raise NoAddress
        content = compose_events.event_news(situation, row, choice, plan.agreement, self._officer(subject))
        return self._to_victim(subject, choice, situation, content)

    def _to_victim(self, subject: Subject, choice: ChannelChoice, situation: Situation, content: Acknowledgement | EventNews) -> Addressed:
        """By the row's channel, to whoever receives for the victim."""
        row = subject.row
        if row.channel is Channel.LETTER:
            return Addressed(Letter(row.notification_id, self._documents.letter(row.template, row.language, content)), row.audience)
        if row.channel is Channel.SMS:
            number = _found(usable_point(choice.recipient.mobile, situation.known.closed))
            body = self._renderer.sms(row.template, row.language, content)
            return Addressed(Sms(row.notification_id, number, body), row.audience, ("mobile", number))
        to = _found(usable_point(choice.recipient.email, situation.known.closed))
        return Addressed(_email(row, to, self._renderer.email(row.template, row.language, content)), row.audience, ("email", to))

    def _referral(self, subject: Subject) -> Addressed:
        """The service's PDF in an e-mail that says nothing of a person."""
        row, situation, plan = subject.row, subject.situation, subject.plan
        if situation is None or plan is None or plan.choice is None:
            raise NoAddress
        safe = safe_channels(situation.occurrence, situation.victim, personal=situation.personal, now=situation.now, profile=self._profile)
        content = compose.referral(situation, plan.choice, safe, self._officer(subject), subject.linked_crimes)
        pdf = Attachment(f"referral-{row.reference}.pdf", "application/pdf", self._documents.referral(content))
        rendered = self._renderer.email(row.template, ENGLISH, content)
        return Addressed(_email(row, _found(self._profile.victim_service.email), rendered, pdf), row.audience)

    def _notice_to_service(self, subject: Subject) -> Addressed:
        rendered = self._renderer.email(subject.row.template, ENGLISH, compose_inside.service_notice(self._profile, subject.case))
        return Addressed(_email(subject.row, _found(self._profile.victim_service.email), rendered), subject.row.audience)

    def _task(self, subject: Subject) -> Addressed:
        """To the officer or supervisor named, to whoever stands in for an absent officer, or to the role where nobody can be addressed."""
        row, owed = subject.row, subject.owed
        if owed is None:
            raise NoAddress
        instead = self._stands_in(subject, owed)
        role = self._profile.roles[instead.unit if instead else row.unit or Unit.OPERATIONS]
        audience = _AS[instead.unit] if instead else row.audience
        person = self._person(subject, instead)
        if person and person.email and person.email.lower() in _victims_addresses(subject.case):
            person = None
        to, name = (person.email, person.name or role.name) if person and person.email else (role.email, role.name)
        content = compose_inside.task(self._profile, owed, name, instead.because if instead else None)
        by_role = audience in _AS.values() and not (person and person.email)
        return Addressed(_email(row, to, self._renderer.email(row.template, ENGLISH, content)), Audience.UNIT if by_role else audience)

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

    def _digest(self, subject: Subject) -> Addressed:
        """To the person, or to their role where they cannot be addressed; a text to nobody but the person."""
        row = subject.row
        role = self._profile.roles[Unit.OPERATIONS if row.audience is Audience.OPERATIONS else row.unit or Unit.OFFICER]
        listed = self._listed(subject, row.reader)
        if row.channel is Channel.SMS:
            number = _found(listed.mobile if listed else None)
            content = self._digest_content(subject, (listed and listed.name) or role.name)
            return Addressed(Sms(row.notification_id, number, self._renderer.sms(row.template, ENGLISH, content)), row.audience)
        person = self._reminded_person(subject)
        content = self._digest_content(subject, (person and person.name) or role.name)
        to = person.email if person and person.email else role.email
        by_role = row.reader is not None and to == role.email and row.audience is not Audience.OPERATIONS
        rendered = self._renderer.email(row.template, ENGLISH, content)
        return Addressed(_email(row, to, rendered), Audience.UNIT if by_role else row.audience)

    def _reminded_person(self, subject: Subject) -> Officer | None:
        """The directory's entry; who is not in it is who the record of the first line names, unless that is a victim's address."""
        if subject.row.reader is None or subject.row.audience in (Audience.UNIT, Audience.OPERATIONS):
            return None
        person = self._called(subject, subject.row.reader)
        if person and person.email and person.email.lower() in _victims_addresses(subject.case):
            return None
        return person

    def _digest_content(self, subject: Subject, to: str) -> Digest:
        row = subject.row
        reader = row.reader or (row.unit or Unit.OFFICER).value
        shown = named(subject.reminded, self._profile.reminders.most_lines)
        links = {line.owed.reference: self._pages.address(line.owed.reference, reader, row.created_at) for line in shown}
        return compose_inside.digest(
            self._profile, row, to, [(line, links[line.owed.reference]) for line in shown], len(subject.reminded) - len(shown)
        )


def _victims_addresses(case: Case) -> set[str]:
    """Addresses of victims and their representatives: a task never goes there, whatever the record calls an officer's."""
    holders = [holder for part in case.parts.values() for holder in (part.victim, part.victim.representative) if holder]
    return {holder.email.value.lower() for holder in holders if holder.email and holder.email.value}


def _found(value: str | None) -> str:
    if not value:
        raise NoAddress
    return value


def _email(row: Notification, to: str, rendered: RenderedEmail, *attachments: Attachment) -> Email:
    return Email(row.notification_id, to, rendered.subject, rendered.text, rendered.html, attachments)
