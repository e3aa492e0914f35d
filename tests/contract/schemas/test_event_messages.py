"""What each kind of event becomes, and everything for which one is refused. The tables over every field stand in test_records_faults.py.

Must not test what follows from an event.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain import events as domain
from chalicelib.domain.model import Channel
from chalicelib.schemas.bodies import Fault
from chalicelib.schemas.events import MESSAGES
from chalicelib.schemas.records import Parsed, Rejected, parse_archived, parse_record
from tests import builders
from tests.builders import NOW, body, eventbridge, iso
from tests.contract.schemas.full_records import EVENTS, KEYS
from tests.contract.schemas.paths import put, required_paths

Type = domain.EventType
JUST = NOW - timedelta(minutes=1)
REFERENCE = "26000712345"


def accepted(record, now: datetime = NOW) -> Parsed:
    result = parse_record(body(record), now=now, allow_reserved=True)
    assert isinstance(result, Parsed), result
    return result


def refused(record, now: datetime = NOW) -> tuple[Fault, ...]:
    result = parse_record(body(record), now=now, allow_reserved=True)
    assert isinstance(result, Rejected), result
    assert result.reference == REFERENCE
    assert result.kind == record["kind"]
    return result.faults


def bare(kind: str):
    """The event of that kind with nothing but what it must have."""
    needed = {path.rpartition(".")[2] for path in required_paths(kind) if "." in path}
    full = EVENTS[kind]
    return full | {KEYS[kind]: {name: value for name, value in full[KEYS[kind]].items() if name in needed}}


WHOLE = [
    (
        builders.contact_message(covers_event_ids=["E-2", "E-1", "E-2"], covers=["update", "referral", "update"]),
        domain.ContactRecorded(
            REFERENCE, "C-1", "V1", JUST, domain.Result.SPOKEN, frozenset({domain.Covered.UPDATE, domain.Covered.REFERRAL}), ("E-1", "E-2"),
            Channel.PHONE, "2345", date(2026, 11, 30),
        ),
    ),
    (
        builders.change_message(),
        domain.AgreementChanged(REFERENCE, "A-1", "V1", JUST, 14, Channel.SMS, date(2026, 12, 4), declined=False, by="victim"),
    ),
    (
        builders.change_message(every_days=None, method=None, next_update_on=None, declined=True, by="2345"),
        domain.AgreementChanged(REFERENCE, "A-1", "V1", JUST, declined=True, by="2345"),
    ),
    (builders.done_message("task-7"), domain.TaskDone(REFERENCE, "T-1", "task-7", JUST, domain.Step.DONE, "7001")),
    (builders.done_message("task-7", step="picked_up"), domain.TaskDone(REFERENCE, "T-1", "task-7", JUST, domain.Step.PICKED_UP, "7001")),
    (builders.release_message(), domain.HoldReleased(REFERENCE, "H-1", "V1", JUST, "7001", "Flag set in error.")),
    (builders.letter_message(), domain.LetterReturned(REFERENCE, "L-1", "V1", JUST)),
    (
        builders.hearing_message(),
        domain.InvestigationEvent(
            REFERENCE, "E-1", Type.HEARING_LISTED, JUST, hearing=domain.Hearing(NOW + timedelta(days=42), "Derby Magistrates' Court")
        ),
    ),
    (
        builders.event_message(victim_ids=["V2", "V1", "V2"], hearing={}),
        domain.InvestigationEvent(
            REFERENCE, "E-1", Type.ARRESTED, JUST, victim_ids=frozenset({"V1", "V2"}), hearing=domain.Hearing(None, None)
        ),
    ),
    (
        builders.event_message(victim_ids=[]),
        domain.InvestigationEvent(REFERENCE, "E-1", Type.ARRESTED, JUST, victim_ids=frozenset()),
    ),
    (
        builders.event_message(
            "not_prosecuted", event_id="E-2", happened_at="2026-11-18T10:00:00+00:00", received_at="2026-11-19T10:00:00+01:00",
            reason=" Not enough\nevidence. ", victim_ids=["V1"], suspect_interviewed=True, all_suspects_and_charges=True,
            charged_other_offence=False, victim_supports=True, decided_by="cps", hearing={"court": " "}, corrects=" E-1 ", withdrawn=True,
        ),
        domain.InvestigationEvent(
            REFERENCE, "E-2", Type.NOT_PROSECUTED, datetime(2026, 11, 18, 10, tzinfo=UTC), datetime(2026, 11, 19, 9, tzinfo=UTC),
            "Not enough evidence.", frozenset({"V1"}), True, True, False, True, domain.DecidedBy.CPS, domain.Hearing(None, None), "E-1",
            True,
        ),
    ),
    (builders.event_message(withdrawn=True), domain.InvestigationEvent(REFERENCE, "E-1", Type.ARRESTED, JUST, withdrawn=True)),
    (builders.event_message(withdrawn=None, reason=" "), domain.InvestigationEvent(REFERENCE, "E-1", Type.ARRESTED, JUST)),
    *(
        (builders.review_message(step.value), domain.ReviewStepped(REFERENCE, "R-1", "V1", JUST, step))
        for step in domain.ReviewStep
    ),
]  # fmt: skip


@pytest.mark.parametrize(("record", "event"), WHOLE, ids=[f"{record['kind']}-{number}" for number, (record, _) in enumerate(WHOLE)])
def test_an_event_is_read_whole(record, event):
    parsed = accepted(record)
    assert (parsed.kind, parsed.occurrence, parsed.officer, parsed.event) == (record["kind"], None, None, event)
    assert isinstance(parsed.event, domain.KINDS[record["kind"]])


BARE = {
    "contact_recorded": domain.ContactRecorded(REFERENCE, "C-1", "V1", datetime(2026, 11, 18, 15, tzinfo=UTC)),
    "agreement_changed": domain.AgreementChanged(REFERENCE, "A-1", "V1", datetime(2026, 11, 18, 15, tzinfo=UTC)),
    "task_done": domain.TaskDone(REFERENCE, "T-1", "0" * 32, JUST),
    "hold_released": domain.HoldReleased(REFERENCE, "H-1", "V1", JUST, "7001", "Flag set in error."),
    "letter_returned": domain.LetterReturned(REFERENCE, "L-1", "V1", JUST),
    "investigation_event": domain.InvestigationEvent(REFERENCE, "E-1", Type.HEARING_LISTED, JUST),
    "review": domain.ReviewStepped(REFERENCE, "R-1", "V1", JUST, domain.ReviewStep.REQUESTED),
}


@pytest.mark.parametrize("kind", BARE)
def test_an_event_needs_no_more_than_it_must_have_and_absent_is_null(kind):
    record = bare(kind)
    nulls = put(record, KEYS[kind], dict.fromkeys(EVENTS[kind][KEYS[kind]]) | record[KEYS[kind]])
    assert accepted(record).event == BARE[kind]
    assert accepted(nulls).event == BARE[kind]
    assert accepted(nulls).content_hash == accepted(record).content_hash


def test_every_kind_of_the_domain_is_read():
    assert MESSAGES.keys() == KEYS.keys() == domain.KINDS.keys() == BARE.keys() == EVENTS.keys()


REQUIRED = {
    "contact_recorded": ["contacted_at", "event_id", "reference", "victim_id"],
    "agreement_changed": ["at", "event_id", "reference", "victim_id"],
    "task_done": ["at", "event_id", "reference", "task"],
    "hold_released": ["at", "by", "event_id", "reason", "reference", "victim_id"],
    "letter_returned": ["at", "event_id", "reference", "victim_id"],
    "investigation_event": ["event_id", "happened_at", "reference", "type"],
    "review": ["at", "event_id", "reference", "step", "victim_id"],
}


@pytest.mark.parametrize("kind", REQUIRED)
def test_the_model_requires_what_the_contract_requires(kind):
    inner = [f"{KEYS[kind]}.{name}" for name in REQUIRED[kind]]
    assert sorted(required_paths(kind)) == sorted(["contract", "kind", "message_id", "sent_at", KEYS[kind], *inner])


@pytest.mark.parametrize("covers", [None, []])
def test_a_contact_that_names_nothing_is_about_the_update(covers):
    record = builders.contact_message(covers=covers)
    assert accepted(record).event.covers == {domain.Covered.UPDATE}
    assert accepted(record).content_hash == accepted(builders.contact_message()).content_hash


@pytest.mark.parametrize(
    ("method", "kept"),
    [("phone", Channel.PHONE), ("email", Channel.EMAIL), ("letter", Channel.LETTER), ("sms", Channel.SMS), ("in person", None),
     ("Phone", None), ("=cmd", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_contact_may_have_been_made_in_any_way(method, kept):
    assert accepted(builders.contact_message(method=method)).event.method is kept


TRIES = {"message_left", "no_answer"}


@pytest.mark.parametrize("result", list(domain.Result))
def test_a_try_did_not_reach(result):
    assert accepted(builders.contact_message(result=result.value)).event.reached is (result not in TRIES)


OUT_OF_RANGE = [
    (builders.contact_message(contacted_at="2026-11-20T10:36:01+00:00"), "contact.contacted_at", "in the future"),
    (builders.contact_message(result="shouted"), "contact.result",
     "must be 'spoken', 'message_left', 'no_answer', 'sent' or 'given_by_hand'"),
    (builders.contact_message(covers=["update", "weather"]), "contact.covers[1]",
     "must be 'update', 'written_acknowledgement', 'referral', 'needs_assessment' or 'vps_offered'"),
    (builders.contact_message(covers="update"), "contact.covers", "must be a list"),
    (builders.contact_message(by="x" * 501), "contact.by", "longer than 500 characters"),
    (builders.contact_message(victim_id=" "), "contact.victim_id", "must not be blank"),
    (builders.contact_message(event_id="😀" * 300), "contact.event_id", "longer than 1000 bytes"),
    (builders.change_message(at="2026-11-21T00:00:00Z"), "change.at", "in the future"),
    (builders.change_message(every_days=0), "change.every_days", "too small"),
    (builders.change_message(every_days=3651), "change.every_days", "too large"),
    (builders.change_message(every_days=1.0), "change.every_days", "must be a whole number"),
    (builders.change_message(every_days="14"), "change.every_days", "must be a whole number"),
    (builders.change_message(method="pigeon"), "change.method", "must be 'email', 'sms', 'letter' or 'phone'"),
    (builders.change_message(next_update_on="9999-12-31"), "change.next_update_on", "after 2199"),
    (builders.change_message(declined="no"), "change.declined", "must be true, false or null"),
    (builders.done_message(""), "done.task", "must not be blank"),
    (builders.done_message(step="begun"), "done.step", "must be 'picked_up' or 'done'"),
    (builders.release_message(by=" \n"), "release.by", "must not be blank"),
    (builders.release_message(reason="\u200b"), "release.reason", "must not be blank"),
    (builders.release_message(reason="x" * 501), "release.reason", "longer than 500 characters"),
    (builders.letter_message(at="2026-11-19"), "letter.at", "must be an ISO 8601 time with an offset"),
    (builders.hearing_message(happened_at="2026-11-21T00:00:00Z"), "event.happened_at", "in the future"),
    (builders.hearing_message(received_at="2026-11-21T00:00:00Z"), "event.received_at", "in the future"),
    (builders.hearing_message(victim_ids="V1"), "event.victim_ids", "must be a list"),
    (builders.hearing_message(victim_ids=["V1", ""]), "event.victim_ids[1]", "must not be blank"),
    (builders.hearing_message(hearing={"at": "soon", "court": None}), "event.hearing.at", "must be an ISO 8601 time with an offset"),
    (builders.hearing_message(hearing={"at": "2200-01-01T00:00:00Z"}), "event.hearing.at", "after 2199"),
    (builders.hearing_message(decided_by="jury"), "event.decided_by", "must be 'police' or 'cps'"),
    (builders.event_message(reason="x" * 501), "event.reason", "longer than 500 characters"),
    (builders.event_message(withdrawn="yes"), "event.withdrawn", "must be true, false or null"),
    (builders.event_message(suspect_interviewed="no"), "event.suspect_interviewed", "must be true, false or null"),
    (builders.event_message(corrects=["E-0"]), "event.corrects", "must be text"),
    (builders.event_message(corrects="E-1"), "event.corrects", "names its own event_id"),
    (builders.event_message(corrects="\u200bE-1 "), "event.corrects", "names its own event_id"),
    (builders.event_message(event_id="E-0", corrects="E-0", withdrawn=True), "event.corrects", "names its own event_id"),
    (builders.review_message("thought about"), "review.step", "must be 'requested', 'acknowledged' or 'decided'"),
    (builders.review_message(at="2026-11-21T00:00:00Z"), "review.at", "in the future"),
    (builders.review_message(victim_id=""), "review.victim_id", "must not be blank"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "path", "reason"), OUT_OF_RANGE, ids=[f"{path}-{reason[:30]}" for _, path, reason in OUT_OF_RANGE])
def test_a_value_that_cannot_be_true_is_named(record, path, reason):
    assert refused(record) == (Fault(path, reason),)


@pytest.mark.parametrize("build", [builders.contact_message, builders.change_message])
def test_a_next_update_that_had_passed_is_a_slip_and_no_fault(build):
    """The contact still counts; the agreement ignores the day."""
    assert accepted(build(now=datetime(2026, 7, 20, 12, tzinfo=UTC), next_update_on="2026-07-10"), datetime(2026, 7, 20, 12, tzinfo=UTC))


@pytest.mark.parametrize("kind", EVENTS)
def test_both_forms_of_a_reference_are_one_occurrence(kind):
    long, short = (accepted(put(EVENTS[kind], f"{KEYS[kind]}.reference", given)) for given in (REFERENCE, "26*712345"))
    assert long.event.reference == REFERENCE
    assert (long.event, long.content_hash, long.canonical) == (short.event, short.content_hash, short.canonical)


@pytest.mark.parametrize("kind", EVENTS)
def test_the_same_event_in_another_envelope_is_equal(kind):
    again = EVENTS[kind] | {"message_id": "m-again", "sent_at": iso(NOW - timedelta(days=1)), "extra": {"email": "MARKED"}}
    again[KEYS[kind]] = again[KEYS[kind]] | {"extra": "MARKED"}
    first, second = accepted(EVENTS[kind]), accepted(eventbridge(again))
    assert (first.event, first.content_hash) == (second.event, second.content_hash)
    assert "MARKED" not in repr(second)


@pytest.mark.parametrize("kind", EVENTS)
def test_other_content_under_one_id_is_other_content(kind):
    hashes = [accepted(EVENTS[kind]).content_hash, accepted(bare(kind)).content_hash]
    later = "at" if "at" in EVENTS[kind][KEYS[kind]] else "contacted_at" if kind == "contact_recorded" else "happened_at"
    hashes.append(accepted(put(EVENTS[kind], f"{KEYS[kind]}.{later}", "2026-11-17T10:00:00+00:00")).content_hash)
    assert len(set(hashes)) == (2 if EVENTS[kind] == bare(kind) else 3)


def test_one_id_in_two_kinds_is_other_content():
    change, letter = bare("agreement_changed"), bare("letter_returned")
    letter["letter"] = dict(change["change"])
    assert accepted(letter).content_hash != accepted(change).content_hash


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_survives_the_archive(kind):
    parsed = accepted(EVENTS[kind])
    again = parse_archived(parsed.canonical, allow_reserved=True)
    assert (again.event, again.content_hash, again.canonical) == (parsed.event, parsed.content_hash, parsed.canonical)
    assert isinstance(parse_record(parsed.canonical, now=NOW - timedelta(days=400), allow_reserved=True), Rejected)


@pytest.mark.parametrize("kind", EVENTS)
def test_clock_skew_of_five_minutes_is_forgiven(kind):
    at = "contacted_at" if kind == "contact_recorded" else "happened_at" if kind == "investigation_event" else "at"
    record = put(EVENTS[kind], f"{KEYS[kind]}.{at}", iso(NOW + timedelta(minutes=5)))
    assert accepted(record)
    assert refused(record, NOW - timedelta(seconds=1)) == (Fault(f"{KEYS[kind]}.{at}", "in the future"),)


CONTRACT_TYPES = (
    "arrested interviewed_under_caution released_no_charge released_on_bail released_under_investigation bail_changed bail_cancelled "
    "not_investigated charged charges_dropped charges_altered out_of_court_disposal not_prosecuted no_suspect_identified response_delayed "
    "hearing_listed required_to_give_evidence warrant_issued court_outcome appeal property_returned vps_offered"
)


@pytest.mark.parametrize("type_", CONTRACT_TYPES.split())
def test_every_type_of_the_contract_is_read_and_may_be_corrected_or_taken_back(type_):
    told = accepted(builders.event_message(type_)).event
    assert told == domain.InvestigationEvent(REFERENCE, "E-1", Type(type_), JUST)
    corrected = accepted(builders.event_message(type_, event_id="E-2", corrects="E-1")).event
    assert (corrected.type, corrected.corrects, corrected.withdrawn) == (type_, "E-1", False)
    taken_back = accepted(builders.event_message(type_, event_id="E-3", corrects="E-1", withdrawn=True)).event
    assert (taken_back.type, taken_back.corrects, taken_back.withdrawn) == (type_, "E-1", True)


def test_there_is_no_other_type():
    assert CONTRACT_TYPES.split() == [kind.value for kind in Type]


@pytest.mark.parametrize("type_", ["Alex Morgan", "", "Hearing_listed", " hearing_listed", 7, True, [], {}, ["arrested"]])
def test_an_unknown_type_is_not_echoed(type_):
    [fault] = refused(builders.event_message(type_))
    *first, last = Type
    words = ", ".join(f"'{kind}'" for kind in first)
    assert (fault.path, fault.reason) == ("event.type", f"must be {words} or '{last}'")


def test_a_missing_type_is_missing():
    assert refused(builders.event_message(type=None)) == (Fault("event.type", "missing"),)


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_under_another_kinds_key_is_missing_and_its_reference_is_read(kind):
    record = {name: value for name, value in EVENTS[kind].items() if name != KEYS[kind]} | {"officer": EVENTS[kind][KEYS[kind]]}
    assert refused(record) == (Fault(KEYS[kind], "missing"),)
