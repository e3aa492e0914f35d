"""Where the templates are, in the source tree and in the Lambda bundle alike.

Must not read a template, nor depend on the working directory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def templates_root(places: Iterable[str] | None = None) -> Path:
    """The folder `templates/`: beside `chalicelib/`, else in any folder of the import path (a Lambda layer lands under /opt/python).

    Raises FileNotFoundError when there is none.
    """
    beside = Path(__file__).resolve().parents[2]
    for place in (str(beside), *(sys.path if places is None else places)):
        candidate = Path(place) / "templates"
        if (candidate / "_base").is_dir():
            return candidate
    raise FileNotFoundError("templates/ stands neither beside chalicelib nor on the import path")
