"""The force's fictional officers: teams by district, their supervisors, and the directory records that name them.

Must not name an officer who is not in the directory's order of things: everyone has a supervisor of the same district.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from infra.replay.generator import names
from infra.replay.generator.shares import chance

Record = dict[str, Any]

_TEAMS = {"Derby": 4}
_IN_A_TEAM = 6
_RANKS = ("PC", "PC", "PC", "PC", "DC", "PCSO")


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the force, with the team's supervisor; the supervisor has none."""

    collar: str
    name: str
    email: str
    team: str
    supervisor: Officer | None

    def named(self) -> Record:
        """As an occurrence names the officer in the case."""
        return {"collar_number": self.collar, "name": self.name, "email": self.email, "phone": "101", "team": self.team}

    def named_supervisor(self) -> Record:
        return {"collar_number": self.collar, "name": self.name, "email": self.email}


class Force:
    """Everybody of the force in one run, by district; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        rng = Random(f"{seed} force")
        collars = [str(number) for number in rng.sample(range(1000, 9999), 400)]
        self.by_district: dict[str, list[Officer]] = {}
        self.everybody: list[Officer] = []
        for district, towns in names.TOWNS.items():
            for team in range(_TEAMS.get(district, 2)):
                name = f"{towns[team % len(towns)][0]} {'Response' if team % 2 else 'SNT'} {team // len(towns) + 1}"
                supervisor = _officer(rng, collars.pop(), "Sgt", name, None)
                members = [_officer(rng, collars.pop(), rank, name, supervisor) for rank in _RANKS[:_IN_A_TEAM]]
                self.by_district.setdefault(district, []).extend(members)
                self.everybody += [supervisor, *members]

    def somebody(self, rng: Random, district: str) -> Officer:
        """An officer of the district's teams."""
        return rng.choice(self.by_district[district])


def directory_entry(rng: Random, officer: Officer, today: date) -> Record:
    """The inner object of the officer's directory record, with the stated shares of absences and gaps."""
    absent = chance(rng, "directory.absent") and officer.supervisor is not None
    away = today + timedelta(days=rng.randrange(-10, 4))
    supervisor = None if officer.supervisor is None or chance(rng, "directory.no_supervisor") else officer.supervisor.collar
    return {
        "collar_number": officer.collar,
        "version": rng.randrange(1, 9),
        "active": officer.supervisor is None or not chance(rng, "directory.inactive"),
        "name": officer.name,
        "email": None if officer.supervisor and chance(rng, "directory.no_email") else officer.email,
        "mobile": None,
        "phone": "101",
        "team": officer.team,
        "supervisor": supervisor,
        "absent_from": away.isoformat() if absent else None,
        "absent_until": (away + timedelta(days=rng.randrange(1, 15))).isoformat() if absent else None,
        "cover": supervisor if absent and chance(rng, "directory.cover") else None,
    }


def _officer(rng: Random, collar: str, rank: str, team: str, supervisor: Officer | None) -> Officer:
    given, family = rng.choice(names.GIVEN[:140]), rng.choice(names.FAMILY[:80])
    return Officer(collar, f"{rank} {given} {family}", f"{given.lower()}.{family.lower()}.{collar}@example.test", team, supervisor)
