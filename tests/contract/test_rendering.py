"""Every message as its reader sees it: the twins agree, values stay inert, envelopes are neutral, and each variant says what it must."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from chalicelib.adapters import date_words, inert, prose
from chalicelib.adapters.rendering import Content, JinjaRenderer
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.messages import OfficerContact, Reader, RenderedEmail, ServiceContact, Template, UpdatePromise
from chalicelib.domain.model import Channel
from chalicelib.domain.sms_segments import encoding, segments
from tests.contract.message_examples import ACKNOWLEDGEMENT, HOSTILE, NAMES, NOTICE, REFERRAL, SERVICE, TASK

RENDERER = JinjaRenderer()
EVERY: dict[Template, Content] = {
    Template.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT,
    Template.REFERRAL: REFERRAL,
    Template.TASK: TASK,
    Template.STOP_NOTICE: NOTICE,
    Template.WITHDRAWAL: NOTICE,
}
PROMISE = ACKNOWLEDGEMENT.updates
assert PROMISE is not None
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "no name to greet": {"greeting_name": None},
    "representative": {"reader": Reader.REPRESENTATIVE},
    "business": {"reader": Reader.BUSINESS},
    "closed": {"closed": True, "updates": None},
    "not referred": {"referred": False, "passed_on": ()},
    "no officer": {"officer": None},
    "officer without a name": {"officer": OfficerContact(None, "2345", None, None)},
    "officer without a number": {"officer": OfficerContact("PC Sam Ash", None, None, None)},
    "officer of whom nothing is known": {"officer": OfficerContact(None, None, None, None)},
    "declined": {"updates": None},
    "key events": {"updates": replace(PROMISE, every_days=None)},
    "key events agreed, no date": {"updates": UpdatePromise(None, Channel.PHONE, None, proposed=False)},
    "agreed": {"updates": UpdatePromise(1, Channel.LETTER, None, proposed=False)},
    "several": {"crimes": ("arson", "theft", "robbery"), "references": ("26000712345", "26000712346", "26000712347")},
    "enhanced": {"enhanced": True},
    "another channel": {"channel_reason": "We are writing by email because we do not have a mobile number for you."},
    "bare": {"other_support": (), "restorative_justice": False, "compensation": False},
}


class Page(HTMLParser):
    """Collects what a reader sees, every address and every element of an HTML message."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title", "script"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def words_of(text: str) -> list[str]:
    """The words of a twin, without the marks that only plain text has."""
    kept = (line for line in text.splitlines() if not re.fullmatch(r"=+|-+", line.strip()))
    return " ".join(line.strip().removeprefix("* ") for line in kept).split()


def acknowledgement(**overrides: Any) -> RenderedEmail:
    return RENDERER.email(Template.ACKNOWLEDGEMENT, "en", replace(ACKNOWLEDGEMENT, **overrides))


def page(rendered: RenderedEmail) -> Page:
    assert rendered.html is not None
    return Page(rendered.html)


def all_emails() -> list[tuple[str, RenderedEmail]]:
    rest = [(template.value, RENDERER.email(template, "en", content)) for template, content in EVERY.items()]
    return [*rest, *((name, acknowledgement(**overrides)) for name, overrides in VARIANTS.items())]


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_the_twins_say_the_same_words_in_the_same_order(name: str, rendered: RenderedEmail) -> None:
    assert page(rendered).text.split() == words_of(rendered.text)


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_nothing_is_fetched_tracked_or_run(name: str, rendered: RenderedEmail) -> None:
    seen = page(rendered)
    assert {tag for tag, _ in seen.elements} <= {
        "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "ul", "li", "strong", "a", "bdi",
    }  # fmt: skip
    assert not [attribute for _, attributes in seen.elements for attribute in attributes if attribute.startswith("on")]
    assert "url(" not in str(rendered.html)
    assert "@import" not in str(rendered.html)
    own = {"www.derbyshire.police.uk", "www.core-derbyshire.com", "www.victimsupport.org.uk"}
    assert {link.removeprefix("https://").split("/")[0] for link in seen.links} <= own
    assert not [link for link in seen.links if "?" in link or "#" in link]
    assert all(link in rendered.text for link in seen.links), "a link shows its own full address"


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_nothing_is_left_of_the_templates_own_language(name: str, rendered: RenderedEmail) -> None:
    for part in (rendered.subject, rendered.text, str(rendered.html)):
        assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined|[\ue000-\uf8ff]", part)
    assert "\n" not in rendered.subject
    assert not re.search(r"\n{3,}|[ \t]\n|  ", rendered.text)


