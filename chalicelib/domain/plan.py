"""What should exist for one victim of an occurrence, right now: their route, what is owed, and which messages are wanted.

Pure: the same situation always gives the same plan, whatever the order in which its facts arrived. Must not look at how the rows came about
beyond what already left, and must not change anything: `reconcile.py` finds the way from what exists to what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.agreements import keeper, update_agreement, updates
from chalicelib.domain.contact_safety import ChannelChoice, choose_channels, is_child
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import ACCEPTED, AFTER_SETTLED, MAY_HAVE_LEFT, WAITING, Audience, Notification, State, fact_id
from chalicelib.domain.draft import FINAL_FAILURE, Draft, may_arrive
from chalicelib.domain.events import Covered
from chalicelib.domain.evidence import Evidence, assessed, by_contact, by_message, earliest_of, last_try, on_paper
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, HoldKind, RecordType, Route, RouteDecision, Unit, VictimKind
from chalicelib.domain.obligations import Agreement, Kind, Obligation, ObligationState, Purpose, evidence_rule_on
from chalicelib.domain.plan_events import owe_events
from chalicelib.domain.plan_messages import confirm_messages
from chalicelib.domain.plan_stops import keep_stopping, stop_what_left, withdraw
from chalicelib.domain.plan_updates import tell_updates
from chalicelib.domain.plan_victim import owe_requests, send_codes
from chalicelib.domain.routes import decide_route
from chalicelib.domain.situation import Situation, earliest, hold_window, written_in
from chalicelib.domain.targeted import suggest

WITH_RIGHTS = {Route.VICTIM_SERVICES, Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD}
_ACKNOWLEDGED = MAY_HAVE_LEFT | FINAL_FAILURE | {State.SENDING}
"""What is being sent counts: a decision meanwhile must not write to the victim by another channel as well."""
CANCELLED = "cancelled"
"""The rule for a cancelled record without any other sign."""
REMOVED = RouteDecision(Route.NO_ROUTE, "removed", "1")


@dataclass(frozen=True, slots=True)
class Plan:
    """The wanted rows by id. `choice` says how the victim is reached, None where nobody is reached automatically.

    `knows_updates`: every update that was ever owed is among the obligations, any other never was.
    """

    decision: RouteDecision
    notifications: Mapping[str, Notification]
    obligations: Mapping[str, Obligation]
    agreement: Agreement | None
    choice: ChannelChoice | None
    knows_updates: bool = False


def plan(situation: Situation) -> Plan:
    """The plan for one victim."""
    s = situation
    decision = decide_route(s.occurrence, s.victim, sticky=s.sticky, known=s.known, now=s.now, profile=s.standing.profile)
    draft = Draft(s, decision)
    choice = None
    if decision.route in WITH_RIGHTS:
        _owe_rights(draft)
        suggest(draft)
        owe_requests(draft)
    if decision.automatic:
        choice = _tell(draft)
        confirm_messages(draft, choice)
        send_codes(draft, choice)
    elif decision.unit is not None:
        _give_to_a_person(draft)
    elif s.sticky or s.known.specialist:
        stop_what_left(draft)
    keep_stopping(draft)
    withdraw(draft)
    if _ended_by_the_record(decision):
        _owe_updates(draft)
    if decision.rule_id == CANCELLED and _had_rights(s):
        draft.task(Purpose.CANCELLED, Unit.OFFICER)
    with_updates = decision.route in WITH_RIGHTS or _ended_by_the_record(decision)
    agreement = update_agreement(s, choice) if with_updates else None
    owe_events(draft, choice, agreement, None if decision.route in WITH_RIGHTS else decision.rule_id)
    tell_updates(draft, choice, agreement)
    return Plan(decision, draft.notifications, draft.finished(), agreement, choice, with_updates)


def _ended_by_the_record(decision: RouteDecision) -> bool:
    """Transferred or cancelled: no updates any more, and what was owed until then stays as it was."""
    return decision.route is Route.TRANSFERRED or decision.rule_id == CANCELLED


def _had_rights(s: Situation) -> bool:
    """The victim of a crime, who has to hear that it is none any more; a business has rights through its named contact."""
    incident = s.occurrence.record_type is RecordType.INCIDENT and not s.occurrence.offences
    return not incident and (s.victim.kind is not VictimKind.BUSINESS or s.victim.contact_name is not None)


def plan_removed(situation: Situation) -> Plan:
    """The plan for a victim whom the newest version does not name: nothing but what the service has to hear of details that it has."""
    draft = Draft(situation, REMOVED)
    if situation.sticky or situation.known.specialist:
        stop_what_left(draft)
    keep_stopping(draft)
    withdraw(draft)
    owe_events(draft, None, None, REMOVED.rule_id)
    return Plan(REMOVED, draft.notifications, draft.finished(), None, None)


def may_be_referred(s: Situation) -> bool:
    """A police officer is never referred, nor is a child, whose representative is informed [INF]."""
    return s.victim.kind is not VictimKind.POLICE_OFFICER and not is_child(s.victim, local_day(s.occurrence.reported_at))


def _told_in_the_old_way(s: Situation) -> bool:
    return not s.standing.profile.tells_from_the_beginning(local_day(s.occurrence.reported_at))


def _owe_rights(draft: Draft) -> None:
    s = draft.s
    if _told_in_the_old_way(s):
        _owe_updates(draft)
        return
    _owe(draft, Kind.WRITTEN_ACKNOWLEDGEMENT, "ACK-2WD", Covered.WRITTEN_ACKNOWLEDGEMENT, on_paper(s))
    if may_be_referred(s) and s.victim.referral_opt_out is not True:
        _owe(draft, Kind.REFERRAL, "REF-2WD", Covered.REFERRAL)
    if s.victim.kind is not VictimKind.BUSINESS:
        _owe(draft, Kind.NEEDS_ASSESSMENT, "NEEDS-2WD", Covered.NEEDS_ASSESSMENT, assessed(s))
    _owe_updates(draft)


def _owe(draft: Draft, kind: Kind, rule_id: str, covered: Covered, said: Evidence | None = None) -> None:
    """Met by what the record itself says, by a message that arrived, also one that arrived while nothing was owed, or by a contact.

    A referral to the service that a specialist victim should not have had is none: a person offers the right one.
    """
    counts = kind is not Kind.REFERRAL or draft.decision.automatic
    arrived = by_message(draft.s, fact_id(*draft.key, kind)) if counts else None
    found = earliest_of([said, arrived, by_contact(draft.s, covered)])
    draft.owe(kind, rule_id, evidence=found, tried_at=last_try(draft.s, covered))


def _owe_updates(draft: Draft) -> None:
    """Every update that was ever owed: met, ended unmet, and the one that is owed now."""
    with_witness_care = keeper(draft.s) is Unit.WITNESS_CARE
    for owed in updates(draft.s):
        tried = last_try(draft.s, Covered.UPDATE)
        more: dict[str, Any] = {"proposed": owed.proposed, "tried_at": tried if tried and tried >= owed.started_at else None}
        if owed.ended_at is not None:
            breached = owed.due_at < owed.ended_at and owed.ended != CANCELLED
            more |= {"state": ObligationState.BREACHED if breached else ObligationState.WAIVED, "reason": owed.ended}
        elif with_witness_care and owed.evidence is None:
            more["unit"] = Unit.WITNESS_CARE
        evidence = Evidence(owed.evidence, owed.met_at) if owed.evidence and owed.met_at else None
        if owed.ended_at is not None or owed.evidence is not None:  # what is over is nobody's to do, and is not written again
            more |= {"officer": None, "supervisor": None, "tried_at": None}
        more["begun_by"] = owed.begun_by
        draft.owe(Kind.UPDATE, "UPDATE", started_at=owed.started_at, due_at=owed.due_at, facts=(owed.begun_by,), evidence=evidence, **more)


def _give_to_a_person(draft: Draft) -> None:
    decision, unit = draft.decision, draft.decision.unit
    assert unit is not None  # noqa: S101 - the caller asked
    if decision.route is Route.TRANSFERRED:
        draft.task(Purpose.TRANSFERRED, unit)
        return
    doubt = Purpose.DOUBT if decision.missing else Purpose.BY_PERSON
    purpose = Purpose.SPECIALIST if decision.hold is HoldKind.SPECIALIST else doubt
    urgent = draft.s.standing.profile.high_risk_service in decision.destinations
    draft.task(purpose, unit, destinations=decision.destinations, missing=decision.missing, urgent=urgent, elsewhere=decision.elsewhere)
    if decision.hold is HoldKind.SPECIALIST or decision.route is Route.DOMESTIC_ABUSE or not may_be_referred(draft.s):
        stop_what_left(draft)


def _tell(draft: Draft) -> ChannelChoice:
    s = draft.s
    standing = s.standing
    choice = choose_channels(
        s.occurrence,
        s.victim,
        personal=s.personal,
        known=s.known,
        languages=standing.languages,
        now=s.now,
        profile=standing.profile,
    )
    if _told_in_the_old_way(s):
        return choice
    told = [row for row in s.rows if row.template is Template.ACKNOWLEDGEMENT and row.state in _ACKNOWLEDGED]
    if told:
        _follow_up(draft, told, choice)
    elif choice.notice is None:
        draft.task(Purpose.INTERPRETER if choice.unreachable == "need" else Purpose.TELL_VICTIM, Unit.OFFICER, rule_id="ACK-2WD")
    else:
        _acknowledge(draft, choice)
    _refer(draft, choice)
    return choice


def _acknowledge(draft: Draft, choice: ChannelChoice) -> None:
    for channel in dict.fromkeys(channel for channel in (choice.notice, choice.full) if channel is not None):
        _acknowledgement(draft, channel, choice.why_not)
    if choice.full is None:
        _ask_for_the_full_words(draft)


def _ask_for_the_full_words(draft: Draft) -> None:
    """Only a text: a person gives the written acknowledgement, unless it was given on paper before anybody had to be asked."""
    owed = draft.obligations[fact_id(*draft.key, Kind.WRITTEN_ACKNOWLEDGEMENT)]
    contact = by_contact(draft.s, Covered.WRITTEN_ACKNOWLEDGEMENT)
    if owed.unmet or (contact and owed.evidence == contact.id):
        draft.task(Purpose.FULL_WORDS, Unit.OFFICER, rule_id="ACK-2WD")


def _acknowledgement(draft: Draft, channel: Channel, why_not: str | None) -> None:
    """Whether this channel's words are themselves the written acknowledgement is a dated rule row."""
    words = evidence_rule_on("ACK-WORDS", local_day(draft.s.occurrence.reported_at))
    owed = fact_id(*draft.key, Kind.WRITTEN_ACKNOWLEDGEMENT)
    draft.say(
        Template.ACKNOWLEDGEMENT,
        Audience.VICTIM,
        channel,
        not_before=earliest(draft.s, draft.s.accepted_at + hold_window(draft.s)),
        evidences=(owed,) if channel in words.channels else (),
        why_not=why_not,
        language=written_in(draft.s),
    )


