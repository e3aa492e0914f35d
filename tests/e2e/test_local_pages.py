"""What `/local/` answers, as other programs and people rely on it; messages are put in as a provider or a worker would."""

import json
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from infra.local.pages import ahead, london

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'&"


def send_mail(machine, notification_id: str, *, subject: str, html: str, attachment: bytes | None = None) -> None:
    mail = EmailMessage()
    mail["From"] = "Derbyshire Constabulary <keeping-you-informed@derbyshire-police.test>"
    mail["To"] = "alex.morgan@example.org"
    mail["Subject"] = subject
    mail.set_content("In plain words.")
    mail.add_alternative(html, subtype="html")
    if attachment:
        mail.add_attachment(attachment, maintype="application", subtype="pdf", filename="referral.pdf")
    machine.client("sesv2").send_email(
        FromEmailAddress=str(mail["From"]),
        Destination={"ToAddresses": ["alex.morgan@example.org"]},
        Content={"Raw": {"Data": mail.as_bytes()}},
        ConfigurationSetName="kept-informed",
        EmailTags=[{"Name": "notification_id", "Value": notification_id}],
    )


def put_row(machine, table: str, **values: str) -> None:
    item = {name: {"S": value} for name, value in values.items()}
    machine.client("dynamodb").put_item(TableName=f"kept-informed-{table}", Item=item)


def notification_row(machine, notification_id: str, **values: str) -> None:
    known = {"message": "acknowledgement", "language": "en", "audience": "victim", "channel": "email", "state": "sent"}
    times = {"created_at": "2026-11-20T10:31:00Z", "occurrence_ref": "26000799901"}
    put_row(machine, "notifications", notification_id=notification_id, **known | times | values)


def test_readiness(machine):
    assert machine.call("/local/ready")[:2] == (200, {"ready": True})


def test_the_clock_tells_and_moves_and_refuses(machine):
    before = datetime.fromisoformat(machine.call("/local/clock")[1]["clock"])
    assert machine.call("/local/clock", {"advance": "PT2H"})[0] == 200
    after = datetime.fromisoformat(machine.call("/local/clock")[1]["clock"])
    assert 7200 <= (after - before).total_seconds() < 7260
    status, answer, _ = machine.call("/local/clock", {"set": before.isoformat()})
    assert status == 200
    assert abs((datetime.fromisoformat(answer["clock"]) - before).total_seconds()) <= 1
    for wrong in ({"advance": "soon"}, {"set": "2026-12-01"}, {"advance": "P1D", "set": "x"}, b"not json", []):
        status, answer, _ = machine.call("/local/clock", wrong)
        assert status == 400, wrong
        assert answer["error"]


def test_workers_read_the_offset_from_the_control_table(machine):
    machine.advance("PT1M")
    row = machine.client("dynamodb").get_item(TableName="kept-informed-control", Key={"name": {"S": "clock"}})["Item"]
    assert int(row["offset_seconds"]["N"]) == machine.call("/local/clock")[1]["offset_seconds"]


def test_drain_of_a_quiet_machine(machine):
    machine.drain()


def test_faults_are_taken_listed_cleared_and_refused(machine):
    rules = [{"service": "ses", "operation": "SendEmail", "mode": "throttle", "times": 3}]
    assert machine.call("/local/faults", rules)[:2] == (200, rules)
    assert machine.call("/local/faults")[1] == rules
    status, answer, _ = machine.call("/local/faults", [{"service": "post", "mode": "throttle"}])
    assert status == 400
    assert "[0].service" in answer["error"]
    assert machine.call("/local/faults", b"{")[0] == 400
    assert machine.call("/local/faults", [])[:2] == (200, [])


def test_the_counts_have_their_fixed_shape(machine):
    counts = machine.status()
    assert set(counts) == {"clock", "records", "routes", "notifications", "obligations", "queues"}
    assert set(counts["records"]) == {"received", "recorded", "stale", "quarantined"}
    queues = ["records", "records-dlq", "dispatch", "dispatch-dlq", "quarantine"]
    assert set(counts["queues"]) == {f"kept-informed-{name}" for name in queues}
    assert all(set(depth) == {"visible", "in_flight"} for depth in counts["queues"].values())


