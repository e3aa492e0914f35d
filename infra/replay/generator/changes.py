"""What a later version of an occurrence may say differently, each by its name in the table of shares.

Must not change the version itself. A change that does not fit the record (nobody to remove) becomes a plain update.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from infra.replay.generator.shares import draw

Record = dict[str, Any]
Change = Callable[[Random, Record], None]


def _updated(rng: Random, occurrence: Record) -> None:
    what = draw(rng, "updated")
    occurrence["summary"] = f"Fictional account for a replay, as of version {occurrence['version']}."
    if what == "class" and occurrence["offences"]:
        occurrence["offences"][0]["description"] = "Described anew"
        occurrence["offences"][0]["ho_code"] = None
    elif what == "officer" and occurrence["officer"]:
        occurrence["officer"]["phone"] = "101, ask for the team"
    elif what == "place" and occurrence["location"]:
        occurrence["location"]["text"] = "Wood Street, corrected"
    elif what == "closed" and occurrence["status"] == "open":
        occurrence["status"] = "closed"


def _late_flag(rng: Random, occurrence: Record) -> None:
    how = draw(rng, "late_flag")
    if how == "dash":
        occurrence["dash_risk"] = draw(rng, "dash.domestic").replace("null", "standard")
    elif how == "marker":
        occurrence["markers"] = ["doma_form"]
    elif how == "relationship" and occurrence["victims"]:
        occurrence["victims"][0]["relationship_to_suspect"] = "ex_partner"
    else:
        occurrence["flags"]["domestic_abuse"] = True


def _of_a_victim(change: Callable[[Random, Record, list[Record]], None]) -> Change:
    def applied(rng: Random, occurrence: Record) -> None:
        if occurrence["victims"]:
            change(rng, rng.choice(occurrence["victims"]), occurrence["victims"])
        else:
            _updated(rng, occurrence)

    return applied


def _opted_out(_: Random, victim: Record, __: list[Record]) -> None:
    victim["referral_opt_out"] = True


def _removed(_: Random, victim: Record, victims: list[Record]) -> None:
    victims.remove(victim)


def _do_not_contact(_: Random, victim: Record, __: list[Record]) -> None:
    victim["contact_safety"] = (victim["contact_safety"] or {}) | {"do_not_contact": True}


def _corrected_points(rng: Random, victim: Record, __: list[Record]) -> None:
    """A new address for mail, of nobody else."""
    local = "".join(letter for letter in (victim["email"] or "").split("@")[0] if letter.isascii() and (letter.isalnum() or letter == "."))
    local = local.strip(".") or f"somebody.{rng.getrandbits(40):x}"
    victim["email"] = f"new.{local}@example.org"


def _status(word: str) -> Change:
    def applied(_: Random, occurrence: Record) -> None:
        occurrence["status"] = word

    return applied


def _reclassified(rng: Random, occurrence: Record) -> None:
    code = draw(rng, "reclassified")
    occurrence["offences"] = [{"code": code, "ho_code": None, "description": "Classified anew", "principal": True}]


CHANGES: dict[str, Change] = {
    "updated": _updated,
    "late_flag": _late_flag,
    "opted_out": _of_a_victim(_opted_out),
    "removed": _of_a_victim(_removed),
    "do_not_contact": _of_a_victim(_do_not_contact),
    "corrected_points": _of_a_victim(_corrected_points),
    "closed": _status("closed"),
    "cancelled": _status("cancelled"),
    "transferred": _status("transferred"),
    "reclassified": _reclassified,
}
