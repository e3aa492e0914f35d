"""What victims ask for on their own page: the code that opens it, and the officer's task where a person has to see to it.

A code goes only where everything else could go: to nobody specialist, held or in doubt, by no way that is not safe now. Must not make a
code, or know what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import LONDON
from chalicelib.domain.delivery import Audience, Notification, fact_id
from chalicelib.domain.draft import Draft
from chalicelib.domain.events import AgreementChanged
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Obligation, Purpose
from chalicelib.domain.situation import Situation, own_hours, written_in
from chalicelib.domain.victim_events import Asked, CodeAsked, VictimAsked

CODE_WAYS = (Channel.EMAIL, Channel.SMS)
"""A letter would come days after the code has ended."""
_TASKS = {Asked.STOP: Purpose.VICTIM_STOPPED, Asked.CORRECT: Purpose.CORRECT_DETAILS}


def code_way(choice: ChannelChoice | None) -> Channel | None:
    """How a code goes now: the first of the safe and usable ways that is quick enough. None: none can."""
    return next((channel for channel in choice.usable if channel in CODE_WAYS), None) if choice else None


def asked(s: Situation, what: Asked) -> list[VictimAsked]:
    """What this victim asked for, oldest first."""
    mine = (event for event in s.events if isinstance(event, VictimAsked) and event.victim_id == s.victim.id)
    return sorted((event for event in mine if event.what is what), key=lambda event: (event.at, event.event_id))


def stopped(s: Situation) -> bool:
    """Whether the victim asked for no more messages, and agreed to none since."""
    stops = asked(s, Asked.STOP)
    agreed = (event for event in s.events if isinstance(event, AgreementChanged) and event.victim_id == s.victim.id)
    return bool(stops) and all(event.at <= stops[-1].at or event.declined for event in agreed)


def last_code(s: Situation) -> CodeAsked | None:
    """The newest request for a code: an older one opens nothing any more."""
    mine = (event for event in s.events if isinstance(event, CodeAsked) and event.victim_id == s.victim.id)
    return max(mine, key=lambda event: (event.at, event.event_id), default=None)


def code_lives(s: Situation, request: CodeAsked) -> bool:
    """Whether the code of this request still opens the page."""
    lives = timedelta(minutes=s.standing.profile.case_page.code_minutes)
    return request.at <= s.now < request.at + lives


def code_row_id(request: CodeAsked, way: Channel) -> str:
    """The id of the message that says the code."""
    return fact_id(request.reference, request.victim_id, Template.CODE, way, request.event_id)


def code_of(s: Situation, row: Notification) -> CodeAsked | None:
    """The request for the code that a row says, while it lives."""
    request = last_code(s)
    theirs = request is not None and row.notification_id == code_row_id(request, row.channel) and code_lives(s, request)
    return request if theirs else None


def send_codes(draft: Draft, choice: ChannelChoice) -> None:
    """The code that was asked for last, while it lives. Quiet hours are not asked, since the victim waits for it; their own hours are."""
    s, way, request = draft.s, code_way(choice), last_code(draft.s)
    if request is None or way is None or not code_lives(s, request) or not _in_own_hours(s):
        return
    draft.say(Template.CODE, Audience.VICTIM, way, request.event_id, not_before=request.at, language=written_in(s))


def _in_own_hours(s: Situation) -> bool:
    """Whoever said when it is safe is sent nothing at another hour, whoever asks."""
    hours = own_hours(s)
    return hours is None or hours[0] <= s.now.astimezone(LONDON).time() < hours[1]


def owe_requests(draft: Draft) -> None:
    """The officer hears of what a person has to see to, whatever the route is now; the mail says nothing of the case."""
    for what, purpose in _TASKS.items():
        for event in asked(draft.s, what):
            draft.task(purpose, Unit.OFFICER, started_at=event.at, begun_by=event.event_id)


def open_request(s: Situation, what: Asked, owed: Mapping[str, Obligation]) -> VictimAsked | None:
    """The request of this kind that its officer has not done yet."""
    unmet = {row.begun_by for row in owed.values() if row.purpose is _TASKS[what] and row.unmet}
    return next((event for event in asked(s, what) if event.event_id in unmet), None)
