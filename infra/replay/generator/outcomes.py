"""Reads outcomes files of data.police.uk, and says which key event of an investigation each outcome is.

Must not draw anything, and must not drop a row: an outcome that no row of the table knows is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from infra.replay.generator import source_files
from infra.replay.generator.source_files import StreetError

_NEEDED = ("Crime ID", "Month", "Outcome type")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of an outcomes file: what became of one crime. A crime may have several."""

    crime_id: str
    month: str
    outcome: str


class Mapped(NamedTuple):
    """The type of key event that an outcome is, the shares of what came before and after it, and why."""

    type: str
    before: str
    after: str
    source: str


_PUBLIC_INTEREST = "[INF] formal action by a prosecutor or the police is what is not taken"
_DISPOSAL = "Right 6 names cautions, penalty notices, reprimands and final warnings {GOVUK-AC}"
MAPPING: Mapping[str, Mapped] = {
    "Suspect charged": Mapped("charged", "before.charged", "after.charged", "Right 6 {GOVUK-AC}"),
    "Unable to prosecute suspect": Mapped(
        "not_prosecuted", "before.not_prosecuted", "after.decision", "[INF] a suspect is known, and evidence or support does not suffice"
    ),
    "Investigation complete; no suspect identified": Mapped(
        "no_suspect_identified", "before.no_suspect", "after.nothing", "[INF] same words"
    ),
    "Offender given a caution": Mapped("out_of_court_disposal", "before.disposal", "after.nothing", _DISPOSAL),
    "Offender given penalty notice": Mapped("out_of_court_disposal", "before.disposal", "after.nothing", _DISPOSAL),
    "Offender given a drugs possession warning": Mapped(
        "out_of_court_disposal", "before.disposal", "after.nothing", f"[INF] a warning instead of a charge; {_DISPOSAL}"
    ),
    "Local resolution": Mapped("out_of_court_disposal", "before.disposal", "after.nothing", f"[INF] settled without a court; {_DISPOSAL}"),
    "Formal action is not in the public interest": Mapped("not_prosecuted", "before.not_prosecuted", "after.decision", _PUBLIC_INTEREST),
    "Further action is not in the public interest": Mapped("not_prosecuted", "before.not_prosecuted", "after.decision", _PUBLIC_INTEREST),
    "Further investigation is not in the public interest": Mapped(
        "not_prosecuted",
        "before.not_prosecuted",
        "after.decision",
        "[INF] Home Office outcome 21, a named suspect: more work that could support formal action is not done [GK]",
    ),
    "Action to be taken by another organisation": Mapped(
        "not_investigated",
        "before.no_suspect",
        "after.nothing",
        "[INF] Home Office outcome 20 [GK]: the force investigates no further, and decides nothing about prosecution: no review is offered",
    ),
}
"""Outcome type of the source to key event of the records contract."""


def read(paths: Sequence[Path | str], months: Collection[str] | None = None) -> tuple[Outcome, ...]:
    """Every outcome of the outcomes files among `paths`, files in order; `months` narrows. None where no such file is there."""
    found = []
    for file in source_files.files(paths, source_files.OUTCOMES):
        for values in source_files.rows(file, _NEEDED, ("Crime ID", "Outcome type"), "outcomes file"):
            row = Outcome(*(values[name] for name in _NEEDED))
            if row.outcome not in MAPPING:
                raise StreetError(f'{file}: outcome "{row.outcome}" is none that is known here')
            found.append(row)
    return tuple(row for row in found if not months or row.month in months)
