"""Shares of what goes wrong between the records system and us, and of what is only known later.

Must not draw anything; `infra.replay.generator.shares` puts them into the one table.
"""

from __future__ import annotations

from collections.abc import Mapping

_STATED = "[stated]"

DELIVERY: Mapping[str, tuple[float | Mapping[str, float], str]] = {
    "delivery.twice": (0.02, "[stated] the very same body again"),
    "delivery.twice_at_once": (0.5, "[stated] of those: in the same wave"),
    "delivery.resent": (0.005, "[stated] the same version in another envelope"),
    "delivery.evening": (
        {
            "": 92.7, "updated": 3.0, "out_of_order": 0.8, "late_flag": 0.7, "late_flag_out_of_order": 0.15, "removed": 0.2,
            "opted_out": 0.25, "conflict": 0.15, "malformed": 1.0,
        },
        "[stated] share of occurrences, in the evening of the run (day 0), before anything left",
    ),
    "delivery.second_look": (
        {
            "": 96.1, "late_flag": 0.5, "opted_out": 0.7, "corrected_points": 0.4, "removed": 0.15, "closed": 0.6, "cancelled": 0.15,
            "transferred": 0.15, "stale": 0.3, "twice": 0.3, "do_not_contact": 0.15, "reclassified": 0.2, "malformed": 0.1, "updated": 0.2,
        },
        "[stated] share of occurrences two days later (day 2), after the messages left",
    ),
    "delivery.first_version": ({"1": 97, "2": 2, "5": 1}, "[stated] number of the first version that is sent"),
    "updated": ({"summary": 40, "class": 15, "officer": 15, "place": 15, "closed": 15}, "[stated] what a later version changes"),
    "linked.alike": (0.7, "[stated] of linked records: the same officer, and the same said of the victim"),
    "late_flag": ({"flag": 60, "dash": 15, "relationship": 15, "marker": 10}, "[stated] how a later version says domestic abuse"),
    "reclassified": ({"8Q": 30, "3B": 20, "19C": 20, "20A": 15, "5D": 10, "1": 5}, _STATED),
    "malformed.course": (
        {"then_good": 45, "good_in_second_look": 12, "never_good": 25, "after_good": 10, "between_good": 8},
        "[stated] what becomes of a malformed body's occurrence",
    ),
    "malformed.twice": (0.2, "[stated] of the malformed bodies"),
    "malformed.word_of_victim": (0.5, "[stated] of the wrong words, where there is a victim"),
    "malformed.kind": (
        {
            "not_json": 8, "not_an_object": 2, "wrong_contract": 4, "missing_contract": 2, "unknown_kind": 4, "missing_field": 16,
            "missing_reference": 4, "short_reference": 4, "future_year_reference": 2, "wrong_word": 18, "missing_flag": 5,
            "word_for_flag": 3,
            "recorded_before_reported": 4, "in_the_future": 3, "offence_after_report": 3, "offence_backwards": 2, "bad_birth_date": 5,
            "no_offset": 4, "text_for_number": 4, "no_offence": 2, "victim_twice": 3, "key_twice": 1, "too_long": 2, "not_a_number": 1,
        },
        _STATED,
    ),
}  # fmt: skip
