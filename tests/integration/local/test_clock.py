"""The simulated clock: what it is asked, how it steps, and that it is quiet in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.clock import ClockRequestError, SimulatedClock, duration, requested
from infra.local.drain import Drain, Queues
from infra.local.due import DueRows, stamp
from infra.local.host import Host
from infra.local.inbox import waiting_in_ministack
from infra.local.moves import Mover
from infra.local.provision import provision
from infra.local.schedules import UnreadableScheduleError, fires_next, next_firing
from infra.local.stack import Schedule
from infra.local.ticks import Ticker
from tests.integration.local.toy_stack import ToyStack, toy_stack, until

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P10D", timedelta(days=10)),
        ("PT30M", timedelta(minutes=30)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("P2W", timedelta(weeks=2)),
        ("PT90S", timedelta(seconds=90)),
        ("P0D", timedelta()),
    ],
)
def test_durations(text, meant):
    assert duration(text) == meant


@pytest.mark.parametrize(
    "document",
    [
        {"advance": "10D"},
        {"advance": "P"},
        {"advance": "P1DT"},
        {"advance": "P1M"},
        {"advance": "-P1D"},
        {"advance": "P99999999999D"},
        {"advance": 10},
        {"set": "tomorrow"},
        {"set": "2026-12-01T09:00:00"},
        {"set": None},
        {"advance": "P1D", "set": "2026-12-01T09:00:00+00:00"},
        {"stop": "P1D"},
        {},
        [],
        None,
    ],
)
def test_what_the_clock_refuses(document):
    with pytest.raises(ClockRequestError):
        requested(document, START)


def test_a_set_time_is_meant_with_its_offset():
    assert requested({"set": "2026-06-01T09:00:00+01:00"}, START) == at("2026-06-01T08:00")


@pytest.mark.parametrize(
    ("expression", "after", "fires"),
    [
        ("rate(5 minutes)", "2026-11-20T09:00", None),
        ("rate(1 day)", "2026-11-20T09:00", "2026-11-21T00:00"),
        ("rate(1 hour)", "2026-11-20T09:00", "2026-11-20T10:00"),
        ("cron(0 7 * * ? *)", "2026-11-20T09:00", "2026-11-21T07:00"),
        ("cron(0 7 * * ? *)", "2026-11-20T06:59", "2026-11-20T07:00"),
        ("cron(0 6 1 * ? *)", "2026-11-20T09:00", "2026-12-01T06:00"),
        ("cron(30 8 ? * MON-FRI *)", "2026-11-20T09:00", "2026-11-23T08:30"),
        ("cron(0/15 8-9 ? * FRI *)", "2026-11-20T09:00", "2026-11-20T09:15"),
        ("cron(0 0 29 FEB ? *)", "2026-11-20T09:00", "2028-02-29T00:00"),
        ("cron(0 0 1 1 ? 2020)", "2026-11-20T09:00", None),
    ],
)
def test_when_a_schedule_fires_next(expression, after, fires):
    assert next_firing(expression, at(after)) == (at(fires) if fires else None)


@pytest.mark.parametrize(
    ("after", "fires"),
    [
        ("2026-12-01T09:00", "2026-12-02T07:00"),
        ("2026-06-01T09:00", "2026-06-02T06:00"),
        ("2026-10-24T09:00", "2026-10-25T07:00"),  # the clocks went back that night
        ("2027-03-27T09:00", "2027-03-28T06:00"),  # and forward
        ("2026-06-01T23:30", "2026-06-02T06:00"),  # London has the next day already
    ],
)
def test_a_schedule_in_london_fires_by_the_clock_on_the_wall(after, fires):
    assert fires_next(Schedule("cron(0 7 * * ? *)", "Europe/London"), at(after)) == at(fires)


@pytest.mark.parametrize("expression", ["cron(0 7 * *)", "cron(0 7 L * ? *)", "at(2026-11-20T09:00:00)", "daily"])
def test_a_schedule_that_cannot_be_read_is_an_error(expression):
    with pytest.raises(UnreadableScheduleError):
        next_firing(expression, START)


def test_the_clock_ticks_on_from_where_it_was_put():
    real = [START]
    clock = SimulatedClock(lambda: real[0])
    clock.move_to(at("2026-12-01T09:00"))
    real[0] += timedelta(minutes=1)
    assert clock.now() == at("2026-12-01T09:01")
    clock.move_to(at("2026-11-01T09:00"))
    assert (clock.now(), clock.offset_seconds) == (at("2026-11-01T09:00"), -19 * 86400 - 60)


@dataclass
class Machine:
    """The parts that time concerns, on real tables and queues with a toy sweep, and a real clock that stands still."""

    stack: ToyStack
    clock: SimulatedClock
    ticker: Ticker
    mover: Mover
    host: Host
    owed: list[int]

    def row(self, name: str, when: datetime) -> None:
        self._put("notifications", {"notification_id": name, "open_shard": str(len(name) % 4), "open_at": stamp(when)})

    def obligation(self, name: str, when: datetime) -> None:
        self._put("obligations", {"occurrence_ref": "26000712345", "obligation_id": name, "due_shard": "1", "next_at": stamp(when)})

    def _put(self, table: str, item: dict[str, str]) -> None:
        typed = {key: {"S": value} for key, value in item.items()}
        self.stack.cloud.client("dynamodb").put_item(TableName=f"kept-informed-{table}", Item=typed)

    def sweeps(self) -> list[tuple[str, list[str]]]:
        return [(n["sweep"], n["closed"]) for n in self.stack.notes() if "sweep" in n]


@contextmanager
def machine_with(tmp_path, *schedules: str) -> Iterator[Machine]:
    stack = toy_stack(tmp_path, "toy")
    tables = provision(stack.cloud.endpoint_url)
    stack.queue()
    stack.function("by_body")
    stack.function("sweep_rows", schedules=("rate(5 minutes)",))
    if schedules:
        stack.function("tick", schedules=schedules)
    clock = SimulatedClock(lambda: START)
    clock.bind(tables.endpoint_url)
    owed = [0]
    with stack.host(waiting=waiting_in_ministack) as host:
        ticker = Ticker(clock, DueRows(tables.endpoint_url), host)
        queues = Queues(replace(tables, functions=stack.functions, queue_urls=stack.queue_urls))
        mover = Mover(clock, ticker, Drain(queues, host, ticker, lambda: owed[0]))
        yield Machine(stack, clock, ticker, mover, host, owed)


@pytest.fixture
def machine(tmp_path) -> Iterator[Machine]:
    with machine_with(tmp_path) as machine:
        yield machine


def test_a_move_stops_at_every_instant_at_which_something_is_due_in_order(machine):
    machine.row("b", START + timedelta(days=2))
    machine.row("aa", START + timedelta(minutes=30))
    machine.row("c", START + timedelta(days=2))
    machine.row("later", START + timedelta(days=11))
    machine.obligation("unmet", START + timedelta(days=1))
    assert machine.mover.move(START + timedelta(days=10)) is None
    assert machine.sweeps() == [
        ("2026-11-20T09:30:00Z", ["aa"]),
        ("2026-11-21T09:00:00Z", ["unmet"]),
        ("2026-11-22T09:00:00Z", ["b", "c"]),
    ]
    assert machine.clock.now() == START + timedelta(days=10)


def test_a_worker_reads_the_time_that_the_move_has_reached(machine):
    machine.row("a", START + timedelta(hours=1))
    machine.mover.move(START + timedelta(hours=2))
    assert [n["offset"] for n in machine.stack.notes()] == [3600]


def test_an_obligation_is_looked_at_when_it_wants_it_and_then_no_more(machine):
    machine.obligation("unmet", START + timedelta(hours=1))
    machine.mover.move(START + timedelta(hours=2))
    machine.mover.move(START + timedelta(hours=3))
    machine.mover.drain()
    assert machine.sweeps() == [("2026-11-20T10:00:00Z", ["unmet"])]


def test_nothing_due_means_one_step_and_no_sweep(machine):
    assert machine.mover.move(START + timedelta(days=90)) is None
    assert machine.sweeps() == []


def test_what_is_due_before_a_move_is_done_before_it(machine):
    machine.row("now", START)
    machine.mover.move(START + timedelta(days=1))
    assert machine.sweeps() == [("2026-11-20T09:00:00Z", ["now"])]


def test_an_earlier_time_is_set_without_a_step(machine):
    machine.row("a", START + timedelta(hours=1))
    machine.mover.move(START - timedelta(days=3))
    assert machine.clock.now() == START - timedelta(days=3)
    assert machine.sweeps() == []
    machine.mover.move(START + timedelta(days=1))
    assert machine.sweeps() == [("2026-11-20T10:00:00Z", ["a"])]


def test_a_daily_schedule_fires_in_its_place_among_the_rows(tmp_path):
    with machine_with(tmp_path, "cron(0 7 * * ? *)") as machine:
        machine.row("before", START + timedelta(hours=21))
        machine.row("after", START + timedelta(hours=23))
        machine.mover.move(START + timedelta(days=2))
        order = [n.get("tick") or n["sweep"] for n in machine.stack.notes()]
    assert order == ["2026-11-21T06:00:00Z", "2026-11-21T07:00:00Z", "2026-11-21T08:00:00Z", "2026-11-22T07:00:00Z"]


def test_the_real_time_look_sweeps_what_lies(machine):
    machine.row("lies", START - timedelta(seconds=5))
    machine.ticker.start()
    until(lambda: machine.sweeps() == [("2026-11-20T09:00:00Z", ["lies"])])
    machine.ticker.stop()


def test_drain_waits_for_messages_in_every_stage(machine):
    machine.stack.send("a", "fail-once")
    machine.owed[0] = 1
    assert set(machine.mover.drain(patience=0)) >= {"receipts_owed"}
    machine.owed[0] = 0
    machine.stack.send("b")
    assert machine.mover.drain() is None
    assert machine.stack.depth() == (0, 0)


def test_drain_does_not_wait_for_a_dead_letter(machine):
    sqs = machine.stack.cloud.client("sqs")
    sqs.send_message(QueueUrl=machine.stack.queue_urls["toy-dlq"], MessageBody="for a person")
    assert machine.mover.drain() is None


def test_when_patience_ends_drain_says_what_remains(machine):
    machine.stack.send("sleep")
    remaining = machine.mover.drain(patience=0.5)
    assert remaining["queues"] == {"toy": {"visible": 0, "in_flight": 1}}
    assert remaining["running"] == 1
