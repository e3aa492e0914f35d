"""The desk of a signed-in officer: who they are, sick or away and back, handing a case over, reading and allocating messages.

Every page has the gate of the sign-in; what a person may do, the use cases decide. Must not show a case to anybody whom they do not let.
"""

from __future__ import annotations

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.domain.absence import Faults
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.errors import NoSuchPage, RetryLater
from chalicelib.domain.reminders import away_on
from chalicelib.entrypoints.answers import UNPROCESSABLE, Answer, see_other
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.entrypoints.signed_in import signed_in
from chalicelib.observability import observe_failure
from chalicelib.schemas.contact_form import read_reference
from chalicelib.schemas.desk_forms import ABSENCE, read_absence, read_collar, typed
from chalicelib.services.officer_desk import DeskCase

desk = Blueprint(__name__)

DONE = frozenset({"away", "back", "handed", "given"})
"""What the page that follows a post may say: any other word says nothing."""


@page(desk, "/desk", gate=signed_in)
def home(visit: Visit) -> Answer:
    """Who I am, whether I am away, and the forms."""
    return _home(visit)


@page(desk, "/desk/absence", method="POST", gate=signed_in)
def away(visit: Visit) -> Answer:
    """Sick or away: why is not asked."""
    entered = typed({field: visit.form.one(field) for field in ABSENCE}, *ABSENCE)
    said = _kept(lambda: visit.ready.use_cases.absence.away(read_absence(entered), visit.who, visit.now))
    return see_other("/desk?done=away") if said == {} else _home(visit, entered, said, "absence")


@page(desk, "/desk/back", method="POST", gate=signed_in)
def back(visit: Visit) -> Answer:
    """On duty again."""
    entered = typed({"officer": visit.form.one("officer")}, "officer")
    said = _kept(lambda: visit.ready.use_cases.absence.back(read_collar(entered["officer"]), visit.who, visit.now))
    return see_other("/desk?done=back") if said == {} else _home(visit, entered, said, "back")


@page(desk, "/desk/case", method="POST", gate=signed_in)
def find(visit: Visit) -> Answer:
    """A reference however it was written, to the page of its case. It is not looked up here."""
    entered = typed({"reference": visit.form.one("reference")}, "reference")
    reference = read_reference(entered["reference"], visit.now)
    return see_other(f"/desk/case/{reference}") if reference else _home(visit, entered, {}, "find")


@page(desk, "/desk/case/{reference}", gate=signed_in)
def case(visit: Visit) -> Answer:
    """Whose it is, and what people wrote. That it was read is logged."""
    return _case(visit, _opened(visit))


@page(desk, "/desk/case/{reference}/hand-over", method="POST", gate=signed_in)
def hand_over(visit: Visit) -> Answer:
    """The case goes to another officer; whoever gave it away may not see it any more."""
    entered = typed({"to": visit.form.one("to")}, "to")
    reference, to = _reference(visit), read_collar(entered["to"])
    said = _kept(lambda: visit.ready.use_cases.hand_over_case.hand_over(reference, to, visit.who, visit.now))
    return see_other("/desk?done=handed") if said == {} else _refused(visit, entered, said, "hand-over")


@page(desk, "/desk/case/{reference}/message/{message}", method="POST", gate=signed_in)
def allocate(visit: Visit) -> Answer:
    """A message goes to another officer."""
    entered, message = typed({"to": visit.form.one("to")}, "to"), visit.values["message"]
    reference, to = _reference(visit), read_collar(entered["to"])
    said = _kept(lambda: visit.ready.use_cases.officer_desk.allocate(reference, message, to, visit.who, visit.now))
    return see_other("/desk?done=given") if said == {} else _refused(visit, entered, said, message)


def _kept(work: Callable[[], Faults]) -> Faults | RetryLater:
    """What is wrong with a form, or that the store did not keep it: then it is shown once more, with what was typed. Again is safe."""
    try:
        return work()
    except RetryLater as error:
        observe_failure("page", error)
        return error


def _home(visit: Visit, entered: dict[str, str] | None = None, said: Faults | RetryLater | None = None, form: str = "") -> Answer:
    """`form` names the one that could not be taken; its fields are shown as they were typed."""
    listed = visit.ready.use_cases.absence.listed(visit.who.collar_number)
    day = local_day(visit.now)
    return show(
        visit,
        "desk",
        _status(said, form),
        listed=listed,
        away=listed is not None and away_on(listed, day),
        coming=listed is not None and listed.absent_from is not None and listed.absent_from > day,
        today=day,
        typed=entered or {},
        faults=_wrong(said),
        failed=isinstance(said, RetryLater),
        form=form,
        done=done if (done := visit.asked("done")) in DONE else "",
    )


def _case(
    visit: Visit, found: DeskCase, entered: dict[str, str] | None = None, said: Faults | RetryLater | None = None, form: str = ""
) -> Answer:
    failed = isinstance(said, RetryLater)
    return show(visit, "desk_case", _status(said, form), case=found, typed=entered or {}, faults=_wrong(said), failed=failed, form=form)


def _status(said: Faults | RetryLater | None, form: str) -> int:
    return 503 if isinstance(said, RetryLater) else UNPROCESSABLE if form else 200


def _wrong(said: Faults | RetryLater | None) -> Faults:
    return {} if said is None or isinstance(said, RetryLater) else said


def _refused(visit: Visit, entered: dict[str, str], said: Faults | RetryLater, form: str) -> Answer:
    """The page again with what is wrong; none where the case is not theirs."""
    if "reference" in _wrong(said):
        raise NoSuchPage("not for this person")
    return _case(visit, _opened(visit, again=isinstance(said, RetryLater)), entered, said, form)


def _opened(visit: Visit, *, again: bool = False) -> DeskCase:
    found = visit.ready.use_cases.officer_desk.case(_reference(visit), visit.who, visit.now, again=again)
    if found is None:
        raise NoSuchPage("not for this person")
    return found


def _reference(visit: Visit) -> str:
    reference = read_reference(visit.values["reference"], visit.now)
    if reference is None:
        raise NoSuchPage("no reference")
    return reference
