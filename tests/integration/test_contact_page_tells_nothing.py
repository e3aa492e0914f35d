"""Nothing can be learned from the page "Contact an officer" by trying pairs: not from its calls, its answers or its time, over many tries.

Times are held against each other within one run, mixed in a drawn order, by their ranks: how fast the machine is, what else it does, and
how a slow answer is spread do not matter then, and no limit in seconds stands here. Both where they lie and how far they scatter are
compared, since an answer that is only now and then slower tells as much. What this cannot see is a difference far below the noise of one
request; the calls are compared for that: what asks the stores for the same and reads nothing of a case has nothing to be slower by.
Must not judge how long an answer takes: only that it takes no longer for one kind of pair than for another.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import sqrt
from statistics import median

import pytest

from chalicelib.bootstrap_web import web_container
from infra.local.gateway import Gateway
from tests.builders import body, occurrence_record, victim
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.table_calls import watched
from tests.integration.test_contact_page import DANGER, FORM, PAGE
from tests.integration.test_table_permissions import DOMESTIC
from tests.integration.web_pages import gateway, request

PAIRS = {
    "known": ("2345", "26*712345"),
    "specialist": ("2345", "26*712346"),
    "another officer's": ("9999", "26*712345"),
    "unknown": ("2345", "26*712347"),
}
TRIES = 60
"""Of each kind, mixed with those of the others, so that whatever else the machine does strikes all alike."""
FAR = 4.5
"""Standard errors. Between two kinds that are alike it happens once in a hundred thousand times."""


@pytest.fixture(scope="module")
def local() -> Iterator[LocalStack]:
    with local_stack() as stack:
        stack.ingest(
            body(occurrence_record(reference="26000712345", victims=[victim("V2")])),
            body(occurrence_record(reference="26000712346", victims=[victim("V3")], flags=DOMESTIC)),
        )
        web_container.cache_clear()
        yield stack
        web_container.cache_clear()


def post(pages: Gateway, kind: str, number: int, words: str = "Message") -> tuple[float, tuple[int, bytes, tuple[tuple[str, str], ...]]]:
    """Seconds and answer of a message of its own, from a source of its own."""
    collar_number, reference = PAIRS[kind]
    form = FORM | {"collar_number": collar_number, "reference": reference, "message": f"{words} {number:05d}."}
    asked = replace(request(PAGE, "POST", form=form), source=f"198.51.{100 + number // 250}.{number % 250}")
    started = time.perf_counter()
    reply = pages.answer(asked)
    return time.perf_counter() - started, (reply.status, reply.body, tuple(sorted(reply.headers.items())))


def far_apart(some: Sequence[float], others: Sequence[float]) -> float:
    """How many standard errors lie between two samples by their ranks (Mann and Whitney): 0 where neither tends to be larger."""
    larger = sum((a > b) + (a == b) / 2 for a in some for b in others)
    n, m = len(some), len(others)
    return (larger - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)


def scatter(values: Sequence[float]) -> list[float]:
    """How far each lies from the middle."""
    middle = median(values)
    return [abs(value - middle) for value in values]


def test_the_measure_sees_what_it_should():
    noise = random.Random(1)
    some, others = ([noise.gauss(50, 5) for _ in range(TRIES)] for _ in range(2))
    assert abs(far_apart(some, others)) < FAR
    assert abs(far_apart(some, [value + 6 for value in others])) > FAR
    now_and_then = [value + (number % 2) * 30 for number, value in enumerate(others)]
    assert abs(far_apart(scatter(some), scatter(now_and_then))) > FAR


def test_every_kind_of_pair_makes_the_same_calls(local):
    pages = gateway()
    post(pages, "known", 0)  # so that the tables are bound
    with watched(local) as calls:
        for number, kind in enumerate(PAIRS, start=1):
            with calls.of(kind):
                post(pages, kind, number)
    assert set(calls.by_function) == set(PAIRS)
    assert len({frozenset(asked) for asked in calls.by_function.values()}) == 1


@pytest.mark.parametrize("words", ["Message", DANGER["message"]])
def test_every_kind_of_pair_has_the_same_answers_in_the_same_time(local, words):
    pages, order = gateway(), [kind for kind in PAIRS for _ in range(TRIES)]
    random.Random(20261129).shuffle(order)
    seconds, answers = defaultdict(list), set()
    for number, kind in enumerate(order, start=100):
        took, answer = post(pages, kind, number, words)
        seconds[kind].append(took)
        answers.add(answer)
    assert len(answers) == 1
    for kind in PAIRS:
        assert abs(far_apart(seconds[kind], seconds["unknown"])) < FAR, kind
        assert abs(far_apart(scatter(seconds[kind]), scatter(seconds["unknown"]))) < FAR, kind
