"""What each situation wants before anything left: messages, what they wait for and prove, obligations with their rules, tasks, agreement.

Issue 2, sections 3 to 7. The base is reported on Friday 20 November 2026 at 09:58 and accepted at 10:31. What follows sending is in
test_plan_follow_up.py. A message is written as `template to audience by channel`, a task as `purpose for unit`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, KnownElsewhere, Occurrence, Route, Unit
from chalicelib.domain.obligations import Kind, ObligationState, Purpose
from chalicelib.domain.situation import Standing
from tests.builders import NOW, contact_safety, representative, update_agreement
from tests.domain_builders import (
    HOLIDAYS,
    asked,
    at,
    codes,
    messages,
    occurrence,
    owed,
    planned,
    profile,
    said,
    tasks,
)

EMAIL, SMS, LETTER, PHONE = Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.PHONE
CHILD = "2014-05-05"
BY_EMAIL, BY_SMS, BY_LETTER = (f"acknowledgement to victim by {channel}" for channel in ("email", "sms", "letter"))
REFERRED = "referral to service by email"


def case(name: str, facts: dict[str, Any], person: dict[str, Any], says: set[str], asks: set[str]) -> Any:
    return pytest.param(facts, person, says, asks, id=name)


ALL_SAFE = contact_safety(safe_channels=["email", "sms", "letter", "phone"])
NONE_SAFE = contact_safety(safe_channels=[])
PAPER = {"given_at": "2026-11-20T10:00:00+00:00", "method": "by hand"}
NO_POINT = {"email": None, "mobile": None}
REPRESENTED_CHILD = {"date_of_birth": CHILD, "representative": representative()}
WANTED = [
    case("the base: acknowledgement and referral", {}, {}, {BY_EMAIL, REFERRED}, set()),
    case("closed on arrival is told and referred too", {"status": "closed"}, {}, {BY_EMAIL, REFERRED}, set()),
    case("by letter", {}, {"preferred_channel": "letter", "contact_safety": ALL_SAFE}, {BY_LETTER, REFERRED}, set()),
    case("by text: the full words follow", {}, {"preferred_channel": "sms"}, {BY_SMS, BY_EMAIL, REFERRED}, set()),
    case("by text alone: a person gives the full words", {}, {"email": None}, {BY_SMS, REFERRED}, {"full_words for officer"}),
    case("a business with a named contact", {}, {"kind": "business"}, {BY_EMAIL, REFERRED}, set()),
    case("through a representative", {}, {"representative": representative()}, {BY_EMAIL, REFERRED}, set()),
    case("a child: the representative is told, nobody is referred", {}, REPRESENTED_CHILD, {BY_EMAIL}, set()),
    case("opted out: told, not referred", {}, {"referral_opt_out": True}, {BY_EMAIL}, set()),
    case("not asked: told, the referral waits for a person", {}, {"referral_opt_out": None}, {BY_EMAIL}, {"ask_referral for officer"}),
    # no notice, no referral: where the victim cannot be told, a person decides both
    case("no safe channel", {}, {"contact_safety": NONE_SAFE}, set(), {"tell_victim for officer"}),
    case("no point", {}, NO_POINT, set(), {"tell_victim for officer"}),
    case("no point, not asked", {}, NO_POINT | {"referral_opt_out": None}, set(), {"tell_victim for officer", "ask_referral for officer"}),
    case("no point, opted out", {}, NO_POINT | {"referral_opt_out": True}, set(), {"tell_victim for officer"}),
    case("a language without a template", {}, {"language": "pl"}, set(), {"interpreter for officer"}),
    case("a need that no template meets", {}, {"communication_needs": ["bsl"]}, set(), {"interpreter for officer"}),
    case("by text alone, the words were given on paper", {}, {"email": None, "written_acknowledgement": PAPER}, {BY_SMS, REFERRED}, set()),
    # to a person, and nothing leaves the force
    case("specialist", {"flags": {"domestic_abuse": True}}, {}, set(), {"specialist for victim_care_unit"}),
    case("a doubt about the class", {"offences": codes("")}, {}, set(), {"doubt for officer"}),
    case("a doubt about domestic abuse", {"flags": {"domestic_abuse": None}}, {}, set(), {"doubt for victim_care_unit"}),
    case("a death", {"offences": codes("1")}, {}, set(), {"specialist for family_liaison"}),
    case("a police officer", {}, {"kind": "police_officer"}, set(), {"specialist for supervisor"}),
    case("a child without anybody", {}, {"date_of_birth": CHILD}, set(), {"doubt for officer"}),
    case("transferred: a person tells who has it now", {"status": "transferred"}, {}, set(), {"transferred for officer"}),
    # no route
    case("cancelled: the officer tells it", {"status": "cancelled"}, {}, set(), {"cancelled for officer"}),
    case("an incident without an offence", {"record_type": "incident", "offences": []}, {}, set(), set()),
    case("a business without a contact", {}, {"kind": "business", "contact_name": None}, set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "person", "says", "asks"), WANTED)
def test_what_is_wanted(facts: dict[str, Any], person: dict[str, Any], says: set[str], asks: set[str]) -> None:
    plan = planned(occurrence(**facts, person=person))
    assert said(plan) == says
    assert asked(plan) == asks
    assert (plan.choice is not None) == plan.decision.automatic
    mails = [row for row in plan.notifications.values() if row.template is Template.TASK]
    assert {row.task_id for row in mails} == {task.obligation_id for task in tasks(plan).values()}


@pytest.mark.parametrize("known", [KnownElsewhere(specialist=True), KnownElsewhere(do_not_contact=True)], ids=["specialist", "silent"])
def test_a_hold_from_another_record_names_no_record(known: KnownElsewhere) -> None:
    plan = planned(occurrence(), known=known)
    assert said(plan) == set()
    assert [task.elsewhere for task in tasks(plan).values()] == [True]


def test_a_sticky_sign_wants_what_the_sign_wants() -> None:
    plan = planned(occurrence(), sticky=frozenset({"sexual-offence"}))
    assert (said(plan), asked(plan)) == (set(), {"specialist for victim_care_unit"})
    assert tasks(plan)[Purpose.SPECIALIST].destinations == ("SV2",)


ACK, REF, NEEDS, UPDATE = Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.REFERRAL, Kind.NEEDS_ASSESSMENT, Kind.UPDATE
RIGHTS = (ACK, REF, NEEDS, UPDATE)
NO_REFERRAL = (ACK, NEEDS, UPDATE)


@pytest.mark.parametrize(
    ("facts", "person", "kinds"),
    [
        pytest.param({}, {}, RIGHTS, id="automatic"),
        pytest.param({"status": "closed"}, {}, (ACK, REF, NEEDS), id="closed on arrival: no updates"),
        pytest.param({"flags": {"domestic_abuse": True}}, {}, RIGHTS, id="specialist: the rights and their clocks stay"),
        pytest.param({"offences": codes("")}, {}, RIGHTS, id="in doubt"),
        pytest.param({}, {"referral_opt_out": None}, RIGHTS, id="not asked"),
        pytest.param({}, {"referral_opt_out": True}, NO_REFERRAL, id="opted out: no referral is owed"),
        pytest.param({}, {"kind": "police_officer"}, NO_REFERRAL, id="a police officer: no referral"),
        pytest.param({}, REPRESENTED_CHILD, NO_REFERRAL, id="a child: nobody is referred"),
        pytest.param({}, {"kind": "business"}, (ACK, REF, UPDATE), id="a business: no needs of a person"),
        pytest.param({}, {"update_agreement": update_agreement(declined=True)}, (ACK, REF, NEEDS), id="no updates wanted"),
        pytest.param({"status": "transferred"}, {}, (), id="transferred: the other force owes"),
        pytest.param({"status": "cancelled"}, {}, (), id="cancelled"),
        pytest.param({}, {"kind": "business", "contact_name": None}, (), id="no route"),
    ],
)
def test_what_is_owed(facts: dict[str, Any], person: dict[str, Any], kinds: tuple[Kind, ...]) -> None:
    """Victims' Code, Rights 3, 4 and 6. Nothing was done yet, and the record does not say whether enhanced rights apply."""
    plan = planned(occurrence(**facts, person={"enhanced": None} | person))
    assert tuple(kind for kind in RIGHTS if owed(plan, kind)) == kinds
    assert all(row.state is ObligationState.OPEN for row in plan.obligations.values())
    assert all((row.officer, row.supervisor) == ("2345", "1890") for row in plan.obligations.values()), "who answers for it"


