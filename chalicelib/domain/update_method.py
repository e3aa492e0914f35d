"""How updates come to a victim: as agreed, else as preferred, and why not where that cannot be used.

Must not decide whether or when an update is owed.
"""

from __future__ import annotations

from chalicelib.domain.contact_safety import ChannelChoice, WhyNot, recipient_of, usable_point, why_not
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Terms
from chalicelib.domain.situation import Situation


def method_of(s: Situation, terms: Terms, choice: ChannelChoice | None) -> tuple[Channel, str | None]:
    """How updates come, and why not as agreed or preferred: by what can be used, else an officer rings or finds a safe way."""
    automatic = choice.notice if choice else None
    wanted = terms.method or s.victim.preferred_channel
    why = _why_not(s, wanted, choice) if wanted else None
    if wanted is not None and why is None:
        return wanted, None
    return automatic or Channel.PHONE, why


def _why_not(s: Situation, wanted: Channel, choice: ChannelChoice | None) -> str | None:
    """Why updates cannot come by `wanted`. Where nothing is sent automatically, the record's own words on safety decide."""
    if choice is not None and choice.notice is not None and wanted is not Channel.PHONE:
        return None if wanted in choice.usable else why_not(wanted, choice.safe, s.victim.communication_needs)
    safety = s.victim.contact_safety
    if safety is not None and safety.safe_channels is not None and wanted not in safety.safe_channels:
        return WhyNot.NOT_SAFE
    rings = any(usable_point(number, s.known.closed) for number in (recipient_of(s.victim).mobile, s.victim.landline))
    return WhyNot.UNUSABLE if wanted is Channel.PHONE and not rings else None
