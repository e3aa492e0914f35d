"""`make lint-template`: the deployable template as plain CloudFormation in a file for checkov, after cfn-lint found no fault in it.

Must not know an exception: those are in infra/checkov.yaml, each with its reason.
"""

import json
import sys
from pathlib import Path

import yaml
from cfnlint.api import ManualArgs, lint

from infra.local.template import REGION, ROOT, packaged, translated

STAGE = "prod"


def faults(template: str) -> list[str]:
    """What cfn-lint finds in a SAM template."""
    return [f"{match.rule.id} {match.message}" for match in lint(template, config=ManualArgs(regions=[REGION]))]


def main() -> int:
    """Write `template.json` into the folder named on the command line."""
    folder = ROOT / sys.argv[1]
    sam = packaged(STAGE)
    found = faults(yaml.safe_dump(sam))
    if found:
        print(*found, sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    Path(folder / "template.json").write_text(json.dumps(translated(sam), indent=1))
    print(f"cfn-lint: no fault; {len(sam['Resources'])} resources")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
