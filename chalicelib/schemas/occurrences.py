"""The occurrence record: one version of an occurrence with its offences, flags, officers and victims.

Must not route, hold or fill gaps: null means not known and stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain import model as domain
from chalicelib.schemas.fields import (
    AS_SET,
    CHOICE,
    WITHOUT_BLANKS,
    HoCode,
    Identifier,
    LinkedReference,
    Marker,
    Model,
    OffenceCode,
    OptionalText,
    PastTime,
    Reference,
    Summary,
    Version,
)
from chalicelib.schemas.officers import NamedOfficer
from chalicelib.schemas.victims import Victim

Contradiction = tuple[str, str]
"""Path inside the occurrence, and reason."""


class Location(Model):
    """Where it happened."""

    text: OptionalText = None
    district: OptionalText = None


class Offence(Model):
    """One offence; the Home Office class decides."""

    code: OffenceCode = Field(description="The Home Office class (28E), an N100 sub-code (N100/1); blank: unknown.")
    ho_code: HoCode = Field(None, description="NNN/NN; kept and shown, can make routing more careful, never less.")
    description: OptionalText = None
    principal: bool | None = None

    def to_domain(self) -> domain.Offence:
        return domain.Offence(self.code, self.ho_code, self.description, self.principal is True)


class Flags(Model):
    """All four keys must be there; null means not known."""

    domestic_abuse: bool | None
    hate_crime: bool | None
    stalking_harassment: bool | None
    safeguarding: bool | None

    def to_domain(self) -> domain.Flags:
        return domain.Flags(self.domestic_abuse, self.hate_crime, self.stalking_harassment, self.safeguarding)


class Occurrence(Model):
    """One version of an occurrence. The highest version wins; a victim absent from it is removed."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"record_type": {"const": "incident"}}, "required": ["record_type"]},
            "else": {"properties": {"offences": {"minItems": 1}}},
        }
    )

    reference: Reference = Field(description="Eleven digits or YY*NNNNNN; both forms of one number are one occurrence.")
    version: Version = Field(description="Counts up; the producer may deliver twice, late and out of order.")
    status: Annotated[domain.Status, CHOICE]
    record_type: Annotated[domain.RecordType, CHOICE]
    reported_at: PastTime = Field(description="When it was reported; the clocks of the Victims' Code start here.")
    recorded_at: PastTime = Field(description="When it was recorded; not before it was reported.")
    occurred_from: PastTime | None = Field(None, description="Not after the report.")
    occurred_to: PastTime | None = Field(None, description="Not after the report, not before occurred_from.")
    summary: Summary = Field(None, description="Counts as content of the version, and is not kept.")
    location: Location | None = None
    source: Annotated[domain.Source, CHOICE] = Field(description="How the report reached the force.")
    offences: list[Offence] = Field(description="May be empty for an incident only.")
    flags: Flags
    markers: Annotated[list[Marker] | None, AS_SET] = Field(
        None,
        description="Any of doma_form, honour_based_abuse, forced_marriage, fgm, exploitation, protective_order, same_address, "
        "strangulation, private_images, terrorism, or another text; any marker holds.",
    )
    restricted: bool | None = Field(None, description="True holds.")
    dash_risk: Annotated[domain.DashRisk, CHOICE] | None = None
    linked_references: Annotated[list[LinkedReference] | None, WITHOUT_BLANKS, AS_SET] = None
    officer: NamedOfficer | None = Field(None, description="The officer in the case.")
    supervisor: NamedOfficer | None = None
    victims: list[Victim] = Field(description="May be empty; ids are unique.")

    def to_domain(self, *, allow_reserved: bool) -> domain.Occurrence:
        """`allow_reserved`: whether fictional numbers and reserved mail domains count as usable (everywhere but in prod)."""
        place = self.location or Location()
        return domain.Occurrence(
            reference=self.reference,
            version=self.version,
            status=self.status,
            record_type=self.record_type,
            reported_at=self.reported_at,
            recorded_at=self.recorded_at,
            source=self.source,
            offences=tuple(offence.to_domain() for offence in self.offences),
            flags=self.flags.to_domain(),
            victims=tuple(victim.to_domain(allow_reserved=allow_reserved) for victim in self.victims),
            occurred_from=self.occurred_from,
            occurred_to=self.occurred_to,
            location_text=place.text,
            district=place.district,
            markers=tuple(self.markers or ()),
            restricted=self.restricted,
            dash_risk=self.dash_risk,
            linked_references=tuple(self.linked_references or ()),
            officer=self.officer.to_domain(allow_reserved=allow_reserved) if self.officer else None,
            supervisor=self.supervisor.to_domain(allow_reserved=allow_reserved) if self.supervisor else None,
        )

    def contradictions(self) -> list[Contradiction]:
        """Fields that are well formed and cannot all be true."""
        found = [*self._impossible_times(), *self._repeated_victims()]
        if not self.offences and self.record_type is not domain.RecordType.INCIDENT:
            found.append(("offences", "must not be empty unless record_type is incident"))
        return found

    def _impossible_times(self) -> Iterator[Contradiction]:
        if self.recorded_at < self.reported_at:
            yield "recorded_at", "before reported_at"
        if self.occurred_from and self.occurred_from > self.reported_at:
            yield "occurred_from", "after reported_at"
        if self.occurred_to and self.occurred_to > self.reported_at:
            yield "occurred_to", "after reported_at"
        if self.occurred_from and self.occurred_to and self.occurred_to < self.occurred_from:
            yield "occurred_to", "before occurred_from"

    def _repeated_victims(self) -> Iterator[Contradiction]:
        seen: set[str] = set()
        for position, victim in enumerate(self.victims):
            if victim.id in seen:
                yield f"victims[{position}].id", "given twice"
            seen.add(victim.id)


class OccurrenceMessage(Model):
    """The whole message of kind `occurrence`."""

    contract: Literal["kept-informed/records/v1"]
    kind: Literal["occurrence"]
    message_id: Identifier = Field(description="The producer's own id of this message.")
    sent_at: PastTime
    occurrence: Occurrence

    @property
    def content(self) -> Occurrence:
        return self.occurrence
