"""The words that a victim and the force's own people are given: crimes, promises, reasons, officers, tasks and notices.

Issue 2, sections 3 to 6.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head
from chalicelib.domain.compose import acknowledgement, plain_offence
from chalicelib.domain.compose_inside import merged_officer, service_notice, task
from chalicelib.domain.contact_safety import WhyNot
from chalicelib.domain.messages import Acknowledgement, OfficerContact, Reader, Template, UpdatePromise
from chalicelib.domain.model import Channel, DirectoryOfficer, KnownElsewhere, Need, Occurrence, Offence, Officer
from chalicelib.domain.obligations import Obligation, Purpose
from tests.builders import contact_safety, enhanced, offence, representative, update_agreement
from tests.domain_builders import PROFILE, chosen, codes, messages, occurrence, planned, situation, tasks

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
OFFICER = Officer("2345", "PC Sam Ash", "sam.ash@example.test", "101", "Heanor SNT")
ALL_SAFE = contact_safety(safe_channels=["email", "sms", "letter", "phone"])


def told(record: Occurrence, channel: Channel = EMAIL, *, officer: Officer | None = OFFICER, referred: bool = True) -> Acknowledgement:
    """The acknowledgement to V1 by `channel`."""
    plan = planned(record)
    assert plan.choice is not None
    row = messages(plan, Template.ACKNOWLEDGEMENT)[channel]
    return acknowledgement(situation(record), row, plan.choice, plan.agreement, officer, referred=referred)


@pytest.mark.parametrize(
    ("offences", "crimes"),
    [
        pytest.param(codes("28E"), ("burglary of a home",), id="one"),
        pytest.param(
            [offence("45", principal=False), offence("28E")], ("burglary of a home", "theft from a vehicle"), id="principal first"
        ),
        pytest.param(codes("8N", "8P"), ("assault with injury",), id="the same words once"),
        pytest.param(codes("28E", "28E"), ("burglary of a home",), id="the same class once"),
    ],
)
def test_crimes_in_plain_words(offences: list[dict[str, Any]], crimes: tuple[str, ...]) -> None:
    assert told(occurrence(offences=offences)).crimes == crimes


@pytest.mark.parametrize(("code", "words"), [("28E", "burglary of a home"), ("19C", "a crime"), ("ZZ9", "a crime"), ("", "a crime")])
def test_a_class_without_plain_words_is_a_crime(code: str, words: str) -> None:
    assert plain_offence(Offence(code)) == words


def test_the_acknowledgement_of_the_base_case() -> None:
    """Victims' Code, Right 3: basic details, reference, the officer; and who was told without asking."""
    content = told(occurrence())
    assert (content.references, content.reported_on) == (("26000712345",), date(2026, 11, 20))
    assert content.officer == OfficerContact("PC Sam Ash", "2345", "101", "sam.ash@example.test")
    assert (content.greeting_name, content.reader, content.closed) == ("Alex Morgan", Reader.VICTIM, False)
    assert (content.force, content.service, content.other_support) == (PROFILE.force, PROFILE.victim_service, PROFILE.other_support)
    assert (content.restorative_justice, content.compensation, content.large_print) == (True, False, False)
    assert (content.channel_reason, content.address, content.written_on) == (None, (), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("person", "first"),
    [
        pytest.param({}, "your name", id="to the victim"),
        pytest.param({"representative": representative()}, "the victim's name", id="to a representative"),
        pytest.param({"kind": "business"}, "the name of the organisation and yours", id="to a business's contact"),
    ],
)
def test_what_was_passed_on_is_said_in_the_readers_terms(person: dict[str, Any], first: str) -> None:
    passed_on = (
        "how to contact you safely",
        "the type of crime",
        "when and in which area it happened",
        "the crime number, and who the officer is",
    )
    record = occurrence(person={**person, "enhanced": None})
    assert told(record, referred=True).passed_on == (first, *passed_on)
    assert told(record, referred=False).passed_on == ()


@pytest.mark.parametrize(
    ("person", "more"),
    [
        pytest.param({"enhanced": None}, (), id="nothing more"),
        pytest.param({"enhanced": None, "requests": "A call in the evening."}, ("what was asked for",), id="a request"),
        pytest.param(
            {"enhanced": None, "communication_needs": ["text_relay"]},
            ("the language, and the help that is needed to communicate",),
            id="a need",
        ),
        pytest.param({"enhanced": enhanced()}, ("that enhanced rights apply, and why",), id="enhanced rights"),
    ],
)
def test_whatever_else_the_referral_holds_is_said(person: dict[str, Any], more: tuple[str, ...]) -> None:
    assert told(occurrence(person=person), referred=True).passed_on[5:] == more


ASKED = "You asked us to contact you by "


