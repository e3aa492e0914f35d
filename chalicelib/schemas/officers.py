"""Officers as records name them: in an occurrence, and in the directory (kind `officer`).

Must not merge the two (the directory beats the record, later) or keep an address that cannot be used.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chalicelib.domain import model as domain
from chalicelib.schemas.contact_points import email_point, mobile_point
from chalicelib.schemas.fields import Collar, Day, Identifier, Model, OptionalCollar, OptionalText, PastTime, Version


def _usable(point: domain.Point | None) -> str | None:
    return point.value if point else None


class NamedOfficer(Model):
    """An officer as an occurrence names them; the directory beats it, the record fills gaps."""

    collar_number: OptionalCollar = Field(None, description="1 to 10 letters and digits.")
    name: OptionalText = None
    email: OptionalText = None
    phone: OptionalText = Field(None, description="As it is to be shown: 101, an extension.")
    team: OptionalText = None

    def to_domain(self, *, allow_reserved: bool) -> domain.Officer:
        return domain.Officer(
            collar_number=self.collar_number,
            name=self.name,
            email=_usable(email_point(self.email, allow_reserved=allow_reserved)),
            phone=self.phone,
            team=self.team,
        )


class DirectoryOfficer(Model):
    """An entry of the officer directory; the highest version of a collar number wins."""

    collar_number: Collar = Field(description="1 to 10 letters and digits.")
    version: Version = Field(description="Counts up; the producer may deliver twice, late and out of order.")
    active: bool | None = Field(None, description="False: has left; null counts as true.")
    name: OptionalText = None
    email: OptionalText = None
    mobile: OptionalText = None
    phone: OptionalText = Field(None, description="As it is to be shown: 101, an extension.")
    team: OptionalText = None
    supervisor: OptionalCollar = Field(None, description="The supervisor's collar number.")
    absent_from: Day | None = Field(None, description="First day of absence.")
    absent_until: Day | None = Field(None, description="Last day of absence, included; not before absent_from.")
    cover: OptionalCollar = Field(None, description="The collar number of who stands in.")

    def to_domain(self, *, allow_reserved: bool) -> domain.DirectoryOfficer:
        return domain.DirectoryOfficer(
            collar_number=self.collar_number,
            version=self.version,
            active=self.active is not False,
            name=self.name,
            email=_usable(email_point(self.email, allow_reserved=allow_reserved)),
            mobile=_usable(mobile_point(self.mobile, allow_reserved=allow_reserved)),
            phone=self.phone,
            team=self.team,
            supervisor=self.supervisor,
            absent_from=self.absent_from,
            absent_until=self.absent_until,
            cover=self.cover,
        )

    def contradictions(self) -> list[tuple[str, str]]:
        """Fields that are well formed and cannot both be true: path inside the officer, and reason."""
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            return [("absent_until", "before absent_from")]
        return []


class OfficerMessage(Model):
    """The whole message of kind `officer`."""

    contract: Literal["kept-informed/records/v1"]
    kind: Literal["officer"]
    message_id: Identifier = Field(description="The producer's own id of this message.")
    sent_at: PastTime
    officer: DirectoryOfficer

    @property
    def content(self) -> DirectoryOfficer:
        return self.officer
