"""Every fault of the console while messages leave: nothing is lost, nothing is told twice; judged from the outbox."""

from datetime import timedelta

import pytest

from tests.e2e.customer import new_mobile, on_victim, safe

MODES = ["throttle", "error", "timeout_before", "timeout_after", "crash_before", "crash_after"]
BOTH = ["acknowledgement", "referral"]
# A mail to a victim whose outcome nobody knows is never repeated: a person is asked instead.
MAY_BE_A_TASK = {"timeout_before", "crash_before"}
STORES = [
    ("dynamodb", "TransactWriteItems", "timeout_after"),
    ("dynamodb", "UpdateItem", "conflict"),
    ("dynamodb", "PutItem", "timeout_after"),
    ("dynamodb", "Query", "throttle"),
    ("sqs", "SendMessage", "timeout_after"),
    ("s3", "PutObject", "error"),
]


def rule(service, operation, mode, times=3):
    return {"service": service, "operation": operation, "mode": mode, "times": times}


def worked_off(customer, **much):
    customer.set_clock(customer.now() + timedelta(**much))
    customer.quiet_in_the_end()


def told(customer, record):
    return [m["message"] for m in customer.delivered(record, "victim", "service")]


@pytest.mark.parametrize(("mode", "times"), [(mode, 1) for mode in MODES] + [("throttle", 3), ("timeout_after", 3)])
def test_mail_to_a_victim(customer, mode, times):
    customer.until_daytime_after(0)
    record = customer.record()
    customer.told(record)
    customer.faults(rule("ses", "SendEmail", mode, times))
    worked_off(customer, minutes=40)
    worked_off(customer, hours=2)
    customer.faults()
    worked_off(customer, hours=3)
    if mode in MAY_BE_A_TASK:
        assert told(customer, record) == []
        [task] = customer.delivered(record)
        assert task["audience"] == "officer"
        assert "not known whether" in task["text"]
    else:
        assert told(customer, record) == BOTH
        assert customer.delivered(record, "officer") == []


@pytest.mark.parametrize("mode", ["error", "timeout_before", "crash_after"])
def test_a_task_is_never_lost(customer, mode):
    customer.faults(rule("ses", "SendEmail", mode))
    record = customer.record(lambda o: o["flags"].update(domestic_abuse=True))
    customer.put(record)
    for _ in range(6):
        customer.quiet_in_the_end()
        customer.set_clock(customer.now() + timedelta(minutes=20))
    customer.faults()
    worked_off(customer, hours=1)
    assert {(m["audience"], m["message"]) for m in customer.delivered(record)} == {("unit", "task")}


@pytest.mark.parametrize("mode", MODES)
def test_a_text_is_not_doubled(customer, mode):
    customer.until_daytime_after(0)
    record = customer.record(on_victim(mobile=new_mobile(), preferred_channel="sms", email=None), safe("sms"))
    customer.told(record)
    customer.faults(rule("sms", "SendTextMessage", mode, 1))
    worked_off(customer, hours=2)
    customer.faults()
    worked_off(customer, hours=3)
    texts = [m for m in customer.delivered(record, "victim") if m["channel"] == "sms"]
    assert len(texts) <= 1
    assert len(texts) == 1 or len(customer.delivered(record, "officer")) >= 2
    assert len(customer.delivered(record, "service")) == len(texts)


@pytest.mark.parametrize(("service", "operation", "mode"), STORES)
def test_the_house_itself_fails(customer, service, operation, mode):
    customer.until_daytime_after(0)
    good, bad = customer.record(), customer.record(status="broken")
    specialist = customer.record(lambda o: o["flags"].update(domestic_abuse=True))
    letter = customer.record(on_victim(preferred_channel="letter"), safe("letter"))
    customer.faults(rule(service, operation, mode))
    customer.put(good, bad, specialist, letter)
    customer.quiet_in_the_end()
    worked_off(customer, minutes=40)
    customer.faults()
    worked_off(customer, hours=2)
    assert told(customer, good) == told(customer, letter) == BOTH
    assert [m["audience"] for m in customer.delivered(specialist)] == ["unit"]
    assert [m["audience"] for m in customer.delivered(bad)] == ["operations"]
    for name, queue in customer.machine.status()["queues"].items():
        assert not name.endswith("dlq") or queue["visible"] == 0, name


@pytest.mark.parametrize("mailbox", ["silent", "slow", "late", "ooto"])
def test_a_mailbox_that_is_slow_or_silent_is_told_once(customer, mailbox):
    customer.until_daytime_after(0)
    record = customer.record(on_victim(email=f"{mailbox}+{customer.record()['message_id']}@example.org"))
    customer.told(record)
    worked_off(customer, hours=4)
    worked_off(customer, hours=96)
    assert told(customer, record) == BOTH


@pytest.mark.parametrize("mailbox", ["bounce", "suppressionlist", "reject"])
def test_a_mailbox_that_does_not_take_mail_becomes_a_task(customer, mailbox):
    customer.until_daytime_after(0)
    record = customer.record(on_victim(email=f"{mailbox}+{customer.record()['message_id']}@example.org"))
    customer.told(record)
    worked_off(customer, hours=4)
    assert [m["audience"] for m in customer.delivered(record, "officer")] == ["officer"]
    again = customer.record(on_victim(email=record["occurrence"]["victims"][0]["email"]))
    customer.told(again)
    worked_off(customer, hours=30)
    assert customer.delivered(again, "victim", "service") == []
    assert [m["audience"] for m in customer.delivered(again)] == ["officer"]
