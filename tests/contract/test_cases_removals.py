"""What a decision takes away again: obligations that nobody heard of, agreements that ended. One suite over the fake and the real store.

Must not look behind the port.
"""

from collections.abc import Iterator

import pytest

from chalicelib.domain.errors import Contended
from chalicelib.domain.obligations import ObligationState
from chalicelib.services.ports import Cases, Changes, Swap
from tests.contract.stores import EVERY, store
from tests.stored_cases import AGREEMENT, REFERENCE, obligation


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def test_removed_obligations_go_on_the_same_condition(cases):
    cases.commit(Changes(obligations=(Swap(None, obligation("o1")), Swap(None, obligation("o2")))))
    with pytest.raises(Contended):
        cases.commit(Changes(removed_obligations=(obligation("o1"), obligation("o2", state=ObligationState.MET))))
    assert set(cases.obligations(REFERENCE, ["o1", "o2"])) == {"o1", "o2"}
    cases.commit(Changes(removed_obligations=(obligation("o1"),)))
    assert set(cases.obligations(REFERENCE, ["o1", "o2"])) == {"o2"}


def test_a_removed_agreement_goes_and_one_that_is_not_there_is_no_fault(cases):
    cases.commit(Changes(agreements=(AGREEMENT,)))
    ended = Changes(removed_agreements=((REFERENCE, AGREEMENT.victim_id), (REFERENCE, "V9")))
    cases.commit(ended)
    assert cases.agreements_of(REFERENCE) == []


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
