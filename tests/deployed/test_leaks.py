"""What left about a case that was specialist by then is found by the hourly check of the deployed function, and people hear of it.

Must not make the product leak: what it sent rightly is dated later, as if it had been sent after the case became specialist.
"""

from __future__ import annotations

from datetime import timedelta

from infra.local.host import scheduled_event
from tests.e2e.customer import own_officer, stamp, version


def test_a_planted_leak_is_told_to_people(account, customer):
    record = customer.record(own_officer)
    reference = record["occurrence"]["reference"]
    customer.told(record)
    customer.until_daytime_after(1)
    customer.told(version(record, 2, lambda occurrence: occurrence["flags"].update(domestic_abuse=True)))
    (sent,) = [row for row in _rows(account, reference) if row["message"] == "acknowledgement"]
    before = account.outbox()
    account.client("dynamodb").update_item(
        TableName="kept-informed-notifications",
        Key={"notification_id": {"S": sent["notification_id"]}},
        UpdateExpression="SET sent_at = :later",
        ExpressionAttributeValues={":later": {"S": stamp(customer.now() + timedelta(minutes=30)).replace("+00:00", "Z")}},
    )
    customer.set_clock(customer.now() + timedelta(hours=2))
    assert account.functions.invoke("Leaks", scheduled_event("Leaks", stamp(customer.now())))["leaks"] > 0
    customer.quiet_in_the_end()
    assert {"operations@derbyshire-police.test", "force-duty-contact@derbyshire-police.test"} <= {
        message["to"] for message in account.outbox() if message not in before
    }


def _rows(account, reference):
    return [row for row in account.listed.tables.every("notifications") if row["occurrence_ref"] == reference]
