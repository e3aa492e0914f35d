"""What the generator writes, judged by the product's own parser: every good message is taken, every malformed one refused.

Must not look at how a message is drawn.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from chalicelib.schemas.records import Parsed, Rejected, parse_record
from infra.replay.generator import malformed
from infra.replay.generator.lines import lines
from infra.replay.generator.messages import written
from infra.replay.generator.street import read
from tests import builders
from tests.replay.made_up import NOW, REAL, fed_at, judged, made, occurrence_of, row

LINES = made(2000)
HEADER, MESSAGES = LINES[0], LINES[1:]
JUDGED = judged(2000)


def test_the_header_says_what_was_replayed():
    run = HEADER["run"]
    assert run.keys() == {"seed", "now", "months", "rows", "with_id", "distinct_ids"}
    assert (run["seed"], run["now"], run["months"], run["rows"]) == (1, NOW.isoformat(), ["2022-01"], 2000)
    assert 0 < run["distinct_ids"] < run["with_id"] < run["rows"]


def test_every_line_has_its_day_wave_and_body():
    assert all(line.keys() == {"day", "wave", "body"} for line in MESSAGES)
    assert [(line["day"], line["wave"]) for line in MESSAGES] == sorted((line["day"], line["wave"]) for line in MESSAGES)
    assert {line["day"] for line in MESSAGES} == {0, 2}


def test_nearly_everything_is_good_and_a_stated_few_are_not():
    refused = [line for line, found in JUDGED if isinstance(found, Rejected)]
    assert 0.005 < len(refused) / len(MESSAGES) < 0.03


def test_every_refused_body_was_broken_on_purpose():
    """A fault that stands in many bodies alike would be the generator's own."""
    paths = Counter((fault.path, fault.reason) for _, found in JUDGED if isinstance(found, Rejected) for fault in found.faults)
    assert max(paths.values()) <= 15


def test_every_occurrence_is_there_in_some_form():
    known = {found.occurrence.reference for _, found in JUDGED if isinstance(found, Parsed) and found.occurrence}
    rows_of_no_id = HEADER["run"]["rows"] - HEADER["run"]["with_id"]
    expected = HEADER["run"]["distinct_ids"] + rows_of_no_id
    assert expected * 0.98 < len(known) <= expected


def test_officers_come_first_and_alone():
    first = [found for line, found in JUDGED if (line["day"], line["wave"]) == (0, 0)]
    assert {found.kind for found in first} == {"officer"}
    assert {found.kind for line, found in JUDGED if (line["day"], line["wave"]) != (0, 0)} <= {"occurrence", None}


def test_officers_of_an_occurrence_stand_in_the_directory_or_were_refused():
    known = {found.officer.collar_number for _, found in JUDGED if isinstance(found, Parsed) and found.officer}
    named = {
        found.occurrence.officer.collar_number
        for _, found in JUDGED
        if isinstance(found, Parsed) and found.occurrence and found.occurrence.officer
    }
    assert len(named - known) <= 5
    assert len(named & known) > 50


@pytest.mark.parametrize("kind", malformed.KINDS)
def test_every_way_of_breaking_a_message_is_refused(kind):
    good = builders.occurrence_record(now=NOW)
    for seed in range(40):
        body = malformed.broken_in(Random(seed), good, kind)
        judged = parse_record(body, now=NOW, allow_reserved=True)
        assert isinstance(judged, Rejected), body
        if judged.reference is not None:
            assert judged.reference[2:] == "000712345"


def test_a_record_without_victims_can_be_broken_in_every_way_that_is_drawn():
    good = builders.occurrence_record(now=NOW, victims=[], record_type="incident", offences=[])
    bodies = {malformed.broken(Random(seed), good) for seed in range(600)}
    assert all(isinstance(parse_record(body, now=NOW, allow_reserved=True), Rejected) for body in bodies)
    assert written(good) not in bodies


def test_no_body_is_too_large_for_the_queue():
    assert max(len(line["body"].encode()) for line in MESSAGES) < 262_144


