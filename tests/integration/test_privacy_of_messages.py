"""What people write through the contact page, through the deployed handlers: who reads it, and nothing of it in a log or a queue.

Must not test what a mail says in words. NOW is Friday 20 November 2026.
"""

import json
from datetime import timedelta

import pytest

from chalicelib.adapters.tables import TABLES
from chalicelib.domain.contact_form import ContactForm
from chalicelib.entrypoints import ops
from tests.builders import body, occurrence_record
from tests.captured import captured
from tests.integration.marked_people import all_text, assert_nobody_is_named, marks_in
from tests.integration.stack_fixture import LocalStack

REFERENCE = "26000712345"
DOMESTIC = {"domestic_abuse": True, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}
FORM = ContactForm(
    "2345",
    REFERENCE,
    "Zqzqgiven Zqzqfamily",
    "Zqzqmessage: please help, he is here now.",
    "zqzqmail.morgan@example.org",
    "zqzqnumber",
    "Zqzqsafe",
)
SOURCE = "2001:db8:1:2::77"
CONTROL, OFFICER = "control-room@derbyshire-police.test", "sam.ash@example.test"


def write(local: LocalStack, form: ContactForm = FORM) -> None:
    contact = local.ready.contact
    contact.receive(form, contact.source_key(SOURCE), local.ready.tick())


def messages_to(local: LocalStack, address: str) -> list[str]:
    return [all_text([mail.text, mail.html]) for mail in local.accepted if mail.to == address]


@pytest.mark.parametrize("facts", [None, {}, {"flags": DOMESTIC}], ids=["no record", "a burglary", "domestic abuse"])
def test_what_was_written_stands_in_its_table_and_in_mail_inside_the_force_alone(local: LocalStack, facts):
    with captured() as output:
        if facts is not None:
            assert local.ingest(body(occurrence_record(**facts))) == []
        write(local)
        write(local)
        for wait in (timedelta(minutes=35), timedelta(days=5)):
            local.advance(wait)
            local.sweep()
            local.settle()
        kept = json.dumps([row.serialize() for row in TABLES["contact-messages"].scan(consistent_read=True)])
        assert kept.count("Zqzqmessage") == 1
        TABLES["contact-messages"].get(next(iter(local.ready.desk.read(REFERENCE, "7001", local.ready.tick()))).message.message_id).delete()
        assert_nobody_is_named(local, output)
    assert SOURCE not in kept + output.text.getvalue() + all_text([row.serialize() for row in TABLES["control"].scan(consistent_read=True)])
    read = [address for address in (CONTROL, OFFICER) if marks_in("\n".join(messages_to(local, address)))]
    assert read == {None: [CONTROL], "{}": [CONTROL, OFFICER]}.get(facts if facts is None else str(facts), [])
    assert messages_to(local, CONTROL)
    assert not [mail for mail in local.accepted if mail.to.startswith("zqzq")]


def test_operations_read_a_message_and_give_it_away(local: LocalStack, capsys: pytest.CaptureFixture[str]):
    assert local.ingest(body(occurrence_record())) == []
    write(local)
    local.settle()
    capsys.readouterr()
    assert ops.main(["messages", "read", "26*712345", "--by", "7001"]) == 0
    shown = capsys.readouterr().out
    assert "claimed to be from Zqzqgiven Zqzqfamily" in shown
    key = shown.split()[0]
    assert ops.main(["messages", "allocate", REFERENCE, key, "--to", "4711", "--by", "7001"]) == 0
    assert ops.main(["messages", "allocate", REFERENCE, "0" * 32, "--to", "4711", "--by", "7001"]) == 1
    assert ops.main(["messages", "read", "26000799999", "--by", "7001"]) == 1
    capsys.readouterr()
    assert ops.main(["case", REFERENCE]) == 0
    told = capsys.readouterr().out
    assert "message through the contact page, its words speak of immediate danger" in told
    assert "message given to 4711 by 7001" in told
    assert marks_in(told) == []
