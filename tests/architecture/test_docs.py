"""Holds the documents to the tree: every link, path, make target and setting that they name exists, every decision has its five parts.

Must not judge what a document says: only that nothing in it points at what is not there.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("README.md"), *ROOT.glob("C*.md"), *(ROOT / "docs").rglob("*.md")]
)
DECISIONS = [name for name in DOCUMENTS if name.startswith("docs/adr/")]
SOURCES = [
    path
    for folder in ("chalicelib", "infra", "templates", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml", ".yaml", ".txt", ".in"}
] + [ROOT / "requirements.in", ROOT / "pyproject.toml"]

PARTS = ["Context", "Options", "Choice", "Consequence", "How to reverse"]
MOST_LINES_OF_A_DECISION = 60

_NAMED = re.compile(r"\bdocs/[\w./-]+\.(?:md|json|svg)\b")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
_TOP = r"(?:chalicelib|infra|docs|tests|templates|benchmarks|\.ci|\.chalice)"
_PATH = re.compile(rf"(?<![\w./-])(?:{_TOP}/[\w./<>*-]*[\w>*/]|app\.py|Makefile|[\w-]+\.(?:md|in|toml))(?![\w/-])")
_TARGET = re.compile(r"\bmake ([a-z]+)\b")
_SETTING = re.compile(r"\bKI_[A-Z_]+\b")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_in(name: str) -> str:
    """Everything in backticks and fences: where a document means a thing by its name."""
    return "\n".join(_CODE.findall(text_of(name)))


def anchors(name: str) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text_of(name), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def exists(path: str) -> bool:
    """Whether a path, whose `<...>` stand for anything, names something in the tree."""
    return any(ROOT.glob(re.sub(r"<[^>]*>", "*", path.rstrip("/"))))


def test_there_are_documents_to_look_at():
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/design.md", "docs/runbook.md", "docs/data_model.md"} <= set(DOCUMENTS)
    assert len(DECISIONS) >= 12


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_leads_somewhere(name):
    for target in _LINK.findall(text_of(name)):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        linked = (ROOT / name).parent / path if path else ROOT / name
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.resolve().relative_to(ROOT).as_posix()), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_exists(name):
    assert [path for path in _PATH.findall(code_in(name)) if not exists(path)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(name):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert set(_TARGET.findall(code_in(name))) <= targets


def in_sources(pattern: re.Pattern[str]) -> set[str]:
    return {found for path in SOURCES for found in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_that_a_document_names_is_read_or_handed_out():
    assert {setting for name in DOCUMENTS for setting in _SETTING.findall(text_of(name))} <= in_sources(_SETTING)


def test_every_document_that_the_code_names_exists():
    named = in_sources(_NAMED)
    assert "docs/adr/0005-routing.md" in named
    assert sorted(found for found in named if not (ROOT / found).is_file()) == []


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_has_its_five_parts_on_one_page(name):
    text = text_of(name)
    assert re.match(rf"# {Path(name).name[:4]} \w", text), "the title carries the number of the file"
    assert re.search(r"^Accepted, \d{4}-\d{2}-\d{2}\.", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])
    assert len(text.splitlines()) <= MOST_LINES_OF_A_DECISION


def test_decisions_are_numbered_without_a_gap():
    assert [int(Path(name).name[:4]) for name in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_readme_names_the_two_commands_that_a_newcomer_needs():
    assert {"run", "test"} <= set(_TARGET.findall(code_in("README.md")))
    assert "make check" in text_of(".ci/run")
