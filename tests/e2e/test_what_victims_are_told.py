"""What the acknowledgement says and must not say, by which channel and why; judged from what was delivered."""

import re
from datetime import timedelta

import pytest

from tests.e2e.customer import new_mobile, offence, on_victim, safe, stamp

NOBODY = {"given_name": None, "family_name": None, "date_of_birth": None, "relationship_to_suspect": None}
ACME = NOBODY | {"kind": "business", "organisation": "Acme Ltd", "contact_name": "Kim Lee"}


def by_text(*channels):
    """A change of the victim who asked for texts: a number, and what is safe."""

    def change(occurrence):
        on_victim(mobile=new_mobile(), preferred_channel="sms")(occurrence)
        safe(*channels)(occurrence)

    return change


CASES = {
    "plain": [],
    "assault": [lambda o: o.update(offences=[offence("8N")])],
    "not agreed": [on_victim(update_agreement=None)],
    "wants no updates": [on_victim(update_agreement={"every_days": None, "method": None, "next_update_on": None, "declined": True})],
    "enhanced": [on_victim(enhanced={"eligible": True, "reasons": ["persistently_targeted"], "assessed_by": "1", "assessed_at": None})],
    "hate": [lambda o: o["flags"].update(hate_crime=True)],
    "business": [on_victim(**ACME), lambda o: o.update(offences=[offence("46")])],
    "safe name": [on_victim(contact_safety={"safe_name": "Sandy"})],
    "no officer": [lambda o: o.update(officer=None, supervisor=None)],
    "text": [by_text("sms", "email")],
    "text only": [by_text("sms"), on_victim(email=None)],
    "text then letter": [by_text("sms", "letter"), on_victim(email=None)],
    "text not safe": [by_text("email")],
    "phone": [on_victim(preferred_channel="phone"), safe("phone", "email")],
    "letter": [on_victim(preferred_channel="letter"), safe("letter", "email")],
    "letter not safe": [on_victim(preferred_channel="letter"), safe("email")],
    "address does not work": [on_victim(email="nobody"), safe("email", "letter")],
    "letter without an address": [on_victim(email=None, address=None), safe("letter")],
    "may not say police": [on_victim(contact_safety={"may_say_police": False})],
    "large print": [on_victim(communication_needs=["large_print"])],
    **{f"need {need}": [on_victim(communication_needs=[need])] for need in ("interpreter", "bsl", "easy_read", "braille", "does_not_read")},
    **{f"language {language}": [on_victim(language=language)] for language in ("pl", "ur", "cy", "xx")},
    "language of England": [on_victim(language="en-GB")],
    "unconfirmed": [on_victim(contact_safety=None)],
    "unconfirmed by emergency call": [on_victim(contact_safety=None), lambda o: o.update(source="999")],
    "unconfirmed assault": [on_victim(contact_safety=None), lambda o: o.update(offences=[offence("8N")])],
    "unconfirmed letter": [on_victim(contact_safety=None, email=None)],
    "unconfirmed, none safe": [on_victim(contact_safety={"confirmed_at": None, "safe_channels": []})],
    "hostile": [on_victim(given_name="<b>{{ 7*7 }}</b>\r\nBcc: evil@example.org", family_name="\u202egro.live\u2066 Zoë 👩‍👩‍👧")],
    "lone surrogate": [on_victim(given_name="A\ud800nn")],
}


@pytest.fixture(scope="module")
def told(standing_customer):
    """By name of the case: the record and everything that was delivered about it."""
    records = {name: standing_customer.record(*changes) for name, changes in CASES.items()}
    long_ago = stamp(standing_customer.now() - timedelta(days=91))
    records["confirmed long ago"] = standing_customer.record(on_victim(contact_safety={"confirmed_at": long_ago}))
    standing_customer.told(*records.values())
    standing_customer.until_daytime_after(25)
    return {name: (record["occurrence"], standing_customer.delivered(record)) for name, record in records.items()}


def message(told, name, channel="email"):
    [found] = [m for m in told[name][1] if m["audience"] == "victim" and m["channel"] == channel]
    return found


def channels(told, name):
    return [(m["audience"], m["channel"]) for m in told[name][1]]


