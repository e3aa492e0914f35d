"""Figures: what was owed in a month and what became of it, counted from the obligations themselves.

What the columns mean: docs/figures.md. Must not keep a counter, read a store or know the time.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.obligations import Kind, Obligation, ObligationState

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
NOT_SAID = "-"
"""Where an obligation has no district, no route, rests on no agreement, or is no recording check."""
AGREED, PROPOSED = "agreed", "proposed"


class Outcome(StrEnum):
    """What became of an obligation; each is in exactly one."""

    MET_IN_TIME = "met_in_time"
    MET_LATE = "met_late"
    LATE = "late"
    BREACHED = "breached"
    OPEN = "open"
    WAIVED = "waived"


OPENED = "opened"
HEADER = ("month", "kind", "district", "route", "agreement", "check", OPENED, *(outcome.value for outcome in Outcome))
"""The columns of the CSV."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Obligations that are counted together. `agreement`: AGREED, PROPOSED or NOT_SAID. `check`: what a recording check looks at."""

    kind: Kind
    district: str
    route: str
    agreement: str
    check: str = NOT_SAID


@dataclass(frozen=True, slots=True)
class Figures:
    """One month (`YYYY-MM`): how many obligations of each group came to what."""

    month: str
    counts: Mapping[tuple[Group, Outcome], int]

    @property
    def groups(self) -> list[Group]:
        return sorted({group for group, _ in self.counts})

    def of(self, groups: Iterable[Group]) -> tuple[int, ...]:
        """Opened, then each outcome in its order, over all of `groups`."""
        wanted = set(groups)
        found: Counter[Outcome] = Counter()
        for (group, outcome), number in self.counts.items():
            found[outcome] += number if group in wanted else 0
        return (found.total(), *(found[outcome] for outcome in Outcome))


def outcome_of(owed: Obligation) -> Outcome:
    """Met in time where it was met by its deadline. What was breached and met after all is met late."""
    if owed.state is ObligationState.MET:
        return Outcome.MET_LATE if owed.met_at is not None and owed.met_at > owed.due_at else Outcome.MET_IN_TIME
    return Outcome(owed.state.value)


def figures(month: str, obligations: Iterable[Obligation]) -> Figures:
    """Count the obligations whose clock started in `month`; the caller has chosen them."""
    return Figures(month, Counter((_group(owed), outcome_of(owed)) for owed in obligations))


def _group(owed: Obligation) -> Group:
    agreement = NOT_SAID if owed.proposed is None else PROPOSED if owed.proposed else AGREED
    check = owed.purpose if owed.kind is Kind.RECORDING_CHECK and owed.purpose else NOT_SAID
    return Group(owed.kind, owed.district or NOT_SAID, owed.route or NOT_SAID, agreement, check)


def as_csv(found: Figures) -> str:
    """One row for each group, under HEADER; lines end with a line feed."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEADER)
    for group in found.groups:
        table.writerow((found.month, group.kind, group.district, group.route, group.agreement, group.check, *found.of([group])))
    return text.getvalue()


def as_text(found: Figures, *, detail: bool = False) -> list[str]:
    """Lines for a reader: by kind, updates also by agreed and proposed, recording checks by what they look at; with `detail` by district
    and route too."""
    if not found.counts:
        return [f"Nothing is owed from {found.month}."]
    lines = [f"What was owed from {found.month}, and what became of it", "", *_aligned([("", *_WORDS), *_totals(found)])]
    if detail:
        lines += ["", "By district and route", "", *_aligned([("", *_WORDS), *_details(found)])]
    return lines


_WORDS = (OPENED, *(_outcome.replace("_", " ") for _outcome in Outcome))


def _totals(found: Figures) -> Iterator[tuple[str, ...]]:
    yield _row("all", found, found.groups)
    for kind in Kind:
        groups = [group for group in found.groups if group.kind is kind]
        if groups:
            yield _row(_plain(kind), found, groups)
        for apart in (AGREED, PROPOSED, *sorted({group.check for group in groups} - {NOT_SAID})):
            of_it = [group for group in groups if apart in (group.agreement, group.check)]
            if of_it:
                yield _row(f"  {_plain(apart)}", found, of_it)


def _details(found: Figures) -> Iterator[tuple[str, ...]]:
    for group in found.groups:
        apart = [_plain(name) for name in (group.agreement, group.check) if name != NOT_SAID]
        said = (_plain(group.kind), group.district, _plain(group.route), *apart)
        yield _row(", ".join(said), found, [group])


def _row(label: str, found: Figures, groups: Iterable[Group]) -> tuple[str, ...]:
    return (label, *map(str, found.of(groups)))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]) for row in rows
    ]
