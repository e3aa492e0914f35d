"""Shares that follow from the kind of crime: Home Office classes in each crime type, victims, businesses, domestic abuse.

Must not draw anything. "[GK]" is general knowledge of national figures of about 2022, rounded and not verified; "[stated]" an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping

VIOLENCE = "Violence and sexual offences"

_GK = "[GK] proportions of England and Wales about 2022, rounded; labels as in {HOCODES}"

CLASSES: Mapping[str, tuple[Mapping[str, float], str]] = {
    VIOLENCE: (
        {
            "8N": 22.0, "105A": 29.2, "8L": 10.9, "8R": 14.0, "8Q": 5.0, "3B": 2.0, "8U": 1.8, "5D": 1.5, "104A": 1.3, "11A": 1.0,
            "8S": 0.6, "8T": 0.4, "104B": 0.6, "8P": 0.4, "105B": 0.4, "8M": 0.2, "106": 0.35, "36": 0.25, "13": 0.06, "5E": 0.1,
            "2": 0.03, "3A": 0.01, "1": 0.03, "4.1": 0.01, "4.4": 0.02, "4.8": 0.01, "4.9": 0.02,
            "20A": 2.60, "19C": 2.20, "22B": 0.55, "19D": 0.55, "88E": 0.55, "17A": 0.45, "20B": 0.35, "21": 0.30, "19F": 0.20, "88A": 0.20,
            "19E": 0.15, "71": 0.12, "17B": 0.12, "19G": 0.10, "19H": 0.08, "22A": 0.06, "23": 0.03, "88C": 0.03, "70": 0.02, "73": 0.02,
        },
        "sexual 8.6% of the type and rape 36% of sexual: 196,889 sexual (70,600 rape) beside 2.1 million violent {ONS22}"
        "; inside violence " + _GK,
    ),
    "Burglary": ({"28E": 56, "28F": 13, "28G": 1, "28H": 0.3, "29A": 0.9, "30C": 23, "30D": 5.6, "31A": 0.2}, _GK),
    "Vehicle crime": ({"45": 55, "48": 29, "126": 13, "37.2": 3}, _GK),
    "Criminal damage and arson": ({"58C": 42, "58A": 22, "58D": 20.5, "58B": 10.5, "58J": 0.5, "56B": 3.4, "56A": 1.1}, _GK),
    "Public order": ({"9A": 74, "66": 16, "9B": 9, "62A": 1}, _GK),
    "Other theft": ({"49": 66, "40": 17, "49A": 10, "41": 2.5, "35": 2.5, "42": 0.8, "43": 0.6, "47": 0.6}, _GK),
    "Shoplifting": ({"46": 100}, "one class of {HOCODES}"),
    "Bicycle theft": ({"44": 100}, "one class of {HOCODES}"),
    "Theft from the person": ({"39": 100}, "one class of {HOCODES}"),
    "Robbery": ({"34B": 89, "34A": 11}, _GK),
    "Drugs": ({"92E": 60, "92D": 17, "92A": 22, "92C": 1}, _GK),
    "Possession of weapons": ({"10D": 52, "10C": 30, "10B": 13, "10A": 2, "90": 2, "81": 1}, _GK),
    "Other crime": (
        {
            "86": 27, "99": 16, "79": 13, "802": 9, "95": 9, "54": 7, "59": 7, "33": 4, "61": 2.5, "38": 1.5, "80": 1.5, "83": 1,
            "24": 0.5, "61A": 0.5, "69": 0.2, "96": 0.2, "76": 0.1,
        },
        _GK,
    ),
    "Anti-social behaviour": ({"9A": 100}, "[stated] for the few incidents that name an offence"),
}  # fmt: skip
"""By crime type of data.police.uk: class to weight (weights need not sum to 100), and the source."""

OLDER_TYPES: Mapping[str, str] = {"Violent crime": VIOLENCE, "Public disorder and weapons": "Public order"}
"""Names that the source used before May 2013. Any other unknown type is recorded without a class."""

SEXUAL = frozenset(
    {
        *("17A", "17B", "19C", "19D", "19E", "19F", "19G", "19H", "20A", "20B", "21", "22A", "22B", "23"),
        *("70", "71", "72", "73", "88A", "88C", "88E", "N100/1", "N100/2", "N100/3"),
    }
)
FATAL = frozenset({"1", "4.1", "4.4", "4.8", "76"})
CONSTABLES = frozenset({"104A", "8S"})
AGGRAVATED = frozenset({"8M", "8P", "9B", "58J", "105B"})
HARASSMENT = frozenset({"8L", "8M", "8Q"})
PERSONAL_TYPES = frozenset({VIOLENCE, "Public order", "Robbery", "Theft from the person", "Possession of weapons"})
"""Crime types whose report concerns a person's own experience: their sources and relationships differ from those of property crime."""

