"""What the console's reading pages show a person: search, the story of an occurrence, messages as their readers see them, the flow."""

import json
import re
from urllib.parse import urlencode

from tests.e2e.stored_rows import letter_to, notification_row, put_case, put_row, send_mail

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'&"


def test_the_console_finds_a_case_by_either_form_of_its_reference(machine):
    put_case(machine, "26000799901", HOSTILE)
    for typed in ("26000799901", "26*799901", " 26*799901 ", "26 799901", "26/799 901", "ref 26*799901", "REF: 26000 799 901"):
        status, page, _ = machine.call("/local/?" + urlencode({"reference": typed}))
        assert status == 200
        assert "<h1>Occurrence 26000799901</h1>" in page, typed


def test_what_is_typed_in_part_is_offered_and_what_is_no_reference_is_helped(machine):
    put_case(machine, "26000799901", "Alex")
    for typed in ("99901", "26799901", "7999 01"):
        status, page, _ = machine.call("/local/search?reference=" + typed.replace(" ", "+"))
        assert (status, '<a href="/local/case/26000799901">' in page) == (200, True), typed
    _, page, _ = machine.call("/local/search?reference=nobody")
    assert "Names and addresses cannot be searched for" in page


def test_a_case_shows_route_rule_and_what_is_owed(machine):
    put_case(machine, "26000799901", HOSTILE)
    _, page, headers = machine.call("/local/case/26000799901")
    for wanted in (
        "held",
        "da.flag",
        "2026-11",
        "flags.domestic_abuse",
        "SPEC-1WD",
        "find out what is missing",
        "the end of Mon 23 Nov 2026",
        "PC Sam Ash",
        "not known",
    ):
        assert wanted in page, wanted
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")


def test_hostile_text_is_text_on_every_page(machine):
    put_case(machine, "26000799901", HOSTILE)
    notification_row(machine, "mail-hostile", occurrence_ref="26000799901", victim_id="V1")
    send_mail(machine, "mail-hostile", subject=HOSTILE, html=f"<p>{HOSTILE}</p>")
    for path in (
        "/local/",
        "/local/owed",
        "/local/case/26000799901",
        "/local/outbox",
        "/local/case/%3Cscript%3E",
        "/local/?reference=%3Cscript%3E",
    ):
        _, page, _ = machine.call(path)
        assert page.count("<script") == page.count('<script src="/local/console.js" defer></script>') == 1, path
        assert "49" not in re.findall(r"alert\(1\)[^ ]{0,20}", page), path
    seen = re.findall(r'href="(/local/message/[^"]+)"', machine.call("/local/case/26000799901")[1])
    page = next(page for path in seen if "alert(1)" in (page := machine.call(path)[1]))
    assert page.count("<script") == 1
    frames = re.findall(r'<iframe class="\w+" sandbox="" src="([^"]+)" title="[^"]+" width="(\d+)"', page)
    assert [width for _, width in frames] == ["360", "720"]
    _, shown, headers = machine.call(frames[0][0])
    assert HOSTILE in shown
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_letter_and_an_attached_pdf_are_pictures_with_their_words(machine):
    pdf = letter_to("Alex Morgan", "1 Wood Street", "Heanor", "DE75 7XX")
    notification_row(machine, "letter2", channel="letter", sent_at="2026-11-20T12:00:00Z")
    machine.client("s3").put_object(Bucket="kept-informed-letters", Key="letter2.pdf", Body=pdf)
    notification_row(machine, "mail-pdf", occurrence_ref="26000799901")
    send_mail(machine, "mail-pdf", subject="About reference 26000799901", html="<p>x</p>", attachment=pdf)
    mail = next(m for m in machine.outbox() if m["notification_id"] == "mail-pdf")["attachments"][0]["url"].removesuffix("/0")
    for path in ("/local/message/letter2", mail.removeprefix(machine.web_url)):
        _, page, _ = machine.call(path)
        assert "About reference 26000799901" in page
        assert "1 Wood Street" in page
        pictures = re.findall(r'<img src="([^"]+)" alt="Page \d of \d of [^"]+"', page)
        assert pictures, path
        status, content, headers = machine.call(pictures[0])
        assert (status, headers["content-type"], content[:8]) == (200, "image/png", b"\x89PNG\r\n\x1a\n")
        assert machine.call(pictures[0].replace("1.png", "99.png"))[0] == 404
        assert machine.call(pictures[0].replace("1.png", "0.png"))[0] == 404


