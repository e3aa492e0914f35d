"""What every store of cases does for the clock of what is owed: what is due and by whom, by key and by month, in the order of time.

Must not look behind the port, and must not decide what is due.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.errors import Contended
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Route, Unit
from chalicelib.domain.obligations import Agreement, Kind, Obligation, ObligationState, Purpose, Terms
from chalicelib.services.ports import Cases, Changes, Swap, Wanted
from tests.contract.stores import EVERY, store
from tests.stored_cases import AGREEMENT, NOW, REFERENCE, head, notification, obligation

OTHER = "26000799999"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
UNMET = (ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED)


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def written(cases: Cases, *rows: Obligation) -> tuple[Obligation, ...]:
    cases.commit(Changes(obligations=tuple(Swap(None, row) for row in rows)))
    return rows


def ids(rows) -> list[str]:
    return [row.obligation_id for row in rows]


# ---- what is due


def test_nothing_is_due_in_an_empty_store(cases):
    assert cases.owed_due(NOW, 10) == []
    assert cases.owed_by("2345", NOW) == []
    assert cases.owed_at([]) == {}
    assert cases.owed_at([(REFERENCE, "o1")]) == {}
    assert list(cases.owed_in("2026-11")) == []
    assert cases.event(REFERENCE, "E-1") is None


def test_what_wants_attention_comes_whole_oldest_first_up_to_the_limit(cases):
    """Of four shards, whichever the ids fall into."""
    times = {f"o{number:02d}": NOW - timedelta(minutes=(number * 7) % 20) for number in range(20)}
    rows = [obligation(key, reference=REFERENCE if at < NOW else OTHER, next_at=at) for key, at in times.items()]
    written(cases, *rows, obligation("later", next_at=NOW + SECOND), obligation("never"))
    expected = sorted(rows, key=lambda row: (row.next_at, row.obligation_id))
    assert cases.owed_due(NOW, 100) == expected
    assert cases.owed_due(NOW, 7) == expected[:7]
    assert ids(cases.owed_due(NOW + SECOND, 100))[-1] == "later"
    assert cases.owed_due(NOW - timedelta(minutes=30), 7) == []


def test_what_was_seen_to_leaves_the_index_and_comes_back_at_its_time(cases):
    (row,) = written(cases, obligation(next_at=NOW))
    seen = replace(row, next_at=NOW + DAY)
    cases.commit(Changes(obligations=(Swap(row, seen),)))
    assert cases.owed_due(NOW, 10) == []
    assert cases.owed_due(NOW + DAY, 10) == [seen]
    met = replace(seen, state=ObligationState.MET, next_at=None, evidence="C-1", met_at=NOW)
    cases.commit(Changes(obligations=(Swap(seen, met),)))
    assert cases.owed_due(NOW + 2 * DAY, 10) == []


# ---- whose it is


@pytest.mark.parametrize("state", UNMET)
def test_what_an_officer_owes_is_found_by_their_number_until_it_is_met(cases, state):
    (row,) = written(cases, obligation(officer="2345", state=state))
    assert cases.owed_by("2345", row.due_at) == [row]
    met = replace(row, state=ObligationState.MET, evidence="n1", met_at=NOW)
    cases.commit(Changes(obligations=(Swap(row, met),)))
    assert cases.owed_by("2345", row.due_at) == []


def test_what_an_officer_owes_comes_by_its_deadline_until_a_day_and_no_further(cases):
    due = [NOW + 3 * DAY, NOW + DAY, NOW + 2 * DAY]
    written(
        cases, *(obligation(f"o{number}", officer="2345", due_at=at) for number, at in enumerate(due)), obligation("o9", officer="1890")
    )
    assert ids(cases.owed_by("2345", NOW + 2 * DAY)) == ["o1", "o2"]
    assert ids(cases.owed_by("2345", NOW + 2 * DAY - SECOND)) == ["o1"]
    assert ids(cases.owed_by("1890", NOW + 9 * DAY)) == ["o9"]
    assert cases.owed_by("7001", NOW + 9 * DAY) == []


@pytest.mark.parametrize("facts", [{"officer": None}, {"officer": "2345", "state": ObligationState.BREACHED, "reason": "closed"},
                                   {"officer": "2345", "state": ObligationState.WAIVED, "reason": "closed"}])  # fmt: skip
def test_what_nobody_owes_any_more_is_no_officers(cases, facts):
    written(cases, obligation(**facts))
    assert cases.owed_by("2345", NOW + 9 * DAY) == []


def test_when_the_officer_changes_what_is_owed_follows(cases):
    (row,) = written(cases, obligation(officer="2345"))
    moved = replace(row, officer="2399")
    cases.commit(Changes(obligations=(Swap(row, moved),)))
    assert cases.owed_by("2345", row.due_at) == []
    assert cases.owed_by("2399", row.due_at) == [moved]


# ---- by key, and by month


def test_what_is_owed_in_several_cases_is_read_at_once(cases):
    mine, theirs = written(cases, obligation("o1"), obligation("o1", reference=OTHER, step=2))
    keys = [(REFERENCE, "o1"), (OTHER, "o1"), (OTHER, "o2"), (REFERENCE, "o1")]
    assert cases.owed_at(keys) == {(REFERENCE, "o1"): mine, (OTHER, "o1"): theirs}


def test_more_than_one_call_takes_is_read_whole(cases):
    names = [f"o{number:03d}" for number in range(130)]
    for start in (0, 65):
        written(cases, *(obligation(name) for name in names[start : start + 65]))
    assert set(cases.owed_at({(REFERENCE, name) for name in names})) == {(REFERENCE, name) for name in names}


def test_figures_of_a_month_are_those_whose_clock_started_in_it(cases):
    november, december = NOW.replace(month=12, day=1, hour=0, minute=0) - SECOND, NOW.replace(month=12, day=1, hour=0, minute=0)
    written(cases, *(obligation(f"n{number}", started_at=november) for number in range(9)), obligation("d1", started_at=december))
    assert sorted(ids(cases.owed_in("2026-11"))) == [f"n{number}" for number in range(9)]
    assert ids(cases.owed_in("2026-12")) == ["d1"]
    assert list(cases.owed_in("2027-01")) == []


def test_what_is_met_stays_in_the_figures(cases):
    (row,) = written(cases, obligation(started_at=NOW))
    met = replace(row, state=ObligationState.MET, evidence="C-1", met_at=NOW)
    cases.commit(Changes(obligations=(Swap(row, met),)))
    assert list(cases.owed_in("2026-11")) == [met]


# ---- conditions


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({}, {"step": 1}),
        ({"step": 1}, {}),
        ({"step": 1}, {"step": 2}),
        ({}, {"state": ObligationState.LATE}),
        ({"state": ObligationState.LATE, "step": 1}, {"state": ObligationState.LATE}),
    ],
)
def test_a_step_that_somebody_else_took_refuses_the_whole_run(cases, stored, read):
    (row,) = written(cases, obligation(**stored))
    digest = notification("digest", template=Template.DIGEST)
    taken = replace(obligation(**read), step=2, next_at=NOW + DAY)
    with pytest.raises(Contended):
        cases.commit(Changes(obligations=(Swap(obligation(**read), taken),), notifications=(Swap(None, digest),)))
    assert cases.owed_at([(REFERENCE, "o1")]) == {(REFERENCE, "o1"): row}
    assert cases.notifications(["digest"]) == {}


def test_a_step_is_written_with_the_digest_that_takes_it(cases):
    (row,) = written(cases, obligation(state=ObligationState.LATE))
    taken, digest = replace(row, step=1, next_at=NOW + DAY), notification("digest", template=Template.DIGEST)
    run = Changes(obligations=(Swap(row, taken),), notifications=(Swap(None, digest),))
    cases.commit(run)
    assert cases.owed_at([(REFERENCE, "o1")]) == {(REFERENCE, "o1"): taken}
    with pytest.raises(Contended):
        cases.commit(replace(run, notifications=()))


# ---- the rows themselves


FULL = Obligation(
    "o1", REFERENCE, Kind.UPDATE, "V1", "UPDATE", date(2026, 4, 1), NOW, NOW + DAY, NOW - DAY, ObligationState.BREACHED,
    route=Route.HELD, district="amber valley", unit=Unit.WITNESS_CARE, purpose=Purpose.DOUBT, destinations=("b", "a"), missing=("x", "y"),
    urgent=True, elsewhere=True, evidence="C-1", met_at=NOW, reason="closed", officer="2345", supervisor="1890", automatic=True,
    proposed=False, tried_at=NOW - SECOND, picked_up_at=NOW, step=2, next_at=NOW + 2 * DAY, own=False,
)  # fmt: skip


@pytest.mark.parametrize("row", [FULL, obligation(), replace(FULL, proposed=None, victim_id=None, unit=None)])
def test_what_is_owed_comes_back_whole_whichever_way_it_is_read(cases, row):
    written(cases, row)
    assert cases.obligations(REFERENCE, ["o1"]) == {"o1": row}
    assert cases.owed_at([(REFERENCE, "o1")]) == {(REFERENCE, "o1"): row}
    assert cases.obligations_of(REFERENCE) == [row]
    assert list(cases.owed_in("2026-11")) == [row]


DIGEST = notification(
    "d1", reference="digest#2345", victim_id=None, template=Template.DIGEST, audience=Audience.OFFICER, unit=Unit.OFFICER, reader="2345",
    lines=((REFERENCE, "o2"), (OTHER, "o1"), (REFERENCE, "o1")), evidences=(),
)  # fmt: skip
NEWS = notification(
    "a1", template=Template.OUT, audience=Audience.RECORDS_SYSTEM, body='{"event": "obligation_met", "at": "2026-11-20T10:31:00+00:00"}'
)


@pytest.mark.parametrize("row", [DIGEST, NEWS, replace(DIGEST, lines=(), reader=None)])
def test_a_digest_and_an_announcement_come_back_as_they_were(cases, row):
    cases.commit(Changes(notifications=(Swap(None, row),)))
    assert cases.notifications([row.notification_id]) == {row.notification_id: row}
    assert cases.outbox_of(row.reference) == [row]


def test_a_digest_gets_more_lines_while_it_waits(cases):
    cases.commit(Changes(notifications=(Swap(None, replace(DIGEST, lines=())),)))
    cases.commit(Changes(notifications=(Swap(replace(DIGEST, lines=()), DIGEST),)))
    assert cases.notifications(["d1"]) == {"d1": DIGEST}
    sending = replace(DIGEST, state=State.SENDING, token="w1", attempts=1, lease_until=NOW + DAY, open_at=NOW + DAY)
    assert cases.claim(Swap(DIGEST, sending))
    assert cases.notifications(["d1"]) == {"d1": sending}


AGREED = Terms(14, Channel.SMS, date(2026, 12, 4), False, False, NOW, "victim", "A-1")
PROPOSED = Terms(10, None, None, False, True, NOW - DAY, None, "proposal")


@pytest.mark.parametrize(
    "agreement",
    [
        AGREEMENT,
        replace(AGREEMENT, history=(PROPOSED, AGREED), agreed_by="victim", agreed_at=NOW, method_reason="not_safe"),
        replace(AGREEMENT, every_days=None, next_update_on=None, declined=True, ended="declined", keeper=Unit.WITNESS_CARE),
    ],
)
def test_an_agreement_comes_back_with_its_whole_history(cases, agreement: Agreement):
    cases.commit(Changes(head=Swap(None, head()), agreements=(agreement,)))
    assert cases.agreements_of(REFERENCE) == [agreement]
    assert cases.around(Wanted(REFERENCE, agreement_of="V1")).agreement == agreement
    assert cases.around(Wanted(REFERENCE, agreement_of="V2")).agreement is None
    assert cases.around(Wanted(REFERENCE)).agreement is None
    assert cases.around(Wanted(OTHER, agreement_of="V1")).agreement is None
