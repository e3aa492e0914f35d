"""Who receives for a victim, and by which channels it is safe and possible to write to them automatically.

Contact safety is exactly as the records contract defines it; the reason for every channel not taken is kept. Must not route or send.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.languages import tag_of
from chalicelib.domain.messages import Reader
from chalicelib.domain.model import Channel, ContactSafety, KnownElsewhere, Need, Occurrence, Point, Source, Victim, VictimKind
from chalicelib.domain.profile import ContactPolicy, Profile, QuietHours

ADULT = 18
CLOCK_SKEW = timedelta(minutes=5)
"""How far the records system's clock may be ahead of ours."""
_SELF_REPORTED = {Source.NON_EMERGENCY, Source.ONLINE, Source.COUNTER, Source.OFFICER}
_IN_ORDER = (Channel.EMAIL, Channel.SMS, Channel.LETTER)
_UNMET = {Need.INTERPRETER, Need.BSL, Need.EASY_READ, Need.BRAILLE, Need.DOES_NOT_READ}
"""Needs that no written template of ours can meet; a person sees to them. Large print and text relay can be met."""
_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.](\d{2})")


def is_child(victim: Victim, day: date) -> bool:
    """Under 18 on `day`. A person without a date of birth is not known to be a child (routing holds them for that)."""
    born = victim.date_of_birth
    return born is not None and day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < ADULT


def confirmed(safety: ContactSafety | None, now: datetime, policy: ContactPolicy) -> bool:
    """Whether contact safety was confirmed with the victim within the profile's limit."""
    if safety is None or safety.confirmed_at is None or safety.safe_channels is None:
        return False
    return -CLOCK_SKEW <= now - safety.confirmed_at <= policy.confirmation_limit


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives for the victim, and the points they gave."""

    reader: Reader
    name: str | None
    email: Point | None
    mobile: Point | None
    address: tuple[str, ...]


def full_name(given: str | None, family: str | None) -> str | None:
    return " ".join(part for part in (given, family) if part) or None


def recipient_of(victim: Victim) -> Recipient:
    """The representative where there is one, the named contact of a business, else the victim."""
    person = victim.representative
    if person is not None:
        name = full_name(person.given_name, person.family_name)
        return Recipient(Reader.REPRESENTATIVE, name, person.email, person.mobile, person.address)
    if victim.kind is VictimKind.BUSINESS:
        return Recipient(Reader.BUSINESS, victim.contact_name, victim.email, victim.mobile, victim.address)
    safe_name = victim.contact_safety.safe_name if victim.contact_safety else None
    name = safe_name or full_name(victim.given_name, victim.family_name)
    return Recipient(Reader.VICTIM, name, victim.email, victim.mobile, victim.address)


def _given_may_be_used(occurrence: Occurrence, victim: Victim, policy: ContactPolicy, personal: bool) -> bool:
    adult = (
        victim.kind is VictimKind.PERSON and victim.date_of_birth is not None and not is_child(victim, local_day(occurrence.reported_at))
    )
    alone = adult and victim.representative is None
    return policy.use_given_when_unconfirmed and alone and occurrence.source in _SELF_REPORTED and not personal


def hours_allow(safety: ContactSafety, quiet: QuietHours) -> bool:
    """Whether the victim's safe hours, if any, are readable and overlap the hours in which the force writes."""
    if not safety.safe_hours:
        return True
    own = parse_hours(safety.safe_hours)
    return own is not None and max(own[0], quiet.opens) < min(own[1], quiet.closes)


def safe_channels(occurrence: Occurrence, victim: Victim, *, personal: bool, now: datetime, profile: Profile) -> frozenset[Channel]:
    """Channels that may be used automatically. `personal`: an offence of the occurrence is against a person.

    Unconfirmed safety under "use_given" allows only e-mail and mobile, never more than what was said; otherwise none.
    """
    safety, policy = victim.contact_safety, profile.contact
    if safety and (safety.do_not_contact or safety.may_say_police is False or not hours_allow(safety, profile.quiet)):
        return frozenset()
    if safety and safety.safe_channels is not None and confirmed(safety, now, policy):
        return safety.safe_channels
    if not _given_may_be_used(occurrence, victim, policy, personal):
        return frozenset()
    given = frozenset({Channel.EMAIL, Channel.SMS})
    return given if safety is None or safety.safe_channels is None else given & safety.safe_channels


