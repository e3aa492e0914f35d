"""Reads the zip that is deployed: what Chalice leaves out is in it, and the same input gives the same bytes."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package
from infra.local.template import ROOT


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project without dependencies to download, packaged."""
    copy = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("deployments", "__pycache__")
    for part in ("chalicelib", ".chalice", "infra", "templates"):
        shutil.copytree(ROOT / part, copy / part, ignore=ignored)
    shutil.copy(ROOT / "app.py", copy / "app.py")
    (copy / "requirements.txt").write_text("")
    package.link_templates(copy)
    package.run_chalice(copy, copy / "out", "prod")
    package.add_bytecode(copy / "out" / "deployment.zip")
    return copy


@pytest.fixture(scope="module")
def names(project) -> set[str]:
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        return set(bundle.namelist())


@pytest.mark.parametrize(
    ("folder", "pattern"), [("templates", "*"), ("chalicelib", "*.py"), ("chalicelib", "*.toml"), ("chalicelib", "*.json")]
)
def test_modules_templates_fonts_profiles_and_data_are_in_the_bundle(names, folder, pattern):
    wanted = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob(pattern) if path.is_file()}
    assert wanted
    assert wanted <= names


def test_nothing_of_the_local_machine_and_no_test_is_in_the_bundle(names):
    assert not [name for name in names if name.startswith(("infra/", "tests/", ".chalice/", "out/"))]


def test_every_module_has_bytecode_that_is_valid_without_its_source(names, project):
    modules = [name for name in names if name.startswith("chalicelib/") and name.endswith(".py")]
    assert modules
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        for name in modules:
            folder, _, file = name.rpartition("/")
            compiled = f"{folder}/__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
            flags = int.from_bytes(bundle.read(compiled)[4:8], "little")
            assert flags == 0b01, "hash-based, unchecked"


def test_the_bundle_starts_as_lambda_would_start_it(project, tmp_path):
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        bundle.extractall(tmp_path)
    code = "import app; from chalicelib.adapters.template_files import templates_root; print(app.ingest and templates_root())"
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": "."})
    assert Path(result.stdout.strip()) == tmp_path / "templates"


def test_the_same_input_gives_the_same_bytes(project):
    bundle = project / "out" / "deployment.zip"
    first = hashlib.sha256(bundle.read_bytes()).hexdigest()
    package.run_chalice(project, project / "out", "prod")
    package.add_bytecode(bundle)
    assert hashlib.sha256(bundle.read_bytes()).hexdigest() == first


def test_a_failure_of_chalice_is_told_with_its_reason(tmp_path):
    with pytest.raises(package.PackageError, match="chalice package failed"):
        package.run_chalice(tmp_path, tmp_path / "out", "prod")
