"""What of the deployable template is the force's own, by its profile: how long buckets keep, what the gateway's pages say, whose texts are.

In infra/resources.yaml and infra/policies such a value stands as `@{name}`, a name of `values`. Must not hold a value of any force.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from chalicelib.bootstrap_profile import read_profile
from chalicelib.domain.profile import Profile
from infra import own_words

_PLACE = re.compile(r"@\{(\w+)\}")

Template = dict[str, Any]


class UnknownPlaceError(Exception):
    """The template asks for a value that no profile gives; the message names it."""


class OwnWordsError(Exception):
    """The force's own templates would be ignored or stop a message; the message names each file, its line and what is wrong, by line."""


def values(profile: Profile) -> Mapping[str, str | int]:
    """Every value that the template may ask for. Times are days; a seal's bucket forgets it on the day after its lock ends."""
    locked = profile.retention.seals.days
    return {
        "letter_days": profile.web.letter_days,
        "quarantine_days": profile.retention.quarantine.days,
        "archive_days": profile.web.case_days,
        "seal_days": locked,
        "unlocked_days": locked + 1,
        "non_emergency": profile.force.non_emergency,
        "text_relay": profile.force.text_relay,
        "exit_url": profile.web.exit_url,
        "sms_sender": profile.sms_sender,
    }


def of_force(template: Template, profiles: Path, name: str | None = None) -> Template:
    """The template of the force `name` (default: the one that the template names itself), which can be deployed for no other.

    Raises `ConfigurationError` where there is no such profile or it is wrong, `OwnWordsError` where the templates beside it are,
    `UnknownPlaceError` for a value that it cannot give.
    """
    filled = copy.deepcopy(template)
    parameter = filled["Parameters"]["Profile"]
    parameter["Default"] = name or parameter["Default"]
    parameter["AllowedValues"] = [parameter["Default"]]
    profile = read_profile(parameter["Default"], folder=profiles)
    if mistakes := own_words.wrong(profiles / parameter["Default"]):
        raise OwnWordsError("\n".join(mistakes))
    found: Template = _filled(filled, values(profile))
    return found


def _filled(part: Any, given: Mapping[str, str | int]) -> Any:
    """A text that is nothing but a name becomes the value itself; within a text, which is a page, it is escaped."""
    if isinstance(part, dict):
        return {key: _filled(value, given) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, given) for value in part]
    if not isinstance(part, str):
        return part
    if unknown := set(_PLACE.findall(part)) - set(given):
        raise UnknownPlaceError(", ".join(sorted(unknown)))
    if whole := _PLACE.fullmatch(part):
        return given[whole[1]]
    return _PLACE.sub(lambda place: escape(str(given[place[1]])), part)
