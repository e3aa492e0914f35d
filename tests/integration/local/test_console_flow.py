"""The live flow: counted from rows as the tables hold them, looked at no oftener than it is worth."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from infra.local.flow import KEEP_SECONDS, NEWEST, SHARE, Flow
from infra.local.outbox_store import Accepted

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def item(**values):
    return {name: {"BOOL": value} if isinstance(value, bool) else {"S": value} for name, value in values.items()}


def victim(reference, route="victim_services", *, at="2026-11-20T10:00:00Z", removed=False, rule="non-specialist", hold=None):
    body = json.dumps({"accepted_at": at, "decision": {"rule_id": rule, "hold": hold}})
    return item(occurrence_ref=reference, part="victim#V1", route=route, removed=removed, body=body)


def head(reference, version="1"):
    return item(occurrence_ref=reference, part="head", version=version, body=json.dumps({"facts": {"recorded_at": "2026-11-20T10:00:00Z"}}))


def accepted(number, notification_id):
    at = NOW.replace(minute=number)
    return Accepted("email", "a@example.org", "f", "s", "t", None, (), {}, at, notification_id, b"", f"provider-{number}", 0)


class Machine:
    """As much of a machine as the flow looks at; counts how often it is looked at."""

    def __init__(self, tables, left=(), received=0):
        self.tables, self.looks = tables, 0
        self.host = SimpleNamespace(acknowledged=lambda _queue: received)
        self.clock = SimpleNamespace(now=lambda: NOW)
        self.cloud = SimpleNamespace(outbox=SimpleNamespace(all=lambda: list(left)))
        self.status = SimpleNamespace(queues=SimpleNamespace(depths=dict))

    def read(self, table):
        self.looks += table == "occurrences"
        return self.tables.get(table, [])


def picture(machine):
    return Flow(read=machine.read).now(machine)


def lanes(machine):
    return {lane.route: (lane.count, [card.reference for card in lane.newest]) for lane in picture(machine).lanes}


def test_an_empty_machine_has_every_lane_and_nothing_in_them():
    assert lanes(Machine({})) == {
        route: (0, [])
        for route in ("victim_services", "domestic_abuse", "sexual_offence", "held", "transferred", "no_route", "quarantined")
    }


def test_victims_stand_in_the_lane_of_their_route_the_newest_first():
    rows = [head(f"2600000000{n}") for n in range(9)]
    rows += [victim(f"2600000000{n}", at=f"2026-11-20T10:0{n}:00Z") for n in range(9)]
    count, newest = lanes(Machine({"occurrences": rows}))["victim_services"]
    assert count == 9
    assert newest == [f"2600000000{n}" for n in range(8, 8 - NEWEST, -1)]


@pytest.mark.parametrize(
    ("rows", "lane", "count"),
    [
        ([head("1"), victim("1", "held")], "held", 1),
        ([head("1"), victim("1", "a_new_route")], "a_new_route", 1),
        ([head("1"), victim("1", removed=True)], "victim_services", 0),
        ([head("1"), victim("1", removed=True)], "no_route", 1),
        ([head("1")], "no_route", 1),
        ([head("1", version="0")], "no_route", 0),
        ([victim("1"), head("1")], "no_route", 0),
    ],
)
def test_who_is_counted_where(rows, lane, count):
    assert lanes(Machine({"occurrences": rows}))[lane][0] == count


def test_a_card_follows_a_body_that_changes():
    machine = Machine({"occurrences": [victim("1")]})
    now = [0.0]
    flow = Flow(timer=lambda: now[0], read=machine.read)
    assert flow.now(machine).lanes[0].newest[0].rule == "non-specialist"
    machine.tables["occurrences"] = [victim("1", "domestic_abuse", rule="domestic-abuse-flag", hold="specialist")]
    now[0] += KEEP_SECONDS
    (card,) = flow.now(machine).lanes[1].newest
    assert (card.rule, card.note) == ("domestic-abuse-flag", "specialist")


def test_records_messages_and_obligations_are_counted():
    machine = Machine(
        {
            "audit": [
                item(occurrence_ref="1", op="recorded"),
                item(occurrence_ref="officers", op="recorded"),
                item(occurrence_ref="1", op="decided"),
                item(occurrence_ref="1", op="contact_recorded", actor="records_system"),
                item(occurrence_ref="1", op="contact_recorded", actor="2345"),
                item(occurrence_ref="1", op="update_written", actor="2345"),
            ],
            "quarantine": [
                item(quarantine_id="q", received_at="2026-11-20T10:00:00Z", body=json.dumps({"reference": "1", "faults": [["a", "b"]]}))
            ],
            "notifications": [
                item(notification_id="a", state="held", reason="hold_window"),
                item(notification_id="b", state="sent"),
                item(notification_id="c", state="pending", message="out"),
            ],
            "obligations": [
                item(kind="referral", state="open", due_at="2026-11-24T11:59:59Z"),
                item(kind="referral", state="open", due_at="2026-11-24T12:00:00Z"),
                item(kind="referral", state="met", due_at="2026-11-01T00:00:00Z", met_at="2026-11-01T00:00:00Z"),
                item(kind="referral", state="met", due_at="2026-11-01T00:00:00Z", met_at="2026-11-01T00:00:00.100000Z"),
                item(kind="task", state="late", due_at="2026-11-24T00:00:00Z"),
                item(kind="task", state="breached", due_at="2026-11-01T00:00:00Z"),
                item(kind="task", state="breached", due_at="2026-11-01T00:00:00Z", reason="closed"),
                item(kind="task", state="waived", due_at="2026-11-01T00:00:00Z"),
            ],
        },
        received=6,
    )
    found = picture(machine)
    assert found.records == {"received": 6, "versions": 1, "officers": 1, "events": 1, "unchanged": 2, "quarantined": 1}
    assert (found.states, found.waits) == ({"held": 1, "sent": 1}, {"hold_window": 1})
    assert [(row.kind, {name: count for name, count in row.counts.items() if count}) for row in found.owed] == [
        ("task", {"late": 1, "breached": 1, "waived": 1, "never met": 1}),
        ("referral", {"open": 1, "late": 1, "met": 1, "met late": 1}),
    ]
    (card,) = found.lanes[-1].newest
    assert (card.reference, card.note, card.key) == ("1", "1 fault", "q")


def test_what_left_newest_first_with_letters_and_what_no_row_asked_for():
    rows = [
        item(
            notification_id="a", message="task", audience="unit", unit="victim_care_unit", channel="email", state="sent", occurrence_ref="1"
        ),
        item(
            notification_id="l",
            message="acknowledgement",
            audience="victim",
            channel="letter",
            state="sent",
            sent_at="2026-11-24T12:30:00Z",
        ),
        item(notification_id="p", message="acknowledgement", audience="victim", channel="letter", state="pending"),
    ]
    left = picture(Machine({"notifications": rows}, left=[accepted(1, "a"), accepted(2, "stranger")])).left
    assert [(message.message_id, message.title) for message in left] == [
        ("l", "Acknowledgement to the victim by letter"),
        ("provider-2", "A message that no row of ours asked for"),
        ("provider-1", "Task to the victim care unit by e-mail"),
    ]


def test_reminders_are_counted_by_who_reads_them_and_steps_by_who_heard():
    def digest(number, unit, **more):
        return item(notification_id=number, message="digest", unit=unit, state="sent", **({"sent_at": "2026-11-24T07:00:00Z"} | more))

    machine = Machine(
        {
            "notifications": [
                digest("a", "officer", reader="2345", occurrence_ref="digest#2345"),
                digest("b", "officer", reader="2346"),
                digest("c", "supervisor", reader="1890"),
                digest("d", "supervisor"),
                digest("e", "victim_care_unit"),
                item(notification_id="f", message="digest", unit="officer", reader="2345", state="pending"),
            ],
            "obligations": [
                item(kind="update", state="late", due_at="2026-11-01T00:00:00Z") | {"step": {"N": str(n)}} for n in (0, 1, 2, 2)
            ],
        },
        left=[accepted(1, "a")],
    )
    found = picture(machine)
    assert found.reminders.by_reader == {"officer": 2, "role": 2, "supervisor": 1}
    assert found.reminders.escalated == {"the supervisor": 3, "the inspector": 2}
    assert [(message.title, message.reference) for message in found.left] == [("Reminder to officer 2345 by e-mail", None)]


def test_it_looks_every_two_seconds_however_many_ask():
    machine, now = Machine({}), [0.0]
    flow = Flow(timer=lambda: now[0], read=machine.read)
    for moment in (0.0, 0.5, KEEP_SECONDS - 0.01, KEEP_SECONDS, KEEP_SECONDS + 1):
        now[0] = moment
        flow.now(machine)
    assert machine.looks == 2


def test_what_takes_long_to_see_is_kept_for_longer():
    now = [0.0]

    class Slow(Machine):
        def read(self, table):
            now[0] += 1.0 if table == "occurrences" else 0.0
            return super().read(table)

    machine = Slow({})
    flow = Flow(timer=lambda: now[0], read=machine.read)
    flow.now(machine)
    now[0] = SHARE + 0.9
    flow.now(machine)
    assert machine.looks == 1
    now[0] = SHARE + 1.0
    flow.now(machine)
    assert machine.looks == 2
