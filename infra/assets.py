"""Builds `vendor/assets/`, what a page loads: govuk-frontend from the npm registry, adapted, and our own files, each named by its content.

Must not take a package whose bytes are not the pinned ones, and must not leave in a style sheet what is licensed for GOV.UK alone (its
typeface, its crest) or anything that a browser would fetch. Why at build: docs/adr/0023-web-pages.md.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWN = Path("templates") / "pages" / "assets"
BUILT = Path("vendor") / "assets"
CACHE = Path(".local") / "npm"
MANIFEST = "manifest.json"

PACKAGE = "govuk-frontend"
VERSION = "6.3.0"
INTEGRITY = "sha512-cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
"""As the registry itself states it (`npm view govuk-frontend@6.3.0 dist.integrity`), in the form of Subresource Integrity."""
TAKEN = {"govuk-frontend.css": "package/dist/govuk/govuk-frontend.min.css", "govuk-frontend.js": "package/dist/govuk/govuk-frontend.min.js"}
NOTICE = f"/*! {PACKAGE} {VERSION}, adapted. MIT License, Copyright (c) 2017 Crown Copyright (Government Digital Service) */\n"

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
ALIASES = {"plain.js": "exit.js"}
"""Own files that are served a second time under a stable name."""
STABLE = frozenset({"plain.css", "plain.js", "plain.svg"})
"""Kept under its own name, since the gateway's own answers (infra/resources.yaml) cannot know a name that changes with the content."""
_ATTEMPTS = 3
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_OURS_TO_LOAD = re.compile(r"url\(/assets/images/govuk-crest\.svg\)")
_SOURCE_MAP = re.compile(r"(?:/\*#|//#) sourceMappingURL=\S+(?: \*/)?\s*$")
_FORBIDDEN = re.compile(r"GDS Transport|@font-face|url\(|@import|crest", re.IGNORECASE)
_NAMED = re.compile(r'"\./([a-z-]+\.js)"')


class AssetError(Exception):
    """The assets cannot be built; the message says what to do."""


def build(root: Path = ROOT, fetch: Callable[[str], bytes] | None = None) -> Path:
    """Make `vendor/assets/` under `root`, unless it already is what it should be; returns the folder. Raises `AssetError`."""
    target, stamp = root / BUILT, _stamp(root)
    manifest = target / MANIFEST
    if manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")).get("stamp") == stamp:
        return target
    contents = adapted(extracted(_tarball(root, fetch or _download))) | _own(root)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    files = {}
    for name, content in _with_names(contents).items():
        public = name if name in STABLE else hashed(name, content)
        (target / public).write_bytes(content)
        files[name] = {"name": public, "type": TYPES[Path(name).suffix], "stable": name in STABLE}
    manifest.write_text(json.dumps({"stamp": stamp, "files": files}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return target


def hashed(name: str, content: bytes) -> str:
    """`page.css` and its content to `page-0123456789abcdef.css`."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}{dot}{suffix}"


def extracted(tarball: bytes) -> dict[str, str]:
    """The few files that are taken from the package. Raises `AssetError` where one is missing."""
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        found = {}
        for name, member in TAKEN.items():
            file = archive.extractfile(member)
            if file is None:
                raise AssetError(f"{PACKAGE} {VERSION} has no {member}")
            found[name] = file.read().decode("utf-8")
    return found


def adapted(files: Mapping[str, str]) -> dict[str, bytes]:
    """The package's files without GOV.UK's typeface and crest, and without source maps. Raises `AssetError` where any of it is left."""
    style = _FONT_FACE.sub("", files["govuk-frontend.css"].removeprefix('@charset "UTF-8";'))
    style = style.replace("GDS Transport,arial,sans-serif", "arial,sans-serif")
    style = _SOURCE_MAP.sub("", _OURS_TO_LOAD.sub("none", style))
    if found := _FORBIDDEN.search(style):
        raise AssetError(f"the style sheet of {PACKAGE} {VERSION} still holds {found[0]!r}: adapt it in infra/assets.py")
    script = _SOURCE_MAP.sub("", files["govuk-frontend.js"])
    return {
        "govuk-frontend.css": ('@charset "UTF-8";' + NOTICE + style).encode(),
        "govuk-frontend.js": (NOTICE + script).encode(),
    }


def checked(tarball: bytes) -> bytes:
    """The same bytes. Raises `AssetError` where they are not the pinned ones."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != INTEGRITY:
        raise AssetError(f"{PACKAGE} {VERSION} is not what was pinned: its digest is {found}")
    return tarball


def address(environment: Mapping[str, str]) -> str:
    """Where the package is: the registry that npm itself would ask."""
    registry = environment.get("npm_config_registry") or environment.get("NPM_CONFIG_REGISTRY") or "https://registry.npmjs.org/"
    if not registry.startswith(("https://", "http://")):
        raise AssetError("npm_config_registry is no address")
    return f"{registry.rstrip('/')}/{PACKAGE}/-/{PACKAGE}-{VERSION}.tgz"


def _tarball(root: Path, fetch: Callable[[str], bytes]) -> bytes:
    """From the cache, else from the registry."""
    kept = root / CACHE / f"{PACKAGE}-{VERSION}.tgz"
    if kept.is_file():
        try:
            return checked(kept.read_bytes())
        except AssetError:
            kept.unlink()
    tarball = checked(fetch(address(os.environ)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(tarball)
    return tarball


def _download(url: str) -> bytes:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - `address` checks the scheme
                return bytes(answer.read())
        except (OSError, urllib.error.URLError) as error:
            if attempt == _ATTEMPTS:
                raise AssetError(f"{url} cannot be fetched ({error}). Another registry: npm_config_registry=<address>") from error
            time.sleep(attempt)
    raise AssertionError


def _own(root: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted((root / OWN).iterdir()) if path.suffix in TYPES}
    return found | {name: found[original] for name, original in ALIASES.items()}


def _with_names(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Scripts import one another by the names that they get here: those without an import first."""
    done: dict[str, bytes] = {}
    for name, content in sorted(contents.items(), key=lambda item: bool(_NAMED.search(item[1].decode()))):
        text = _NAMED.sub(lambda found: f'"./{hashed(found[1], done[found[1]])}"', content.decode()) if name.endswith(".js") else None
        done[name] = content if text is None else text.encode()
    return done


def _stamp(root: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name, content in _own(root).items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def main() -> int:
    """Build; 1 with a plain sentence where that is not possible."""
    try:
        build()
    except AssetError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