def test_a_mail_is_listed_with_what_its_row_knows(machine):
    notification_row(machine, "mail-1")
    send_mail(machine, "mail-1", subject="About reference 26000799901", html="<p>In plain words.</p>", attachment=b"%PDF-1.7 short")
    (listed,) = [m for m in machine.outbox() if m["notification_id"] == "mail-1"]
    assert set(listed) == {
        "channel",
        "to",
        "from",
        "subject",
        "text",
        "html",
        "attachments",
        "headers",
        "accepted_at",
        "notification_id",
        "message",
        "language",
        "reference",
        "audience",
    }
    assert (listed["channel"], listed["to"], listed["subject"]) == ("email", "alex.morgan@example.org", "About reference 26000799901")
    assert (listed["message"], listed["language"]) == ("acknowledgement", "en")
    assert (listed["reference"], listed["audience"]) == ("26000799901", "victim")
    (file,) = listed["attachments"]
    assert (file["filename"], file["content_type"], file["size"]) == ("referral.pdf", "application/pdf", 14)
    assert machine.call(file["url"].removeprefix(machine.web_url))[1] == b"%PDF-1.7 short"


def test_a_message_without_a_row_is_listed_all_the_same(machine):
    send_mail(machine, "mail-unknown", subject="x", html="<p>x</p>")
    (listed,) = [m for m in machine.outbox() if m["notification_id"] == "mail-unknown"]
    assert (listed["message"], listed["language"], listed["reference"], listed["audience"]) == (None, None, None, None)


def test_a_letter_is_listed_by_what_stands_on_its_paper(machine):
    pdf = letter_to("Alex Morgan", "1 Wood Street", "Heanor", "DE75 7XX")
    notification_row(machine, "letter1", channel="letter", sent_at="2026-11-20T12:00:00Z")
    machine.client("s3").put_object(Bucket="kept-informed-letters", Key="letter1.pdf", Body=pdf)
    (listed,) = [m for m in machine.outbox() if m["channel"] == "letter"]
    assert listed["to"] == "Alex Morgan, 1 Wood Street, Heanor, DE75 7XX"
    assert listed["from"].startswith("Derbyshire Constabulary, ")
    assert listed["accepted_at"] == "2026-11-20T12:00:00+00:00"
    assert "26000799901" in listed["text"]
    assert (listed["subject"], listed["html"], listed["audience"]) == (None, None, "victim")
    assert machine.call(listed["attachments"][0]["url"].removeprefix(machine.web_url))[1] == pdf


def letter_to(*address: str) -> bytes:
    import tomllib

    from chalicelib.adapters.documents import TypstDocuments
    from chalicelib.domain.messages import Acknowledgement, ForceContact, Reader, ServiceContact, Template
    from tests.e2e.local_machine import ROOT

    force = tomllib.loads((ROOT / "chalicelib/profiles/derbyshire.toml").read_text())["force"]
    content = Acknowledgement(
        force=ForceContact(**{name: tuple(value) if isinstance(value, list) else value for name, value in force.items()}),
        reader=Reader.VICTIM,
        greeting_name=address[0],
        references=("26000799901",),
        crimes=("burglary",),
        reported_on=date(2026, 11, 20),
        officer=None,
        closed=False,
        updates=None,
        service=ServiceContact("Derbyshire Victim Services", "0800 612 6505", "www.core-derbyshire.com"),
        referred=True,
        passed_on=("your name",),
        other_support=(),
        restorative_justice=False,
        compensation=False,
        enhanced=False,
        channel_reason=None,
        address=address,
        written_on=date(2026, 11, 20),
    )
    return TypstDocuments().letter(Template.ACKNOWLEDGEMENT, "en", content)


