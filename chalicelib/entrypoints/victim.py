"""The victim's own page: from the link or a letter's code to a one-time code, to what they were told, and to what they may change.

Every request asks the stored case anew whether it opens. Where it does not, whatever the cause and wherever it is asked, the answer is one
page that says to call. Must not decide what is shown or taken, nor change anything by a GET.
"""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.domain.errors import NoSuchPage
from chalicelib.domain.victim_forms import KEY_EVENTS, Act, Missing, TermsForm
from chalicelib.entrypoints.answers import UNPROCESSABLE, Answer, see_other
from chalicelib.entrypoints.http import Visit, page, show
from chalicelib.schemas.contact_form import read_reference
from chalicelib.schemas.text import clean
from chalicelib.services.victim_case import Opened
from chalicelib.services.victim_codes import Entering
from chalicelib.services.victim_page import Did

victim = Blueprint(__name__)

LETTER, LINK, CODE, PAGE = "/case", "/case/{token}", "/case/{token}/code", "/case/{token}/page"
CHANGE, DONE, LEAVE = "/case/{token}/change/{act}", "/case/{token}/done/{act}", "/case/{token}/leave"
MOST_SESSIONS = 5
"""Cookies of one name that are looked at; a browser sends one."""


def holder(visit: Visit) -> Opened | Answer:
    """The gate of who holds a live link."""
    return visit.ready.use_cases.victim_case.opened(visit.values["token"], visit.now) or closed(visit)


def insider(visit: Visit) -> Opened | Answer:
    """The gate of who gave the code too, in this browser, not long ago."""
    opened = holder(visit)
    if isinstance(opened, Answer):
        return opened
    entered = visit.ready.use_cases.victim_case.entered
    if not any(entered(opened, session, visit.now) for session in _sessions(visit)):
        return show(visit, "case_timed_out", 403, start=_at(visit, LINK), minutes=visit.ready.profile.case_page.session_minutes)
    return opened


def closed(visit: Visit) -> Answer:
    """The same for every cause, so that nobody learns which it is."""
    return show(visit, "case_closed", 404)


@page(victim, LETTER)
def from_letter(visit: Visit) -> Answer:
    """Where a letter sends its reader."""
    return show(visit, "case_letter", typed={"reference": "", "letter_code": ""}, faults={})


@page(victim, LETTER, method="POST")
def letter_code(visit: Visit) -> Answer:
    """The signs of a letter. A wrong pair, a case that is not known and one that opens nothing are told alike."""
    typed = {name: clean(visit.form.one(name))[:100] for name in ("reference", "letter_code")}
    blank = {name: "blank" for name, text in typed.items() if not text}
    reference = read_reference(typed["reference"], visit.now)
    if blank or reference is None:
        return show(visit, "case_letter", UNPROCESSABLE, typed=typed, faults=blank or {"reference": "unread"})
    ready = visit.ready.use_cases
    token = ready.victim_codes.from_letter(reference, typed["letter_code"], ready.contact.source_key(visit.source_ip), visit.now)
    if token is None:
        return show(visit, "case_letter", UNPROCESSABLE, typed=typed, faults={"letter_code": "wrong"})
    return see_other(LINK.format(token=token))


@page(victim, LINK, gate=holder)
def start(visit: Visit) -> Answer:
    """What the page is, and a button that asks for a code. It says nothing of the case."""
    return show(visit, "case_start", here=_at(visit, LINK))


@page(victim, LINK, method="POST", gate=holder)
def ask(visit: Visit) -> Answer:
    """Have a code sent, if one can be: the next page is the same."""
    asked = visit.ready.use_cases.victim_codes.ask(visit.values["token"], visit.nonce or "", visit.now)
    return see_other(_at(visit, CODE)) if asked else closed(visit)


@page(victim, CODE, gate=holder)
def code(visit: Visit) -> Answer:
    """Where the code is entered."""
    return _code(visit, "")


@page(victim, CODE, method="POST", gate=holder)
def enter(visit: Visit) -> Answer:
    """Let this browser in, for a while."""
    entered = visit.ready.use_cases.victim_codes.enter(visit.values["token"], visit.form.one("code"), visit.now)
    if entered.how is Entering.IN:
        return _with_session(visit, see_other(_at(visit, PAGE)), entered.session)
    if entered.how is Entering.DEAD:
        return closed(visit)
    return _code(visit, entered.how, 429 if entered.how is Entering.MANY else UNPROCESSABLE)


