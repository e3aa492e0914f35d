"""The leak check finds every kind of planted leak, and finds nothing where everything was right."""

import pytest

from chalicelib.domain.leaks import Leak, What
from tests.unit.domain.leak_cases import (
    AFTER,
    BEFORE,
    CHILD,
    DOMESTIC,
    LONG_AGO,
    OTHER,
    REFERENCE,
    SENT_AT,
    SERVICE,
    UNCONFIRMED,
    business,
    changed,
    kinds,
    leaks,
    letter,
    notice,
    person_record,
    record,
    referral,
    representative,
    robbery,
    second_victim,
    sms,
    stop_notice,
    task,
    victim,
)

SHARED_PHONE = second_victim(mobile="07700 900123")


CLEAN = {
    "an incident that names an offence": ([record(record_type="incident")], [notice(), referral()]),
    "notice and referral": ([record()], [notice(), referral()]),
    "nothing sent": ([record(**DOMESTIC)], []),
    "no record and no message": ([], []),
    "a text message": ([record()], [sms()]),
    "a text message to the same number, written otherwise": ([record()], [sms(to="07700 900 123")]),
    "a number with the trunk zero": ([person_record(mobile="+44 (0)7700 900123")], [sms()]),
    "a letter": ([record()], [letter()]),
    "the address as one text": ([person_record(address="1 Wood Street, Heanor, DE75 7XX")], [letter()]),
    "an address in other case, with a display name": ([record()], [notice(to="Alex Morgan <ALEX.morgan@example.org>")]),
    "short reference": ([record(reference="26*712345")], [notice(), referral(reference="26 000712345")]),
    "victim not told, one receives there": ([record(victims=[victim(), second_victim(**CHILD)])], [notice(victim_id=None)]),
    "victim not told, referral of a clean occurrence": ([record()], [notice(victim_id=None), referral(victim_id=None)]),
    "repeated record": ([record(), record()], [notice(), referral()]),
    "doubt filled by a newer version, out of order": (
        [record(AFTER, version=3), record(BEFORE, version=2), record(BEFORE, flags__safeguarding=None)],
        [notice(), referral()],
    ),
    "specialist only later": ([record(BEFORE), record(AFTER, version=2, **DOMESTIC)], [notice(), referral()]),
    "specialist elsewhere only later": ([record(BEFORE), record(AFTER, reference=OTHER, **DOMESTIC)], [notice()]),
    "a clean case elsewhere": ([record(), record(reference=OTHER)], [notice(), referral()]),
    "doubtful elsewhere": ([record(), record(reference=OTHER, flags__domestic_abuse=None)], [notice()]),
    "somebody else is specialist": ([record(), record(reference=OTHER, victims=[second_victim()], **DOMESTIC)], [notice()]),
    "accepted in the second in which the notice was": ([record(SENT_AT)], [notice(), referral(accepted_at=SENT_AT)]),
    "another kind of record with an occurrence in it": ([record(), {**record(version=2, **DOMESTIC), "kind": "review"}], [notice()]),
    "a hate crime": ([record(flags__hate_crime=True)], [notice()]),
    "hate crime not known": ([record(flags__hate_crime=None)], [notice()]),
    "closed": ([record(status="closed")], [notice()]),
    "relationship unknown in a burglary": ([person_record(relationship_to_suspect=None)], [notice(), referral()]),
    "a stranger's robbery": ([robbery()], [notice(), referral()]),
    "reported by a third party, safety confirmed": ([record(source="third_party")], [notice()]),
    "only the required fields besides contact": ([record(markers=..., restricted=..., summary=..., officer=...)], [notice()]),
    "class in other case and spacing": ([record(offences=[{"code": " 28 e "}])], [notice()]),
    "opted out: notice without referral": ([person_record(referral_opt_out=True)], [notice()]),
    "a business with a named contact": ([record(victims=[business()])], [notice(), referral()]),
    "an adult through a representative": ([person_record(representative=representative())], [notice(to="jude@example.org"), referral()]),
    "a stop notice about a specialist": ([record(**DOMESTIC)], [stop_notice()]),
    "a withdrawal about a specialist": ([record(**DOMESTIC)], [stop_notice(message="withdrawal")]),
    "a task about a specialist": ([record(**DOMESTIC)], [task()]),
    "a task by exact role address": ([record(**DOMESTIC)], [task(to="Desk <desk@police.example.test>", audience="operations")]),
    "a message to the officer": ([record(**DOMESTIC)], [task(to="sam.ash@example.test", audience="officer")]),
    "a message to the supervisor": ([record(**DOMESTIC)], [task(to="jo.reed@example.test", audience="supervisor")]),
    "an officer of the directory": (
        [record(), {"kind": "officer", "officer": {"collar_number": "7", "email": "kit@example.test", "mobile": "07700900900"}}],
        [task(to="kit@example.test", audience="officer"), task(to="+447700900900", channel="sms", audience="officer")],
    ),
    "a task that names somebody who is not held": ([record()], [task(text="Ring Alex Morgan, alex.morgan@example.org.")]),
    "a digest without reference": ([record(**DOMESTIC)], [task(reference=None)]),
    "other kinds of record": ([record(), {"kind": "review", "review": {}}, {"kind": "occurrence", "occurrence": None}], [notice()]),
    "a confirmation to a victim": ([record()], [notice(audience="public", text="We have a message.", html=None)]),
    "a confirmation by text": ([record()], [sms(audience="public", text="We have a message. Call 101.")]),
    "what was written, to the officer of a case that is not held": (
        [record()],
        [task(audience="officer", to="sam.ash@example.test", text="Claimed to be from Alex Morgan.")],
    ),
    "two of one household with one name and telephone": (
        [record(victims=[victim(), victim(id="V2", person_ref="N9", address=["1 Wood Street"])])],
        [notice(text="Dear Alex Morgan, we have your number as 07700 900123.")],
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_was_right_is_no_leak(name):
    assert leaks(*CLEAN[name]) == []


PLANTED = {
    What.AUTOMATIC_MESSAGE_TO_SPECIALIST: ([record(**DOMESTIC)], [notice()]),
    What.AUTOMATIC_MESSAGE_TO_DOUBTFUL: ([record(flags__domestic_abuse=None)], [notice()]),
    What.NO_ROUTE: ([record(status="cancelled")], [notice()]),
    What.HELD_ELSEWHERE: ([record(), record(reference=OTHER, **DOMESTIC)], [notice()]),
    What.DO_NOT_CONTACT: ([person_record(contact_safety__do_not_contact=True)], [notice()]),
    What.DETAILS_TO_SERVICE: ([record(**DOMESTIC)], [referral()]),
    What.REFERRAL_WITHOUT_NOTICE: ([record()], [referral()]),
    What.UNSAFE_CHANNEL: ([person_record(contact_safety__safe_channels=["sms"])], [notice()]),
    What.SENT_TO_SUSPECT_LINKED_REPRESENTATIVE: (
        [person_record(representative=representative(linked_to_suspect=True))],
        [notice(to="jude@example.org")],
    ),
    What.RECIPIENT_UNKNOWN: ([record()], [notice(to="stranger@example.org")]),
    What.VICTIM_UNKNOWN: ([record()], [notice(victim_id="V9")]),
    What.REFERENCE_UNKNOWN: ([record()], [notice(reference="26000799999")]),
    What.AUDIENCE_UNKNOWN: ([record()], [notice(audience=None)]),
    What.LANGUAGE_NOT_MET: ([person_record(language="pl")], [notice()]),
    What.CRIME_DETAIL_IN_SMS: ([record()], [sms(text="About your burglary")]),
    What.PERSONAL_DATA_IN_ENVELOPE: ([record()], [notice(subject="Your burglary")]),
    What.DETAILS_TO_PUBLIC: ([record()], [notice(audience="public")]),
    What.OTHER_PERSON_NAMED: ([record(victims=[victim(), second_victim()])], [notice(text="You and Robin Ellery")]),
    What.FREE_TEXT: ([record()], [notice(text="Rear door  forced overnight,\nbicycle and tools taken from the garage. ")]),
    What.LEFT_THE_FORCE: ([record()], [task(to="alex.morgan@example.org")]),
    What.DETAIL_IN_TASK: ([record(**DOMESTIC)], [task(text="Ring Alex Morgan.")]),
}


@pytest.mark.parametrize("what", list(What))
def test_a_planted_leak_of_every_kind_is_found(what):
    assert what in kinds(*PLANTED[what])


def test_a_leak_names_the_message_the_victim_and_the_rule_but_no_value():
    assert leaks([record(**DOMESTIC)], [notice()]) == [
        Leak(REFERENCE, "V1", "n-notice", What.AUTOMATIC_MESSAGE_TO_SPECIALIST, "flags.domestic_abuse is true", SENT_AT)
    ]


# (records, messages, what is found): what decides beside the signs of the case itself.
ALSO_LEAKS = {
    "the reason is sticky": ([record(BEFORE, **DOMESTIC), record(BEFORE, version=2)], [notice()], "AUTOMATIC_MESSAGE_TO_SPECIALIST"),
    "a plain record counts as known always": (
        [record(BEFORE), record(version=2, **DOMESTIC)],
        [notice()],
        "AUTOMATIC_MESSAGE_TO_SPECIALIST",
    ),
    "an unreadable moment of receipt counts as always": ([record("soon", **DOMESTIC)], [notice()], "AUTOMATIC_MESSAGE_TO_SPECIALIST"),
    "an unreadable moment of sending is judged by everything": (
        [record(BEFORE), record(AFTER, version=2, **DOMESTIC)],
        [notice(accepted_at=None)],
        "AUTOMATIC_MESSAGE_TO_SPECIALIST",
    ),
    "an old doubt does not go by an older clean version": (
        [record(version=1), record(version=2, flags__safeguarding=None)],
        [notice()],
        "AUTOMATIC_MESSAGE_TO_DOUBTFUL",
    ),
    "two contents under one number": ([record(), record(flags__safeguarding=None)], [notice()], "AUTOMATIC_MESSAGE_TO_DOUBTFUL"),
    "a version that is no number": ([record(version="two", flags__safeguarding=None)], [notice()], "AUTOMATIC_MESSAGE_TO_DOUBTFUL"),
    "another victim's partner decides for everyone": (
        [record(victims=[victim(), second_victim(relationship_to_suspect="partner")])],
        [notice()],
        "AUTOMATIC_MESSAGE_TO_SPECIALIST",
    ),
    "a transferred record": ([record(status="transferred")], [notice()], "NO_ROUTE"),
    "an incident without an offence": ([record(record_type="incident", offences=[])], [notice()], "NO_ROUTE"),
    "a referral of a doubtful victim": ([record(flags__safeguarding=None)], [notice(), referral()], "DETAILS_TO_SERVICE"),
    "a referral of a cancelled record": ([record(status="cancelled")], [referral()], "DETAILS_TO_SERVICE"),
    "a referral after opting out": ([person_record(referral_opt_out=True)], [notice(), referral()], "DETAILS_TO_SERVICE"),
    "a referral when nobody asked": ([person_record(referral_opt_out=None)], [notice(), referral()], "DETAILS_TO_SERVICE"),
    "a referral before the notice": ([record()], [notice(accepted_at=AFTER), referral()], "REFERRAL_WITHOUT_NOTICE"),
    "a referral on another victim's notice": (
        [record(victims=[victim(), second_victim()])],
        [notice(), referral(victim_id="V2")],
        "REFERRAL_WITHOUT_NOTICE",
    ),
    "a referral of one held among others, victim not told": (
        [record(victims=[victim(), second_victim(**CHILD)])],
        [notice(), referral(victim_id=None)],
        "DETAILS_TO_SERVICE",
    ),
    "a referral held elsewhere": ([record(), record(reference=OTHER, **DOMESTIC)], [notice(), referral()], "HELD_ELSEWHERE"),
    "a referral to somebody else": ([record()], [notice(), referral(to="anyone@example.org")], "RECIPIENT_UNKNOWN"),
    "a referral to two addresses": ([record()], [notice(), referral(to=f"{SERVICE}, x@example.org")], "RECIPIENT_UNKNOWN"),
    "a referral of a removed victim": ([record(), record(version=2, victims=[])], [referral()], "VICTIM_UNKNOWN"),
    "nobody to refer": ([record(victims=[])], [referral(victim_id=None)], "VICTIM_UNKNOWN"),
    "a message without reference": ([record()], [notice(reference=None)], "REFERENCE_UNKNOWN"),
    "a record that came later": ([record(AFTER)], [notice()], "REFERENCE_UNKNOWN"),
    "an address of an older version": (
        [record(), record(version=2, victims=[victim(email="new@example.org")])],
        [notice()],
        "RECIPIENT_UNKNOWN",
    ),
    "a letter to another house": ([record()], [letter(to="2 Wood Street, Heanor")], "RECIPIENT_UNKNOWN"),
    "a letter without any address": ([person_record(address=None)], [letter()], "RECIPIENT_UNKNOWN"),
    "the victim instead of the representative": ([person_record(representative=representative())], [notice()], "RECIPIENT_UNKNOWN"),
    "nobody's address, victim not told": (
        [record(**DOMESTIC)],
        [notice(to="x@example.org", victim_id=None)],
        "AUTOMATIC_MESSAGE_TO_SPECIALIST",
    ),
    "a representative of whom nothing is known": (
        [person_record(representative=representative(linked_to_suspect=None))],
        [notice(to="jude@example.org")],
        "SENT_TO_SUSPECT_LINKED_REPRESENTATIVE",
    ),
    "a telephone shared with somebody not to be contacted": (
        [record(victims=[victim(), changed(SHARED_PHONE, contact_safety__do_not_contact=True)])],
        [sms()],
        "DO_NOT_CONTACT",
    ),
    "removed while not to be contacted": (
        [person_record(contact_safety__do_not_contact=True), record(version=2, victims=[])],
        [notice()],
        "DO_NOT_CONTACT",
    ),
    "no safe channel at all": ([person_record(contact_safety__safe_channels=[])], [notice()], "UNSAFE_CHANNEL"),
    "safe channels not known": ([person_record(contact_safety__safe_channels=None)], [notice()], "UNSAFE_CHANNEL"),
    "nothing known of contact safety": ([person_record(**UNCONFIRMED)], [notice()], "UNSAFE_CHANNEL"),
    "confirmed too long ago": ([person_record(contact_safety__confirmed_at=LONG_AGO)], [notice()], "UNSAFE_CHANNEL"),
    "never confirmed": ([person_record(contact_safety__confirmed_at=None)], [notice()], "UNSAFE_CHANNEL"),
    "confirmed in the future": ([person_record(contact_safety__confirmed_at="2027-01-01T00:00:00Z")], [notice()], "UNSAFE_CHANNEL"),
    "an unknown channel": ([record()], [notice(channel="pigeon")], "UNSAFE_CHANNEL"),
    "an interpreter is needed": ([person_record(communication_needs=["interpreter"])], [notice()], "LANGUAGE_NOT_MET"),
    "Polish to a reader of English": ([record()], [notice(language="pl")], "LANGUAGE_NOT_MET"),
    "a stop notice to somebody else": ([record(**DOMESTIC)], [stop_notice(to="x@example.org")], "RECIPIENT_UNKNOWN"),
    "a stop notice with an attachment": ([record(**DOMESTIC)], [stop_notice(attachments=[{"filename": "a.pdf"}])], "DETAILS_TO_SERVICE"),
    "a stop notice of no occurrence": ([], [stop_notice()], "REFERENCE_UNKNOWN"),
    "a task to an officer's number in an address": (
        [{"kind": "officer", "officer": {"mobile": "07700900900"}}],
        [task(to="07700900900@example.org")],
        "LEFT_THE_FORCE",
    ),
    "a task to nobody": ([], [task(to=None)], "LEFT_THE_FORCE"),
    "a confirmation to a specialist victim": (
        [record(**DOMESTIC)],
        [notice(audience="public", text="We have a message.", html=None)],
        "AUTOMATIC_MESSAGE_TO_SPECIALIST",
    ),
    "a confirmation where it is not known": (
        [record(flags__domestic_abuse=None)],
        [notice(audience="public", text="We have a message.", html=None)],
        "AUTOMATIC_MESSAGE_TO_DOUBTFUL",
    ),
    "a confirmation to whom nobody may write": (
        [person_record(contact_safety__do_not_contact=True)],
        [notice(audience="public", text="We have a message.", html=None)],
        "DO_NOT_CONTACT",
    ),
    "a confirmation by a way that is not safe": (
        [person_record(contact_safety__safe_channels=["sms"])],
        [notice(audience="public", text="We have a message.", html=None)],
        "UNSAFE_CHANNEL",
    ),
    "a confirmation to what was typed into the form": (
        [record()],
        [notice(audience="public", to="kim@example.org", text="We have a message.", html=None)],
        "RECIPIENT_UNKNOWN",
    ),
    "a confirmation about nothing": ([record()], [notice(audience="public", reference=None)], "REFERENCE_UNKNOWN"),
    "what was written, in a mail about a specialist": (
        [record(**DOMESTIC)],
        [task(audience="officer", to="sam.ash@example.test", text="Claimed to be from Alex Morgan.")],
        "DETAIL_IN_TASK",
    ),
    "an answer to the address of a specialist victim": (
        [record(**DOMESTIC)],
        [notice(audience="public", text="Thank you.", html=None)],
        "HELD_ELSEWHERE",
    ),
}


@pytest.mark.parametrize("name", ALSO_LEAKS)
def test_further_leaks_are_found(name):
    records, messages, what = ALSO_LEAKS[name]
    assert What[what] in kinds(records, messages)
