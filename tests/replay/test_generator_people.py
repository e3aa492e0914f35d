"""Nobody real: points of contact that nobody has, one person each, and the stated few that misbehave.

Must not look into the generator: what stands in the messages counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.offences import BY_CODE
from chalicelib.schemas.contact_points import email_point, mobile_point
from infra.local.console_examples import MOBILES
from infra.local.demo import records
from infra.local.example_form import START
from infra.replay.generator.people import MOST_OCCURRENCES
from infra.replay.generator.points import KEPT_OUT, SPECIAL
from infra.replay.generator.shares import SHARES
from tests.replay.made_up import made, occurrence_of

MANY = 4000
FOUND = [each for line in made(MANY)[1:] if line["day"] == 0 and (each := occurrence_of(line["body"]))]
NEWEST = {each["reference"].replace("*", "000"): each for each in FOUND if isinstance(each.get("reference"), str)}


def holders() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every victim and representative of the newest records, with whom they are."""
    for reference, occurrence in NEWEST.items():
        for victim in occurrence.get("victims") or ():
            yield victim.get("person_ref") or f"{reference} {victim.get('id')}", victim
            if victim.get("representative"):
                yield f"representative {reference} {victim.get('id')}", victim["representative"]


def owners(point: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for who, holder in holders():
        if holder.get(point):
            found[re.sub(r"^(\+44|0)", "", holder[point].replace(" ", ""))].add(who)
    return found


def shared(by_point: dict[str, set[str]]) -> float:
    return sum(len(who) > 1 for who in by_point.values()) / len(by_point)


@pytest.mark.parametrize("point", ["email", "mobile", "landline"])
def test_a_point_is_one_persons_but_for_a_few_households(point):
    assert shared(owners(point)) < 0.03


def test_every_address_for_mail_is_reserved_or_unusable():
    for address in owners("email"):
        usable = email_point(address, allow_reserved=True)
        assert usable is not None
        assert usable.value is None or re.fullmatch(r".+@(example\.org|(?:[a-z]+\.)?example\.test)", usable.value), address
        assert email_point(address, allow_reserved=False).value is None  # type: ignore[union-attr]


def test_every_mobile_is_a_drama_number_or_unusable():
    numbers = set()
    for written in owners("mobile"):
        point = mobile_point("0" + written if written[0] == "7" else written, allow_reserved=True)
        assert point is not None
        if point.value:
            assert re.fullmatch(r"\+447700900[0-9]{3}", point.value)
            numbers.add(point.value)
    assert {f"+447700900{number}" for number in SPECIAL} <= numbers
    assert len(numbers) > 300


def test_no_mobile_is_one_of_the_consoles_examples():
    shown = "".join(body for _, body in records(datetime(2026, 11, 21, 20, 5, tzinfo=UTC))) + START["mobile"].replace(" ", "")
    examples = {int(number) for number in re.findall(r"7700900([0-9]{3})", shown)} | set(MOBILES)
    replayed = {int(number.removeprefix("7700900")) for number in owners("mobile") if re.fullmatch(r"7700900[0-9]{3}", number)}
    assert len(examples) > len(MOBILES)
    assert not examples & replayed
    assert len(replayed) <= 1000 - len(KEPT_OUT)


def test_the_table_of_shares_tells_how_many_numbers_there_are():
    told = SHARES["point.mobile"].source
    assert f" {len(KEPT_OUT)} are the console's examples'" in told
    assert f"at most {1000 - len(KEPT_OUT)} people" in told
    assert not KEPT_OUT & {*SPECIAL}


def test_those_who_prefer_text_messages_have_numbers_first():
    with_number = Counter(
        holder.get("preferred_channel") == "sms" for who, holder in holders() if holder.get("mobile") and not who.startswith("repr")
    )
    assert with_number[True] > with_number[False]


def test_landlines_are_drama_numbers():
    assert all(re.fullmatch(r"1(14|16|17|18)4960[0-9]{3}", number) for number in owners("landline"))


def test_postcodes_are_ones_that_no_address_has():
    lines = {holder["address"][-1] for _, holder in holders() if holder.get("address")}
    assert lines
    assert all(re.fullmatch(r"(DE|S|SK|NG)[0-9]{1,2} [1-9]XX", line) for line in lines)


def test_mailboxes_that_misbehave_belong_to_people_met_once():
    met = Counter(who for who, _ in holders())
    bad = {who for address, whose in owners("email").items() if re.match("bounce|complaint|suppressionlist", address) for who in whose}
    assert 20 < len(bad) < 0.04 * MANY
    assert {met[who] for who in bad} == {1}


def test_numbers_that_misbehave_belong_to_people_met_once_and_to_one_each():
    met = Counter(who for who, _ in holders())
    for number in SPECIAL:
        (who,) = owners("mobile")[f"7700900{number}"]
        assert met[who] == 1


def test_some_people_are_victims_again_and_some_of_their_records_name_each_other():
    met = Counter(who for who, _ in holders())
    again = [who for who, times in met.items() if times > 1]
    assert 0.02 * MANY < len(again) < 0.2 * MANY
    assert max(met.values()) <= MOST_OCCURRENCES
    linked = {reference: {each.replace("*", "000") for each in NEWEST[reference].get("linked_references") or ()} for reference in NEWEST}
    pairs = [(one, other) for one, others in linked.items() for other in others]
    assert len(pairs) > 100
    assert sum(one in linked.get(other, ()) for one, other in pairs) > 0.95 * len(pairs)


def test_linked_records_tell_alike_of_the_person_often_enough_for_one_message():
    def said(reference: str, ref: str) -> tuple:
        occurrence = NEWEST[reference]
        victim = next(each for each in occurrence["victims"] if each.get("person_ref") == ref)
        return (victim.get("contact_safety"), victim.get("referral_opt_out"), victim.get("enhanced"), occurrence.get("officer"))

    alike = Counter()
    for reference, occurrence in NEWEST.items():
        for other in (each.replace("*", "000") for each in occurrence.get("linked_references") or ()):
            theirs = {each.get("person_ref") for each in (NEWEST.get(other) or {}).get("victims") or ()}
            for ref in {each.get("person_ref") for each in occurrence.get("victims") or ()} & theirs - {None}:
                alike[said(reference, ref) == said(other, ref)] += 1
    assert alike[True] > 0.4 * alike.total()


def test_names_come_in_many_scripts():
    names = "".join(str(holder.get("given_name")) for _, holder in holders())
    assert re.search("[ąćęłńóśźżŁŻ]", names)
    assert re.search("[\u0600-\u06ff]", names)
    assert re.search("[\u0a00-\u0a7f]", names)


def test_most_victims_of_volume_crime_are_adults_who_can_be_written_to():
    victims = [
        victim
        for occurrence in NEWEST.values()
        if any(offence.get("code") in ("28E", "45", "48", "58C", "44") for offence in occurrence.get("offences") or ())
        for victim in occurrence.get("victims") or ()
        if victim.get("kind") == "person"
    ]
    reachable = [each for each in victims if "@" in str(each.get("email")) and each.get("date_of_birth")]
    assert len(reachable) > 0.7 * len(victims) > 100


def test_most_classes_are_known_and_a_few_are_not():
    codes = Counter(offence["code"] in BY_CODE for each in FOUND for offence in each.get("offences") or ())
    assert 0 < codes[False] < 0.02 * codes.total()


def test_nobody_of_the_force_is_also_a_victim():
    officers = {json.loads(line["body"])["officer"]["email"] for line in made(MANY)[1:] if line["day"] == 0 and line["wave"] == 0} - {None}
    assert len(officers) > 100
    assert not officers & owners("email").keys()