MONDAY, TUESDAY = at("2026-11-23 23:59:59"), at("2026-11-24 23:59:59")


@pytest.mark.parametrize(
    ("facts", "person", "purpose", "rule_id", "due_at"),
    [
        pytest.param({"flags": {"domestic_abuse": True}}, {}, Purpose.SPECIALIST, "SPEC-1WD", MONDAY, id="specialist"),
        pytest.param({"offences": codes("")}, {}, Purpose.DOUBT, "SPEC-1WD", MONDAY, id="doubt"),
        pytest.param({"status": "transferred"}, {}, Purpose.TRANSFERRED, "SPEC-1WD", MONDAY, id="transferred"),
        pytest.param({}, {"contact_safety": NONE_SAFE}, Purpose.TELL_VICTIM, "ACK-2WD", TUESDAY, id="tell the victim"),
        pytest.param({}, {"language": "pl"}, Purpose.INTERPRETER, "ACK-2WD", TUESDAY, id="an interpreter"),
        pytest.param({}, {"email": None}, Purpose.FULL_WORDS, "ACK-2WD", TUESDAY, id="the full words"),
        pytest.param({}, {"referral_opt_out": None}, Purpose.ASK_REFERRAL, "REF-2WD", TUESDAY, id="ask about the referral"),
    ],
)
def test_a_task_has_the_rule_and_the_deadline_of_what_it_is_for(
    facts: dict[str, Any], person: dict[str, Any], purpose: Purpose, rule_id: str, due_at: Any
) -> None:
    """What meets a right counts from the report, a Friday; what a person is asked counts from the asking. Ending 23:59:59 London."""
    task = tasks(planned(occurrence(**facts, person=person)))[purpose]
    assert (task.kind, task.rule_id, task.due_at, task.rule_from) == (Kind.TASK, rule_id, due_at, date(2021, 4, 1))
    assert task.started_at == (NOW if rule_id == "SPEC-1WD" else at("2026-11-20 09:58:00"))
    asked_on_friday = tasks(planned(occurrence(**facts, person=person), now=NOW + timedelta(days=7)))[purpose]
    assert asked_on_friday.due_at == (at("2026-11-30 23:59:59") if rule_id == "SPEC-1WD" else due_at)


