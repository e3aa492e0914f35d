"""The victims of an occurrence record, with what is safe, agreed and asked for each of them.

Must not decide what an unknown means: null stays None up to the domain.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.domain import model as domain
from chalicelib.schemas.contact_points import email_point, landline_point, mobile_point
from chalicelib.schemas.fields import (
    AS_SET,
    CHOICE,
    WITHOUT_BLANKS,
    BirthDay,
    EveryDays,
    Identifier,
    Model,
    OptionalText,
    PastTime,
    PlannedDay,
    Text,
)

Texts = Annotated[list[Text] | None, WITHOUT_BLANKS]
ChannelWord = Annotated[domain.Channel, CHOICE]


class Enhanced(Model):
    """The assessment of enhanced rights."""

    eligible: bool | None = Field(None, description="Whether the victim has enhanced rights; null: not assessed.")
    reasons: Texts = Field(None, description="Why, in the records system's words.")
    assessed_by: OptionalText = Field(None, description="Who assessed.")
    assessed_at: PastTime | None = Field(None, description="When; not in the future.")

    def to_domain(self) -> domain.Enhanced:
        return domain.Enhanced(self.eligible, tuple(self.reasons or ()), self.assessed_by, self.assessed_at)


class ContactSafety(Model):
    """How whoever receives for this victim can be reached safely."""

    safe_channels: Annotated[list[ChannelWord] | None, AS_SET] = Field(
        None, description="The channels confirmed safe; [] says that none is, null that nothing was said."
    )
    do_not_contact: bool | None = Field(None, description="True: nobody may contact this person automatically.")
    confirmed_at: PastTime | None = Field(
        None, description="When safety was last confirmed; null or older than the force's limit (90 days) means unconfirmed."
    )
    safe_hours: OptionalText = Field(None, description="When contact is safe, in words.")
    safe_name: OptionalText = Field(None, description="The name to ask for.")
    voicemail_ok: bool | None = Field(None, description="Whether a message may be left.")
    may_say_police: bool | None = Field(None, description="Whether a caller may say that they are the police.")
    instructions: OptionalText = Field(None, description="Anything else that a caller must know.")

    def to_domain(self) -> domain.ContactSafety:
        return domain.ContactSafety(
            safe_channels=None if self.safe_channels is None else frozenset(self.safe_channels),
            do_not_contact=self.do_not_contact is True,
            confirmed_at=self.confirmed_at,
            safe_hours=self.safe_hours,
            safe_name=self.safe_name,
            voicemail_ok=self.voicemail_ok,
            may_say_police=self.may_say_police,
            instructions=self.instructions,
        )


class Representative(Model):
    """Who receives for a victim who cannot."""

    given_name: OptionalText = None
    family_name: OptionalText = None
    relationship: Annotated[domain.RepresentativeKind, CHOICE] | None = Field(None, description="To the victim.")
    email: OptionalText = None
    mobile: OptionalText = None
    address: Texts = Field(None, description="Lines of the postal address.")
    linked_to_suspect: bool | None = Field(None, description="Null: not known, which is treated as linked.")

    def to_domain(self, *, allow_reserved: bool) -> domain.Representative:
        return domain.Representative(
            given_name=self.given_name,
            family_name=self.family_name,
            relationship=self.relationship,
            email=email_point(self.email, allow_reserved=allow_reserved),
            mobile=mobile_point(self.mobile, allow_reserved=allow_reserved),
            address=tuple(self.address or ()),
            linked_to_suspect=self.linked_to_suspect,
        )


class WrittenAcknowledgement(Model):
    """The officer's own paper contract, already given."""

    given_at: PastTime | None = Field(None, description="When; not in the future.")
    method: OptionalText = Field(None, description="How, in words.")

    def to_domain(self) -> domain.WrittenAcknowledgement:
        return domain.WrittenAcknowledgement(self.given_at, self.method)


