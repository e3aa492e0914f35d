"""Renders example messages and reads an HTML message as its reader does, for the tests of messages.

Must not assert what a message says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from chalicelib.adapters.rendering import Content, JinjaRenderer
from chalicelib.domain.messages import RenderedEmail, Template
from tests.contract.message_examples import ACKNOWLEDGEMENT, CODE, CONFIRMATION, EVENT, NOTE, NOTICE, REFERRAL, TASK, UPDATE

RENDERER = JinjaRenderer()


EVERY: dict[Template, Content] = {
    Template.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT,
    Template.EVENT: EVENT,
    Template.UPDATE: UPDATE,
    Template.REFERRAL: REFERRAL,
    Template.TASK: TASK,
    Template.STOP_NOTICE: NOTICE,
    Template.WITHDRAWAL: NOTICE,
    Template.CONTACT_MESSAGE: replace(NOTE, link="no address"),  # as it is with one: test_contact_words.py
    Template.CONTACT_CONFIRMATION: CONFIRMATION,
    Template.CODE: CODE,
}


def sentences(text: str) -> list[list[str]]:
    """Every sentence of more than one word, as its words."""
    return [found for line in text.splitlines() for part in re.split(r"[.:?](?: |$)", line) if len(found := part.split()) > 1]


def plain_words(text: str) -> list[str]:
    """Every word of its sentences in small letters, addresses of pages apart."""
    return re.findall(r"[a-z]+", " ".join(" ".join(sentence) for sentence in sentences(text) if "http" not in str(sentence)))


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
