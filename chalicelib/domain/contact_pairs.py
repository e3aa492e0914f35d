"""What a message through the page and its case say of each other: whether the pair is known, whose it would be, whether care is needed.

Whoever knows a collar number, a reference and an address may have written it. Must not decide who answers.
"""

from __future__ import annotations

from collections.abc import Collection

from chalicelib.domain.case import Case, Part
from chalicelib.domain.contact_form import same_collar
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageReceived
from chalicelib.domain.model import Occurrence
from chalicelib.domain.obligations import Kind


def messages(case: Case) -> list[MessageReceived]:
    """Every message that came for this case, in the order of time."""
    found = [event for event in case.events if isinstance(event, MessageReceived)]
    return sorted(found, key=lambda event: (event.at, event.event_id))


def answer_id(message: MessageReceived) -> str:
    """The obligation to answer it: what `task_done` names."""
    return fact_id(message.reference, Kind.CONTACT_ANSWER, message.event_id)


def alarm_id(message: MessageReceived) -> str:
    """The control room's obligation to look at it."""
    return fact_id(message.reference, Kind.CONTACT_ALARM, message.event_id)


def known_pair(case: Case, message: MessageReceived) -> bool:
    """Whether the collar number is, or was in any version, the officer's or the supervisor's of this case: a contract keeps its number.

    So does whoever ever had the case by a hand-over.

    What counts as many, or as doubtful, is no pair: the contact centre looks at it.
    """
    named = {collar for told in case.head.told for collar in told.officers}
    named |= {event.to for event in case.events if isinstance(event, CaseHandedOver)}
    return case.head.facts is not None and not message.many and not message.doubtful and belongs(named, message.collar_number)


def belongs(named: Collection[str], typed: str) -> bool:
    """Whether a typed collar number is one of those that the case named."""
    return any(same_collar(typed, collar) for collar in named)


def careful(case: Case) -> bool:
    """Whether a person decides about anybody in this case, or that is not known now: then no mail holds what was written."""
    return case.head.suspension is not None or any(_by_a_person(case, part) for part in case.parts.values())


def _by_a_person(case: Case, part: Part) -> bool:
    if case.head.sticky(part.victim.id):
        return True
    return not part.removed if part.decision is None else part.held


def writer(message: MessageReceived, occurrence: Occurrence) -> str | None:
    """The victim whose message it would be: whose details were given, else the only one. None: it cannot be told."""
    victims = [victim.id for victim in occurrence.victims]
    if message.victim_id is not None:
        return message.victim_id if message.victim_id in victims else None
    return victims[0] if len(victims) == 1 else None
