"""Missing, null, mistyped and impossible values at every path of a record, each record put on the queue of a running machine."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.customer import Customer, new_mobile, quarantined, stamp

REQUIRED = {
    "contract", "kind", "message_id", "sent_at", "occurrence", "occurrence.reference", "occurrence.version", "occurrence.status",
    "occurrence.record_type", "occurrence.reported_at", "occurrence.recorded_at", "occurrence.source", "occurrence.offences",
    "occurrence.offences.0.code", "occurrence.flags", "occurrence.victims",
    "occurrence.victims.0.id", "occurrence.victims.0.kind",
}  # fmt: skip
FLAGS = {f"occurrence.flags.{flag}" for flag in ("domestic_abuse", "hate_crime", "stalking_harassment", "safeguarding")}


def full_record(customer: Customer) -> dict[str, Any]:
    """A record with every field of the contract filled."""
    record = customer.record()
    victim = record["occurrence"]["victims"][0]
    victim["mobile"] = "+447700900999"
    victim["contact_safety"] |= {"safe_name": "Al", "voicemail_ok": True, "may_say_police": True, "instructions": "Ask for Al."}
    victim["representative"] = {
        "given_name": "Pat", "family_name": "Lee", "relationship": "nominated", "email": "pat@example.org", "mobile": None,
        "address": ["1 High Street"], "linked_to_suspect": False,
    }  # fmt: skip
    victim["written_acknowledgement"] = {"given_at": record["occurrence"]["reported_at"], "method": "by hand"}
    return record


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*before, key)
        yield from paths(inner, (*before, key))


def changed(record: dict[str, Any], path: tuple[Any, ...], value: Any = None, *, drop: bool = False) -> dict[str, Any]:
    copy = deepcopy(record)
    place = copy
    for key in path[:-1]:
        place = place[key]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def as_another_person(occurrence: dict[str, Any], name: str) -> None:
    """Make the victim, where there is one, nobody who was heard of before."""
    for victim in occurrence.get("victims") or []:
        victim |= {key: f"{name}{at}" for key, at in (("person_ref", ""), ("email", "@example.org")) if victim.get(key)}


def verdicts(customer: Customer, bodies: dict[str, dict[str, Any] | str]) -> dict[str, list[str] | None]:
    """By name: the paths that were found faulty, None where the record was taken."""
    texts = {name: body if isinstance(body, str) else json.dumps(body) for name, body in bodies.items()}
    counts, before = customer.machine.status()["records"], quarantined(customer)
    customer.told(*texts.values())
    assert customer.machine.status()["records"]["received"] - counts["received"] == len(texts)
    s3 = customer.machine.client("s3")
    rows = {}
    for key, row in quarantined(customer).items():
        if key not in before:
            body = s3.get_object(Bucket="kept-informed-quarantine-bodies", Key=key)["Body"].read().decode()
            rows[body] = [path for path, _ in row["faults"]]
    return {name: rows.get(text) for name, text in texts.items()}


@pytest.mark.parametrize("how", ["null", "absent"])
def test_null_or_absent_at_every_path(customer, how):
    template = full_record(customer)
    every = [path for path in paths(template) if not any(isinstance(key, int) for key in path[-1:])]
    bodies = {}
    for path, number in zip(every, range(10_000), strict=False):
        bodies[".".join(map(str, path))] = body = changed(template, path, drop=how == "absent")
        if path != ("message_id",):
            body["message_id"] = f"{how}-{number}"
        if path[:2] not in {("occurrence",), ("occurrence", "reference")} and "occurrence" in body and body["occurrence"]:
            body["occurrence"]["reference"] = f"25{number:09d}" if how == "null" else f"24{number:09d}"
            as_another_person(body["occurrence"], f"{how}-{number}")
    found = verdicts(customer, bodies)
    refused = {name for name, faults in found.items() if faults is not None}
    assert refused == REQUIRED | (FLAGS if how == "absent" else set())
    for name in refused:
        told = [fault.replace("[", ".").replace("]", "") for fault in found[name] or []]
        assert any(fault.startswith(name) for fault in told), (name, found[name])


def impossible(customer: Customer) -> dict[str, dict[str, Any]]:
    now = customer.now()
    hour = timedelta(hours=1)
    return {
        "occurrence.recorded_at": {"reported_at": stamp(now - hour), "recorded_at": stamp(now - 2 * hour)},
        "occurrence.reported_at": {"reported_at": stamp(now + hour), "recorded_at": stamp(now + hour)},
        "occurrence.occurred_from": {"occurred_from": stamp(now - hour / 2), "occurred_to": None},
        "occurrence.occurred_to": {"occurred_to": stamp(now + hour)},
    }


@pytest.mark.parametrize("path", ["occurrence.recorded_at", "occurrence.reported_at", "occurrence.occurred_from", "occurrence.occurred_to"])
def test_impossible_times_are_malformed(customer, path):
    record = customer.record(**impossible(customer)[path])
    [faults] = verdicts(customer, {"record": record}).values()
    assert faults is not None
    assert path in faults


WRONG = [
    ("occurrence.reference", "2600071234"), ("occurrence.reference", "26-712345"), ("occurrence.reference", "26*7123456"),
    ("occurrence.reference", 26000712345), ("occurrence.reference", "２６"), ("occurrence.version", 0), ("occurrence.version", -1),
    ("occurrence.version", "1"), ("occurrence.version", 1.5), ("occurrence.version", True), ("occurrence.status", "OPEN"),
    ("occurrence.record_type", "offence"), ("occurrence.source", "phone"), ("occurrence.dash_risk", "low"),
    ("occurrence.reported_at", "2026-11-20T09:58:00"), ("occurrence.reported_at", "2026-02-30T09:58:00+00:00"),
    ("occurrence.reported_at", "yesterday"), ("occurrence.reported_at", 1700000000), ("occurrence.flags.domestic_abuse", "false"),
    ("occurrence.flags.domestic_abuse", 0), ("occurrence.flags", []), ("occurrence.markers", "doma_form"), ("occurrence.victims", {}),
    ("occurrence.victims.0.kind", "dog"), ("occurrence.victims.0.date_of_birth", "1988-02-30"),
    ("occurrence.victims.0.date_of_birth", "02/04/1988"), ("occurrence.victims.0.date_of_birth", "2999-01-01"),
    ("occurrence.victims.0.preferred_channel", "fax"), ("occurrence.victims.0.relationship_to_suspect", "husband"),
    ("occurrence.victims.0.contact_safety.safe_channels", ["pigeon"]), ("occurrence.victims.0.contact_safety.safe_channels", "email"),
    ("occurrence.victims.0.communication_needs", ["tea"]), ("occurrence.victims.0.referral_opt_out", "yes"),
    ("occurrence.victims.0.address", "1 Wood Street"), ("occurrence.victims.0.email", ["a@example.org"]),
    ("occurrence.victims.0.update_agreement.every_days", -3), ("occurrence.victims.0.deceased", "no"), ("occurrence.restricted", "no"),
    ("sent_at", "2026-11-20"), ("message_id", 7),
]  # fmt: skip


def test_a_wrong_value_is_named_by_its_path(customer):
    bodies = {}
    for path, value in WRONG:
        keys = tuple(int(key) if key.isdigit() else key for key in path.split("."))
        bodies[f"{path}={value!r}"] = changed(customer.record(), keys, value)
    found = verdicts(customer, bodies)
    assert {name for name, faults in found.items() if faults is None} == set()
    for name, faults in found.items():
        path = name.split("=")[0]
        told = [fault.replace("[", ".").replace("]", "") for fault in faults or []]
        assert any(fault.startswith(path) for fault in told), (name, faults)


def test_what_cannot_be_used_as_an_address_is_no_malformed_record(customer):
    unusable = ["nobody", "a@b", "@example.org", "a b@example.org", "x" * 300 + "@example.org", "a@example.org, b@example.org"]
    numbers = ["12", "+44 20 7946 0000 ext", "07700 9001", "not a number", "+4477009001234567"]
    bodies: dict[str, dict[str, Any] | str] = {}
    for text in unusable:
        bodies[text] = changed(customer.record(), ("occurrence", "victims", 0, "email"), text)
    for text in numbers:
        bodies[text] = changed(customer.record(), ("occurrence", "victims", 0, "mobile"), text)
    assert {name: faults for name, faults in verdicts(customer, bodies).items() if faults is not None} == {}
    customer.until_daytime_after(1)
    for text in unusable:
        assert {m["audience"] for m in customer.delivered(bodies[text])} == {"officer"}, text


def test_mobiles_are_read_however_they_are_written(customer):
    number = new_mobile()
    for text in (number, f"0{number[3:]}", f"0{number[3:7]} {number[7:]}", f"0044{number[3:]}", f"+44 (0){number[3:]}"):
        record = changed(customer.record(), ("occurrence", "victims", 0, "mobile"), text)
        record["occurrence"]["victims"][0] |= {"preferred_channel": "sms", "email": None, "person_ref": None}
        customer.told(record)
        customer.until_daytime_after(1)
        assert [m["to"] for m in customer.delivered(record, "victim")] == [number], text
