"""What happens to a record on its way in: once, in whatever order, and one bad one among good ones; judged from outside."""

import json

import pytest

from tests.e2e.customer import long_form, offence, on_victim, own_officer, quarantined, version

TYPES = ["arrested", "charged", "vps_offered"]


def counted(customer, *bodies):
    """By how much each count of records grew."""
    before = customer.machine.status()["records"]
    customer.told(*bodies)
    after = customer.machine.status()["records"]
    return {name: after[name] - before[name] for name in after}


def newly_quarantined(customer, *bodies):
    before = quarantined(customer)
    customer.told(*bodies)
    return [row for key, row in quarantined(customer).items() if key not in before]


def test_both_forms_of_a_reference_are_one_occurrence(customer):
    record = customer.record()
    reference = record["occurrence"]["reference"]
    short = version(record, 1, reference=f"26*{reference[5:]}")
    assert long_form(short["occurrence"]["reference"]) == reference
    assert counted(customer, record) == {"received": 1, "recorded": 1, "stale": 0, "quarantined": 0}
    assert counted(customer, short) == {"received": 1, "recorded": 0, "stale": 1, "quarantined": 0}
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


def test_a_record_in_an_eventbridge_envelope_is_the_record(customer):
    record = customer.record()
    envelope = {"version": "0", "id": "e-1", "detail-type": "occurrence", "source": "records.force", "account": "1", "detail": record}
    assert counted(customer, envelope)["recorded"] == 1
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


def test_a_record_delivered_often_is_told_once(customer):
    record = customer.record()
    assert counted(customer, *[record] * 10)["quarantined"] == 0
    customer.until_daytime_after(1)
    customer.told(record)
    customer.until_daytime_after(48)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


def test_the_highest_version_wins_in_any_order(customer):
    first = customer.record()
    third = version(first, 3, on_victim(email="third@example.org", given_name="Third"))
    second = version(first, 2, on_victim(email="second@example.org", given_name="Second"))
    customer.told(third)
    assert counted(customer, second, first) == {"received": 2, "recorded": 0, "stale": 2, "quarantined": 0}
    customer.until_daytime_after(1)
    told = customer.delivered(first, "victim")
    assert [m["to"] for m in told] == ["third@example.org"]
    assert "Dear Third" in told[0]["text"]


@pytest.mark.parametrize("change", [on_victim(given_name="Other"), lambda occurrence: occurrence.update(summary="Another text entirely.")])
def test_an_equal_version_with_other_content_is_kept_and_holds(customer, change):
    record = customer.record()
    customer.told(record)
    [row] = newly_quarantined(customer, version(record, 1, change))
    assert row["faults"] == [["version", "equal version with other content"]]
    customer.until_daytime_after(48)
    assert {m["audience"] for m in customer.delivered(record)} == {"operations"}
    customer.told(version(record, 2))
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(record, "victim", "service")] == ["acknowledgement", "referral"]


def told_of(record, kind, key, event_id, **content):
    """An event of the record's occurrence, at the time of the record."""
    content = {"reference": record["occurrence"]["reference"], "event_id": event_id} | content
    return {name: record[name] for name in ("contract", "message_id", "sent_at")} | {"kind": kind, key: content}


@pytest.mark.parametrize("step", ["requested", "acknowledged", "decided"])
def test_a_step_of_a_review_is_recorded_once(customer, step):
    record = customer.record()
    victim = record["occurrence"]["victims"][0]["id"]
    told = told_of(record, "review", "review", "R-1", victim_id=victim, at=record["sent_at"], step=step)
    assert counted(customer, record, told) == {"received": 2, "recorded": 2, "stale": 0, "quarantined": 0}
    assert counted(customer, told) == {"received": 1, "recorded": 0, "stale": 1, "quarantined": 0}


@pytest.mark.parametrize("type_", TYPES)
def test_a_key_event_its_correction_and_its_withdrawal_are_recorded_in_any_order(customer, type_):
    record = customer.record()
    about = {"type": type_, "happened_at": record["sent_at"]}
    first = told_of(record, "investigation_event", "event", "E-1", **about)
    second = told_of(record, "investigation_event", "event", "E-2", corrects="E-1", **about)
    third = told_of(record, "investigation_event", "event", "E-3", corrects="E-2", withdrawn=True, **about)
    assert counted(customer, third, second, record, first) == {"received": 4, "recorded": 4, "stale": 0, "quarantined": 0}


def test_an_event_that_corrects_itself_is_quarantined(customer):
    record = customer.record()
    told = told_of(record, "investigation_event", "event", "E-1", type="arrested", happened_at=record["sent_at"], corrects="E-1")
    [row] = newly_quarantined(customer, told)
    assert (row["kind"], row["faults"]) == ("investigation_event", [["event.corrects", "names its own event_id"]])


def test_a_type_that_the_contract_has_not_is_quarantined_without_its_word(customer):
    record = customer.record()
    told = told_of(record, "investigation_event", "event", "E-1", type="acquitted", happened_at=record["sent_at"])
    [row] = newly_quarantined(customer, told)
    assert [path for path, _ in row["faults"]] == ["event.type"]
    assert "acquitted" not in str(row["faults"])


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[1]",
        "null",
        '"text"',
        "{}",
        '{"contract": "kept-informed/records/v1"}',
        '{"kind": "occurrence"',
        "{" * 90_000,
        "[" * 90_000,
    ],
)
def test_what_is_no_record_is_quarantined_whole(customer, body):
    [row] = newly_quarantined(customer, body + " " * 7)
    kept = customer.machine.client("s3").get_object(Bucket="kept-informed-quarantine-bodies", Key=row["quarantine_id"])
    assert kept["Body"].read().decode() == body + " " * 7
    assert newly_quarantined(customer, body + " " * 7) == []


