"""Feeding: wave by wave with quiet between, the clock where the days want it, a rate, and a clean stop.

Must not need an instance: a fake one writes down what it is asked.
"""

import io
from datetime import UTC, datetime

import pytest

from infra.replay.feeding import MOST_WAITING, Feeding
from infra.replay.instance import InstanceError
from infra.replay.progress import Progress, bar, duration

NOW = datetime(2026, 11, 20, 20, 5, tzinfo=UTC)


class FakeInstance:
    """Says no the first `busy` times that it is asked to become quiet or to move."""

    def __init__(self, busy=0, waiting=()):
        self.asked = []
        self.depths = list(waiting)
        self.looks = []
        self.busy = busy
        self.after_put = lambda: None

    def put(self, bodies):
        self.asked.append(("put", tuple(bodies)))
        self.after_put()

    def waiting(self, queue):
        depth = self.depths.pop(0) if self.depths else 0
        self.looks.append((depth, sum(asked[0] == "put" for asked in self.asked)))
        return depth

    def get(self, path):
        return {"clock": NOW.isoformat()}

    def quiet(self):
        return self._asked(("quiet",))

    def move_to(self, moment):
        return self._asked(("move", moment))

    def _asked(self, what):
        self.asked.append(what)
        if self.busy:
            self.busy -= 1
            return False
        return True


def line(day, wave, body):
    return {"day": day, "wave": wave, "body": body}


def fed(instance, lines, **more):
    return Feeding(instance, Progress(io.StringIO()), **more).run(lines, NOW)


def test_waves_are_kept_apart_and_the_clock_moves_between_the_evenings():
    instance = FakeInstance()
    lines = [line(0, 0, "a"), line(0, 1, "b"), line(0, 0, "c"), line(2, 0, "d")]
    result = fed(instance, lines)
    assert instance.asked == [
        ("move", "2026-11-20T20:05:00+00:00"),
        ("put", ("a", "c")),
        ("quiet",),
        ("put", ("b",)),
        ("quiet",),
        ("move", "2026-11-22T20:05:00+00:00"),
        ("put", ("d",)),
        ("quiet",),
        ("move", "2026-11-25T20:05:00+00:00"),
    ]
    assert [item["body"] for item in result.lines] == ["a", "c", "b", "d"]


def test_a_wave_goes_in_batches_of_ten():
    instance = FakeInstance()
    fed(instance, [line(0, 0, str(number)) for number in range(23)])
    assert [len(asked[1]) for asked in instance.asked if asked[0] == "put"] == [10, 10, 3]


def test_no_more_than_so_many_wait_on_the_queue_whatever_came_before():
    instance = FakeInstance(waiting=[0, 200, 200, 199, 0])
    officers = [line(0, 0, f"officer {number}") for number in range(143)]
    fed(instance, officers + [line(0, 1, str(number)) for number in range(2 * MOST_WAITING)], sleep=lambda _: None)
    assert instance.looks[:5] == [(0, 1), (200, 15 + 20), (200, 15 + 20), (199, 15 + 20), (0, 15 + 21)]


def test_what_is_not_quiet_at_once_is_asked_again():
    instance = FakeInstance(busy=2)
    fed(instance, [line(0, 0, "a")])
    assert instance.asked[:4] == [("move", "2026-11-20T20:05:00+00:00")] * 3 + [("put", ("a",))]


def test_a_stop_puts_nothing_more_on_the_queue_and_still_runs_to_the_end():
    instance = FakeInstance()
    feeding = Feeding(instance, Progress(io.StringIO()))
    instance.after_put = feeding.stop
    result = feeding.run([line(0, 0, str(number)) for number in range(15)] + [line(0, 1, "x"), line(2, 0, "y")], NOW)
    assert [item["body"] for item in result.lines] == [str(number) for number in range(10)]
    assert instance.asked[-1] == ("move", "2026-11-25T20:05:00+00:00")
    assert [asked[0] for asked in instance.asked].count("put") == 1


def test_a_failure_of_the_instance_is_told():
    class Broken(FakeInstance):
        def quiet(self):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        fed(Broken(), [line(0, 0, "a")])


class Time:
    """Passes only where somebody sleeps, and a little with each look at it."""

    def __init__(self, each_look=0.0):
        self.now = 0.0
        self.each_look = each_look

    def read(self):
        self.now += self.each_look
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_a_rate_is_kept():
    time = Time()
    result = fed(FakeInstance(), [line(0, 0, str(number)) for number in range(40)], rate=10, timer=time.read, sleep=time.sleep)
    assert result.feeding_seconds == pytest.approx(4.0)


def test_an_evening_does_not_end_while_records_are_fed():
    time = Time(each_look=3600.0)
    instance = FakeInstance()
    fed(instance, [line(0, 0, str(number)) for number in range(100)], timer=time.read, sleep=time.sleep)
    moves = [asked[1][:10] for asked in instance.asked if asked[0] == "move"]
    assert moves.count("2026-11-20") > 1
    assert moves[-1] == "2026-11-25"


def test_a_stop_before_anything_was_fed_moves_the_clock_no_further():
    instance = FakeInstance()
    feeding = Feeding(instance, Progress(io.StringIO()))
    feeding.stop()
    assert feeding.run([line(0, 0, "a")], NOW).lines == []
    assert instance.asked == [("move", "2026-11-20T20:05:00+00:00")]


def test_an_instance_that_never_becomes_quiet_is_given_up():
    with pytest.raises(InstanceError, match="does not become quiet"):
        fed(FakeInstance(busy=1000), [line(0, 0, "a")])


@pytest.mark.parametrize(
    ("done", "total", "seconds", "shown"),
    [
        (0, 10, 5.0, "[..............................] 0 of 10 records, 0.0/s"),
        (5, 10, 5.0, "[###############...............] 5 of 10 records, 1.0/s, about 5 s left"),
        (10, 10, 5.0, "[##############################] 10 of 10 records, 2.0/s"),
        (0, 0, 0.0, "[##############################] 0 of 0 records, 0.0/s"),
        (1200, 8000, 60.0, "[####..........................] 1,200 of 8,000 records, 20.0/s, about 6 min left"),
    ],
)
def test_the_bar(done, total, seconds, shown):
    assert bar(done, total, seconds) == shown


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (5340, "89 min"), (5400, "1 h 30 min")])
def test_durations_as_a_person_says_them(seconds, said):
    assert duration(seconds) == said


def test_without_a_terminal_there_is_a_plain_line_now_and_then():
    out, time = io.StringIO(), Time()
    progress = Progress(out, time.read)
    assert progress.due()
    progress.show(1, 2, 1.0)
    assert not progress.due()
    time.now = 30.0
    assert progress.due()
    progress.once("Stopping")
    progress.once("Stopping")
    assert out.getvalue() == "[###############...............] 1 of 2 records, 1.0/s, about 1 s left\nStopping\n"
