"""The officer's page as it is deployed: what a link shows, contacts and tries from it, messages, and what a dead link says.

NOW is Friday 20 November 2026. Must not test updates (test_officer_updates_page.py).
"""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.bootstrap_web import web_container
from chalicelib.domain.contact_form import ContactForm
from chalicelib.entrypoints.http import ACCESS, Access
from tests.builders import body, enhanced, occurrence_record, officer_named, victim
from tests.captured import captured
from tests.integration.officer_web import errors, fields, headings, page_of, post, text
from tests.integration.stack_fixture import LocalStack
from tests.integration.table_calls import watched
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.test_table_permissions import DOMESTIC
from tests.integration.web_pages import visit

REFERENCE = "26000712345"
SECRETS = ("alex", "morgan", "example.org", "7700", "wood street", "heanor", "de75", "burglary")
MESSAGE = "I found the receipt for the bicycle."


def told(local: LocalStack, **facts: object) -> str:
    """A burglary whose victim has been acknowledged; the page of its officer, two hours later."""
    plain = {"victims": [victim(enhanced=enhanced(eligible=False, reasons=[]))]}
    local.ingest(body(occurrence_record(reference=REFERENCE, **(plain | facts))))
    local.advance(timedelta(hours=2))
    local.sweep()
    local.settle()
    return page_of(local, REFERENCE)


def write(local: LocalStack, words: str = MESSAGE) -> None:
    contact = local.ready.contact
    form = ContactForm("2345", REFERENCE, "Kim <b>Field", words, "kim@elsewhere.test", None, "After six")
    contact.receive(form, contact.source_key("192.0.2.1"), local.ready.tick())
    local.settle()


def events(local: LocalStack) -> list[str]:
    return [type(event).__name__ for event in local.ready.cases.load(REFERENCE).events]


def met(local: LocalStack) -> set[str]:
    rows = local.ready.cases.load(REFERENCE).parts["V1"].owed
    return {row.kind for row in local.ready.cases.obligations(REFERENCE, rows).values() if row.state == "met"}


def test_the_link_shows_what_is_owed_by_when_and_names_nobody(local):
    reply = visit(told(local))
    assert reply.status == 200
    has_every_header(reply.headers)
    assert "<title>Page from Derbyshire Police</title>" in text(reply)
    for words in (
        "Case 26000712345",
        "Update to the victim",
        "the end of Monday 30 November 2026",
        "I have spoken to them",
        "Send an update",
    ):
        assert words in text(reply), words
    main = text(reply).split("<main")[1].split("</main>")[0].lower()
    assert not [secret for secret in SECRETS if secret in main]


def test_spoken_in_two_taps(local):
    page = told(local)
    form = visit(f"{page}/spoken?victim=V1")
    prefilled = fields(form)
    assert (prefilled["day"], prefilled["next_update_on"], prefilled["covers"]) == ("2026-11-20", "2026-11-30", "update")
    reply = post(page, "/spoken", prefilled | {"way": "phone"})
    assert (reply.status, reply.headers["location"]) == (303, f"{page}?done=recorded")
    assert "update" in met(local)
    after = visit(reply.headers["location"])
    assert "It is recorded" in text(after)
    again = post(page, "/spoken", prefilled | {"way": "phone"})
    assert again.headers["location"] == f"{page}?done=already"
    assert "It counts once" in text(visit(again.headers["location"]))
    assert events(local) == ["ContactRecorded"]


def test_a_try_is_kept_and_stops_nothing(local):
    page = told(local)
    prefilled = fields(visit(f"{page}/tried?victim=V1"))
    assert (prefilled["result"], prefilled["next_update_on"]) == ("no_answer", "")
    reply = post(page, "/tried", prefilled | {"way": "in_person", "result": "message_left", "next_update_on": "24/11/2026"})
    assert reply.headers["location"] == f"{page}?done=recorded"
    assert "update" not in met(local)
    assert "You tried on Friday 20 November 2026" in text(visit(page))


