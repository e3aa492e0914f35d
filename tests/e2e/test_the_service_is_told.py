"""The referral that the victim service gets: one page, coded fields only, the safe ways alone, and an e-mail without anybody in it."""

import io
from urllib.request import urlopen

import pytest
from pypdf import PdfReader

from tests.e2e.customer import offence, on_victim, safe

HOSTILE = '#import "x": * $x^2$ *bold* #sys.inputs @ref <label> <b>{{ 7*7 }}</b>'


def enhanced(occurrence):
    on_victim(
        enhanced={"eligible": True, "reasons": ["persistently_targeted"], "assessed_by": "1", "assessed_at": None},
        communication_needs=["large_print", "text_relay"],
        requests="A woman to call, please",
        contact_safety={"instructions": "Ring twice", "voicemail_ok": True, "may_say_police": True},
    )(occurrence)


CASES = {
    "plain": [on_victim(mobile="+447700900990"), safe("email")],
    "two channels": [on_victim(mobile="+447700900991"), safe("email", "sms", "phone")],
    "enhanced": [enhanced],
    "hate": [lambda o: o["flags"].update(hate_crime=True)],
    "hostile": [on_victim(given_name=HOSTILE, requests=HOSTILE), lambda o: o.update(summary="Marked summary. " * 600, markers=[])],
    "long": [on_victim(given_name="W" * 500, requests="m" * 500, contact_safety={"instructions": "w " * 250})],
    "scripts": [on_victim(given_name="محمد", family_name="王小明 ਗੁਰਪ੍ਰੀਤ Żółć")],
    "business": [
        on_victim(kind="business", organisation="Acme Ltd", contact_name="Kim Lee", given_name=None, family_name=None, date_of_birth=None),
        lambda o: o.update(offences=[offence("46")]),
    ],
}


@pytest.fixture(scope="module")
def referred(standing_customer):
    """By case: the occurrence, the e-mail to the service, the PDF and its reader."""
    records = {name: standing_customer.record(*changes) for name, changes in CASES.items()}
    records["plain"]["occurrence"]["victims"].append(
        standing_customer.victim(given_name="Secondary", family_name="Person", referral_opt_out=True)
    )
    standing_customer.told(*records.values())
    standing_customer.until_daytime_after(1)
    found = {}
    for name, record in records.items():
        mail = standing_customer.delivered(record, "service")[0]
        with urlopen(mail["attachments"][0]["url"]) as answer:
            content = answer.read()
        found[name] = (record["occurrence"], mail, content, PdfReader(io.BytesIO(content)))
    return found


def text(referred, name):
    return referred[name][3].pages[0].extract_text()


@pytest.mark.parametrize("name", CASES)
def test_one_tagged_page_with_its_fonts(referred, name):
    _, mail, content, reader = referred[name]
    assert len(mail["attachments"]) == 1
    assert mail["attachments"][0]["size"] == len(content)
    assert len(reader.pages) == 1
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in content.replace(b" ", b"") or "pdfuaid" in str(reader.xmp_metadata.stream.get_data())
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        whole = font.get_object()
        inner = whole["/DescendantFonts"][0].get_object() if "/DescendantFonts" in whole else whole
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_named_outside_the_page(referred, name):
    occurrence, mail, _, reader = referred[name]
    outside = [mail["subject"], mail["text"], mail["html"], mail["attachments"][0]["filename"], str(dict(reader.metadata or {}))]
    for victim in occurrence["victims"]:
        for key in ("given_name", "family_name", "organisation", "contact_name", "email", "mobile"):
            assert not victim[key] or not any(victim[key] in part for part in outside), key
    assert occurrence["reference"] in mail["attachments"][0]["filename"]
    assert mail["to"] == "referrals@derbyshire-victim-services.test"


def test_the_page_says_what_the_service_needs(referred):
    occurrence = referred["enhanced"][0]
    page = text(referred, "enhanced")
    for said in (
        "OFFICIAL-SENSITIVE",
        occurrence["reference"],
        occurrence["victims"][0]["email"],
        "nhanced",
        "arge print",
        "A woman to call",
        "Ring twice",
        "28E",
        "Amber Valley",
    ):
        assert said in page, said
    assert "nhanced" in text(referred, "hate")
    assert "nhanced" not in text(referred, "plain")
    assert "Kim Lee" in text(referred, "business")


def test_the_page_says_nothing_else(referred):
    occurrence = referred["plain"][0]
    page = text(referred, "plain").replace("\n", " ")
    for kept in (
        "Rear door",
        "bicycle",
        "Wood Street",
        "Heanor",
        "Other",
        occurrence["victims"][1]["email"],
        "900990",
        "7700",
        "1988",
        "stranger",
    ):
        assert kept not in page, kept
    assert "Marked summary" not in text(referred, "hostile")


def test_only_safe_ways_are_on_the_page(referred):
    assert "900991" in text(referred, "two channels").replace(" ", "")
    assert "900990" not in text(referred, "plain").replace(" ", "")


def test_hostile_text_stays_text(referred):
    page = "".join(text(referred, "hostile").split())
    assert "".join(HOSTILE.split()) in page
    for letters in ("王小明", "Żółć"):
        assert letters in text(referred, "scripts") or "□" in text(referred, "scripts")
    assert "?" not in text(referred, "scripts")
