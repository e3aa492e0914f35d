"""One small source of a message, read once and written as HTML, as plain text or as blocks for a letter, so that the twins cannot differ.

A source is lines: `# `, `## ` and `### ` headings, `* ` bullets, `> ` an inset, `= label: value` a fact, `@ words` with an address a link
on a line of its own, `~ ` the preview line, anything else a paragraph; an empty line ends a block. Values come marked by `value()`
or `link()` and are never read as any of these.
Must not know a message, a template or a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from chalicelib.adapters.inert import is_right_to_left, one_line

# Private-use characters, which one_line() takes out of every value, so no value can hold one.
_VALUE, _LINK, _END = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"([{_VALUE}{_LINK}])([^{_END}]*){_END}")
_ADDRESS = re.compile(r"(?:https://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[a-z0-9._~/-]*)?)", re.IGNORECASE)
_OWN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]+)?/[a-z0-9._~/-]+", re.IGNORECASE)


class Kind(StrEnum):
    PREVIEW = "preview"
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    INSET = "inset"
    FACT = "fact"
    SUBHEADING = "subheading"
    WAY = "way"
    """A link on a line of its own."""


_PREFIXES = {
    "~ ": Kind.PREVIEW,
    "# ": Kind.TITLE,
    "## ": Kind.HEADING,
    "### ": Kind.SUBHEADING,
    "* ": Kind.BULLET,
    "> ": Kind.INSET,
    "= ": Kind.FACT,
    "@ ": Kind.WAY,
}


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `source` is its line with the marks of values still in it."""

    kind: Kind
    source: str


def value(content: object) -> str:
    """`content` marked as a value: shown as it is, whatever it spells."""
    return f"{_VALUE}{one_line(content)}{_END}"


def link(address: str) -> str:
    """A web address of the profile marked as a link, shown in full. What is not a plain web address is shown and not linked."""
    found = _ADDRESS.fullmatch(address.strip())
    return f"{_LINK}https://{found[1]}{_END}" if found else value(address)


def own_link(address: str) -> str:
    """An address of this system (http on the local machine), whole and of any length, marked as a link; what is none is shown as it is."""
    return f"{_LINK}{address}{_END}" if _OWN_ADDRESS.fullmatch(address) else value(address)


def plain(source: str) -> str:
    """`source` on one line without marks, for a subject, a text message or a block of text."""
    return " ".join(_MARKED.sub(lambda found: found[2], source).split())


def blocks(source: str) -> tuple[Block, ...]:
    """The blocks of `source`, in order."""
    return tuple(_read(source))


def _read(source: str) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in (*source.splitlines(), ""):
        stripped = line.strip()
        prefix = next((prefix for prefix in _PREFIXES if stripped.startswith(prefix)), None)
        if paragraph and (prefix or not stripped):
            yield Block(Kind.PARAGRAPH, " ".join(paragraph))
            paragraph = []
        if prefix:
            yield Block(_PREFIXES[prefix], stripped.removeprefix(prefix).strip())
        elif stripped:
            paragraph.append(stripped)


def preview(parts: tuple[Block, ...]) -> str:
    """What a list of messages shows beside the subject."""
    return " ".join(plain(block.source) for block in parts if block.kind is Kind.PREVIEW)


def way(source: str) -> tuple[str, str]:
    """Words and address of a link on a line of its own; the address is empty where it is none."""
    found = next((mark for mark in _MARKED.finditer(source) if mark[1] == _LINK), None)
    return (plain(source[: found.start()]), found[2]) if found else (plain(source), "")


def fact(source: str) -> tuple[str, str]:
    """Label and value of a fact, each on one line without marks; the label ends at the first colon outside a value."""
    label, _, rest = source.partition(": ")
    return plain(label), plain(rest)


# ---- plain text