MISTAKES = [
    ("/spoken", {}, ["way"]),
    ("/spoken", {"way": "phone", "time": "", "covers": []}, ["covers", "day"]),
    ("/spoken", {"way": "pigeon", "day": "2026-11-19", "next_update_on": "2026-11-01"}, ["way", "day", "next_update_on"]),
    ("/spoken", {"way": "phone", "next_update_on": "32/13/2026"}, ["next_update_on"]),
    ("/spoken", {"way": "phone", "day": "2027-01-01"}, ["day"]),
    ("/spoken", {"way": "phone", "covers": ["update", "the moon"]}, ["covers"]),
    ("/tried", {"result": "spoken", "way": "phone"}, ["result"]),
    ("/tried", {"way": "", "day": "soon"}, ["way", "day"]),
]


def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_nothing_is_lost(local):
    page = told(local)
    for path, changes, places in MISTAKES:
        typed = fields(visit(f"{page}{path}?victim=V1")) | changes
        reply = post(page, path, typed)
        assert reply.status == 422
        has_every_header(reply.headers)
        assert [place for place, _ in errors(reply)] == places
        assert "<title>Error: Page from Derbyshire Police</title>" in text(reply)
        for place, words in errors(reply):
            assert f'id="{place}"' in text(reply)
            assert text(reply).count(words) == 2
        for name in ("day", "time", "next_update_on"):
            assert fields(reply)[name] == typed[name]
    assert events(local) == []


def test_whoever_is_not_in_the_case_has_no_form_and_nothing_is_recorded(local):
    page = told(local)
    assert visit(f"{page}/spoken?victim=V9").status == 404
    assert visit(f"{page}/spoken").status == 404
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"victim": "V9", "way": "phone"}
    reply = post(page, "/spoken", form)
    assert (reply.status, headings(reply)[0]) == (409, "This person is not in the case any more")
    assert events(local) == []


def test_a_dead_link_says_where_to_go_on_and_nothing_of_the_case(local):
    page = told(local)
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"}
    local.ready.pages.revoke(REFERENCE, local.ready.tick())
    forged = page[:-1] + ("A" if page[-1] != "A" else "B")
    replies = [visit(page), visit(forged), visit("/officer/nothing"), visit(f"{page}/update?victim=V1"), post(page, "/spoken", form)]
    for reply in replies:
        assert (reply.status, headings(reply)[0]) == (410, "This link does not work any more")
        has_every_header(reply.headers)
        assert "newest reminder" in text(reply)
        assert REFERENCE not in text(reply)
    assert len({reply.body for reply in replies}) == 1
    assert events(local) == []


def test_a_link_dies_when_the_case_goes_to_another_officer(local):
    page = told(local)
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"}
    other = officer_named("2351", name="PC Robin Cole", email="robin.cole@example.test")
    local.ingest(body(occurrence_record(reference=REFERENCE, version=2, now=local.ready.tick(), officer=other)))
    assert (visit(page).status, post(page, "/spoken", form).status) == (410, 410)
    assert events(local) == []
    assert visit(page_of(local, REFERENCE, "2351")).status == 200


def test_a_link_dies_with_its_days(local):
    page = told(local)
    local.advance(timedelta(days=local.ready.profile.reminders.link_days, hours=1))
    assert visit(page).status == 410


def test_another_links_form_records_nothing(local):
    page = told(local)
    other = page_of(local, REFERENCE, "1890")
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"}
    assert post(page, "/spoken", form | {"form_token": ""}).status == 403
    assert post(other, "/spoken", form).status == 403
    assert events(local) == []


