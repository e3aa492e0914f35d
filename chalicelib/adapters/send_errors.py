"""Sorts what a provider's SDK raised into the three ways in which a send can fail.

Refused and not to be tried again: permanent. Surely not taken now: transient. Anything else: unknown, since what may have left must not be
sent again. Must not look at message texts, which quote addresses.
"""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
)

from chalicelib.domain.errors import PermanentSendError, SendError, TransientSendError, UnknownOutcomeError

_NEVER_LEFT = (ConnectTimeoutError, CredentialRetrievalError, EndpointConnectionError, NoCredentialsError, ProxyConnectionError)

_PERMANENT = frozenset(
    {
        # SES v2, SendEmail: the message, its sender or its recipient is refused.
        "MessageRejected",
        "BadRequestException",
        "MailFromDomainNotVerifiedException",
        # End User Messaging SMS, SendTextMessage: the number or the text is refused.
        "ValidationException",
        "ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT",
        "ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
        "ConflictException:DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
    }
)
_NO_ANSWER = frozenset({408, 502, 504})
"""Said by something between us and the provider: what the provider did is not known."""
_DEAD_ADDRESS = frozenset(name for name in _PERMANENT if name.startswith("ConflictException:DESTINATION"))
"""Refusals that are about the recipient alone: any other may be our own account's fault, which must not close a victim's address."""


def send_error(error: ClientError | BotoCoreError) -> SendError:
    """What `error` means; its `code` is the provider's own code (with the SMS service's reason), or the SDK's class name."""
    if isinstance(error, ClientError):
        return _refusal(error)
    code = type(error).__name__
    if isinstance(error, _NEVER_LEFT):
        return TransientSendError(code)
    if isinstance(error, ParamValidationError):
        return PermanentSendError(code)
    return UnknownOutcomeError(code)


def _refusal(error: ClientError) -> SendError:
    """A refusal is an answer: the message was not taken. Unless it is about the message itself, it passes: a 5xx, or our account's or
    stage's own fault (throttled, paused, spent, misconfigured)."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    code = error.response["Error"]["Code"]
    reason = error.response.get("Reason")
    named = f"{code}:{reason}" if reason else code
    if status in _NO_ANSWER:
        return UnknownOutcomeError(named)
    if {code, named} & _PERMANENT and status < 500:
        return PermanentSendError(named, dead_address=named in _DEAD_ADDRESS)
    return TransientSendError(named)
