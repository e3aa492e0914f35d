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
from chalicelib.domain.free_text import LONGEST, Unfit, as_sentence, unfit

MANY = settings(max_examples=300, deadline=None)
OPEN_OR_OFFICIAL = set(words.OPENERS.split()) | {word.lower() for word in words.OFFICIAL.split()}

CLEAN = (
    "Evidence linked the suspect to the scene.",
    "There was not enough evidence to take this further.",
    "The CPS decided that there is not enough evidence for a realistic prospect of conviction.",
    "No CCTV or forensic evidence was found.",
    "no forensic evidence was found",
    "Officers viewed CCTV and ANPR records, but nobody could be identified.",
    "We have looked at every line of enquiry and no suspect was identified.",
    "DNA evidence did not match anyone.",
    "The suspect denied the offence and no witness saw it happen.",
    "Your Victim Personal Statement was read.",
    "The Crown Prosecution Service decided that it is not in the public interest to prosecute.",
    "Under the Victims’ Code you may ask for a review of this decision.",
    "Derbyshire Constabulary's enquiries continue; laboratory results are expected in May.",
    "The case will not go to court, because there is no direct evidence.",
    "The evidence may not be enough for a charge.",
    "The Crown Court listed the hearing for Monday 3 May at 10:30.",
    "The Magistrates' Court sits on 14 December at 10am, and the case comes up then.",
    "Following the interview, I asked the CPS for advice (by phone).",
    "3 suspects were interviewed.",
    "It was the 2nd report within 28 days, and about £200 was taken.",
    "Some items (e.g. tools) were recovered. Others were not!",
    "Was anything recovered? No.",
    "Nothing was seen on the dash-cam footage.",
    "Officers were close to the scene - they could drive there within ten minutes.",
    "The decision was “no further action”.",
    "The bicycle was not damaged/marked.",
    "He was released on bail while enquiries go on.",
    "We called on 5 June, and again in April.",
    "Arrested on suspicion of burglary.",
    "Evidential difficulties.",
    "Released pending further enquiries.",
    "The victim withdrew support.",
)

