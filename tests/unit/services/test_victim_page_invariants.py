"""What holds of the victim's page in every order of versions, holds, events, posts, clocks, failures and deaths.

Judged by what providers got, word for word, and by a direct reading of the stored decisions. Must not ask the page's own rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Route
from chalicelib.domain.victim_forms import Act, TermsForm
from chalicelib.domain.victim_view import VictimView
from chalicelib.services.victim_case import Opened
from tests.builders import event_message
from tests.unit.services import test_invariants, test_officer_update_invariants
from tests.unit.services.direct_reading import forbidden
from tests.unit.services.invariants import settle
from tests.unit.services.on_page import told
from tests.unit.services.own_page import codes, inside, issued
from tests.unit.services.record_strategies import IDS, REFERENCES, modest
from tests.unit.services.stage import DAY, REF, Stage

PEOPLE = frozenset({Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD})
REASON = "Evidence linked the suspect to the scene."
Of = tuple[str, str]
whom: st.SearchStrategy[Of] = st.tuples(st.sampled_from(REFERENCES), st.sampled_from(IDS))


def _opened(stage: Stage, of: Of) -> Opened | None:
    return stage.house.case.opened(issued(stage, of[1], reference=of[0]), stage.now)


def _ask(stage: Stage, of: Of) -> None:
    link = issued(stage, of[1], reference=of[0])
    stage.house.codes.ask(link, f"{stage.now}", stage.now)
    stage.run()
    for code in codes(stage)[-1:]:
        stage.house.codes.enter(link, code, stage.now)


def _act(stage: Stage, what: tuple[Of, Act]) -> None:
    opened = _opened(stage, what[0])
    if opened is not None:
        stage.house.own_page.act(opened, what[1], f"{stage.now}", TermsForm("14", "email"), stage.now)


def _happens(stage: Stage, what: tuple[str, str, int]) -> None:
    reference, kind, number = what
    stage.put(event_message(kind, now=stage.now, reference=reference, event_id=f"E-{kind}-{number}", reason=REASON))


STEPS: dict[str, Callable[[Stage, Any], None]] = {
    **test_officer_update_invariants.STEPS,
    "ask": _ask,
    "act": _act,
    "happens": _happens,
    "look": lambda stage, _: assert_pages(stage),
}
step: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    test_officer_update_invariants.step,
    st.tuples(st.just("ask"), whom),
    st.tuples(st.just("look"), st.none()),
    st.tuples(st.just("act"), st.tuples(whom, st.sampled_from(Act))),
    st.tuples(
        st.just("happens"),
        st.tuples(st.sampled_from(REFERENCES), st.sampled_from(("arrested", "charged", "not_prosecuted")), st.integers(1, 2)),
    ),
)


@st.composite
def courses(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """A few records, of which some are told; then anything."""
    return [*draw(test_invariants.courses())[:4], *draw(st.lists(step, min_size=3, max_size=12))]


def _said(stage: Stage, opened: Opened) -> str:
    """Everything that a provider got for whoever receives now: their e-mails, word for word, and letters."""
    to = opened.choice.recipient.email
    mails = [mail.text for mail in stage.world.email.sent if to is not None and mail.to == to.value]
    return "\n".join((*mails, *(letter.pdf.decode() for letter in stage.world.letters.letters.values())))


def assert_no_more_than_messages_said(stage: Stage, opened: Opened, view: VictimView) -> None:
    said = _said(stage, opened)
    assert all(crime in said for crime in view.crimes)
    assert view.officer is None or f"collar_number={view.officer.collar_number!r}" in said
    for line in view.lines:
        if line.item is not None:
            assert f"NewsItem(type={line.item.type!r}, happened_on={line.item.happened_on!r}" in said
            assert line.item.reason is None or line.item.reason in said
        elif line.update is not None and line.update.in_text:
            assert [item for item in stage.left if item.template is Template.UPDATE and item.channel == "sms"]
        elif line.update is not None:
            assert f"start={line.update.start!r}" in said
            assert line.update.words is None or line.update.words in said


def assert_nobody_whom_people_tell(stage: Stage, opened: Opened) -> None:
    cases = stage.world.cases
    head, victim = cases.heads[opened.link.reference], opened.read.part.victim
    assert head.suspension is None
    assert head.marker is None
    for parts in cases.parts.values():
        for part in parts.values():
            theirs = victim.person_ref is not None and part.victim.person_ref == victim.person_ref
            if theirs and not part.removed and part.decision is not None:
                assert part.decision.hold is None
                assert part.decision.route not in PEOPLE


def assert_pages(stage: Stage) -> None:
    """Of every victim. A failure that was scripted is met here as anywhere, and lets nobody in."""
    for reference in REFERENCES:
        for victim_id in IDS:
            opened = _opened(stage, (reference, victim_id))
            if opened is not None:
                assert_nobody_whom_people_tell(stage, opened)
                assert_no_more_than_messages_said(stage, opened, stage.house.own_page.view(opened).view)


@modest(60)
@given(courses())
def test_a_page_shows_no_more_than_messages_said_and_nothing_of_whom_people_tell(steps: list[tuple[str, Any]]) -> None:
    stage = test_invariants.played(steps, STEPS, (RetryLater,))
    settle(stage)
    assert_pages(stage)
    assert [str(leak) for leak in stage.leaks()] == []
    assert list(forbidden(stage)) == []


def test_the_property_sees_pages_that_show_something():
    """So that it is no property of nothing."""
    stage = told()
    _happens(stage, (REF, "arrested", 1))
    stage.later(3 * DAY)
    opened = inside(stage, issued(stage)).opened
    assert opened is not None
    view = stage.house.own_page.view(opened).view
    assert len(view.lines) == 1
    assert_no_more_than_messages_said(stage, opened, view)
    stage.world.email.sent.clear()
    try:
        assert_no_more_than_messages_said(stage, opened, view)
    except AssertionError:
        return
    raise AssertionError("it saw nothing")