def test_a_wrong_contract_is_quarantined(customer):
    record = customer.record() | {"contract": "kept-informed/records/v2"}
    [row] = newly_quarantined(customer, record)
    assert [path for path, _ in row["faults"]] == ["contract"]


def test_one_bad_among_nine_good_blocks_and_repeats_nobody(customer):
    records = [customer.record() for _ in range(10)]
    del records[4]["occurrence"]["flags"]["safeguarding"]
    counts = counted(customer, *records)
    assert (counts["recorded"], counts["quarantined"]) == (9, 1)
    customer.until_daytime_after(1)
    for record in records[:4] + records[5:]:
        assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]
    assert {m["audience"] for m in customer.delivered(records[4])} == {"operations"}


def test_fifty_victims_are_each_told_once(customer):
    record = customer.record()
    now = customer.now()
    record["occurrence"]["victims"] = [customer.victim(now) for _ in range(50)]
    customer.told(record)
    customer.until_daytime_after(1)
    told = customer.delivered(record, "victim")
    assert sorted(m["to"] for m in told) == sorted(v["email"] for v in record["occurrence"]["victims"])
    assert len(customer.delivered(record, "service")) == 50
    names = [v["family_name"] for v in record["occurrence"]["victims"]]
    for message in told:
        assert sum(f"{name}," in message["text"] for name in names) == 1


def test_a_hundred_versions_at_once_come_out_as_the_last(customer):
    first = customer.record()
    versions = [version(first, n, on_victim(given_name=f"Name{n}x")) for n in range(1, 101)]
    customer.told(*versions[::2], *reversed(versions[1::2]))
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(first)] == ["acknowledgement", "referral"]
    assert "Dear Name100x" in customer.delivered(first, "victim")[0]["text"]


def test_a_broken_second_version_holds_the_first_until_a_good_third(customer):
    first = customer.record()
    broken = version(first, 2, offences="burglary")
    customer.told(first)
    customer.told(broken)
    [task] = customer.delivered(first)
    assert task["audience"] == "operations"
    customer.until_daytime_after(72)
    assert customer.delivered(first, "victim", "service") == []
    customer.told(version(first, 3))
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(first, "victim", "service")] == ["acknowledgement", "referral"]


def test_a_broken_version_before_any_good_one_holds_until_a_good_one(customer):
    first = customer.record()
    customer.told(version(first, 1, status="half open"))
    assert [m["audience"] for m in customer.delivered(first)] == ["operations"]
    customer.told(version(first, 2))
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(first, "victim", "service")] == ["acknowledgement", "referral"]


def test_a_victim_who_is_gone_from_a_higher_version_is_not_told(customer):
    first = customer.record()
    first["occurrence"]["victims"].append(customer.victim())
    stays, goes = first["occurrence"]["victims"]
    customer.told(first)
    customer.told(version(first, 2, victims=[stays]))
    customer.until_daytime_after(1)
    assert [m["to"] for m in customer.delivered(first, "victim")] == [stays["email"]]
    assert len(customer.delivered(first, "service")) == 1
    assert goes["email"] not in str(customer.machine.outbox())


def test_the_largest_message_is_taken_and_a_longer_text_is_malformed(customer):
    record = customer.record(summary="x" * 20_000)
    record["unknown"] = "y" * (262_144 - len(json.dumps(record)) - len(', "unknown": ""'))
    body = json.dumps(record)
    assert len(body) == 262_144
    assert counted(customer, body)["recorded"] == 1
    assert counted(customer, customer.record(summary="x" * 20_001))["quarantined"] == 1
    assert counted(customer, customer.record(on_victim(given_name="x" * 501)))["quarantined"] == 1


def test_an_officer_is_taken_out_of_order_and_beats_the_record(customer):
    record = customer.record(own_officer)
    collar = record["occurrence"]["officer"]["collar_number"]

    def officer(number, **values):
        known = {"collar_number": collar, "version": number, "active": True, "name": "DC Robin Lake", "email": "robin.lake@example.test",
                 "mobile": None, "phone": "101", "team": "Ilkeston", "supervisor": "1890", "absent_from": None, "absent_until": None,
                 "cover": None}  # fmt: skip
        return {key: record[key] for key in ("contract", "message_id", "sent_at")} | {"kind": "officer", "officer": known | values}

    assert counted(customer, officer(7))["recorded"] == 1
    assert counted(customer, officer(6, name="PC Old Name"))["stale"] == 1
    assert counted(customer, officer(7, name="PC Contradiction"))["quarantined"] == 1
    customer.told(record)
    customer.until_daytime_after(1)
    text = customer.delivered(record, "victim")[0]["text"]
    assert "DC Robin Lake" in text
    assert "PC Sam Ash" not in text
    held = customer.record(offences=[offence("")])
    held["occurrence"]["officer"]["collar_number"] = collar
    customer.told(held)
    assert [m["to"] for m in customer.delivered(held, "officer")] == ["robin.lake@example.test"]
