"""Commands that show what is known of people, in a stage that is not this machine's: who looks and why is asked, and logged before
anything is shown.

Must not test what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.tables import AuditRow
from chalicelib.services.ports import Changes
from tests.builders import body, occurrence_record
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.test_entrypoints_ops import BROKEN, run
from tests.integration.test_entrypoints_ops_deciding import REFERENCE, unknown

WHY = ("--by", "7001", "--reason", "Complaint 12")
Command = tuple[str, ...]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[LocalStack]:
    """A stage with guests alone: what is an account's and no machine's own."""
    with local_stack(KI_STAGE="rehearsal", KI_GUESTS="@example.org,@example.test") as running:
        yield running


@pytest.fixture
def stack(elsewhere: LocalStack) -> LocalStack:
    elsewhere.empty()
    return elsewhere


def looked() -> list[tuple[str, str, str | None]]:
    rows = AuditRow.query(REFERENCE, consistent_read=True)
    return [(row.op, row.actor, row.detail) for row in rows if row.op in ("consulted", "messages_read")]


def _quarantined(local: LocalStack) -> Command:
    local.ingest(BROKEN)
    (row,) = local.ready.quarantined.rows()
    return ("quarantine", "show", row.quarantine_id)


def _case(local: LocalStack) -> Command:
    local.ingest(body(occurrence_record()))
    return ("case", REFERENCE)


def _closed(local: LocalStack) -> Command:
    local.ingest(body(occurrence_record()))
    points = DynamoContactPoints(None, local.environment["KI_CONTACT_KEY"].encode())
    local.ready.cases.commit(Changes(closed_points=((points.key("email", "alex.morgan@example.org"), "General"),)))
    return ("closed", "list", REFERENCE)


def _person(local: LocalStack) -> Command:
    local.ingest(body(occurrence_record()))
    return ("person", REFERENCE, "V1")


def _unknown(local: LocalStack) -> Command:
    unknown(local)
    return ("unknown", "list")


LOOKS: list[tuple[Callable[[LocalStack], Command], str]] = [
    (_quarantined, "quarantine "),
    (_case, "timeline"),
    (_closed, "closed_addresses"),
    (_person, "person"),
    (_unknown, "unknown_outcomes"),
]


@pytest.mark.parametrize(("given", "what"), LOOKS)
def test_who_looks_and_why_is_asked_and_logged(stack: LocalStack, given: Callable[[LocalStack], Command], what: str) -> None:
    command = given(stack)
    assert run(*command) == (2, ["Say who looks: --by."])
    assert run(*command, "--by", "7001") == (2, ["Say why: --reason."])
    assert run(*command, "--by", "7001", ask=" ") == (2, ["Say why: --reason."])
    assert looked() == [], "nothing was shown"
    assert run(*command, *WHY)[0] == 0
    ((op, actor, detail),) = looked()
    assert (op, actor) == ("consulted", "7001")
    assert detail is not None
    assert (detail.startswith(what), detail.endswith(": Complaint 12")) == (True, True)
    assert run(*command, "--by", "7001", ask="Asked by the victim")[0] == 0
    assert [str(why).rpartition(": ")[2] for _, _, why in looked() if why != detail] == ["Asked by the victim"], (
        "in no order within a second"
    )


@pytest.mark.parametrize("given", [look for look, _ in LOOKS])
def test_what_cannot_be_logged_is_not_shown(stack: LocalStack, given: Callable[[LocalStack], Command]) -> None:
    command = given(stack)
    stack.faults(
        *({"service": "dynamodb", "operation": name, "mode": "throttle", "times": 99} for name in ("TransactWriteItems", "PutItem"))
    )
    code, lines = run(*command, *WHY)
    stack.faults()
    assert (code, lines) == (1, ["The instance is busy with this, or did not answer in time: run the command again in a moment."])


def test_a_replay_is_asked_for_there_though_nobody_can_be_asked(stack: LocalStack) -> None:
    command = ("quarantine", "replay", _quarantined(stack)[2])
    assert run(*command)[0] == 2
    code, lines = run(*command, *WHY)
    assert (code, lines[-1]) == (2, "Nothing was done: say yes with --yes where nobody can be asked.")
    assert run(*command, *WHY, "--yes")[0] == 0


def test_the_leak_check_needs_no_outbox(stack: LocalStack) -> None:
    stack.ingest(body(occurrence_record()))
    assert run("leaks")[1][-1] == "0 leaks in 0 messages"