class UpdateAgreement(Model):
    """What officer and victim agreed about updates."""

    every_days: EveryDays | None = Field(None, description="Days between updates; null: key events only.")
    method: ChannelWord | None = Field(None, description="How updates come.")
    next_update_on: PlannedDay | None = Field(None, description="The day of the next update.")
    declined: bool | None = Field(None, description="True: no updates wanted.")

    def to_domain(self) -> domain.AgreedUpdates:
        return domain.AgreedUpdates(self.every_days, self.method, self.next_update_on, self.declined is True)


class Victim(Model):
    """One victim; everything but `id` and `kind` may be null or absent."""

    id: Identifier = Field(description="Unique in the occurrence and the same in each of its versions.")
    kind: Annotated[domain.VictimKind, CHOICE]
    person_ref: OptionalText = Field(None, description="The records system's own number of the person, the same in every occurrence.")
    given_name: OptionalText = None
    family_name: OptionalText = None
    organisation: OptionalText = None
    contact_name: OptionalText = Field(None, description="Who receives for a business.")
    date_of_birth: BirthDay | None = Field(None, description="From 1880 to today; null is not known and holds a person's record.")
    deceased: bool | None = None
    email: OptionalText = Field(None, description="An unusable address is an unusable channel, never a malformed record.")
    mobile: OptionalText = Field(None, description="An unusable number is an unusable channel, never a malformed record.")
    landline: OptionalText = None
    address: Texts = Field(None, description="Lines of the postal address.")
    preferred_channel: ChannelWord | None = None
    language: OptionalText = Field(None, description="A language tag (en, pl, cy) or its name.")
    communication_needs: Annotated[list[Annotated[domain.Need, CHOICE]] | None, AS_SET] = None
    enhanced: Enhanced | None = None
    contact_safety: ContactSafety | None = Field(None, description="Null: unconfirmed.")
    relationship_to_suspect: Annotated[domain.Relationship, CHOICE] | None = Field(None, description="Null: not known.")
    referral_opt_out: bool | None = Field(None, description="True: the victim objected to a referral; null: not asked.")
    support_consent: bool | None = Field(None, description="Consent to specialist support; null: not asked.")
    requests: OptionalText = Field(None, description="What the victim asks of the support service.")
    representative: Representative | None = None
    written_acknowledgement: WrittenAcknowledgement | None = None
    update_agreement: UpdateAgreement | None = None

    def to_domain(self, *, allow_reserved: bool) -> domain.Victim:
        """`allow_reserved`: whether fictional numbers and reserved mail domains count as usable (everywhere but in prod)."""
        acknowledged, agreed = self.written_acknowledgement, self.update_agreement
        return domain.Victim(
            id=self.id,
            kind=self.kind,
            person_ref=self.person_ref,
            given_name=self.given_name,
            family_name=self.family_name,
            organisation=self.organisation,
            contact_name=self.contact_name,
            date_of_birth=self.date_of_birth,
            deceased=self.deceased,
            email=email_point(self.email, allow_reserved=allow_reserved),
            mobile=mobile_point(self.mobile, allow_reserved=allow_reserved),
            landline=landline_point(self.landline, allow_reserved=allow_reserved),
            address=tuple(self.address or ()),
            preferred_channel=self.preferred_channel,
            language=self.language.lower() if self.language else None,
            communication_needs=frozenset(self.communication_needs or ()),
            enhanced=self.enhanced.to_domain() if self.enhanced else None,
            contact_safety=self.contact_safety.to_domain() if self.contact_safety else None,
            relationship_to_suspect=self.relationship_to_suspect,
            referral_opt_out=self.referral_opt_out,
            support_consent=self.support_consent,
            requests=self.requests,
            representative=self.representative.to_domain(allow_reserved=allow_reserved) if self.representative else None,
            written_acknowledgement=acknowledged.to_domain() if acknowledged else None,
            update_agreement=agreed.to_domain() if agreed else None,
        )
