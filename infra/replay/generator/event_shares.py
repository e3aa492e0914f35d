"""Shares of key events: what comes before and after an outcome, what records say of it, and when officers tell the victim.

Must not draw anything; `infra.replay.generator.shares` puts them into the one table.
"""

from __future__ import annotations

from collections.abc import Mapping

_STATED = "[stated]"
_CHAIN = "[stated] of crimes with such an outcome: the events before it, in their order; events as in Right 6 {GOVUK-AC}"

KEY_EVENTS: Mapping[str, tuple[float | Mapping[str, float], str]] = {
    "before.charged": (
        {
            "": 30, "interviewed_under_caution": 20, "arrested interviewed_under_caution": 25,
            "arrested interviewed_under_caution released_on_bail": 14,
            "arrested interviewed_under_caution released_on_bail bail_changed": 3,
            "arrested interviewed_under_caution released_on_bail bail_cancelled": 3,
            "arrested interviewed_under_caution released_under_investigation": 5,
        },
        _CHAIN,
    ),
    "before.not_prosecuted": (
        {
            "": 62, "interviewed_under_caution": 20, "arrested interviewed_under_caution released_no_charge": 8,
            "arrested interviewed_under_caution released_on_bail": 4, "arrested released_under_investigation": 4,
            "arrested interviewed_under_caution released_on_bail bail_cancelled": 2,
        },
        _CHAIN,
    ),
    "before.no_suspect": ({"": 97, "response_delayed": 2, "property_returned": 1}, _CHAIN),
    "before.disposal": ({"": 45, "interviewed_under_caution": 40, "arrested interviewed_under_caution": 15}, _CHAIN),
    "after.charged": (
        {
            "": 52, "hearing_listed": 26, "hearing_listed required_to_give_evidence": 5, "hearing_listed court_outcome": 6,
            "hearing_listed court_outcome appeal": 1, "hearing_listed warrant_issued": 2, "charges_altered": 4, "charges_dropped": 3,
            "vps_offered": 1,
        },
        "[stated] of charges: the events after it",
    ),
    "after.decision": ({"": 98, "property_returned": 2}, "[stated] of decisions not to prosecute: the events after it"),
    "after.nothing": ({"": 1}, "[stated] nothing follows"),
    "chain.days": ({"0": 35, "1": 30, "2": 20, "5": 15}, "[stated] between two events of one crime"),
    "event.weekend": (0.3, "[stated] of what would fall on a weekend: stays there, the rest waits until Monday"),
    "event.otherwise": (0.15, "[stated] of open crimes without an outcome: a key event over the days of the run"),
    "event.type": (
        {
            "arrested": 14, "interviewed_under_caution": 14, "released_no_charge": 6, "released_on_bail": 8,
            "released_under_investigation": 8, "bail_changed": 5, "bail_cancelled": 4, "not_investigated": 10, "response_delayed": 9,
            "property_returned": 7, "vps_offered": 7, "required_to_give_evidence": 3, "warrant_issued": 2, "court_outcome": 4, "appeal": 5,
            "charges_dropped": 3, "charges_altered": 3,
        },
        "[stated] of those: which; every type of the contract occurs, here or by an outcome",
    ),
    "event.before_record": (0.01, "[stated] of crimes with a key event: an arrest that comes before the record does"),
    "event.reason": ({"harmless": 80, "none": 12, "naming": 8}, "[stated]; naming: what no message may repeat"),
    "event.reason_otherwise": ({"harmless": 10, "none": 87, "naming": 3}, "[stated] of news of court, returned property, statements"),
    "event.some_victims": (0.2, "[stated] of events of several victims: concerns the first alone"),
    "event.received": ({"null": 25, "0": 45, "1": 20, "2": 10}, "[stated] days after news of court until the force had it"),
    "event.interviewed": ({"true": 62, "false": 28, "null": 10}, "[stated] of decisions not to prosecute, but after an interview"),
    "event.all_charges": ({"true": 84, "false": 9, "null": 7}, _STATED),
    "event.other_offence": ({"true": 5, "false": 88, "null": 7}, _STATED),
    "event.supports": ({"true": 52, "false": 40, "null": 8}, _STATED),
    "event.decided_by": ({"police": 78, "cps": 15, "null": 7}, _STATED),
    "event.corrected": (0.035, "[stated] of events: a later one takes its place or takes it back"),
    "event.correction": ({"reason": 45, "type": 25, "withdrawn": 30}, "[stated] what of it"),
    "event.corrected_days": ({"0": 35, "1": 30, "2": 20, "4": 15}, "[stated] 0: the same evening, before anything left"),
    "event.task_done": (0.3, "[stated] of events and victims: somebody does a task of the victim some days later"),
    "review.requested": (0.05, "[stated] of decisions not to prosecute and victims"),
    "review.days": ({"1": 20, "3": 40, "7": 40}, "[stated] from one step to the next"),
    "review.acknowledged": (0.8, _STATED),
    "review.decided": (0.5, "[stated] of those acknowledged"),
    "tell.needed": (0.9, "[stated] of events that plainly need a person (no fit reason, a sign, enhanced rights): told at all"),
    "tell.anyway": (0.25, "[stated] of all other events; [INF] most officers leave to a message what a message says"),
    "tell.days_after": ({"0": 50, "1": 35, "2": 15}, "[stated] of the prompt and of those who are there"),
    "tell.court_days": ({"0": 35, "1": 40, "3": 15, "never": 10}, "[stated] of Witness Care, after the force had the news"),
    "tell.covers": ({"update": 60, "null": 30, "vps_offered": 10}, "[stated] what else the contact covers; absent is the update"),
}  # fmt: skip