def put_case(machine, reference: str, name: str) -> None:
    facts = {
        "reference": reference,
        "status": "open",
        "record_type": "crime",
        "reported_at": "2026-11-20T09:58:00Z",
        "recorded_at": "2026-11-20T10:30:00Z",
        "source": "101",
        "offences": [{"code": "28E", "ho_code": "028/03", "description": name, "principal": True}],
        "flags": {"domestic_abuse": None, "hate_crime": False, "stalking_harassment": False, "safeguarding": False},
        "markers": [],
        "district": "Amber Valley",
        "officer": {"name": "PC Sam Ash", "collar_number": "2345"},
    }
    decision = {
        "route": "held",
        "rule_id": "da.flag",
        "rule_version": "2026-11",
        "hold": "doubt",
        "destinations": [],
        "missing": ["flags.domestic_abuse"],
        "signs": ["da.flag"],
    }
    victim = {"victim": {"id": "V1", "given_name": name, "family_name": "Morgan"}, "version": 1, "decision": decision}
    head = {"reference": reference, "version": 1, "facts": facts, "marker": None, "suspension": None}
    put_row(machine, "occurrences", occurrence_ref=reference, part="head", version="1", body=json.dumps(head))
    put_row(machine, "occurrences", occurrence_ref=reference, part="victim#V1", route="held", body=json.dumps(victim))
    obligation = {"obligation_id": "o1", "kind": "task", "state": "open", "due_at": "2026-11-23T23:59:59Z", "rule_id": "task.doubt"}
    put_row(machine, "obligations", occurrence_ref=reference, victim_id="V1", **obligation)


def test_the_console_finds_a_case_by_either_form_of_its_reference(machine):
    put_case(machine, "26000799901", HOSTILE)
    for typed in ("26000799901", "26*799901", " 26*799901 "):
        status, page, _ = machine.call("/local/?reference=" + typed.replace("*", "%2A").replace(" ", "+"))
        assert status == 200
        assert "<h1>Occurrence 26000799901</h1>" in page


def test_a_case_shows_route_rule_and_what_is_owed(machine):
    put_case(machine, "26000799901", HOSTILE)
    _, page, headers = machine.call("/local/case/26000799901")
    for wanted in (
        "held",
        "da.flag",
        "2026-11",
        "flags.domestic_abuse",
        "task.doubt",
        "Mon 23 Nov 2026 23:59:59",
        "PC Sam Ash",
        "not known",
    ):
        assert wanted in page, wanted
    assert "script" not in headers["content-security-policy"]


def test_hostile_text_is_text_on_every_page(machine):
    put_case(machine, "26000799901", HOSTILE)
    notification_row(machine, "mail-hostile", occurrence_ref="26000799901", victim_id="V1")
    send_mail(machine, "mail-hostile", subject=HOSTILE, html=f"<p>{HOSTILE}</p>")
    for path in ("/local/", "/local/case/26000799901", "/local/outbox", "/local/case/%3Cscript%3E", "/local/?reference=%3Cscript%3E"):
        _, page, _ = machine.call(path)
        assert "<script" not in page, path
        assert "49" not in re.findall(r"alert\(1\)[^ ]{0,20}", page), path
    frame = re.search(r'<iframe sandbox="" src="([^"]+)"', machine.call("/local/case/26000799901")[1])
    assert frame
    _, shown, headers = machine.call(frame[1])
    assert HOSTILE in shown
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")


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


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 404),
        ("/contact-officer", "GET", 404),
        ("/local/nothing", "GET", 404),
        ("/local/message/none/0", "GET", 404),
        ("/local/message/none/html", "GET", 404),
        ("/local/letter/none.pdf", "GET", 404),
        ("/local/letter/..%2F..%2Fapp.py", "GET", 404),
        ("/local/drain", "GET", 405),
        ("/local/outbox.json", "DELETE", 405),
        ("/local/console.css", "GET", 200),
    ],
)
def test_other_paths_and_methods(machine, path, method, status):
    assert machine.call(path, method=method)[0] == status


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, ""),
        (20, ""),
        (60, "1 minute ahead of"),
        (172799, "2 days ahead of"),
        (93900, "1 day, 2 hours, 5 minutes ahead of"),
        (-7200, "2 hours behind"),
    ],
)
def test_the_offset_is_told_in_words(seconds, told):
    assert ahead(seconds) == told


def test_times_are_told_for_london():

    assert london("2026-07-01T10:00:00Z") == "Wed 01 Jul 2026 11:00:00"
    assert london(datetime(2026, 11, 20, 10, tzinfo=UTC).isoformat()) == "Fri 20 Nov 2026 10:00:00"
    assert london("") == ""
    assert london("never") == "never"
