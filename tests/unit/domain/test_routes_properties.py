"""Failing closed, for any record: what is not known, or more careful, never opens the automatic way.

Issue 2, section 3 ("failing closed") and DOMAIN B2 ("unknown or blank code: manual queue").
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.model import (
    DashRisk,
    Flags,
    KnownElsewhere,
    Occurrence,
    Offence,
    RecordType,
    Relationship,
    Route,
    Source,
    Status,
    Victim,
    VictimKind,
)
from chalicelib.domain.offences import BY_CODE, Family
from chalicelib.domain.routes import RULE, RULES, against_person
from tests.domain_builders import decide, victim_of
from tests.strategies import occurrences

MANY = settings(max_examples=150, deadline=None)
KNOWN = st.builds(KnownElsewhere, specialist=st.booleans(), do_not_contact=st.booleans())
STICKY = st.sets(st.sampled_from(sorted(rule.id for rule in RULES if rule.hold)), max_size=2)

CAREFUL_OCCURRENCE: dict[str, list[Any]] = {
    "status": [Status.CANCELLED, Status.TRANSFERRED],
    "record_type": [RecordType.N100],
    "markers": [("doma_form",), ("anything",)],
    "restricted": [True],
    "dash_risk": list(DashRisk),
}
CAREFUL_VICTIM: dict[str, list[Any]] = {
    "kind": [VictimKind.POLICE_OFFICER],
    "deceased": [True],
    "relationship_to_suspect": [Relationship.PARTNER, Relationship.EX_PARTNER, Relationship.FAMILY, Relationship.HOUSEHOLD],
}
ONE_OF_EACH_FAMILY = sorted({row.family: row.code for row in BY_CODE.values()}.values())
FLAGS = ("domestic_abuse", "stalking_harassment", "safeguarding")


def with_victim(record: Occurrence, victim_id: str, **changes: Any) -> Occurrence:
    return replace(record, victims=tuple(replace(one, **changes) if one.id == victim_id else one for one in record.victims))


def careful_turns(record: Occurrence, victim: Victim) -> list[Occurrence]:
    """The record with one thing made unknown or more careful, in every way."""
    turned = [replace(record, **{name: value}) for name, values in CAREFUL_OCCURRENCE.items() for value in values]
    turned += [with_victim(record, victim.id, **{name: value}) for name, values in CAREFUL_VICTIM.items() for value in values]
    turned += [replace(record, flags=replace(record.flags, **{name: value})) for name in FLAGS for value in (None, True)]
    turned += [replace(record, offences=(*record.offences, Offence(code))) for code in ("", "ZZ9", "19C", "8U", "1")]
    if against_person(record):
        turned += [with_victim(record, victim.id, relationship_to_suspect=unknown) for unknown in (None, Relationship.UNKNOWN)]
    if victim.kind is VictimKind.PERSON:
        turned.append(with_victim(record, victim.id, date_of_birth=None))
    if victim.representative:
        turned += [
            with_victim(record, victim.id, representative=replace(victim.representative, linked_to_suspect=linked))
            for linked in (True, None)
        ]
    if record.source not in {Source.THIRD_PARTY, Source.PROFESSIONAL}:
        turned += [replace(record, source=source) for source in (Source.THIRD_PARTY, Source.PROFESSIONAL)]
    return turned


@MANY
@given(occurrences(ids=("V1",)))
def test_what_becomes_unknown_or_more_careful_never_becomes_automatic(record: Occurrence) -> None:
    victim = record.victims[0]
    if not decide(record).automatic:
        assert [turned for turned in careful_turns(record, victim) if decide(turned).automatic] == []


def resolutions(record: Occurrence, victim: Victim) -> list[tuple[Occurrence, list[Occurrence]]]:
    """For each thing that can be a doubt: the record where it is not known, and with every answer."""
    found = []
    for name in FLAGS:
        answers = [replace(record, flags=replace(record.flags, **{name: value})) for value in (None, True, False)]
        found.append((answers[0], answers[1:]))
    classes = (
        [replace(record, offences=(replace(record.offences[0], code=code),)) for code in ("", *ONE_OF_EACH_FAMILY)]
        if record.offences
        else []
    )
    found += [(classes[0], classes[1:])] if classes else []
    if against_person(record):
        relationships = [with_victim(record, victim.id, relationship_to_suspect=answer) for answer in (None, *Relationship)]
        found.append((relationships[0], relationships[1:]))
    if victim.representative:
        links = [replace(victim.representative, linked_to_suspect=linked) for linked in (None, True, False)]
        people = [with_victim(record, victim.id, representative=person) for person in links]
        found.append((people[0], people[1:]))
    return found


@MANY
@given(occurrences(ids=("V1",)))
def test_a_doubt_is_never_more_automatic_than_its_most_careful_answer(record: Occurrence) -> None:
    for unknown, answers in resolutions(record, record.victims[0]):
        if decide(unknown).automatic:
            assert all(decide(answer).automatic for answer in answers)


@MANY
@given(occurrences(), KNOWN, STICKY)
def test_every_decision_is_whole(record: Occurrence, known: KnownElsewhere, sticky: set[str]) -> None:
    """A rule with its version always; whatever is not automatic has somebody to go to, or is counted as no route."""
    for victim in record.victims:
        decision = decide(record, victim.id, known=known, sticky=sticky)
        assert decision.rule_version == RULE[decision.rule_id].version
        assert decision.rule_id == decision.signs[0]
        assert decision.automatic or decision.unit is not None or decision.route is Route.NO_ROUTE
        assert (decision.hold is not None) == (decision.route in {Route.HELD, Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE})
        assert decision.hold is not None or not (decision.missing or decision.destinations)


@MANY
@given(occurrences(), KNOWN, STICKY)
def test_the_automatic_way_is_only_open_where_nothing_holds(record: Occurrence, known: KnownElsewhere, sticky: set[str]) -> None:
    """Said the other way round, from the record and not from the rules."""
    for victim in record.victims:
        if decide(record, victim.id, known=known, sticky=sticky).automatic:
            rows = [BY_CODE.get(offence.code) for offence in record.offences]
            assert rows
            assert all(row is not None and row.family is Family.NON_SPECIALIST for row in rows)
            assert record.record_type is not RecordType.N100
            assert record.status in {Status.OPEN, Status.CLOSED}
            assert [getattr(record.flags, name) for name in FLAGS] == [False, False, False]
            assert (record.markers, record.dash_risk, bool(record.restricted)) == ((), None, False)
            assert (known, sticky) == (KnownElsewhere(), set())
            assert victim.kind is not VictimKind.POLICE_OFFICER
            assert victim.kind is VictimKind.BUSINESS or victim.date_of_birth is not None
            assert victim.representative is None or victim.representative.linked_to_suspect is False
            assert not any(one.deceased for one in record.victims)


@MANY
@given(occurrences(ids=("V1", "V2"), least=2))
def test_one_victims_sign_of_the_case_holds_the_other(record: Occurrence) -> None:
    """The most careful crime, and the closest relationship, decide for everyone in the occurrence."""
    for name, careful in (("relationship_to_suspect", Relationship.PARTNER), ("deceased", True)):
        turned = with_victim(record, "V1", **{name: careful})
        assert not decide(turned, "V2").automatic


@MANY
@given(occurrences(), st.text(max_size=6))
def test_no_text_in_place_of_a_class_is_automatic_unless_it_is_one(record: Occurrence, text: str) -> None:
    turned = replace(record, offences=(Offence(text),))
    known = text.strip().upper().replace(" ", "") in BY_CODE
    for victim in turned.victims:
        assert known or not decide(turned, victim.id).automatic


@MANY
@given(occurrences())
def test_hate_crime_changes_no_route(record: Occurrence) -> None:
    for victim in record.victims:
        decisions = {
            decide(replace(record, flags=Flags(**{name: getattr(record.flags, name) for name in FLAGS}, hate_crime=hate)), victim.id)
            for hate in (True, False, None)
        }
        assert len(decisions) == 1
        assert victim_of(record, victim.id) == victim
