"""The victim's page shuts for every cause alike, at every step: asked of the stored case at each request, whatever the browser holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.case import Marker
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.links import of_victim
from chalicelib.domain.messages import Template
from chalicelib.domain.victim_forms import Act, TermsForm
from chalicelib.services.revoke_links import RevokeLinks
from chalicelib.services.victim_codes import Entering
from chalicelib.services.victim_page import Did
from tests import builders
from tests.builders import victim
from tests.unit.services.on_page import ORDINARY, told
from tests.unit.services.own_page import Inside, ask, enter, inside, issued, links, token
from tests.unit.services.stage import DAY, HOUR, REF, Stage, record

OTHER = "26000700001"
FIRST = builders.enhanced(eligible=False, reasons=[])


def revoker(stage: Stage) -> RevokeLinks:
    return RevokeLinks(stage.world.cases, stage.house.pages, stage.house.victims, stage.world.points)


def quarantined(stage: Stage) -> None:
    assert stage.put(record(3) | {"occurrence": {**record(3)["occurrence"], "status": "broken"}}) == "quarantined"


CAUSES: dict[str, Callable[[Stage], object]] = {
    "specialist": lambda stage: stage.version(2, flags={"domestic_abuse": True}),
    "in doubt": lambda stage: stage.version(2, flags={"safeguarding": None}),
    "restricted": lambda stage: stage.version(2, restricted=True),
    "a marker": lambda stage: stage.version(2, markers=["honour_based_abuse"]),
    "cancelled": lambda stage: stage.version(2, status="cancelled"),
    "transferred": lambda stage: stage.version(2, status="transferred"),
    "removed": lambda stage: stage.version(2, victims=[victim("V2")]),
    "quarantined": quarantined,
    "suspect's partner": lambda stage: stage.version(2, victims=[victim(relationship_to_suspect="partner")]),
    "representative of the suspect": lambda stage: stage.version(
        2, victims=[victim(representative=builders.representative(linked_to_suspect=None))]
    ),
    "another record specialist": lambda stage: stage.version(reference=OTHER, flags={"domestic_abuse": True}),
    "another record in doubt": lambda stage: stage.version(reference=OTHER, flags={"hate_crime": False, "safeguarding": None}),
    "another record with their mobile": lambda stage: stage.version(
        reference=OTHER, flags={"domestic_abuse": True}, victims=[victim(person_ref="N999", email="x@example.org")]
    ),
    "another record quarantined": lambda stage: (
        stage.version(reference=OTHER, **ORDINARY),
        stage.put(record(2, reference=OTHER) | {"occurrence": {**record(2, reference=OTHER)["occurrence"], "status": "broken"}}),
    ),
    "another record quarantined that was never read": lambda stage: stage.put(
        record(reference=OTHER) | {"occurrence": {**record(reference=OTHER)["occurrence"], "status": "broken"}}
    ),
    "another record that contradicts itself, and names them once": lambda stage: (
        stage.version(reference=OTHER, **ORDINARY | {"victims": [victim(person_ref="N999", email="x@example.org", mobile=None)]}),
        stage.version(reference=OTHER, **ORDINARY),
    ),
    "another victim here with their mobile": lambda stage: stage.version(
        2,
        victims=[
            victim(enhanced=FIRST),
            victim("V2", mobile="+447700900123", relationship_to_suspect=None, date_of_birth=None, enhanced=FIRST),
        ],
    ),
    "do not contact": lambda stage: stage.version(
        reference=OTHER, victims=[victim(contact_safety=builders.contact_safety(do_not_contact=True))]
    ),
    "the case revoked": lambda stage: revoker(stage).revoke(REF, "7001", stage.now),
    "the victim revoked": lambda stage: revoker(stage).revoke_of_victim(REF, "V1", "7001", stage.now),
    "revoked in another case of theirs": lambda stage: (
        stage.version(reference=OTHER, **ORDINARY),
        revoker(stage).revoke_of_victim(OTHER, "V1", "7001", stage.now),
    ),
    "expired": lambda stage: stage.later(101 * DAY),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_at_every_step(cause):
    stage = told()
    came, link = inside(stage), token(stage)
    opened = came.opened
    assert opened is not None
    assert ask(stage, link)
    CAUSES[cause](stage)
    assert came.opened is None
    assert stage.house.case.opened(link, stage.now) is None
    assert not ask(stage, link)
    assert enter(stage, link).how is Entering.DEAD
    answer = stage.house.own_page.act(opened, Act.STOP, "form", TermsForm("", ""), stage.now)
    assert answer.did is Did.DEAD
    assert "victim_asked" not in repr(stage.world.cases.events)


def test_a_first_version_that_could_not_be_read_shuts_the_page_until_one_can():
    stage = told()
    link = token(stage)
    broken = record(reference=OTHER)
    stage.put(broken | {"occurrence": {**broken["occurrence"], "status": "broken"}})
    assert stage.house.case.opened(link, stage.now) is None
    stage.put(broken)
    assert stage.house.case.opened(link, stage.now) is not None


def test_a_dead_link_stays_dead_when_the_hold_is_over_and_the_next_message_has_a_new_one():
    stage = told()
    link = token(stage)
    stage.version(2, flags={"safeguarding": None})
    stage.later(HOUR)
    stage.version(3)
    assert stage.house.case.opened(link, stage.now) is None
    stage.later(HOUR)
    assert stage.house.case.opened(issued(stage), stage.now) is not None


def test_a_hold_of_another_record_that_is_over_closed_the_links_of_before():
    stage = told()
    link = token(stage)
    stage.version(reference=OTHER, flags={"safeguarding": None})
    stage.later(HOUR)
    stage.version(2, reference=OTHER)
    assert stage.house.case.opened(link, stage.now) is None
    stage.later(HOUR)
    assert stage.house.case.opened(issued(stage), stage.now) is not None


def test_what_a_person_released_here_opens_nothing_while_the_other_record_is_held():
    stage = told()
    stage.version(reference=OTHER, flags={"domestic_abuse": True})
    stage.release()
    stage.later(HOUR)
    assert stage.house.case.opened(issued(stage), stage.now) is None


def test_nothing_opens_while_a_version_is_being_written():
    stage = told()
    link = token(stage)
    head = stage.world.cases.heads[REF]
    stage.world.cases.heads[REF] = replace(head, marker=Marker(2, "hash"))
    assert stage.house.case.opened(link, stage.now) is None


def test_nothing_opens_while_another_record_of_theirs_is_being_written_that_is_specialist():
    stage = told()
    link = token(stage)
    stage.version(reference=OTHER, **ORDINARY)
    head = stage.world.cases.heads[OTHER]
    stage.world.cases.heads[OTHER] = replace(head, marker=Marker(2, "hash"))
    assert stage.house.case.opened(link, stage.now) is not None
    stage.world.cases.heads[OTHER] = replace(head, marker=Marker(2, "hash", frozenset({"da.flag"})))
    assert stage.house.case.opened(link, stage.now) is None


@pytest.mark.parametrize("call", ["cases.load", "cases.around", "cases.head", "revocations.revoked"])
def test_where_the_store_does_not_answer_nobody_is_let_in(call):
    stage = told()
    stage.version(reference=OTHER, **ORDINARY)
    came = inside(stage, issued(stage))
    stage.world.calls.fail(call, StoreUnavailable("store"))
    with pytest.raises(StoreUnavailable):
        _ = came.opened


def test_a_link_of_another_page_or_an_officers_opens_nothing():
    stage = told()
    assert stage.house.case.opened(stage.house.pages.address(REF, "2345", stage.now).rpartition("/")[2], stage.now) is None
    assert stage.house.pages.opened(token(stage), stage.now) is None


def test_revoking_is_logged_and_asks_for_a_victim():
    stage = told()
    assert not revoker(stage).revoke_of_victim(REF, "V9", "7001", stage.now)
    assert revoker(stage).revoke_of_victim(REF, "V1", "7001", stage.now)
    assert [(entry.actor, entry.victim_id) for entry in stage.world.cases.audit.values() if entry.op == "links_revoked"] == [("7001", "V1")]
    assert stage.world.revocations.revoked(of_victim(REF, "V1")) == stage.now
    stage.later(HOUR)
    assert stage.house.case.opened(issued(stage), stage.now) is not None


def test_somebody_whom_no_record_knows_elsewhere_is_revoked_in_their_case():
    stage = told(victims=[victim(person_ref=None, enhanced=FIRST)])
    assert revoker(stage).revoke_of_victim(REF, "V1", "7001", stage.now)
    assert stage.house.case.opened(token(stage), stage.now) is None


def test_a_link_that_was_sent_before_is_dead_when_the_next_message_is_held():
    stage = told()
    stage.version(2, flags={"domestic_abuse": True})
    assert len(links(stage)) == 1
    assert Inside(stage, token(stage), "nonsense").opened is None
    assert stage.states(Template.ACKNOWLEDGEMENT) == [("email", "delivered")]
