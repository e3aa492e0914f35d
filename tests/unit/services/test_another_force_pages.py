"""The victim's own page in the second force of test_another_force.py: its clocks and its choices.

Must not read a profile of its own: it is the same force.
"""

from __future__ import annotations

from chalicelib.domain.victim_forms import Act
from chalicelib.services.victim_codes import Entering
from chalicelib.services.victim_page import Did
from tests.domain_builders import PROFILE
from tests.unit.services.own_page import ask, enter, inside, token
from tests.unit.services.stage import DAY, HOUR, MINUTE, Stage
from tests.unit.services.test_another_force import NORTHMARCH, stage


def told(force: str = "northmarch") -> Stage:
    """A victim who has the acknowledgement, and in it the link to their page."""
    found = stage(force)
    found.later(3 * HOUR)
    return found


def test_a_code_lives_as_long_as_the_force_says() -> None:
    came = {}
    for force in ("derbyshire", "northmarch"):
        found = told(force)
        ask(found, token(found))
        found.later(7 * MINUTE)
        came[force] = enter(found, token(found)).how
    assert came == {"derbyshire": Entering.IN, "northmarch": Entering.WRONG}


def test_a_link_lives_as_long_as_the_force_says() -> None:
    came = {}
    for force in ("derbyshire", "northmarch"):
        found = told(force)
        link = token(found)
        found.world.clock.advance(110 * DAY)
        came[force] = ask(found, link)
    assert came == {"derbyshire": False, "northmarch": True}


def test_a_victim_chooses_among_what_the_force_offers() -> None:
    here, elsewhere = inside(told()), inside(told("derbyshire"))
    assert (here.page.days, elsewhere.page.days) == (NORTHMARCH.case_page.update_days, PROFILE.case_page.update_days)
    assert here.act(Act.UPDATES, every="10").did is Did.WRONG
    assert here.act(Act.UPDATES, every="28").did is Did.DONE
    assert elsewhere.act(Act.UPDATES, every="10").did is Did.DONE
