"""What may stand in an automatic message of what an officer wrote: clean sentences, and everything that sends a text to a person.

Issue 4 (the reason of a key event, its free text fit for a victim); DOMAIN A3, C2.
"""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain import free_text_words as words
from chalicelib.domain.free_text import LONGEST, OwnWords, Unfit, as_sentence, unfit
from tests.domain_builders import PROFILE
from tests.unit.domain.free_text_cases import CLEAN, REFUSED

OWN = PROFILE.own_words
MANY = settings(max_examples=300, deadline=None)
OPEN_OR_OFFICIAL = set(words.OPENERS.split()) | {word.lower() for word in words.OFFICIAL.split()}


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_sentence_may_be_sent_as_it_is_or_made_a_sentence(text: str) -> None:
    assert unfit(text, own=OWN) is None
    assert unfit(as_sentence(text), own=OWN) is None


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts])
def test_a_text_that_goes_to_a_person(code: Unfit, text: str) -> None:
    assert unfit(text, own=OWN) == code


def test_the_name_of_the_force_and_its_services_come_from_the_force() -> None:
    """Elsewhere "Derbyshire" may be somebody; a service that no list knows is refused for the name that the profile gives it."""
    assert unfit("Derbyshire has the file") == Unfit.NAME
    assert unfit("Northmarch has the file", own=OwnWords(frozenset({"Northmarch"}))) is None
    assert unfit("enquiries by the lantern project", own=OwnWords(telling=("Lantern Project",))) == Unfit.SENSITIVE
    assert unfit("enquiries by the lantern project") is None


@pytest.mark.parametrize(("length", "code"), [(LONGEST, None), (LONGEST + 1, "long")])
def test_the_longest_text(length: int, code: str | None) -> None:
    assert unfit("no " * 100 + "evidence"[: length - 300]) == code


def test_every_code_is_tried_and_is_a_plain_word() -> None:
    assert set(REFUSED) == set(Unfit)
    assert all(set(code) <= set(string.ascii_lowercase + "_") for code in Unfit)


def test_the_lists_are_kept_well() -> None:
    names, openers, official = words.GIVEN_NAMES.split(), words.OPENERS.split(), words.OFFICIAL.split()
    assert not set(names) & OPEN_OR_OFFICIAL, "a name that may open a sentence"
    assert all(word == word.lower() for word in (*names, *openers))
    assert all(word != word.lower() for word in official)
    assert len(openers) == len(set(openers))
    assert len(official) == len(set(official))


@MANY
@given(st.text(st.characters(), max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    assert unfit(text) in {None, *Unfit}
    said = as_sentence(text)
    assert said == "" or said.endswith(".")
    assert as_sentence(said) == said


PHONES = st.builds(
    lambda head, tail, gap: gap.join([head[:5], head[5:], f"{tail:03}"]),
    st.sampled_from(["07700900", "01632960", "01154960", "02079460", "08081570", "+447700900", "00447700900"]),
    st.integers(0, 999),
    st.sampled_from(["", " ", "-", ".", " - ", ") ", "/", "  "]),
)
EMAILS = st.builds(
    "{}@{}".format, st.from_regex(r"[a-z][a-z0-9.+-]{0,12}", fullmatch=True), st.sampled_from(["example.org", "example.test"])
)
POSTCODES = st.builds(
    lambda outward, gap, inward, small: (outward + gap + inward).lower() if small else outward + gap + inward,
    st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]?", fullmatch=True),
    st.sampled_from(["", " ", "  ", "-"]),
    st.from_regex(r"[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True),
    st.booleans(),
)
AROUND = st.one_of(st.text(max_size=60), st.sampled_from(CLEAN), st.sampled_from([f"{text} " for text in CLEAN]))


@MANY
@given(AROUND, st.one_of(PHONES, EMAILS, POSTCODES), AROUND)
def test_whatever_stands_around_a_contact_detail_it_is_never_sent(before: str, detail: str, after: str) -> None:
    assert unfit(before + detail + after) is not None


@MANY
@given(st.sampled_from(CLEAN), st.integers(0, 20), st.from_regex(r"[A-Z][a-z]{1,12}", fullmatch=True))
def test_a_capitalised_word_on_no_list_is_never_sent_wherever_it_stands(text: str, place: int, name: str) -> None:
    assume(name.lower() not in OPEN_OR_OFFICIAL | {"april", "may", "june"})
    spoken = text.split(" ")
    place = min(place, len(spoken))
    assert unfit(" ".join([*spoken[:place], name, *spoken[place:]])) is not None


@MANY
@given(
    st.sampled_from(CLEAN), st.integers(0, 20), st.sampled_from(sorted(words.GIVEN_NAMES.split())), st.sampled_from([str.lower, str.title])
)
def test_a_given_name_is_never_sent_however_it_is_written(text: str, place: int, name: str, written: Callable[[str], str]) -> None:
    spoken = text.split(" ")
    place = min(place, len(spoken))
    assert unfit(" ".join([*spoken[:place], written(name), *spoken[place:]])) is not None


@pytest.mark.parametrize(
    "mark", ["\n", "\r", "\x85", "\u2028", "\x00", "\x1b", "\u200b", "\u202e", "\ufeff", "<", ">", "{", "}", "&", "\\"]
)
@pytest.mark.parametrize("place", [3, 10])
def test_a_mark_that_is_not_of_a_sentence_is_found_inside_it(mark: str, place: int) -> None:
    assert unfit(CLEAN[0][:place] + mark + CLEAN[0][place:]) == Unfit.CHARACTERS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("not enough evidence", "Not enough evidence."),
        ("  not \n enough\tevidence . ", "Not enough evidence."),
        ("Not enough evidence.", "Not enough evidence."),
        ("Not enough evidence!?", "Not enough evidence."),
        ("not enough evidence;", "Not enough evidence."),
        ("CPS decided", "CPS decided."),
        ("3 suspects", "3 suspects."),
        ("nothing found. no CCTV.", "Nothing found. no CCTV."),
        ("élan", "Élan."),
        (" ", ""),
        ("...", ""),
    ],
)
def test_as_a_sentence(text: str, sentence: str) -> None:
    assert as_sentence(text) == sentence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We spoke to a man, marsh, about this.", Unfit.NAME),
        ("The shop in heanor has no camera.", Unfit.NAME),
        ("The wood burned.", None),
        ("There was not enough evidence.", None),
    ],
)
def test_no_word_of_a_name_or_address_of_the_case_may_stand_in_it(text: str, code: Unfit | None) -> None:
    """Written small too; ordinary words and short ones tell nobody apart."""
    assert unfit(text, ["Peter Marsh", "1 There Street", "Heanor", "Al Of"]) == code
