"""The table of what a provider's answer means, one row a code."""

from typing import Any

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from chalicelib.adapters.send_errors import send_error
from chalicelib.domain.errors import PermanentSendError, TransientSendError, UnknownOutcomeError

ADDRESS = "alex.morgan@example.org"
URL = {"endpoint_url": "https://example.test"}


def refused(code: str, status: int, reason: str | None = None) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": f"about {ADDRESS}"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response | ({"Reason": reason} if reason else {}), "Send")


@pytest.mark.parametrize(
    ("code", "status", "reason", "kind"),
    [
        # SES v2
        ("TooManyRequestsException", 429, None, TransientSendError),
        ("LimitExceededException", 400, None, TransientSendError),
        ("AccountSuspendedException", 400, None, TransientSendError),
        ("SendingPausedException", 400, None, TransientSendError),
        ("NotFoundException", 404, None, TransientSendError),
        ("MessageRejected", 400, None, PermanentSendError),
        ("MailFromDomainNotVerifiedException", 400, None, PermanentSendError),
        ("BadRequestException", 400, None, PermanentSendError),
        ("InternalServiceErrorException", 500, None, TransientSendError),
        # End User Messaging SMS
        ("ThrottlingException", 400, None, TransientSendError),
        ("ServiceQuotaExceededException", 402, "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", TransientSendError),
        ("AccessDeniedException", 403, "ACCOUNT_DISABLED", TransientSendError),
        ("ResourceNotFoundException", 404, None, TransientSendError),
        ("ConflictException", 409, "RESOURCE_NOT_ACTIVE", TransientSendError),
        ("ConflictException", 409, "DESTINATION_PHONE_NUMBER_OPTED_OUT", PermanentSendError),
        ("ConflictException", 409, "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", PermanentSendError),
        ("ConflictException", 409, "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", TransientSendError),
        ("ValidationException", 400, "INVALID_PARAMETER", PermanentSendError),
        ("InternalServerException", 500, None, TransientSendError),
        # either
        ("ExpiredTokenException", 403, None, TransientSendError),
        ("SomethingNew", 400, None, TransientSendError),
        ("RequestTimeout", 408, None, UnknownOutcomeError),
        ("502", 502, None, UnknownOutcomeError),
        ("ServiceUnavailable", 503, None, TransientSendError),
        ("504", 504, None, UnknownOutcomeError),
    ],
)
def test_an_answer_is_sorted_by_its_code(code, status, reason, kind):
    error = send_error(refused(code, status, reason))
    assert type(error) is kind
    assert error.code == (f"{code}:{reason}" if reason else code)
    assert ADDRESS not in repr(error)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (exceptions.EndpointConnectionError(**URL), TransientSendError),
        (exceptions.ConnectTimeoutError(**URL), TransientSendError),
        (exceptions.ProxyConnectionError(proxy_url="http://example.test"), TransientSendError),
        (exceptions.NoCredentialsError(), TransientSendError),
        (exceptions.CredentialRetrievalError(provider="p", error_msg="m"), TransientSendError),
        (exceptions.ParamValidationError(report=ADDRESS), PermanentSendError),
        (exceptions.ReadTimeoutError(**URL), UnknownOutcomeError),
        (exceptions.ConnectionClosedError(**URL), UnknownOutcomeError),
        (exceptions.HTTPClientError(error=OSError()), UnknownOutcomeError),
        (exceptions.SSLError(**URL, error=OSError()), UnknownOutcomeError),
    ],
)
def test_without_an_answer_what_may_have_left_is_unknown(raised, kind):
    error = send_error(raised)
    assert type(error) is kind
    assert error.code == type(raised).__name__
    assert ADDRESS not in repr(error)
