"""What an officer does on their page, as short calls on a Stage: the link, a contact, an update, and what became of it.

Must not decide or assert anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.events import Result, UpdateWritten
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Kind
from chalicelib.domain.officer_forms import ContactForm, UpdateForm, Way
from chalicelib.services.officer_page import Answer, CasePage, VictimPage
from chalicelib.services.officer_update import Preview
from tests import builders
from tests.builders import victim
from tests.unit.services.stage import HOUR, MINUTE, REF, Stage

OFFICER = "2345"
ORDINARY = {"victims": [victim(enhanced=builders.enhanced(eligible=False, reasons=[]))]}
DOMESTIC = {"flags": {"domestic_abuse": True}}
STILL_LOOKING = UpdateForm("V1", "still_looking")


def by(channel: str, *others: str, **facts: Any) -> dict[str, Any]:
    """A record whose victim is updated by one channel; `others` are safe too."""
    safe = builders.contact_safety(safe_channels=[channel, *others])
    agreed = builders.update_agreement(method=channel)
    return {"victims": [victim(preferred_channel=channel, contact_safety=safe, update_agreement=agreed, **facts)]}


def told(**facts: Any) -> Stage:
    """A burglary of Friday 20 November whose victim was acknowledged; it is an hour later, and an update is owed until 30 November."""
    stage = Stage()
    stage.version(**(ORDINARY | facts))
    stage.later(HOUR)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    return stage


def link(stage: Stage, reader: str = OFFICER, reference: str = REF) -> str:
    """The token of the link in a reminder of this moment."""
    return stage.house.pages.address(reference, reader, stage.now).rpartition("/")[2]


def page(stage: Stage, **who: Any) -> CasePage:
    shown = stage.house.page.view(link(stage, **who), stage.now)
    assert shown is not None
    return shown


def shown(stage: Stage, victim_id: str = "V1") -> VictimPage:
    return next(one for one in page(stage).victims if one.victim_id == victim_id)


def spoke(stage: Stage, *covers: str, **changes: Any) -> ContactForm:
    """ "I have spoken to them", by phone, a minute ago."""
    form = ContactForm("V1", Result.SPOKEN, stage.now - MINUTE, Way.PHONE, frozenset(covers or {"update"}), date(2026, 12, 8))
    return replace(form, **changes)


def tried(stage: Stage, **changes: Any) -> ContactForm:
    return spoke(stage, **{"result": Result.NO_ANSWER, "covers": frozenset(), "next_update_on": None} | changes)


def post(stage: Stage, form: ContactForm, **who: Any) -> Answer:
    answer = stage.house.page.record_contact(link(stage, **who), form, stage.now)
    stage.run()
    return answer


def send(stage: Stage, form: UpdateForm = STILL_LOOKING, **who: Any) -> Answer:
    answer = stage.house.update.send(link(stage, **who), form, stage.now)
    stage.run()
    return answer


def preview(stage: Stage, form: UpdateForm = STILL_LOOKING) -> Preview | Answer:
    return stage.house.update.preview(link(stage), form, stage.now)


def written(stage: Stage, event_id: str = "U-1", **changes: Any) -> UpdateWritten:
    """The fact itself, as the page keeps it."""
    fact = UpdateWritten(REF, event_id, "V1", stage.now, OFFICER, Channel.EMAIL, "still_looking")
    return replace(fact, **changes)


def updates(stage: Stage) -> list[str]:
    """Where officers' updates went, in order."""
    return [item.to for item in stage.left if item.template is Template.UPDATE]


def owed(stage: Stage, kind: Kind = Kind.UPDATE) -> list[Any]:
    return sorted((row for row in stage.owed() if row.kind is kind), key=lambda row: (row.started_at, row.unmet))


def in_days(stage: Stage, days: int) -> date:
    return (stage.now + timedelta(days=days)).date()
