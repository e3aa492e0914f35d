"""Rows and messages put into a running machine as a worker or a provider would, for the tests of its pages."""

import json
import tomllib
from datetime import date
from email.message import EmailMessage

from chalicelib.adapters.documents import TypstDocuments
from chalicelib.domain.messages import Acknowledgement, ForceContact, Reader, ServiceContact, Template
from tests.e2e.local_machine import ROOT


def send_mail(machine, notification_id: str, *, subject: str, html: str, attachment: bytes | None = None) -> None:
    mail = EmailMessage()
    mail["From"] = "Derbyshire Constabulary <keeping-you-informed@derbyshire-police.test>"
    mail["To"] = "alex.morgan@example.org"
    mail["Subject"] = subject
    mail.set_content("In plain words.")
    mail.add_alternative(html, subtype="html")
    if attachment:
        mail.add_attachment(attachment, maintype="application", subtype="pdf", filename="referral.pdf")
    machine.client("sesv2").send_email(
        FromEmailAddress=str(mail["From"]),
        Destination={"ToAddresses": ["alex.morgan@example.org"]},
        Content={"Raw": {"Data": mail.as_bytes()}},
        ConfigurationSetName="kept-informed",
        EmailTags=[{"Name": "notification_id", "Value": notification_id}],
    )


def put_row(machine, table: str, **values: str) -> None:
    item = {name: {"S": value} for name, value in values.items()}
    machine.client("dynamodb").put_item(TableName=f"kept-informed-{table}", Item=item)


def notification_row(machine, notification_id: str, **values: str) -> None:
    known = {"message": "acknowledgement", "language": "en", "audience": "victim", "channel": "email", "state": "sent"}
    times = {"created_at": "2026-11-20T10:31:00Z", "occurrence_ref": "26000799901"}
    put_row(machine, "notifications", notification_id=notification_id, **known | times | values)


def letter_to(*address: str) -> bytes:
    force = tomllib.loads((ROOT / "chalicelib/profiles/derbyshire.toml").read_text())["force"]
    content = Acknowledgement(
        force=ForceContact(**{name: tuple(value) if isinstance(value, list) else value for name, value in force.items()}),
        reader=Reader.VICTIM,
        greeting_name=address[0],
        references=("26000799901",),
        crimes=("burglary",),
        reported_on=date(2026, 11, 20),
        officer=None,
        closed=False,
        updates=None,
        service=ServiceContact("Derbyshire Victim Services", "0800 612 6505", "www.core-derbyshire.com"),
        referred=True,
        passed_on=("your name",),
        other_support=(),
        restorative_justice=False,
        compensation=False,
        enhanced=False,
        channel_reason=None,
        address=address,
        written_on=date(2026, 11, 20),
    )
    return TypstDocuments().letter(Template.ACKNOWLEDGEMENT, "en", content)


def put_case(machine, reference: str, name: str) -> None:
    facts = {
        "reference": reference,
        "status": "open",
        "record_type": "crime",
        "reported_at": "2026-11-20T09:58:00Z",
        "recorded_at": "2026-11-20T10:30:00Z",
        "source": "101",
        "offences": [{"code": "28E", "ho_code": "028/03", "description": name, "principal": True}],
        "flags": {"domestic_abuse": None, "hate_crime": False, "stalking_harassment": False, "safeguarding": False},
        "markers": [],
        "district": "Amber Valley",
        "officer": {"name": "PC Sam Ash", "collar_number": "2345"},
    }
    decision = {
        "route": "held",
        "rule_id": "da.flag",
        "rule_version": "2026-11",
        "hold": "doubt",
        "destinations": [],
        "missing": ["flags.domestic_abuse"],
        "signs": ["da.flag"],
    }
    victim = {"victim": {"id": "V1", "given_name": name, "family_name": "Morgan"}, "version": 1, "decision": decision}
    head = {"reference": reference, "version": 1, "facts": facts, "marker": None, "suspension": None}
    put_row(machine, "occurrences", occurrence_ref=reference, part="head", version="1", body=json.dumps(head))
    put_row(machine, "occurrences", occurrence_ref=reference, part="victim#V1", route="held", body=json.dumps(victim))
    owed = {"obligation_id": "o1", "kind": "task", "purpose": "doubt", "state": "open", "rule_id": "SPEC-1WD", "rule_from": "2021-04-01"}
    times = {"due_at": "2026-11-23T23:59:59Z", "started_at": "2026-11-20T09:58:00Z", "created_at": "2026-11-20T10:32:00Z"}
    put_row(machine, "obligations", occurrence_ref=reference, victim_id="V1", **owed, **times)