def test_each_victim_has_buttons_of_their_own_and_an_id_is_never_markup(local):
    page = told(local, victims=[victim("V1"), victim('V"<b>&2', email="kit.lane@example.org", mobile=None, person_ref="N2")])
    shown = text(visit(page))
    assert "Victim V&#34;&lt;b&gt;&amp;2" in shown
    assert "?victim=V%22%3Cb%3E%262" in shown
    assert headings(visit(f"{page}/spoken?victim=V%22%3Cb%3E%262"))[0] == "I have spoken to them"


def test_a_message_stands_there_as_text_and_can_be_answered(local):
    page = told(local)
    write(local)
    shown = text(visit(page))
    assert "Claimed to be from Kim &lt;b&gt;Field: reply only to the contact details in the record." in shown
    assert MESSAGE in shown
    form = fields(visit(page))
    reply = post(page, "/answered", form)
    assert reply.headers["location"] == f"{page}?done=answered"
    assert post(page, "/answered", form).headers["location"] == f"{page}?done=already"
    assert MESSAGE not in text(visit(page))
    assert post(page, "/answered", form | {"task": "nothing"}).status == 409


def test_a_specialist_case_says_only_that_messages_wait(local):
    page = told(local, flags=DOMESTIC)
    write(local)
    shown = text(visit(page))
    assert "1 message waits" in shown
    assert 'href="/desk/case/' in shown
    assert not [words for words in (MESSAGE, "Kim", "After six", "Send an update") if words in shown]


def test_where_the_store_does_not_answer_the_form_stays_as_it_was(local):
    page = told(local)
    form = fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"}
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 20})
    reply = post(page, "/spoken", form)
    assert (reply.status, [place for place, _ in errors(reply)]) == (503, ["send"])
    assert fields(reply)["way"] == "phone"
    local.faults()
    assert post(page, "/spoken", form).status == 303
    assert events(local) == ["ContactRecorded"]


def test_nothing_of_a_visit_is_logged(local):
    page = told(local)
    write(local)
    with captured() as output:
        visit(page)
        post(page, "/spoken", fields(visit(f"{page}/spoken?victim=V1")) | {"way": "phone"})
        visit(page[:-1])
    written = json.dumps(output.documents)
    assert not [value for value in (page.split("/")[2], REFERENCE, MESSAGE, "Kim", "V1") if value in written]


def test_every_page_behind_the_link_needs_it(local):
    told(local)
    behind = [path for path, access in ACCESS.items() if access is Access.OFFICER_LINK]
    assert behind
    for path in behind:
        for method in ("GET", "POST"):
            assert visit(path.format(token="forged"), method, form=b"" if method == "POST" else None).status in (404, 410), (method, path)


def test_opening_a_dead_link_asks_for_nothing_but_whether_it_is_revoked(local):
    page = told(local)
    visit(page)
    local.ready.pages.revoke(REFERENCE, local.ready.tick())
    with watched(local) as calls, calls.of("pages"):
        visit(page)
    assert calls.by_function["pages"] == {("Query", "control")}


def test_where_a_sign_in_is_required_the_link_alone_shows_nothing(local, monkeypatch):
    page = told(local)
    provider = {"ISSUER": "pool", "AUTHORIZE_URL": "authorize", "TOKEN_URL": "token"}
    for name, part in provider.items():
        monkeypatch.setenv(f"KI_SIGN_IN_{name}", f"https://identity.test/{part}")
    monkeypatch.setenv("KI_SIGN_IN_CLIENT_ID", "client-1")
    monkeypatch.setenv("KI_SIGN_IN_CLIENT_SECRET", "a secret of this test alone")
    monkeypatch.setenv("KI_OFFICER_SIGN_IN", "required")
    web_container.cache_clear()
    shown = visit(page)
    assert (shown.status, shown.body) == (303, b"")
    assert shown.headers["location"].startswith("https://identity.test/authorize?")
    refused = visit(f"{page}/spoken", "POST", form={"victim": "V1"})
    assert refused.status == 403
    assert events(local) == []
    assert visit("/officer/forged").status == 410
