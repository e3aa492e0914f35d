"""The officer's page behind the link of a reminder: what is owed in one case, "I have spoken to them", "I tried", and messages that wait.

Every post that was taken ends on the page of the case, by a GET: going back or reloading records nothing twice. Must not show a name, an
address or a contact detail of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalice.app import Blueprint

from chalicelib.domain.deadlines import LONDON
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.events import Result
from chalicelib.domain.officer_forms import Fault
from chalicelib.entrypoints.answers import UNPROCESSABLE, Answer
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.entrypoints.officer_visit import (
    CASE,
    base_of,
    case_of,
    form,
    of_nobody,
    opened,
    posted,
    taken,
    victim_of,
)
from chalicelib.schemas.officer_forms import CONTACT_FIELDS, read_contact, read_try
from chalicelib.services.officer_page import Came, VictimPage

officer = Blueprint(__name__)

SPOKEN, TRIED, ANSWERED = f"{CASE}/spoken", f"{CASE}/tried", f"{CASE}/answered"
DONE = frozenset({"recorded", "sent", "answered", "already"})
"""What was done, in the query of the case's page. Whoever writes it there by hand deceives nobody but themselves."""


@page(officer, CASE, gate=opened)
def case(visit: Visit) -> Answer:
    """What is owed in this case, and what can be done about it."""
    shown, done = case_of(visit), visit.asked("done")
    messages = visit.ready.use_cases.officer_messages.view(visit.values["token"], visit.now)
    return show(visit, "officer", case=shown, messages=messages, done=done if done in DONE else "", base=base_of(visit))


@page(officer, SPOKEN, gate=opened)
def spoken(visit: Visit) -> Answer:
    """The form of a contact that reached them, filled in with what is likely."""
    return _contact_form(visit, visit.asked("victim"), tried=False)


@page(officer, TRIED, gate=opened)
def tried(visit: Visit) -> Answer:
    """The form of a try."""
    return _contact_form(visit, visit.asked("victim"), tried=True)


@page(officer, SPOKEN, method="POST", gate=opened)
def record_spoken(visit: Visit) -> Answer:
    """Record a contact that reached them."""
    return _record(visit, tried=False)


@page(officer, TRIED, method="POST", gate=opened)
def record_tried(visit: Visit) -> Answer:
    """Record a try."""
    return _record(visit, tried=True)


@page(officer, ANSWERED, method="POST", gate=opened)
def answered(visit: Visit) -> Answer:
    """A message was answered in another way than by a contact that is recorded here."""
    said = visit.ready.use_cases.officer_messages.answered(visit.values["token"], visit.form.one("task"), visit.now)
    return taken(visit, said, "answered")


def _record(visit: Visit, *, tried: bool) -> Answer:
    typed, covers = posted(visit, CONTACT_FIELDS), visit.form.every("covers")
    read = read_try(typed) if tried else read_contact(typed, covers)
    faults, failed = read.faults, None
    if not faults:
        try:
            said = visit.ready.use_cases.officer.record_contact(visit.values["token"], read.form, visit.now)
        except RetryLater as error:
            failed = error
        else:
            if said.came is not Came.WRONG or of_nobody(said):
                return taken(visit, said, "recorded")
            faults = said.faults
    status = 503 if failed else UNPROCESSABLE
    return _contact_form(visit, typed["victim"], typed, status, tried=tried, covers=covers, faults=faults, failed=failed)


def _contact_form(
    visit: Visit,
    victim_id: str,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    tried: bool,
    covers: Iterable[str] = ("update",),
    faults: Iterable[Fault] = (),
    failed: RetryLater | None = None,
) -> Answer:
    """The form as it was posted; at first with this moment, and the day that the agreement gives."""
    shown, victim = victim_of(visit, victim_id, again=failed is not None)
    filled = typed or _likely(victim, visit.now, tried=tried)
    template = "officer_tried" if tried else "officer_spoken"
    return form(visit, template, status, faults, failed, typed=filled, covered=frozenset(covers), victim=victim, case=shown)


def _likely(victim: VictimPage, now: datetime, *, tried: bool) -> dict[str, str]:
    local = now.astimezone(LONDON)
    day = victim.next_on.isoformat() if victim.next_on and not tried else ""
    return {
        "result": Result.NO_ANSWER if tried else "",
        "day": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "way": "",
        "next_update_on": day,
    }
