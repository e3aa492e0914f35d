"""The main story in an account: a record comes in, the victim is told and the service is asked, an officer owes what is left; a specialist
case gets nothing but a person. Through the package's own workers, some of which are killed in the middle.

Must not reach into a function: what a customer, a recipient and the tables see is all there is.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from infra.local.host import scheduled_event
from tests.deployed.account import until
from tests.deployed.bundle import PARAMETERS
from tests.deployed.triggers import EVENTS, empty_event
from tests.e2e.customer import own_officer, stamp
from tests.e2e.test_contact_officer import QUESTION, post, written

BOTH = ["acknowledgement", "referral"]


def told(customer, record):
    return [m["message"] for m in customer.delivered(record, "victim", "service")]


def rows(account, table, reference):
    return [row for row in account.listed.tables.every(table) if row["occurrence_ref"] == reference]


@pytest.fixture(scope="module")
def cases(account, customer):
    """A burglary, a specialist case and one whose officer is written to. The worker that takes the first dies when its case is written."""
    burglary, specialist, asked_about = (
        customer.record(own_officer),
        customer.record(own_officer, lambda o: o["flags"].update(domestic_abuse=True)),
        customer.record(own_officer),
    )
    died = account.front.dies_at("Ingest", "dynamodb.TransactWriteItems", done=True)
    customer.put(burglary)
    died.wait(120)
    customer.told(specialist, asked_about)
    return burglary, specialist, asked_about


def reference(record):
    return record["occurrence"]["reference"]


def test_a_record_whose_worker_died_is_taken_once(account, cases):
    until(lambda: not any(account.queues()["kept-informed-records"].values()))
    found = rows(account, "notifications", reference(cases[0]))
    assert sorted(row["message"] for row in found if row["message"] in BOTH) == BOTH


def test_a_specialist_case_goes_to_a_person_and_to_nobody_else(account, customer, cases):
    customer.quiet_in_the_end()
    assert {(m["audience"], m["message"]) for m in customer.delivered(cases[1])} == {("unit", "task")}


def test_a_mail_whose_worker_died_is_sent_once_and_its_receipt_settles_it(account, customer, cases):
    burglary = cases[0]
    died = account.front.dies_at("Dispatch", "ses.SendEmail", done=True)
    customer.set_clock(customer.now() + timedelta(minutes=40))
    customer.until_daytime_after(1)
    died.wait(120)
    customer.quiet_in_the_end()
    customer.set_clock(customer.now() + timedelta(hours=2))
    customer.quiet_in_the_end()
    for record in (burglary, cases[2]):
        assert told(customer, record) == BOTH
    (referral,) = customer.delivered(burglary, "service")
    assert [file["content_type"] for file in referral["attachments"]] == ["application/pdf"]
    assert {row["state"] for row in rows(account, "notifications", reference(burglary)) if row["message"] in BOTH} == {"delivered"}


def test_what_was_owed_is_met_by_the_receipts(account, cases):
    owed = {row["kind"]: row["state"] for row in rows(account, "obligations", reference(cases[0]))}
    assert (owed["written_acknowledgement"], owed["referral"]) == ("met", "met")


def test_the_contact_page_answers_through_the_api_and_its_message_reaches_the_officer(account, customer, cases):
    status, page, headers = account.page("/contact-officer")
    assert status == 200
    assert "Contact" in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    record = cases[2]["occurrence"]
    assert post(customer, record["officer"]["collar_number"], record["reference"])[0] == 303
    account.drain()
    (mail,) = written(customer, cases[2])
    assert (mail["audience"], mail["to"]) == ("officer", record["officer"]["email"])
    assert QUESTION in mail["text"]


def test_a_sweep_that_died_is_made_good_by_the_next(account, customer):
    """It asks what is due, and is dead before it hears: what was due leaves all the same, once."""
    record = customer.record(own_officer)
    customer.told(record)
    died = account.front.dies_at("Sweep", "dynamodb.Query", done=False)
    customer.set_clock(customer.now() + timedelta(minutes=40))
    died.wait(120)
    customer.until_daytime_after(1)
    customer.quiet_in_the_end()
    assert told(customer, record) == BOTH


def test_a_receipt_whose_worker_died_is_taken_once(account, customer):
    record = customer.record(own_officer)
    customer.told(record)
    died = account.front.dies_at("Receipts", "dynamodb.TransactWriteItems", done=True)
    customer.until_daytime_after(1)
    died.wait(120)
    customer.quiet_in_the_end()
    customer.set_clock(customer.now() + timedelta(hours=2))
    customer.quiet_in_the_end()
    assert told(customer, record) == BOTH
    assert {row["state"] for row in rows(account, "notifications", reference(record)) if row["message"] in BOTH} == {"delivered"}


def test_every_worker_is_killed_and_the_next_record_is_told_all_the_same(account, customer):
    for name, kind, resource in EVENTS:
        account.functions.invoke(name, empty_event(name, kind, resource))
    account.page("/safety")
    killed = {name: account.kill(name) for name in account.functions.names}
    assert all(killed.values()), killed
    record = customer.record(own_officer)
    customer.told(record)
    customer.until_daytime_after(1)
    customer.quiet_in_the_end()
    assert told(customer, record) == BOTH
    for name in ("Ingest", "Dispatch", "Receipts", "Sweep"):
        assert account.workers(name), name
        assert not set(account.workers(name)) & set(killed[name]), name


def test_nobody_was_told_anything_twice(account):
    """Whatever died on the way: one mail a notification."""
    sent = Counter(message["notification_id"] for message in account.outbox())
    assert {notification: times for notification, times in sent.items() if times > 1} == {}


def test_all_of_that_is_sealed_in_the_log(account, customer, cases):
    customer.set_clock(customer.now() + timedelta(hours=2))
    sealed = account.functions.invoke("Seal", scheduled_event("Seal", stamp(customer.now())))
    s3, bucket = account.client("s3"), "kept-informed-seals" + PARAMETERS["BucketSuffix"]
    bodies = [s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read() for found in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len(bodies) == sealed["number"] > 0
    assert all(reference(case).encode() in b"".join(bodies) for case in cases)


def test_nothing_lies_where_a_person_would_have_to_look(account):
    assert {name: depth for name, depth in account.queues().items() if any(depth.values())} == {}
