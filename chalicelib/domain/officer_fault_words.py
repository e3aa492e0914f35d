"""What an officer reads beside a field that is not right: what to do about it, in plain English.

Must not repeat what was typed.
"""

from __future__ import annotations

from chalicelib.domain.free_text import LONGEST, Unfit
from chalicelib.domain.officer_forms import Fault, Wrong

_BY_FIELD = {
    ("victim_id", Wrong.UNKNOWN): "This person is not in the case any more. Go back and look at the case again",
    ("result", Wrong.MISSING): "Say if you spoke to them, left a message or got no answer",
    ("result", Wrong.UNKNOWN): "Say if you spoke to them, left a message or got no answer",
    ("contacted_at", Wrong.MISSING): "Say when: a date and a time",
    ("contacted_at", Wrong.FUTURE): "This time has not come yet. Say when you were in touch",
    ("contacted_at", Wrong.BEFORE_REPORT): "This is before the crime was reported",
    ("contacted_at", Wrong.BEFORE_RECORD): "This is before the crime was recorded, so it was no update. Say what else it was about",
    ("contacted_at", Wrong.RECORDED_OTHERWISE): "You recorded a contact at this time already. If this is another one, say its own time",
    ("way", Wrong.MISSING): "Say how: by phone or in person",
    ("covers", Wrong.MISSING): "Say what you talked about",
    ("covers", Wrong.NOT_OWED): "Some of this is not owed any more. Look at what is owed, and choose again",
    ("start", Wrong.MISSING): "Choose how the case stands",
    ("start", Wrong.UNKNOWN): "Choose one of the answers that are listed",
    ("words", Wrong.MISSING): "Write what you want to say, or choose another answer",
    ("words", Wrong.FIXED_WORDS_ONLY): "A text can only say what is listed. Clear what you wrote, or ring them",
    ("next_update_on", Wrong.UNKNOWN): "Say the day like this: 8/12/2026",
    ("next_update_on", Wrong.PAST): "This day has passed. Choose today or a later day",
    ("next_update_on", Wrong.TOO_SOON): "This is too soon after the update arrives. Choose a later day",
    ("next_update_on", Wrong.TOO_FAR): "This is more than a year away. Choose an earlier day",
    (
        "next_update_on",
        Wrong.LATER_THAN_AGREED,
    ): "This is later than you agreed with them. Choose an earlier day, or ring them and agree on this one",
}
_WORDS = {
    Unfit.EMPTY: "Write what you want to say in whole words, or choose another answer",
    Unfit.LONG: f"Use {LONGEST} characters or fewer",
    Unfit.CONTACT: "Take out phone numbers, postcodes, and email and web addresses. The message says how to reach you",
    Unfit.NUMBER: "Take out numbers of people, vehicles and records, and dates of birth",
    Unfit.CHARACTERS: "Use plain letters, numbers and punctuation only",
    Unfit.ADDRESS: "Take out addresses, and places where somebody lives or works",
    Unfit.BAIL_CONDITION: "Take out what somebody on bail must or must not do. Tell them that in person",
    Unfit.SENSITIVE: "Some of this must not go in a message: health, family, friends or kinds of crime. Ring them instead",
    Unfit.NAME: "Take out names. If there is none, begin each sentence with an everyday word and use small letters after it",
}


def words_of(fault: Fault) -> str:
    """The sentence for the reader."""
    return _WORDS[Unfit(fault.code)] if fault.code in set(Unfit) else _BY_FIELD[fault.field, Wrong(fault.code)]
