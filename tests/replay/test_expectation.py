"""What the expectation says of single records, written out by hand from CONTRACT and the issue's text.

Must not import the product: what is right here was worked out without it.
"""

from __future__ import annotations

import ast
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.replay import expectation
from infra.replay.expectation.__main__ import main
from tests import builders
from tests.builders import business, contact_safety, flags, offence, officer_named, officer_record, representative, victim
from tests.replay.expectation_lines import EVENING, counts, funnel, left, record, told

PACKAGE = Path(expectation.__file__).parent


SENT_AND_DELIVERED = {
    "accepted/victim/email/acknowledgement": 1,
    "accepted/service/email/referral": 1,
    "messages/victim/email/acknowledgement/delivered": 1,
    "messages/service/email/referral/delivered": 1,
}


def owed(route: str, kind: str, state: str, agreed: str = "-") -> dict[str, int]:
    """One thing owed: the report was on Friday 20 November, the records came on Tuesday evening, it is Sunday 29 November."""
    return {f"obligations/{kind}/{route}/Amber Valley/{agreed}/{state}": 1}


def test_a_burglary_is_acknowledged_and_referred() -> None:
    assert counts(funnel([record()])) == {
        "records/in": 1, "records/recorded": 1, "records/stale": 0, "records/quarantined": 0, "occurrences": 1, "victims": 1,
        "routes/victim_services/non-specialist": 1, "referrals/referred": 1, **SENT_AND_DELIVERED,
        **owed("victim_services", "written_acknowledgement", "met_late"), **owed("victim_services", "referral", "met_late"),
        **owed("victim_services", "needs_assessment", "met_in_time"), **owed("victim_services", "update", "open", "agreed"),
    }  # fmt: skip


def test_domestic_abuse_goes_to_the_victim_care_unit_and_nowhere_else() -> None:
    assert counts(funnel([record(flags=flags(domestic_abuse=True))])) == {
        "records/in": 1, "records/recorded": 1, "records/stale": 0, "records/quarantined": 0, "occurrences": 1, "victims": 1,
        "routes/domestic_abuse/domestic-abuse-flag": 1, "held/specialist/domestic-abuse-flag": 1,
        "tasks/victim_care_unit/specialist/late": 1, "accepted/unit/email/task": 1, "messages/unit/email/task/delivered": 1,
        **owed("domestic_abuse", "written_acknowledgement", "breached"), **owed("domestic_abuse", "referral", "breached"),
        **owed("domestic_abuse", "needs_assessment", "met_in_time"), **owed("domestic_abuse", "update", "open", "agreed"),
        **owed("domestic_abuse", "task", "late"),
    }  # fmt: skip


def test_nothing_at_all() -> None:
    assert funnel([]) == {"records": {"in": 0, "recorded": 0, "stale": 0, "quarantined": 0}, "occurrences": 0, "victims": 0}


ROUTES: list[tuple[str, dict[str, Any]]] = [
    ("held/death", {"offences": [offence("1", ho_code=None, description=None)]}),
    ("held/death", {"victims": [victim(deceased=True)]}),
    ("domestic_abuse/domestic-abuse-dash", {"dash_risk": "standard"}),
    ("domestic_abuse/domestic-abuse-class", {"offences": [offence("8U")]}),
    ("domestic_abuse/domestic-abuse-relationship", {"victims": [victim(relationship_to_suspect="ex_partner")]}),
    ("domestic_abuse/domestic-abuse-marker", {"markers": ["strangulation"]}),
    ("domestic_abuse/domestic-abuse-unknown", {"flags": flags(domestic_abuse=None)}),
    ("sexual_offence/sexual-offence", {"offences": [offence("19C")]}),
    ("sexual_offence/sexual-offence", {"record_type": "n100", "offences": [offence("N100/1")]}),
    ("sexual_offence/sexual-offence", {"offences": [offence("28E", ho_code="019/07")]}),
    ("held/stalking-harassment", {"offences": [offence("8Q")]}),
    ("held/safeguarding", {"flags": flags(safeguarding=True)}),
    ("held/marker", {"markers": [" "]}),
    ("held/held-class", {"offences": [offence("36")]}),
    ("held/restricted", {"restricted": True}),
    ("held/police-officer", {"victims": [victim(kind="police_officer")]}),
    ("held/representative-linked", {"victims": [victim(representative=representative(linked_to_suspect=True))]}),
    ("transferred/transferred", {"status": "transferred"}),
    ("held/class-unknown", {"offences": [offence("", ho_code=None)]}),
    ("held/class-unknown", {"offences": [offence("49", ho_code="008/30")]}),
    ("held/relationship-unknown", {"offences": [offence("8N")], "victims": [victim(relationship_to_suspect="unknown")]}),
    ("victim_services/non-specialist", {"victims": [victim(relationship_to_suspect=None)]}),
    ("no_route/incident-without-offence", {"record_type": "incident", "offences": []}),
    ("no_route/business-without-contact", {"victims": [business(contact_name=None)]}),
    ("victim_services/non-specialist", {"victims": [business()]}),
    ("held/age-unknown", {"victims": [victim(date_of_birth=None)]}),
    ("held/child", {"victims": [victim(date_of_birth="2014-05-05")]}),
    ("victim_services/non-specialist", {"victims": [victim(date_of_birth="2014-05-05", representative=representative())]}),
    ("held/cannot-act", {"victims": [victim(representative=representative(linked_to_suspect=None))]}),
    ("held/reported-by-another", {"source": "third_party", "victims": [victim(contact_safety=None)]}),
    ("no_route/cancelled", {"status": "cancelled", "flags": flags(domestic_abuse=True)}),
    ("no_route/no-victim", {"victims": []}),
    ("victim_services/non-specialist", {"flags": flags(hate_crime=True)}),
]