def test_a_text_message_shows_what_it_costs(machine):
    notification_row(machine, "text-1", channel="sms")
    machine.client("pinpoint-sms-voice-v2").send_text_message(
        DestinationPhoneNumber="+447700900123",
        OriginationIdentity="DerbyPolice",
        MessageBody="Zażółć " * 11,
        ConfigurationSetName="kept-informed",
        Context={"notification_id": "text-1"},
    )
    found = re.search(r'href="(/local/message/[^"]+)">Acknowledgement to the victim by text', machine.call("/local/outbox?channel=sms")[1])
    assert found
    page = machine.call(found[1])[1]
    assert "2 segments in UCS-2, 77 characters" in page


def test_messages_are_listed_by_channel_and_reader(machine):
    notification_row(machine, "mail-unit", audience="unit", message="task", unit="victim_care_unit")
    send_mail(machine, "mail-unit", subject="A task", html="<p>x</p>")
    page = machine.call("/local/outbox?channel=email&audience=unit")[1]
    assert "Task to the victim care unit by e-mail" in page
    assert "Acknowledgement" not in page
    for odd in ("page=0", "page=9999", "page=-1", "page=x", "channel=%3Cb%3E", "audience=nobody"):
        assert machine.call("/local/outbox?" + odd)[0] == 200, odd


def test_the_flow_counts_and_names_the_newest(machine):
    put_case(machine, "26000799901", HOSTILE)
    _, page, _ = machine.call("/local/flow")
    assert "<!doctype" not in page
    assert "Victims by route" in page
    home = machine.call("/local/")[1]
    assert 'data-live="/local/flow"' in home
    assert "http-equiv" not in home


def test_an_unknown_reference_is_said(machine):
    status, page, _ = machine.call("/local/?reference=26000799999")
    assert status == 200
    assert "Nothing is stored under “26000799999”" in page
    assert machine.call("/local/case/26000799999")[0] == 404


def test_the_quarantine_page_names_faults(machine):
    body = {
        "quarantine_id": "q1",
        "received_at": "2026-11-20T10:31:00Z",
        "reference": None,
        "kind": "occurrence",
        "faults": [["occurrence.victims[0].date_of_birth", "not a date"]],
    }
    put_row(machine, "quarantine", quarantine_id="q1", state="quarantined", received_at="2026-11-20T10:31:00Z", body=json.dumps(body))
    assert "occurrence.victims[0].date_of_birth" in machine.call("/local/quarantine")[1]
    assert machine.status()["records"]["quarantined"] >= 1


def test_a_reminder_leads_to_no_case_of_its_own(machine):
    notification_row(
        machine, "mail-digest", message="digest", audience="officer", unit="officer", reader="2345", occurrence_ref="digest#2345"
    )
    send_mail(machine, "mail-digest", subject="1 thing to do today", html="<p>x</p>")
    page = machine.call("/local/outbox?audience=officer")[1]
    assert "Reminder to officer 2345 by e-mail" in page
    assert "digest#" not in page
    assert machine.call("/local/search?reference=digest%232345")[0] == 200
    assert machine.call("/local/case/digest%232345")[0] == 404
    (mine,) = [message for message in machine.outbox() if message["notification_id"] == "mail-digest"]
    assert (mine["reference"], mine["message"], mine["audience"]) == (None, "digest", "officer")
