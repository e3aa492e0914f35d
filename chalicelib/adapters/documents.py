"""Makes the PDFs: the one-page referral to the service, and letters from the same source as the e-mails.

Tagged PDF/UA-1 through typst, fonts of templates/fonts only, the same bytes for the same content. Values reach typst as JSON in its inputs,
so they are text whatever they spell. Must not decide what is said, nor put a name in a title or in metadata.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import typst

from chalicelib.adapters import prose
from chalicelib.adapters.date_words import day
from chalicelib.adapters.font_coverage import coverage
from chalicelib.adapters.inert import one_line
from chalicelib.adapters.referral_sheet import sheet
from chalicelib.adapters.rendering import JinjaRenderer
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.errors import KeptInformedError
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.messages import Acknowledgement, Referral, Template

MISSING_GLYPH = "□"
_WINDOW_LINES = 7
_WINDOW_LINE_LENGTH = 60


class DocumentError(KeptInformedError):
    """A document could not be made. Names the document; the cause is left out, since it may quote what the document says."""


class TypstDocuments:
    """Documents by message and language under `root` (default: the product's own templates)."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or templates_root()
        self._renderer = JinjaRenderer(self._root)
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self._root / "fonts")])

    @cached_property
    def _drawn(self) -> frozenset[int]:
        return coverage(self._root / "fonts")

    def referral(self, content: Referral) -> bytes:
        """The referral as a PDF of exactly one A4 page. Raises DocumentError."""
        return self._compile("referral/en/referral.typ", sheet(content), content.made_on)

    def letter(self, template: Template, language: str, content: Acknowledgement | EventNews) -> bytes:
        """The letter as a PDF, its address placed for a window envelope. Raises LookupError for a language without a template,
        ValueError without an address or a date or for key events that no message may tell, DocumentError."""
        if content.written_on is None or not content.address:
            raise ValueError("a letter needs an address and a date")
        reference = content.reference if isinstance(content, EventNews) else content.references[0]
        parts = self._renderer.parts(template, language, content, form="letter")
        return self._compile(
            "_base/letter.typ",
            {
                "title": f"Letter about reference {reference}",
                "language": language,
                "large": content.large_print,
                "address": _window(content.address),
                "sender": list(content.force.postal_address),
                "force": content.force.name,
                "date": day(content.written_on),
                "blocks": [_block(block) for block in parts if block.kind is not prose.Kind.PREVIEW],
            },
            content.written_on,
        )

    def _compile(self, name: str, values: dict[str, Any], made_on: date) -> bytes:
        shown = self._drawable(values)
        shown["has_missing"] = MISSING_GLYPH in json.dumps(shown, ensure_ascii=False)
        try:
            pdf = typst.compile(
                str(self._root / name),
                root=str(self._root),
                font_paths=self._fonts,
                sys_inputs={"content": json.dumps(shown, ensure_ascii=False)},
                format="pdf",
                pdf_standards="ua-1",
                timestamp=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
            )
        except typst.TypstError:
            raise DocumentError(name) from None
        if not isinstance(pdf, bytes):
            raise DocumentError(name)
        return pdf

    def _drawable(self, value: Any) -> Any:
        """`value` with every text on one line, and a visible box for each character that no font has."""
        if isinstance(value, dict):
            return {key: self._drawable(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._drawable(item) for item in value]
        if isinstance(value, str):
            return "".join(character if ord(character) in self._drawn else MISSING_GLYPH for character in one_line(value))
        return value


def _block(block: prose.Block) -> dict[str, str]:
    if block.kind is prose.Kind.FACT:
        label, text = prose.fact(block.source)
        return {"kind": block.kind.value, "label": label, "text": text}
    # On paper a web address is typed in by hand: without its scheme.
    return {"kind": block.kind.value, "text": prose.plain(block.source).replace("https://", "")}


def _window(address: tuple[str, ...]) -> list[str]:
    """At most seven short lines, as the envelope's window shows: what is too many is joined before the last (the postcode)."""
    lines = [one_line(line)[:_WINDOW_LINE_LENGTH] for line in address if one_line(line)]
    if len(lines) > _WINDOW_LINES:
        kept = lines[: _WINDOW_LINES - 2]
        lines = [*kept, ", ".join(lines[_WINDOW_LINES - 2 : -1])[:_WINDOW_LINE_LENGTH], lines[-1]]
    return lines
