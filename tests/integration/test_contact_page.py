"""The page "Contact an officer" as it is deployed: what it takes and refuses, what it says, and that it says the same of everybody."""

from __future__ import annotations

import json
import re
from html import escape

import pytest

from chalicelib.adapters.tables import ContactMessageRow
from infra.local.http_server import Reply
from tests.builders import body, occurrence_record, victim
from tests.captured import captured
from tests.integration.stack_fixture import LocalStack
from tests.integration.table_calls import Asked, watched
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.test_table_permissions import DOMESTIC, allowed
from tests.integration.web_pages import visit

PAGE = "/contact-officer"
FORM = {
    "collar_number": "2345",
    "reference": "26*712345",
    "name": "Kim Field",
    "email": "kim.field@example.org",
    "phone": "07700 900123",
    "message": "When will somebody call me?",
}
DANGER = {"message": "Please help, he is here now with a knife."}
HOSTILE = "\"'><script>alert(1)</script><!--&{{ 7 * 7 }}"


def post(**changes: str) -> Reply:
    return visit(PAGE, "POST", form=FORM | changes)


def rows(local: LocalStack) -> int:
    _ = local.ready
    return len(list(ContactMessageRow.scan(consistent_read=True)))


def text(reply: Reply) -> str:
    return reply.body.decode()


def errors(reply: Reply) -> list[tuple[str, str]]:
    """The error summary: where each leads, and its words."""
    return re.findall(r'<a href="#(\w+)">([^<]+)</a>', text(reply))


def test_the_form_says_first_what_it_is_not_for(local):
    reply = visit(PAGE)
    before, form = text(reply).split("<form", 1)
    assert reply.status == 200
    has_every_header(reply.headers)
    for words in (
        "In an emergency, call 999",
        "Do not use this page to report a crime",
        "Allow up to a week",
        "18001 101",
        "https://www.askthe.police.uk",
        "Professional Standards",
        "Anti-Corruption and Abuse",
    ):
        assert words in " ".join(before.split()), words
    for name in (*FORM, "safe_to_reply", "website", "form_token"):
        assert f'name="{name}"' in form
    assert "<title>Page from Derbyshire Police</title>" in before


def test_the_six_fields_of_the_contract_are_enough(local):
    reply = post()
    assert (reply.status, reply.headers["location"], reply.body) == (303, "/contact-officer/sent", b"")
    has_every_header(reply.headers)
    assert rows(local) == 1
    page = visit(reply.headers["location"])
    assert page.status == 200
    assert "We have your message" in text(page)
    assert not [value for value in FORM.values() if value in text(page)]


def test_known_specialist_and_unknown_get_the_same_bytes(local):
    local.ingest(
        body(occurrence_record(reference="26000712345", victims=[victim("V2")])),
        body(occurrence_record(reference="26000712346", victims=[victim("V3")], flags=DOMESTIC)),
    )
    for more in ({}, DANGER):
        replies = [post(reference=reference, **more) for reference in ("26*712345", "26*712346", "26*712347")]
        replies.append(post(collar_number="9999", **more))
        assert {(reply.status, tuple(sorted(reply.headers.items())), reply.body) for reply in replies} == {
            (303, tuple(sorted(replies[0].headers.items())), b"")
        }
    assert rows(local) == 8


def test_words_of_danger_lead_to_999_whatever_is_known(local):
    reply = post(**DANGER)
    assert (reply.status, reply.headers["location"]) == (303, "/contact-officer/sent/emergency")
    page = text(visit(reply.headers["location"]))
    assert page.index("call 999 now") < page.index("We have your message")
    assert not re.search(r"alert|told the|control room|on (their|the) way", page, re.IGNORECASE)


@pytest.mark.parametrize("danger", [{}, DANGER])
def test_posted_again_it_is_one_message(local, danger):
    token = re.search(r'name="form_token" value="([^"]+)"', text(visit(PAGE)))
    assert token
    answers = {(reply.status, reply.headers["location"]) for reply in [post(form_token=token[1], **danger), post(**danger), post(**danger)]}
    assert len(answers) == 1
    assert rows(local) == 1


