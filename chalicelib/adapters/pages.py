"""Renders the web pages from `templates/pages/` with the GOV.UK Design System's own macros.

Must not decide what a page says, let a value be read as markup, or pass over a value of ours that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined, Template, Undefined

from chalicelib.adapters import date_words
from chalicelib.adapters.template_files import loader, templates_root

LANGUAGE = "en"
_DESIGN_SYSTEM = "govuk_frontend_jinja"


def _options(undefined: type[Undefined]) -> dict[str, Any]:
    return {"autoescape": True, "undefined": undefined, "trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}


class _OwnTemplates(Environment):
    """Strict about our values. The Design System's macros live by their own rule: a missing parameter is one that was not given.

    The words of messages can be read too, so that a page says what was told as the message did.
    """

    def __init__(self, root: Path, own: Path | None) -> None:
        ours = (own / "pages", own) if own else ()
        super().__init__(loader=loader((root / "pages", root), ours), **_options(StrictUndefined))
        package = PrefixLoader({_DESIGN_SYSTEM: PackageLoader(_DESIGN_SYSTEM)})
        self._design_system = Environment(loader=package, **_options(ChainableUndefined))  # noqa: S701 - autoescape is on

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        if isinstance(name, str) and name.startswith(f"{_DESIGN_SYSTEM}/"):
            return self._design_system.get_template(name)
        return super().get_template(name, parent, globals)


class JinjaPages:
    """The port `Pages`. `common` is what every page may name; `address` says where a browser finds an asset.

    Pages of the force under `own`, same paths, come before the product's under `root`.
    """

    def __init__(
        self, common: Mapping[str, object], address: Callable[[str], str], root: Path | None = None, own: Path | None = None
    ) -> None:
        self._environment = _OwnTemplates(root or templates_root(), own)
        self._environment.globals.update(common, asset=address)
        self._environment.filters.update(day=date_words.day, moment=date_words.moment)

    def render(self, name: str, values: Mapping[str, object]) -> str:
        return self._environment.get_template(f"{LANGUAGE}/{name}.html").render(dict(values))
