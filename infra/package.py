"""`make package`: the deployable template and zip under `dist/`, as Chalice makes them, with what Chalice leaves out.

Chalice zips `app.py`, `chalicelib/`, `vendor/` and the dependencies: templates come in by a link under `vendor/`, what pages load is built
there, what no function reads is left out (infra/trim.py), and bytecode is added, since a cold start compiles every module otherwise. Each
package is for one stage and one force, whose periods stand in the template (infra/force.py).
The same input gives the same bytes, wherever the project stands. Must not deploy, and needs no credentials.
"""

import os
import subprocess
import sys
import zipfile
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from chalice.package import YAMLTemplateSerializer

from chalicelib.bootstrap import unusable_mailboxes
from chalicelib.bootstrap_profile import read_profile
from chalicelib.domain.errors import ConfigurationError
from chalicelib.domain.profile import Profile
from infra import assets, trim
from infra.force import OwnWordsError, Template, UnknownPlaceError, of_force

ROOT = Path(__file__).resolve().parents[1]
PROFILES = Path("chalicelib") / "profiles"
STAGES = ("dev", "rehearsal", "prod")
"""Those of .chalice/config.json: of another Chalice would make a package that does not say what it is."""
STAGE = "prod"
MOST_UNZIPPED = 250 * 1024 * 1024  # Lambda's limit for a function with its layers
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


class PackageError(Exception):
    """The package cannot be made; the message says why."""


def link_templates(root: Path) -> None:
    """`vendor/templates` points at `templates/`; a link inside chalicelib would not be followed."""
    link = root / "vendor" / "templates"
    link.parent.mkdir(exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(Path("..") / "templates")


def run_chalice(root: Path, out: Path, stage: str, profile: str | None = None) -> str:
    """`chalice package`, which downloads the dependencies as Lambda needs them, and its template made that of a force (default: the one
    that infra/resources.yaml names); returns the name of its profile. Raises `PackageError`."""
    _template_of_force(root, root / "infra" / "resources.yaml", profile)  # what is wrong is said before anything is downloaded
    command = [
        str(Path(sys.executable).parent / "chalice"),
        "package",
        "--stage",
        stage,
        "--merge-template",
        "infra/resources.yaml",
        str(out),
    ]
    # Without a region Chalice stops after it has built everything; the machine's own credentials and settings are of no use to it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KI_"))}
    environment |= {"AWS_DEFAULT_REGION": "eu-west-2", "AWS_EC2_METADATA_DISABLED": "true"}
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise PackageError(f"chalice package failed:\n{result.stdout}{result.stderr}")
    written = out / "sam.yaml"
    template = _template_of_force(root, written, profile)
    written.write_text(YAMLTemplateSerializer().serialize_template(template), encoding="utf-8")
    force: str = template["Parameters"]["Profile"]["Default"]
    return force


def _template_of_force(root: Path, file: Path, profile: str | None) -> Template:
    """What a file of CloudFormation is for a force. Raises `PackageError`."""
    template = YAMLTemplateSerializer().load_template(file.read_text(encoding="utf-8"), file.name)
    try:
        return of_force(template, root / PROFILES, profile)
    except (ConfigurationError, OwnWordsError, UnknownPlaceError) as error:
        raise PackageError(str(error)) from error


def unready(profile: Profile, stage: str) -> str | None:
    """What whoever makes a package should know of its profile; None where the stage can start with it."""
    faults = list(unusable_mailboxes(profile, production=stage == "prod"))
    return f"{stage} will not start until these fields are mailboxes that people read: {'; '.join(faults)}" if faults else None


def finish(bundle: Path, used: frozenset[str] | None = None) -> int:
    """Trim a zip to what is read where `used` names the services of the SDK, and put bytecode beside every module, valid without looking at
    the source; returns the unzipped size in bytes.

    Raises `PackageError` above Lambda's limit, `TrimError` where it would not work by itself. A file that this Python cannot compile (a
    dependency's own template) stays as it is.
    """
    with TemporaryDirectory() as folder, zipfile.ZipFile(bundle) as source:
        source.extractall(folder)
        modes = {info.filename: info.external_attr for info in source.infolist()}
        if used is not None:
            trim.trim(Path(folder), used)
            trim.proved(Path(folder))
        _compile(folder)
        files = {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
    with zipfile.ZipFile(bundle, "w") as target:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr, info.compress_type = modes.get(name, _READABLE), zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    size = sum(map(len, files.values()))
    if size > MOST_UNZIPPED:
        raise PackageError(f"the bundle has {size} bytes unzipped; Lambda takes {MOST_UNZIPPED}")
    return size


def _compile(folder: str) -> None:
    # In a process of its own with a fixed seed: the order of a set that a module spells out depends on it, and so would the bytes.
    options = ["-q", "-q", "-f", "-s", folder, "-p", "/var/task", "--invalidation-mode", "unchecked-hash", folder]
    subprocess.run([sys.executable, "-m", "compileall", *options], env={"PYTHONHASHSEED": "0"}, check=False)


def main() -> int:
    """Make the package in the folder named on the command line, for one stage (default: prod) and one force (default: the one that
    infra/resources.yaml names)."""
    parser = ArgumentParser(description="the deployable template and zip")
    parser.add_argument("folder")
    parser.add_argument("stage", nargs="?", choices=STAGES, default=STAGE)
    parser.add_argument("--profile", help="a file of chalicelib/profiles, without its ending")
    chosen = parser.parse_args()
    out = (ROOT / chosen.folder).resolve()
    try:
        link_templates(ROOT)
        assets.build(ROOT)
        force = run_chalice(ROOT, out, chosen.stage, chosen.profile)
        size = finish(out / "deployment.zip", trim.services(ROOT))
    except (PackageError, trim.TrimError, assets.AssetError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    profile = read_profile(force, folder=ROOT / PROFILES)
    zipped = (out / "deployment.zip").stat().st_size
    print(  # noqa: T201
        f"{out}: sam.yaml and deployment.zip ({zipped >> 20} MB, {size >> 20} MB unzipped) for {profile.force.name} ({force}), "
        f"stage {chosen.stage}"
    )
    if warning := unready(profile, chosen.stage):
        print(f"WARNING, {force}.toml: {warning}", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