@pytest.mark.parametrize(
    ("person", "channel", "reason"),
    [
        pytest.param({}, EMAIL, None, id="as asked"),
        pytest.param({"preferred_channel": None}, EMAIL, None, id="nothing was asked"),
        pytest.param({"preferred_channel": "sms"}, EMAIL, None, id="a text as asked, and the full words after it"),
        pytest.param(
            {"preferred_channel": "letter"}, EMAIL,
            ASKED + "letter. We are writing by email this time because we do not have it recorded as a safe way to reach you.", id="not safe",  # noqa: E501
        ),
        pytest.param(
            {"email": None}, SMS, ASKED + "email. We are writing by text message this time because the details we have for that do not work.",  # noqa: E501
            id="unusable",
        ),
        pytest.param(
            {"preferred_channel": "phone"}, EMAIL, ASKED + "phone. We are writing by email this time because this has to be in writing.",
            id="not automatic",
        ),
        pytest.param(
            {"preferred_channel": "sms", "communication_needs": ["large_print"]}, EMAIL,
            ASKED + "text message. We are writing by email this time because it cannot be made large enough to read.", id="a need",
        ),
        pytest.param(
            {"preferred_channel": "sms", "mobile": None, "contact_safety": contact_safety(safe_channels=["sms", "letter"])}, LETTER,
            ASKED + "text message. We are writing by letter this time because the details we have for that do not work.", id="by letter instead",  # noqa: E501
        ),
    ],
)  # fmt: skip
def test_the_reason_for_another_channel_is_told(person: dict[str, Any], channel: Channel, reason: str | None) -> None:
    """Issue 2, section 4: with the reason stored and told."""
    assert told(occurrence(person=person), channel).channel_reason == reason


@pytest.mark.parametrize(
    ("facts", "person", "promise"),
    [
        pytest.param({}, {}, UpdatePromise(10, EMAIL, date(2026, 11, 30), False), id="agreed"),
        pytest.param({}, {"update_agreement": None}, UpdatePromise(10, EMAIL, date(2026, 11, 30), True), id="proposed"),
        pytest.param(
            {}, {"update_agreement": update_agreement(every_days=None, next_update_on=None)}, UpdatePromise(None, EMAIL, None, False),
            id="key events only",
        ),
        pytest.param({}, {"update_agreement": update_agreement(declined=True)}, None, id="declined: no promise"),
        pytest.param({"status": "closed"}, {}, None, id="closed: no promise"),
    ],
)  # fmt: skip
def test_the_promise_of_updates(facts: dict[str, Any], person: dict[str, Any], promise: UpdatePromise | None) -> None:
    content = told(occurrence(**facts, person=person))
    assert content.updates == promise
    assert content.closed is (facts.get("status") == "closed")


@pytest.mark.parametrize(
    ("code", "kind", "applies"),
    [("8N", "person", True), ("28E", "person", False), ("29", "person", True), ("34A", "business", False)],
)
def test_compensation_is_only_spoken_of_where_it_can_apply(code: str, kind: str, applies: bool) -> None:
    """Criminal injuries: a person, hurt. Never a business."""
    person = {"kind": kind, "relationship_to_suspect": "stranger"}
    assert told(occurrence(offences=codes(code), person=person)).compensation is applies


def test_large_print_is_said() -> None:
    assert told(occurrence(person={"communication_needs": ["large_print"]})).large_print


LISTED = DirectoryOfficer("2345", 7, True, "DC Lee Oak", "lee.oak@example.test", "+447700900001", "0300", "CID", "1890")
OAK = Officer("2345", "DC Lee Oak", "lee.oak@example.test", "0300", "CID")
NAMED = Officer("2345", "PC Sam Ash", "sam.ash@example.test", "101", "Heanor SNT")


@pytest.mark.parametrize(
    ("named", "listed", "officer"),
    [
        pytest.param(None, None, None, id="nobody"),
        pytest.param(NAMED, None, NAMED, id="not in the directory: the record's"),
        pytest.param(None, LISTED, OAK, id="only in the directory"),
        pytest.param(NAMED, LISTED, OAK, id="the directory beats the record"),
        pytest.param(NAMED, DirectoryOfficer("2345", 7, True), NAMED, id="the record fills the directory's gaps"),
        pytest.param(NAMED, DirectoryOfficer("2345", 7, False), Officer("2345", "PC Sam Ash", None, None, "Heanor SNT"), id="has left"),
        pytest.param(None, replace(LISTED, active=False), Officer("2345", "DC Lee Oak", None, None, "CID"), id="has left, directory only"),
    ],
)
def test_the_directory_beats_the_record_and_the_record_fills_gaps(
    named: Officer | None, listed: DirectoryOfficer | None, officer: Officer | None
) -> None:
    assert merged_officer(named, listed) == officer


