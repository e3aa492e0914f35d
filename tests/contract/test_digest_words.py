"""A digest as its reader sees it: what is owed and how to open it in an e-mail, how much of it in a text, and no detail of a case.

Must not decide who is reminded, or sign a link: tokens here are only long.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters import date_words, prose
from chalicelib.adapters.email import mime
from chalicelib.adapters.signing import SignedLinks
from chalicelib.domain.links import officer_link, page_address
from chalicelib.domain.messages import Digest, DigestLine, Email, RenderedEmail, Template, Urgency
from chalicelib.domain.sms_segments import encoding, segments
from tests.contract.message_examples import FORCE, HOSTILE, NAMES
from tests.contract.rendered import RENDERER, page, words_of

TODAY = date(2026, 12, 1)
SEVEN = datetime(2026, 12, 1, 7, tzinfo=UTC)
LINKS = SignedLinks(b"a key of this test alone, of 32 bytes")


def address(reference: str, public_url: str = "http://127.0.0.1:8000") -> str:
    return page_address(public_url, LINKS.issue(officer_link(reference, "2345", SEVEN, 14), SEVEN))


def end_of(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=UTC)


def line(reference: str, urgency: Urgency, due_at: datetime, owed: str = "update the victim", **more: Any) -> DigestLine:
    return DigestLine(reference, owed, datetime(2026, 11, 20, 10, 30, tzinfo=UTC), due_at, urgency, address(reference), **more)


LATE = line("26000712345", Urgency.LATE, end_of(29, 11), tried_on=date(2026, 11, 28), because="The officer in the case has left.")
DUE = line("26000712346", Urgency.TODAY, end_of(1), "give the written acknowledgement")
AT_FIVE = line("26000712347", Urgency.TODAY, datetime(2026, 12, 1, 17, tzinfo=UTC), "ask the victim what they need")
SOON = line("26000712348", Urgency.SOON, end_of(3))
DIGEST = Digest(FORCE, "PC Sam Ash", TODAY, (LATE, DUE, AT_FIVE, SOON))


def digest(*lines: DigestLine, **more: Any) -> RenderedEmail:
    return RENDERER.email(Template.DIGEST, "en", replace(DIGEST, lines=lines or DIGEST.lines, **more))


def sms(*lines: DigestLine, **more: Any) -> str:
    return RENDERER.sms(Template.DIGEST, "en", replace(DIGEST, lines=lines or DIGEST.lines, **more))


def copies(of: DigestLine, count: int) -> tuple[DigestLine, ...]:
    return tuple(replace(of, reference=f"260007{number:05d}", link=address(f"260007{number:05d}")) for number in range(count))


HEADLINES: list[tuple[tuple[DigestLine, ...], int, str]] = [
    ((LATE, DUE, AT_FIVE, SOON), 0, "3 things to do today, 1 late"),
    ((LATE, DUE, AT_FIVE, SOON), 7, "3 things to do today, 1 late"),
    ((LATE, DUE, AT_FIVE), 7, "At least 3 things to do today, 1 late"),
    ((LATE, LATE), 7, "At least 2 things to do today, 2 late"),
    ((LATE, LATE), 0, "2 things to do today, all late"),
    ((LATE,), 0, "1 thing to do today, late"),
    ((DUE,), 0, "1 thing to do today"),
    ((DUE, AT_FIVE, SOON), 0, "2 things to do today"),
    ((SOON,), 0, "1 thing coming up"),
    ((SOON, SOON), 3, "5 things coming up"),
]


@pytest.mark.parametrize(("lines", "more", "headline"), HEADLINES)
def test_the_subject_says_how_much_and_nothing_else(lines: tuple[DigestLine, ...], more: int, headline: str) -> None:
    rendered = digest(*lines, more=more)
    assert rendered.subject == headline
    assert f"\n{headline}\n===" in rendered.text
    assert sms(*lines, more=more).startswith(f"Derbyshire Police: {headline}")


def test_the_whole_of_it() -> None:
    shown = re.sub(r"(?<=/officer/)\S+", "TOKEN", digest().text)
    assert shown == (
        """\
What is owed on Tuesday 1 December 2026. From Derbyshire Constabulary.

3 things to do today, 1 late
============================

For PC Sam Ash, Tuesday 1 December 2026.

Late
----

26000712345: Update the victim

2 days late: was due by the end of Sunday 29 November
Owed since: Friday 20 November
Last try: Saturday 28 November, nobody reached
Why you: The officer in the case has left.

