"""`make lint-template`: the template of each stage as plain CloudFormation in a file for checkov, after cfn-lint found no fault in any.

Must not know an exception: those are in infra/checkov/checkov.yaml, each with its reason.
"""

import json
import sys
from pathlib import Path

import yaml
from cfnlint.api import ManualArgs, lint

from infra.local.template import REGION, ROOT, packaged, translated
from infra.package import STAGES


def faults(template: str) -> list[str]:
    """What cfn-lint finds in a SAM template."""
    return [f"{match.rule.id} {match.message}" for match in lint(template, config=ManualArgs(regions=[REGION]))]


def main() -> int:
    """Write `<stage>.json` for each stage into the folder named on the command line. No file is written where any has a fault."""
    folder = ROOT / sys.argv[1]
    templates = {stage: packaged(stage) for stage in STAGES}
    found = [f"{stage}: {fault}" for stage, sam in templates.items() for fault in faults(yaml.safe_dump(sam))]
    if found:
        print(*found, sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for stage, sam in templates.items():
        Path(folder / f"{stage}.json").write_text(json.dumps(translated(sam), indent=1))
        print(f"cfn-lint: no fault in {stage}; {len(sam['Resources'])} resources")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
