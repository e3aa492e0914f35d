"""The update agreement of one victim: what the officer agreed, else what the force proposes, and by which method.

Must not remind or send.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.model import Channel, Status
from chalicelib.domain.obligations import Agreement
from chalicelib.domain.situation import Situation


def update_agreement(s: Situation, choice: ChannelChoice | None) -> Agreement | None:
    """The record's agreement, else the force's proposal; none once the occurrence is no longer open."""
    if s.occurrence.status is not Status.OPEN:
        return None
    agreed = s.victim.update_agreement
    method, why = _method(s, choice)
    profile_days = s.standing.profile.update_every_days
    first = local_day(s.accepted_at) + timedelta(days=profile_days)
    return Agreement(
        reference=s.occurrence.reference,
        victim_id=s.victim.id,
        every_days=agreed.every_days if agreed else profile_days,
        method=method,
        next_update_on=agreed.next_update_on if agreed else first,
        proposed=agreed is None,
        declined=bool(agreed and agreed.declined),
        method_reason=why,
    )


def _method(s: Situation, choice: ChannelChoice | None) -> tuple[Channel, str | None]:
    """How updates come, and why not as preferred: as agreed, else as preferred where that works (an officer can ring), else as told."""
    agreed, preferred = s.victim.update_agreement, s.victim.preferred_channel
    if agreed and agreed.method:
        return agreed.method, None
    if choice is None or choice.notice is None or preferred is Channel.PHONE:
        return preferred or Channel.PHONE, None
    return choice.notice, choice.why_not
