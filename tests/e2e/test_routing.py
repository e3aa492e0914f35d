"""Who decides and who is told, for every sign of the routing rules: one record each, all on the queue of one running machine at once."""

import re

import pytest

from tests.e2e.customer import offence, on_victim, safe

CARE = "victim-care-unit@derbyshire-police.test"
FAMILY = "family-liaison@derbyshire-police.test"
DUTY = "force-duty-contact@derbyshire-police.test"
OFFICER, SUPERVISOR = "officer", "supervisor"
AUTOMATIC = [("service", "referral"), ("victim", "acknowledgement")]


def flags(**values):
    return lambda occurrence: occurrence["flags"].update(values)


def offences(*codes, **values):
    return lambda occurrence: occurrence.update(offences=[offence(code) for code in codes], **values)


def occurrence(**values):
    return lambda what: what.update(values)


def representative(**values):
    known = {
        "given_name": "Pat",
        "family_name": "Lee",
        "relationship": "parent",
        "mobile": None,
        "address": None,
        "linked_to_suspect": False,
    }
    return known | values


def child(**values):
    return on_victim(date_of_birth="2014-05-01", **values)


NOBODY = {"given_name": None, "family_name": None, "date_of_birth": None, "relationship_to_suspect": None}
ACME = NOBODY | {"kind": "business", "organisation": "Acme Ltd"}
UNCONFIRMED = on_victim(contact_safety={"confirmed_at": None})

