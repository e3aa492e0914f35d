"""The README's first record, sent with the README's own words to a running machine, comes out as the README says.

Must not know more of the example than a reader does.
"""

import os
import re
import subprocess
import sys

from tests.e2e.local_machine import ROOT, local_machine

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_record_is_decided_as_shown(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (shown,) = re.findall(r"```\n(26000800001 .*?)```", README, re.DOTALL)
    with local_machine(tmp_path) as machine:
        there = example.replace("http://127.0.0.1:4566", machine.aws_url)
        assert there != example
        subprocess.run([sys.executable, "-c", there], cwd=ROOT, check=True)
        machine.drain()
        environment = os.environ | {"KI_AWS_PORT": machine.aws_url.rsplit(":", 1)[1]}
        answer = subprocess.run(
            [sys.executable, "-m", "infra.local.ops", "case", "26*800001"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    listed = [line for line in answer.stdout.splitlines() if not re.match(r"  \d{4}-", line)]
    assert sorted(map(_without_dates, listed)) == sorted(map(_without_dates, shown.splitlines()))


def _without_dates(line: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "…", line)
