"""The deployable template as Python data, made by Chalice's own packaging without building the zip.

Must not differ from what `make package` writes in anything but `CodeUri`: a test compares the two.
"""

import copy
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from boto3.session import Session
from chalice.awsclient import TypedAWSClient
from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BaseDeployStep, BuildStage, DeploymentPackager, create_build_stage
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import (
    PackageOptions,
    ResourceBuilder,
    SAMTemplateGenerator,
    TemplateDeepMerger,
    TemplateMergePostProcessor,
    YAMLTemplateSerializer,
)
from chalice.utils import UI, OSUtils
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.force import of_force

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "infra" / "resources.yaml"
PROFILES = Path("chalicelib") / "profiles"
REGION = "eu-west-2"

Template = dict[str, Any]


class _NoZip(BaseDeployStep):
    """Stands where Chalice builds the zip, which takes ten seconds and the network: every code location becomes a name."""

    def handle_deploymentpackage(self, _config: Any, resource: Any) -> None:
        """Name the package of each function without building it."""
        resource.filename = "./deployment.zip"


def packaged(stage: str = "dev", root: Path = ROOT, resources: Path = RESOURCES, profile: str | None = None) -> Template:
    """The SAM template that `make package` writes for the app under `root` and a force (default: the one that the template names)."""
    factory = CLIFactory(str(root), environ=dict(os.environ))
    config = _with_own_path(factory, stage)
    session = factory.create_botocore_session()
    session.set_config_variable("region", REGION)
    session.set_credentials("local", "local")  # nothing is called; without them the SDK would look for a machine role on the network
    osutils = OSUtils()
    real = create_build_stage(osutils, UI(), CFNSwaggerGenerator(), config)
    steps = [_NoZip() if isinstance(step, DeploymentPackager) else step for step in real._steps]
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps))
    generator = SAMTemplateGenerator(config, PackageOptions(TypedAWSClient(session)))
    template: Template = generator.generate(builder.construct_resources(config, stage))
    merge = TemplateMergePostProcessor(osutils, TemplateDeepMerger(), YAMLTemplateSerializer(), str(resources))
    merge.process(template, config, "", stage)
    return of_force(template, root / PROFILES, profile)


def _with_own_path(factory: Any, stage: str) -> Any:
    """Chalice's configuration object, leaving `sys.path` as it was: loading the app puts the project in front of everything."""
    before = list(sys.path)
    try:
        config = factory.create_config_obj(stage)
        _ = config.chalice_app
        return config
    finally:
        sys.path[:] = before


def translated(sam: Template, parameters: dict[str, str] | None = None) -> Template:
    """The plain CloudFormation that AWS makes of a SAM template: mappings, permissions and rules become resources of their own."""
    values = {name: p["Default"] for name, p in sam.get("Parameters", {}).items() if "Default" in p} | (parameters or {})
    # No managed policy is ever looked up, since every role of ours carries its own document; the empty map says so.
    sam = copy.deepcopy(sam)
    for resource in sam["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://uploaded/deployment.zip"  # what `aws cloudformation package` puts there
    translator = Translator({}, Parser(), boto_session=Session("local", "local", region_name=REGION))
    translated_template: Template = translator.translate(sam, values)
    return translated_template


@lru_cache(maxsize=1)
def deployable() -> Template:
    """The translated template of the `dev` stage for the force that `PROFILE` names (default: the one that the template names), made once
    per process (about a second); read it, never change it."""
    return translated(packaged(profile=os.environ.get("PROFILE") or None))