@pytest.mark.parametrize(("route", "facts"), ROUTES)
def test_routes(route: str, facts: dict[str, Any]) -> None:
    assert left(funnel([record(**facts)]), "routes") == {f"routes/{route}": 1}


CHANNELS: list[tuple[dict[str, Any], dict[str, int]]] = [
    ({"preferred_channel": "sms"}, {"messages/victim/sms/acknowledgement/delivered": 1, **{
        "messages/victim/email/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1}}),
    ({"email": None}, {"messages/victim/sms/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1,
        "messages/officer/email/task/delivered": 1, "tasks/officer/full_words/breached": 1}),
    ({"email": None, "written_acknowledgement": {"given_at": "2026-11-20T10:00:00Z", "method": "by hand"}},
        {"messages/victim/sms/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1}),
    ({"contact_safety": contact_safety(safe_channels=["letter"])},
        {"messages/victim/letter/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1}),
    ({"contact_safety": contact_safety(safe_channels=[])},
        {"messages/officer/email/task/delivered": 1, "tasks/officer/tell_victim/breached": 1}),
    ({"contact_safety": contact_safety(do_not_contact=True)},
        {"messages/officer/email/task/delivered": 1, "tasks/officer/tell_victim/breached": 1}),
    ({"contact_safety": contact_safety(safe_hours="21:00-23:00")},
        {"messages/officer/email/task/delivered": 1, "tasks/officer/tell_victim/breached": 1}),
    ({"contact_safety": None}, {"messages/victim/email/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1}),
    ({"communication_needs": ["bsl"]}, {"messages/officer/email/task/delivered": 1, "tasks/officer/interpreter/breached": 1}),
    ({"language": "Polish"}, {"messages/officer/email/task/delivered": 1, "tasks/officer/interpreter/breached": 1}),
    ({"language": "en_GB"}, {"messages/victim/email/acknowledgement/delivered": 1, "messages/service/email/referral/delivered": 1}),
    ({"referral_opt_out": True}, {"messages/victim/email/acknowledgement/delivered": 1}),
    ({"referral_opt_out": None}, {"messages/victim/email/acknowledgement/delivered": 1, "messages/officer/email/task/delivered": 1,
        "tasks/officer/ask_referral/breached": 1}),
    ({"date_of_birth": "2014-05-05", "representative": representative()}, {"messages/victim/email/acknowledgement/delivered": 1}),
    ({"email": "bounce.kim@example.org", "referral_opt_out": True}, {"messages/victim/email/acknowledgement/bounced": 1,
        "messages/officer/email/task/delivered": 1, "tasks/officer/not_delivered/breached": 1}),
    ({"email": "complaint@example.org", "referral_opt_out": True}, {"messages/victim/email/acknowledgement/complained": 1}),
    ({"email": None, "mobile": "07700 900954", "referral_opt_out": True}, {"messages/victim/sms/acknowledgement/failed": 1,
        "messages/officer/email/task/delivered": 2, "tasks/officer/not_delivered/breached": 1, "tasks/officer/full_words/breached": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "found"), CHANNELS)
def test_how_a_victim_is_told(facts: dict[str, Any], found: dict[str, int]) -> None:
    assert left(funnel([told(**facts)]), "messages", "tasks") == found


def test_given_points_are_not_used_in_an_offence_against_a_person() -> None:
    found = funnel([record(offences=[offence("39", ho_code=None)], victims=[victim(contact_safety=None)])])
    assert left(found, "tasks") == {"tasks/officer/tell_victim/breached": 1}


OFFICERS: list[tuple[list[Any], dict[str, Any], dict[str, int]]] = [
    ([], {"officer": None}, {"messages/unit/email/task/delivered": 1}),
    ([], {"officer": officer_named(email="bounce.sam@example.test")},
        {"messages/officer/email/task/bounced": 1, "messages/unit/email/task/delivered": 1}),
    ([], {"officer": officer_named(email="alex.morgan@example.org")}, {"messages/unit/email/task/delivered": 1}),
    ([officer_record(active=False)], {}, {"messages/supervisor/email/task/delivered": 1}),
    ([officer_record(active=False)], {"supervisor": None}, {"messages/unit/email/task/delivered": 1}),
    ([officer_record(email=None)], {}, {"messages/officer/email/task/delivered": 1}),
    ([officer_record(email="bounce.one@example.test"), officer_record(version=6)], {},
        {"messages/officer/email/task/bounced": 1, "messages/unit/email/task/delivered": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("directory", "facts", "found"), OFFICERS)
def test_who_gets_a_task(directory: list[Any], facts: dict[str, Any], found: dict[str, int]) -> None:
    transferred = record(status="transferred", **facts)
    assert left(funnel([*directory, transferred]), "messages") == found


def test_the_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "records.jsonl"
    run = {"run": {"now": builders.iso(EVENING)}}
    line = {"day": 2, "wave": 0, "body": json.dumps(record() | {"sent_at": builders.iso(EVENING + timedelta(days=1))})}
    file.write_text(f"{json.dumps(run)}\n{json.dumps(line)}\n")
    assert main([str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == {"in": 1, "recorded": 1, "stale": 0, "quarantined": 0}
    assert main([]) == 2


def test_it_is_written_apart() -> None:
    """Whatever it imports is of the standard library or its own."""
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [f"{'.' * node.level}{node.module or ''}"] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name == "infra.replay.expectation" or name.startswith("infra.replay.expectation.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, f"{file.name} imports {name}"
