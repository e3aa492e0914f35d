"""The victim's own page behind the code: what it shows, and what they may change or ask for.

Every request is asked of the stored case anew, and every change once more of the very case that it is written to. What is asked for becomes
a fact of the case; the plan does the rest. Must not serve a page, send, or take contact details.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.agreements import VICTIM
from chalicelib.domain.case import Case
from chalicelib.domain.compose_inside import merged_officer
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.events import AgreementChanged, Event, ReviewStep, ReviewStepped
from chalicelib.domain.plan_victim import open_request
from chalicelib.domain.profile import CasePage
from chalicelib.domain.victim_events import Asked, VictimAsked
from chalicelib.domain.victim_forms import Act, Missing, TermsForm, changes_today, chosen, offered
from chalicelib.domain.victim_view import VictimView, review_id, victim_view
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import Recorded
from chalicelib.services.victim_case import Opened, VictimCase

_ASKED = {Act.REFERRAL: Asked.OPT_OUT, Act.STOP: Asked.STOP, Act.DETAILS: Asked.CORRECT}


class Did(StrEnum):
    """What became of a post. DEAD: the page opens no more; WRONG has `missing`; REFUSED: it is not offered, or was asked for too often."""

    DONE = "done"
    WRONG = "wrong"
    REFUSED = "refused"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Answer:
    did: Did
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown, and which changes are offered."""

    view: VictimView
    offers: frozenset[Act]
    days: tuple[int, ...]


DEAD = Answer(Did.DEAD)


class VictimPage:
    """The use cases of seeing and asking. What they raise is RetryLater: nothing is known to have been taken."""

    def __init__(self, case: VictimCase, events: RecordEvent, rules: CasePage) -> None:
        self._case = case
        self._events = events
        self._rules = rules

    def view(self, opened: Opened) -> Page:
        """The page at the time of the request."""
        s, read = opened.situation, opened.read
        named = s.occurrence.officer
        listed = read.around.officers.get(named.collar_number) if named and named.collar_number else None
        request = open_request(s, Asked.CORRECT, read.around.owed)
        correcting = local_day(request.at) if request else None
        view = victim_view(s, opened.choice, read.plan.agreement, merged_officer(named, listed), correcting)
        return Page(view, offered(view, self._updates_go_on(opened), s.now), self._rules.update_days)

    def _updates_go_on(self, opened: Opened) -> bool:
        """The case is open, and an officer keeps the agreement; who said no before may say yes again."""
        agreement = opened.read.plan.agreement
        return agreement is not None and agreement.ended in (None, "declined")

    def act(self, opened: Opened, act: Act, nonce: str, form: TermsForm, now: datetime) -> Answer:
        """One change or request, once for each form that was shown. `form` is looked at for `Act.UPDATES` alone."""
        if act is Act.UPDATES:
            return self._agree(opened, nonce, form, now)
        event = _event(opened, act, nonce, self.view(opened).view, now)
        return self._keep(opened, act, event, now) if event else Answer(Did.REFUSED)

    def _agree(self, opened: Opened, nonce: str, form: TermsForm, now: datetime) -> Answer:
        terms = chosen(form, self._rules.update_days, self.view(opened).view.methods)
        if isinstance(terms, tuple):
            return Answer(Did.WRONG, terms)
        reference, victim_id = opened.link.reference, opened.link.reader
        event_id = fact_id(reference, victim_id, "terms of the page", nonce, str(terms.every_days), str(terms.method))
        event = AgreementChanged(reference, event_id, victim_id, now, terms.every_days, terms.method, by=VICTIM)
        return self._keep(opened, Act.UPDATES, event, now)

    def _keep(self, opened: Opened, act: Act, event: Event, now: datetime) -> Answer:
        """Once: the same form posted again finds what it wrote, whatever is offered by then."""
        shut: list[bool] = []
        recorded = self._events.record(event, event.event_id, now, VICTIM, self._allowed(opened, act, shut, now))
        if shut:
            return DEAD
        return Answer(Did.DONE if recorded in (Recorded.RECORDED, Recorded.DUPLICATE) else Did.REFUSED)

    def _allowed(self, opened: Opened, act: Act, shut: list[bool], now: datetime) -> Callable[[Case], bool]:
        def allowed(case: Case) -> bool:
            still = self._case.of(opened.link, case, now)
            if still is None:
                shut.append(True)
                return False
            enough = act is Act.UPDATES and changes_today(still.situation, VICTIM) >= self._rules.changes_a_day
            return act in self.view(still).offers and not enough

        return allowed


def _event(opened: Opened, act: Act, nonce: str, view: VictimView, now: datetime) -> Event | None:
    """What is kept of a request; None for a review where there is nothing to review."""
    reference, victim_id = opened.link.reference, opened.link.reader
    if act is Act.REVIEW:
        if view.review is None:
            return None
        return ReviewStepped(reference, review_id(opened.situation, view.review.event_id), victim_id, now, ReviewStep.REQUESTED)
    return VictimAsked(reference, fact_id(reference, victim_id, act, nonce), victim_id, now, _ASKED[act])
