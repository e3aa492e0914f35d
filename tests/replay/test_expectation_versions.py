"""What the expectation says of several records: versions, broken bodies, the same person elsewhere, linked crimes. Funnels made by hand.

Must not import the product.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import contact_safety, flags, offence, representative, victim
from tests.replay.expectation_lines import OTHER, counts, funnel, left, record, told


def test_a_flag_that_comes_after_the_message_stops_the_service() -> None:
    found = funnel([record()], [record(2, flags=flags(domestic_abuse=True))])
    assert left(found, "tasks", "messages") == {
        "messages/victim/email/acknowledgement/delivered": 1,
        "messages/service/email/referral/delivered": 1,
        "messages/service/email/stop_notice/delivered": 1,
        "messages/unit/email/task/delivered": 3,
        "tasks/victim_care_unit/specialist/late": 1,
        "tasks/victim_care_unit/sent_before/late": 1,
        "tasks/victim_care_unit/stop_confirm/late": 1,
    }


def test_a_flag_that_comes_in_time_cancels_what_waits() -> None:
    found = funnel([record(), record(2, flags=flags(domestic_abuse=True))])
    assert left(found, "messages", "accepted", "tasks") == {
        "messages/victim/email/acknowledgement/cancelled": 1,
        "messages/service/email/referral/cancelled": 1,
        "messages/unit/email/task/delivered": 1,
        "accepted/unit/email/task": 1,
        "tasks/victim_care_unit/specialist/late": 1,
    }


def test_a_late_version_holds_by_its_signs_alone() -> None:
    found = funnel([record(2), record(1, flags=flags(domestic_abuse=True))])
    assert left(found, "records", "held") == {
        "records/in": 2, "records/recorded": 1, "records/stale": 1, "records/quarantined": 0, "held/specialist/domestic-abuse-flag": 1,
    }  # fmt: skip


def test_opting_out_later_withdraws() -> None:
    found = funnel([told()], [told(2, referral_opt_out=True)])
    assert left(found, "messages", "referrals") == {
        "messages/victim/email/acknowledgement/delivered": 1,
        "messages/service/email/referral/delivered": 1,
        "messages/service/email/withdrawal/delivered": 1,
        "referrals/referred": 1,
        "referrals/opted_out": 1,
    }


def test_a_yes_after_a_message_that_did_not_say_so_is_told_by_a_person() -> None:
    found = funnel([told(referral_opt_out=None)], [told(2, referral_opt_out=False)])
    assert left(found, "tasks") == {"tasks/officer/ask_referral/waived": 1, "tasks/officer/tell_referral/breached": 1}


def test_a_removed_victim_is_not_written_to() -> None:
    found = funnel([record(victims=[victim(), victim("V2")]), record(2)])
    assert counts(found)["victims"] == 1
    assert left(found, "messages") == {
        "messages/victim/email/acknowledgement/delivered": 1,
        "messages/victim/email/acknowledgement/cancelled": 1,
        "messages/service/email/referral/delivered": 1,
        "messages/service/email/referral/cancelled": 1,
    }


BROKEN = record(2) | {"kind": "task_done"}
QUARANTINE: list[tuple[str, list[list[Any]], dict[str, int]]] = [
    ("holds what waits", [[record(), BROKEN]], {"held/messages/suspended": 2, "tasks/operations/quarantine/late": 1}),
    ("is lifted", [[record(), BROKEN, record(3)]], {"tasks/operations/quarantine/met": 1}),
    ("is lifted later", [[record(), BROKEN], [record(3)]], {"tasks/operations/quarantine/met": 1}),
    ("needs a version that high", [[BROKEN, record(1)]], {"held/messages/suspended": 2, "tasks/operations/quarantine/late": 1}),
    ("undoes nothing", [[record()], [BROKEN]], {"tasks/operations/quarantine/late": 1}),
    ("counts once", [[record(), BROKEN, record(3), BROKEN]], {"tasks/operations/quarantine/met": 1}),
    ("by contradiction", [[record(), record(summary="Other.")]], {"held/messages/suspended": 2, "tasks/operations/quarantine/late": 1}),
    ("without a reference", [[record(), "no JSON"]], {}),
]


@pytest.mark.parametrize(("_", "phases", "found"), QUARANTINE)
def test_a_quarantined_body(_: str, phases: list[list[Any]], found: dict[str, int]) -> None:
    assert left(funnel(*phases), "held", "tasks") == {name.replace("//", "/"): count for name, count in found.items()}


def test_a_quarantined_body_that_comes_again_is_stale() -> None:
    assert left(funnel([BROKEN, BROKEN, "{", "{", record(3), record(3), record(2)]), "records") == {
        "records/in": 7, "records/recorded": 1, "records/stale": 4, "records/quarantined": 2,
    }  # fmt: skip


ELSEWHERE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"email": None, "mobile": None}, {"email": None, "mobile": "07700 900777"}),
    ({"person_ref": None, "mobile": None}, {"person_ref": "N9", "email": "ALEX.morgan@example.org", "mobile": None}),
    ({"person_ref": None, "email": None}, {"person_ref": "N9", "email": None, "landline": "07700 900123", "mobile": None}),
    ({"person_ref": None, "email": None}, {"person_ref": "N9", "email": None, "mobile": None,
        "representative": representative(mobile="07700 900123")}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ELSEWHERE)
@pytest.mark.parametrize("first", [True, False])
def test_specialist_elsewhere(one: dict[str, Any], other: dict[str, Any], first: bool) -> None:
    domestic = record(reference=OTHER, flags=flags(domestic_abuse=True), victims=[victim(**one)])
    plain = told(**other)
    found = funnel([plain, domestic] if first else [domestic, plain])
    assert left(found, "routes") == {
        "routes/domestic_abuse/domestic-abuse-flag": 1,
        "routes/domestic_abuse/specialist-elsewhere": 1,
    }


def test_do_not_contact_elsewhere_is_for_a_person() -> None:
    found = funnel([told(), record(reference=OTHER, victims=[victim(contact_safety=contact_safety(do_not_contact=True))])])
    assert left(found, "routes", "tasks") == {
        "routes/held/do-not-contact-elsewhere": 1,
        "routes/victim_services/non-specialist": 1,
        "tasks/officer/by_person/late": 1,
        "tasks/officer/tell_victim/breached": 1,
    }


def linked(*codes: str, **facts: Any) -> dict[str, Any]:
    return record(offences=[offence(code, ho_code=None, description=None) for code in codes], **facts)


LINKED: list[tuple[list[Any], int]] = [
    ([linked("28E", linked_references=[OTHER]), linked("45", reference=OTHER)], 1),
    ([linked("28E", linked_references=["26*712346"]), linked("8N", reference=OTHER)], 1),
    ([linked("28E"), linked("45", reference=OTHER)], 2),
    ([linked("28E", linked_references=[OTHER]), linked("45", reference=OTHER, officer=None)], 2),
    ([linked("28E", linked_references=[OTHER]), linked("45", reference=OTHER, victims=[victim(referral_opt_out=True)])], 2),
    ([linked("28E", "45", "46", linked_references=[OTHER]), linked("45", "46", "44", reference=OTHER)], 2),
]


@pytest.mark.parametrize(("messages", "accepted"), LINKED)
def test_linked_crimes(messages: list[Any], accepted: int) -> None:
    found = funnel(messages)
    assert found["accepted"]["victim"]["email"]["acknowledgement"] == accepted
    assert found["messages"]["victim"]["email"]["acknowledgement"] == {"delivered": 2}


def test_a_linked_crime_after_the_message_has_its_own() -> None:
    found = funnel([linked("28E", linked_references=[OTHER])], [linked("45", reference=OTHER)])
    assert found["accepted"]["victim"]["email"]["acknowledgement"] == 2


def test_a_wish_of_one_version_is_kept_as_not_wanted() -> None:
    found = funnel([told(email=None), told(2, communication_needs=["bsl"])])
    assert left(found, "messages", "tasks") == {
        "messages/victim/sms/acknowledgement/cancelled": 1,
        "messages/service/email/referral/cancelled": 1,
        "messages/officer/email/task/delivered": 2,
        "tasks/officer/full_words/waived": 1,
        "tasks/officer/interpreter/breached": 1,
    }
