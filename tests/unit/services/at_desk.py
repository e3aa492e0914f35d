"""A Stage with people of the directory who sign in: an officer, another, their supervisor, a cover; and what they do at the desk.

Must not decide or assert anything.
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import Person
from tests.builders import officer_record
from tests.unit.services.stage import Stage

ASH, COLE, REED, BELL, STRANGER = (Person(collar) for collar in ("2345", "2351", "1890", "2399", "7777"))
ROLE = Person("5555", frozenset({Unit.SUPERVISOR}))
PEOPLE: dict[str, dict[str, Any]] = {
    "2345": {"name": "PC Sam Ash", "email": "sam.ash@example.test", "supervisor": "1890"},
    "2351": {"name": "PC Robin Cole", "email": "robin.cole@example.test", "supervisor": "1890"},
    "2399": {"name": "PC Kim Bell", "email": "kim.bell@example.test", "supervisor": "1891"},
    "1890": {"name": "Sgt Jo Reed", "email": "jo.reed@example.test", "supervisor": None},
}


def present(stage: Stage, **entries: dict[str, Any]) -> Stage:
    """Everybody stands in the directory, on duty, unless `entries` says otherwise (`o2345={...}`)."""
    for collar, facts in PEOPLE.items():
        entry = {"absent_from": None, "absent_until": None, "cover": None, "version": 1} | facts | entries.get(f"o{collar}", {})
        stage.put(officer_record(now=stage.now, collar_number=collar, **entry))
    stage.run()
    return stage
