"""The tree of errors: what may be tried again, three ways in which a send can fail, and nothing personal in any of them."""

from __future__ import annotations

import pytest

from chalicelib.domain import errors


@pytest.mark.parametrize("kind", [errors.PermanentSendError, errors.TransientSendError, errors.UnknownOutcomeError])
def test_a_send_error_carries_the_providers_code_alone(kind: type[errors.SendError]) -> None:
    error = kind("MessageRejected")
    assert (error.code, str(error), error.args) == ("MessageRejected", "MessageRejected", ("MessageRejected",))


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (errors.Contended, True),
        (errors.StoreUnavailable, True),
        (errors.PermanentSendError, False),
        (errors.TransientSendError, False),
        (errors.UnknownOutcomeError, False),
        (errors.ConfigurationError, False),
    ],
)
def test_what_gives_the_message_back(error: type[errors.KeptInformedError], again: bool) -> None:
    assert issubclass(error, errors.RetryLater) is again
    assert issubclass(error, errors.KeptInformedError)


def test_the_three_ways_of_failing_are_apart() -> None:
    """An unknown outcome must never be handled as a failure, nor as something to send again."""
    ways = (errors.PermanentSendError, errors.TransientSendError, errors.UnknownOutcomeError)
    assert [one for one in ways for other in ways if one is not other and issubclass(one, other)] == []
