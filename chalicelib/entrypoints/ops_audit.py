"""Commands about the log and about leaks: verify what was sealed, and say that a leak was seen to.

Must not print what a line of the log tells: it is told by its reference, time and id.
"""

from __future__ import annotations

import argparse
from typing import Any

from chalicelib.bootstrap import Container
from chalicelib.domain.seals import Finding
from chalicelib.entrypoints.ops_asking import REFUSED, Say, agreed, commands_of, decides, reference_of


def add(commands: Any) -> None:
    """The commands of this page."""
    audit = commands_of(commands, "audit", "the log of who did what (Data Protection Act 2018, section 62)")
    verify = audit.add_parser("verify", help="walk the sealed log: what is missing, changed or added; exit code 1 for any")
    verify.add_argument("reference", nargs="?", help="without one, the whole log")
    verify.set_defaults(run=_verify)
    settle = commands.add_parser("leak-settle", help="say that a leak of an occurrence was seen to")
    settle.add_argument("reference")
    decides(settle)
    settle.set_defaults(run=_settle)


def _verify(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference = reference_of(chosen.reference) if chosen.reference else None
    checked = ready.sealing.verify(ready.tick(), reference)
    for finding in checked.findings:
        say(_line(finding))
    say(f"{checked.batches} batches, {checked.lines} sealed lines, {len(checked.findings)} findings")
    return 1 if checked.findings else 0


def _line(finding: Finding) -> str:
    if finding.key is None:
        return f"{finding.what}: {finding.number}"
    reference, at, entry_id = finding.key
    return f"{finding.what}: {reference}  {at}  {entry_id}"


def _settle(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if not agreed(chosen, say, "This says that a person saw to every leak of this occurrence. What was found stays in the log."):
        return REFUSED
    count = ready.watch.settle(reference_of(chosen.reference), chosen.by, chosen.reason, ready.tick())
    say(f"Settled: {count}." if count else "No leak of this occurrence is open.")
    return 0 if count else 1
