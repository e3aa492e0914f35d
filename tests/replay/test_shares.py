"""The table of shares: complete, sourced, of classes that the product knows, and coming to the published whole.

Must not judge whether an assumption is right, only that it says that it is one.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from chalicelib.domain.offences import BY_CODE, Family
from infra.replay.generator import class_shares, shares
from infra.replay.generator.share_table import COMMAND, markdown
from infra.replay.generator.sources import MARKS, SOURCES, cited
from tests.replay.made_up import REAL, TYPES

SOURCED = re.compile(r"\[stated\]|\[GK\]|\{[A-Z0-9 .-]+\}")
SHARES_DOCUMENT = Path(__file__).parents[2] / "docs" / "replay-shares.md"
CODES = sorted({code for weights, _ in class_shares.CLASSES.values() for code in weights})
HERE = Path(class_shares.__file__).parent
REAL_TYPES = {"Violence and sexual offences": 3530, "Public order": 729, "Criminal damage and arson": 720, "Other theft": 509,
              "Vehicle crime": 366, "Burglary": 357, "Shoplifting": 351, "Drugs": 187, "Other crime": 176, "Possession of weapons": 87,
              "Robbery": 71, "Theft from the person": 58, "Bicycle theft": 31}  # fmt: skip
"""Rows with a Crime ID of January 2022."""


def test_every_share_says_where_it_comes_from():
    unsourced = [name for name, _, source in shares.table() if not SOURCED.search(source)]
    assert unsourced == []


def test_every_source_that_is_cited_stands_in_the_legend_and_no_other():
    texts = [source for _, _, source in shares.table()]
    assert cited(texts) == set(SOURCES)
    in_brackets = {bracket for text in texts for bracket in re.findall(r"\[[^]]*\]", text)}
    assert in_brackets == set(MARKS)
    in_braces = [brace for text in texts for brace in re.findall(r"\{[^}]*\}", text)]
    assert [brace for brace in in_braces if not cited([brace])] == []


@pytest.mark.parametrize("key", SOURCES)
def test_a_source_says_who_published_what(key):
    source = SOURCES[key]
    assert source.publisher
    assert source.title
    assert "://" not in source.address


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("[stated]", set()),
        ("one class of {HOCODES}", {"HOCODES"}),
        ("both shapes {DT23} {DT24}", {"DT23", "DT24"}),
        ("grades of {CC 3.14}; updates {CC 4.9}", {"CC"}),
        ("{HMI-N100}", {"HMI-N100"}),
        ("{no key}", set()),
    ],
)
def test_keys_are_read_from_a_source(text, keys):
    assert cited([text]) == keys


@pytest.mark.parametrize("name", shares.SHARES)
def test_every_share_is_a_probability_or_weights(name):
    value = shares.SHARES[name].value
    if isinstance(value, float):
        assert 0 <= value <= 1
    else:
        assert min(value.values()) >= 0
        assert sum(value.values()) > 0


@pytest.mark.parametrize("name", shares.SHARES)
def test_no_share_stands_in_the_table_for_nothing(name):
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.py")) if "shares" not in path.name)
    assert f'"{name}"' in code or name.startswith("safety."), "nobody draws from it"


@pytest.mark.parametrize("code", CODES)
def test_every_class_is_one_that_the_product_knows(code):
    assert code in BY_CODE


@pytest.mark.parametrize("code", sorted(class_shares.SEXUAL))
def test_sexual_offences_are_those_of_the_product(code):
    assert BY_CODE[code].family is Family.SEXUAL


def test_the_classes_stand_in_the_published_hierarchy():
    file = REAL / "home-office-offence-codes-2017-18.csv"
    if not file.is_file():
        pytest.skip("no real data beside the repository")
    with file.open(encoding="utf-8") as text:
        published = {line["code"] for line in csv.DictReader(text)}
    newer = {"8U", "8T", "104A", "104B"} | {"1", "4.1"}  # the hierarchy has homicide as one row
    assert set(CODES) - published == newer


@pytest.mark.parametrize("crime_type", TYPES)
def test_every_crime_type_has_classes_and_a_share_without_victim(crime_type):
    assert crime_type in class_shares.CLASSES
    assert crime_type in class_shares.WITHOUT_VICTIM


def domestic(crime_type: str, only=lambda code: True) -> tuple[float, float]:
    weights = {code: weight for code, weight in class_shares.CLASSES[crime_type][0].items() if only(code)}
    flagged = sum(weight * class_shares.domestic_share(crime_type, code) for code, weight in weights.items())
    return flagged / sum(weights.values()), sum(weights.values())


def test_a_third_of_violence_against_the_person_is_domestic_abuse():
    share, _ = domestic(class_shares.VIOLENCE, lambda code: code not in class_shares.SEXUAL)
    assert share == pytest.approx(0.33)


def test_domestic_abuse_comes_to_its_share_of_all_crime():
    flagged = sum(domestic(name)[0] * count for name, count in REAL_TYPES.items())
    assert flagged / sum(REAL_TYPES.values()) == pytest.approx(0.18, abs=0.01)


def test_sexual_offences_have_their_share_of_violence_and_sexual_offences():
    weights = class_shares.CLASSES[class_shares.VIOLENCE][0]
    sexual = sum(weight for code, weight in weights.items() if code in class_shares.SEXUAL)
    rape = sum(weight for code, weight in weights.items() if code.startswith("19"))
    assert sexual / sum(weights.values()) == pytest.approx(0.086, abs=0.002)
    assert rape / sexual == pytest.approx(0.36, abs=0.02)


def test_draws_follow_their_weights():
    rng = Random(1)
    drawn = Counter(shares.draw(rng, "person.language") for _ in range(20_000))
    assert drawn["pl"] / 20_000 == pytest.approx(0.011, abs=0.003)
    assert sum(shares.chance(rng, "person.no_ref") for _ in range(20_000)) / 20_000 == pytest.approx(0.05, abs=0.01)


def test_the_printed_table_has_a_line_for_every_share():
    table, legend = markdown().split("## Sources")
    lines = [line for line in table.splitlines() if line.startswith("|")]
    assert len(lines) > 2 + len(shares.table())
    assert all(line.count("|") == 4 for line in lines)
    assert "| delivery.twice | 0.02 |" in table
    assert all(f"\n| {{{key}}} | " in legend for key in SOURCES)


def test_the_document_is_what_the_code_prints():
    assert SHARES_DOCUMENT.read_text(encoding="utf-8") == markdown(), f"the shares have changed; write the document again: {COMMAND}"
