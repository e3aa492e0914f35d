"""The build of what pages load: only the pinned bytes, nothing that is licensed for GOV.UK alone, names that follow the content."""

import json
import re
import shutil
from pathlib import Path

import pytest

from infra.assets import BUILT, CACHE, OWN, ROOT, STABLE, AssetError, adapted, address, build, checked, hashed

SCRIPT = "export{a};//# sourceMappingURL=x.js.map\n"


@pytest.fixture
def project(tmp_path):
    """Our own files, and the package as the last build left it: nothing is fetched."""
    shutil.copytree(ROOT / OWN, tmp_path / OWN)
    shutil.copytree(ROOT / CACHE, tmp_path / CACHE)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_built_twice_it_is_the_same_and_a_change_changes_the_name(project):
    first = names(build(project))
    assert names(build(project)) == first
    style = project / OWN / "page.css"
    style.write_text(style.read_text() + "p { margin: 0 }\n")
    changed = names(build(project)) ^ first
    assert {name.split("-")[0] for name in changed} == {"page"}
    assert len(changed) == 2


def test_what_was_built_is_what_the_pages_load():
    built = ROOT / BUILT
    manifest = json.loads((built / "manifest.json").read_text())["files"]
    assert set(manifest) == {"govuk-frontend.css", "govuk-frontend.js", "page.css", "exit.js", "start.js", "icon.svg", *STABLE}
    for name, file in manifest.items():
        content = (built / file["name"]).read_bytes()
        assert file["name"] == (name if name in STABLE else hashed(name, content))
    assert names(built) == {file["name"] for file in manifest.values()} | {"manifest.json"}


def test_scripts_import_each_other_by_the_names_they_are_served_under():
    built = ROOT / BUILT
    (start,) = built.glob("start-*.js")
    imported = re.findall(r'from "\./([^"]+)"', start.read_text())
    assert len(imported) == 1
    assert (built / imported[0]).is_file()


def test_nothing_of_govuk_alone_and_nothing_to_fetch_is_left():
    for path in (ROOT / BUILT).glob("*.css"):
        assert not re.search(r"GDS Transport|@font-face|url\(|@import|crest", path.read_text())


@pytest.mark.parametrize(
    "left", ["a{background:url(x.png)}", '@import "x";', "b{font-family:GDS Transport}", "@font-face {src:local(x)}", ".x{mask:Crest}"]
)
def test_what_a_later_version_might_bring_stops_the_build(left):
    with pytest.raises(AssetError, match="still holds"):
        adapted({"govuk-frontend.css": left, "govuk-frontend.js": SCRIPT})


def test_other_bytes_stop_the_build():
    with pytest.raises(AssetError, match="not what was pinned"):
        checked(b"something else")


def test_a_spoilt_copy_is_fetched_again_and_checked_again(project):
    (kept,) = (project / CACHE).iterdir()
    good = kept.read_bytes()
    kept.write_bytes(b"spoilt")
    with pytest.raises(AssetError, match="not what was pinned"):
        build(project, lambda address: b"something else")
    assert not kept.exists()
    asked: list[str] = []
    build(project, lambda address: asked.append(address) or good)
    assert [address.rpartition("/")[2] for address in asked] == ["govuk-frontend-6.3.0.tgz"]
    assert kept.read_bytes() == good


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "https://registry.npmjs.org/govuk-frontend/-/govuk-frontend-6.3.0.tgz"),
        ({"npm_config_registry": "http://mirror.test/npm/"}, "http://mirror.test/npm/govuk-frontend/-/govuk-frontend-6.3.0.tgz"),
        ({"NPM_CONFIG_REGISTRY": "http://mirror.test/npm"}, "http://mirror.test/npm/govuk-frontend/-/govuk-frontend-6.3.0.tgz"),
    ],
)
def test_the_registry_is_the_one_that_npm_would_ask(environment, wanted):
    assert address(environment) == wanted


def test_a_registry_that_is_no_address_is_refused():
    with pytest.raises(AssetError):
        address({"npm_config_registry": "file:///etc"})