WITHOUT_VICTIM: Mapping[str, float] = {
    "Drugs": 0.99, "Possession of weapons": 0.92, "Other crime": 0.55, "Public order": 0.30, "Anti-social behaviour": 0.80,
    "Criminal damage and arson": 0.01, VIOLENCE: 0.01, "Other theft": 0.01, "Burglary": 0.0, "Vehicle crime": 0.0, "Shoplifting": 0.0,
    "Bicycle theft": 0.0, "Theft from the person": 0.0, "Robbery": 0.0,
}  # fmt: skip
"""Share of occurrences of one row without any victim: crimes against the state have none, and most nuisance calls name nobody."""

BUSINESS: Mapping[str, float] = {
    "46": 0.97, "30C": 0.85, "30D": 0.85, "31A": 0.85, "34A": 1.0, "58B": 0.8, "58D": 0.35, "58C": 0.05, "58A": 0.04, "58J": 0.2,
    "56A": 0.1, "56B": 0.35, "45": 0.10, "48": 0.08, "126": 0.04, "37.2": 0.06, "41": 0.97, "49A": 0.97, "43": 0.95, "47": 0.9,
    "49": 0.22, "42": 0.2, "54": 0.3, "33": 0.3, "61": 0.5, "61A": 0.5, "80": 0.5, "83": 0.5,
}  # fmt: skip
"""Share of victims who are a business or another organisation, by class; none elsewhere."""

DOMESTIC: Mapping[str, float] = {
    "violence": 0.33, "sexual": 0.15, "Criminal damage and arson": 0.13, "Public order": 0.08, "Other crime": 0.06, "Burglary": 0.04,
    "Other theft": 0.04, "Robbery": 0.03, "Vehicle crime": 0.02, "Theft from the person": 0.02, "Possession of weapons": 0.02,
    "Bicycle theft": 0.005, "Shoplifting": 0.0, "Drugs": 0.0, "Anti-social behaviour": 0.01,
}  # fmt: skip
"""Share that is domestic abuse, by crime type, violence apart from sexual offences. Coercive control (8U) always is."""

CHILD: Mapping[str, float] = {
    "violence": 0.14, "sexual": 0.30, "Theft from the person": 0.05, "Robbery": 0.20, "Bicycle theft": 0.08, "Public order": 0.05,
    "Other crime": 0.10, "Anti-social behaviour": 0.02,
}  # fmt: skip
"""Share of persons under 18, by crime type; `victim.child_otherwise` elsewhere."""

_CHILDREN_ALWAYS = frozenset({"11A", "13", "17B", "19D", "19E", "19G", "19H", "20B", "21", "22B", "71", "88A"})

STATS_CODES: Mapping[str, str] = {
    "28E": "028/03", "28F": "028/04", "30C": "030/02", "45": "045/10", "44": "044/00", "46": "046/00", "8N": "008/06", "105A": "105/01",
    "58C": "058/03", "34B": "034/02", "39": "039/00", "48": "048/01", "126": "126/00", "49": "049/10", "19C": "019/08", "8Q": "195/94",
}  # fmt: skip
"""Home Office stats codes of the commonest classes. Only the first three digits are sure; the others have none in a record."""


def group_of(crime_type: str, code: str) -> str:
    """Violence and sexual offences are one type in the source and two in every statistic."""
    if crime_type != VIOLENCE:
        return crime_type
    return "sexual" if code in SEXUAL else "violence"


def domestic_share(crime_type: str, code: str) -> float:
    """How likely this crime is domestic abuse: 8U always, the rest of violence so that the whole comes to its published share."""
    group = group_of(crime_type, code)
    if code == "8U":
        return 1.0
    if group != "violence":
        return DOMESTIC.get(group, 0.0)
    classes = CLASSES[VIOLENCE][0]
    always = classes["8U"] / sum(weight for each, weight in classes.items() if each not in SEXUAL)
    return (DOMESTIC["violence"] - always) / (1 - always)


def child_share(crime_type: str, code: str, otherwise: float) -> float:
    """How likely the victim is under 18; some classes have no other victims."""
    return 1.0 if code in _CHILDREN_ALWAYS else CHILD.get(group_of(crime_type, code), otherwise)


def table() -> list[tuple[str, object, str]]:
    """Every share of this file: name, value, source."""
    rows: list[tuple[str, object, str]] = [(f"class: {name}", dict(value), source) for name, (value, source) in CLASSES.items()]
    return [
        *rows,
        ("occurrence without any victim, by crime type", dict(WITHOUT_VICTIM), "[stated] crimes against the state have no personal victim"),
        ("victim is a business, by class", dict(BUSINESS), "[stated]; shoplifting and business burglary have no other victims as a rule"),
        ("domestic abuse, by crime type", dict(DOMESTIC),
         "33% of violence against the person {ONSDA15}; the others [stated], so that all crime comes to 18% {ONSDA21}"),
        ("victim under 18, by crime type", dict(CHILD), "[stated]; classes that are offences against children always"),
    ]  # fmt: skip