def test_a_token_that_is_too_old_or_not_ours_loses_no_message(local):
    assert post(form_token="nonsense").status == 303
    assert rows(local) == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"collar_number": ""}, [("collar_number", "Enter the officer’s collar number")]),
        ({"collar_number": "2345 and 2346"}, [("collar_number", "Enter one collar number, like 2345")]),
        ({"reference": " "}, [("reference", "Enter the crime or incident number")]),
        ({"reference": "7"}, [("reference", "Enter the crime or incident number as it is on your contract, like 26*712345")]),
        ({"name": "", "message": "\n"}, [("name", "Enter your name"), ("message", "Write your message")]),
        ({"name": "x" * 101}, [("name", "Your name must be 100 characters or fewer")]),
        ({"email": "x" * 255}, [("email", "Email address must be 254 characters or fewer")]),
        ({"phone": "1" * 41}, [("phone", "Phone number must be 40 characters or fewer")]),
        ({"safe_to_reply": "x" * 501}, [("safe_to_reply", "When it is safe to reply must be 500 characters or fewer")]),
        ({"message": "x" * 4001}, [("message", "Your message must be 4,000 characters or fewer")]),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_nothing_is_lost(local, changes, wrong):
    reply = post(**changes)
    assert reply.status == 422
    has_every_header(reply.headers)
    assert errors(reply) == wrong
    for field, words in wrong:
        assert re.search(rf'id="{field}-error"[^>]*>.*?{re.escape(words)}', text(reply), re.DOTALL)
    assert "<title>Error: Page from Derbyshire Police</title>" in text(reply)
    for name, value in (FORM | changes).items():
        assert value.strip() in text(reply), name
    assert rows(local) == 0


@pytest.mark.parametrize("field", [*FORM, "safe_to_reply"])
def test_what_was_typed_is_shown_again_as_text(local, field):
    reply = visit(PAGE, "POST", form=FORM | {"name": "", "message": ""} | {field: HOSTILE})
    assert reply.status == 422
    assert HOSTILE not in text(reply)
    assert "<script>alert" not in text(reply)
    assert "{{ 7 * 7 }}" in text(reply)
    assert escape(HOSTILE)[-10:] in text(reply)


def test_a_form_that_cannot_be_taken_still_says_999(local):
    assert "call 999 now" in text(post(collar_number="", **DANGER))
    assert "call 999 now" not in text(post(collar_number=""))


@pytest.mark.parametrize("form", [b"message=%ff", b"message=a&message=b", b"name=x&" + b"&".join(b"a%d=1" % n for n in range(101))])
def test_what_is_no_form_is_no_fault_of_ours(local, form):
    assert visit(PAGE, "POST", form=form).status == 400
    assert rows(local) == 0


def test_nothing_posted_is_a_form_with_four_errors(local):
    assert [field for field, _ in errors(visit(PAGE, "POST", form={}))] == ["collar_number", "reference", "name", "message"]


def test_the_field_that_nobody_sees_answers_like_any_other_and_loses_nothing(local):
    reply, other = post(website="https://shop.example.test"), post(message="Another.")
    assert (reply.status, reply.headers, reply.body) == (other.status, other.headers, other.body)
    assert rows(local) == 2


@pytest.mark.parametrize("more", [{}, DANGER])
def test_too_many_from_one_source_keeps_the_words_on_the_page(local, more):
    share = 20 if more else 10  # words of danger have a share of their own beyond that of their source
    for number in range(share):
        assert post(message=f"{more.get('message', 'Message')} {number}.", reference=f"26*71{number:04d}").status == 303
    reply = post(**({"message": "One too many."} | more))
    assert reply.status == 429
    has_every_header(reply.headers)
    assert "Your message was not sent" in text(reply)
    assert (more or {"message": "One too many."})["message"] in text(reply)
    assert ("call 999 now" in text(reply)) == bool(more)
    assert rows(local) == share


def test_where_the_store_does_not_answer_the_words_stay_on_the_page_and_can_be_sent_again(local):
    assert visit(PAGE).status == 200
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 20})
    reply = post()
    assert reply.status == 503
    has_every_header(reply.headers)
    assert "may not have reached us" in text(reply)
    assert FORM["message"] in text(reply)
    local.faults()
    assert post().status == 303
    assert rows(local) == 1


def test_a_post_of_another_site_is_refused(local):
    reply = visit(PAGE, "POST", form=FORM, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status == 403
    assert rows(local) == 0


def test_nothing_of_a_message_is_logged(local):
    visit(PAGE)
    with captured() as output:
        post(**DANGER)
        post(collar_number="")
    written = json.dumps(output.documents)
    assert not [value for value in (*FORM.values(), *DANGER.values(), "192.0.2.1") if len(value) > 4 and value in written]


def test_the_page_asks_the_tables_for_next_to_nothing(local):
    """That the policy of the pages allows no more than they ask for: tests/integration/test_officer_updates_page.py."""
    post(message="So that its tables are bound.")
    with watched(local) as calls, calls.of("pages"):
        visit(PAGE)
        post(**DANGER)
    found: set[Asked] = calls.by_function["pages"]
    assert found <= allowed("pages")
    assert {table for _, table in found} == {"control", "contact-messages", "notifications"}, "no case is read, whatever others may do"


def test_the_bare_address_leads_to_the_form(local):
    reply = visit("/")
    assert (reply.status, reply.headers["location"]) == (303, PAGE)
    has_every_header(reply.headers)
