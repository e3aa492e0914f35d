"""An officer's update through the page as it is deployed: chosen, looked at, sent once; absent and refused where nothing may be sent.

NOW is Friday 20 November 2026. Must not test what an update says (tests/contract/test_update_words.py).
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import timedelta
from html import unescape

import pytest

from chalicelib.bootstrap import container
from chalicelib.domain.messages import Template
from chalicelib.entrypoints.answers import SECURITY_HEADERS
from tests.builders import body, contact_safety, enhanced, occurrence_record, update_agreement, victim
from tests.integration.officer_web import errors, fields, headings, post, text
from tests.integration.stack_fixture import LocalStack
from tests.integration.table_calls import watched
from tests.integration.test_contact_page import FORM as CONTACT_FORM
from tests.integration.test_officer_page import REFERENCE, events, told, write
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.test_table_permissions import DECISION, DOMESTIC, allowed
from tests.integration.web_pages import visit

HOSTILE = 'We found </iframe><script>alert(1)</script> "it" & {{ 7 * 7 }}'
WORDS = "We have looked at the garage door again."


DESK = {("Query", "officers"), ("UpdateItem", "officers"), ("PutItem", "control"), ("Query", "obligations")}
"""What signed-in people ask for: test_desk_page.py holds it."""


def by(channel: str) -> dict[str, object]:
    safe, agreed = contact_safety(safe_channels=[channel]), update_agreement(method=channel)
    plain = enhanced(eligible=False, reasons=[])
    return {"victims": [victim(preferred_channel=channel, contact_safety=safe, update_agreement=agreed, enhanced=plain)]}


def filled(page: str, **changes: str) -> dict[str, str]:
    return fields(visit(f"{page}/update?victim=V1")) | {"start": "still_looking"} | changes


def updates(local: LocalStack) -> list[str]:
    return [str(row.state) for row in local.rows(REFERENCE) if row.template is Template.UPDATE]


def test_an_email_is_seen_as_it_is_sent_and_sent_once(local):
    page = told(local)
    seen = post(page, "/update/preview", filled(page, words=WORDS))
    assert (seen.status, headings(seen)[0]) == (200, "What they will see")
    assert (events(local), "Nothing is sent yet" in text(seen)) == ([], True)
    frame = re.search(r'<iframe class="ki-mail" sandbox="" title="[^"]+" srcdoc="([^"]+)"></iframe>', text(seen))
    assert frame
    reply = post(page, "/update/send", fields(seen))
    assert (reply.status, reply.headers["location"]) == (303, f"{page}?done=sent")
    assert "Your update is taken" in text(visit(reply.headers["location"]))
    assert post(page, "/update/send", fields(seen)).headers["location"] == f"{page}?done=already"
    local.settle()
    assert (updates(local), events(local)) == (["delivered"], ["UpdateWritten"])
    (gone,) = [message for message in local.accepted if message.html and "garage door" in message.html]
    assert unescape(frame[1]).split() == re.sub(r"/case/[\w-]+", "/case/their-own-link", str(gone.html)).split()


def test_where_the_store_does_not_write_the_update_stays_as_it_was_written(local):
    page = told(local)
    seen = fields(post(page, "/update/preview", filled(page, words=WORDS)))
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 20})
    reply = post(page, "/update/send", seen)
    assert (reply.status, [place for place, _ in errors(reply)], WORDS in text(reply)) == (503, ["send"], True)
    local.faults()
    assert post(page, "/update/send", seen).status == 303
    assert events(local) == ["UpdateWritten"]


def test_the_preview_lets_in_the_styles_of_its_email_and_nothing_else(local):
    page = told(local)
    policy = post(page, "/update/preview", filled(page)).headers["content-security-policy"]
    has_every_header(visit(f"{page}/update?victim=V1").headers)
    hashes = re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert 5 < len(hashes) < 40
    strict = re.sub(r" 'unsafe-hashes'| 'sha256-[^']+'| data:", "", policy)
    assert strict == SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert policy.split("script-src ")[1].split(";")[0] == "'self'"
    assert len(policy) < 4000


def test_a_text_takes_fixed_starts_only_and_says_what_it_costs(local):
    page = told(local, **by("sms"))
    form = visit(f"{page}/update?victim=V1")
    assert ('name="words"' in text(form), "looking_at_film" in text(form)) == (False, False)
    seen = post(page, "/update/preview", filled(page, words=""))
    assert headings(seen)[:2] == ["What they will see", "Text message, 2 segments"]
    assert "We are still looking into it and have no news yet." in text(seen)
    for changes, place in (({"words": WORDS}, "words"), ({"words": "", "start": "looking_at_film"}, "start")):
        for path in ("/update/preview", "/update/send"):
            refused = post(page, path, filled(page, **changes))
            assert (refused.status, [where for where, _ in errors(refused)]) == (422, [place])
    assert events(local) == []


def test_a_letter_is_shown_page_by_page_and_in_words_without_their_address(local):
    page = told(local, **by("letter"))
    seen = post(page, "/update/preview", filled(page, words=WORDS))
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)" alt="([^"]+)"', text(seen))
    assert pictures
    assert all(b64decode(picture).startswith(b"\x89PNG") for picture, _ in pictures)
    assert "Their address stands here" in text(seen)
    assert WORDS in text(seen)
    assert "&lt;div" not in text(seen)
    assert "1 Wood Street" not in text(seen)
    assert "A letter counts as received on" in text(seen)
    assert len(text(seen)) < 1_000_000


def test_what_is_wrong_keeps_what_was_typed_and_nothing_is_sent(local):
    page = told(local)
    mistakes = [
        ({"start": ""}, ["start"]),
        ({"start": "nonsense", "words": "Ring 07700 900123."}, ["start", "words"]),
        ({"start": "own_words", "words": ""}, ["words"]),
        ({"words": HOSTILE}, ["words"]),
        ({"words": "x" * 2001}, ["words"]),
        ({"next_update_on": "2026-11-19"}, ["next_update_on"]),
        ({"next_update_on": "some day"}, ["next_update_on"]),
    ]
    for changes, places in mistakes:
        typed = filled(page, **changes)
        for path in ("/update/preview", "/update/send"):
            reply = post(page, path, typed)
            assert (reply.status, [place for place, _ in errors(reply)]) == (422, places), changes
            has_every_header(reply.headers)
            assert "<title>Error: Page from Derbyshire Police</title>" in text(reply)
            assert fields(reply)["words"] == typed["words"]
            assert "<script>alert" not in text(reply)
    assert events(local) == []


def test_change_it_goes_back_with_what_was_written(local):
    page = told(local)
    seen = post(page, "/update/preview", filled(page, start="looking_at_film", words=WORDS))
    back = post(page, "/update", fields(seen))
    assert back.status == 200
    assert fields(back) == fields(seen) | {"form_token": fields(back)["form_token"]}


def test_while_one_is_on_its_way_another_waits(local):
    page = told(local)
    form, other = filled(page), filled(page, start="waiting_for_checks")
    assert post(page, "/update/send", form).status == 303
    assert "An update was written and has not left yet. It leaves now." in text(visit(page))
    assert "Send an update" not in text(visit(page))
    for reply in (post(page, "/update/send", other), post(page, "/update/preview", other), visit(f"{page}/update?victim=V1")):
        assert (reply.status, headings(reply)[0]) == (409, "An update is on its way")


def test_three_a_day_are_enough(local):
    page = told(local)
    starts = ["still_looking", "waiting_for_checks", "waiting_for_answers", "looking_at_film"]
    replies = []
    for start in starts:
        replies.append(post(page, "/update/send", filled(page, start=start)))
        local.settle()
    assert [reply.status for reply in replies] == [303, 303, 303, 409]
    assert headings(replies[-1])[0] == "That is enough for today"


def test_at_night_it_says_when_it_leaves(local):
    page = told(local)
    local.advance(timedelta(hours=12))
    seen = post(page, "/update/preview", filled(page))
    assert "It will leave at 8am on Saturday 21 November 2026." in text(seen)
    post(page, "/update/send", fields(seen))
    local.settle()
    assert updates(local) == ["pending"] or updates(local) == ["held"]
    assert "It leaves at 8am on Saturday 21 November 2026." in text(visit(page))


@pytest.mark.parametrize(
    "facts",
    [{"flags": DOMESTIC}, {"restricted": True}, {"victims": [victim(contact_safety=contact_safety(safe_channels=[]))]}],
    ids=["specialist", "held", "unsafe"],
)
def test_what_may_not_be_sent_is_absent_and_a_forged_post_is_refused(local, facts):
    page = told(local, **facts)
    assert "Send an update" not in text(visit(page))
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"start": "still_looking", "words": ""}
    replies = [visit(f"{page}/update?victim=V1"), *(post(page, f"/update{path}", form) for path in ("", "/preview", "/send"))]
    for reply in replies:
        assert (reply.status, headings(reply)[0]) == (409, "This cannot be done from here")
        assert not re.search("specialist|abuse|held|unsafe|restricted", text(reply).split("<main")[1].split("</main>")[0])
    local.settle()
    assert (events(local), updates(local)) == ([], [])


def test_what_becomes_specialist_after_the_preview_is_not_sent(local):
    page = told(local)
    seen = post(page, "/update/preview", filled(page))
    local.ingest(body(occurrence_record(reference=REFERENCE, version=2, flags=DOMESTIC)))
    assert post(page, "/update/send", fields(seen)).status == 409
    local.settle()
    assert (events(local), updates(local)) == ([], [])


def test_the_pages_ask_the_tables_for_what_their_policy_allows_and_for_nothing_else(local):
    """Both journeys: of somebody who writes to an officer, and of the officer."""
    page = told(local)
    write(local)
    visit("/contact-officer", "POST", form=CONTACT_FORM)  # the web's own tables are bound from here on
    with watched(local) as calls, calls.of("pages"):
        visit("/contact-officer", "POST", form=CONTACT_FORM | {"message": "Another."})
    found = set(calls.by_function["pages"])
    container.cache_clear()
    visit(page)  # and from here on those of every use case
    with watched(local) as calls, calls.of("pages"):
        visit(page)
        post(page, "/answered", fields(visit(page)))
        post(page, "/tried", fields(visit(f"{page}/tried?victim=V1")) | {"way": "phone"})
        for _ in range(2):
            post(page, "/spoken", fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"})
        post(page, "/update/send", fields(post(page, "/update/preview", filled(page))))
    found |= calls.by_function["pages"]
    assert found - allowed("pages") == set()
    assert allowed("pages") - found - DECISION - DESK == set()
    assert allowed("pages") >= DECISION
