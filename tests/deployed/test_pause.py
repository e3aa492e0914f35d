"""Operations pause e-mail while the deployed workers are sending, and one of them dies: what waits is kept, and leaves once it may.

Must not test which kinds a pause is about: tests/unit/domain/test_pauses.py does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.template import ROOT
from tests.deployed.account import until
from tests.e2e.customer import long_form, own_officer

BEFORE, MEANWHILE = 30, 15
"""Victims whose messages are leaving when the pause comes, and those whose records come in while it stands."""
SENT = ("acknowledgement", "referral")
_OPS = "import sys; from chalicelib.entrypoints import ops; sys.exit(ops.main(sys.argv[1:]))"


def operate(account, *arguments):
    """`make ops` as a person's machine runs it: the last line that it says. AssertionError where it did not do so."""
    configured = account.client("lambda").get_function_configuration(FunctionName=account.functions.names["Sweep"])
    credentials = {"AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY, "AWS_REGION": REGION}
    environment = configured["Environment"]["Variables"] | credentials | {"AWS_ENDPOINT_URL": account.url, "PATH": os.environ["PATH"]}
    command = [str(Path(sys.prefix) / "bin" / "python"), "-c", _OPS, *arguments]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout.splitlines()[-1]


def left(account, records):
    """How often each message of these cases left."""
    wanted = {long_form(record["occurrence"]["reference"]) for record in records}
    return Counter((m["reference"], m["message"]) for m in account.outbox() if m["reference"] in wanted and m["message"] in SENT)


def waiting(account, records):
    wanted = {long_form(record["occurrence"]["reference"]) for record in records}
    rows = [row for row in account.listed.tables.every("notifications") if row["occurrence_ref"] in wanted and row["message"] in SENT]
    return {(row["occurrence_ref"], row["message"]) for row in rows if row["state"] == "held" and row["reason"] == "paused:email"}


@pytest.fixture(scope="module")
def paused(account, customer):
    """Under load: two waves of records, the pause in the first, and how much had left when it was in force."""
    first = [customer.record(own_officer) for _ in range(BEFORE)]
    customer.told(*first)
    moving = threading.Thread(target=customer.until_daytime_after, args=(1,))
    moving.start()
    until(lambda: sum(left(account, first).values()) > 2)
    assert account.kill("Dispatch"), "no worker was sending"
    assert operate(account, "pause", "email", "--by", "7001", "--reason", "Provider is down.", "--yes").startswith("Paused: email.")
    moving.join()
    customer.set_clock(customer.now() + timedelta(minutes=20))
    gone = left(account, first)
    second = [customer.record(own_officer) for _ in range(MEANWHILE)]
    customer.told(*second)
    customer.until_daytime_after(1)
    return first, second, gone


def test_while_it_stands_nothing_leaves_and_everything_is_kept(account, paused):
    first, second, gone = paused
    assert 0 < sum(gone.values()) < len(SENT) * BEFORE, "it did not come in the middle"
    assert left(account, first) == gone
    assert left(account, second) == Counter()
    assert waiting(account, second) >= {(long_form(record["occurrence"]["reference"]), "acknowledgement") for record in second}
    assert operate(account, "pauses") == "1 paused"


def test_what_waited_leaves_once(account, customer, paused):
    first, second, _ = paused
    assert "go on" in operate(account, "resume", "email", "--by", "7001", "--yes")
    customer.quiet_in_the_end()
    customer.set_clock(customer.now() + timedelta(hours=2))
    customer.quiet_in_the_end()
    wanted = {(long_form(record["occurrence"]["reference"]), message) for record in (*first, *second) for message in SENT}
    lost = {reference for reference, message in wanted if not left(account, (*first, *second))[reference, message]}
    assert lost <= _with_a_person(account, first), "lost without a person's knowing"
    assert len(lost) <= 2, "more than the workers that died were sending"
    assert [key for key, times in left(account, (*first, *second)).items() if times > 1] == []
    assert waiting(account, (*first, *second)) == set()


def _with_a_person(account, records):
    """Cases of which a killed worker was sending a message: whether it left is not known, and to a victim it is not sent again."""
    wanted = {long_form(record["occurrence"]["reference"]) for record in records}
    rows = [row for row in account.listed.tables.every("notifications") if row["occurrence_ref"] in wanted]
    return {row["occurrence_ref"] for row in rows if row["state"] in ("unknown", "settled_by_person")}