def test_html_names_language_direction_and_title() -> None:
    seen = page(acknowledgement())
    assert ("html", {"lang": "en", "dir": "ltr"}) in seen.elements
    assert "<title>Message from Derbyshire Constabulary about reference 26000712345</title>" in str(acknowledgement().html)


# ---- envelope


@pytest.mark.parametrize("overrides", VARIANTS.values(), ids=VARIANTS.keys())
def test_a_victims_subject_and_preview_are_neutral(overrides: dict[str, Any]) -> None:
    rendered = acknowledgement(**overrides)
    assert rendered.subject == "Message from Derbyshire Constabulary about reference 26000712345"
    for shown in (rendered.text[:230], " ".join(page(rendered).text.split())[:230]):
        assert shown.startswith("Derbyshire Constabulary is writing to you about reference 26000712345.")
        private = r"Alex|Morgan|crime|burgl|arson|theft|robb|victim|urgent|immediate|service|support|unit|officer|enhanced"
        assert not re.search(private, shown, re.IGNORECASE)


def test_subjects_of_the_other_messages() -> None:
    subjects = {template: RENDERER.email(template, "en", content).subject for template, content in EVERY.items()}
    assert subjects[Template.TASK] == "Task for reference 26000712345 by Monday 23 November"
    assert subjects[Template.REFERRAL] == "OFFICIAL-SENSITIVE: referral 26000712345 from Derbyshire Constabulary"
    assert subjects[Template.STOP_NOTICE] == "OFFICIAL-SENSITIVE: stop contact, reference 26000712345"
    assert subjects[Template.WITHDRAWAL] == "OFFICIAL-SENSITIVE: referral withdrawn, reference 26000712345"


# ---- what each message must say


MUST_SAY = (
    "burglary of a home", "26000712345", "Friday 20 November 2026", "PC Sam Ash", "collar number 2345", "call 101", "sam.ash@example.test",
    "We propose to update you every 10 days, by email", "Monday 30 November 2026", "You can change how often",
    "We are passing your details to Derbyshire Victim Services", "what the crime was", "We did not ask you first",
    "The Victims' Code says that we must put victims in touch with help", "You can say no", "0800 612 6505", "reply to this email",
    "Victim Support, 0808 168 9111", "Restorative justice", "Criminal Injuries Compensation Authority", "within 2 years",
    "https://www.derbyshire.police.uk/victims-code", "https://www.derbyshire.police.uk/privacy-notice", "always call 999",
    "Not for you? Tell us", "18001 101", "To stop getting messages like this", "within 5 working days", "Dear Alex Morgan,",
)  # fmt: skip


@pytest.mark.parametrize("words", MUST_SAY)
def test_the_acknowledgement_says(words: str) -> None:
    assert words.lower() in acknowledgement().text.lower()


@pytest.mark.parametrize(
    ("variant", "said", "unsaid"),
    [
        ("no name to greet", ["Hello,"], ["Dear"]),
        (
            "representative",
            ["through you", "passing the victim's details", "We did not ask the victim first", "You or the victim"],
            ["to you."],
        ),
        ("business", ["contact for your organisation"], []),
        ("closed", ["This case is closed"], ["We will look", "update you", "working day"]),
        ("not referred", ["We have not passed your details", "0800 612 6505"], ["passing", "did not ask", "say no"]),
        ("no officer", ["No officer has been named yet"], ["The officer is", "collar"]),
        ("officer without a name", ["The officer has collar number 2345.", "* Phone 101."], ["Email sam"]),
        ("officer without a number", ["The officer is PC Sam Ash."], ["collar"]),
        ("officer of whom nothing is known", ["No officer has been named yet"], ["collar"]),
        ("declined", ["You told us that you do not want regular updates"], ["propose", "agreed"]),
        ("key events", ["We plan to contact you by email when something important happens", "Monday 30 November 2026"], ["every"]),
        ("key events agreed, no date", ["We agreed to contact you by phone when something important happens"], ["in touch by"]),
        ("agreed", ["We agreed to update you every day, by letter"], ["propose", "hear from us by"]),
        ("several", ["Crimes: Arson, theft and robbery", "References: 26000712345, 26000712346 and 26000712347"], []),
        ("enhanced", ["within 1 working day.", "You have enhanced rights"], ["5 working days"]),
        ("another channel", ["because we do not have a mobile number for you."], []),
        ("bare", [], ["Others who can help", "Restorative", "Compensation", "What you can ask for"]),
    ],
)
def test_variants(variant: str, said: list[str], unsaid: list[str]) -> None:
    text = acknowledgement(**VARIANTS[variant]).text
    body = text.replace("A person reads every reply", "")
    assert [words for words in said if words not in body] == []
    assert [words for words in unsaid if words in body] == []


