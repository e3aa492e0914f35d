"""The leak check knows officers' updates: what an officer typed tells nobody where somebody is, and no update announces a referral.

It must not ask the product what may be typed.
"""

import pytest

from chalicelib.domain.leaks import What
from tests.unit.domain.leak_cases import AFTER, kinds, leaks, letter, notice, person_record, record, referral, representative, sms, victim

PAGE = (
    "<p>Derbyshire Constabulary is writing to you about reference 26000712345. You can reply to this email. In an emergency, call 999.</p>"
)
FIXED = "Dear Alex Morgan, the case is still open. The officer is PC Sam Ash, collar number 2345."
SHOWN = {
    "where it happened": "We came to Wood Street, Heanor again.",
    "the victim's own address": "We came to 1 Wood Street again.",
    "a telephone number": "We rang 07700 900 123.",
    "an e-mail address": "We wrote to alex.morgan@example.org.",
    "a date of birth": "You were born on 02/04/1988.",
}


def update(words="", **changes):
    return notice(message="update", text=f"{FIXED} {words}", html=PAGE, **changes)


@pytest.mark.parametrize("words", SHOWN.values(), ids=SHOWN.keys())
def test_what_an_officer_typed_shows_nothing_of_anybody(words):
    case = record(location={"text": "Wood Street, Heanor"})
    assert kinds([case], [update(words)]) == {What.FREE_TEXT}
    assert What.FREE_TEXT in kinds([case], [sms(message="update", text=f"{FIXED} {words}")])
    assert leaks([case], [update("We have asked the shop for film.")]) == []


def test_other_messages_are_read_as_they_were():
    assert leaks([record()], [notice(text=f"{FIXED} You were born on 02/04/1988.", html=PAGE)]) == []


def test_a_letter_bears_its_readers_own_address():
    safe = {"safe_channels": ["letter"], "do_not_contact": False, "confirmed_at": "2026-11-20T10:00:00+00:00"}
    case = record(victims=[victim(contact_safety=safe)])
    assert leaks([case], [letter(message="update", text=f"1 Wood Street {FIXED}")]) == []
    assert kinds([case], [letter(message="update", text=f"1 Wood Street {FIXED} 07700 900123")]) == {What.FREE_TEXT}


def test_a_representatives_details_count_as_the_victims():
    case = person_record(representative=representative())
    assert What.FREE_TEXT in kinds([case], [update(f"We wrote to {representative()['email']}.")])


@pytest.mark.parametrize("message", ["event", "update"])
def test_what_comes_later_is_no_notice_of_a_referral(message):
    later = update() | {"message": message}
    assert kinds([record()], [later, referral(accepted_at=AFTER)]) == {What.REFERRAL_WITHOUT_NOTICE}
    assert leaks([record()], [notice(), later, referral(accepted_at=AFTER)]) == []
