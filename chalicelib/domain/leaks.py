"""The leak check: lists every message that left the force automatically and should not have, from the raw records alone.

It must not share a rule with the routing, nor change, send or stop anything; a leak names fields and rules, never values.

Every message is judged by what was known when its provider accepted it: a version that came later makes no leak of it. Whatever cannot be
read (a time, an audience, a reference) is judged by the strictest meaning it can have.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.leak_kinds import Found, Leak, Sent, What
from chalicelib.domain.leak_knowledge import (
    NEVER,
    Knowledge,
    Point,
    address_point,
    canonical_reference,
    contact_points,
    email_point,
    person_keys,
    recipient_point,
)
from chalicelib.domain.leak_rules import LeakPolicy, Release, Weight, is_child, is_confirmed, may_use_given
from chalicelib.domain.leak_values import fold, items, mapping, moment
from chalicelib.domain.leak_wording import public_wording, service_wording, task_wording, victim_wording

__all__ = ["Leak", "LeakPolicy", "Release", "What", "find_leaks"]

_INSIDE = frozenset({"officer", "supervisor", "unit", "operations"})
_UNKNOWN_TIME = datetime.max.replace(tzinfo=UTC)
# Large print and text relay are no bar to an e-mail; whoever asked for one of these cannot simply read a template.
_NEEDS_UNMET = frozenset({"interpreter", "bsl", "easy_read", "braille", "does_not_read"})
_KINDS = {
    Weight.SPECIALIST: What.AUTOMATIC_MESSAGE_TO_SPECIALIST,
    Weight.DOUBT: What.AUTOMATIC_MESSAGE_TO_DOUBTFUL,
    Weight.NO_ROUTE: What.NO_ROUTE,
}


def find_leaks(records: Iterable[Mapping[str, Any]], messages: Iterable[Mapping[str, Any]], *, policy: LeakPolicy) -> list[Leak]:
    """Return every leak among the messages that providers accepted, in their order; an empty list is what is wanted.

    `records`: contract objects of every kind, all versions ever accepted, in any order, repetitions allowed; each plain (known always) or
    as `{"received_at": <ISO 8601>, "record": <contract object>}` (known from then on).
    `messages`: entries of `/local/outbox.json`, each with `victim_id` where it is known. Without it every victim who receives at that
    address is judged, or everyone in the occurrence where the address is nobody's.
    """
    check = _Check(Knowledge(records, policy), [_read(message) for message in messages], policy)
    return check.leaks()


def _read(message: Mapping[str, Any]) -> Sent:
    return Sent(
        message=message,
        reference=canonical_reference(message.get("reference")),
        victim_id=message["victim_id"] if isinstance(message.get("victim_id"), str) else None,
        audience=fold(message.get("audience")),
        channel=fold(message.get("channel")),
        at=moment(message.get("accepted_at")) or _UNKNOWN_TIME,
    )


def _recipient(sent: Sent) -> set[Point]:
    """Return the e-mail address or telephone number a message went to; a letter has none."""
    return set() if sent.channel == "letter" else {recipient_point(sent.message.get("to"))}


def _reaches(sent: Sent, person: Mapping[str, Any]) -> bool:
    """Say whether a message went to a contact point of a person."""
    if sent.channel == "letter":
        address = address_point(person.get("address"))
        return bool(address) and address in address_point(sent.message.get("to"))
    return bool(_recipient(sent) & contact_points(person))


def _is_theirs(sent: Sent, victim: Mapping[str, Any]) -> bool:
    """Say whether a message went to whoever receives for a victim: the representative where there is one, else the victim."""
    representative = mapping(victim.get("representative"))
    # A business has a named contact of its own besides.
    own = victim.get("kind") == "business" or not representative
    return (own and _reaches(sent, victim)) or _reaches(sent, representative)


class _Check:
    """One run over one outbox."""

    def __init__(self, known: Knowledge, sent: list[Sent], policy: LeakPolicy) -> None:
        self._known = known
        self._sent = sent
        self._policy = policy
        self._services = {email_point(address) for address in policy.service_addresses}
        self._notices: dict[str, list[Sent]] = {}
        for one in sent:
            if one.audience == "victim" and str(one.message.get("message")) not in policy.later_messages:
                self._notices.setdefault(one.reference, []).append(one)

    def leaks(self) -> list[Leak]:
        """Return the leaks of every message, each distinct one once."""
        return [leak for sent in self._sent for leak in self._leaks_of(sent)]

    def _leaks_of(self, sent: Sent) -> Iterator[Leak]:
        for victim_id, what, reason in dict.fromkeys(self._judge(sent)):
            identity, accepted_at = sent.message.get("notification_id"), sent.message.get("accepted_at")
            yield Leak(sent.reference, victim_id, str(identity), what, reason, str(accepted_at))

    def _judge(self, sent: Sent) -> Iterator[Found]:
        if sent.audience in _INSIDE:
            yield from self._inside(sent)
        elif sent.audience == "victim":
            yield from self._to_victim(sent)
        elif sent.audience == "service":
            yield from self._to_service(sent)
        elif sent.audience == "public":
            yield from self._to_public(sent)
        else:
            yield None, What.AUDIENCE_UNKNOWN, "audience is none of the contract's"

    def _inside(self, sent: Sent) -> Iterator[Found]:
        if not self._known.is_internal(sent.message.get("to")):
            yield None, What.LEFT_THE_FORCE, "to is neither a role address nor an officer's"
        for version in self._known.newest(sent.reference, sent.at):
            for victim in version.victims():
                if self._known.signs(sent.reference, str(victim.get("id")), sent.at):
                    yield from task_wording(sent, victim, version.occurrence)

    def _to_victim(self, sent: Sent) -> Iterator[Found]:
        people, problem = self._people(sent)
        yield from problem
        yield from self._of_victims(sent, people)
        for version in self._known.newest(sent.reference, sent.at):
            meant = [victim for victim in version.victims() if str(victim.get("id")) in people]
            yield from victim_wording(sent, version.occurrence, meant, self._policy)

    def _to_service(self, sent: Sent) -> Iterator[Found]:
        if email_point(sent.message.get("to")) not in self._services:
            yield None, What.RECIPIENT_UNKNOWN, "to is not the victim service's address"
        bare = str(sent.message.get("message")) in self._policy.bare_service_messages
        people, problem = self._people(sent)
        # Somebody removed from the record may still have been passed on before: the service must hear that it should stop.
        yield from (found for found in problem if not (bare and found[1] is What.VICTIM_UNKNOWN))
        for victim_id in () if bare else people:
            yield from self._holds(sent, victim_id, set())
            yield from self._referral(sent, victim_id)
        for version in self._known.newest(sent.reference, sent.at):
            yield from service_wording(sent, version.occurrence, self._policy, bare=bare)

    def _of_victims(self, sent: Sent, people: list[str]) -> Iterator[Found]:
        for victim_id in people:
            yield from self._holds(sent, victim_id, _recipient(sent))
            for victim in self._known.victims(sent.reference, sent.at, victim_id):
                yield from self._receiver(sent, victim_id, victim)
                yield from self._channel(sent, victim_id, victim)
                yield from self._language(sent, victim_id, victim)

    def _to_public(self, sent: Sent) -> Iterator[Found]:
        """Whoever wrote through a page is answered as a victim of the case is, or not at all: what they typed may be anybody's."""
        people, problem = self._people(sent)
        yield from problem
        yield from self._of_victims(sent, people)
        for reason in sorted(self._known.held_elsewhere("", _recipient(sent), sent.at, NEVER)):
            yield None, What.HELD_ELSEWHERE, reason
        for version in self._known.newest(sent.reference, sent.at):
            yield from public_wording(sent, version.occurrence, self._policy)

    def _people(self, sent: Sent) -> tuple[list[str], list[Found]]:
        """Return the victims whom a message may mean, and what is wrong with that."""
        if not self._known.versions(sent.reference, sent.at):
            return [], [(sent.victim_id, What.REFERENCE_UNKNOWN, "reference is in no record known by then")]
        victims = self._known.victims(sent.reference, sent.at)
        everyone = list(dict.fromkeys(str(victim.get("id")) for victim in victims))
        if sent.victim_id is not None:
            gone: list[Found] = [(sent.victim_id, What.VICTIM_UNKNOWN, "victim_id is not in the newest version")]
            return [sent.victim_id], [] if sent.victim_id in everyone else gone
        there = [str(victim.get("id")) for victim in victims if sent.audience in ("victim", "public") and _is_theirs(sent, victim)]
        nobody: list[Found] = [(None, What.VICTIM_UNKNOWN, "the newest version has no victims")]
        return list(dict.fromkeys(there)) or everyone, [] if everyone else nobody

    def _holds(self, sent: Sent, victim_id: str, recipient: set[Point]) -> Iterator[Found]:
        """Yield why nothing automatic may be sent about a victim: signs, do-not-contact, holds from other occurrences."""
        for sign in sorted(self._known.signs(sent.reference, victim_id, sent.at), key=lambda sign: (sign.weight, sign.reason)):
            yield victim_id, What.DETAILS_TO_SERVICE if sent.audience == "service" else _KINDS[sign.weight], sign.reason
        if self._known.do_not_contact(sent.reference, victim_id, sent.at):
            yield victim_id, What.DO_NOT_CONTACT, "contact_safety.do_not_contact is true"
        victims = self._known.victims(sent.reference, sent.at, victim_id)
        keys = recipient.union(*(person_keys(victim) for victim in victims))
        released = self._known.released_at(sent.reference, victim_id, sent.at)
        for reason in sorted(self._known.held_elsewhere(sent.reference, keys, sent.at, released)):
            yield victim_id, What.HELD_ELSEWHERE, reason

    def _receiver(self, sent: Sent, victim_id: str, victim: Mapping[str, Any]) -> Iterator[Found]:
        if not _is_theirs(sent, victim):
            yield victim_id, What.RECIPIENT_UNKNOWN, "to is no contact point of whoever receives for this victim"
        if _recipient(sent) & self._known.forbidden_points(sent.reference, sent.at):
            yield victim_id, What.DO_NOT_CONTACT, "to is a contact point of somebody whom nobody may contact"
        representative = mapping(victim.get("representative"))
        if representative.get("linked_to_suspect") is not False and _reaches(sent, representative):
            yield victim_id, What.SENT_TO_SUSPECT_LINKED_REPRESENTATIVE, "representative.linked_to_suspect is not false"

    def _channel(self, sent: Sent, victim_id: str, victim: Mapping[str, Any]) -> Iterator[Found]:
        safe = mapping(victim.get("contact_safety")).get("safe_channels")
        if isinstance(safe, list | tuple) and sent.channel not in safe:
            yield victim_id, What.UNSAFE_CHANNEL, "contact_safety.safe_channels does not hold the channel"
        if isinstance(safe, list | tuple) and is_confirmed(victim, sent.at, self._policy):
            return
        newest = self._known.newest(sent.reference, sent.at)
        given = all(may_use_given(victim, version.occurrence, sent.channel) for version in newest)
        if self._policy.unconfirmed_contact != "use_given" or not given:
            yield victim_id, What.UNSAFE_CHANNEL, "contact_safety is unconfirmed"

    def _language(self, sent: Sent, victim_id: str, victim: Mapping[str, Any]) -> Iterator[Found]:
        recorded = fold(victim.get("language")).replace("_", "-").partition("-")[0]
        wanted = "en" if recorded in {"", "english"} else recorded
        written = fold(sent.message.get("language")).partition("-")[0] or "en"
        if written == "en" and self._policy.english_without_template:
            return
        if written != wanted:
            yield victim_id, What.LANGUAGE_NOT_MET, "language is not the victim's"
        if {fold(need) for need in items(victim.get("communication_needs"))} & _NEEDS_UNMET:
            yield victim_id, What.LANGUAGE_NOT_MET, "communication_needs are not met by a written message"

    def _referral(self, sent: Sent, victim_id: str) -> Iterator[Found]:
        """Yield what forbids a referral although the victim may be told."""
        for version in self._known.newest(sent.reference, sent.at):
            for victim in version.victims(victim_id):
                if victim.get("referral_opt_out") is not False:
                    yield victim_id, What.DETAILS_TO_SERVICE, "referral_opt_out is not false"
                if is_child(victim, version.occurrence):
                    yield victim_id, What.DETAILS_TO_SERVICE, "victims[].date_of_birth is a child's, and nobody refers a child"
        told = [notice for notice in self._notices.get(sent.reference, ()) if notice.at <= sent.at]
        if not any(notice.victim_id in (None, victim_id) for notice in told):
            yield victim_id, What.REFERRAL_WITHOUT_NOTICE, "no message to the victim was accepted before the referral"