REFUSED: dict[Unfit, tuple[str, ...]] = {
    Unfit.EMPTY: ("", " ", "\n\t", "...", "-", "12", "n/a", "TBC.", "Not known", " see  log. "),
    Unfit.LONG: ("The evidence was looked at again. " * 10,),
    Unfit.CONTACT: (
        "Write to sam.ash@example.test for more.",
        "Write to sam @ the office.",
        "Write to sam at example dot org.",
        "See https://example.org/case for more.",
        "See example.org for more.",
        "See www example for more.",
        "Nothing was found.The case is closed.",
        "Ring 07700 900123.",
        "Ring 07700900123.",
        "Ring (01332) 496 0123 today.",
        "Ring +44 7700 900 123.",
        "Ring 0.7.7.0.0-9/0/0-1/2/3.",
        "Ring zero seven seven, double zero nine.",
        "The van was seen in DE75 7XX.",
        "The van was seen in de757xx.",
        "The van was seen in DE75-7XX.",
        "The van was seen in S1 1AA.",
    ),
    Unfit.NUMBER: (
        "Ask for officer 2345.",
        "It is crime 71234.",
        "The suspect's birthday is the 2nd.",
        "He was born in the spring.",
        "He gave his DOB.",
        "He is 34 years old.",
        "A man aged 34 was seen.",
        "A 34-year-old man was seen.",
        "It was 2/4/88.",
        "It was 02.04.88 then.",
        "It was 2 April '88.",
        "It was April 2nd, 88.",
        "It happened on 14 December 2026.",
        "The car AB12 CDE was seen.",
        "The car ab12 cde was seen.",
        "The car A 123 BCD was seen.",
        "It is in form MG5.",
        "It was at 12a.",
    ),
    Unfit.CHARACTERS: (
        "Nothing was found.\nNobody was seen.",
        "Nothing\twas found.",
        "Nothing was found.\r",
        "Nothing was\u00a0found.",
        "Noth\u200bing was found.",
        "Nothing \u202ewas found.",
        "Nothing was found \x00.",
        "<b>Nothing was found.</b>",
        "Nothing was found &amp; nobody seen.",
        "Nothing was {{ found }}.",
        "Nothing was {% found %}.",
        "Nothing was $found.",
        "Nothing was #found.",
        "Nothing was *found*.",
        "Nothing was `found`.",
        "The suspect was \u0415va.",
        "The suspect was Łukasz.",
        "нет доказательств",
        "The number is ０７７００.",
    ),
    Unfit.ADDRESS: (
        "It happened on the street.",
        "It happened in Wood Street.",
        "A van stood in London Road.",
        "A van stood in the avenue.",
        "A van stood in a lane.",
        "He was at his flat.",
        "He was at the hostel.",
        "He is in a refuge.",
        "He was at Oak Close.",
        "He was at Elm Drive.",
        "He was at Alma Court.",
        "He was at 12 willow court.",
        "He was at 12 Market Pl, 3 Oak Place.",
        "He was at 12, wood st.",
        "He was at number 12.",
        "He was in room 3.",
        "He lives in the next village.",
        "He lives next door.",
        "He works at the shop.",
        "It is a local man.",
        "He gave a new home address.",
    ),
    Unfit.BAIL_CONDITION: (
        "He was released with conditions.",
        "He is on unconditional bail.",
        "He is not to contact you.",
        "He may not contact you.",
        "There is to be no contact, directly or indirectly.",
        "He must not go near the shop.",
        "He must stay away from the shop.",
        "He has a curfew from 7pm.",
        "He was bailed to his home.",
        "He wears a tag.",
        "He is tagged.",
        "He has an exclusion zone.",
        "He is to live and sleep at home.",
        "He is to reside there.",
        "He has to report to the police station on Monday.",
        "He has to report every day to Derby police station.",
        "His licence was surrendered.",
    ),
    Unfit.SENSITIVE: (
        "It was a domestic matter.",
        "Your partner was interviewed.",
        "Your ex-partner was interviewed.",
        "Your expartner was interviewed.",
        "Your ex was interviewed.",
        "Her husband was interviewed.",
        "His wife was interviewed.",
        "Her boyfriend denied it.",
        "His girlfriend denied it.",
        "It was not rape.",
        "It was a sexual matter.",
        "It was indecent.",
        "It was stalking.",
        "An IDVA was told.",
        "The MARAC was told.",
        "The DASH was done.",
        "The dash risk was high.",
        "It is a safeguarding matter.",
        "It is about mental health.",
        "It was attempted suicide.",
        "It is for medical reasons.",
        "She is pregnant.",
        "He has HIV.",
        "It came from an informant.",
        "It came from a source.",
        "It came from covert means.",
        "It came from an undercover officer.",
        "A neighbour saw it.",
        "His mother was told.",
        "A child saw it.",
        "He has previous convictions.",
        "He is known to police.",
    ),
    Unfit.NAME: (
        "The suspect is Oakley.",
        "The suspect is McDonald.",
        "The suspect was O’Brien.",
        "The suspect is Alex Morgan.",
        "Alex Morgan was arrested.",
        "Alex was arrested.",
        "Piotr was arrested.",
        "Ionut was arrested.",
        "Gurpreet was arrested.",
        "Oakley was arrested.",
        "oakley was arrested.",
        "Nothing was found. Oakley denied it.",
        "Nothing was found! Will denied it.",
        "Nothing was found (Oakley denied it).",
        "“Oakley” was arrested.",
        "We asked alex morgan about it.",
        "We asked mohammed about it.",
        "We asked Mr Smith about it.",
        "We asked mr smith about it.",
        "We asked Mrs. Smith about it.",
        "Miss Smith was asked.",
        "Dr X was asked.",
        "We asked a man known as smithy.",
        "We asked a man named smith.",
        "We asked J. Smith about it.",
        "A. Smith was asked.",
        "We asked j.s. about it.",
        "We asked J S about it.",
        "We asked PC Ash about it.",
        "A van stood in Heanor.",
        "It is with the NCA.",
        "THE EVIDENCE WAS WEAK.",
        "We asked April about it.",
        "We asked May about it.",
        "The Polish suspect was arrested.",
        "The iPhone was found.",
    ),
}


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_sentence_may_be_sent_as_it_is_or_made_a_sentence(text: str) -> None:
    assert unfit(text) is None
    assert unfit(as_sentence(text)) is None


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts])
def test_a_text_that_goes_to_a_person(code: Unfit, text: str) -> None:
    assert unfit(text) == code


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
