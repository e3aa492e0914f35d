"""What `/local/` answers, as other programs and people rely on it; messages are put in as a provider or a worker would."""

import re
from datetime import UTC, datetime

import pytest

from infra.local.pages import ahead, london
from tests.e2e.stored_rows import letter_to, notification_row, send_mail


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
    (listed,) = [m for m in machine.outbox() if m["notification_id"] == "letter1"]
    assert listed["to"] == "Alex Morgan, 1 Wood Street, Heanor, DE75 7XX"
    assert listed["from"].startswith("Derbyshire Constabulary, ")
    assert listed["accepted_at"] == "2026-11-20T12:00:00+00:00"
    assert "26000799901" in listed["text"]
    assert (listed["subject"], listed["html"], listed["audience"]) == (None, None, "victim")
    assert machine.call(listed["attachments"][0]["url"].removeprefix(machine.web_url))[1] == pdf


def test_the_console_leads_to_the_pages_that_the_public_sees(machine):
    foot = machine.call("/local/")[1].partition("What the public sees")[2].partition("</p>")[0]
    paths = re.findall(r'href="(/[^"]+)"', foot)
    assert paths == ["/contact-officer", "/safety", "/accessibility", "/privacy"]
    assert {machine.call(path)[0] for path in paths} == {200}


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/contact-officer/nothing", "GET", 404),
        ("/local/nothing", "GET", 404),
        ("/local/message/none/0", "GET", 404),
        ("/local/message/none/html", "GET", 404),
        ("/local/letter/none.pdf", "GET", 404),
        ("/local/letter/..%2F..%2Fapp.py", "GET", 404),
        ("/local/drain", "GET", 405),
        ("/local/outbox.json", "DELETE", 405),
        ("/local/console.css", "GET", 200),
        ("/local/console.js", "GET", 200),
        ("/local/message/none", "GET", 404),
        ("/local/message/none/0/1.png", "GET", 404),
        ("/local/letter/none.pdf/1.png", "GET", 404),
        ("/local/case/nonsense", "GET", 404),
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