def test_a_crime_id_of_several_rows_is_one_occurrence_with_as_many_victims():
    some = (row("a", crime_type="Robbery"), row("b"), row("a", crime_type="Burglary"), row("a", crime_type="Robbery"))
    found = [occurrence_of(line["body"]) for line in list(lines({"2022-01": some}, 3, NOW))[1:]]
    occurrences = {each["reference"]: each for each in found if each}
    assert len(occurrences) == 2
    several = max(occurrences.values(), key=lambda each: len(each["victims"]))
    assert [victim["id"] for victim in several["victims"]] == ["V1", "V2", "V3"]
    assert len(several["offences"]) >= 2


def test_a_row_without_crime_id_is_an_incident():
    some = tuple(row(crime_type="Anti-social behaviour") for _ in range(300))
    found = [occurrence_of(line["body"]) for line in list(lines({"2022-01": some}, 1, NOW))[1:]]
    occurrences = [each for each in found if each]
    assert {each["record_type"] for each in occurrences if "record_type" in each} <= {"incident", "Crime"}
    assert sum(bool(each.get("offences")) for each in occurrences) < 30
    assert 20 < sum(bool(each.get("victims")) for each in occurrences) < 110


@pytest.mark.parametrize("crime_type", ["Violent crime", "Public disorder and weapons", "Something that the source may yet invent"])
def test_crime_types_of_other_years_are_taken(crime_type):
    some = tuple(row(f"id {number}", crime_type=crime_type) for number in range(40))
    judged = [parse_record(line["body"], now=fed_at(line), allow_reserved=True) for line in list(lines({"2011-12": some}, 1, NOW))[1:]]
    assert sum(isinstance(each, Parsed) for each in judged if each.kind != "officer") > 35


def test_the_real_months_are_taken_too():
    if not REAL.is_dir():
        pytest.skip("no real data beside the repository")
    found = list(lines(read([REAL]), 1, NOW, limit=600))
    assert found[0]["run"]["months"] == ["2021-09", "2022-01"]
    assert found[0]["run"]["rows"] == 600
    judged = [parse_record(line["body"], now=NOW + timedelta(days=2), allow_reserved=True) for line in found[1:]]
    assert sum(isinstance(each, Rejected) for each in judged) < 40


def test_bodies_hold_both_forms_the_contract_allows():
    bodies = [json.loads(line["body"]) for line, found in JUDGED if isinstance(found, Parsed)]
    assert any("detail" in body for body in bodies)
    references = [body["occurrence"]["reference"] for body in bodies if "occurrence" in body]
    assert any("*" in reference for reference in references)
    assert all(len(reference) == 11 or (len(reference) == 9 and reference[2] == "*") for reference in references)


def test_some_bodies_leave_out_what_is_null_and_some_say_more_than_the_contract_knows():
    occurrences = [each for line, found in JUDGED if isinstance(found, Parsed) and (each := occurrence_of(line["body"]))]
    sparse = [each for each in occurrences if "dash_risk" not in each]
    assert 0.01 < len(sparse) / len(occurrences) < 0.12
    assert all(set(each["flags"]) == {"domestic_abuse", "hate_crime", "stalking_harassment", "safeguarding"} for each in sparse)
    assert 0.005 < sum("source_system" in each for each in occurrences) / len(occurrences) < 0.06


def test_flags_markers_and_wishes_are_sometimes_not_known():
    occurrences = [found.occurrence for _, found in JUDGED if isinstance(found, Parsed) and found.occurrence]
    flags = [each.flags for each in occurrences]
    for name in ("domestic_abuse", "hate_crime", "stalking_harassment", "safeguarding"):
        assert {getattr(flag, name) for flag in flags} == {True, False, None}
    assert {each.restricted for each in occurrences} == {True, False, None}
    victims = [victim for each in occurrences for victim in each.victims]
    assert {victim.referral_opt_out for victim in victims} == {True, False, None}
    assert {victim.kind.value for victim in victims} == {"person", "business", "police_officer"}
    assert {each.status.value for each in occurrences} == {"open", "closed", "cancelled", "transferred"}
    assert len({each.source for each in occurrences}) == 7