def parse_hours(text: str) -> tuple[time, time] | None:
    """Safe hours as `HH:MM-HH:MM`, local time, opening before closing; None where a person has to read them."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    first, second = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    if not (first < second and all(hour < 24 and minute < 60 for hour, minute in (first, second))):
        return None
    return time(*first), time(*second)


class WhyNot:
    """Why the channel that the victim asked for is not the one used."""

    NOT_SAFE = "not_safe"
    UNUSABLE = "unusable"
    NOT_AUTOMATIC = "not_automatic"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """`notice` carries the first word (None: nobody can be reached automatically); `full` the full written words, which an SMS cannot.

    `why_not` says why the preferred channel is not `notice`. `unreachable` says why there is no `notice`: "unsafe", "unusable" or "need".
    `usable` are all channels by which the reader can be written to, `safe` those that they said are safe.
    """

    recipient: Recipient
    notice: Channel | None
    full: Channel | None
    why_not: str | None = None
    unreachable: str | None = None
    usable: tuple[Channel, ...] = ()
    safe: frozenset[Channel] = frozenset()


def usable_point(point: Point | None, closed: frozenset[str]) -> str | None:
    """The normalised address or number, unless it cannot be used or was closed after a permanent failure."""
    return point.value if point and point.value and point.value not in closed else None


def _usable(channel: Channel, recipient: Recipient, closed: frozenset[str]) -> bool:
    checks: dict[Channel, Callable[[], bool]] = {
        Channel.EMAIL: lambda: usable_point(recipient.email, closed) is not None,
        Channel.SMS: lambda: usable_point(recipient.mobile, closed) is not None,
        Channel.LETTER: lambda: len(recipient.address) >= 2 and recipient.name is not None,
    }
    return channel in checks and checks[channel]()


def why_not(preferred: Channel, safe: frozenset[Channel], needs: frozenset[Need]) -> str:
    """Why a channel that the victim asked for is not one that can be used."""
    if preferred is Channel.PHONE:
        return WhyNot.NOT_AUTOMATIC
    if preferred not in safe:
        return WhyNot.NOT_SAFE
    return WhyNot.NEED if preferred is Channel.SMS and Need.LARGE_PRINT in needs else WhyNot.UNUSABLE


def language_of(victim: Victim) -> str:
    """The tag of the victim's language, English where none was recorded."""
    return tag_of(victim.language)


def needs_a_person(victim: Victim, languages: frozenset[str], policy: ContactPolicy) -> bool:
    """No template in the victim's language, or a need that no template meets."""
    if victim.communication_needs & _UNMET:
        return True
    return language_of(victim) not in languages and not policy.english_where_no_template


def choose_channels(
    occurrence: Occurrence,
    victim: Victim,
    *,
    personal: bool,
    known: KnownElsewhere,
    languages: frozenset[str],
    now: datetime,
    profile: Profile,
) -> ChannelChoice:
    """The victim's preference if safe and usable, else the next safe one, with the reason; nothing where a person has to do it."""
    recipient = recipient_of(victim)
    if needs_a_person(victim, languages, profile.contact):
        return ChannelChoice(recipient, None, None, unreachable="need")
    safe = safe_channels(occurrence, victim, personal=personal, now=now, profile=profile)
    if not safe:
        return ChannelChoice(recipient, None, None, unreachable="unsafe")
    spoken = safe - {Channel.SMS} if Need.LARGE_PRINT in victim.communication_needs else safe
    wanted = (victim.preferred_channel, *_IN_ORDER) if victim.preferred_channel else _IN_ORDER
    open_ones = [channel for channel in dict.fromkeys(wanted) if channel in spoken and _usable(channel, recipient, known.closed)]
    if not open_ones:
        return ChannelChoice(recipient, None, None, unreachable="unusable")
    notice = open_ones[0]
    preferred = victim.preferred_channel
    why = why_not(preferred, safe, victim.communication_needs) if preferred and preferred is not notice else None
    full = next((channel for channel in open_ones if channel is not Channel.SMS), None)
    return ChannelChoice(recipient, notice, full if notice is Channel.SMS else notice, why, usable=tuple(open_ones), safe=safe)
