"""An officer sends the victim an update: a start or own words, then the message as the victim will see it, then the press that sends it.

Must not show a form where no update may be sent, nor say why not: the services refuse whatever is posted all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalice.app import Blueprint

from chalicelib.domain.errors import RetryLater
from chalicelib.domain.free_text import LONGEST
from chalicelib.domain.officer_forms import Fault
from chalicelib.entrypoints.answers import UNPROCESSABLE, Answer
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.entrypoints.officer_visit import (
    CASE,
    base_of,
    form,
    not_taken,
    of_nobody,
    opened,
    posted,
    taken,
    victim_of,
)
from chalicelib.entrypoints.shown_message import picture, policy_for
from chalicelib.schemas.officer_forms import UPDATE_FIELDS, read_update
from chalicelib.services.officer_page import Came
from chalicelib.services.officer_update import Preview

officer_updates = Blueprint(__name__)

UPDATE, PREVIEW, SEND = f"{CASE}/update", f"{CASE}/update/preview", f"{CASE}/update/send"


@page(officer_updates, UPDATE, gate=opened)
def update(visit: Visit) -> Answer:
    """The form, where an update may be sent."""
    return _update_form(visit, visit.asked("victim"))


@page(officer_updates, UPDATE, method="POST", gate=opened)
def change(visit: Visit) -> Answer:
    """Back from the preview, with what was chosen and written."""
    typed = posted(visit, UPDATE_FIELDS)
    return _update_form(visit, typed["victim"], typed)


@page(officer_updates, PREVIEW, method="POST", gate=opened)
def preview(visit: Visit) -> Answer:
    """The update as the victim will see it. Nothing is kept."""
    return _post(visit, sending=False)


@page(officer_updates, SEND, method="POST", gate=opened)
def send(visit: Visit) -> Answer:
    """Keep the update; it leaves when the policy lets it."""
    return _post(visit, sending=True)


def _post(visit: Visit, *, sending: bool) -> Answer:
    typed = posted(visit, UPDATE_FIELDS)
    read = read_update(typed)
    faults, failed = read.faults, None
    if not faults:
        use_case = visit.ready.use_cases.officer_update
        try:
            said = (use_case.send if sending else use_case.preview)(visit.values["token"], read.form, visit.now)
        except RetryLater as error:
            failed = error
        else:
            if isinstance(said, Preview):
                return _seen(visit, typed, said)
            if said.came is not Came.WRONG or of_nobody(said):
                return taken(visit, said, "sent")
            faults = said.faults
    return _update_form(visit, typed["victim"], typed, 503 if failed else UNPROCESSABLE, faults=faults, failed=failed)


def _seen(visit: Visit, typed: Mapping[str, str], seen: Preview) -> Answer:
    """The message itself. An e-mail's own styles are let in by their hashes, the pictures of a letter as data."""
    html = seen.email.html if seen.email else None
    day = seen.next_update_on.isoformat() if seen.next_update_on else ""
    pictures = [picture(page) for page in seen.letter.pages] if seen.letter else []
    kept = {**typed, "next_update_on": day}
    answer = show(visit, "officer_preview", seen=seen, pictures=pictures, typed=kept, now=visit.now, base=base_of(visit))
    answer.headers["Content-Security-Policy"] = policy_for(html or "")
    return answer


def _update_form(
    visit: Visit,
    victim_id: str,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    faults: Iterable[Fault] = (),
    failed: RetryLater | None = None,
) -> Answer:
    """The form as it was posted; at first with the day that is suggested. Absent where nothing may be sent now."""
    shown, victim = victim_of(visit, victim_id, again=failed is not None)
    if victim.update is None:
        return not_taken(visit, Came.ON_ITS_WAY if victim.update_waits else Came.REFUSED)
    day = victim.update.next_on.isoformat() if victim.update.next_on else ""
    filled = typed or {"start": "", "words": "", "next_update_on": day}
    return form(visit, "officer_update", status, faults, failed, typed=filled, victim=victim, case=shown, longest=LONGEST)
