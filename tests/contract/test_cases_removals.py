"""What a decision takes away again: rows and obligations that nobody heard of, agreements that ended; of the fake and the real store.

Must not look behind the port.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended
from chalicelib.domain.obligations import ObligationState
from chalicelib.services.ports import Cases, Changes, Swap
from tests.contract.stores import EVERY, store
from tests.stored_cases import AGREEMENT, REFERENCE, notification, obligation


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def test_removed_notifications_go_on_the_same_condition(cases):
    cases.commit(Changes(notifications=(Swap(None, notification("n1")), Swap(None, notification("n2")))))
    with pytest.raises(Contended):
        cases.commit(Changes(removed_notifications=(notification("n1"), notification("n2", state=State.HELD))))
    assert set(cases.notifications(["n1", "n2"])) == {"n1", "n2"}
    cases.commit(Changes(removed_notifications=(notification("n1"),)))
    assert set(cases.notifications(["n1", "n2"])) == {"n2"}


def test_removed_obligations_go_on_the_same_condition(cases):
    cases.commit(Changes(obligations=(Swap(None, obligation("o1")), Swap(None, obligation("o2")))))
    with pytest.raises(Contended):
        cases.commit(Changes(removed_obligations=(obligation("o1"), obligation("o2", state=ObligationState.MET))))
    assert set(cases.obligations(REFERENCE, ["o1", "o2"])) == {"o1", "o2"}
    cases.commit(Changes(removed_obligations=(obligation("o1"),)))
    assert set(cases.obligations(REFERENCE, ["o1", "o2"])) == {"o2"}


def test_a_removed_agreement_is_gone_and_may_never_have_been(cases):
    cases.commit(Changes(agreements=(AGREEMENT, replace(AGREEMENT, victim_id="V2"))))
    cases.commit(Changes(removed_agreements=((REFERENCE, "V1"), (REFERENCE, "V9"))))
    assert cases.agreements_of(REFERENCE) == [replace(AGREEMENT, victim_id="V2")]


@pytest.mark.parametrize(
    "changes",
    [
        Changes(obligations=(Swap(None, obligation()),), removed_obligations=(obligation(),)),
        Changes(agreements=(AGREEMENT,), removed_agreements=((REFERENCE, AGREEMENT.victim_id),)),
    ],
)
def test_what_is_written_is_not_removed_by_the_same_decision(cases, changes):
    with pytest.raises(ValueError, match="two operations"):
        cases.commit(changes)