def _follow_up(draft: Draft, told: list[Notification], choice: ChannelChoice) -> None:
    """The victim has been written to: nothing new is written by ourselves, what still waits may leave, failures go to a person."""
    for row in draft.s.rows:
        still_safe = row.state in WAITING and row.channel in (choice.notice, choice.full)
        if row.template is Template.ACKNOWLEDGEMENT and (row in told or still_safe):
            draft.notifications[row.notification_id] = row
    if any(row.state in FINAL_FAILURE for row in told):
        draft.task(Purpose.NOT_DELIVERED, Unit.OFFICER, rule_id="ACK-2WD")
    if any(row.state is State.SETTLED or row.reason == AFTER_SETTLED for row in told):
        draft.task(Purpose.OUTCOME_UNKNOWN, Unit.OFFICER, rule_id="ACK-2WD")
    if all(row.channel is Channel.SMS for row in draft.notifications.values() if row.template is Template.ACKNOWLEDGEMENT):
        _ask_for_the_full_words(draft)


def _refer(draft: Draft, choice: ChannelChoice) -> None:
    s = draft.s
    before = next((row for row in s.rows if row.template is Template.REFERRAL and row.state in _ACKNOWLEDGED), None)
    if before is not None:
        draft.notifications[before.notification_id] = before
    silent = s.victim.contact_safety is not None and s.victim.contact_safety.do_not_contact
    referred = any(row.template is Template.REFERRAL and row.state in MAY_HAVE_LEFT for row in s.rows)
    # What a child's representative was told was right to tell; only a referral of a child was not.
    if silent or (referred and not may_be_referred(s)):
        stop_what_left(draft)
    if not may_be_referred(s):
        return
    withdrawn = any(row.template is Template.WITHDRAWAL and row.state in MAY_HAVE_LEFT for row in s.rows)
    if s.victim.referral_opt_out is False and withdrawn:
        draft.task(Purpose.REFER_AGAIN, Unit.VICTIM_CARE_UNIT, rule_id="REF-2WD", started_at=s.now)
    elif s.victim.referral_opt_out is None and before is None:
        draft.task(Purpose.ASK_REFERRAL, Unit.OFFICER, rule_id="REF-2WD")
    elif s.victim.referral_opt_out is False and before is None and _told_without(s):
        draft.task(Purpose.TELL_REFERRAL, Unit.OFFICER, rule_id="REF-2WD")
    elif s.victim.referral_opt_out is False:
        _refer_automatically(draft, before, choice)