# Name: changes, to whom the one task goes (at high risk to the duty contact too), where the task says that it should go, what it misses.
TASKS = {
    "domestic abuse flag": ([flags(domestic_abuse=True)], CARE, "Victim Care Unit", None),
    "domestic abuse not known": ([flags(domestic_abuse=None)], CARE, "Victim Care Unit", "flags.domestic_abuse"),
    "grade high": ([occurrence(dash_risk="high")], CARE, "IDVA", None),
    "grade high without consent": ([occurrence(dash_risk="high"), on_victim(support_consent=False)], CARE, "IDVA", None),
    "grade medium, consent, Derby": (
        [occurrence(dash_risk="medium", location={"district": "Derby"}), on_victim(support_consent=True)], CARE, "Refuge", None),
    "grade standard, consent, county": ([occurrence(dash_risk="standard"), on_victim(support_consent=True)], CARE, "Elm", None),
    "grade medium, declined": ([occurrence(dash_risk="medium"), on_victim(support_consent=False)], CARE, "single session", None),
    "grade medium, not asked": ([occurrence(dash_risk="medium")], CARE, "[Aa]sk", None),
    "no grade though consent": ([flags(domestic_abuse=True), on_victim(support_consent=True)], CARE, "Victim Care Unit", None),
    "coercive control": ([offences("8U")], CARE, "Victim Care Unit", None),
    **{f"relationship {r}": ([on_victim(relationship_to_suspect=r)], CARE, "Victim Care Unit", None)
       for r in ("partner", "ex_partner", "family", "household")},
    **{f"marker {marker}": ([occurrence(markers=[marker])], CARE, None, None)
       for marker in ("doma_form", "honour_based_abuse", "forced_marriage", "fgm", "exploitation", "protective_order", "same_address",
                      "strangulation", "private_images", "terrorism", "anything else")},
    **{f"sexual {code}": ([offences(code)], CARE, "SV2", None)
       for code in ("17A", "19C", "19D", "20A", "20B", "21", "22A", "22B", "23", "70", "71", "72", "73", "88A", "88C", "88E")},
    **{f"sexual {code}": ([offences(code, record_type="n100")], CARE, "SV2", None) for code in ("N100/1", "N100/2", "N100/3")},
    "n100 with no class": ([offences("", record_type="n100")], CARE, "SV2", None),
    "a burglary and a rape": ([offences("28E", "19C")], CARE, "SV2", None),
    "a burglary with the code of a rape": ([occurrence(offences=[offence("28E", ho_code="019/08")])], CARE, "SV2", None),
    "stalking flag": ([flags(stalking_harassment=True)], CARE, None, None),
    "stalking not known": ([flags(stalking_harassment=None)], OFFICER, None, "flags.stalking_harassment"),
    "safeguarding flag": ([flags(safeguarding=True)], CARE, None, None),
    "safeguarding not known": ([flags(safeguarding=None)], OFFICER, None, "flags.safeguarding"),
    **{f"held {code}": ([offences(code)], CARE, None, None)
       for code in ("8L", "8M", "8Q", "106", "11A", "13", "36", "3A", "3B", "2", "5D", "86", "24", "27")},
    **{f"death {code}": ([offences(code)], FAMILY, None, None) for code in ("1", "4.1", "4.4", "4.8", "37.1")},
    "deceased": ([on_victim(deceased=True)], FAMILY, None, None),
    "bereaved": ([on_victim(representative=representative(relationship="bereaved_relative", email="b@example.org"))], FAMILY, None, None),
    "restricted": ([occurrence(restricted=True)], CARE, None, None),
    **{f"class {code!r}": ([offences(code)], OFFICER, None, "offences") for code in ("", "  ", "99X", "4/1")},
    "assault, relationship null": ([offences("8N"), on_victim(relationship_to_suspect=None)], OFFICER, None, "relationship_to_suspect"),
    "assault, relationship unknown": ([offences("105A"), on_victim(relationship_to_suspect="unknown")], OFFICER, None, "relationship"),
    "robbery, relationship unknown": ([offences("34B"), on_victim(relationship_to_suspect="unknown")], OFFICER, None, "relationship"),
    "third party, unconfirmed": ([occurrence(source="third_party"), UNCONFIRMED], OFFICER, None, "contact_safety.confirmed_at"),
    "professional, unconfirmed": ([occurrence(source="professional"), UNCONFIRMED], OFFICER, None, "contact_safety.confirmed_at"),
    "no date of birth": ([on_victim(date_of_birth=None)], OFFICER, None, "date_of_birth"),
    "child alone": ([child()], OFFICER, None, "representative"),
    "child, link not known": ([child(representative=representative(email="c@example.org", linked_to_suspect=None))], OFFICER, None,
                              "linked_to_suspect"),
    "child, linked": ([child(representative=representative(email="d@example.org", linked_to_suspect=True))], CARE, None, None),
    "police officer": ([on_victim(kind="police_officer")], SUPERVISOR, None, None),
    "transferred": ([occurrence(status="transferred")], OFFICER, None, None),
    "cancelled": ([occurrence(status="cancelled")], OFFICER, None, None),
    "incident with domestic abuse": ([occurrence(record_type="incident", offences=[]), flags(domestic_abuse=True)], CARE, None, None),
    "do not contact": ([on_victim(contact_safety={"do_not_contact": True})], OFFICER, None, None),
    "no safe way": ([safe()], OFFICER, None, None),
}  # fmt: skip

AUTOMATIC_CASES = {
    **{f"class {code}": [offences(code)] for code in ("28E", "30C", "34B", "45", "48", "44", "58A", "56A", "9A", "8N", "105A")},
    "hate crime": [flags(hate_crime=True)],
    "hate crime not known": [flags(hate_crime=None)],
    "burglary, relationship null": [on_victim(relationship_to_suspect=None)],
    "vehicle, relationship unknown": [offences("48"), on_victim(relationship_to_suspect="unknown")],
    "third party, confirmed": [occurrence(source="third_party")],
    "professional, confirmed": [occurrence(source="professional")],
    "business with a contact": [offences("46"), on_victim(**ACME, contact_name="Kim Lee")],
    "through a spokesperson": [on_victim(representative=representative(relationship="family_spokesperson", email="spokes@example.org"))],
    "acquaintance": [on_victim(relationship_to_suspect="acquaintance")],
}

UNROUTED = {
    "no victim": [occurrence(victims=[])],
    "incident without an offence": [occurrence(record_type="incident", offences=[])],
    "business without a contact": [offences("46"), on_victim(**ACME, contact_name=None)],
}


