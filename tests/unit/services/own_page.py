"""What whoever receives for a victim does on the victim's page, as short calls on a Stage: the link, the code, and what is asked for.

Must not decide or assert anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from chalicelib.domain.links import PageLink
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.victim_forms import Act, TermsForm
from chalicelib.services.victim_case import Opened
from chalicelib.services.victim_codes import Entered
from chalicelib.services.victim_page import Answer, Page
from tests.unit.services.stage import Stage

_forms = count(1)


def links(stage: Stage) -> list[PageLink]:
    """Of every message that was rendered, oldest first."""
    found = (getattr(content, "page", None) for _, _, content in stage.world.renderer.rendered)
    return [page for page in found if page is not None]


def token(stage: Stage) -> str:
    """Of the last message that had a link."""
    return links(stage)[-1].address.rpartition("/")[2]


def issued(stage: Stage, victim_id: str = "V1", **which: Any) -> str:
    """The link of a message of this moment, whether or not one left."""
    return stage.house.victims.token(which.get("reference", "26000712345"), victim_id, stage.now, stage.now)


def codes(stage: Stage) -> list[str]:
    """Every code that was said, in order."""
    return [content.code for _, _, content in stage.world.renderer.rendered if isinstance(content, OneTimeCode)]


def ask(stage: Stage, link: str, nonce: str = "") -> bool:
    """Ask for a code on a form of its own, a second later, and let what is due leave."""
    stage.world.clock.advance(timedelta(seconds=1))
    asked = stage.house.codes.ask(link, nonce or f"form {next(_forms)}", stage.now)
    stage.run()
    return asked


def enter(stage: Stage, link: str, typed: str | None = None) -> Entered:
    return stage.house.codes.enter(link, codes(stage)[-1] if typed is None else typed, stage.now)


@dataclass
class Inside:
    """A browser that gave the code."""

    stage: Stage
    link: str
    session: str

    @property
    def opened(self) -> Opened | None:
        """What the next request finds; None where it is let in no more."""
        case = self.stage.house.case
        opened = case.opened(self.link, self.stage.now)
        return opened if opened and case.entered(opened, self.session, self.stage.now) else None

    @property
    def page(self) -> Page:
        opened = self.opened
        assert opened is not None
        return self.stage.house.own_page.view(opened)

    def act(self, act: Act, every: str = "14", method: str = "email", nonce: str = "") -> Answer:
        opened = self.opened
        assert opened is not None
        answer = self.stage.house.own_page.act(opened, act, nonce or f"form {next(_forms)}", TermsForm(every, method), self.stage.now)
        self.stage.run()
        return answer


def inside(stage: Stage, link: str | None = None) -> Inside:
    link = link or token(stage)
    assert ask(stage, link)
    entered = enter(stage, link)
    assert entered.session, entered
    return Inside(stage, link, entered.session)
