"""The leak check reads what messages say: envelope, text messages, the mail around a referral, tasks, answers to the public."""

from dataclasses import replace

import pytest

from chalicelib.domain.leaks import What
from tests.unit.domain.leak_cases import (
    POLICY,
    kinds,
    leaks,
    letter,
    notice,
    person_record,
    record,
    referral,
    representative,
    second_victim,
    sms,
    stop_notice,
    task,
    victim,
)

NAMED = replace(POLICY, private_names=frozenset({"Remedi"}))
PREVIEW = "Derbyshire Constabulary is writing to you about reference 26000712345. You can reply to this email."


def body(first):
    return f"<html><body><div style='display:none'>{first}</div><p>Dear Alex Morgan, about the burglary</p></body></html>"


ENVELOPE_OF_A_NOTICE = {
    "an offence": {"subject": "Your burglary"},
    "the record's own words": {"subject": "Residential Burglary? No: BURGLARY RESIDENTIAL"},
    "a class": {"subject": "Update on 28e"},
    "a statistics code": {"subject": "Update on 028/03"},
    "a unit": {"subject": "From the Victim Care Unit"},
    "the service": {"subject": "Derbyshire Victim Services"},
    "a name of the profile": {"subject": "Remedi for you"},
    "the family name": {"subject": "For Mr MORGAN"},
    "the given name": {"subject": "Alex, a message"},
    "a hidden mark in the name": {"subject": "For Mor\u200bgan"},
    "urgency": {"subject": "URGENT: please read"},
    "risk": {"subject": "High-risk message"},
    "a unit as sender": {"from": "SV2 <noreply@force.example.test>"},
    "an offence in the title": {"html": "<html><head><title>Theft</title></head><body>" + "x" * 100 + "</body></html>"},
    "an offence in the preview": {"html": body("About your burglary")},
    "a name in the preview": {"html": body("Hello")},
    "a name in the preview of plain text": {"html": None, "text": "Dear Alex Morgan,"},
    "a name in a file": {"attachments": [{"filename": "alex_morgan.pdf"}]},
    "an offence in a file": {"attachments": [{"filename": "burglary-26000712345.pdf"}]},
    "a name in a header": {"headers": {"X-Recipient": "Alex Morgan"}},
    "an address in a header": {"headers": {"X-Recipient": "alex.morgan@example.org"}},
    "a number in a header": {"headers": {"X-Recipient": "07700-900 123"}},
}


@pytest.mark.parametrize("name", ENVELOPE_OF_A_NOTICE)
def test_the_envelope_of_a_notice_shows_nothing(name):
    assert kinds([record()], [notice(**ENVELOPE_OF_A_NOTICE[name])], NAMED) == {What.PERSONAL_DATA_IN_ENVELOPE}


HARMLESS_ENVELOPES = {
    "999 in the preview": {
        "html": body("In immediate danger call 999. This is a message from Derbyshire Constabulary, reference 26000712345. ")
    },
    "invisible padding after the preview": {"html": body("Derbyshire Constabulary" + "&#847;&zwnj;&nbsp;" * 30)},
    "a script that nobody reads": {"html": f"<html><head><style>theft</style><script>theft</script></head>{body(PREVIEW)}</html>"},
    "an end without a beginning": {"html": "</style>" + body(PREVIEW)},
    "the officer's name": {"subject": "Message from PC Sam Ash"},
    "the recipient's own address": {"headers": {"To": "Alex Morgan <alex.morgan@example.org>", "Message-ID": "<theft@x.test>"}},
    "words that hold a name": {"subject": "Alexandrine Morganatic message"},
    "nothing at all": {"subject": None, "html": None, "text": None, "headers": None, "attachments": None},
}


@pytest.mark.parametrize("name", HARMLESS_ENVELOPES)
def test_harmless_envelopes_are_no_leak(name):
    assert leaks([record()], [notice(**HARMLESS_ENVELOPES[name])], NAMED) == []


def test_a_name_that_is_an_ordinary_word_or_the_officers_is_not_named_by_it():
    case = record(victims=[victim(given_name="Sam", family_name="Message")])
    assert leaks([case], [notice(subject="Message from PC Sam Ash", text="", html=None)]) == []


def test_the_records_own_description_is_an_offence_word():
    case = record(offences=[{"code": "28E", "description": "Shed break-in"}])
    assert kinds([case], [sms(text="About the shed break-in")]) == {What.CRIME_DETAIL_IN_SMS}


def test_one_name_alone_is_found_by_chance_in_a_text_and_so_is_not_looked_for():
    case = record(markers=["fgm"], victims=[victim(given_name=None, family_name="Contact")])
    assert leaks([case], [task(text="What is owed: contact.")]) == []


def test_an_answer_to_the_public_has_a_plain_envelope():
    answer = notice(audience="public", subject="Your burglary", text="Thank you.", html=None)
    assert kinds([record()], [answer]) == {What.PERSONAL_DATA_IN_ENVELOPE}


def test_a_letter_has_no_preview():
    assert leaks([record()], [letter(text="Dear Alex Morgan, about the burglary")]) == []


