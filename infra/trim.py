"""Leaves out of the unpacked bundle what no function reads: the SDK's descriptions of services that are not used, and dependencies' tests.

Must not guess: which services are used is what the source says, and `proved` makes every client from what is left.
"""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

ALWAYS = frozenset({"dynamodb"})
"""Services whose client a dependency makes (pynamodb), so that no call of ours names them."""
_MAKERS = frozenset({"_client", "create_client", "client"})
_DATA = Path("botocore", "data")


class TrimError(Exception):
    """What is left would not work; the message says why."""


def services(root: Path) -> frozenset[str]:
    """The services that the product under `root` makes clients of, by the first argument where a client is made."""
    found = set(ALWAYS)
    for path in sorted((root / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MAKERS and node.args:
                name = node.args[0]
                found |= {name.value} if isinstance(name, ast.Constant) and isinstance(name.value, str) else set()
    return frozenset(found)


def trim(bundle: Path, used: frozenset[str]) -> None:
    """Take away what is not read from the unpacked `bundle`. Raises `TrimError` where a service is none that the SDK knows."""
    data = bundle / _DATA
    if unknown := sorted(name for name in used if not (data / name).is_dir()):
        raise TrimError(f"the SDK in the bundle knows no {', '.join(unknown)}")
    for folder in [path for path in data.iterdir() if path.is_dir() and path.name not in used]:
        shutil.rmtree(folder)  # files beside the folders (endpoints, partitions, retries) are every service's
    for folder in (bundle / "tests", *bundle.glob("*/tests")):
        if folder.is_dir():
            shutil.rmtree(folder)


def proved(bundle: Path) -> None:
    """Import every module of the product from the unpacked `bundle` alone and make every client. Raises `TrimError`."""
    command = [sys.executable, "-I", "-S", "-c", _PROOF, str(bundle)]
    environment = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true"}
    result = subprocess.run(command, cwd=bundle, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise TrimError(f"the bundle does not work by itself:\n{result.stderr[-2000:]}")


_PROOF = """
import sys
sys.dont_write_bytecode = True  # the bundle gets its own
sys.path.insert(0, sys.argv[1])
import importlib, pkgutil
import app, chalicelib
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(module.name)
from functools import cached_property
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.tables import ControlRow, bind_tables
clients = Clients("eu-west-2")
for name, made in vars(Clients).items():
    if isinstance(made, cached_property):
        getattr(clients, name)
bind_tables("none-", "eu-west-2").client
"""
