"""Where the templates are, in the source tree and in the Lambda bundle alike.

Must not read a template, nor depend on the working directory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

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