TEXT_MESSAGES = {
    "an offence": "Police: about your burglary, ref 26000712345",
    "the record's own words": "Police: Burglary residential",
    "a class": "Police: 28E, ref 26000712345",
    "a specialist unit": "Call the VCU",
    "a link": "See https://example.org/x",
    "a bare link": "See www.example.org",
    "the address": "About 1 Wood Street",
    "the date of birth": "Born 02/04/1988",
    "the date of birth otherwise": "Born 1988-04-02",
}


@pytest.mark.parametrize("name", TEXT_MESSAGES)
def test_a_text_message_tells_nothing_of_the_crime(name):
    assert kinds([record()], [sms(text=TEXT_MESSAGES[name])]) == {What.CRIME_DETAIL_IN_SMS}


def test_an_officer_may_be_called_like_an_offence():
    case = record(officer={"name": "PC Robin Steal", "collar_number": "46"}, offences=[{"code": "46"}], supervisor=None)
    assert leaks([case], [sms(text="Police ref 26000712345. Officer PC Robin Steal 46, call 101.")]) == []


MAIL_TO_THE_SERVICE = {
    "the name in the text": {"text": "Please ring Alex  Morgan"},
    "the name in the HTML": {"html": "<p>Please ring Alex <b>Morgan</b></p>"},
    "the e-mail": {"text": "alex.morgan@example.org"},
    "the mobile": {"text": "+44 7700 900123"},
    "the address": {"text": "Visit 1 Wood Street."},
    "the date of birth": {"text": "1988-04-02"},
    "the representative": {"text": "Ask Jude Hollis"},
    "the representative's number": {"text": "Ask 07700900456"},
    "the offence in the subject": {"subject": "Referral: burglary"},
    "urgency in the subject": {"subject": "Priority referral"},
    "the name in a file": {"attachments": [{"filename": "Morgan.pdf"}]},
}


@pytest.mark.parametrize("name", MAIL_TO_THE_SERVICE)
def test_the_mail_around_a_referral_holds_no_personal_data(name):
    case = person_record(representative=representative())
    messages = [notice(to="jude@example.org"), referral(**MAIL_TO_THE_SERVICE[name])]
    assert kinds([case], messages) == {What.PERSONAL_DATA_IN_ENVELOPE}


def test_a_stop_notice_names_nobody():
    assert kinds([record()], [stop_notice(text="Stop contacting Alex Morgan")]) == {What.PERSONAL_DATA_IN_ENVELOPE}


SUMMARY = "Rear door forced overnight, bicycle and tools taken from the garage."


@pytest.mark.parametrize("send", [referral, stop_notice])
def test_the_mail_to_the_service_shows_no_free_text(send):
    assert kinds([record()], [notice(), send(text=SUMMARY)]) == {What.FREE_TEXT}


def test_short_free_text_is_found_in_anything_and_so_is_not_looked_for():
    assert leaks([record(summary="Theft")], [notice()]) == []


HELD_TASKS = {
    "the name": {"text": "Ring Alex Morgan."},
    "the name in the subject": {"subject": "Alex Morgan"},
    "the e-mail": {"text": "Write to ALEX.MORGAN@example.org"},
    "the mobile": {"html": "<p>07700 900 123</p>"},
    "the date of birth": {"text": "born 1988-04-02"},
}


@pytest.mark.parametrize("name", HELD_TASKS)
def test_a_task_about_a_held_victim_shows_no_detail(name):
    case = record(flags__domestic_abuse=True)
    assert kinds([case], [task(**HELD_TASKS[name])]) == {What.DETAIL_IN_TASK}


def test_a_task_may_name_the_officer_who_is_called_like_the_victim():
    case = record(markers=["fgm"], victims=[victim(given_name="Sam", family_name="Ash")])
    assert leaks([case], [task(text="Officer: PC Sam Ash")]) == []
    assert kinds([case], [task(text="Officer: PC Sam Ash. Victim: Sam Ash")]) == {What.DETAIL_IN_TASK}


ANSWERS = {
    "the name": ("Dear Alex Morgan", What.DETAILS_TO_PUBLIC),
    "the address": ("1 Wood Street", What.DETAILS_TO_PUBLIC),
    "the free text": (SUMMARY, What.FREE_TEXT),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_to_the_public_tells_nothing_of_the_case(name):
    text, what = ANSWERS[name]
    answer = notice(audience="public", text=PREVIEW + text, html=None)
    assert kinds([record()], [answer]) == {what}


OTHERS = {
    "the name": "Robin Ellery",
    "the e-mail": "robin@example.org",
    "the mobile": "+44 7700 900 777",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_message_names_no_other_victim(name):
    case = record(victims=[victim(), second_victim()])
    found = leaks([case], [notice(text=PREVIEW + OTHERS[name])])
    assert [(leak.victim_id, leak.what) for leak in found] == [("V2", What.OTHER_PERSON_NAMED)]


def test_an_address_that_is_one_text_is_found_too():
    case = person_record(address="1 Wood Street, Heanor")
    assert kinds([case], [sms(text="1 Wood Street, Heanor")]) == {What.CRIME_DETAIL_IN_SMS}
    assert kinds([case], [stop_notice(text="1 wood street, heanor")]) == {What.PERSONAL_DATA_IN_ENVELOPE}
