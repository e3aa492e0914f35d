"""A force's own templates are read before they are packaged: what would be ignored, or stop a message, is named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chalicelib.adapters.template_files import templates_root
from infra.force import OwnWordsError, of_force
from infra.own_words import wrong

FORCES = Path(__file__).parents[1] / "forces"
SMS = "acknowledgement/en/sms.txt"


def said(folder: Path, name: str, text: str | bytes) -> list[str]:
    """What is wrong with a force that has this one file of its own."""
    path = folder / "force" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return wrong(folder / "force")


def test_a_force_that_really_has_words_passes() -> None:
    assert any((FORCES / "northmarch").rglob("*.txt"))
    assert wrong(FORCES / "northmarch") == []


def test_a_force_without_words_passes(tmp_path: Path) -> None:
    assert wrong(tmp_path / "force") == []


def test_whatever_the_product_itself_says_a_force_may_say(tmp_path: Path) -> None:
    """The check knows every way of writing that the product's templates have."""
    root = templates_root()
    for path in root.rglob("*"):
        if path.suffix in {".txt", ".html"}:
            copy = tmp_path / "force" / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    assert wrong(tmp_path / "force") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (SMS, "{{ force.short_name }} {{ references | join(', ') }}, {{ officer.name | upper }}\n"),
        (SMS, "{% for one in references %}{{ one }}{% if not loop.last %}, {% endif %}{% endfor %}\n"),
        (SMS, '{% set mine = force.short_name %}{{ mine }} {% include "product/acknowledgement/en/sms.txt" %}\n'),
        ("acknowledgement/pl/sms.txt", "{{ references[0] }}\n"),
        (
            "acknowledgement/cy/body.txt",
            '{% extends "product/acknowledgement/en/body.txt" %}{% block first %}{{ super() }}A{% endblock %}',
        ),
        ("pages/en/privacy.html", '{% extends "product/en/privacy.html" %}{% block before %}<p>{{ force.name }}</p>{% endblock %}'),
        ("_base/en/ending.txt", "{{ force.name }}\n"),
    ],
)
def test_what_a_force_may_write(tmp_path: Path, name: str, text: str) -> None:
    assert said(tmp_path, name, text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear you,\n{{ officr.name }}\n", "2: officr is no name that the product's acknowledgement/en/sms.txt knows"),
        ("{{ officer.nam }}\n", "1: officer.nam is used by no template of the product"),
        ('{{ force["nam"] }}\n', "1: force.nam is used by no template of the product"),
        ("{% for one in crimes %}\n{{ one.ofence }}{% endfor %}\n", "2: one.ofence is used by no template of the product"),
        ("{{ crimes[0].ofence }}\n", "1: ofence is used by no template of the product"),
        ("{% if minutes %}{{ minutes }}{% endif %}\n", "1: minutes is no name that the product's acknowledgement/en/sms.txt knows"),
        ("\n{{ force.name \n", "2: unexpected end of template"),
        ("{{ force.name | shout }}\n", "1: No filter named 'shout'"),
        ('{% include "product/acknowlegement/en/sms.txt" %}', "1: there is no template product/acknowlegement/en/sms.txt"),
        (f'{{% include "{SMS}" %}}', f"1: {SMS} is this file itself; the product's is product/{SMS}"),
        (
            '{% extends "product/acknowledgement/en/body.txt" %}{% block frist %}{% endblock %}',
            "1: the product's acknowledgement/en/sms.txt has no block frist",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    (found,) = set(said(tmp_path, SMS, text))
    assert found.startswith(f"force/{SMS}:{words}")


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    assert said(tmp_path, SMS, b"\xff\xfe") == [f"force/{SMS}: is not UTF-8"]


@pytest.mark.parametrize(
    "name",
    [
        "acknowlegement/en/sms.txt", "acknowledgement/en/text.txt", "acknowledgement/sms.txt", "acknowledgement/eng/sms.txt", "README.md",
        "acknowledgement/EN/sms.txt", "referral/en/referral.typ", "task/en/fields.json", "pages/cy/privacy.html", "pages/en/privcy.html",
        "pages/assets/icon.svg",
    ],
)  # fmt: skip
def test_a_file_that_nothing_would_read_is_named(tmp_path: Path, name: str) -> None:
    (found,) = said(tmp_path, name, "")
    assert found.startswith(f"force/{name}: no template of the product stands there")


def test_a_force_with_a_mistake_in_its_words_is_not_packaged(tmp_path: Path) -> None:
    shutil.copy(FORCES / "northmarch.toml", tmp_path / "northmarch.toml")
    for name in ("sms", "body"):
        path = tmp_path / "northmarch" / "acknowledgement" / "en" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{{ officr.name }}", encoding="utf-8")
    with pytest.raises(OwnWordsError) as refused:
        of_force({"Parameters": {"Profile": {"Default": "northmarch"}}}, tmp_path)
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "northmarch/acknowledgement/en/body.txt",
        "northmarch/acknowledgement/en/sms.txt",
    ]
