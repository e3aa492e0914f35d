"""Reads the zip that is deployed: what Chalice leaves out is in it, and the same input gives the same bytes."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package, trim
from infra.assets import BUILT
from infra.local.template import ROOT, deployable


def packaged_copy(copy: Path, own: Path | None = None, profile: str | None = None) -> Path:
    """A copy of the project without dependencies to download, packaged: with what a force brings of its own (`own`), for it."""
    ignored = shutil.ignore_patterns("deployments", "__pycache__")
    for part in ("chalicelib", ".chalice", "infra", "templates"):
        shutil.copytree(ROOT / part, copy / part, ignore=ignored)
    shutil.copy(ROOT / "app.py", copy / "app.py")
    if own:
        shutil.copytree(own, copy / "chalicelib" / "profiles", dirs_exist_ok=True)
    (copy / "requirements.txt").write_text("")
    shutil.copytree(ROOT / BUILT, copy / BUILT)
    package.link_templates(copy)
    package.run_chalice(copy, copy / "out", "prod", profile)
    package.finish(copy / "out" / "deployment.zip")
    return copy


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packaged_copy(tmp_path_factory.mktemp("project"))


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


def test_what_pages_load_is_in_the_bundle(names):
    assert {f"assets/{path.name}" for path in (ROOT / BUILT).iterdir()} <= names


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


HEAVY = {"boto3", "botocore.session", "pynamodb", "phonenumbers", "email_validator", "jinja2", "typst", "chalicelib.schemas.records", "dns"}
OF_EVERY_QUEUE = {"botocore.session", "pynamodb", "email_validator"}
"""The SDK for tables and queues, and the check of the profile's own addresses."""
LOADED = {
    "app": set(),  # somebody waits for every cold start of a page
    "ingest": OF_EVERY_QUEUE | {"chalicelib.schemas.records", "phonenumbers"},
    "dispatch": OF_EVERY_QUEUE | {"jinja2", "typst"},
    "receipts": OF_EVERY_QUEUE,
    "sweep": OF_EVERY_QUEUE,
    "leaks": OF_EVERY_QUEUE,
    "seal": OF_EVERY_QUEUE,
    "retention": OF_EVERY_QUEUE,
}


def test_every_function_is_asked_what_it_loads():
    functions = [r["Properties"] for r in deployable()["Resources"].values() if r["Type"] == "AWS::Lambda::Function"]
    assert {f["Handler"].removeprefix("app.") for f in functions} == set(LOADED)


@pytest.mark.parametrize("handler", LOADED)
def test_a_function_that_starts_loads_what_it_uses_and_nothing_heavy_beside(handler):
    code = "import sys, app; print(*sys.modules)"
    environment = {"PYTHONPATH": str(ROOT), "_HANDLER": f"app.{handler}"}
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=environment)
    assert HEAVY & set(result.stdout.split()) == LOADED[handler]


def test_a_page_of_the_bundle_starts_with_what_it_loads(project, tmp_path):
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        bundle.extractall(tmp_path)
    code = "import sys, app; from chalicelib.adapters.asset_files import assets_root; print(assets_root()); print(*sys.modules)"
    environment = {"PYTHONPATH": ".", "_HANDLER": "app.app"}
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=environment)
    place, modules = result.stdout.splitlines()
    assert Path(place) == tmp_path / "assets"
    assert "chalicelib.bootstrap" not in modules.split()


@pytest.mark.parametrize("handler", ["ingest", "dispatch", "receipts", "sweep"])
def test_the_function_of_a_queue_imports_its_entrypoint_when_it_starts(project, tmp_path, handler):
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        bundle.extractall(tmp_path)
    code = "import sys, app; print(*[name for name in sys.modules if name.startswith('chalicelib.entrypoints.')])"
    environment = {"PYTHONPATH": ".", "_HANDLER": f"app.{handler}"}
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=environment)
    events_in = {"ingest", "dispatch", "receipts", "sweep"}
    assert {name.rpartition(".")[2] for name in result.stdout.split()} & events_in == {handler}


def test_the_same_input_gives_the_same_bytes_wherever_it_stands(project, tmp_path):
    second = packaged_copy(tmp_path / "another" / "place")
    for name in ("deployment.zip", "sam.yaml"):
        once, again = ((folder / "out" / name).read_bytes() for folder in (project, second))
        assert hashlib.sha256(once).hexdigest() == hashlib.sha256(again).hexdigest(), name


def test_a_failure_of_chalice_is_told_with_its_reason(tmp_path):
    """A project with a force and without an app."""
    for part in ("infra/resources.yaml", "chalicelib/profiles/derbyshire.toml"):
        (tmp_path / part).parent.mkdir(parents=True)
        shutil.copy(ROOT / part, tmp_path / part)
    with pytest.raises(package.PackageError, match="chalice package failed"):
        package.run_chalice(tmp_path, tmp_path / "out", "prod", "derbyshire")


def test_what_is_wrong_with_a_force_is_said_before_anything_is_built(tmp_path):
    (tmp_path / "infra").mkdir()
    shutil.copy(ROOT / "infra" / "resources.yaml", tmp_path / "infra")
    with pytest.raises(package.PackageError, match=r"^there is no profile 'nobody'; there is: none$"):
        package.run_chalice(tmp_path, tmp_path / "out", "prod", "nobody")


def small_sdk(folder: Path) -> Path:
    for name in ("botocore/data/sqs", "botocore/data/ec2", "botocore/tests", "tests", "chalicelib/tests_of_the_law"):
        (folder / name).mkdir(parents=True)
    (folder / "botocore" / "data" / "endpoints.json").write_text("{}")
    return folder


def test_the_services_that_are_used_are_read_from_the_source():
    assert trim.services(ROOT) == {"dynamodb", "sqs", "sns", "s3", "sesv2", "pinpoint-sms-voice-v2"}


def test_services_that_nobody_calls_and_tests_of_dependencies_are_left_out(tmp_path):
    trim.trim(small_sdk(tmp_path), frozenset({"sqs"}))
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert left == {
        "botocore",
        "botocore/data",
        "botocore/data/sqs",
        "botocore/data/endpoints.json",
        "chalicelib",
        "chalicelib/tests_of_the_law",
    }


def test_a_service_that_is_used_and_missing_fails_the_package(tmp_path):
    with pytest.raises(trim.TrimError, match="sesv2"):
        trim.trim(small_sdk(tmp_path), frozenset({"sqs", "sesv2"}))


def test_a_bundle_that_lacks_something_fails_the_package(project, tmp_path):
    with zipfile.ZipFile(project / "out" / "deployment.zip") as bundle:
        bundle.extractall(tmp_path)
    with pytest.raises(trim.TrimError, match="does not work by itself"):
        trim.proved(tmp_path)  # this copy was made without dependencies
