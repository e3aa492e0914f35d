"""News of key events as its reader sees it: what happened and what follows, corrections, reviews, and envelopes that say nothing of it.

Must not decide what is told to whom, or by when.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.event_news import EventNews, NewsItem, ReviewScheme
from chalicelib.domain.event_rules import EVENT_RULES
from chalicelib.domain.events import EventType
from chalicelib.domain.messages import Reader, RenderedEmail, Template, UpdatePromise
from chalicelib.domain.model import Channel
from tests.contract.drawn import DOCUMENTS
from tests.contract.message_examples import EVENT, SERVICE
from tests.contract.rendered import RENDERER, page, plain_words, sentences, words_of

DAY, NEXT_DAY, TOLD = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
COURT = tuple(rule.type for rule in EVENT_RULES if rule.of_court)
TOLD_HERE = tuple(kind for kind in EventType if kind not in COURT)

HAPPENED: dict[EventType, tuple[str, str]] = {
    EventType.ARRESTED: ("we arrested a person", "We will tell you when they are released or charged."),
    EventType.INTERVIEWED_UNDER_CAUTION: ("we questioned a person as a suspect", "We will tell you what is decided."),
    EventType.RELEASED_NO_CHARGE: ("a person was released and not charged", "If we find out more, we can look at this again."),
    EventType.RELEASED_ON_BAIL: ("a person was released on bail", "We will tell you if the bail changes or ends."),
    EventType.RELEASED_UNDER_INVESTIGATION: (
        "a person was released while we go on looking into the crime", "This person is still a suspect, and the case is still open.",
    ),
    EventType.BAIL_CHANGED: ("the rules of a person's bail were changed", "This person is still on bail."),
    EventType.BAIL_CANCELLED: ("a person's bail came to an end", "The end of bail alone does not mean that the case is over."),
    EventType.NOT_INVESTIGATED: ("we decided not to investigate this crime", "If you find out anything new, please tell us"),
    EventType.CHARGED: ("a person was charged", "You will be told when the first hearing is."),
    EventType.CHARGES_DROPPED: ("charges against a person were dropped", "This person will not go to court for those charges."),
    EventType.CHARGES_ALTERED: ("the charges against a person were changed", "The case goes on with the new charges."),
    EventType.OUT_OF_COURT_DISPOSAL: ("it was decided to deal with a person without going to court", "No court hearing is planned."),
    EventType.NOT_PROSECUTED: ("it was decided not to take a person to court", "This person will not go to court for this now."),
    EventType.NO_SUSPECT_IDENTIFIED: (
        "we had done what we could, and had not found out who did it", "We are not looking into it any more for now.",
    ),
    EventType.RESPONSE_DELAYED: ("we could not get to you as soon as we should", "We are sorry. If you still need us to come, call 101."),
    EventType.PROPERTY_RETURNED: ("we gave back property that we had kept", "If any of the property is missing"),
    EventType.VPS_OFFERED: (
        "we offered you the chance to make a Victim Personal Statement",
        "The statement says in your own words how the crime has changed your life, and a court may read it. You do not have to make one",
    ),
}  # fmt: skip
OTHERWISE: dict[tuple[EventType, Reader], tuple[str, str]] = {
    (EventType.RESPONSE_DELAYED, Reader.REPRESENTATIVE): (
        "we could not get to the victim as soon as we should", "If the victim still needs us to come, call 101.",
    ),
    (EventType.VPS_OFFERED, Reader.REPRESENTATIVE): (
        "we offered the victim the chance to make a Victim Personal Statement",
        "in the victim's own words how the crime has changed their life, and a court may read it. The victim does not have to make one",
    ),
    (EventType.VPS_OFFERED, Reader.BUSINESS): (
        "we offered you the chance to make an Impact Statement for Business",
        "The statement says how the crime has affected your organisation, and a court may read it. You do not have to make one",
    ),
}  # fmt: skip


def item(kind: EventType, day: date = DAY, reason: str | None = None, **more: Any) -> NewsItem:
    return NewsItem(kind, day, reason, **more)


def email(*items: NewsItem, **more: Any) -> RenderedEmail:
    return RENDERER.email(Template.EVENT, "en", news(*items, **more))


def news(*items: NewsItem, **more: Any) -> EventNews:
    return replace(EVENT, items=items or EVENT.items, **more)


def section(rendered: RenderedEmail, heading: str) -> list[str]:
    """The lines under a heading of the plain text."""
    after = rendered.text.split(f"\n{heading}\n{'-' * len(heading)}\n")[1]
    return [line for line in re.split(r"\n[^\n]+\n-{3,}\n", after)[0].splitlines() if line]


def everything() -> list[tuple[str, RenderedEmail]]:
    """Every type for every reader, and every part that only some messages have."""
    typed = [(f"{kind} {reader}", email(item(kind, reason="Said so."), reader=reader)) for kind in TOLD_HERE for reader in Reader]
    odd = {
        "two": email(),
        "correction": email(item(EventType.CHARGED, corrects=EventType.ARRESTED, told_on=TOLD)),
        "withdrawn": email(item(EventType.CHARGED, corrects=EventType.CHARGED, told_on=TOLD, withdrawn=True), updates=None),
        "police": email(item(EventType.NOT_PROSECUTED), review=ReviewScheme.POLICE, officer=None),
        "cps": email(item(EventType.CHARGES_DROPPED), review=ReviewScheme.CPS, greeting_name=None),
        "service": email(item(EventType.NOT_INVESTIGATED), service=SERVICE, channel_reason="We are writing by email."),
        "key events": email(updates=UpdatePromise(None, Channel.PHONE, None, proposed=False, reason="We cannot text you.")),
    }
    return [*typed, *odd.items()]


def test_every_type_has_its_words_or_is_of_court() -> None:
    assert set(HAPPENED) == set(TOLD_HERE)
    assert (len(TOLD_HERE), len(COURT)) == (17, 5)


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("kind", TOLD_HERE)
def test_what_happened_and_what_happens_next(kind: EventType, reader: Reader) -> None:
    rendered = email(item(kind, reason="There was not enough to go on."), reader=reader, updates=None)
    what, then = OTHERWISE.get((kind, reader), HAPPENED[kind])
    assert section(rendered, "What happened") == [f"On Monday 23 November 2026, {what}.", "Why: There was not enough to go on."]
    follows = section(rendered, "What happens next")
    assert then in follows[0]
    assert len(re.findall(r"[.?](?: |$)", follows[0])) <= 2, "one or two sentences"
    assert not follows[1:] or re.search("not feel safe, call 101. If anybody is in danger now, call 999.", follows[1])


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_every_message_is_whole_and_says_where_to_turn(name: str, rendered: RenderedEmail) -> None:
    assert page(rendered).text.split() == words_of(rendered.text)
    for part in (rendered.subject, rendered.text, str(rendered.html)):
        assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined|[\ue000-\uf8ff]", part)
    assert not re.search(r"\n{3,}|[ \t]\n|  ", rendered.text)
    for words in (
        "Derbyshire Constabulary is writing to you", "There is news about", "To change how we write to you, or to stop getting messages",
        "To check that this email is from us, call 101 or look for us at https://www.derbyshire.police.uk.", "18001 101",
        "A person reads every reply", "always call 999", "Please have the reference, 26000712345, with you",
    ):  # fmt: skip
        assert words in rendered.text
    own = {"www.derbyshire.police.uk", "www.core-derbyshire.com", "www.cps.gov.uk"}
    assert {link.removeprefix("https://").split("/")[0] for link in page(rendered).links} <= own


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_short_sentences(name: str, rendered: RenderedEmail) -> None:
    """Reading age 9 cannot be measured; long sentences and long words can."""
    found = sentences(rendered.text)
    assert sum(map(len, found)) / len(found) < 12
    assert max(map(len, found)) <= 25
    assert max(map(len, plain_words(rendered.text))) <= 12, "organisation, confidential"


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_subject_and_preview_are_those_of_every_message(name: str, rendered: RenderedEmail) -> None:
    assert rendered.subject == "Message from Derbyshire Constabulary about reference 26000712345"
    for shown in (rendered.text[:230], " ".join(page(rendered).text.split())[:230]):
        assert shown.startswith("Derbyshire Constabulary is writing to you about reference 26000712345.")
        assert not re.search(r"Alex|Morgan|news|arrest|charge|bail|court|suspect|crime|victim|officer|decid", shown, re.IGNORECASE)


def test_several_events_are_told_in_the_order_of_time_and_only_the_newest_step_goes_on() -> None:
    bail, arrest = item(EventType.RELEASED_ON_BAIL, NEXT_DAY), item(EventType.ARRESTED)
    rendered = email(bail, arrest, item(EventType.PROPERTY_RETURNED, NEXT_DAY), updates=None)
    assert section(rendered, "What happened") == [
        "On Monday 23 November 2026, we arrested a person.",
        "On Tuesday 24 November 2026, a person was released on bail.",
        "On Tuesday 24 November 2026, we gave back property that we had kept.",
    ]
    assert [line.split(".")[0] for line in section(rendered, "What happens next")] == [
        "A person on bail must come back to us when we say",
        "If any of the property is missing, or is not as it was, please tell us",
        "If you do not feel safe, call 101",
    ]


@pytest.mark.parametrize(
    ("kinds", "follows"),
    [
        ((EventType.CHARGED, EventType.RELEASED_NO_CHARGE), [EventType.CHARGED, EventType.RELEASED_NO_CHARGE]),
        ((EventType.CHARGED, EventType.CHARGES_DROPPED), [EventType.CHARGES_DROPPED]),
        ((EventType.ARRESTED, EventType.ARRESTED), [EventType.ARRESTED]),
        ((EventType.ARRESTED, EventType.VPS_OFFERED), [EventType.ARRESTED, EventType.VPS_OFFERED]),
        ((EventType.BAIL_CHANGED, EventType.CHARGED), [EventType.CHARGED]),
    ],
)
def test_what_follows_is_not_said_twice_or_of_a_step_that_has_passed(kinds: tuple[EventType, ...], follows: list[EventType]) -> None:
    lines = section(email(*(item(kind) for kind in kinds), updates=None), "What happens next")
    said = [kind for line in lines for kind in HAPPENED if HAPPENED[kind][1] in line]
    assert said == follows


def test_a_correction_says_what_was_told_and_what_is_right() -> None:
    rendered = email(item(EventType.RELEASED_NO_CHARGE, reason="It was late.", corrects=EventType.RELEASED_ON_BAIL, told_on=NEXT_DAY))
    assert section(rendered, "What happened") == [
        "On Tuesday 24 November 2026, we told you that a person was released on bail. That was not right. We are sorry.",
        "This is right: on Monday 23 November 2026, a person was released and not charged.",
        "Why: It was late.",
    ]
    again = section(email(item(EventType.ARRESTED, corrects=EventType.ARRESTED)), "What happened")
    assert again[0] == "We may have told you that we arrested a person. Part of that was not right. We are sorry."


def test_what_was_withdrawn_was_not_right_and_nothing_follows() -> None:
    withdrawn = item(EventType.CHARGED, reason="A slip.", corrects=EventType.CHARGED, told_on=NEXT_DAY, withdrawn=True)
    rendered = email(withdrawn, updates=None)
    assert section(rendered, "What happened") == [
        "On Tuesday 24 November 2026, we told you that a person was charged. That was not right. We are sorry."
    ]
    assert not re.search("What happens next|A slip|hearing|This is right|Why:", rendered.text)
    unsure = email(item(EventType.CHARGED, withdrawn=True), updates=None)
    assert section(unsure, "What happened") == ["We may have told you that a person was charged. That was not right. We are sorry."]
    assert "You will hear from us by Monday 30 November 2026." in section(email(withdrawn), "What happens next")[0]


@pytest.mark.parametrize("kind", COURT)
def test_news_of_court_is_refused_in_every_form(kind: EventType) -> None:
    for content in (news(item(EventType.ARRESTED), item(kind)), news(item(EventType.CHARGED, corrects=kind, told_on=TOLD))):
        for render in (RENDERER.email, RENDERER.sms, DOCUMENTS.letter):
            with pytest.raises(ValueError, match="news of court"):
                render(Template.EVENT, "en", content)


def test_there_are_no_words_for_news_of_court() -> None:
    written = (templates_root() / "event/en/words.txt").read_text("utf-8")
    assert [kind for kind in EventType if f'"{kind}": ' in written] == list(TOLD_HERE)


def test_a_message_that_would_tell_nothing_is_refused() -> None:
    for render in (RENDERER.email, RENDERER.sms, DOCUMENTS.letter):
        with pytest.raises(ValueError, match="tells of nothing"):
            render(Template.EVENT, "en", replace(EVENT, items=()))
