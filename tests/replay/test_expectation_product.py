"""The expectation against the product: the same messages through the real use cases over fakes must leave the same funnel.

Must not decide which of the two is right where they differ: CONTRACT and the issues do.
"""

from __future__ import annotations

import copy
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.offences import CLASSES, Family
from chalicelib.schemas.contact_points import email_point, landline_point, mobile_point
from chalicelib.schemas.records import Parsed, Rejected, parse_record
from infra.replay.expectation import classes, texts
from infra.replay.expectation.__main__ import expected
from infra.replay.expectation.bodies import Broken, Good, read
from infra.replay.funnel import differences
from infra.replay.generator.lines import lines as generated
from infra.replay.generator.street import read as read_months
from tests import builders
from tests.replay.expectation_house import Replayed
from tests.replay.expectation_stories import NOW, Story

DATA = Path(__file__).parents[3] / "shared" / "data"
MONTHS = sorted(DATA.glob("*-street.csv.gz"))


def differing(lines: list[dict[str, Any]], now: datetime, seed: int = 0, *, prompt: bool = True) -> list[str]:
    """Where the funnels of these lines differ, the run's own line left out."""
    run = {"run": {"now": builders.iso(now)}}
    played = Replayed(now, seed, prompt=prompt)
    played.play(lines)
    return differences(expected(json.dumps(each) for each in (run, *lines)), played.funnel())


STORIES = [(seed, calm) for seed in range(12) for calm in (0.98, 0.93, 0.8, 0.5)]


@pytest.mark.parametrize(("seed", "calm"), STORIES)
def test_few_people_in_many_records(seed: int, calm: float) -> None:
    assert differing(Story(seed, calm=calm).lines, NOW, seed) == []


@pytest.mark.parametrize("seed", range(3))
def test_more_people_in_more_records(seed: int) -> None:
    assert differing(Story(seed, calm=0.93, people=8, references=8, messages=60).lines, NOW, seed) == []


@pytest.mark.skipif(not MONTHS, reason="the months of real crime are not here")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_part_of_the_real_months(seed: int) -> None:
    _, *lines = generated(read_months(MONTHS), seed=seed, now=NOW, limit=400)
    assert differing(lines, NOW, seed) == []


def _breakages(rng: random.Random, node: Any) -> None:
    """Change one value somewhere below."""
    place: Any = node
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = rng.choice(keys)
        below = place[key]
        if not isinstance(below, dict | list) or not below or rng.random() < 0.15:
            break
        place = below
    odd = [None, "", " ", 0, 1, -1, 1.0, True, False, [], {}, "x" * 501, "x" * 20_001, "2026-11-20", "2026-11-20T10:00:00", "1879-01-01"]
    odd += [
        "2026-11-24T20:09:00+00:00",
        "2026-11-24T20:11:00Z",
        "2300-01-01",
        "26*712345",
        "99000712345",
        "a\u202eb\n",
        "ÅÅ",
        "email",
        [None],
        ["sms"],
    ]
    if rng.random() < 0.15:
        del place[key]
    else:
        place[key] = rng.choice([*odd, str(below)])


def _fuzzed(seed: int) -> str:
    rng = random.Random(seed)
    bases = [
        builders.occurrence_record(),
        builders.officer_record(absent_from="2026-11-20", absent_until="2026-11-22"),
        builders.contract_example(),
    ]
    base = copy.deepcopy(rng.choice(bases))
    if "occurrence" in base:
        base["occurrence"]["victims"].append(builders.victim("V2", representative=builders.representative()))
        base["occurrence"] |= {"markers": ["terrorism", "fgm"], "linked_references": ["26*000001", "another"]}
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        _breakages(rng, base)
    message = builders.eventbridge(base) if rng.random() < 0.2 and "sent_at" in base else base
    return json.dumps(message)


def test_bodies_are_judged_alike() -> None:
    for seed in range(3000):
        body = _fuzzed(seed)
        theirs, ours = parse_record(body, now=NOW, allow_reserved=True), read(body, NOW)
        assert isinstance(theirs, Rejected) == isinstance(ours, Broken), body
        if isinstance(theirs, Rejected) and isinstance(ours, Broken):
            assert (theirs.reference, theirs.version) == (ours.reference, ours.version), body


