"""The project's own table of Home Office offence classes: what each is in plain words, whether it is held, whether it is against a person.

Codes and labels are of the published 2017-18 hierarchy; newer classes are [GK] and say so. A class that is not
here is unknown and holds. Rows marked held beyond the force's own two groups are [INF] (docs/adr/0005-routing.md). Must not decide a route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

PUBLISHED = "2017-18"
NEWER = "newer [GK]"


class Family(StrEnum):
    """The routing family of a class. Everything but NON_SPECIALIST goes to a person."""

    NON_SPECIALIST = "non_specialist"
    SEXUAL = "sexual"
    DOMESTIC_ABUSE = "domestic_abuse"
    STALKING = "stalking"
    DEATH = "death"
    ATTEMPTED_MURDER = "attempted_murder"
    THREATS_TO_KILL = "threats_to_kill"
    GRIEVOUS_HARM = "grievous_harm"
    CHILD = "child"
    KIDNAPPING = "kidnapping"
    EXPLOITATION = "exploitation"
    INDECENT_IMAGES = "indecent_images"
    PRIVATE_IMAGES = "private_images"
    PROTECTIVE_ORDER = "protective_order"
    HELD_WITH = "held_with"


@dataclass(frozen=True, slots=True)
class OffenceClass:
    """One class. `plain` is how a victim reads it ("burglary of a home"), empty where no victim is ever written to automatically.

    `against_person`: relationship to the suspect matters, and the longer hold window applies. `compensation`: criminal injuries
    compensation can apply. `hate`: aggravated by race or religion, so rights are enhanced.
    """

    code: str
    label: str
    family: Family
    plain: str
    against_person: bool = False
    hate: bool = False
    compensation: bool = False
    vintage: str = PUBLISHED


# fmt: off
CLASSES: tuple[OffenceClass, ...] = (
    OffenceClass("56A", "Arson endangering life", Family.NON_SPECIALIST, "arson", against_person=True, compensation=True),
    OffenceClass("56B", "Arson not endangering life", Family.NON_SPECIALIST, "arson"),
    OffenceClass("58A", "Criminal damage to a dwelling", Family.NON_SPECIALIST, "damage to a home"),
    OffenceClass("58B", "Criminal damage to a building other than a dwelling", Family.NON_SPECIALIST, "damage to a building"),
    OffenceClass("58C", "Criminal damage to a vehicle", Family.NON_SPECIALIST, "damage to a vehicle"),
    OffenceClass("58D", "Other criminal damage", Family.NON_SPECIALIST, "damage to property"),
    OffenceClass("58J", "Racially or religiously aggravated criminal damage", Family.NON_SPECIALIST, "damage to property", hate=True),
    OffenceClass("92C", "Other drug offences", Family.NON_SPECIALIST, "a drug offence"),
    OffenceClass("92D", "Possession of controlled drugs (excl. Cannabis)", Family.NON_SPECIALIST, "a drug offence"),
    OffenceClass("92E", "Possession of controlled drugs (Cannabis)", Family.NON_SPECIALIST, "a drug offence"),
    OffenceClass("92A", "Trafficking in controlled drugs", Family.NON_SPECIALIST, "a drug offence"),
    OffenceClass("51", "Fraud by company director", Family.NON_SPECIALIST, "fraud"),
    OffenceClass("52", "False accounting", Family.NON_SPECIALIST, "false accounting"),
    OffenceClass("53B", "Preserved other fraud and repealed fraud offences", Family.NON_SPECIALIST, "fraud"),
    OffenceClass("53C", "Fraud by false representation: cheque, card, online bank accounts", Family.NON_SPECIALIST, "fraud"),
    OffenceClass("53D", "Fraud by false representation: other frauds", Family.NON_SPECIALIST, "fraud"),
    OffenceClass("53E", "Fraud by failing to disclose information", Family.NON_SPECIALIST, "fraud"),
    OffenceClass("53F", "Fraud by abuse of position", Family.NON_SPECIALIST, "fraud", against_person=True),
    OffenceClass("55", "Bankruptcy and insolvency", Family.NON_SPECIALIST, "a bankruptcy offence"),
    OffenceClass("15", "Concealing an infant death close to birth", Family.DEATH, "", against_person=True),
    OffenceClass("24", "Exploitation of prostitution", Family.EXPLOITATION, "", against_person=True),
    OffenceClass("26", "Bigamy", Family.HELD_WITH, "", against_person=True),
    OffenceClass("27", "Soliciting for the purposes of prostitution", Family.EXPLOITATION, "", against_person=True),
    OffenceClass("33", "Going equipped for stealing, etc", Family.NON_SPECIALIST, "going equipped to steal"),
    OffenceClass("33A", "Making, supplying or possessing articles for use in fraud", Family.NON_SPECIALIST, "having or making things to use in fraud"),
    OffenceClass("38", "Profiting from or concealing knowledge of the proceeds of crime", Family.NON_SPECIALIST, "an offence about the proceeds of crime"),
    OffenceClass("54", "Handling stolen goods", Family.NON_SPECIALIST, "handling stolen goods"),
    OffenceClass("59", "Threat or possession with intent to commit criminal damage", Family.NON_SPECIALIST, "a threat to damage property", against_person=True),
    OffenceClass("60", "Forgery or use of false drug prescription", Family.NON_SPECIALIST, "a forged prescription"),
    OffenceClass("61", "Other forgery", Family.NON_SPECIALIST, "forgery"),
    OffenceClass("61A", "Possession of false documents", Family.NON_SPECIALIST, "having false documents"),
    OffenceClass("67", "Perjury", Family.NON_SPECIALIST, "lying to a court"),
    OffenceClass("69", "Offender Management Act offences", Family.NON_SPECIALIST, "an offence about a released offender"),
    OffenceClass("76", "Aiding suicide", Family.DEATH, "", against_person=True),
    OffenceClass("79", "Perverting the course of justice", Family.HELD_WITH, "", against_person=True),
    OffenceClass("80", "Absconding from lawful custody", Family.NON_SPECIALIST, "escape from custody"),
    OffenceClass("802", "Dangerous driving", Family.NON_SPECIALIST, "dangerous driving", against_person=True),
    OffenceClass("814", "Fraud, forgery etc associated with vehicle or driver records", Family.NON_SPECIALIST, "fraud about a vehicle or driver record"),
    OffenceClass("83", "Bail offences", Family.NON_SPECIALIST, "a bail offence"),
    OffenceClass("86", "Obscene publications etc", Family.INDECENT_IMAGES, "", against_person=True),
    OffenceClass("95", "Disclosure, obstruction, false or misleading statements etc", Family.PRIVATE_IMAGES, "", against_person=True),
    OffenceClass("96", "Wildlife", Family.NON_SPECIALIST, "a wildlife offence"),
    OffenceClass("99", "Other notifiable offences", Family.HELD_WITH, "", against_person=True),
    OffenceClass("10A", "Possession of firearms with intent", Family.NON_SPECIALIST, "having a firearm to do harm", against_person=True, compensation=True),
    OffenceClass("10B", "Possession of firearms offences", Family.NON_SPECIALIST, "a firearms offence", against_person=True),
    OffenceClass("10C", "Possession of other weapons", Family.NON_SPECIALIST, "having a weapon", against_person=True),
    OffenceClass("10D", "Possession of article with blade or point", Family.NON_SPECIALIST, "having a knife or blade", against_person=True),
    OffenceClass("81", "Other firearms offences", Family.NON_SPECIALIST, "a firearms offence", against_person=True),
    OffenceClass("90", "Other knives offences", Family.NON_SPECIALIST, "a knife offence", against_person=True),
    OffenceClass("62A", "Violent disorder", Family.NON_SPECIALIST, "violent disorder", against_person=True, compensation=True),
    OffenceClass("66", "Other offences against the State or public order", Family.PROTECTIVE_ORDER, "", against_person=True),
    OffenceClass("9A", "Public fear, alarm or distress", Family.NON_SPECIALIST, "causing fear, alarm or distress", against_person=True),
    OffenceClass("9B", "Racially or religiously aggravated public fear, alarm or distress", Family.NON_SPECIALIST, "causing fear, alarm or distress", against_person=True, hate=True),
    OffenceClass("34A", "Robbery of business property", Family.NON_SPECIALIST, "robbery of a business", against_person=True, compensation=True),
    OffenceClass("34B", "Robbery of personal property", Family.NON_SPECIALIST, "robbery", against_person=True, compensation=True),
    OffenceClass("17A", "Sexual assault on a male aged 13 and over", Family.SEXUAL, "", against_person=True),
    OffenceClass("17B", "Sexual assault on a male child under 13", Family.SEXUAL, "", against_person=True),
    OffenceClass("20A", "Sexual assault on a female aged 13 and over", Family.SEXUAL, "", against_person=True),
    OffenceClass("20B", "Sexual assault on a female child under 13", Family.SEXUAL, "", against_person=True),
    OffenceClass("21", "Sexual activity involving a child under 13", Family.SEXUAL, "", against_person=True),
    OffenceClass("22A", "Causing sexual activity without consent", Family.SEXUAL, "", against_person=True),
    OffenceClass("22B", "Sexual activity involving child under 16", Family.SEXUAL, "", against_person=True),
    OffenceClass("23", "Incest or familial sexual offences", Family.SEXUAL, "", against_person=True),
    OffenceClass("70", "Sexual activity etc with a person with a mental disorder", Family.SEXUAL, "", against_person=True),
    OffenceClass("71", "Abuse of children through sexual exploitation", Family.SEXUAL, "", against_person=True),
    OffenceClass("72", "Trafficking for sexual exploitation", Family.SEXUAL, "", against_person=True),
    OffenceClass("73", "Abuse of position of trust of a sexual nature", Family.SEXUAL, "", against_person=True),
    OffenceClass("88A", "Sexual grooming", Family.SEXUAL, "", against_person=True),
    OffenceClass("88C", "Other miscellaneous sexual offences", Family.SEXUAL, "", against_person=True),
    OffenceClass("88D", "Unnatural sexual offences", Family.SEXUAL, "", against_person=True),
    OffenceClass("88E", "Exposure and voyeurism", Family.SEXUAL, "", against_person=True),
    OffenceClass("19C", "Rape of a female aged 16 and over", Family.SEXUAL, "", against_person=True),
    OffenceClass("19D", "Rape of a female child under 16", Family.SEXUAL, "", against_person=True),
    OffenceClass("19E", "Rape of a female child under 13", Family.SEXUAL, "", against_person=True),
    OffenceClass("19F", "Rape of a male aged 16 and over", Family.SEXUAL, "", against_person=True),
    OffenceClass("19G", "Rape of a male child under 16", Family.SEXUAL, "", against_person=True),
    OffenceClass("19H", "Rape of a male child under 13", Family.SEXUAL, "", against_person=True),
    OffenceClass("39", "Theft from the person", Family.NON_SPECIALIST, "theft from a person", against_person=True),
    OffenceClass("46", "Shoplifting", Family.NON_SPECIALIST, "theft from a shop"),
    OffenceClass("44", "Theft or unauthorised taking of a pedal cycle", Family.NON_SPECIALIST, "theft of a pedal cycle"),
    OffenceClass("28A", "Burglary in a dwelling", Family.NON_SPECIALIST, "burglary of a home"),
    OffenceClass("28B", "Attempted burglary in a dwelling", Family.NON_SPECIALIST, "attempted burglary of a home"),
    OffenceClass("28C", "Distraction burglary in a dwelling", Family.NON_SPECIALIST, "burglary of a home by distraction"),
    OffenceClass("28D", "Attempted distraction burglary in a dwelling", Family.NON_SPECIALIST, "attempted burglary of a home by distraction"),
    OffenceClass("28E", "Burglary Residential", Family.NON_SPECIALIST, "burglary of a home"),
    OffenceClass("28F", "Attempted Burglary Residential", Family.NON_SPECIALIST, "attempted burglary of a home"),
    OffenceClass("28G", "Distraction Burglary Residential", Family.NON_SPECIALIST, "burglary of a home by distraction"),
    OffenceClass("28H", "Attempted Distraction Burglary Residential", Family.NON_SPECIALIST, "attempted burglary of a home by distraction"),
    OffenceClass("29", "Aggravated burglary in a dwelling", Family.NON_SPECIALIST, "aggravated burglary of a home", compensation=True),
    OffenceClass("29A", "Aggravated Burglary Residential", Family.NON_SPECIALIST, "aggravated burglary of a home", compensation=True),
    OffenceClass("30A", "Burglary in a building other than a dwelling", Family.NON_SPECIALIST, "burglary of a building"),
    OffenceClass("30B", "Attempted burglary in a building other than a dwelling", Family.NON_SPECIALIST, "attempted burglary of a building"),
    OffenceClass("30C", "Burglary Business and Community", Family.NON_SPECIALIST, "burglary of a business or community building"),
    OffenceClass("30D", "Attempted Burglary Business and Community", Family.NON_SPECIALIST, "attempted burglary of a business or community building"),
    OffenceClass("31", "Aggravated burglary in a building other than a dwelling", Family.NON_SPECIALIST, "aggravated burglary of a building", compensation=True),
    OffenceClass("31A", "Aggravated Burglary Business and Community", Family.NON_SPECIALIST, "aggravated burglary of a business or community building", compensation=True),
    OffenceClass("35", "Blackmail", Family.HELD_WITH, "", against_person=True),
    OffenceClass("40", "Theft in a dwelling other than from an automatic machine or meter", Family.NON_SPECIALIST, "theft in a home"),
    OffenceClass("41", "Theft by an employee", Family.NON_SPECIALIST, "theft by an employee"),
    OffenceClass("42", "Theft of mail", Family.NON_SPECIALIST, "theft of mail"),
    OffenceClass("43", "Dishonest use of electricity", Family.NON_SPECIALIST, "dishonest use of electricity"),
    OffenceClass("47", "Theft from automatic machine or meter", Family.NON_SPECIALIST, "theft from a machine or meter"),
    OffenceClass("49", "Other theft", Family.NON_SPECIALIST, "theft"),
    OffenceClass("49A", "Making off without payment", Family.NON_SPECIALIST, "leaving without paying"),
    OffenceClass("45", "Theft from vehicle", Family.NON_SPECIALIST, "theft from a vehicle"),
    OffenceClass("37.2", "Aggravated vehicle taking", Family.NON_SPECIALIST, "vehicle taken and damaged"),
    OffenceClass("48", "Theft or unauthorised taking of motor vehicle", Family.NON_SPECIALIST, "theft of a vehicle"),
    OffenceClass("126", "Interfering with a motor vehicle", Family.NON_SPECIALIST, "interfering with a vehicle"),
    OffenceClass("1", "Murder", Family.DEATH, "", against_person=True),
    OffenceClass("4.1", "Manslaughter", Family.DEATH, "", against_person=True),
    OffenceClass("4.10", "Corporate manslaughter", Family.DEATH, "", against_person=True),
    OffenceClass("4.2", "Infanticide", Family.DEATH, "", against_person=True),
    OffenceClass("1-4.1-4.10-4.2", "Homicide", Family.DEATH, "", against_person=True),
    OffenceClass("8L", "Harassment", Family.STALKING, "", against_person=True),
    OffenceClass("8R", "Malicious Communications", Family.STALKING, "", against_person=True),
    OffenceClass("2", "Attempted murder", Family.ATTEMPTED_MURDER, "", against_person=True),
    OffenceClass("37.1", "Causing death by aggravated vehicle taking", Family.DEATH, "", against_person=True),
    OffenceClass("4.3", "Intentional destruction of a viable unborn child", Family.DEATH, "", against_person=True),
    OffenceClass("4.4", "Causing death by dangerous driving", Family.DEATH, "", against_person=True),
    OffenceClass("4.6", "Causing death by careless driving under influence of drink or drugs", Family.DEATH, "", against_person=True),
    OffenceClass("4.7", "Causing or allowing death of child or vulnerable person", Family.DEATH, "", against_person=True),
    OffenceClass("4.8", "Causing death by careless or inconsiderate driving", Family.DEATH, "", against_person=True),
    OffenceClass("4.9", "Causing death or serious injury by driving: unlicensed drivers etc.", Family.DEATH, "", against_person=True),
    OffenceClass("5D", "Assault with intent to cause serious harm", Family.GRIEVOUS_HARM, "", against_person=True),
    OffenceClass("5E", "Endangering life", Family.GRIEVOUS_HARM, "", against_person=True),
    OffenceClass("8N", "Assault with injury", Family.NON_SPECIALIST, "assault with injury", against_person=True, compensation=True),
    OffenceClass("8P", "Racially or religiously aggravated assault with injury", Family.NON_SPECIALIST, "assault with injury", against_person=True, hate=True, compensation=True),
    OffenceClass("8S", "Assault with injury on a constable", Family.NON_SPECIALIST, "assault on an emergency worker, with injury", against_person=True, compensation=True),
    OffenceClass("104", "Assault without injury on a constable", Family.NON_SPECIALIST, "assault on an emergency worker", against_person=True, compensation=True),
    OffenceClass("105A", "Assault without injury", Family.NON_SPECIALIST, "assault without injury", against_person=True, compensation=True),
    OffenceClass("105B", "Racially or religiously aggravated assault without injury", Family.NON_SPECIALIST, "assault without injury", against_person=True, hate=True, compensation=True),
    OffenceClass("106", "Modern slavery", Family.EXPLOITATION, "", against_person=True),
    OffenceClass("11A", "Cruelty to children/young persons", Family.CHILD, "", against_person=True),
    OffenceClass("13", "Child abduction", Family.CHILD, "", against_person=True),
    OffenceClass("14", "Procuring illegal abortion", Family.HELD_WITH, "", against_person=True),
    OffenceClass("36", "Kidnapping", Family.KIDNAPPING, "", against_person=True),
    OffenceClass("3A", "Conspiracy to murder", Family.THREATS_TO_KILL, "", against_person=True),
    OffenceClass("3B", "Threats to kill", Family.THREATS_TO_KILL, "", against_person=True),
    OffenceClass("8M", "Racially or religiously aggravated harassment", Family.STALKING, "", against_person=True, hate=True),
    OffenceClass("8Q", "Stalking", Family.STALKING, "", against_person=True),
    OffenceClass("8U", "Controlling or coercive behaviour", Family.DOMESTIC_ABUSE, "", against_person=True, vintage=NEWER),
    OffenceClass("8T", "Assault with injury on an emergency worker (not a constable)", Family.NON_SPECIALIST, "assault on an emergency worker, with injury", against_person=True, compensation=True, vintage=NEWER),
    OffenceClass("104A", "Assault without injury on a constable", Family.NON_SPECIALIST, "assault on an emergency worker", against_person=True, compensation=True, vintage=NEWER),
    OffenceClass("104B", "Assault without injury on an emergency worker (not a constable)", Family.NON_SPECIALIST, "assault on an emergency worker", against_person=True, compensation=True, vintage=NEWER),
    OffenceClass("N100", "Reported incident of rape", Family.SEXUAL, "", against_person=True, vintage=NEWER),
    OffenceClass("N100/1", "Reported incident of rape: not confirmed or not traced", Family.SEXUAL, "", against_person=True, vintage=NEWER),
    OffenceClass("N100/2", "Reported incident of rape: credible evidence to the contrary", Family.SEXUAL, "", against_person=True, vintage=NEWER),
    OffenceClass("N100/3", "Reported incident of rape: another force area", Family.SEXUAL, "", against_person=True, vintage=NEWER),
)
# fmt: on

BY_CODE = {row.code: row for row in CLASSES}

CAREFUL_NUMBERS: dict[str, Family] = {
    **{number: Family.SEXUAL for number in ("017", "019", "020", "021", "022", "023", "070", "071", "072", "073", "088")},
    **{number: Family.DEATH for number in ("001", "004", "015", "076")},
    "002": Family.ATTEMPTED_MURDER,
    "003": Family.THREATS_TO_KILL,
    "005": Family.GRIEVOUS_HARM,
    "011": Family.CHILD,
    "013": Family.CHILD,
    "014": Family.HELD_WITH,
    "024": Family.EXPLOITATION,
    "026": Family.HELD_WITH,
    "027": Family.EXPLOITATION,
    "035": Family.HELD_WITH,
    "036": Family.KIDNAPPING,
    "066": Family.PROTECTIVE_ORDER,
    "079": Family.HELD_WITH,
    "086": Family.INDECENT_IMAGES,
    "095": Family.PRIVATE_IMAGES,
    "099": Family.HELD_WITH,
    "106": Family.EXPLOITATION,
    "195": Family.STALKING,
}
"""Class numbers of a stats code (NNN/NN) that are careful whatever the sub-code; shared numbers (008, 037) are not here."""


CAREFUL_CODES: dict[str, Family] = {"037/01": Family.DEATH}
"""Whole stats codes that are careful where their number is shared."""


def offence_class(code: str) -> OffenceClass | None:
    """The row of a class as a record writes it ("28e ", "N100/2"); None is unknown."""
    return BY_CODE.get(code.strip().upper().replace(" ", ""))


def family_of_stats_code(ho_code: str | None) -> Family | None:
    """The careful family that the first three digits of a stats code prove, or None: it can make routing more careful, never less."""
    if not ho_code:
        return None
    return CAREFUL_CODES.get(ho_code) or CAREFUL_NUMBERS.get(ho_code[:3])


def disagrees(code: str, ho_code: str | None) -> bool:
    """A stats code of class 8 (assault, but harassment and stalking too) beside a class that is not: conflicting data."""
    return ho_code is not None and ho_code.startswith("008") and re.fullmatch(r"8[A-Z]?", code.strip().upper()) is None
