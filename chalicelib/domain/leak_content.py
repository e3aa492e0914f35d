"""What the leak check looks for in the words of a message: crime detail, names of services and units, personal data, free text.

It must not decide whether a message was allowed, and what it returns names fields and rules, never the words that were found.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from chalicelib.domain.leak_knowledge import address_point, email_point, mobile_point
from chalicelib.domain.leak_rules import home_office_class
from chalicelib.domain.leak_values import day, fold, items, mapping

# What a mail client shows beside the subject in its list: the first words of the body, hidden ones too.
PREVIEW_LENGTH = 90
# Shorter than this, text of a record is found in anything.
_FREE_TEXT_MINIMUM = 20
_LINE_MINIMUM = 6

_OFFENCE = re.compile(
    r"\b(burgl\w*|robb(?:ed|ery|eries|er|ers)|thefts?|thief|thieves|stole|stolen|steal\w*|shoplift\w*|assault\w*|violen\w*|injur\w*"
    r"|wound\w*|bodily harm|rap(?:e|ed|es|ist)|sex\w*|domestic|stalk\w*|harass\w*|abus\w*|exploit\w*|slavery|traffick\w*|kidnap\w*"
    r"|abduct\w*|murder\w*|homicide|manslaughter|threats? to|arson|damag\w*|vandal\w*|fraud\w*|blackmail\w*|forge(?:d|ry)|weapons?"
    r"|kni(?:fe|ves)|firearms?|malicious|coerciv\w*|strang\w*|indecen\w*|intimate images?|hate crime|public order|terroris\w*|bicycles?"
    r"|pedal cycle|drugs?)\b"
)
_SPECIALIST_UNIT = re.compile(
    r"\b(victim care unit|vcu|i[ds]va|chisva|refuge|family liaison|marac|sarc"
    r"|public protection|specialist unit|safeguarding|homicide service|catch22)\b"
)
_SERVICE = re.compile(r"\b(victim (?:care|services?|support)|witness care)\b")
# The fixed words about 999 are no urgency of this case.
_URGENCY = re.compile(r"\b(urgent\w*|immediate(?:ly)?\b(?! danger)|high[- ]risk|asap|priority|enhanced|vulnerable)\b")
_LINK = re.compile(r"https?:|\bwww\.")
_STATISTICS_CODE = re.compile(r"\b[0-9]{3}/[0-9]{2}\b")

# Words that fixed wording uses: a victim whose name is one of them is not named by it.
_ORDINARY = (
    "police crime report reference constabulary officer victim support your you the and for from with about our new message "
    "letter notice update information contact referral stop case record service"
)
_ORDINARY_WORDS = frozenset(_ORDINARY.split())
# Headers that carry the recipient's or the force's own address, or ids.
_ADDRESS_HEADERS = frozenset({"to", "cc", "bcc", "reply-to", "message-id", "date", "list-unsubscribe", "return-path"})


class _Visible(HTMLParser):
    """Collects the title and the words of an HTML message in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.body = ""
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's own signature
        if tag in ("head", "title", "style", "script"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        elif not self._inside:
            self.body += data


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _read_html(message: Mapping[str, Any]) -> _Visible:
    page = _Visible()
    page.feed(_text(message.get("html")))
    page.close()
    return page


def body_of(message: Mapping[str, Any]) -> str:
    """Return all the words of a message's body: the plain text and what the HTML shows or hides."""
    return fold(f"{_text(message.get('text'))} {_read_html(message).body}")


def preview_of(message: Mapping[str, Any]) -> str:
    """Return the words that a mail client may show before the message is opened; invisible padding takes up its room."""
    shown = _read_html(message).body or _text(message.get("text"))
    return fold(re.sub(r"[ \t\r\n]+", " ", shown).strip(" ")[:PREVIEW_LENGTH])


def envelope_of(message: Mapping[str, Any]) -> dict[str, str]:
    """Return what can be seen without opening a message, by field: subject, sender, page title, preview, headers, attachment names."""
    parts = {"subject": fold(message.get("subject")), "from": fold(message.get("from")), "title": fold(_read_html(message).title)}
    if message.get("channel") == "email":
        parts["preview"] = preview_of(message)
    headers = mapping(message.get("headers")).items()
    parts["headers"] = " ".join(fold(str(value)) for name, value in headers if fold(name) not in _ADDRESS_HEADERS)
    # A file name parts its words with signs that count as letters or join them.
    names = " ".join(_text(mapping(attachment).get("filename")) for attachment in items(message.get("attachments")))
    parts["attachments"] = fold(re.sub(r"[-_.+%]", " ", names))
    return parts


def offence_words(text: str, occurrence: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rules by which a folded text tells the offence: a word for one, the record's description, a class, a statistics code."""
    if _OFFENCE.search(text):
        yield "a word for an offence"
    if _STATISTICS_CODE.search(text):
        yield "a statistics code"
    for offence in items(occurrence.get("offences")):
        code = home_office_class(offence).casefold()
        # A class of digits alone cannot be told from other numbers.
        if not code.isdigit() and _has_word(text, code):
            yield "offences[].code"
        if _has_word(text, fold(mapping(offence).get("description")), minimum=_LINE_MINIMUM):
            yield "offences[].description"


def urgency_words(text: str) -> Iterator[str]:
    """Yield the rule if a folded text speaks of urgency, risk or enhanced rights."""
    if _URGENCY.search(text):
        yield "urgency"


def specialist_unit(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the rule if a folded text names a unit or service of specialist cases, which tells the kind of crime."""
    if _SPECIALIST_UNIT.search(text) or any(_has_word(text, fold(name)) for name in names):
        yield "a specialist unit"


def unit_words(text: str, private_names: frozenset[str], specialist_names: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the rules by which a folded text names any service or unit."""
    yield from specialist_unit(text, specialist_names)
    if _SERVICE.search(text) or any(_has_word(text, fold(name)) for name in private_names):
        yield "a service"


def has_link(text: str) -> bool:
    """Say whether a folded text holds a link."""
    return bool(_LINK.search(text))


def _has_word(text: str, needle: str, minimum: int = 2) -> bool:
    return len(needle) >= minimum and bool(re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text))


def has_words(text: str, words: object) -> bool:
    """Say whether a text of the record, too long to be found by chance, stands in a folded text."""
    return _has_word(text, fold(words), minimum=_LINE_MINIMUM)


def _staff_words(occurrence: Mapping[str, Any]) -> set[str]:
    staff = (mapping(occurrence.get("officer")), mapping(occurrence.get("supervisor")))
    return {word for person in staff for word in fold(person.get("name")).split()}


def without_staff(text: str, occurrence: Mapping[str, Any]) -> str:
    """Return a folded text without the names of the officer and the supervisor, who may be called Knife or Alex Morgan."""
    for role in ("officer", "supervisor"):
        name = fold(mapping(occurrence.get(role)).get("name"))
        text = text.replace(name, " ") if name else text
    return text


def full_name(person: Mapping[str, Any]) -> str:
    """Return a folded given and family name; "" unless both are there, since one word alone is found by chance."""
    given, family = fold(person.get("given_name")), fold(person.get("family_name"))
    return f"{given} {family}" if given and family else ""


def name_words(
    text: str, victim: Mapping[str, Any], occurrence: Mapping[str, Any], force_words: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield the fields of which a single word stands in a folded text, such as a subject; officers' names and ordinary words apart."""
    chance = _ORDINARY_WORDS | force_words | _staff_words(occurrence)
    for field in ("given_name", "family_name"):
        words = set(fold(victim.get(field)).split()) - chance
        if any(_has_word(text, word, minimum=3) for word in words):
            yield f"victims[].{field}"


def personal_data(text: str, person: Mapping[str, Any], occurrence: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a victim or representative that stand in a folded text: whole name, e-mail, mobile, address line, birth date."""
    if _has_word(without_staff(text, occurrence), full_name(person), minimum=5):
        yield "given_name and family_name"
    yield from contact_data(text, person)
    born = day(person.get("date_of_birth"))
    if born is not None and (born.isoformat() in text or f"{born:%d/%m/%Y}" in text):
        yield "date_of_birth"


def contact_data(text: str, person: Mapping[str, Any]) -> Iterator[str]:
    """Yield the contact fields of a person that stand in a folded text."""
    if _has_word(text, email_point(person.get("email")), minimum=3):
        yield "email"
    national = mobile_point(person.get("mobile")).removeprefix("44")
    if len(national) >= 9 and national in re.sub(r"[ ()+-]", "", text):
        yield "mobile"
    lines = [person["address"]] if isinstance(person.get("address"), str) else items(person.get("address"))
    if any(len(address_point(line)) >= _LINE_MINIMUM and _has_word(text, fold(line)) for line in lines[:1]):
        yield "address"


def free_text(text: str, occurrence: Mapping[str, Any]) -> bool:
    """Say whether the record's free text stands in a folded text."""
    summary = fold(occurrence.get("summary"))
    return len(summary) >= _FREE_TEXT_MINIMUM and summary in text