@pytest.mark.parametrize(
    ("officer", "contact"),
    [
        pytest.param(None, None, id="nobody named"),
        pytest.param(Officer(None, None, "box@example.test", "101"), None, id="neither name nor number"),
        pytest.param(Officer("2345"), OfficerContact(None, "2345", None, None), id="a collar number alone"),
        pytest.param(Officer(None, "PC Sam Ash"), OfficerContact("PC Sam Ash", None, None, None), id="a name alone"),
    ],
)
def test_the_officer_as_the_victim_reads_them(officer: Officer | None, contact: OfficerContact | None) -> None:
    assert told(occurrence(), officer=officer).officer == contact


def owed_task(**changes: Any) -> Obligation:
    (owed,) = tasks(planned(occurrence(dash_risk="high"))).values()
    return replace(owed, **changes)


def test_a_task_says_reference_what_and_by_when_and_where_to() -> None:
    owed = owed_task()
    content = task(PROFILE, owed, "Victim Care Unit")
    assert (content.to, content.reference, content.task_id) == ("Victim Care Unit", "26000712345", owed.obligation_id)
    assert (content.due_at, content.urgent, content.destinations, content.missing) == (owed.due_at, True, ("IDVA",), ())
    assert content.because is None


def test_a_task_held_because_of_another_record_never_says_which() -> None:
    (owed,) = tasks(planned(occurrence(), known=KnownElsewhere(specialist=True))).values()
    assert task(PROFILE, owed, "Victim Care Unit").because == "Held because of another record."


@pytest.mark.parametrize("purpose", [*Purpose, None])
def test_every_purpose_has_words_of_its_own_without_a_detail(purpose: Purpose | None) -> None:
    words = {one: task(PROFILE, owed_task(purpose=one), "X").owed for one in Purpose}
    said = task(PROFILE, owed_task(purpose=purpose), "X").owed
    assert said
    assert len(set(words.values())) == len(words)
    assert not any(word in said.lower() for word in ("domestic", "abuse", "sexual", "stalking", "idva", "refuge", "sv2"))


def test_a_notice_to_the_service_says_the_reference_and_whom_to_ring() -> None:
    notice = service_notice(PROFILE, Case(Head("26000712345")))
    assert (notice.reference, notice.unit_name, notice.unit_phone) == ("26000712345", "Victim Care Unit", "101")
    assert (notice.force, notice.service) == (PROFILE.force, PROFILE.victim_service)


def test_every_word_that_a_choice_can_need_is_there() -> None:
    """Every reason, channel and need that the domain can name has its words."""
    for preferred in ("email", "sms", "letter", "phone"):
        record = occurrence(person={"preferred_channel": preferred, "contact_safety": ALL_SAFE})
        row = next(iter(messages(planned(record), Template.ACKNOWLEDGEMENT).values()))
        for why_not in (WhyNot.NOT_SAFE, WhyNot.UNUSABLE, WhyNot.NOT_AUTOMATIC, WhyNot.NEED):
            choice = replace(chosen(record), why_not=why_not)
            assert acknowledgement(situation(record), row, choice, None, None, referred=False).channel_reason
    assert {need.value for need in Need} == {"interpreter", "bsl", "easy_read", "large_print", "braille", "does_not_read", "text_relay"}


@pytest.mark.parametrize(
    ("field", "given", "shown"),
    [
        pytest.param("name", "PC Sam Ash", "PC Sam Ash", id="a name"),
        pytest.param("name", "DC Zoë O'Brien-Smith", "DC Zoë O'Brien-Smith", id="a name with accents"),
        pytest.param("name", "PC 2345 Ash", "PC 2345 Ash", id="a name with the number in it"),
        pytest.param("name", "PC Ash https://evil.example/x", None, id="a link in the name"),
        pytest.param("name", "PC Ash (Domestic Abuse Unit)", None, id="a unit in the name"),
        pytest.param("name", "A" * 61, None, id="no name is that long"),
        pytest.param("phone", "+44 1332 123456 ext 12", "+44 1332 123456 ext 12", id="a number"),
        pytest.param("phone", "DA unit 01332 999", None, id="words in the number"),
        pytest.param("email", "da unit", None, id="no address"),
    ],
)
def test_an_officers_free_text_never_reaches_a_victim(field: str, given: str, shown: str | None) -> None:
    content = told(occurrence(), officer=replace(OFFICER, **{field: given}))
    assert getattr(content.officer, field) == shown


def test_a_day_that_has_passed_is_not_promised() -> None:
    times = {"reported_at": "2026-11-18T10:00:00+00:00", "recorded_at": "2026-11-18T11:00:00+00:00"}
    past = {"occurred_from": "2026-11-17T22:00:00+00:00", "occurred_to": "2026-11-18T07:00:00+00:00"}
    record = occurrence(person={"update_agreement": update_agreement(next_update_on="2026-11-19")}, **times, **past)
    assert told(record).updates == UpdatePromise(10, Channel.EMAIL, None, proposed=False)
