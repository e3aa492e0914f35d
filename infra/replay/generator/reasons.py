"""Reasons as officers might write them: plain ones, and ones that no message may repeat. All fictional.

`HARMLESS` name nobody and no place, and say nothing of a bail condition; the run's first line lists them, and the expectation goes by that
list. Must not hold anything of a real case.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from infra.replay.generator import names
from infra.replay.generator.shares import draw

_SUSPECT = (
    "The suspect was identified from forensic evidence.",
    "A suspect was identified from CCTV footage.",
    "Evidence linked the suspect to the offence.",
)
_INTERVIEW = ("The suspect was interviewed and denied the offence.", "The suspect was asked about the offence under caution.")
_OPEN = (
    "There is not enough evidence to charge the suspect at present.",
    "Enquiries continue and the results of forensic tests are awaited.",
    "More enquiries are needed before a decision can be made.",
    "The CPS has been asked for advice.",
)
_NOT_ENOUGH = (
    "There is not enough evidence for a realistic prospect of conviction.",
    "Evidential difficulties.",
    "It is not in the public interest to prosecute.",
    "The victim withdrew support.",
)
_BAIL = ("The circumstances of the suspect have changed.", "The enquiries that made bail necessary are completed.")
_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "arrested": _SUSPECT,
    "interviewed_under_caution": _INTERVIEW,
    "released_no_charge": _NOT_ENOUGH[:2],
    "released_on_bail": _OPEN,
    "released_under_investigation": _OPEN,
    "bail_changed": _BAIL,
    "bail_cancelled": _BAIL,
    "not_investigated": (
        "There are no lines of enquiry that could identify a suspect.",
        "The cost of an investigation would not be proportionate.",
        "Another organisation has the powers to deal with it.",
    ),
    "charged": ("There is enough evidence for a realistic prospect of conviction.", "The CPS decided that there is enough evidence."),
    "charges_dropped": _NOT_ENOUGH,
    "charges_altered": ("Fresh evidence was received and the case was reviewed.", "The evidence supports another charge."),
    "out_of_court_disposal": (
        "The suspect accepted the offence and was cautioned.",
        "A local resolution was proportionate in the circumstances.",
    ),
    "not_prosecuted": _NOT_ENOUGH,
    "no_suspect_identified": (
        "No CCTV or forensic evidence was found.",
        "All lines of enquiry are completed and nobody was identified.",
    ),
    "response_delayed": ("All available officers were at more urgent calls.", "No officer was available in time."),
}
_ANY = ("The case was reviewed.",)
HARMLESS: tuple[str, ...] = tuple(dict.fromkeys(text for texts in (*_BY_TYPE.values(), _ANY) for text in texts))
"""Every text that may stand in a message, unless a word of it is a name or an address of the case."""
_NAMING = (
    "{given} {family} was seen near the house.",
    "{family} accepted it when interviewed.",
    "The suspect may not go to {street}.",
    "Ring 07700 900123 about this decision.",
    "A neighbour of the victim saw it.",
    "The suspect must not contact a former partner.",
    "Ask officer 2345 for the reason.",
    "see log",
)
"""Names, places, numbers, bail conditions, relations, and what is no reason."""


def reason(rng: Random, kind: str) -> str | None:
    """A reason for a key event of this type, by the stated shares; None: none is given."""
    manner = draw(rng, "event.reason" if kind in _BY_TYPE else "event.reason_otherwise")
    if manner == "none":
        return None
    if manner == "harmless":
        return rng.choice(_BY_TYPE.get(kind, _ANY))
    return rng.choice(_NAMING).format(given=rng.choice(names.GIVEN), family=rng.choice(names.FAMILY), street=rng.choice(names.STREETS))