Open 26000712345
http://127.0.0.1:8000/officer/TOKEN

Due today
---------

26000712346: Give the written acknowledgement

Due by: the end of Tuesday 1 December
Owed since: Friday 20 November

Open 26000712346
http://127.0.0.1:8000/officer/TOKEN

26000712347: Ask the victim what they need

Due by: 5pm on Tuesday 1 December
Owed since: Friday 20 November

Open 26000712347
http://127.0.0.1:8000/officer/TOKEN

Coming up
---------

26000712348: Update the victim

Due by: the end of Thursday 3 December
Owed since: Friday 20 November

Open 26000712348
http://127.0.0.1:8000/officer/TOKEN

How to stop these reminders
---------------------------

Open the case and say that you spoke to them, or send an update, and it goes from the list. """
        """So it does when you record the contact in the records system. A task goes when it is recorded as done. """
        """A try that reached nobody is shown, but it does not stop the reminders.

The links are for you alone and stop working after a time. Please do not forward this email.

This email names nobody and gives no details, on purpose. Look up the reference to see them.

This email was sent by Derbyshire Constabulary's Kept Informed system.
"""
    )


@pytest.mark.parametrize(
    ("lines", "sections"),
    [
        ((LATE, DUE, SOON), ["Late", "Due today", "Coming up"]),
        ((DUE,), ["Due today"]),
        ((SOON, LATE), ["Late", "Coming up"]),
        ((SOON,), ["Coming up"]),
    ],
)
def test_sections_stand_in_the_order_of_urgency_and_only_where_there_is_something(
    lines: tuple[DigestLine, ...], sections: list[str]
) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", str(digest(*lines).html))
    assert headings == [*sections, "How to stop these reminders"]


def test_within_a_section_the_order_given_is_kept() -> None:
    lines = (*copies(LATE, 3)[::-1], *copies(DUE, 3))
    rendered = digest(*lines)
    assert re.findall(r"^(260007\d{5}): ", rendered.text, re.MULTILINE) == [given.reference for given in lines]


def test_what_was_left_out_is_said() -> None:
    assert "And 12 more. They move up as these are done." in digest(more=12).text
    assert "more, less urgent" not in digest().text


@pytest.mark.parametrize(
    ("due_at", "today", "words"),
    [
        (end_of(30, 11), date(2026, 12, 1), "1 day late"),
        (end_of(29, 11), date(2026, 12, 1), "2 days late"),
        (datetime(2026, 12, 1, 7, tzinfo=UTC), date(2026, 12, 1), "late"),
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), date(2026, 7, 1), "1 day late"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 2), "1 day late"),
    ],
)
def test_how_late_it_is_counts_by_the_days_of_london(due_at: datetime, today: date, words: str) -> None:
    assert date_words.late_by(due_at, today) == words


def test_a_year_is_said_where_it_is_not_this_one() -> None:
    rendered = digest(replace(SOON, since=datetime(2026, 12, 20, tzinfo=UTC), due_at=datetime(2027, 1, 2, 9, tzinfo=UTC)))
    assert "Due by: 9am on Saturday 2 January 2027" in rendered.text
    assert "Owed since: Sunday 20 December\n" in rendered.text


# ---- links


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", "http://localhost:8000", "https://kept-informed.example.test"])
def test_a_link_is_whole_in_text_and_clear_in_html(public_url: str) -> None:
    lines = tuple(replace(given, link=address(given.reference, public_url)) for given in DIGEST.lines)
    rendered = digest(*lines)
    assert [found for found in rendered.text.splitlines() if found.startswith("http")] == [given.link for given in lines]
    assert page(rendered).links == [given.link for given in lines]
    assert re.findall(r">(Open [^<]*)</a>", str(rendered.html)) == [f"Open {given.reference}" for given in lines]


def test_a_link_is_whole_after_its_way_through_mail() -> None:
    rendered = digest()
    email = Email("n1", "sam.ash@example.test", rendered.subject, rendered.text, rendered.html)
    sent = mime(email, email.to, sender="ki@example.test", reply_to="ki@example.test").as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    for subtype in ("plain", "html"):
        body = read.get_body((subtype,))
        assert body is not None
        assert all(given.link in body.get_content() for given in DIGEST.lines)


@pytest.mark.parametrize(
    "odd",
    [
        "javascript:alert(1)",
        "http://127.0.0.1:8000/officer/a b",
        'http://x.test/"onclick=',
        "http://x.test/?a=1",
        "//x.test/a",
        "x.test/a",
        "",
    ],
)
def test_what_is_no_address_of_ours_is_shown_and_not_linked(odd: str) -> None:
    rendered = digest(replace(DUE, link=odd))
    assert page(rendered).links == []
    assert "Open 26000712346" in page(rendered).text


def test_an_address_without_words_is_still_a_link_on_its_own() -> None:
    read = prose.blocks(f"@ {prose.own_link('http://x.test/a')}\nmore")
    assert prose.to_text(read) == "http://x.test/a\n\nmore\n"


# ---- twins and values


@pytest.mark.parametrize(("lines", "more", "headline"), HEADLINES)
def test_the_twins_say_the_same_but_for_the_addresses(lines: tuple[DigestLine, ...], more: int, headline: str) -> None:
    rendered = digest(*lines, more=more)
    words = [word for word in words_of(rendered.text) if not word.startswith("http")]
    assert page(rendered).text.split() == words
    assert headline in rendered.text


def test_nothing_is_left_of_the_templates_own_language() -> None:
    rendered = digest(more=2)
    for part in (rendered.subject, rendered.text, str(rendered.html), sms()):
        assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined|Urgency|[\ue000-\uf8ff]", part)
    assert not re.search(r"\n{3,}|[ \t]\n|  ", rendered.text)


def test_nothing_is_fetched_tracked_or_run() -> None:
    seen = page(digest())
    assert {tag for tag, _ in seen.elements} <= {
        "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "strong", "a", "bdi",
    }  # fmt: skip
    assert not [attribute for _, attributes in seen.elements for attribute in attributes if attribute.startswith("on")]


def hostile(value: str) -> RenderedEmail:
    force = replace(FORCE, name=value, short_name=value)
    return digest(*(replace(given, owed=value, because=value) for given in DIGEST.lines), force=force, to=value)


def assert_inert(value: str) -> None:
    ordinary, rendered = hostile("Ordinary"), hostile(value)
    tags = [tag for tag, _ in page(rendered).elements if tag != "bdi"]
    assert tags == [tag for tag, _ in page(ordinary).elements], "a value adds no element"
    assert page(rendered).links == page(ordinary).links, "a value adds no link"
    assert len(rendered.text.splitlines()) == len(ordinary.text.splitlines()), "a value adds no line"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ue000-\uf8ff]", rendered.text + str(rendered.html))
    assert rendered.subject == ordinary.subject


@pytest.mark.parametrize("value", [*HOSTILE, *NAMES])
def test_values_are_inert(value: str) -> None:
    assert_inert(value)


@given(st.text(max_size=60).map(lambda text: f"x{text}"))
@settings(max_examples=60, deadline=None)
def test_any_text_is_inert(value: str) -> None:
    assert_inert(value)


# ---- the text message


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (DIGEST.lines, "3 things to do today, 1 late: 26000712345, 26000712346, 26000712347. See your email."),
        ((DUE, replace(DUE, owed="refer the victim")), "2 things to do today: 26000712346. See your email."),
        ((SOON,), "1 thing coming up. See your email."),
        (
            copies(DUE, 8),
            "8 things to do today: 26000700000, 26000700001, 26000700002, 26000700003, 26000700004 and 3 more. See your email.",
        ),
    ],
)
def test_a_text_says_how_much_and_names_the_first_cases(lines: tuple[DigestLine, ...], words: str) -> None:
    assert sms(*lines) == f"Derbyshire Police: {words}"


@pytest.mark.parametrize("late", [0, 1, 30, 5000])
@pytest.mark.parametrize("due", [0, 1, 30])
@pytest.mark.parametrize("more", [0, 99999])
def test_a_text_is_one_segment_without_a_link_a_name_or_what_is_owed(late: int, due: int, more: int) -> None:
    text = sms(*copies(LATE, late), *copies(DUE, due), SOON, more=more)
    assert (encoding(text), segments(text)) == ("GSM-7", 1)
    assert not re.search(r"http|officer|Sam|victim|acknowledg|[“”’–…]", text)


def test_a_long_name_of_a_force_makes_two_segments_at_most() -> None:
    text = sms(*copies(LATE, 5000), *copies(DUE, 5000), more=99999, force=replace(FORCE, short_name="Police – " + "x" * 91))
    assert (encoding(text), segments(text)) == ("GSM-7", 2)
