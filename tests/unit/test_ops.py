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
        ["sessions"],
        ["sessions", "end", "2345"],
        ["links", "issue", "26000712345", "--by", "7001"],
        ["messages"],
        ["messages", "read", "26000712345"],
        ["messages", "allocate", "26000712345", "m", "--by", "7001"],
        ["case", "26000712345", "--force"],
        ["pause", "sms", "--by", "7001"],
        ["pause", "sms", "--by", "7001", "--reason", " "],
        ["pause", "pigeon", "--by", "7001", "--reason", "x"],
        ["pause", "completion", "--by", "7001", "--reason", "x"],
        ["resume", "sms"],
        ["unknown", "settle", "n", "perhaps", "--by", "7001", "--reason", "x"],
        ["unknown", "settle", "n", "arrived", "--at", "yesterday", "--by", "7001", "--reason", "x"],
        ["unknown", "settle", "n", "arrived", "--at", "2026-11-20T10:00:00", "--by", "7001", "--reason", "x"],
        ["unknown", "resend", "n", "--by", "7001"],
        ["redrive", "quarantine", "--by", "7001"],
        ["redrive", "records"],
        ["closed", "reopen", "26000712345", "--by", "7001", "--reason", "x"],
        ["erase", "26000712345", "V1", "--by", "7001"],
        ["erase", "26000712345", "--by", "7001", "--reason", "x"],
        ["audit"],
        ["retention"],
        ["retention", "run"],
        ["retention", "keep", "26000712345", "--by", "7001", "--reason", "x"],
        ["retention", "keep", "26000712345", "--until", "soon", "--by", "7001", "--reason", "x"],
        ["retention", "strip", "26000712345", "--by", "7001"],
        ["retention", "reopen", "26000712345", "--reason", "x"],
        ["clock"],
        ["clock", "set", "--by", "7001", "--reason", "x"],
        ["clock", "set", "tomorrow", "--by", "7001", "--reason", "x"],
        ["clock", "clear", "--by", "7001"],
        ["quarantine", "settle", "q", "--by", "7001"],
        ["leak-settle", "26000712345", "--by", "7001"],
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
        (["help"], ["quarantine", "case", "release", "figures", "links", "sessions", "messages", "leaks", "person"]),
        (["--help"], ["pause", "resume", "pauses", "unknown", "redrive", "closed", "erase", "audit", "leak-settle", "retention", "clock"]),
        (["retention", "--help"], ["list", "run", "keep", "strip", "reopen"]),
        (["pause", "--help"], ["email", "sms", "letter", "acknowledgement", "task", "--by", "--reason", "--yes"]),
        (["unknown", "--help"], ["list", "settle", "resend"]),
        (["closed", "--help"], ["list", "show", "reopen"]),
        (["person", "--help"], ["reference", "victim", "--by", "--reason"]),
        (["erase", "--help"], ["reference", "victim", "--although-live", "--yes"]),
        (["quarantine", "--help"], ["list", "show", "replay", "settle"]),
        (["clock", "--help"], ["show", "set", "clear"]),
        (["release", "--help"], ["reference", "victim", "--by", "--reason"]),
        (["leaks", "--help"], ["--outbox"]),
        (["figures", "--help"], ["month", "--csv", "--detail"]),
        (["links", "revoke", "--help"], ["reference", "--by"]),
        (["messages", "--help"], ["read", "allocate"]),
        (["messages", "allocate", "--help"], ["reference", "message", "--to", "--by"]),
    ],
)
def test_help_names_every_command(capsys: pytest.CaptureFixture[str], arguments: list[str], named: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ops.main(arguments)
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert [name for name in named if name not in shown] == []
