"""Where the templates are, in the source tree and in the Lambda bundle alike, and which come first where a force has its own.

Must not read a template (its languages are names of folders), nor depend on the working directory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever only asks for languages does without the template engine
    from jinja2 import BaseLoader

PARTS = ("subject.txt", "body.txt", "sms.txt")
_PACKAGE = Path(__file__).resolve().parents[2]


def templates_root(places: Iterable[str] | None = None, package: Path = _PACKAGE) -> Path:
    """The folder `templates/`: beside `chalicelib/`, else in any folder of the import path (a Lambda layer lands under /opt/python).

    `places` is the import path, `package` the folder that holds `chalicelib/`.
    Raises FileNotFoundError when there is none.
    """
    for place in (str(package), *(sys.path if places is None else places)):
        candidate = Path(place) / "templates"
        if (candidate / "_base").is_dir():
            return candidate
    raise FileNotFoundError("templates/ stands neither beside chalicelib nor on the import path")


def languages(template: str, product: Path, own: Path | None = None) -> frozenset[str]:
    """Languages that a message is written in whole, as two-letter codes; empty when it does not exist.

    Half a language would fail at its first message: every part that the product has in English must be there.
    """
    folders = [root / template for root in (product, own) if root]
    needed = {part for part in PARTS if (product / template / "en" / part).is_file()}
    written: dict[str, set[str]] = {}
    for entry in (entry for folder in folders if folder.is_dir() for entry in folder.iterdir() if entry.is_dir()):
        written.setdefault(entry.name, set()).update(part.name for part in entry.iterdir())
    return frozenset(language for language, parts in written.items() if needed <= parts)


def loader(product: tuple[Path, ...], own: tuple[Path, ...]) -> BaseLoader:
    """Templates by path: the force's `own` folders before the product's. `product/<path>` is always the product's, so that an own one may
    extend or include what it replaces."""
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

    ours = FileSystemLoader(product)
    return ChoiceLoader([FileSystemLoader(own), ours, PrefixLoader({"product": ours})])
