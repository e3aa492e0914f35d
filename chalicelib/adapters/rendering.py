"""Renders e-mails and text messages from the templates and their typed content.

Each e-mail has one source, from which both the HTML and the plain text are made (prose.py). Must not decide what is said to whom, send,
or let a value be read as markup.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from chalicelib.adapters import date_words, prose
from chalicelib.adapters.inert import plain_punctuation
from chalicelib.adapters.template_files import languages, loader, templates_root
from chalicelib.domain.contact_content import ContactConfirmation, ContactNote
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.event_rules import event_rule_on
from chalicelib.domain.messages import Acknowledgement, Digest, Referral, RenderedEmail, ServiceNotice, Task, Template
from chalicelib.domain.model import Channel
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.update_content import OfficerUpdate
from chalicelib.domain.update_starts import Start

Content = (
    Acknowledgement | EventNews | OfficerUpdate | Task | ServiceNotice | Referral | Digest | ContactNote | ContactConfirmation | OneTimeCode
)
Texted = Acknowledgement | EventNews | OfficerUpdate | Digest | ContactConfirmation | OneTimeCode

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})
_METHODS = {Channel.EMAIL: "by email", Channel.SMS: "by text message", Channel.LETTER: "by letter", Channel.PHONE: "by phone"}
_STEPS = re.compile(r"\[[^\]]*\]|\.\d+(?=\.|$)|\.\*")


def _marked(value: object) -> Markup:
    """Every printed expression passes here: a value is marked, what a template composed itself (Markup) goes through."""
    if value is None:
        raise UndefinedError("a template prints a value that is None")
    return value if isinstance(value, Markup) else Markup(prose.value(value))  # noqa: S704 - marked, and escaped by prose


def _listed(items: tuple[object, ...]) -> str:
    words = [str(item) for item in items]
    return " and ".join((*([", ".join(words[:-1])] if len(words) > 1 else []), *words[-1:]))


def _every(days: int) -> str:
    return "every day" if days == 1 else f"every {days} days"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(address: str) -> Markup:
    return Markup(prose.link(address))  # noqa: S704 - marked, and escaped by prose


def _own_link(address: str) -> Markup:
    return Markup(prose.own_link(address))  # noqa: S704 - marked, and escaped by prose


def _refuse_untellable(content: EventNews) -> None:
    """Raises ValueError where there is nothing to tell, or news of court, of which no text may go out either: a person tells it."""
    if not content.items:
        raise ValueError("a message of key events tells of nothing")
    told = {(kind, item.happened_on) for item in content.items for kind in (item.type, item.corrects) if kind}
    if any(event_rule_on(kind, day).of_court for kind, day in told):
        raise ValueError("a message of key events holds news of court")


def _refuse_unsayable(content: OfficerUpdate, name: str) -> None:
    """Raises ValueError for an update that says nothing, and for a text with words that are not fixed."""
    if content.words is None and content.start == Start.OWN_WORDS:
        raise ValueError("an update says nothing")
    if content.words is not None and name == "sms.txt":
        raise ValueError("a text holds words that are not fixed")


class JinjaRenderer:
    """Templates by message and language under `root` (default: the product's); those of the force under `own`, same paths, come before."""

    def __init__(self, root: Path | None = None, own: Path | None = None) -> None:
        self._root, self._own = root or templates_root(), own
        self._loader = loader((self._root,), (own,) if own else ())
        self._words = self._environment()
        self._pages = Environment(loader=self._loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)

    def languages(self, template: Template) -> frozenset[str]:
        """Languages that `template` is written in whole, as two-letter codes; empty when it does not exist."""
        return languages(template.value, self._root, self._own)

    def email(self, template: Template, language: str, content: Content) -> RenderedEmail:
        """Subject, plain text and HTML. Raises LookupError for a language without a template, UndefinedError for a missing placeholder,
        ValueError for key events that no message may tell, and for an update that may not be said."""
        parts = self.parts(template, language, content, form="email")
        subject = prose.plain(self._source(template, language, "subject.txt", content))
        html = self._pages.get_template("_base/email.html").render(
            language=language,
            direction="rtl" if language in _RIGHT_TO_LEFT else "ltr",
            title=subject,
            preheader=prose.preview(parts),
            content=Markup(prose.to_html(parts)),  # noqa: S704 - escaped by prose
        )
        return RenderedEmail(subject=subject, text=prose.to_text(parts), html=html)

    def sms(self, template: Template, language: str, content: Texted) -> str:
        """One line of text; typographic punctuation is made plain, letters are kept. Errors as of `email`."""
        return plain_punctuation(prose.plain(self._source(template, language, "sms.txt", content)))

    def parts(self, template: Template, language: str, content: Content, form: str) -> tuple[prose.Block, ...]:
        """The blocks of a message; `form` is "email" or "letter". Errors as of `email`."""
        return prose.blocks(self._source(template, language, "body.txt", content, form=form))

    def _source(self, template: Template, language: str, name: str, content: Content, **more: object) -> str:
        if language not in self.languages(template):
            raise LookupError(f"{template.value} is not written in the language asked for")
        if isinstance(content, EventNews):
            for news in (content, *content.others):
                _refuse_untellable(news)
        if isinstance(content, OfficerUpdate):
            _refuse_unsayable(content, name)
        values: dict[str, Any] = {field.name: getattr(content, field.name) for field in fields(content)}
        return self._words.get_template(f"{template.value}/{language}/{name}").render(values, content=content, **more)

    def _environment(self) -> Environment:
        # Not HTML yet: autoescape only keeps what templates compose (Markup) apart from values, which prose.py escapes.
        environment = Environment(
            loader=self._loader,
            undefined=StrictUndefined,
            autoescape=True,
            finalize=_marked,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "day": date_words.day,
            "short_day": date_words.short_day,
            "moment": date_words.moment,
            "listed": _listed,
            "every": _every,
            "capital": _capital,
            "by_method": _METHODS.__getitem__,
            "link": _link,
            "own_link": _own_link,
            "near_day": date_words.near_day,
            "near_moment": date_words.near_moment,
            "late_by": date_words.late_by,
            "field_words": self._field_words,
        }
        return environment

    def _field_words(self, path: str) -> str:
        """A contract field path ("victims[V1].date_of_birth") in plain words; an unknown one is only called a field."""
        known: dict[str, str] = json.loads((self._root / "task" / "en" / "fields.json").read_text("utf-8"))
        bare = _STEPS.sub("", path).removeprefix("occurrence.")
        return known.get(bare) or known.get(f"victims.{bare}") or "a field of the record"
