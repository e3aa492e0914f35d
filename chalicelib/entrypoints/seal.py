"""Trigger: the schedule that seals the log. Seal what was written until the last full hour, hold some seals against the log, observe.

Must not change the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_counts

MOST_TOLD = 100
"""Log lines of one run about what does not stand as it was sealed; the metric counts all."""


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says which batch is the last, how many lines it took, and how much of the log does not stand as sealed."""
    ready = container()
    now = ready.tick()
    sealed = ready.sealing.seal(now)
    observe("seal", number=sealed.number, lines=sealed.lines, code=sealed.digest)
    found = ready.sealing.watch(now).findings
    for finding in found[:MOST_TOLD]:
        reference = finding.key[0] if finding.key else None
        observe("audit_mismatch", kind=finding.what.replace(" ", "_"), reference=reference, number=finding.number)
    observe_counts(sealed_lines=sealed.lines, audit_mismatches=len(found))
    return {"number": sealed.number, "lines": sealed.lines, "mismatches": len(found)}
