"""What must hold at the end of any course of events, as assertions over a Stage.

Must not drive the stage but to settle it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from chalicelib.domain.delivery import ACCEPTED, MAY_HAVE_LEFT, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, HoldKind, Route
from chalicelib.domain.obligations import Kind
from tests.unit.services.direct_reading import forbidden
from tests.unit.services.stage import Left, Stage

UNMET = ("open", "late", "breached")
RIGHTS = {Route.VICTIM_SERVICES, Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD}


def assert_all_well(stage: Stage) -> None:
    """After it settled: no leak, nobody told twice, nothing lost, nothing stuck."""
    assert [str(leak) for leak in stage.leaks()] == []
    assert list(forbidden(stage)) == []
    assert_told_once(stage)
    assert_no_referral_without_notice(stage)
    assert_rights_have_a_clock(stage)
    assert_stopped(stage)
    assert_nothing_is_stuck(stage)
    assert_every_task_was_told(stage)


def settle(stage: Stage) -> None:
    """Failures end, days pass noon by noon, receipts come for everything."""
    stage.world.calls.fail_no_more()
    for _ in range(4):
        stage.until(stage.now.replace(hour=12, minute=30) + timedelta(days=1))
        for item in list(stage.left):
            stage.receive(stage.row(item.notification_id))


def of_victims(stage: Stage, *templates: str) -> list[Left]:
    return [item for item in stage.left if item.template in templates]


def assert_told_once(stage: Stage) -> None:
    told = Counter(
        (item.reference, item.victim_id, item.template, item.channel) for item in of_victims(stage, "acknowledgement", "referral")
    )
    assert set(told.values()) <= {1}, told
    in_full = Counter((ref, victim_id) for ref, victim_id, template, channel in told if template == "acknowledgement" and channel != "sms")
    assert set(in_full.values()) <= {1}, told


def assert_no_referral_without_notice(stage: Stage) -> None:
    noticed = set()
    for item in of_victims(stage, "acknowledgement", "referral"):
        if item.template == "acknowledgement":
            noticed.add((item.reference, item.victim_id))
        assert (item.reference, item.victim_id) in noticed, item


def assert_rights_have_a_clock(stage: Stage) -> None:
    for reference, parts in stage.world.cases.parts.items():
        for key, part in parts.items():
            if not part.removed and part.decision.route in RIGHTS:
                assert stage.duty(Kind.WRITTEN_ACKNOWLEDGEMENT, reference=reference, victim_id=key) in (*UNMET, "met")


def assert_stopped(stage: Stage) -> None:
    """Whoever is specialist at the end and was referred before: the service was told to stop, and that stays owed."""
    for reference, parts in stage.world.cases.parts.items():
        for key, part in parts.items():
            referral = stage.rows(Template.REFERRAL, victim_id=key, reference=reference)
            left = any(row.state in MAY_HAVE_LEFT for row in referral)
            if left and not part.removed and part.decision.hold is HoldKind.SPECIALIST:
                (stop,) = stage.rows(Template.STOP_NOTICE, victim_id=key, reference=reference)
                assert stop.state in (*ACCEPTED, State.FAILED, State.BOUNCED)
                assert stage.duty(Kind.STOP_NOTICE, reference=reference, victim_id=key) in UNMET


def assert_nothing_is_stuck(stage: Stage) -> None:
    for row in stage.world.cases.rows.values():
        suspended = row.suspendable and stage.world.cases.heads[row.reference].suspension is not None
        assert row.state not in (State.PENDING, State.SENDING, State.UNKNOWN), row
        assert row.state is not State.HELD or suspended, row
        posted = row.channel is Channel.LETTER and row.state is State.SENT
        assert row.open_at is None or posted, row


def assert_every_task_was_told(stage: Stage) -> None:
    """What the crime management unit looks at is told in its digest alone."""
    mail = {row.task_id for row in stage.world.cases.rows.values() if row.template is Template.TASK and row.state in ACCEPTED}
    failed = {
        row.task_id
        for row in stage.world.cases.rows.values()
        if row.template is Template.TASK and row.state in (State.FAILED, State.BOUNCED)
    }
    for owed in (row for row in stage.world.cases.owed.values() if row.kind is not Kind.RECORDING_CHECK):
        assert not owed.unit or not owed.unmet or owed.obligation_id in mail | failed, owed
