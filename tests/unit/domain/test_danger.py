"""Words of immediate danger: what is found, what is not, slips of the pen, and that every row has its source.

Issue 6, section 1. Every sign of the list is found in a sentence of its own words, so that no row is dead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.danger import GAP, in_danger, words_of
from chalicelib.domain.danger_words import DANGER_RULES, DangerRule

DAY = date(2026, 12, 1)
DANGER = """
he is here now
He's here NOW!!
HE IS HERE NOW
he is not here now
going to kill me
gonna kil me
he says he'll kill the kids
threatening to stab my son
he is going to strangel me
has a knife
hes got a knfie
he has a kn1fe
she has got a big kitchen knife
there's a gun in the house
help me please
plz help me
heeeelp me now
my ex is outside
He's threatening me right now
Someone is in my house
I'm being held against my will
he said he will burn the house down
He raped me tonight
He's taken the children
he wants me dead
he’s outside my house
theyre at my door
someone is at the door of my flat
he is breaking in
trying to smash the door
they are trying to get in now
he's coming for me
she is hitting me
cant get out
he wont let me leave
im locked in the bathroom
i am scared for my life
my life is in danger
I'm in danger
I am not safe here
he knows where I live
we need police now
I can't breathe
i want to die
I will kill myself
suicidal
taken all my pills
I don't want to be here anymore
the house is on fire
""".strip().splitlines()
CALM = """
I want to know what happens with my bike
The burglar had a knife when he took my phone
My son was killed in May and we have not heard from you
Please call me about my statement
Can you help me with a crime number?
He was outside the shop when I saw him last week
I have moved house, my new number is 07700 900123
They stole my tools from the shed
thank you for your help
When is the hearing? I am at work until five
I want to withdraw my statement
Is the man still on bail?
My wife is at home all day
The insurance needs the crime reference now
The suspect is back in court on Monday
someone is coming to fix the door
Are you coming to take fingerprints?
I have the CCTV now
my husband is back from hospital
The shop is open again, the window is repaired
Has he been charged? It is three weeks
We are at the house all week so come by
I took it to the end and my life goes on
""".strip().splitlines()


@pytest.mark.parametrize("text", DANGER)
def test_words_of_danger_are_found(text: str) -> None:
    assert in_danger([text], DAY)
    assert in_danger(["Hello.", f"Dear officer, {text}. Thank you"], DAY)


@pytest.mark.parametrize("text", CALM)
def test_words_of_every_day_are_not(text: str) -> None:
    assert not in_danger([text], DAY)


def test_nothing_is_nothing() -> None:
    assert not in_danger([], DAY)
    assert not in_danger(["", "...", "’"], DAY)


SIGNS = [(row, sign) for row in DANGER_RULES for sign in row.signs]


@pytest.mark.parametrize(("row", "sign"), SIGNS, ids=[sign[:50] for _, sign in SIGNS])
def test_every_word_of_every_sign_counts(row: DangerRule, sign: str) -> None:
    """Each alternative of each place, once, beside the first of the others; with nothing in a gap, and with three words."""
    places = [place.replace("*", "").split("|") for place in sign.split() if place != GAP]
    chosen = [[place[0] for place in places] for _ in range(1)]
    chosen += [
        [*(other[0] for other in places[:at]), word, *(other[0] for other in places[at + 1 :])]
        for at, place in enumerate(places)
        for word in place
    ]
    only = [replace(row, signs=(sign,))]
    for words, between in product(chosen, ("", "x x x ")):
        said = iter(words)
        text = "".join(between if place == GAP else f"{next(said)} " for place in sign.split())
        assert in_danger([text], DAY, only), text
    assert (GAP not in sign.split()) or not in_danger(["x ".join(f"{place[0]} x x x x " for place in places)], DAY, only)


@pytest.mark.parametrize("slip", ["knif", "kniife", "knfie", "knofe", "knifes", "KNIFE", "knífe", "k n i f e"])
def test_one_slip_of_a_long_word_is_forgiven(slip: str) -> None:
    assert in_danger([f"he has a {slip}"], DAY) is (slip != "k n i f e")


@pytest.mark.parametrize("other", ["snife", "kneef", "nif", "kn", "knitting", "fikne"])
def test_two_slips_or_another_beginning_make_another_word(other: str) -> None:
    assert not in_danger([f"he has a {other}"], DAY)


@pytest.mark.parametrize(("text", "words"), [("He’s  HERE!", ("hes", "here")), ("heeelp", ("help",)), ("Ünsafe 07700", ("unsafe", "070"))])
def test_how_words_are_compared(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    assert in_danger([text, "he is here now"], DAY)
    assert in_danger([text], DAY) in (True, False)


def test_the_row_in_force_is_read_and_the_oldest_before_all() -> None:
    old = DangerRule("X", "en", date(2026, 1, 1), "[INF] a test", ("blue",))
    new = replace(old, effective_from=date(2026, 6, 1), signs=("green",))
    for day, word in ((date(2025, 1, 1), "blue"), (date(2026, 3, 1), "blue"), (date(2026, 6, 1), "green")):
        assert in_danger([word], day, (new, old))
        assert not in_danger([{"blue": "green", "green": "blue"}[word]], day, (new, old))


def test_every_language_has_one_row_at_a_time_with_its_source() -> None:
    assert {row.language for row in DANGER_RULES} >= {"en", "pl", "ro", "ur", "pa", "ar", "uk", "sk", "lv", "lt"}
    ids = [row.id for row in DANGER_RULES]
    assert len(set(ids)) == len(ids)
    assert all(row.id.startswith(f"DANGER-{row.language.upper()}") and "[INF]" in row.source for row in DANGER_RULES)
    assert all(sign == sign.casefold() and "'" not in sign and "  " not in sign for row in DANGER_RULES for sign in row.signs)
