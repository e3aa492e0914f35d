"""What the officer's pages share: the gate of the link, the case behind it, a form with what was typed, and what becomes of a post.

Must not declare a page.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.errors import DeadOfficerLink, NoSuchPage, RetryLater
from chalicelib.domain.links import Link
from chalicelib.domain.officer_fault_words import words_of
from chalicelib.domain.officer_forms import Fault
from chalicelib.entrypoints.answers import Answer, see_other
from chalicelib.entrypoints.http import Visit, show
from chalicelib.entrypoints.signed_in import link_gate
from chalicelib.observability import observe_failure
from chalicelib.services.officer_page import Answer as Said
from chalicelib.services.officer_page import Came, CasePage, VictimPage

CASE = "/officer/{token}"
NOT_NOW = 409
"""The form is right, and the case does not allow it as it stands."""


def opened(visit: Visit) -> Link | Answer:
    """The gate: whoever holds a live link of a reminder, signed in where the stage wants that.

    Forged, expired, revoked, and of a case that went to somebody else look alike.
    """
    link = visit.ready.officer_pages.opened(visit.values["token"], visit.now)
    if link is None or not visit.ready.use_cases.officer_desk.deals_with(link.reference, link.reader, visit.now):
        raise DeadOfficerLink("opens nothing")
    return link_gate(visit, link.reader) or link


def base_of(visit: Visit) -> str:
    """The page of the case, with which every other address begins."""
    return CASE.format(token=visit.values["token"])


def posted(visit: Visit, fields: Iterable[str]) -> dict[str, str]:
    return {name: visit.form.one(name) for name in fields}


def case_of(visit: Visit, *, again: bool = False) -> CasePage:
    """What is owed in the case. DeadOfficerLink where the link died since the gate."""
    shown = visit.ready.use_cases.officer.view(visit.values["token"], visit.now, again=again)
    if shown is None:
        raise DeadOfficerLink("opens nothing any more")
    return shown


def victim_of(visit: Visit, victim_id: str, *, again: bool = False) -> tuple[CasePage, VictimPage]:
    """NoSuchPage where the case does not name them, or not any more."""
    shown = case_of(visit, again=again)
    victim = next((one for one in shown.victims if one.victim_id == victim_id), None)
    if victim is None:
        raise NoSuchPage("nobody of this case")
    return shown, victim


def form(visit: Visit, template: str, status: int, faults: Iterable[Fault], failed: RetryLater | None, **values: object) -> Answer:
    """A form with what was typed, and what is wrong beside each field. `failed`: nothing is, and it may be sent again."""
    if failed is not None:
        observe_failure("page", failed)
    told = {fault.field: words_of(fault) for fault in reversed(list(faults))}
    return show(visit, template, status, told=told, failed=failed is not None, base=base_of(visit), **values)


def of_nobody(said: Said) -> bool:
    """The case does not name the victim any more: there is no form to show again."""
    return any(fault.field == "victim_id" for fault in said.faults)


def taken(visit: Visit, said: Said, done: str) -> Answer:
    """Where a post leads that had no fault: on to the case, where it counts once, or to why it was not taken."""
    if said.came is Came.DEAD:
        raise DeadOfficerLink("opens nothing any more")
    if said.came in (Came.RECORDED, Came.ALREADY):
        return see_other(f"{base_of(visit)}?done={done if said.came is Came.RECORDED else 'already'}")
    return not_taken(visit, said.came)


def not_taken(visit: Visit, came: Came) -> Answer:
    """Says that it was not recorded or sent, and what to do. Why the case refuses an update is not said."""
    return show(visit, "officer_not_taken", NOT_NOW, came=came, base=base_of(visit))
