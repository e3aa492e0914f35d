"""The renderer of a process that may never write a message: the template engine is imported for the first one, not by those who only ask
in which languages there are templates.

Must not write a word itself.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.adapters.template_files import languages, templates_root
from chalicelib.domain.messages import RenderedEmail, Template

if TYPE_CHECKING:
    from chalicelib.adapters.prose import Block
    from chalicelib.adapters.rendering import Content, JinjaRenderer, Texted


class RendererWhenNeeded:
    """Answers as JinjaRenderer under `root` (default: the product's templates) and `own` does."""

    def __init__(self, root: Path | None = None, own: Path | None = None) -> None:
        self._root, self._own = root or templates_root(), own

    @cached_property
    def _renderer(self) -> JinjaRenderer:
        from chalicelib.adapters.rendering import JinjaRenderer

        return JinjaRenderer(self._root, self._own)

    def languages(self, template: Template) -> frozenset[str]:
        return languages(template.value, self._root, self._own)

    def email(self, template: Template, language: str, content: Content) -> RenderedEmail:
        return self._renderer.email(template, language, content)

    def sms(self, template: Template, language: str, content: Texted) -> str:
        return self._renderer.sms(template, language, content)

    def parts(self, template: Template, language: str, content: Content, form: str) -> tuple[Block, ...]:
        return self._renderer.parts(template, language, content, form)
