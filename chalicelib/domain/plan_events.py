"""What key events ask for: the news that is owed to this victim, and who in the force tells it where no message of ours may.

Rules in words: docs/events.md. Must not send, and must not look at what a message says.
"""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.agreements import declined
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import next_for_bad_news
from chalicelib.domain.delivery import MAY_HAVE_LEFT, State
from chalicelib.domain.draft import FINAL_FAILURE, Draft
from chalicelib.domain.enhanced import counts_as_enhanced
from chalicelib.domain.event_messages import Tellable, channel_of, comes_too_late, tell
from chalicelib.domain.events import EventType, ReviewStep, ReviewStepped
from chalicelib.domain.evidence import Evidence, by_message, earliest_of, told_of_event, tried_to_tell
from chalicelib.domain.model import Relationship, Unit
from chalicelib.domain.news import News, counts_from, due_by, news, news_id, rows_about, rule_of, sayable
from chalicelib.domain.obligations import Agreement, Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.review import right_to_review
from chalicelib.domain.situation import own_hours

_MEETS_AGAIN = {
    EventType.RELEASED_NO_CHARGE,
    EventType.RELEASED_ON_BAIL,
    EventType.RELEASED_UNDER_INVESTIGATION,
    EventType.BAIL_CHANGED,
    EventType.BAIL_CANCELLED,
    EventType.NOT_PROSECUTED,
    EventType.CHARGES_DROPPED,
}
"""News after which a suspect whom the victim knows may meet them again."""


def owe_events(draft: Draft, choice: ChannelChoice | None, agreement: Agreement | None, over: str | None = None) -> None:
    """Every key event: the news that is owed, the tasks of whoever tells it, and the messages. `over`: why nothing is owed any more."""
    tellable, items = [], news(draft.s)
    unwanted = bool(items) and declined(draft.s)
    for item in items:
        if item.withdrawn and not _takes_back(draft, item):
            continue
        why_not = over or _not_owed(item, unwanted=unwanted)
        owed = _owe(draft, item, why_not)
        if why_not is None:
            tellable += _ask(draft, item, owed, choice, agreement)
    tell(draft, tellable, choice, agreement)
    if over is None:
        _owe_reviews(draft)


def _takes_back(draft: Draft, item: News) -> bool:
    """What takes back something that the victim heard of, or may have heard of, is news."""
    if item.corrects is None:
        return False
    told = any(row.state in MAY_HAVE_LEFT | {State.SENDING} for row in rows_about(draft.s, item.corrects.event_id))
    return told or told_of_event(draft.s, item.corrects.event_id) is not None


def _not_owed(item: News, *, unwanted: bool) -> str | None:
    """Why nobody has to be told any more: a correction took its place, or the victim wants no news."""
    if item.by is not None:
        return "withdrawn" if item.by.withdrawn else "corrected"
    return "declined" if unwanted else None


def _owe(draft: Draft, item: News, why_not: str | None) -> Obligation:
    s, event = draft.s, item.event
    rule_id, due_at = due_by(s, event, by_person=draft.decision.hold is not None)
    evidence = earliest_of([by_message(s, news_id(s, event.event_id)), told_of_event(s, event.event_id)])
    over = {"state": ObligationState.WAIVED, "reason": why_not} if why_not and evidence is None else {}
    return draft.owe(
        Kind.EVENT, rule_id, started_at=counts_from(event), due_at=due_at, facts=(event.event_id,), evidence=evidence,
        begun_by=event.event_id, event=event.type, unit=Unit.WITNESS_CARE if rule_of(event).of_court else None,
        tried_at=tried_to_tell(s, event.event_id), **over,
    )  # fmt: skip


def _ask(draft: Draft, item: News, owed: Obligation, choice: ChannelChoice | None, agreement: Agreement | None) -> list[Tellable]:
    """The tasks of this news; what a message of ours may tell."""
    of_court = rule_of(item.event).of_court
    if of_court:
        _task(draft, item, owed, Purpose.EVENT_AT_COURT, Unit.WITNESS_CARE)
    if not draft.decision.automatic:
        _task(draft, item, owed, Purpose.EVENT_BY_PERSON, Unit.OFFICER)
        _task(draft, item, owed, Purpose.EVENT_BY_PERSON, Unit.VICTIM_CARE_UNIT)
    if of_court or not draft.decision.automatic:
        return []
    if item.event.type is EventType.OUT_OF_COURT_DISPOSAL and not item.withdrawn:
        _task(draft, item, owed, Purpose.VIEWS_SOUGHT, Unit.OFFICER)
    if owed.evidence is not None and told_of_event(draft.s, item.event.event_id) is None:
        return []
    return _tellable(draft, item, owed, choice, agreement)