def test_short_sentences() -> None:
    """Reading age 9 cannot be measured; long sentences and long words can."""
    sentences = [s.split() for line in acknowledgement().text.splitlines() for s in re.split(r"[.:?](?: |$)", line) if len(s.split()) > 1]
    assert sum(map(len, sentences)) / len(sentences) < 12
    assert max(map(len, sentences)) <= 25


def test_a_task_says_what_is_owed_and_what_is_missing() -> None:
    text = RENDERER.email(Template.TASK, "en", TASK).text
    for words in (
        "Task: 4f0c2d",
        "What is owed: Decide who should support the victim",
        "By: the end of Monday 23 November 2026",
        "This is urgent",
        "* IDVA",
        "* whether this is domestic abuse (flags.domestic_abuse)",
        "* the person's date of birth (victims[V1].date_of_birth)",
        "Held because of another record.",
    ):
        assert words in text
    calm = replace(TASK, urgent=False, destinations=(), missing=(), because=None, due_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    text = RENDERER.email(Template.TASK, "en", calm).text
    assert "By: 9:30am on Wednesday 1 July 2026" in text
    assert not re.search("urgent|Where it should go|What we need to know", text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("flags.safeguarding", "whether anybody needs safeguarding"),
        ("occurrence.flags.safeguarding", "whether anybody needs safeguarding"),
        ("offences[0].code", "the Home Office class of the offence"),
        ("offences.0.code", "the Home Office class of the offence"),
        ("occurrence.victims[V1].relationship_to_suspect", "how the person knows the suspect, if they do"),
        ("victims[3].contact_safety.confirmed_at", "when the person last confirmed which ways of contact are safe"),
        ("date_of_birth", "the person's date of birth"),
        ("something.new", "a field of the record"),
    ],
)
def test_field_paths_in_plain_words(path: str, words: str) -> None:
    assert f"* {words} ({path})" in RENDERER.email(Template.TASK, "en", replace(TASK, missing=(path,))).text


def test_messages_to_the_service_hold_no_personal_data_and_no_reason() -> None:
    for template in (Template.REFERRAL, Template.STOP_NOTICE, Template.WITHDRAWAL):
        rendered = RENDERER.email(template, "en", EVERY[template])
        everything = f"{rendered.subject} {rendered.text} {rendered.html}"
        assert "26000712345" in everything
        assert not re.search(r"Alex|Morgan|07700|example\.org|urgl|28E|Amber|locks|doorbell|because|specialist", everything)
    assert "ring the Victim Care Unit on 101" in RENDERER.email(Template.STOP_NOTICE, "en", NOTICE).text


# ---- hostile and unusual values


def hostile_content(content: Content, value: str) -> Content:
    """`content` with `value` in every text, and in every tuple of texts."""
    changes: dict[str, Any] = {}
    for field in fields(content):
        now = getattr(content, field.name)
        if field.name in ("references", "reference", "language", "reader"):
            continue
        if isinstance(now, str):
            changes[field.name] = value
        elif isinstance(now, tuple) and now and isinstance(now[0], str):
            changes[field.name] = (value, value)
        elif isinstance(now, OfficerContact):
            changes[field.name] = OfficerContact(value, value, value, value)
    return replace(content, **changes)


def assert_inert(template: Template, value: str) -> None:
    ordinary = RENDERER.email(template, "en", hostile_content(EVERY[template], "Ordinary"))
    rendered = RENDERER.email(template, "en", hostile_content(EVERY[template], value))
    tags = [tag for tag, _ in page(rendered).elements if tag != "bdi"]
    assert tags == [tag for tag, _ in page(ordinary).elements], "a value adds no element, heading or bullet"
    assert page(rendered).links == page(ordinary).links, "a value adds no link"
    # In plain text a value that spells a bullet looks like one; it is one in neither twin.
    assert [word for word in page(rendered).text.split() if word != "*"] == [word for word in words_of(rendered.text) if word != "*"]
    assert len(rendered.text.splitlines()) == len(ordinary.text.splitlines()), "a value adds no line"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ue000-\uf8ff]", rendered.text + str(rendered.html))
    assert rendered.subject.isprintable()


