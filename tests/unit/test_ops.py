"""The operator's command line, before any command runs: what it takes, what it refuses, and that its help names every command."""

import pytest

from chalicelib.bootstrap import container
from chalicelib.entrypoints import ops


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["everything"],
        ["quarantine"],
        ["quarantine", "delete"],
        ["quarantine", "show"],
        ["quarantine", "replay"],
        ["case"],
        ["release"],
        ["release", "26000712345"],
        ["release", "26000712345", "V1", "--by"],
        ["leaks", "outbox.json"],
        ["figures", "2026-13"],
        ["figures", "November"],
        ["figures", "2026-11", "2026-12"],
        ["figures", "--csv", "--detail"],
        ["links"],
        ["links", "revoke", "--by", "7001"],
        ["links", "revoke", "26000712345"],
        ["links", "issue", "26000712345", "--by", "7001"],
        ["case", "26000712345", "--force"],
    ],
)
def test_a_wrong_command_line_says_so_and_touches_nothing(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    container.cache_clear()
    with pytest.raises(SystemExit) as ended:
        ops.main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: make ops")
    assert container.cache_info().currsize == 0, "no instance was asked for"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--help"], ["quarantine", "case", "release", "figures", "links", "leaks"]),
        (["quarantine", "--help"], ["list", "show", "replay"]),
        (["release", "--help"], ["reference", "victim", "--by", "--reason"]),
        (["leaks", "--help"], ["--outbox"]),
        (["figures", "--help"], ["month", "--csv", "--detail"]),
        (["links", "revoke", "--help"], ["reference", "--by"]),
    ],
)
def test_help_names_every_command(capsys: pytest.CaptureFixture[str], arguments: list[str], named: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ops.main(arguments)
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert [name for name in named if name not in shown] == []