@page(victim, PAGE, gate=insider)
def own_page(visit: Visit) -> Answer:
    """What they were told, what is agreed, and what they may ask for."""
    return _shown(visit, "case_page")


@page(victim, CHANGE, gate=insider)
def change(visit: Visit) -> Answer:
    """One thing that may be changed or asked for, to look at before it is sent."""
    return _change(visit, _act(visit), TermsForm("", ""), ())


@page(victim, CHANGE, method="POST", gate=insider)
def changed(visit: Visit) -> Answer:
    """Take it, once."""
    act, form = _act(visit), TermsForm(visit.form.one("every"), visit.form.one("method"))
    answer = visit.ready.use_cases.victim_page.act(visit.who, act, visit.nonce or "", form, visit.now)
    if answer.did is Did.DONE:
        return see_other(_at(visit, DONE))
    return closed(visit) if answer.did is Did.DEAD else _change(visit, act, form, answer.missing)


@page(victim, DONE, gate=insider)
def done(visit: Visit) -> Answer:
    """What happens next."""
    return _shown(visit, "case_done", act=_act(visit))


@page(victim, LEAVE, method="POST", gate=insider)
def leave(visit: Visit) -> Answer:
    """Forget the code, in this browser and wherever its cookie was copied to."""
    for session in _sessions(visit):
        visit.ready.use_cases.victim_case.leave(visit.who, session, visit.now)
    return _with_session(visit, see_other("/safety"), "")


def _at(visit: Visit, path: str) -> str:
    return path.format(**visit.values)


def _act(visit: Visit) -> Act:
    try:
        return Act(visit.values["act"])
    except ValueError:
        raise NoSuchPage("nothing that may be changed") from None


def _code(visit: Visit, fault: str, status: int = 200) -> Answer:
    minutes = visit.ready.profile.case_page.code_minutes
    return show(visit, "case_code", status, here=_at(visit, CODE), again=_at(visit, LINK), fault=fault, minutes=minutes)


def _shown(visit: Visit, template: str, status: int = 200, **more: object) -> Answer:
    profile, shown = visit.ready.profile, visit.ready.use_cases.victim_page.view(visit.who)
    home, service = PAGE.format(token=visit.values["token"]), profile.victim_service
    rules, support = profile.case_page, profile.other_support
    base, closing = home.removesuffix("page"), visit.token_for({"token": visit.values["token"]})
    return show(
        visit, template, status, page=shown, view=shown.view, reader=shown.view.reader, home=home, base=base, service=service,
        support=support, rules=rules, leave=_at(visit, LEAVE), closing=closing, **more,
    )  # fmt: skip


def _change(visit: Visit, act: Act, form: TermsForm, missing: tuple[Missing, ...]) -> Answer:
    """The form; where it is not offered (any more), that."""
    refused = act not in visit.ready.use_cases.victim_page.view(visit.who).offers
    posted = visit.request.method == "POST"
    status = UNPROCESSABLE if missing else 409 if posted else 200
    values = {"act": act, "here": _at(visit, CHANGE), "missing": missing, "refused": refused or (posted and not missing)}
    return _shown(visit, "case_change", status, chosen=form, key_events=KEY_EVENTS, **values)


def _cookie(visit: Visit) -> str:
    return "__Secure-case" if visit.ready.settings.public_url.startswith("https://") else "case"


def _sessions(visit: Visit) -> list[str]:
    pairs = (part.strip().partition("=") for part in visit.request.headers.get("cookie", "").split(";"))
    return [value for name, _, value in pairs if name == _cookie(visit)][:MOST_SESSIONS]


def _with_session(visit: Visit, answer: Answer, session: str) -> Answer:
    """For these pages alone, out of reach of scripts and other sites; it ends with the browser, and by itself after a while."""
    secure = "; Secure" if visit.ready.settings.public_url.startswith("https://") else ""
    ends = "" if session else "; Max-Age=0"
    answer.headers["Set-Cookie"] = f"{_cookie(visit)}={session}; Path=/case; HttpOnly; SameSite=Strict{secure}{ends}"
    return answer
