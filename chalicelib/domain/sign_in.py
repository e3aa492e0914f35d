"""Who signed in through the force's own sign-in: what a sign-in begins with, what its claims must say, how long a session lasts.

Must not fetch, sign, store or read a clock, nor keep a claim beyond the collar number and the roles. Why so: docs/adr/0025-sign-in.md.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TypeGuard

from chalicelib.domain.links import CLOCKS_APART
from chalicelib.domain.model import Unit
from chalicelib.domain.profile import OfficerSignIn

ATTEMPT_LIVES = timedelta(minutes=10)
"""From the first redirection until the provider sends the browser back: a password, a second factor, and no more."""
HOME = "/desk"
"""Where a sign-in leads that nothing else asked for."""
LONGEST_BACK = 1000
"""Characters of an address to come back to: it travels in a cookie."""
_COLLAR = re.compile(r"[A-Z0-9]{1,10}")
_BETWEEN_GROUPS = re.compile(r"[\[\],]")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: a collar number, and the roles of the force that their groups name."""

    collar_number: str
    roles: frozenset[Unit] = frozenset()

    def __str__(self) -> str:
        """Whose a form is: a token of it is bound to this."""
        return self.collar_number

    def is_reader(self, reader: str) -> bool:
        """Whether a link for this reader (a collar number or a role) is theirs."""
        return reader == self.collar_number or reader in self.roles


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person. `until` is absolute: using it makes it no longer. Whole seconds, UTC."""

    person: Person
    since: datetime
    until: datetime

    def alive(self, now: datetime) -> bool:
        return self.since - CLOCKS_APART <= now < self.until


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was begun in one browser. `state`, `nonce` and `verifier` are random; `back` is a path of ours."""

    state: str
    nonce: str
    verifier: str
    back: str
    begun_at: datetime

    @property
    def challenge(self) -> str:
        """What the provider learns of `verifier` beforehand (RFC 7636, section 4.2: S256)."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def alive(self, now: datetime) -> bool:
        return -CLOCKS_APART <= now - self.begun_at <= ATTEMPT_LIVES


@dataclass(frozen=True, slots=True)
class Client:
    """As whom we are known to the provider, and who it says it is."""

    issuer: str
    client_id: str


class Refusal(StrEnum):
    """Why nobody was signed in: the words on the page."""

    STALE = "stale"
    """No attempt of this browser, another one's, or one that took too long."""
    DECLINED = "declined"
    """The provider said no, or what it handed over is not for this attempt."""
    NO_COLLAR = "no_collar"
    """The provider knows the person and no collar number of theirs."""
    NOT_LISTED = "not_listed"
    """The directory of officers does not know the collar number, or says that they have left."""


def own_path(path: str) -> str:
    """`path` where it is one of ours that a browser may be sent to, HOME for anything else."""
    plain = path.isascii() and path.isprintable() and not set(path) & set('\\ "<>')
    return path if plain and path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST_BACK else HOME


def meant_for(claims: Mapping[str, object], client: Client, nonce: str, now: datetime) -> bool:
    """Whether the claims of an ID token are the answer to this attempt (OpenID Connect Core 1.0, 3.1.3.7; `token_use` is Cognito's).

    The token came from the token endpoint itself over TLS, which stands for its signature (the same section, number 6).
    """
    audience = claims.get("aud")
    return (
        claims.get("iss") == client.issuer
        and (audience == client.client_id or audience == [client.client_id])
        and claims.get("azp", client.client_id) == client.client_id
        and claims.get("nonce") == nonce
        and claims.get("token_use") == "id"
        and _in_time(claims.get("iat"), claims.get("exp"), now)
    )


def _in_time(issued: object, expires: object, now: datetime) -> bool:
    """Issued a moment ago, and not expired. What is no number of seconds is not in time."""
    if not _is_number(issued) or not _is_number(expires):
        return False
    seconds = now.timestamp()
    apart, longest = CLOCKS_APART.total_seconds(), ATTEMPT_LIVES.total_seconds()
    return -apart <= seconds - issued <= longest and seconds < expires + apart


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def person_of(claims: Mapping[str, object], rules: OfficerSignIn) -> Person | None:
    """Whom the claims name. None without one collar number. Groups that the profile does not know are passed over."""
    collar = claims.get(rules.collar_claim)
    named = collar.strip().upper() if isinstance(collar, str) else ""
    if not _COLLAR.fullmatch(named):
        return None
    groups = set(_groups(claims.get(rules.groups_claim)))
    return Person(named, frozenset(unit for group, unit in rules.groups.items() if group in groups))


def _groups(said: object) -> Iterable[str]:
    """A list, or what Cognito makes of a list that another provider sent: `[a, b]` in one text."""
    if isinstance(said, str):
        return (group.strip() for group in _BETWEEN_GROUPS.split(said))
    return (group for group in said if isinstance(group, str)) if isinstance(said, list) else ()


def sessions_of(collar_number: str) -> str:
    """What stands in the place of a reference where somebody's sessions are ended: no reference is written so."""
    return f"session#{collar_number}"


def session_of(person: Person, now: datetime, lives: timedelta) -> Session:
    """A session that begins at `now`."""
    since = now.astimezone(UTC).replace(microsecond=0)
    return Session(person, since, since + lives)