def _tellable(draft: Draft, item: News, owed: Obligation, choice: ChannelChoice | None, agreement: Agreement | None) -> list[Tellable]:
    """What a message may tell; the officer's task where it may not, or comes too late."""
    purpose, missing = next(_officer_tells(draft, item, choice, agreement), (None, ()))
    if purpose is not None:
        _task(draft, item, owed, purpose, Unit.OFFICER, missing)
        return []
    if owed.evidence is not None:
        return []
    each = Tellable(item, owed)
    if comes_too_late(draft.s, each, channel_of(draft, choice, agreement)):
        _task(draft, item, owed, Purpose.EVENT_BY_OFFICER, Unit.OFFICER)
    return [each]


def _task(draft: Draft, item: News, owed: Obligation, purpose: Purpose, unit: Unit, missing: tuple[str, ...] = ()) -> None:
    draft.task(
        purpose, unit, missing=missing, rule_id=owed.rule_id, started_at=owed.started_at, due_at=owed.due_at,
        begun_by=item.event.event_id, event=item.event.type,
    )  # fmt: skip


def _officer_tells(
    draft: Draft, item: News, choice: ChannelChoice | None, agreement: Agreement | None
) -> Iterator[tuple[Purpose, tuple[str, ...]]]:
    """Why the officer tells this, and no message of ours; the first reason counts. None: a message may."""
    s, event, rule = draft.s, item.event, rule_of(item.event)
    if rule.bad_news and counts_as_enhanced(s.occurrence, s.victim):
        yield Purpose.EVENT_IN_PERSON, ()
    if event.type in _MEETS_AGAIN and s.personal and s.victim.relationship_to_suspect is not Relationship.STRANGER:
        yield Purpose.EVENT_IN_PERSON, ()
    if rule.needs_reason and not item.withdrawn and not sayable(s, event):
        yield Purpose.EVENT_WITHOUT_REASON, ("event.reason",)
    missing = right_to_review(event).missing
    if missing and not item.withdrawn:
        yield Purpose.RIGHT_TO_REVIEW, missing
    of_court = item.corrects is not None and rule_of(item.corrects).of_court
    never = rule.bad_news and next_for_bad_news(s.now, s.standing.profile.quiet, s.standing.holidays, own_hours(s)) is None
    failed = any(row.state in FINAL_FAILURE | {State.SETTLED} for row in rows_about(draft.s, event.event_id))
    if of_court or never or failed or channel_of(draft, choice, agreement) is None:
        yield Purpose.EVENT_BY_OFFICER, ()


def _owe_reviews(draft: Draft) -> None:
    """A request for a review opens the force's own two clocks; what comes before the next request answers it."""
    steps = [event for event in draft.s.events if isinstance(event, ReviewStepped) and event.victim_id == draft.s.victim.id]
    requests = sorted((event for event in steps if event.step is ReviewStep.REQUESTED), key=lambda event: (event.at, event.event_id))
    for number, asked in enumerate(requests):
        until = requests[number + 1].at if number + 1 < len(requests) else None
        for kind, rule_id, steps_of in (
            (Kind.REVIEW_ACKNOWLEDGED, "REVIEW-10WD", {ReviewStep.ACKNOWLEDGED, ReviewStep.DECIDED}),
            (Kind.REVIEW_DECIDED, "REVIEW-30WD", {ReviewStep.DECIDED}),
        ):
            answers = (event for event in steps if event.step in steps_of and event.at >= asked.at and (until is None or event.at < until))
            evidence = earliest_of(Evidence(event.event_id, event.at) for event in answers)
            draft.owe(
                kind, rule_id, started_at=asked.at, facts=(asked.event_id,), evidence=evidence, unit=Unit.INSPECTOR, begun_by=asked.event_id
            )