def test_the_clocks_of_the_rights_start_at_the_report() -> None:
    plan = planned(occurrence(), accepted_at=NOW + timedelta(days=9), now=NOW + timedelta(days=9))
    for kind, rule_id in ((Kind.WRITTEN_ACKNOWLEDGEMENT, "ACK-2WD"), (Kind.REFERRAL, "REF-2WD")):
        row = owed(plan, kind)
        assert row is not None
        assert (row.rule_id, row.started_at, row.due_at) == (rule_id, at("2026-11-20 09:58:00"), TUESDAY)
        assert (row.route, row.district, row.victim_id) == (Route.VICTIM_SERVICES, "Amber Valley", "V1")


@pytest.mark.parametrize(
    ("paper", "state"),
    [
        pytest.param(PAPER, ObligationState.MET, id="given"),
        pytest.param({"given_at": None, "method": "by hand"}, ObligationState.OPEN, id="not said when"),
        pytest.param(None, ObligationState.OPEN, id="none"),
    ],
)
def test_the_officers_own_paper_meets_the_written_acknowledgement(paper: dict[str, Any] | None, state: ObligationState) -> None:
    plan = planned(occurrence(person={"written_acknowledgement": paper}))
    row = owed(plan, Kind.WRITTEN_ACKNOWLEDGEMENT)
    assert row is not None
    assert (row.state, row.evidence) == (state, "written_acknowledgement" if paper and paper["given_at"] else None)
    assert said(plan) == {BY_EMAIL, REFERRED}, "the notice of the referral is still owed"


