"""What the use cases need of quarantined bodies, as a protocol with one fake and one real adapter under one conformance suite.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. Must not import an SDK.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A quarantined body: `faults` are (field path, reason), never values. `state`: quarantined until somebody has seen to it, then
    replayed, settled or erased."""

    quarantine_id: str
    received_at: datetime
    reference: str | None
    kind: str | None
    faults: tuple[tuple[str, str], ...]
    state: str = QUARANTINED


class Quarantine(Protocol):
    def add(self, row: QuarantineRow, body: bytes) -> bool:
        """Keep the body in the encrypted bucket, then the row. False where this very body is there already."""

    def get(self, quarantine_id: str) -> QuarantineRow | None: ...

    def body(self, quarantine_id: str) -> bytes: ...

    def rows(self) -> list[QuarantineRow]:
        """Every row, oldest first; for operations."""

    def set_state(self, quarantine_id: str, state: str) -> None: ...

    def waiting(self) -> int:
        """How many nobody has seen to, as of some seconds ago."""
