"""The pieces that messages are made with: dates in words, harmless lines, prose, and the place of the templates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chalicelib.adapters import date_words, inert, prose
from chalicelib.adapters.template_files import templates_root


def test_templates_are_found_beside_the_package_else_on_the_import_path(tmp_path: Path) -> None:
    (tmp_path / "templates/_base").mkdir(parents=True)
    beside = templates_root([])
    assert beside == Path(date_words.__file__).resolve().parents[2] / "templates"
    assert templates_root([str(tmp_path)], package=tmp_path / "opt") == tmp_path / "templates"
    with pytest.raises(FileNotFoundError):
        templates_root([], package=tmp_path / "opt")


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
