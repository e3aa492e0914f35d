"""The few files that a page loads, as `infra/assets.py` built them: by their public name to a browser, by their own name to a template.

Must not serve a name that is not in the manifest, whatever it spells.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[2]
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file to serve. `stable`: its name stays when its content changes, so that nobody may keep it for long."""

    content: str
    content_type: str
    stable: bool


def assets_root(places: Iterable[str] | None = None, package: Path = _PACKAGE) -> Path:
    """The folder that was built: under `vendor/` in the source tree, at the top of the Lambda bundle, or of a layer.

    Raises FileNotFoundError where nobody built it.
    """
    for place in (str(package / "vendor"), str(package), *(sys.path if places is None else places)):
        candidate = Path(place) / "assets"
        if (candidate / _MANIFEST).is_file():
            return candidate
    raise FileNotFoundError("the assets were not built: python -m infra.assets")


class AssetFiles:
    """What stands in the manifest of `root` (default: the product's own)."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or assets_root()
        self._files: dict[str, dict[str, Any]] = json.loads((self._root / _MANIFEST).read_text(encoding="utf-8"))["files"]
        self._by_public_name = {file["name"]: file for file in self._files.values()}

    def address(self, name: str) -> str:
        """Where a browser finds the file of this name. KeyError where there is none: a template is wrong."""
        return f"/assets/{self._files[name]['name']}"

    def read(self, public_name: str) -> Asset | None:
        file = self._by_public_name.get(public_name)
        if file is None:
            return None
        return Asset((self._root / file["name"]).read_text(encoding="utf-8"), file["type"], file["stable"])

    def names(self) -> list[str]:
        """Every public name."""
        return sorted(self._by_public_name)