def _told_without(s: Situation) -> bool:
    """The victim's message has gone and did not announce the referral to whom the record names now: a person tells first."""
    gone = ACCEPTED | {State.SENDING, State.UNKNOWN}
    told = [row for row in s.rows if row.template is Template.ACKNOWLEDGEMENT and row.state in gone]
    return bool(told) and not any(row.announces and _still_theirs(s, row) for row in told)


def _still_theirs(s: Situation, row: Notification) -> bool:
    """The notice went to an address that the record still gives: another person, or another address, has had no notice."""
    return row.point is None or not s.points or row.point in s.points


def _refer_automatically(draft: Draft, before: Notification | None, choice: ChannelChoice) -> None:
    """No notice, no referral: the details leave once a notice that can still arrive was accepted by its provider.

    Whoever was told, and since cannot be told any more (do not contact, no safe channel), is referred by a person.
    """
    notices = [row for row in draft.notifications.values() if row.template is Template.ACKNOWLEDGEMENT]
    alive = [row for row in notices if may_arrive(row)]
    if before is not None and before.state in FINAL_FAILURE | {State.SETTLED}:
        draft.task(Purpose.NOT_DELIVERED, Unit.VICTIM_CARE_UNIT, rule_id="REF-2WD")
    if before is None and alive and choice.notice is None:
        draft.task(Purpose.TELL_VICTIM, Unit.OFFICER, rule_id="ACK-2WD")
    elif before is None and alive:
        draft.say(
            Template.REFERRAL,
            Audience.SERVICE,
            Channel.EMAIL,
            not_before=earliest(draft.s, draft.s.accepted_at + hold_window(draft.s)),
            waits_for=tuple(sorted(row.notification_id for row in alive)),
            evidences=(fact_id(*draft.key, Kind.REFERRAL),),
        )