@pytest.fixture(scope="module")
def decided(standing_customer):
    """Every case by name, with what was delivered at once and what a day later."""
    every = {name: case[0] for name, case in TASKS.items()} | AUTOMATIC_CASES | UNROUTED
    records = {name: standing_customer.record(*changes) for name, changes in every.items()}
    standing_customer.told(*records.values())
    at_once = {name: standing_customer.delivered(record) for name, record in records.items()}
    standing_customer.until_daytime_after(25)
    return {name: (record, at_once[name], standing_customer.delivered(record)) for name, record in records.items()}


@pytest.mark.parametrize("name", TASKS)
def test_a_person_is_asked_at_once_and_nothing_leaves_the_force(decided, name):
    _, to, where, missing = TASKS[name]
    record, at_once, later = decided[name]
    people = record["occurrence"]["officer"]["email"], record["occurrence"]["supervisor"]["email"]
    expected = {OFFICER: people[0], SUPERVISOR: people[1]}.get(to, to)
    everybody = {expected, DUTY} if record["occurrence"]["dash_risk"] == "high" else {expected}
    assert sorted((m["to"], m["message"]) for m in at_once) == sorted((to, "task") for to in everybody)
    assert later == at_once
    text = at_once[0]["text"]
    assert record["occurrence"]["reference"] in text
    assert re.search(r"By: the end of \w+day \d+ \w+ \d{4}", text)
    if where:
        assert re.search(where, text.partition("Where it should go")[2].partition("When it is done")[0])
    assert not missing or "What we need to know" in text
    if missing:
        assert missing in text.partition("What we need to know")[2]
    victim = record["occurrence"]["victims"][0]
    words = re.sub(r"\b[0-9a-f]{32}\b", "", at_once[0]["subject"] + text + (at_once[0]["html"] or ""))
    for said in (victim["family_name"], victim["email"], victim["address"][0], "Rear door", "urglary", "1988"):
        assert not said or said not in words


@pytest.mark.parametrize("name", AUTOMATIC_CASES)
def test_the_victim_and_the_service_are_told(decided, name):
    record, at_once, later = decided[name]
    assert at_once == []
    assert sorted((m["audience"], m["message"]) for m in later) == AUTOMATIC
    victim = record["occurrence"]["victims"][0]
    assert later[0]["to"] == (victim["representative"] or victim)["email"]
    assert later[1]["to"] == "referrals@derbyshire-victim-services.test"


@pytest.mark.parametrize("name", UNROUTED)
def test_where_nobody_is_owed_anything_nobody_is_told(decided, name):
    assert decided[name][2] == []


def test_a_childs_parent_is_informed_and_nobody_is_referred(customer):
    record = customer.record(child(representative=representative(email="parent@example.org")))
    customer.told(record)
    customer.until_daytime_after(25)
    [message] = customer.delivered(record)
    assert (message["audience"], message["to"]) == ("victim", "parent@example.org")
    assert "We have not passed" in message["text"] or "We are passing" not in message["text"]


def test_the_most_careful_crime_decides_for_everyone_in_the_occurrence(customer):
    record = customer.record()
    record["occurrence"]["victims"] += [customer.victim(relationship_to_suspect="partner"), customer.victim()]
    customer.told(record)
    customer.until_daytime_after(25)
    assert [m["to"] for m in customer.delivered(record)] == [CARE] * 3


def test_routes_are_counted(customer):
    before = customer.machine.status()["routes"]
    customer.told(customer.record(), customer.record(flags(domestic_abuse=True)), customer.record(offences("19C")), customer.record(safe()))
    after = customer.machine.status()["routes"]
    assert {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)} == {
        "victim_services": 2,
        "domestic_abuse": 1,
        "sexual_offence": 1,
    }


def test_the_console_shows_the_route_with_its_rule(customer):
    record = customer.record(flags(domestic_abuse=True))
    customer.told(record)
    status, page, _ = customer.machine.call(f"/local/case/{record['occurrence']['reference']}")
    assert status == 200
    assert "domestic" in page.lower()
    assert re.search(r"[Rr]ule", page)
