"""Makes the PDFs: the one-page referral to the service, and letters from the same source as the e-mails.

Tagged PDF/UA-1 through typst, fonts of templates/fonts only, the same bytes for the same content. Values reach typst as JSON in its inputs,
so they are text whatever they spell. Must not decide what is said, nor put a name in a title or in metadata.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.adapters import prose
from chalicelib.adapters.date_words import day
from chalicelib.adapters.deferred import RendererWhenNeeded
from chalicelib.adapters.font_coverage import coverage
from chalicelib.adapters.inert import one_line
from chalicelib.adapters.referral_sheet import sheet
from chalicelib.adapters.square_codes import square_code
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.errors import KeptInformedError
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.messages import Acknowledgement, Referral, Template
from chalicelib.domain.update_content import OfficerUpdate, SeenLetter

if TYPE_CHECKING:  # only one function draws, and none until it has something to draw
    import typst

MISSING_GLYPH = "□"
_PIXELS_PER_INCH = 110
"""Sharp enough to read on a desktop, and no more for a phone to load."""
_WINDOW_LINES = 7
_WINDOW_LINE_LENGTH = 60


class DocumentError(KeptInformedError):
    """A document could not be made. Names the document; the cause is left out, since it may quote what the document says."""


class TypstDocuments:
    """Documents by message and language under `root` (default: the product's own templates). A force's `own` words come before in letters;
    how a page is set is the product's alone."""

    def __init__(self, root: Path | None = None, own: Path | None = None) -> None:
        self._root = root or templates_root()
        self._renderer = RendererWhenNeeded(self._root, own)

    @cached_property
    def _fonts(self) -> typst.Fonts:
        import typst

        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self._root / "fonts")])

    @cached_property
    def _drawn(self) -> frozenset[int]:
        return coverage(self._root / "fonts")

    def referral(self, content: Referral) -> bytes:
        """The referral as a PDF of exactly one A4 page. Raises DocumentError."""
        return self._pdf("referral/en/referral.typ", sheet(content), content.made_on)

    def letter(self, template: Template, language: str, content: Acknowledgement | EventNews | OfficerUpdate) -> bytes:
        """The letter as a PDF, its address placed for a window envelope. Raises LookupError for a language without a template,
        ValueError without an address or a date or for what no message may tell, DocumentError."""
        return self._pdf("_base/letter.typ", *self._letter(template, language, content))

    def letter_seen(self, template: Template, language: str, content: Acknowledgement | EventNews | OfficerUpdate) -> SeenLetter:
        """As `letter`, from the same source: pictures of its pages, and its words from the first to the last."""
        values, made_on = self._letter(template, language, content)
        pictures = self._compile("_base/letter.typ", values, made_on, format="png", ppi=_PIXELS_PER_INCH)
        words = [*values["address"], values["date"], *(_in_words(block) for block in values["blocks"])]
        return SeenLetter(tuple(pictures if isinstance(pictures, list) else [pictures]), "\n".join(words))

    def _letter(
        self, template: Template, language: str, content: Acknowledgement | EventNews | OfficerUpdate
    ) -> tuple[dict[str, Any], date]:
        """What stands in a letter, and its day."""
        if content.written_on is None or not content.address:
            raise ValueError("a letter needs an address and a date")
        reference = content.references[0] if isinstance(content, Acknowledgement) else content.reference
        parts = self._renderer.parts(template, language, content, form="letter")
        values = {
            "title": f"Letter about reference {reference}",
            "language": language,
            "large": content.large_print,
            "address": _window(content.address),
            "sender": list(content.force.postal_address),
            "force": content.force.name,
            "date": day(content.written_on),
            "blocks": [_block(block) for block in parts if block.kind is not prose.Kind.PREVIEW],
            "picture": square_code(content.page.address) if content.page else "",
        }
        return values, content.written_on

    def _pdf(self, name: str, values: dict[str, Any], made_on: date) -> bytes:
        pdf = self._compile(name, values, made_on, format="pdf", pdf_standards="ua-1")
        if not isinstance(pdf, bytes):
            raise DocumentError(name)
        return pdf

    def _compile(self, name: str, values: dict[str, Any], made_on: date, **form: Any) -> bytes | list[bytes]:
        import typst

        shown = self._drawable(values)
        shown["has_missing"] = MISSING_GLYPH in json.dumps(shown, ensure_ascii=False)
        try:
            made: bytes | list[bytes] = typst.compile(
                str(self._root / name),
                root=str(self._root),
                font_paths=self._fonts,
                sys_inputs={"content": json.dumps(shown, ensure_ascii=False)},
                timestamp=datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
                **form,
            )
        except typst.TypstError:
            raise DocumentError(name) from None
        return made

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


def _in_words(block: dict[str, str]) -> str:
    return f"{block['label']}: {block['text']}" if "label" in block else block["text"]


def _window(address: tuple[str, ...]) -> list[str]:
    """At most seven short lines, as the envelope's window shows: what is too many is joined before the last (the postcode)."""
    lines = [one_line(line)[:_WINDOW_LINE_LENGTH] for line in address if one_line(line)]
    if len(lines) > _WINDOW_LINES:
        kept = lines[: _WINDOW_LINES - 2]
        lines = [*kept, ", ".join(lines[_WINDOW_LINES - 2 : -1])[:_WINDOW_LINE_LENGTH], lines[-1]]
    return lines
