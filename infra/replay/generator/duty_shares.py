"""Shares of what officers, units and victims do in the weeks after the records came.

Must not draw anything; `infra.replay.generator.shares` puts them into the one table.
"""

from __future__ import annotations

from collections.abc import Mapping

_STATED = "[stated]"

DUTY: Mapping[str, tuple[float | Mapping[str, float], str]] = {
    "temper": (
        {"prompt": 42, "late": 22, "absent": 12, "leaves_messages": 14, "careless": 10},
        "[stated] of officers: contacts before an update is due; some working days after; is away over part of the time; tries and rarely "
        "reaches; never contacts anybody",
    ),
    "temper.leaves": (0.01, "[stated] of officers: leaves the force during the run"),
    "absence.begins": ({"3": 1, "5": 1, "8": 1, "10": 1, "14": 1}, "[stated] day of the run"),
    "absence.days": ({"4": 20, "7": 40, "14": 40}, _STATED),
    "absence.announced": ({"-1": 20, "0": 30, "2": 30, "4": 20}, "[stated] days before its first day; -1: the day after"),
    "absence.cover": (0.5, _STATED),
    "absence.cover_contacts": (0.7, "[stated] of what falls due in an absence that has a cover"),
    "contact.days_before": ({"0": 40, "1": 30, "2": 20, "4": 10}, "[stated] of the prompt"),
    "contact.days_after": ({"1": 30, "2": 20, "3": 15, "5": 20, "8": 15}, "[stated] of the late"),
    "contact.result": ({"spoken": 62, "sent": 28, "given_by_hand": 4, "null": 6}, "[stated]; null is spoken in the contract"),
    "contact.method": ({"phone": 60, "email": 22, "sms": 8, "letter": 2, "visit": 4, "null": 4}, _STATED),
    "contact.next_named": (0.35, "[stated] names the day of the next update"),
    "contact.covers_not_said": (0.3, "[stated] of contacts about the update alone; absent is the update in the contract"),
    "contact.acknowledges": (0.25, "[stated] of first contacts with whoever has no paper contract"),
    "contact.refers": (0.2, "[stated] of first contacts with whoever did not object"),
    "contact.assesses": (0.75, "[stated] of first contacts with whoever was not assessed"),
    "contact.first_at_once": (0.6, "[stated] of the prompt: needs are assessed within two days of the record, before any update"),
    "contact.after_closing": (0.15, "[stated] of the contacts that would follow"),
    "try.reaches": (0.12, "[stated] of the tries of whoever leaves messages"),
    "try.before_contact": (0.15, "[stated] of contacts: a try the day before"),
    "try.result": ({"no_answer": 55, "message_left": 45}, _STATED),
    "unit.does": ({"soon": 50, "late": 25, "never": 25}, "[stated] what becomes of a victim's task"),
    "unit.picks_up": (0.4, "[stated] of the tasks that are done: somebody took them up before"),
    "unit.again": (0.2, "[stated] of victims with a task that is done: the next one too"),
    "terms.changed": (0.07, "[stated] of victims"),
    "terms.days": ({"7": 20, "10": 10, "14": 35, "28": 20, "null": 15}, _STATED),
    "terms.day_named": (0.4, _STATED),
    "terms.declined": (0.2, "[stated] of changes"),
    "case.hearing": (0.03, "[stated] a hearing is listed"),
    "case.closes": (0.16, "[stated] of open occurrences"),
    "case.reopens": (0.25, "[stated] of those that closed, and of a third of those that came closed"),
    "case.officer_changes": (0.05, _STATED),
    "hold.released": (0.06, "[stated] of occurrences that say a specialist sign"),
    "hold.corrected_first": (0.75, "[stated] of releases: a version before it takes the sign back"),
    "letter.back": (0.15, "[stated] of victims met once who are written to by letter or have no e-mail"),
    "told.late": (0.05, "[stated] of events: comes days after it happened, behind later ones"),
    "told.late_days": ({"1": 40, "2": 25, "3": 15, "6": 20}, _STATED),
    "told.twice": (0.03, "[stated] of events: the very same body again"),
    "told.before_record": (0.03, "[stated] of victims: a contact comes before the record does"),
}