TEXTS = [
    "", "{", "[]", "null", '"x"', "{}", '{"contract": 1}', '{"detail": {}}', '{"a": NaN}', '{"a": 1, "a": 1}', "[" * 100_000, "x" * 300_000,
    '{"kind": "review", "review": {"reference": "26*712345", "version": 4}}', '{"reference": 26000712345, "version": true}',
    '{"kind": [], "occurrence": {"reference": " 26 000 712345 "}}',
    '{"occurrence": [], "officer": {"reference": "x"}, "reference": "２６*712345"}',
    "\ud800", '{"version": 99999999999999999999999999999999999999}',
]  # fmt: skip


@pytest.mark.parametrize("body", TEXTS, ids=range(len(TEXTS)))
def test_bodies_that_are_no_records(body: str) -> None:
    theirs, ours = parse_record(body, now=NOW, allow_reserved=True), read(body, NOW)
    assert isinstance(theirs, Rejected)
    assert ours == Broken(theirs.reference, theirs.version)


def test_contents_are_equal_for_both_or_for_neither() -> None:
    """Equal content of a version counts once, other content is a contradiction: the two must agree on what equal is."""
    first = builders.occurrence_record()
    before = parse_record(json.dumps(first), now=NOW, allow_reserved=True)
    known = read(json.dumps(first), NOW)
    for seed in range(1500):
        rng, other = random.Random(seed), copy.deepcopy(first)
        _breakages(rng, other["occurrence"])
        body = json.dumps(other)
        after, found = parse_record(body, now=NOW, allow_reserved=True), read(body, NOW)
        if isinstance(before, Parsed) and isinstance(after, Parsed) and isinstance(known, Good) and isinstance(found, Good):
            assert (before.content_hash == after.content_hash) == (known == found), body


def test_every_class_is_known_alike() -> None:
    for row in CLASSES:
        held = classes.held_as(row.code) is not None
        assert (classes.known(row.code), held, classes.personal(row.code)) == (
            True,
            row.family is not Family.NON_SPECIALIST,
            row.against_person,
        )


ADDRESSES = [
    "kim@example.org", "Kim.O'Neill+x@Mail.Example.TEST", "kim", "kim@", "@example.org", "a..b@example.org", "a@b", "kim@@example.org",
    "Kim <kim@example.org>", "kim(at)example.org", "kim@example..org", "zoë@example.org", "kim@müller.example", "x" * 65 + "@example.org",
    "kim@-a.example", "kim@localhost", "no e-mail, kim", ".kim@example.org", "kim.@example.org",
]  # fmt: skip
NUMBERS = ["+447700900123", "07700 900123", "0044 7700 900123", "+44 (0)7700 900123", "447700900123", "7700900123", "mob: 07700-900123",
           "his phone 07700 900123", "07700 900123 / 07700 900124", "12", "", "0114 496 0123", "01332 290000", "07700.900123",
           "via neighbour of 7, no number", "０７７００ ９００１２３", "0117 496 0005"]  # fmt: skip


@pytest.mark.parametrize("given", ADDRESSES)
def test_mail_addresses_are_read_alike(given: str) -> None:
    point = email_point(given, allow_reserved=True)
    assert texts.email(given) == (point.value if point else None)


@pytest.mark.parametrize("given", NUMBERS)
def test_numbers_are_read_alike(given: str) -> None:
    mobile, line = mobile_point(given, allow_reserved=True), landline_point(given, allow_reserved=True)
    assert (texts.mobile(given), texts.landline(given)) == (mobile and mobile.value, line and line.value)


def test_the_order_of_receipts_matters_only_to_mailboxes_that_fail() -> None:
    """Late or prompt, receipts that say "delivered" change nothing."""
    lines = [{"day": 0, "wave": wave, "body": json.dumps(_burglary(wave))} for wave in range(6)]
    assert differing(lines, NOW, prompt=False) == differing(lines, NOW, prompt=True) == []


def _burglary(number: int) -> dict[str, Any]:
    preferred = ("email", "sms", "letter")[number % 3]
    safety = builders.contact_safety(NOW, safe_channels=["email", "sms", "letter"])
    points = {"email": f"kim.{number}@example.org", "mobile": f"+44770090010{number}", "person_ref": f"N{number}"}
    person = builders.victim("V1", preferred_channel=preferred, contact_safety=safety, **points)
    return builders.occurrence_record(reference=f"2600000000{number}", victims=[person])