@pytest.mark.parametrize(
    ("facts", "urgent", "destinations", "missing"),
    [
        pytest.param({"dash_risk": "high"}, True, ("IDVA",), (), id="high risk is urgent"),
        pytest.param({"dash_risk": "medium"}, False, ("ask for consent, then Elm",), (), id="medium is not"),
        pytest.param({"offences": codes("")}, False, (), ("offences[0].code",), id="a doubt names what is missing"),
        pytest.param({"flags": {"domestic_abuse": None}}, False, ("Victim Care Unit",), ("flags.domestic_abuse",), id="both"),
    ],
)
def test_what_a_task_says(facts: dict[str, Any], urgent: bool, destinations: tuple[str, ...], missing: tuple[str, ...]) -> None:
    (task,) = tasks(planned(occurrence(**facts))).values()
    assert (task.urgent, task.destinations, task.missing, task.elsewhere) == (urgent, destinations, missing, False)


@pytest.mark.parametrize(
    ("facts", "person", "audience", "unit"),
    [
        pytest.param({}, {"language": "pl"}, Audience.OFFICER, Unit.OFFICER, id="to the officer"),
        pytest.param({}, {"kind": "police_officer"}, Audience.SUPERVISOR, Unit.SUPERVISOR, id="to the supervisor"),
        pytest.param({"dash_risk": "high"}, {}, Audience.UNIT, Unit.VICTIM_CARE_UNIT, id="to the Victim Care Unit"),
        pytest.param({"offences": codes("1")}, {}, Audience.UNIT, Unit.FAMILY_LIAISON, id="to family liaison"),
    ],
)
def test_a_task_is_mailed_at_once_to_whom_it_is_for(facts: dict[str, Any], person: dict[str, Any], audience: Audience, unit: Unit) -> None:
    """Tasks know neither hold window nor quiet hours, and nothing in them proves or waits."""
    night = at("2026-11-20 23:00:00")
    mail = messages(planned(occurrence(**facts, person=person), now=night, accepted_at=night), Template.TASK)[EMAIL]
    assert (mail.audience, mail.unit, mail.not_before) == (audience, unit, night)
    assert (mail.waits_for, mail.evidences, mail.language) == ((), (), "en")


def test_another_question_is_another_task() -> None:
    """When what a task asks changes it is a new task, and the old one is waived."""
    first, second = (planned(occurrence(flags=flags)) for flags in ({"safeguarding": None}, {"stalking_harassment": None}))
    assert first.obligations.keys() & second.obligations.keys() == {
        row.obligation_id for row in first.obligations.values() if not row.purpose
    }


def test_the_referral_waits_for_every_notice_and_each_written_one_proves_the_acknowledgement() -> None:
    plan = planned(occurrence(person={"preferred_channel": "sms"}))
    notices = messages(plan, Template.ACKNOWLEDGEMENT)
    referral = messages(plan, Template.REFERRAL)[EMAIL]
    acknowledgement, right = owed(plan, Kind.WRITTEN_ACKNOWLEDGEMENT), owed(plan, Kind.REFERRAL)
    assert acknowledgement is not None
    assert right is not None
    assert set(referral.waits_for) == {row.notification_id for row in notices.values()}
    assert referral.evidences == (right.obligation_id,)
    assert notices[SMS].evidences == (), "a text lacks the offence: rule ACK-WORDS"
    assert notices[EMAIL].evidences == (acknowledgement.obligation_id,)
    assert all(row.waits_for == () for row in notices.values())


