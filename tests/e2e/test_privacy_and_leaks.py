"""Marked people through every path, then looked for where no person may stand; and the leak check over all that happened."""

import itertools
import json
from datetime import timedelta

import pytest

from chalicelib.domain.leaks import LeakPolicy, find_leaks
from tests.e2e.customer import new_mobile, offence, on_victim, safe, stamp, version
from tests.e2e.victim_events import OutListener, change, contact, event

MARKED = {"given_name": "Qwertine", "family_name": "Zyxwvut", "address": ["77 Plughole Street", "Heanor", "DE75 7XX"]}
POLICY = LeakPolicy(
    service_addresses=frozenset({"referrals@derbyshire-victim-services.test"}),
    internal_addresses=frozenset({"@derbyshire-police.test"}),
    child_with_representative=True,
    unconfirmed_contact="use_given",
)
QUEUES = ["kept-informed-dispatch", "kept-informed-dispatch-dlq", "kept-informed-records-dlq", "kept-informed-quarantine"]


def flags(**values):
    return lambda occurrence: occurrence["flags"].update(values)


@pytest.fixture(scope="module")
def story(standing_customer):
    """Marked people went every way: told, held, quarantined, stopped, withdrawn, bounced, spoken to, reminded of, under faults. Returns
    what marks them, and what the records system heard."""
    customer = standing_customer
    out = OutListener(customer)
    mobile, numbers = new_mobile(), itertools.count()
    marks = [*MARKED.values(), "marked.person", "Qwertine Summary"]
    marks[2:3] = MARKED["address"][:1]
    marks.append(mobile[-9:])

    def marked(*changes, **values):
        person = on_victim(**MARKED, email=f"marked.person{next(numbers)}@example.org")
        return customer.record(person, *changes, summary="Qwertine Summary of it all.", **values)

    told, stopped, gone, held = marked(), marked(), marked(), marked(flags(domestic_abuse=True))
    customer.told(
        told,
        stopped,
        gone,
        held,
        contact(customer, told, by="Qwertine", method="Plughole Street"),
        contact(customer, gone, result="message_left", covers_event_ids=["Zyxwvut"]),
        change(customer, stopped, every_days=1),
        event(customer, "hold_released", held, at=stamp(customer.now()), by="Zyxwvut", reason="Qwertine said so."),
        event(customer, "contact_recorded", told, contacted_at=stamp(customer.now()), result="Qwertine"),
        marked(on_victim(mobile=mobile, preferred_channel="sms")),
        marked(on_victim(preferred_channel="letter"), safe("letter")),
        marked(flags(domestic_abuse=True)),
        marked(on_victim(date_of_birth=None)),
        marked(offences=[offence("19C")]),
        marked(status="broken"),
        marked(on_victim(kind="zebra")),
        json.dumps(marked())[:-5],
        {**marked(), "kind": "review"},
        version(told, 1, on_victim(given_name="Qwertine Other")),
        marked(on_victim(email="marked.person bad")),
    )
    customer.faults(
        {"service": "ses", "operation": "SendEmail", "mode": "timeout_before", "times": 1},
        {"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 2},
        {"service": "s3", "operation": "PutObject", "mode": "crash_after", "times": 1},
    )
    customer.put(marked(), marked(status="again broken"))
    customer.quiet_in_the_end()
    customer.until_daytime_after(1)
    customer.faults()
    customer.told(version(stopped, 2, flags(domestic_abuse=True)), version(gone, 2, on_victim(referral_opt_out=True)))
    customer.until_daytime_after(25)
    customer.until_daytime_after(24 * 6)
    customer.quiet_in_the_end()
    return marks, out.taken()


@pytest.fixture
def walked(story):
    return story[0]


def found(marks, text):
    return [mark for mark in marks if mark.lower() in text.lower()]


def test_no_log_names_anybody(walked, customer):
    logs = [path for path in customer.machine.log.rglob("*") if path.is_file()]
    assert any(path.stat().st_size for path in logs)
    for path in logs:
        assert found(walked, path.read_text(errors="replace")) == [], path.name


def test_no_queue_but_the_records_queue_names_anybody(walked, customer):
    for name in QUEUES:
        url = customer.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        answer = customer.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        assert found(walked, json.dumps(answer.get("Messages", []))) == [], name


def test_no_count_or_quarantine_row_names_anybody(walked, customer):
    assert found(walked, json.dumps(customer.machine.status())) == []
    rows = customer.machine.client("dynamodb").scan(TableName="kept-informed-quarantine")["Items"]
    assert len(rows) >= 5
    assert found(walked, json.dumps(rows)) == []


def test_nothing_that_the_records_system_hears_names_anybody(story):
    marks, told = story
    assert {event["event"] for event in told} >= {"notified", "task_raised", "obligation_met", "agreement_changed"}
    assert found(marks, json.dumps(told)) == []


def test_reminders_left_and_went_up_the_ladder(walked, customer):
    """Otherwise the search below would find nothing for the wrong reason."""
    readers = {message["audience"] for message in customer.machine.outbox() if message["message"] == "digest"}
    assert readers >= {"officer", "supervisor", "unit"}


@pytest.mark.parametrize("table", ["contact-points", "obligations", "agreements", "notifications", "audit", "control"])
def test_no_row_that_needs_no_name_has_one(walked, customer, table):
    rows = customer.machine.client("dynamodb").scan(TableName=f"kept-informed-{table}")["Items"]
    assert found(walked, json.dumps(rows)) == []


def test_no_mail_inside_the_force_names_anybody(walked, customer):
    inside = [m for m in customer.machine.outbox() if m["audience"] not in {"victim"}]
    assert inside
    for message in inside:
        assert found(walked, json.dumps({key: message[key] for key in message if key != "attachments"})) == [], message["message"]
        assert found(walked, json.dumps([(a["filename"], a["url"]) for a in message["attachments"]])) == []


def test_quarantine_lists_masked(walked, customer):
    _, page, _ = customer.machine.call("/local/quarantine")
    assert found(walked, page) == []


def test_nothing_leaked_in_all_that_happened(walked, customer):
    now = customer.now()
    twice = customer.record(offences=[offence("28E"), offence("45")])
    child = customer.record(on_victim(date_of_birth=str((now - timedelta(days=3000)).date())))
    old = customer.record(on_victim(contact_safety={"confirmed_at": stamp(now - timedelta(days=100))}))
    customer.told(twice, child, old, customer.record(flags(safeguarding=None)))
    customer.until_daytime_after(25)
    records = []
    for at, body in customer.sent:
        try:
            record = json.loads(body)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            records.append({"received_at": stamp(at), "record": record.get("detail", record)})
    messages = customer.machine.outbox()
    assert any(m["audience"] == "service" for m in messages)
    assert find_leaks(records, messages, policy=POLICY) == []
