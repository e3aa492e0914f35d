"""Outcomes files: which files are read, what each outcome is mapped to, and which of them wait for a record that never comes.

Must not look at how anything is drawn.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.events import EventType
from infra.replay.generator import outcomes, street
from infra.replay.generator.lines import lines
from infra.replay.generator.outcomes import MAPPING, Outcome
from infra.replay.generator.source_files import StreetError
from infra.replay.main import main
from tests.replay.made_up import NOW, REAL, as_csv, row, rows

COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Outcome type",
)
REAL_OUTCOMES = sorted(REAL.glob("*-outcomes.csv.gz"))
DAYS = 14


def outcomes_csv(*found: tuple[str, str], month: str = "2022-01") -> str:
    """The text of an outcomes file: Crime ID and outcome of each row."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for crime_id, outcome in found:
        writer.writerow([crime_id, month, "Derbyshire Constabulary", "Derbyshire Constabulary", "", "", "", "", "", outcome])
    return text.getvalue()


def folder(place: Path) -> Path:
    (place / "2022-01-derbyshire-street.csv").write_text(as_csv((row("a" * 64),)), encoding="utf-8")
    (place / "2022-01-derbyshire-outcomes.csv").write_text(outcomes_csv(("a" * 64, "Suspect charged"), ("b" * 64, "Local resolution")))
    (place / "2022-01-derbyshire-stop-and-search.csv").write_text("Type,Date\n")
    return place


def test_a_folder_gives_street_rows_and_outcomes_each_from_their_own_files(tmp_path):
    place = folder(tmp_path)
    assert [each.crime_id for each in street.read([place])["2022-01"]] == ["a" * 64]
    assert [each.outcome for each in outcomes.read([place])] == ["Suspect charged", "Local resolution"]


def test_files_may_be_named_and_one_without_outcomes_has_none(tmp_path):
    place = folder(tmp_path)
    named = [place / "2022-01-derbyshire-street.csv", place / "2022-01-derbyshire-outcomes.csv"]
    assert len(outcomes.read(named)) == 2
    assert outcomes.read(named[:1]) == ()
    assert len(street.read(named)["2022-01"]) == 1


def test_outcomes_alone_are_nothing_to_replay(tmp_path):
    with pytest.raises(StreetError, match="no street rows"):
        street.read([folder(tmp_path) / "2022-01-derbyshire-outcomes.csv"])


def test_only_the_months_that_are_asked_for(tmp_path):
    assert outcomes.read([folder(tmp_path)], ["2021-09"]) == ()


def test_an_outcome_that_is_not_known_is_said_and_not_dropped(tmp_path):
    file = tmp_path / "2022-01-derbyshire-outcomes.csv"
    file.write_text(outcomes_csv(("a" * 64, "Suspect vanished")))
    with pytest.raises(StreetError, match="Suspect vanished"):
        outcomes.read([file])


def test_a_file_without_the_columns_is_no_outcomes_file(tmp_path):
    file = tmp_path / "2022-01-derbyshire-outcomes.csv.gz"
    file.write_bytes(gzip.compress(b"Crime ID,Month\n"))
    with pytest.raises(StreetError, match='no column "Outcome type"'):
        outcomes.read([file])


def test_a_folder_that_holds_outcomes_alone_ends_the_command_with_two(tmp_path, capsys):
    (tmp_path / "2022-01-derbyshire-outcomes.csv").write_text(outcomes_csv(("a" * 64, "Suspect charged")))
    assert main([str(tmp_path)]) == 2
    assert "no street rows" in capsys.readouterr().err


@pytest.mark.parametrize("name", MAPPING)
def test_every_outcome_is_a_type_of_the_contract_and_says_why(name):
    assert MAPPING[name].type in {each.value for each in EventType}
    assert "[INF]" in MAPPING[name].source or "{" in MAPPING[name].source


@cache
def fed(count: int = 300, *, limit: int | None = None, days: int | None = DAYS) -> list[dict[str, Any]]:
    """Made-up rows, of which every third crime with an ID has an outcome, and as many outcomes of other crimes."""
    found = rows(count)
    ids = list(dict.fromkeys(each.crime_id for each in found if each.crime_id))[::3]
    names = list(MAPPING)
    here = [Outcome(crime_id, "2022-01", names[number % len(names)]) for number, crime_id in enumerate(ids)]
    others = [Outcome(f"{number:064x}", "2022-01", names[number % len(names)]) for number in range(len(ids))]
    return list(lines({"2022-01": found}, 1, NOW, limit=limit, days=days, outcomes=[*here, *others]))


def events(found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    told = []
    for line in found[1:]:
        message = json.loads(line["body"]) if "investigation_event" in line["body"] else {}
        message = message.get("detail", message)
        told += [(line, message["event"])] if message else []
    return told


def test_every_outcome_is_fed_as_its_event_with_its_own_name_beside():
    named = [(line["outcome"], event) for line, event in events(fed()) if "outcome" in line]
    ids = {(event["reference"].replace("*", "000"), event["event_id"]): outcome for outcome, event in named}
    wanted = fed()[0]["run"]["became"]
    assert wanted["fed_with_record"]["outcomes"] == wanted["fed_without_record"]["outcomes"] > 60
    assert len(ids) == 2 * wanted["fed_with_record"]["outcomes"]
    assert all(event["type"] == MAPPING[outcome].type for outcome, event in named)


def test_outcomes_of_other_crimes_tell_of_occurrences_that_never_come():
    records = {body for line in fed()[1:] if '"occurrence"' in (body := line["body"])}
    known = {reference for body in records for reference in [_reference(body)]}
    away = {event["reference"] for line, event in events(fed()) if "outcome" in line} - known
    assert abs(len(away) - fed()[0]["run"]["became"]["fed_without_record"]["crimes"]) < 12


def _reference(body: str) -> str:
    try:
        message = json.loads(body)
    except ValueError:
        return ""
    message = message.get("detail", message)
    return str((message.get("occurrence") or {}).get("reference")) if isinstance(message, dict) else ""


def test_a_limit_takes_its_part_of_the_outcomes_of_other_crimes_too():
    run = fed(limit=100)[0]["run"]
    assert run["became"]["fed_without_record"]["outcomes"] == pytest.approx(
        fed()[0]["run"]["became"]["fed_without_record"]["outcomes"] / 3, abs=2
    )


def test_without_days_nothing_becomes_of_any_crime():
    found = fed(days=None)
    assert events(found) == []
    assert "became" not in found[0]["run"]


@pytest.mark.skipif(len(REAL_OUTCOMES) < 2, reason="the outcomes of real months are not here")
def test_the_outcomes_of_january_are_those_that_the_issue_counts():
    found = outcomes.read([REAL], ["2022-01"])
    crimes = {each.crime_id for each in found}
    fed_too = {each.crime_id for each in street.read([REAL], ["2022-01"])["2022-01"]}
    assert (len(found), len(crimes), len(crimes & fed_too)) == (7137, 7030, 2999)
    assert set(Counter(each.outcome for each in found)) == set(MAPPING)
