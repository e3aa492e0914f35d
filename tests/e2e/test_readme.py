"""What the README says of the demonstration and of its first record, sent with its own words to a running machine, is what comes out.

Must not know more of the example than a reader does.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter

from infra.local.main import settings, welcome
from tests.e2e.local_machine import ROOT, local_machine

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_record_is_decided_as_shown(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (day,) = re.findall(r"/local/clock -d '(\{\"set\".*?\})'", README)
    (shown,) = re.findall(r"```\n(26000800001 .*?)```", README, re.DOTALL)
    with local_machine(tmp_path) as machine:
        assert machine.call("/local/clock", json.loads(day))[0] == 200, "the day of the example"
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
    assert sorted(_without_minutes(answer.stdout).splitlines()) == sorted(_without_minutes(shown).splitlines())


def test_a_newcomer_sees_what_the_readme_shows():
    said = welcome(settings({"KI_LOG_FOLDER": "…/.local/log"}), [])
    addresses = said.partition("Messages to victims wait")[0].strip()
    assert addresses in README
    listed = set(re.findall(r"^\| `(/[\w-]+)`", README, re.MULTILINE))
    assert {"/contact-officer", "/safety"} <= listed
    assert all(path in addresses for path in listed)


WORDS = {"an": 1, "four": 4, "five": 5, "six": 6}


def test_the_demonstration_comes_to_as_many_messages_as_said(tmp_path):
    at_once = re.search(r"At once there are (\w+) messages", README)
    later = re.search(r"Now there are (\w+) acknowledgements \((\w+) e-mails and (\w+) SMS\), (\w+) referrals", README)
    assert at_once, "the README does not say how many messages there are at once"
    assert later, "the README does not say how many messages there are two days later"
    with local_machine(tmp_path, DEMO="1") as machine:
        machine.drain()
        first = [message for message in machine.outbox() if message["message"] == "task"]
        machine.advance("P2D")
        left = Counter((message["message"], message["channel"]) for message in machine.outbox())
    assert len(first) == WORDS[at_once[1]]
    email, sms = left["acknowledgement", "email"], left["acknowledgement", "sms"]
    assert [email + sms, email, sms, left["referral", "email"]] == [WORDS[word] for word in later.groups()]
    assert left["task", "email"] == len(first)
    assert left["digest", "email"] > 0


def _without_minutes(text: str) -> str:
    """The clock ticks while the record is on its way."""
    return re.sub(r"\b10:3\d\b", "10:3x", text)