@pytest.mark.parametrize("value", [*HOSTILE, *NAMES])
@pytest.mark.parametrize("template", EVERY)
def test_values_are_inert(template: Template, value: str) -> None:
    assert_inert(template, value)


@given(st.text(max_size=60).map(lambda text: f"x{text}"))
@settings(max_examples=60, deadline=None)
def test_any_text_is_inert(value: str) -> None:
    assert_inert(Template.TASK, value)


def test_a_right_to_left_name_is_kept_apart_from_what_follows_it() -> None:
    rendered = acknowledgement(greeting_name="محمد علی")
    assert "Dear <bdi>محمد علی</bdi>," in str(rendered.html)
    assert "Dear محمد علی," in rendered.text


def test_a_service_whose_address_is_no_address_is_named_without_a_link() -> None:
    odd = ServiceContact("Odd", "101", "javascript:alert(1)//x.org")
    rendered = acknowledgement(other_support=(odd,))
    assert "Odd, 101, javascript:alert(1)//x.org" in rendered.text
    assert not [link for link in page(rendered).links if "javascript" in link]


# ---- text messages


def sms(**overrides: Any) -> str:
    return RENDERER.sms(Template.ACKNOWLEDGEMENT, "en", replace(ACKNOWLEDGEMENT, **overrides))


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        (
            {},
            "Derbyshire Police ref 26000712345. Officer: PC Sam Ash 2345, call 101. "
            "A free support service may contact you. To say no, call 101 or 0800 612 6505.",
        ),
        ({"referred": False}, "Derbyshire Police ref 26000712345. Officer: PC Sam Ash 2345, call 101."),
        ({"referred": False, "officer": None}, "Derbyshire Police ref 26000712345. Questions? Call 101."),
        (
            {"referred": False, "officer": OfficerContact(None, "2345", None, None)},
            "Derbyshire Police ref 26000712345. Officer: 2345, call 101.",
        ),
        (
            {"referred": False, "officer": OfficerContact("PC Sam Ash", None, None, None)},
            "Derbyshire Police ref 26000712345. Officer: PC Sam Ash, call 101.",
        ),
        (
            {"referred": False, "references": ("26000712345", "26000712346")},
            "Derbyshire Police ref 26000712345 and 26000712346. Officer: PC Sam Ash 2345, call 101.",
        ),
        (
            {"referred": False, "officer": OfficerContact("PC “Sam” O’Neil–Ash", "2345", None, None)},
            'Derbyshire Police ref 26000712345. Officer: PC "Sam" O\'Neil-Ash 2345, call 101.',
        ),
    ],
)
def test_sms(overrides: dict[str, Any], text: str) -> None:
    assert sms(**overrides) == text
    assert (encoding(text), segments(text)) == ("GSM-7", 1)


@pytest.mark.parametrize("name", NAMES)
def test_an_sms_keeps_every_letter_of_the_officers_name(name: str) -> None:
    text = sms(officer=OfficerContact(f"PC {name}", "2345", None, None))
    assert inert.plain_punctuation(inert.one_line(name)) in text
    assert "?" not in text


@pytest.mark.parametrize("overrides", VARIANTS.values(), ids=VARIANTS.keys())
def test_an_sms_holds_no_crime_detail_no_name_and_no_link(overrides: dict[str, Any]) -> None:
    text = sms(**overrides)
    assert not re.search(r"Alex|Morgan|crime|burgl|arson|theft|victim|https?:|www\.|Victim Services|example", text, re.IGNORECASE)
    assert "26000712345" in text
    assert ("To say no" in text) == overrides.get("referred", True)


# ---- templates


def test_languages() -> None:
    assert {template: RENDERER.languages(template) for template in EVERY} == dict.fromkeys(EVERY, frozenset({"en"}))


def test_a_message_without_a_template_has_no_language(tmp_path: Path) -> None:
    assert own_templates(tmp_path, "x").languages(Template.ACKNOWLEDGEMENT) == frozenset()


@pytest.mark.parametrize("language", ["cy", "pl", "", "..", "../en", "en/../en", "EN"])
def test_a_language_without_a_template_is_refused_by_name(language: str) -> None:
    with pytest.raises(LookupError, match="acknowledgement is not written"):
        RENDERER.email(Template.ACKNOWLEDGEMENT, language, ACKNOWLEDGEMENT)


