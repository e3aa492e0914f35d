"""What is owed when somebody wrote through the page: an answer within a week, the control room's look at words of danger; by whom.

Who wrote is only claimed, so an answer is owed in the case and to no victim of it. Must not store or send, and must not read what was
written. Rules in words: docs/obligations.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.case import Case
from chalicelib.domain.contact_pairs import alarm_id, answer_id, known_pair, writer
from chalicelib.domain.deadlines import add_working_days, due, local_day, rule_on
from chalicelib.domain.events import ContactRecorded, Step, TaskDone
from chalicelib.domain.evidence import Evidence, earliest_of
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.profile import ContactForms, Reminders
from chalicelib.domain.reconcile import still_owed
from chalicelib.domain.reminders import morning, unmet_state
from chalicelib.domain.situation import Standing


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has a message since when: an officer by collar number, where `unit` is theirs or their supervisor's.

    `passes_at`: when it passes from the officer to the supervisor, None: it does not. `given_by`: the event that gave it to the officer.
    """

    unit: Unit
    officer: str | None
    passes_at: datetime | None
    given_by: str = ""


def hands(case: Case, message: MessageReceived, now: datetime, standing: Standing) -> Hands:
    """Whose an unanswered message is at `now`. Who is away is seen when somebody is told (`reminders.responsible`)."""
    given = [event for event in case.events if isinstance(event, MessageAllocated) and event.message_id == message.event_id]
    last = max(given, key=lambda event: (event.at, event.event_id), default=None)
    if last is None and not known_pair(case, message):
        return Hands(Unit.CONTACT_CENTRE, None, None)
    facts = case.head.facts
    mine = facts.officer.collar_number if facts and facts.officer else None
    officer, since = (last.to, last.at) if last else (mine, message.at)
    passes = _passes_at(since, standing)
    return Hands(Unit.SUPERVISOR if passes <= now else Unit.OFFICER, officer, passes, last.event_id if last else "")


def _passes_at(since: datetime, standing: Standing) -> datetime:
    """The morning after the profile's working days."""
    forms: ContactForms = standing.profile.contact_forms
    reminders: Reminders = standing.profile.reminders
    return morning(add_working_days(local_day(since), forms.unanswered, standing.holidays) + timedelta(days=1), reminders)


def answer(case: Case, message: MessageReceived, before: Obligation | None, now: datetime, standing: Standing) -> Obligation:
    """The answer that is owed, as it stands: met by `task_done`, or by a contact that reached whose message it would be."""
    held = hands(case, message, now, standing)
    purpose = Purpose.MORE_MESSAGES if message.many else Purpose.ANSWER_MESSAGE
    owed = _owed(case, message, answer_id(message), Kind.CONTACT_ANSWER, "CONTACT-7D", purpose, held.unit, now, standing)
    supervisor = case.head.facts.supervisor if case.head.facts and held.officer else None
    contacts = _contacts(case, message)
    tried = max((event.at for event in contacts if not event.reached), default=None)
    owed = replace(owed, officer=held.officer, supervisor=supervisor.collar_number if supervisor else None, tried_at=tried)
    reached = [Evidence(event.event_id, event.at) for event in contacts if event.reached]
    return still_owed(before, _met(owed, [_done(case, owed.obligation_id), *reached]), now, standing)


def alarm(case: Case, message: MessageReceived, before: Obligation | None, now: datetime, standing: Standing) -> Obligation:
    """What the control room owes for words of danger: nothing but its own `task_done` meets it."""
    owed = _owed(
        case, message, alarm_id(message), Kind.CONTACT_ALARM, "DANGER-15MIN", Purpose.DANGER_WORDS, Unit.CONTROL_ROOM, now, standing
    )
    return still_owed(before, _met(replace(owed, urgent=True), [_done(case, owed.obligation_id)]), now, standing)


def _owed(
    case: Case,
    message: MessageReceived,
    key: str,
    kind: Kind,
    rule_id: str,
    purpose: Purpose,
    unit: Unit,
    now: datetime,
    standing: Standing,
) -> Obligation:
    rule = rule_on(rule_id, local_day(message.at))
    until = due(rule, message.at, standing.holidays)
    return Obligation(
        obligation_id=key,
        reference=message.reference,
        kind=kind,
        victim_id=None,
        rule_id=rule.id,
        rule_from=rule.effective_from,
        started_at=message.at,
        due_at=until,
        created_at=now,
        state=unmet_state(until, now, standing.holidays),
        district=standing.profile.district(case.head.facts.district if case.head.facts else None),
        unit=unit,
        purpose=purpose,
        begun_by=message.event_id,
        picked_up_at=min((event.at for event in _steps(case, key)), default=None),
    )


def _met(owed: Obligation, found: list[Evidence | None]) -> Obligation:
    evidence = earliest_of(found)
    return replace(owed, state=ObligationState.MET, evidence=evidence.id, met_at=evidence.at) if evidence else owed


def _steps(case: Case, task: str) -> list[TaskDone]:
    return [event for event in case.events if isinstance(event, TaskDone) and event.task == task]


def _done(case: Case, task: str) -> Evidence | None:
    return earliest_of(Evidence(event.event_id, event.at) for event in _steps(case, task) if event.step is Step.DONE)


def answered_with(case: Case, message: MessageReceived) -> str | None:
    """The victim with whom a contact answers it. In a case of several, where nobody's details were given, nothing is guessed."""
    occurrence = case.occurrence
    return writer(message, occurrence) if occurrence and known_pair(case, message) else None


def _contacts(case: Case, message: MessageReceived) -> list[ContactRecorded]:
    """Contacts after the message with whose it would be."""
    victim = answered_with(case, message)
    return [e for e in case.events if isinstance(e, ContactRecorded) and e.victim_id == victim and e.at >= message.at]
