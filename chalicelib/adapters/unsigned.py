"""What stands for links and codes in a process that was given no key for them: an operator's. It makes none and opens none, and says so.

Must not make up a key: what it signed would look right and open nothing.
"""

# ruff: noqa: ARG002 - the shapes are the ports' own

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from chalicelib.domain.errors import ConfigurationError
from chalicelib.domain.links import OFFICER, Link


class Unsigned:
    """The ports `Links` and `Codes`. Every call raises ConfigurationError."""

    def issue(self, link: Link, now: datetime) -> NoReturn:
        _refuse()

    def read(self, token: str, now: datetime, purpose: str = OFFICER) -> NoReturn:
        _refuse()

    def one_time(self, request_id: str) -> NoReturn:
        _refuse()

    def opens(self, request_id: str, typed: str) -> NoReturn:
        _refuse()

    def of_letter(self, reference: str, notification_id: str) -> NoReturn:
        _refuse()

    def letter_tag(self, reference: str, typed: str) -> NoReturn:
        _refuse()


def _refuse() -> NoReturn:
    raise ConfigurationError("KI_LINK_KEY is not set: this process makes no link and no code")