def to_text(parts: tuple[Block, ...]) -> str:
    """The plain-text twin: the preview line first, headings underlined, one line a paragraph."""
    lines: list[str] = []
    before: Kind | None = None
    for block in parts:
        if not (before is block.kind and block.kind in (Kind.BULLET, Kind.FACT)):
            lines.append("")
        lines.extend(_text_lines(block))
        before = block.kind
    return "\n".join(lines).strip("\n") + "\n"


def _text_lines(block: Block) -> list[str]:
    words = plain(block.source)
    if block.kind is Kind.TITLE:
        return [words, "=" * min(len(words), 60)]
    if block.kind is Kind.HEADING:
        return [words, "-" * min(len(words), 60)]
    if block.kind is Kind.BULLET:
        return [f"* {words}"]
    if block.kind is Kind.WAY:
        return [part for part in way(block.source) if part]
    return [words]


# ---- HTML

_STYLES = {
    Kind.TITLE: (
        "h1",
        "margin:0 -15px 25px -15px;padding:16px 15px;background-color:#14304f;color:#ffffff;font-size:24px;line-height:1.25;",
    ),
    Kind.HEADING: ("h2", "margin:30px 0 10px 0;font-size:22px;line-height:1.3;"),
    Kind.SUBHEADING: ("h3", "margin:24px 0 6px 0;font-size:19px;line-height:1.3;"),
    Kind.PARAGRAPH: ("p", "margin:0 0 18px 0;"),
    Kind.WAY: ("p", "margin:0 0 18px 0;"),
    Kind.INSET: ("p", "margin:0 0 18px 0;padding:12px 15px;border-left:8px solid #14304f;font-weight:bold;"),
    Kind.FACT: ("p", "margin:0 0 6px 0;"),
    Kind.BULLET: ("li", "margin:0 0 6px 0;"),
}


def to_html(parts: tuple[Block, ...]) -> str:
    """The HTML twin without the preview line, which the page hides in its own place."""
    html: list[str] = []
    shown = [block for block in parts if block.kind is not Kind.PREVIEW]
    for before, block, after in zip((None, *shown), shown, (*shown[1:], None), strict=False):
        html.extend(_html_lines(before, block, after))
    return "\n".join(html)


def _html_lines(before: Block | None, block: Block, after: Block | None) -> Iterator[str]:
    first = before is None or before.kind is not block.kind
    last = after is None or after.kind is not block.kind
    tag, style = _STYLES[block.kind]
    if block.kind is Kind.BULLET and first:
        yield '<ul style="margin:0 0 18px 0;padding:0 0 0 22px;">'
    if block.kind is Kind.FACT and (after is None or after.kind not in (Kind.FACT, Kind.WAY)):
        style = _STYLES[Kind.PARAGRAPH][1]
    name = ' class="inset"' if block.kind is Kind.INSET else ""
    yield f'<{tag}{name} style="{style}">{_WRITERS.get(block.kind, _inline)(block.source)}</{tag}>'
    if block.kind is Kind.BULLET and last:
        yield "</ul>"


def _fact_html(source: str) -> str:
    label, _, rest = source.partition(": ")
    return f"<strong>{_inline(label)}:</strong> {_inline(rest)}"


def _way_html(source: str) -> str:
    words, address = way(source)
    if not address:
        return _inline(source)
    return f'<a href="{escape(address)}" style="display:inline-block;padding:8px 0;font-weight:bold;color:#1d5ea8;">{escape(words)}</a>'


def _inline(source: str) -> str:
    html: list[str] = []
    at = 0
    for found in _MARKED.finditer(source):
        html.append(escape(source[at : found.start()]))
        html.append(_marked_html(found[1], escape(found[2])))
        at = found.end()
    return "".join((*html, escape(source[at:])))


def _marked_html(mark: str, words: str) -> str:
    if mark == _LINK:
        return f'<a href="{words}" style="color:#1d5ea8;">{words}</a>'
    return f"<bdi>{words}</bdi>" if is_right_to_left(words) else words


_WRITERS = {Kind.FACT: _fact_html, Kind.WAY: _way_html}
