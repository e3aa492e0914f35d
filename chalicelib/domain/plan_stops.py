"""What becomes of messages and details that should not have left, or that the victim takes back: stop notices, withdrawals, checks.

Must not decide who may be told.
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.delivery import MAY_HAVE_LEFT, WAITING, Audience, State
from chalicelib.domain.draft import Draft
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Kind, Purpose

_OF_VICTIM = {Template.ACKNOWLEDGEMENT, Template.REFERRAL}


def stop_what_left(draft: Draft) -> None:
    """Re-classified after sending: the Victim Care Unit learns it, and the service is told to stop until a person confirms that it did."""
    left = {row.template for row in draft.s.rows if row.template in _OF_VICTIM and row.state in MAY_HAVE_LEFT}
    if left:
        draft.task(Purpose.SENT_BEFORE, Unit.VICTIM_CARE_UNIT, started_at=draft.s.now)
    if Template.REFERRAL in left:
        _stop_the_service(draft)


def _stop_the_service(draft: Draft) -> None:
    owed = draft.task(Purpose.STOP_CONFIRM, Unit.VICTIM_CARE_UNIT, rule_id="STOP-1WD", kind=Kind.STOP_NOTICE, started_at=draft.s.now)
    _tell_the_service(draft, Template.STOP_NOTICE, task_id=owed.obligation_id)


def _tell_the_service(draft: Draft, template: Template, **more: Any) -> None:
    """A notice to the service; one that could not be delivered is told by a person."""
    row = draft.say(template, Audience.SERVICE, Channel.EMAIL, **more)
    if draft.failed(row.notification_id):
        draft.task(Purpose.RING_THE_SERVICE, Unit.VICTIM_CARE_UNIT, started_at=draft.s.now)


def keep_stopping(draft: Draft) -> None:
    """A stop stays owed until a person confirms it, whatever the record says next; one that nobody heard of goes with its cause."""
    told = [row for row in draft.s.rows if row.template is Template.STOP_NOTICE and row.state is not State.CANCELLED]
    if any(row.state not in WAITING or not draft.decision.automatic for row in told):
        _stop_the_service(draft)


def withdraw(draft: Draft) -> None:
    """Opted out after the referral left: the service hears it whatever the route is now, unless it is told to stop anyway."""
    left = any(row.template is Template.REFERRAL and row.state in MAY_HAVE_LEFT for row in draft.s.rows)
    stopped = any(row.template is Template.STOP_NOTICE for row in draft.notifications.values())
    if left and draft.s.victim.referral_opt_out and not stopped:
        _tell_the_service(draft, Template.WITHDRAWAL)