def test_ids_are_facts() -> None:
    """A replay writes the same keys; another victim, channel or message another one."""
    plan = planned(occurrence())
    assert set(plan.notifications) == {
        fact_id("26000712345", "V1", "acknowledgement", "email"), fact_id("26000712345", "V1", "referral", "email"),
    }  # fmt: skip
    assert plan.notifications.keys() == planned(occurrence(version=7)).notifications.keys()
    assert not plan.notifications.keys() & planned(occurrence(reference="26000700001")).notifications.keys()


AFTERNOON, EVENING, NIGHT = at("2026-11-20 14:00:00"), at("2026-11-20 19:45:00"), at("2026-11-20 23:30:00")
SUMMER = at("2026-07-06 06:00:00")


@pytest.mark.parametrize(
    ("code", "accepted", "hours", "released"),
    [
        pytest.param("28E", NOW, None, "2026-11-20 11:01:00", id="property: half an hour"),
        pytest.param("8N", NOW, None, "2026-11-21 10:31:00", id="against a person: a day"),
        pytest.param("28E", EVENING, None, "2026-11-21 08:00:00", id="property, ending at a quarter past twenty hours: tomorrow at eight"),
        pytest.param("28E", NIGHT, None, "2026-11-21 08:00:00", id="property, at night"),
        pytest.param("8N", NIGHT, None, "2026-11-22 08:00:00", id="against a person, at night: the morning after the day"),
        pytest.param("28E", AFTERNOON, "09:00-12:00", "2026-11-21 09:00:00", id="property, the victim's own hours are over"),
        pytest.param("28E", NOW, "11:30-12:00", "2026-11-20 11:30:00", id="property, the victim's own hours begin later"),
    ],
)
def test_when_the_notice_and_the_referral_may_leave(code: str, accepted: Any, hours: str | None, released: str) -> None:
    """Issue 2, section 6: the window runs from our first acceptance; quiet hours hold everything to a victim and the referral with it."""
    record = occurrence(offences=codes(code), person={"contact_safety": contact_safety(safe_hours=hours)})
    plan = planned(record, accepted_at=accepted, now=accepted)
    rows = [messages(plan, template)[EMAIL] for template in (Template.ACKNOWLEDGEMENT, Template.REFERRAL)]
    assert [row.not_before for row in rows] == [at(released)] * 2


def test_without_a_word_about_safety_only_the_forces_own_hours_count() -> None:
    plan = planned(occurrence(person={"contact_safety": None}), accepted_at=EVENING, now=EVENING)
    assert messages(plan, Template.ACKNOWLEDGEMENT)[EMAIL].not_before == at("2026-11-21 08:00:00")


@pytest.mark.parametrize("record", [occurrence(), occurrence(dash_risk="high")], ids=["automatic", "specialist"])
def test_a_case_without_an_outbox_is_planned_like_one_with_an_empty_one(record: Occurrence) -> None:
    assert planned(record, existing=None) == planned(record)


def test_a_later_version_never_restarts_the_window() -> None:
    plan = planned(occurrence(version=2), accepted_at=NOW, now=NOW + timedelta(minutes=20))
    assert messages(plan, Template.ACKNOWLEDGEMENT)[EMAIL].not_before == at("2026-11-20 11:01:00")


@pytest.mark.parametrize(
    ("language", "templates", "written_in"),
    [
        pytest.param("en-GB", {"en"}, "en", id="English of a country"),
        pytest.param("pl", {"en", "pl"}, "pl", id="with a template"),
        pytest.param("pl", {"en"}, "en", id="without one, where the profile allows English"),
    ],
)
def test_the_language_of_the_notice(language: str, templates: set[str], written_in: str) -> None:
    standing = Standing(profile(english_where_no_template=True), HOLIDAYS, frozenset(templates))
    plan = planned(occurrence(person={"language": language}), standing=standing)
    assert messages(plan, Template.ACKNOWLEDGEMENT)[EMAIL].language == written_in
    assert messages(plan, Template.REFERRAL)[EMAIL].language == "en", "the service reads English"
