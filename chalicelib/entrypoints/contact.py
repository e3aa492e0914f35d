"""The page "Contact an officer": the form, what comes after it, and what is said where it could not be taken.

Every answer follows from the form alone. Must not know whether a collar number or a reference exists, nor say that anybody was told.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Blueprint

from chalicelib.domain.contact_form import MOST, ContactForm, Field
from chalicelib.domain.danger import in_danger
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.errors import RetryLater
from chalicelib.entrypoints.answers import UNPROCESSABLE, Answer, see_other
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.observability import observe_failure
from chalicelib.schemas.contact_form import HONEYPOT, Faults, read_contact_form, typed

contact = Blueprint(__name__)

FORM = "/contact-officer"
SENT = "/contact-officer/sent"
EMERGENCY = "/contact-officer/sent/emergency"
_OWN_WORDS = (Field.MESSAGE, Field.SAFE_TO_REPLY, Field.NAME)


@page(contact, "/")
def home(visit: Visit) -> Answer:
    """Whoever types the bare address: the one page that anybody can use."""
    return see_other(FORM)


@page(contact, FORM)
def form(visit: Visit) -> Answer:
    """What to know before writing, and the empty form."""
    return _form(visit, {})


@page(contact, FORM, method="POST")
def send(visit: Visit) -> Answer:
    """Take a message. The same words again within a day are the same message, whatever token they come with."""
    posted = {name: visit.form.one(name) for name in (*Field, HONEYPOT)}
    read = read_contact_form(posted, visit.now)
    if not isinstance(read, ContactForm):
        danger = in_danger([posted[name][: MOST[name]] for name in _OWN_WORDS], local_day(visit.now))
        return _form(visit, posted, UNPROCESSABLE, faults=read, danger=danger)
    try:
        received = visit.ready.contact.receive(read, visit.ready.contact.source_key(visit.source_ip), visit.now)
    except RetryLater as error:
        observe_failure("page", error)
        return _form(visit, posted, 503, notice="failed")
    if not received.accepted:
        return _form(visit, posted, 429, notice="too_many", danger=received.danger)
    return see_other(EMERGENCY if received.danger else SENT)


@page(contact, SENT)
def sent(visit: Visit) -> Answer:
    """What happens next: the same for everybody, and for whoever only opens the address."""
    return show(visit, "contact_officer_sent", danger=False)


@page(contact, EMERGENCY)
def sent_in_danger(visit: Visit) -> Answer:
    """The same after words of danger: call 999 comes first."""
    return show(visit, "contact_officer_sent", danger=True)


def _form(
    visit: Visit, posted: Mapping[str, str], status: int = 200, *, faults: Faults | None = None, notice: str = "", danger: bool = False
) -> Answer:
    """The form with what was typed, so that nobody writes anything twice."""
    return show(
        visit,
        "contact_officer",
        status,
        typed=typed(posted),
        most=MOST,
        faults=faults or {},
        notice=notice,
        danger=danger,
        honeypot=HONEYPOT,
    )
