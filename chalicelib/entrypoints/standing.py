"""Web pages that stand by themselves: safety, accessibility, privacy, and the files that pages load.

Must not show anything about a case, and must not need a store: they work when nothing else does.
"""

from __future__ import annotations

from datetime import timedelta

from chalice.app import Blueprint

from chalicelib.domain.errors import NoSuchPage
from chalicelib.entrypoints.answers import FOR_AN_HOUR, FOR_EVER, Answer
from chalicelib.entrypoints.http import Visit, page, show

standing = Blueprint(__name__)
_YEAR = 365.25
"""In days."""


@page(standing, "/safety")
def safety(visit: Visit) -> Answer:
    """What "Exit this page" does and does not do, and where to get help."""
    profile = visit.ready.profile
    minutes = profile.case_page.session_minutes
    return show(visit, "safety", support=(profile.victim_service, *profile.other_support), session_minutes=minutes)


@page(standing, "/accessibility")
def accessibility(visit: Visit) -> Answer:
    """The accessibility statement that the 2018 Regulations ask for."""
    return show(visit, "accessibility")


@page(standing, "/privacy")
def privacy(visit: Visit) -> Answer:
    """Who keeps what, for how long, and what a person may ask."""
    profile = visit.ready.profile
    minutes = profile.case_page.session_minutes
    kept = {kind.value: _long(period) for kind, period in profile.retention.cases.every.items()}
    return show(visit, "privacy", message_days=profile.contact_forms.kept.days, session_minutes=minutes, kept=kept)


def _long(period: timedelta) -> str:
    """In years where it is some, give or take the odd day of leap years."""
    years = round(period.days / _YEAR)
    return f"{years} years" if abs(period.days - years * _YEAR) <= 1 else f"{period.days} days"


@page(standing, "/assets/{name}")
def asset(visit: Visit) -> Answer:
    """A style sheet, script or icon. Its name changes with its content, so a browser may keep it for ever."""
    found = visit.ready.assets.read(visit.values["name"])
    if found is None:
        raise NoSuchPage("no such file")
    return Answer(found.content, content_type=found.content_type, Cache_Control=FOR_AN_HOUR if found.stable else FOR_EVER)
