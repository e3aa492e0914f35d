"""The leak check's judgement of what messages say: envelope, text messages, the mail around a referral, tasks, answers to the public.

It must not ask whether a message was allowed at all; `leaks` does. Reasons name fields and rules, never words.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain import leak_content as content
from chalicelib.domain.leak_kinds import Found, Sent, What
from chalicelib.domain.leak_knowledge import contact_points
from chalicelib.domain.leak_rules import LeakPolicy
from chalicelib.domain.leak_values import fold, items, mapping

Person = Mapping[str, Any]


def victim_wording(sent: Sent, occurrence: Mapping[str, Any], meant: list[Person], policy: LeakPolicy) -> Iterator[Found]:
    """Yield what a message to a victim should not show: `meant` are the victims of the occurrence whom it concerns."""
    yield from _envelope(sent, occurrence, policy)
    body = content.body_of(sent.message)
    if sent.channel == "sms":
        for rule in _text_message(body, occurrence, policy):
            yield None, What.CRIME_DETAIL_IN_SMS, f"text shows {rule}"
    if content.free_text(body, occurrence):
        yield None, What.FREE_TEXT, "the message shows summary"
    if str(sent.message.get("message")) in policy.officers_messages:
        yield from _officers_words(sent, body, occurrence)
    own = {content.full_name(victim) for victim in meant} | {point for victim in meant for point in contact_points(victim)}
    for other in _victims(occurrence):
        if other not in meant:
            yield from _other_victim(body, other, own, occurrence)


def service_wording(sent: Sent, occurrence: Mapping[str, Any], policy: LeakPolicy, *, bare: bool) -> Iterator[Found]:
    """Yield what the mail around a referral should not show: personal data anywhere, the offence or urgency in its envelope. A bare message
    (a stop notice, a withdrawal) has no attachment either."""
    body = content.body_of(sent.message)
    for field, text in {**content.envelope_of(sent.message), "text": body}.items():
        for victim in _victims(occurrence):
            for found in dict.fromkeys(_personal_data(text, victim, occurrence)):
                yield str(victim.get("id")), What.PERSONAL_DATA_IN_ENVELOPE, f"{field} shows {found}"
        # The preview is the body's own first words, which may speak of the referral; names in them are found above.
        if field in ("subject", "from", "title", "headers", "attachments"):
            yield from _words_and_names(field, text, occurrence, policy)
    if bare and items(sent.message.get("attachments")):
        yield None, What.DETAILS_TO_SERVICE, "a bare message to the service has an attachment"
    if content.free_text(body, occurrence):
        yield None, What.FREE_TEXT, "the message shows summary"


def task_wording(sent: Sent, victim: Person, occurrence: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the personal data of a held victim that a task or other message inside the force shows."""
    text = f"{fold(sent.message.get('subject'))} {content.body_of(sent.message)}"
    for found in dict.fromkeys(_personal_data(text, victim, occurrence)):
        yield str(victim.get("id")), What.DETAIL_IN_TASK, f"a task about a held victim shows {found}"


def public_wording(sent: Sent, occurrence: Mapping[str, Any], policy: LeakPolicy) -> Iterator[Found]:
    """Yield what an answer to somebody who wrote through a page should not show: nothing of the case at all."""
    yield from _envelope(sent, occurrence, policy)
    body = content.body_of(sent.message)
    for victim in _victims(occurrence):
        for found in dict.fromkeys(_personal_data(body, victim, occurrence)):
            yield str(victim.get("id")), What.DETAILS_TO_PUBLIC, f"text shows {found}"
    if content.free_text(body, occurrence):
        yield None, What.FREE_TEXT, "the message shows summary"


def _victims(occurrence: Mapping[str, Any]) -> list[Person]:
    return [mapping(victim) for victim in items(occurrence.get("victims"))]


def _personal_data(text: str, victim: Person, occurrence: Mapping[str, Any]) -> Iterator[str]:
    yield from content.personal_data(text, victim, occurrence)
    yield from content.personal_data(text, mapping(victim.get("representative")), occurrence)


def _envelope(sent: Sent, occurrence: Mapping[str, Any], policy: LeakPolicy) -> Iterator[Found]:
    for field, text in content.envelope_of(sent.message).items():
        yield from _words_and_names(field, text, occurrence, policy)
        for rule in content.unit_words(text, policy.private_names, policy.specialist_names):
            yield None, What.PERSONAL_DATA_IN_ENVELOPE, f"{field} shows {rule}"


def _words_and_names(field: str, text: str, occurrence: Mapping[str, Any], policy: LeakPolicy) -> Iterator[Found]:
    plain = content.without_staff(text, occurrence)
    for rule in (*content.offence_words(plain, occurrence), *content.urgency_words(plain)):
        yield None, What.PERSONAL_DATA_IN_ENVELOPE, f"{field} shows {rule}"
    for victim in _victims(occurrence):
        for name in (*content.name_words(text, victim, occurrence, policy.force_words), *content.contact_data(text, victim)):
            yield str(victim.get("id")), What.PERSONAL_DATA_IN_ENVELOPE, f"{field} shows {name}"


def _text_message(body: str, occurrence: Mapping[str, Any], policy: LeakPolicy) -> Iterator[str]:
    plain = content.without_staff(body, occurrence)
    yield from content.offence_words(plain, occurrence)
    yield from content.specialist_unit(plain, policy.specialist_names)
    if content.has_link(body):
        yield "a link"
    for victim in _victims(occurrence):
        # The number that it is sent to is no detail, and a name alone is none either.
        yield from sorted({"address", "date_of_birth"} & set(content.personal_data(body, victim, occurrence)))


def _officers_words(sent: Sent, body: str, occurrence: Mapping[str, Any]) -> Iterator[Found]:
    """What an officer typed tells nobody where somebody lives, or how to reach or know them; a letter bears its reader's own address."""
    if content.has_words(body, mapping(occurrence.get("location")).get("text")):
        yield None, What.FREE_TEXT, "the message shows location.text"
    private = {"email", "mobile", "date_of_birth"} | (set() if sent.channel == "letter" else {"address"})
    for victim in _victims(occurrence):
        for field in sorted(private & set(_personal_data(body, victim, occurrence))):
            yield str(victim.get("id")), What.FREE_TEXT, f"the message shows {field}"


def _other_victim(body: str, other: Person, own: set[Any], occurrence: Mapping[str, Any]) -> Iterator[Found]:
    shown = set(content.personal_data(body, other, occurrence)) - {"address", "date_of_birth"}
    # Two victims of one household may share a name, a mailbox or a telephone.
    shown -= {"given_name and family_name"} if content.full_name(other) in own else set()
    shown -= {kind for kind, _ in contact_points(other) & own}
    for field in sorted(shown):
        yield str(other.get("id")), What.OTHER_PERSON_NAMED, f"the message shows another victim's {field}"
