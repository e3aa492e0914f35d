"""What the expectation says of key events that a message may tell, written out by hand from docs/events.md; and that the product agrees.

Must not use the product to say what is right. Counted from Tuesday 24 November 2026, 20:05; the acknowledgement of an ordinary burglary
leaves at 08:00 on Wednesday.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.replay.event_funnel import share
from infra.replay.expectation.__main__ import expected
from infra.replay.funnel import differences
from infra.replay.generator.reasons import HARMLESS
from tests import builders
from tests.replay.expectation_house import Replayed
from tests.replay.expectation_lines import EVENING, at, counts, record
from tests.replay.test_expectation_news import contacted, declined, sent

Line = dict[str, Any]
Told = list[tuple[int, Line]]
"""Messages, each with the day on which it comes."""
ABUSE = builders.flags(domestic_abuse=True)
REASON = HARMLESS[0]
CASE = "There is enough evidence for a realistic prospect of conviction."
FACTS = {
    "suspect_interviewed": True, "all_suspects_and_charges": True, "charged_other_offence": False, "victim_supports": True,
    "decided_by": "police",
}  # fmt: skip
OFFICER = "officer"


def plain(**facts: Any) -> Line:
    """A victim without enhanced rights, whom e-mail reaches."""
    return builders.victim(**{"enhanced": builders.enhanced(eligible=False, reasons=[]), "update_agreement": None, **facts})


def crime(version: int = 1, *victims: Line, **facts: Any) -> Line:
    return record(version, victims=list(victims) or [plain()], **facts)


def event(kind: str = "charged", day: int = 24, **said: Any) -> Line:
    return builders.event_message(kind, **{"happened_at": builders.iso(at(day)), "reason": REASON, **FACTS, **said})


def letters(**facts: Any) -> Line:
    safety = builders.contact_safety(safe_channels=["letter"])
    return plain(preferred_channel="letter", contact_safety=safety, **facts)


def texts() -> Line:
    return plain(preferred_channel="sms", contact_safety=builders.contact_safety(safe_channels=["sms", "email"]))


BUSINESS = builders.business(update_agreement=None)
UNREACHED = {"contact_safety": None, "email": None, "mobile": None}
ROBBERY = [builders.offence("39")]
PHONE = {
    "contact_safety": builders.contact_safety(safe_channels=["email", "phone"]),
    "update_agreement": builders.update_agreement(method="phone"),
}
KEY_EVENTS_ONLY = builders.update_agreement(every_days=None, next_update_on=None)
ASSESSED = builders.enhanced(assessed_at=builders.iso(at(26)))
IN_TIME, OPEN, LATE = {"event/met_in_time": 1}, {"event/open": 1}, {"event/late": 1}
DELIVERED, HELD = "victim/email/event/delivered", "victim/email/event/held"
STORIES: list[tuple[str, Told, int, dict[str, int]]] = [
    ("a message tells it the next morning", [(0, crime()), (0, event())], 1, {**IN_TIME, DELIVERED: 1}),
    ("before its occurrence", [(0, event()), (2, crime())], 3, {**IN_TIME, DELIVERED: 1}),
    ("without an occurrence it waits", [(0, event())], 3, {}),
    ("two of one evening are one message",
     [(0, crime()), (0, event("arrested")), (0, event(event_id="E-2"))], 1,
     {"event/met_in_time": 2, DELIVERED: 1}),
    ("two of two evenings are two",
     [(0, crime()), (0, event("arrested")), (1, event(day=25, event_id="E-2"))], 2,
     {"event/met_in_time": 2, DELIVERED: 2}),
    ("bad news at nine, the rest at eight",
     [(0, crime()), (0, event()), (0, event("no_suspect_identified", event_id="E-2"))], 1,
     {"event/met_in_time": 2, DELIVERED: 2}),
    ("bad news of a Friday evening waits until Monday", [(0, crime()), (3, event("no_suspect_identified", 27))], 5, {**OPEN, HELD: 1}),
    ("and leaves then", [(0, crime()), (3, event("no_suspect_identified", 27))], 6, {**IN_TIME, DELIVERED: 1}),
    ("never before the acknowledgement", [(0, crime(offences=ROBBERY)), (0, event())], 1, {**OPEN, HELD: 1}),
    ("which goes first", [(0, crime(offences=ROBBERY)), (0, event())], 2, {**IN_TIME, DELIVERED: 1}),
    ("five working days", [(0, crime(1, plain(**UNREACHED))), (0, event())], 7, {**OPEN, "officer/event_by_officer/open": 1}),
    ("and no more", [(0, crime(1, plain(**UNREACHED))), (0, event())], 8, {**LATE, "officer/event_by_officer/late": 1}),
    (
        "the same day, and already over: the officer is asked as well",
        [(0, crime()), (0, event("response_delayed"))], 1, {"event/met_late": 1, DELIVERED: 1, "officer/event_by_officer/waived": 1},
    ),
    ("enhanced rights: bad news in person, within a day",
     [(0, record()), (0, event("no_suspect_identified"))], 2,
     {**LATE, "officer/event_in_person/late": 1}),
    (
        "enhanced rights: told in person", [(0, record()), (0, event("no_suspect_identified")), (1, contacted(25))], 2,
        {**IN_TIME, "officer/event_in_person/met": 1},
    ),
    ("enhanced rights: other news by message", [(0, record()), (0, event())], 1, {**IN_TIME, DELIVERED: 1}),
    (
        "assessed after the day was over: one day from then",
        [
            (0, crime(1, plain(**UNREACHED))), (0, event()),
            (2, sent(26, crime(2, plain(**UNREACHED, enhanced=ASSESSED))))
        ], 3,
        {**OPEN, "officer/event_by_officer/open": 1},
    ),
    ("hate crime counts from the start",
     [(0, crime(flags=builders.flags(hate_crime=True))), (0, event("not_prosecuted"))], 2,
     {**LATE, "officer/event_in_person/late": 1}),
    ("without a reason", [(0, crime()), (0, event(reason=None))], 1, {**OPEN, "officer/event_without_reason/open": 1}),
    ("a reason that names somebody",
     [(0, crime()), (0, event(reason="Kieran Bexley was seen."))], 1,
     {**OPEN, "officer/event_without_reason/open": 1}),
    (
        "a word of the place in the reason", [(0, crime(location={"text": "Prospect Street", "district": "Derby"})),
         (0, event(reason=CASE))], 1,
        {**OPEN, "officer/event_without_reason/open": 1},
    ),
    ("returned property needs none", [(0, crime()), (0, event("property_returned", reason=None))], 1, {**IN_TIME, DELIVERED: 1}),
    ("a fact that is open: the officer decides on the review",
     [(0, crime()), (0, event("not_prosecuted", victim_supports=None))], 1,
     {**OPEN, "officer/right_to_review/open": 1}),
    ("every fact known", [(0, crime()), (0, event("not_prosecuted"))], 1, {**IN_TIME, DELIVERED: 1}),
    (
        "a suspect whom the victim knows", [(0, crime(1, plain(relationship_to_suspect="acquaintance"), offences=ROBBERY)),
         (0, event("released_on_bail"))], 2,
        {**OPEN, "officer/event_in_person/open": 1},
    ),
    ("a disposal asks for the victim's views",
     [(0, crime()), (0, event("out_of_court_disposal"))], 1,
     {**IN_TIME, DELIVERED: 1, "officer/views_sought/open": 1}),
    ("domestic abuse: people alone, within a day",
     [(0, crime(flags=ABUSE)), (0, event())], 2,
     {**LATE, "officer/event_by_person/late": 1, "victim_care_unit/event_by_person/late": 1}),
    ("a text is no evidence", [(0, crime(1, texts())), (0, event())], 1, {**OPEN, "victim/sms/event/delivered": 1}),
    ("a letter is one after two working days", [(0, crime(1, letters())), (0, event())], 2, {**OPEN, "victim/letter/event/sent": 1}),
    ("and met then", [(0, crime(1, letters())), (0, event())], 4, {**IN_TIME, "victim/letter/event/delivered": 1}),
    (
        "a letter that comes back", [(0, crime(1, letters())), (0, event()), (2, builders.letter_message(at=builders.iso(at(26))))], 4,
        {**OPEN, "victim/letter/event/bounced": 1, "officer/event_by_officer/open": 1},
    ),
    (
        "by telephone", [(0, crime(1, plain(**PHONE))), (0, event())], 1,
        {**OPEN, "officer/event_by_officer/open": 1},
    ),
    (
        "corrected the same evening: the first is never told", [(0, crime()), (0, event("arrested")),
         (0, event(event_id="E-2", corrects="E-1"))], 1,
        {"event/waived": 1, "event/met_in_time": 1, DELIVERED: 1},
    ),
    (
        "corrected when it was told", [(0, crime()), (0, event("arrested")), (1, event(day=25, event_id="E-2", corrects="E-1"))], 2,
        {"event/met_in_time": 2, DELIVERED: 2},
    ),
    ("taken back the same evening: nothing is told",
     [(0, crime()), (0, event()), (0, event(event_id="E-2", corrects="E-1", withdrawn=True))], 1,
     {"event/waived": 1}),
    (
        "taken back when it was told: that is told", [(0, crime()), (0, event()),
         (1, event(day=25, event_id="E-2", corrects="E-1", withdrawn=True))], 2,
        {"event/met_in_time": 2, DELIVERED: 2},
    ),
    (
        "a correction that does not name a victim any more takes it back", [(0, crime(1, plain(), plain(id="V2"))), (0, event()),
         (1, event(day=25, event_id="E-2", corrects="E-1", victim_ids=["V2"]))], 2,
        {"event/met_in_time": 4, DELIVERED: 4},
    ),
    ("declined", [(0, crime()), (0, declined(24)), (0, event())], 1, {"event/waived": 1}),
    ("key events only is owed these",
     [(0, crime(1, plain(update_agreement=KEY_EVENTS_ONLY))), (0, event())], 1,
     {**IN_TIME, DELIVERED: 1}),
    ("a business: the acknowledgement is that day's message", [(0, crime(1, BUSINESS)), (0, event())], 1, {**OPEN, HELD: 1}),
    ("a business: and the news the next day's", [(0, crime(1, BUSINESS)), (0, event())], 2, {**IN_TIME, DELIVERED: 1}),
    (
        "told by a person before the message left", [(0, crime()), (0, event()), (0, contacted(24))], 1, {"event/met_in_time": 1},
    ),
    (
        "reclassified while the message waits", [(0, crime()), (3, event("no_suspect_identified", 27)), (4, sent(28, crime
         (2, flags=ABUSE)))], 6,
        {**OPEN, "officer/event_by_person/open": 1, "victim_care_unit/event_by_person/open": 1},
    ),
    (
        "a review that is asked for", [(0, crime()), (1, builders.review_message(at=builders.iso(at(25))))], 2,
        {"review_acknowledged/open": 1, "review_decided/open": 1},
    ),
    (
        "acknowledged and not decided", [(0, crime()), (1, builders.review_message(at=builders.iso(at(25)))),
         (3, builders.review_message("acknowledged", event_id="R-2", at=builders.iso(at(27))))], 4,
        {"review_acknowledged/met_in_time": 1, "review_decided/open": 1},
    ),
]  # fmt: skip
names = "name", "told", "ends", "figures"


def ended(told: Told, ends: int) -> tuple[dict[str, Any], Replayed]:
    """What is expected of these messages, each in a wave of its own, after so many days; and what was played."""
    played = Replayed(EVENING)
    played.play([{"day": day, "wave": wave, "body": json.dumps(each)} for wave, (day, each) in enumerate(told)], ends)
    run = {"run": {"now": builders.iso(EVENING), "ends": ends, "harmless": list(HARMLESS)}}
    return expected(json.dumps(each) for each in (run, *played.fed)), played


def about_news(found: dict[str, Any]) -> dict[str, int]:
    """What is owed of key events and reviews, the tasks and the messages of them."""
    flat: dict[str, int] = {}
    for path, count in counts(found.get("obligations", {})).items():
        kind, *_, state = path.split("/")
        if kind in {"event", "review_acknowledged", "review_decided"}:
            flat[f"{kind}/{state}"] = flat.get(f"{kind}/{state}", 0) + count
    tasks = {
        path: count for path, count in counts(found.get("tasks", {})).items() if any(word in path for word in ("event_", "views", "review"))
    }
    return flat | tasks | {path: count for path, count in counts(found.get("messages", {})).items() if "/event/" in path}


@pytest.mark.parametrize(names, STORIES, ids=[name for name, *_ in STORIES])
def test_events_by_hand_and_by_the_product(name: str, told: Told, ends: int, figures: dict[str, int]) -> None:
    found, played = ended(told, ends)
    assert about_news(found) == figures
    assert differences(found, played.funnel()) == []


def test_the_funnel_tells_types_apart_and_what_waits() -> None:
    elsewhere = event("arrested", reference="26000999999")
    found, played = ended([(0, crime()), (0, event()), (0, event("no_suspect_identified", event_id="E-2", reason=None)), (0, elsewhere)], 9)
    assert found["events"] == {
        "arrested": {"in": 1, "waiting": 1},
        "charged": {"in": 1, "told": {"message": {"in_time": 1}}},
        "no_suspect_identified": {"in": 1, "unmet": {"late": 1}},
    }
    assert differences(found, played.funnel()) == []
    assert share(found["events"]["charged"]).in_time == 1.0
    assert share(found["events"]["arrested"]).in_time is None
    assert share(found["events"]["no_suspect_identified"]).in_time == 0.0
