"""The force's profile, where its own words are, in which languages victims are told, and the keys of links: what both composition roots
(bootstrap.py, bootstrap_web.py) begin with.

Must not import an SDK: pages start with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.case_classes import CaseClass
from chalicelib.domain.errors import ConfigurationError
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from chalicelib.domain.offences import BY_CODE
from chalicelib.domain.profile import Profile
from chalicelib.domain.retention import SHORTEST
from chalicelib.services.edges import Renderer
from chalicelib.settings import Settings

PROFILES = Path(__file__).parent / "profiles"
LONGEST_OPEN = timedelta(days=365 * 20)
"""How long a case may be open before its period begins, without the archive's own rule taking a version of it."""
LONGEST_BESIDE = SHORTEST - timedelta(days=90)
"""What forgets by itself is gone before any case is stripped: its period, a month of earlier versions, and the time that stores take."""
LONGEST_SENDER = 11
"""Characters of an SMS sender ID (GSM 03.38, alphanumeric address)."""


def read_profile(name: str, *, folder: Path = PROFILES) -> Profile:
    """The force's profile. ConfigurationError names the file and what is wrong or missing."""
    path = folder / f"{name}.toml"
    if not (name.isidentifier() and path.is_file()):
        there = ", ".join(sorted(found.stem for found in folder.glob("*.toml")))
        raise ConfigurationError(f"there is no profile {name!r}; there is: {there or 'none'}")
    try:
        profile = TypeAdapter(Profile).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise ConfigurationError(f"{path.name}: {'; '.join(_misfits(error))}") from None  # the cause would show what was written
    except ValueError as error:  # of TOML, or of UTF-8
        raise ConfigurationError(f"{path.name}: {error}") from error
    if gaps := list(_gaps(profile)):
        raise ConfigurationError(f"{path.name}: {'; '.join(gaps)}")
    return profile


def _misfits(error: ValidationError) -> Iterator[str]:
    """Each field that is missing or not what it should be: its path, and why."""
    for wrong in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(step) for step in wrong["loc"] if step != "[key]")
        yield f"{path} is missing" if wrong["type"] == "missing" else f"{path}: {wrong['msg']}"


def _gaps(profile: Profile) -> Iterator[str]:
    """What would otherwise fail only at the first message or page that needs it."""
    if len(profile.sms_sender) > LONGEST_SENDER:
        yield f"sms_sender has more than {LONGEST_SENDER} characters"
    yield from (f"roles.{unit} is missing" for unit in Unit if unit not in profile.roles)
    if "*" not in profile.domestic_abuse_services:
        yield 'domestic_abuse_services has no "*"'
    yield from (f"held_classes: {code} is no class that is known" for code in sorted(profile.held_classes) if code not in BY_CODE)
    yield from _wrong_periods(profile)
    if not profile.web.exit_url.startswith("https://"):
        yield "web.exit_url does not begin with https://"


def _wrong_periods(profile: Profile) -> Iterator[str]:
    """Nothing of a case may outlast the case, and no archived record may go before it."""
    kept = profile.retention.cases.every
    longest = kept[CaseClass.SPECIALIST]
    yield from (f"retention.cases.{kind} is below {SHORTEST.days} days" for kind, period in kept.items() if period < SHORTEST)
    yield from (f"retention.cases.{kind} is above that of specialist" for kind, period in kept.items() if period > longest)
    first_gone = {
        "retention.quarantine": profile.retention.quarantine,
        "contact_forms.kept": profile.contact_forms.kept,
        "web.letter_days": timedelta(days=profile.web.letter_days),
    }
    yield from (f"{name} is above {LONGEST_BESIDE.days} days" for name, period in first_gone.items() if period > LONGEST_BESIDE)
    if timedelta(days=365.25 * profile.web.case_years) < longest + LONGEST_OPEN:
        yield f"web.case_years is not {LONGEST_OPEN.days // 365} years above the longest of retention.cases"


def forces_folder(settings: Settings) -> Path:
    """Where the profiles are: `<force>.toml`, and beside it, where a force has words of its own, the folder `<force>/`."""
    return Path(settings.forces) if settings.forces else PROFILES


def own_words(settings: Settings) -> Path | None:
    """The force's own templates, which come before the product's; None where it has none."""
    folder = forces_folder(settings) / settings.profile
    return folder if folder.is_dir() else None


def link_keys(settings: Settings) -> tuple[bytes | None, bytes | None]:
    """The key that signs links and forms, and the one that still opens what it signed before the last rotation; None for what a function
    has not."""
    return _bytes(settings.link_key), _bytes(settings.link_key_previous)


def contact_key(settings: Settings) -> bytes | None:
    """The key under which contact points are hashed; None in a function that hashes none."""
    return _bytes(settings.contact_key)


def _bytes(key: str | None) -> bytes | None:
    return key.encode() if key else None


def languages_to_victims(renderer: Renderer) -> frozenset[str]:
    """Those in which a victim can be told everything: the acknowledgement, key events, officers' updates, that a message came, codes."""
    to_victims = (Template.ACKNOWLEDGEMENT, Template.EVENT, Template.UPDATE, Template.CONTACT_CONFIRMATION, Template.CODE)
    return frozenset.intersection(*(renderer.languages(template) for template in to_victims))
