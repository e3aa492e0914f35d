"""Feeding: wave by wave with quiet between, the clock where the phases want it, a rate, and a clean stop.

Must not need an instance: a fake one writes down what it is asked.
"""

import io
from datetime import UTC, datetime

import pytest

from infra.replay.feeding import MOST_WAITING, Feeding
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


def line(phase, wave, body):
    return {"phase": phase, "wave": wave, "body": body}


def fed(instance, lines, **more):
    return Feeding(instance, Progress(io.StringIO()), **more).run(lines, NOW)


def test_waves_are_kept_apart_and_the_clock_moves_between_the_phases():
    instance = FakeInstance()
    lines = [line(0, 0, "a"), line(0, 1, "b"), line(0, 0, "c"), line(1, 0, "d")]
    result = fed(instance, lines)
    assert instance.asked == [
        ("move", "2026-11-20T20:05:00+00:00"),
        ("put", ("a", "c")),
        ("quiet",),
        ("put", ("b",)),
        ("quiet",),
        ("move", "2026-11-22T20:05:00+00:00"),
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


def test_no_more_than_so_many_wait_on_the_queue():
    instance = FakeInstance(waiting=[0, 200, 200, 199, 200, 0])
    fed(instance, [line(0, 0, str(number)) for number in range(2 * MOST_WAITING)])
    assert instance.looks[:6] == [(0, 1), (200, 20), (200, 20), (199, 20), (200, 40), (0, 40)]


def test_what_is_not_quiet_at_once_is_asked_again():
    instance = FakeInstance(busy=2)
    fed(instance, [line(0, 0, "a")])
    assert instance.asked[:4] == [("move", "2026-11-20T20:05:00+00:00")] * 3 + [("put", ("a",))]


def test_a_stop_puts_nothing_more_on_the_queue_and_still_runs_to_the_end():
    instance = FakeInstance()
    feeding = Feeding(instance, Progress(io.StringIO()))
    instance.after_put = feeding.stop
    result = feeding.run([line(0, 0, str(number)) for number in range(15)] + [line(0, 1, "x"), line(1, 0, "y")], NOW)
    assert [item["body"] for item in result.lines] == [str(number) for number in range(10)]
    assert instance.asked[-1] == ("move", "2026-11-25T20:05:00+00:00")
    assert [asked[0] for asked in instance.asked].count("put") == 1


def test_a_failure_of_the_instance_is_told():
    class Broken(FakeInstance):
        def quiet(self):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        fed(Broken(), [line(0, 0, "a")])


def test_a_rate_is_kept():
    slow = FakeInstance()
    result = fed(slow, [line(0, 0, str(number)) for number in range(20)], rate=200)
    assert result.feeding_seconds >= 0.1


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


def test_without_a_terminal_there_are_plain_lines():
    out = io.StringIO()
    progress = Progress(out)
    assert progress.due() or True
    progress.show(1, 2)
    assert not progress.due()
    progress.end()
    assert out.getvalue().startswith("[###############...............] 1 of 2 records")
    assert out.getvalue().endswith("left\n")