def own_templates(folder: Path, body: str) -> JinjaRenderer:
    (folder / "_base").mkdir()
    (folder / "_base/email.html").write_text((templates_root() / "_base/email.html").read_text("utf-8"), "utf-8")
    (folder / "task/en").mkdir(parents=True)
    (folder / "task/en/subject.txt").write_text("Subject", "utf-8")
    (folder / "task/en/body.txt").write_text(body, "utf-8")
    return JinjaRenderer(folder)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Dear {{ nickname }}", "nickname"),
        ("{{ force.motto }}", "motto"),
        ("{% if nickname %}x{% endif %}", "nickname"),
        ("{{ because }}", "None"),
    ],
)
def test_a_missing_placeholder_is_named(tmp_path: Path, body: str, named: str) -> None:
    with pytest.raises(UndefinedError, match=named):
        own_templates(tmp_path, body).email(Template.TASK, "en", replace(TASK, because=None))


def test_right_to_left_languages_turn_the_page(tmp_path: Path) -> None:
    renderer = own_templates(tmp_path, "# سلام\n\nx")
    (tmp_path / "task/en").rename(tmp_path / "task/ur")
    assert '<html lang="ur" dir="rtl">' in str(renderer.email(Template.TASK, "ur", TASK).html)


def test_templates_are_found_beside_the_package_else_on_the_import_path(tmp_path: Path) -> None:
    (tmp_path / "templates/_base").mkdir(parents=True)
    beside = templates_root([])
    assert beside == Path(date_words.__file__).resolve().parents[2] / "templates"
    assert templates_root([str(tmp_path)], package=tmp_path / "opt") == tmp_path / "templates"
    with pytest.raises(FileNotFoundError):
        templates_root([], package=tmp_path / "opt")


def test_the_services_own_name_has_a_second_address_only_for_us() -> None:
    assert str(SERVICE.email) not in acknowledgement().text


# ---- the pieces


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "9:30am on Monday 23 November 2026"),
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "9:30am on Wednesday 1 July 2026"),
        (datetime(2026, 6, 30, 23, 5, tzinfo=UTC), "12:05am on Wednesday 1 July 2026"),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "midday on Monday 23 November 2026"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "midnight on Monday 23 November 2026"),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), "10pm on Monday 23 November 2026"),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), "the end of Monday 23 November 2026"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1:30am on Sunday 25 October 2026"),
    ],
)
def test_moments(when: datetime, words: str) -> None:
    assert date_words.moment(when) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, None),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), None, "9am on Monday 23 November 2026"),
        (None, datetime(2026, 11, 23, 9, tzinfo=UTC), "9am on Monday 23 November 2026"),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC), "9am on Monday 23 November 2026"),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 17, tzinfo=UTC), "between 9am and 5pm on Monday 23 November 2026"),
        (
            datetime(2026, 11, 23, 22, tzinfo=UTC),
            datetime(2026, 11, 24, 7, tzinfo=UTC),
            "between 10pm on Monday 23 November 2026 and 7am on Tuesday 24 November 2026",
        ),
    ],
)
def test_spans(start: datetime | None, end: datetime | None, words: str | None) -> None:
    assert date_words.between(start, end) == words


def test_a_day_counts_by_london() -> None:
    assert date_words.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July 2026"
    assert date_words.day(date(2026, 7, 1)) == "Wednesday 1 July 2026"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("a\r\nb\tc\u2028d\x85e\x0bf", "a b c d e f"),
        ("\u202ea\u2066b\u200f", "ab"),
        ("e\u0301", "é"),
        ("\ud800x\ue000", "x"),
        ("  a   b ", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (12, "12"),
    ],
)
def test_one_line(value: object, line: str) -> None:
    assert inert.one_line(value) == line


def test_prose_reads_blocks() -> None:
    source = f"~ seen\n\n# Title\ntwo\nlines\n* {prose.value('* x')}\n* b\n\n= L: {prose.value('a: b')}\n> inset\n{prose.value('# not')}\n"
    read = prose.blocks(source)
    assert [block.kind.value for block in read] == ["preview", "title", "paragraph", "bullet", "bullet", "fact", "inset", "paragraph"]
    assert prose.to_text(read) == "seen\n\nTitle\n=====\n\ntwo lines\n\n* * x\n* b\n\nL: a: b\n\ninset\n\n# not\n"
    assert prose.fact(read[5].source) == ("L", "a: b")
