"""Trigger: the schedule that seals the log. Seal what was written until the last full hour, observe.

Must not change the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_counts


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says which batch is the last, and how many lines it took."""
    ready = container()
    sealed = ready.sealing.seal(ready.tick())
    observe("seal", number=sealed.number, lines=sealed.lines, code=sealed.digest)
    observe_counts(sealed_lines=sealed.lines)
    return {"number": sealed.number, "lines": sealed.lines}