def preview(html):
    """What a mail program shows beside the subject: the first words of the body."""
    body = re.sub(r"<(head|style).*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())[:150]


def test_the_acknowledgement_says_what_it_must(told):
    occurrence, _ = told["plain"]
    text = message(told, "plain")["text"]
    officer = occurrence["officer"]
    for said in (
        "Burglary of a home", occurrence["reference"], officer["name"], officer["collar_number"], officer["email"], "every 10 days",
        "You can change how often", "Derbyshire Victim Services", "0800 612 6505", "We are passing on", "Victims' Code",
        "101", "estorative justice", "victims-code", "privacy-notice", "always call 999", "Not for you? Tell us",
    ):  # fmt: skip
        assert said in text, said
    assert "ompensation" not in text
    assert "Criminal Injuries Compensation" in message(told, "assault")["text"]


def test_the_envelope_says_nothing_of_the_crime(told):
    for name, (occurrence, delivered) in told.items():
        for mail in (m for m in delivered if m["audience"] == "victim" and m["channel"] == "email"):
            outside = f"{mail['subject']} {mail['from']} {preview(mail['html'])} {mail['text'][:200]}".lower()
            victim = occurrence["victims"][0]
            for said in ("burglary", "assault", "theft", "crime", "victim", "service", "urgent", "immediately", victim["family_name"]):
                assert not said or str(said).lower() not in outside.replace("preview", ""), (name, said)


def test_the_headers_are_a_persons_mailbox_and_no_tracking(told):
    mail = message(told, "plain")
    assert mail["from"].startswith("Derbyshire Constabulary <")
    assert mail["headers"]["Reply-To"] == "victim-information@derbyshire-police.test"
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert mail["headers"]["To"] == told["plain"][0]["victims"][0]["email"]
    assert not re.search(r"<img|<script|<link|<iframe|url\(", mail["html"])
    links = re.findall(r'href="([^"]+)"', mail["html"])
    assert links
    assert all("?" not in link and told["plain"][0]["reference"] not in link for link in links)


def test_html_and_text_say_the_same(told):
    mail = message(told, "plain")
    html = re.sub(r"<(head|style).*?</\1>", "", mail["html"], flags=re.DOTALL)
    words = re.findall(r"[a-z0-9]{4,}", re.sub(r"&#x27;|&quot;|<[^>]+>", " ", html).lower())
    said = re.findall(r"[a-z0-9]{4,}", re.sub(r"http\S+/case/\S+", "", mail["text"]).lower())  # in HTML the words are the link
    assert set(words) == set(said)


def test_updates_are_proposed_agreed_or_declined(told):
    assert "We agreed to update you every 10 days" in message(told, "plain")["text"]
    assert "We propose to update you every 10 days" in message(told, "not agreed")["text"]
    assert "every 10 days" not in message(told, "wants no updates")["text"]


@pytest.mark.parametrize("name", ["enhanced", "hate"])
def test_enhanced_rights_shorten_the_promise(told, name):
    assert "within 1 working day" in message(told, name)["text"]


def test_who_is_written_to(told):
    assert "Dear Kim Lee" in message(told, "business")["text"]
    assert "Dear Sandy" in message(told, "safe name")["text"]
    assert told["safe name"][0]["victims"][0]["family_name"] not in message(told, "safe name")["text"]
    assert "No officer has been named" in message(told, "no officer")["text"]


@pytest.mark.parametrize("name", ["text", "text only", "text then letter"])
def test_a_text_says_no_more_than_it_may(told, name):
    text = message(told, name, "sms")
    occurrence = told[name][0]
    for said in (
        "Derbyshire Police",
        occurrence["reference"],
        occurrence["officer"]["name"],
        occurrence["officer"]["collar_number"],
        "101",
    ):
        assert said in text["text"]
    assert not re.search(r"burglary|crime|victim|http|www|Morgan|Wood Street", text["text"], re.IGNORECASE)
    assert re.search(r"free support service.*say no", text["text"])
    assert (text["from"], text["subject"], text["html"]) == ("DerbyPolice", None, None)
    assert len(text["text"]) <= 160


def test_the_full_words_follow_a_text(told):
    assert sorted(channels(told, "text")) == [("service", "email"), ("victim", "email"), ("victim", "sms")]
    assert sorted(channels(told, "text then letter")) == [("service", "email"), ("victim", "letter"), ("victim", "sms")]
    assert sorted(channels(told, "text only")) == [("officer", "email"), ("service", "email"), ("victim", "sms")]
    [task] = [m for m in told["text only"][1] if m["audience"] == "officer"]
    assert "written acknowledgement" in task["text"]


@pytest.mark.parametrize(
    ("name", "channel", "reason"),
    [
        ("text not safe", "email", "You asked us to contact you by text message"),
        ("phone", "email", "You asked us to contact you by phone"),
        ("letter not safe", "email", "You asked us to contact you by letter"),
        ("address does not work", "letter", "You asked us to contact you by email"),
    ],
)
def test_another_channel_is_told_with_its_reason(told, name, channel, reason):
    assert reason in message(told, name, channel)["text"]
    assert "You asked us to contact you" not in message(told, "plain")["text"]


def test_a_letter_is_in_its_bucket_and_addressed(told, standing_customer):
    letter = message(told, "letter", "letter")
    victim = told["letter"][0]["victims"][0]
    assert letter["to"] == ", ".join([f"Alex {victim['family_name']}", *victim["address"]])
    kept = standing_customer.machine.client("s3").get_object(Bucket="kept-informed-letters", Key=f"{letter['notification_id']}.pdf")
    assert kept["Body"].read(5) == b"%PDF-"
    assert "Burglary of a home" in letter["text"]
    assert "reply to this email" not in letter["text"]


@pytest.mark.parametrize(
    "name",
    ["letter without an address", "may not say police", "unconfirmed by emergency call", "unconfirmed assault", "unconfirmed letter",
     "unconfirmed, none safe", *[f"need {need}" for need in ("interpreter", "bsl", "easy_read", "braille", "does_not_read")],
     *[f"language {language}" for language in ("pl", "ur", "cy", "xx")]],
)  # fmt: skip
def test_who_cannot_be_told_is_not_referred_either(told, name):
    assert channels(told, name) == [("officer", "email")]


@pytest.mark.parametrize("name", ["unconfirmed", "confirmed long ago", "language of England", "large print"])
def test_who_gave_an_address_is_told(told, name):
    assert channels(told, name) == [("victim", "email"), ("service", "email")]


def test_hostile_names_stay_text(told):
    mail = message(told, "hostile")
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt; Bcc: evil@example.org" in mail["html"]
    assert "Dear <b>{{ 7*7 }}</b> Bcc: evil@example.org gro.live Zoë 👩‍👩‍👧," in mail["text"]
    assert "Bcc" not in mail["headers"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", mail["text"] + mail["html"])
    assert channels(told, "lone surrogate") == [("victim", "email"), ("service", "email")]
