"""Values and templates from outside: nothing in a value is read as markup, and what a template lacks is named."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from chalicelib.adapters.rendering import Content, JinjaRenderer
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.messages import OfficerContact, ServiceContact, Template
from tests.contract.message_examples import ACKNOWLEDGEMENT, HOSTILE, NAMES, TASK
from tests.contract.rendered import EVERY, RENDERER, acknowledgement, page, words_of


def hostile_content(content: Content, value: str) -> Content:
    """`content` with `value` in every text, and in every tuple of texts."""
    changes: dict[str, Any] = {}
    for field in fields(content):
        now = getattr(content, field.name)
        if field.name in ("references", "reference", "language", "reader", "start"):
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
