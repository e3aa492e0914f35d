"""Holds the house rules that no linter knows: what a file opens with, how long it may be, what it may be called, who reads the environment.

Must not judge what a file does: that is the business of the tests beside it.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path.relative_to(ROOT).as_posix() for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py"), *(ROOT / "infra").rglob("*.py")]
)
MARKERS = [name for name in FILES if name.endswith("__init__.py")]
CODE = [name for name in FILES if name not in MARKERS]

MOST_LINES = 300
LONGER = {
    "chalicelib/domain/model.py": (335, "every noun of the records contract stands in one place, and none of them has a method of weight"),
}
"""Files that may be longer: up to how many lines, and why."""

WITHOUT_MEANING = {"utils", "util", "helpers", "helper", "misc", "common", "base", "manager", "core"}
THE_ONLY_READER_OF_THE_ENVIRONMENT = "chalicelib/settings.py"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def docstring(name: str) -> str:
    return ast.get_docstring(ast.parse(text_of(name))) or ""


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def test_there_is_a_house_to_look_at():
    assert len(CODE) > 80
    assert "app.py" in CODE


@pytest.mark.parametrize("name", CODE)
def test_every_file_says_what_it_is_for_and_what_it_must_not_do(name):
    said = docstring(name)
    assert len(sentences(said)) >= 2, "purpose in one sentence, then what it must not do"
    assert re.search(r"\b(not|never|no|nor|nothing|without|only|alone)\b", said.lower()), "what it must not do is missing"


@pytest.mark.parametrize("name", CODE)
def test_no_file_outgrows_what_can_be_read_in_one_go(name):
    most, _ = LONGER.get(name, (MOST_LINES, ""))
    assert len(text_of(name).splitlines()) <= most, "split it by meaning"


def test_every_exception_in_length_is_still_needed_and_says_why():
    for name, (_, why) in LONGER.items():
        assert len(text_of(name).splitlines()) > MOST_LINES, f"{name} is no longer an exception"
        assert why


@pytest.mark.parametrize("name", MARKERS)
def test_a_package_marker_holds_no_code(name):
    tree = ast.parse(text_of(name))
    assert len(tree.body) <= 1
    assert not tree.body or docstring(name)


@pytest.mark.parametrize("name", CODE)
def test_every_file_is_named_by_what_it_means(name):
    assert not WITHOUT_MEANING & set(Path(name).stem.split("_"))


def reads_environment(name: str) -> bool:
    nodes = [node for node in ast.walk(ast.parse(text_of(name))) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    return any(node.value.id == "os" and node.attr in {"environ", "getenv"} for node in nodes if isinstance(node.value, ast.Name))


def test_the_product_reads_its_environment_in_one_place():
    assert [name for name in CODE if not name.startswith("infra/") and reads_environment(name)] == [THE_ONLY_READER_OF_THE_ENVIRONMENT]
