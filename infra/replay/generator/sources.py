"""What the keys in braces of the table of shares stand for: publisher, title, date and address of each source.

Must not name a source that nobody cites. Addresses are where a page was read in 2026, of some only the
opening; a title that was not noted is told by what the page is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

MARKS: Mapping[str, str] = {
    "[stated]": "an assumption of the project: it says nothing about any force",
    "[GK]": "general knowledge, not verified",
    "[INF]": "inference of the project",
}
_KEY = re.compile(r"\{([A-Z0-9-]+)(?: [0-9.]+)?\}")


class Source(NamedTuple):
    """A publication; `date` and `address` are empty where none is known."""

    publisher: str
    title: str
    date: str
    address: str


SOURCES: Mapping[str, Source] = {
    "CC": Source(
        "Derbyshire Constabulary",
        "Report by Chief Constable: the Commissioner's Police and Crime Plan 2021-2025, priority 5, victim support and safeguarding "
        "(the number is its paragraph)",
        "6 July 2022",
        "",
    ),
    "DT23": Source(
        "Derbyshire Times",
        "Derbyshire Police appeal for witnesses after reports of town centre hate crime (quotes 23*093109)",
        "11 April 2023",
        "derbyshiretimes.co.uk/news/crime/derbyshire-police-appeal-for-witnesses-after-reports-of-town-centre-hate-crime-4100233",
    ),
    "DT24": Source(
        "Derbyshire Times",
        "Police appeal after gang of youths vandalise cricket ground in Derbyshire town (quotes 24000314603)",
        "30 May 2024",
        "derbyshiretimes.co.uk/news/crime/police-appeal-after-gang-of-youths-vandalise-cricket-ground-in-derbyshire-town-4647163",
    ),
    "GOVUK-AC": Source(
        "UK Government", "After a crime: your rights (as copied)", "", "wcnnews.wixsite.com/news/post/after-a-crime-your-rights"
    ),
    "HBEACON": Source(
        "Hertfordshire Beacon", "What am I entitled to (an older wording of the Code)", "", "hertfordshirebeacon.org/what-am-i-entitled"
    ),
    "HMI-N100": Source(
        "HM Inspectorate of Constabulary and Fire & Rescue Services",
        "Glossary: Home Office classification N100",
        "",
        "hmicfrs.justiceinspectorates.gov.uk/glossary/home-office-classification-n100/",
    ),
    "HOCODES": Source(
        "Office for National Statistics",
        "Hierarchy of offences with Home Office codes",
        "2017-18",
        "github.com/ONSdigital/dp-hierarchy-builder, cmd/hierarchy-transformer/output/crime/hierarchy.cypher",
    ),
    "LONDRA": Source("Londra Gazete", "Languages of England and Wales, Census 2021", "", "londragazete.com/english/263334"),
    "N100-R": Source("a police force", "Mapping of offences, as it was published", "", ""),
    "NOTTS-ENH": Source(
        "Nottinghamshire Police",
        "What are enhanced rights and how do I receive them",
        "",
        "nottinghamshire.police.uk/faqs/what-are-enhanced-rights-and-how-do-i-receive-them",
    ),
    "ONS22": Source(
        "Office for National Statistics",
        "Crime in England and Wales, year ending June 2022 (as LBC reported it)",
        "27 October 2022",
        "lbc.co.uk/news/crime-in-england-and-wales-hits-new-record-driven-by-steep-rises-in-violent-and/",
    ),
    "ONSDA15": Source(
        "Office for National Statistics",
        "Focus on violent crime and sexual offences, year ending March 2015: domestic abuse offences recorded by the police",
        "April to September 2015",
        "ons.gov.uk/peoplepopulationandcommunity/crimeandjustice/compendium/focusonviolentcrimeandsexualoffences/yearendingmarch2015"
        "/experimentalstatistics2domesticabuseoffencesrecordedbythepoliceapriltoseptember2015",
    ),
    "ONSDA21": Source(
        "Office for National Statistics",
        "Domestic abuse prevalence and trends, England and Wales",
        "year ending March 2021",
        "ons.gov.uk/peoplepopulationandcommunity/crimeandjustice/articles/domesticabuseprevalenceandtrendsenglandandwales"
        "/yearendingmarch2021",
    ),
    "PCC": Source(
        "Police and Crime Commissioner for Derbyshire",
        "Police and Crime Commissioner welcomes continuous progress in victim support",
        "26 July 2023",
        "derbyshire-pcc.gov.uk/news/latest-news-police-and-crime-commissioner-welcomes-continuous-progress-in-victim-support/",
    ),
    "PDFSLIDE": Source(
        "Ministry of Justice", "The Victims' Code sets out a minimum standard (consultation draft, as copied)", "2020", "pdfslide.us"
    ),
}


def cited(texts: Iterable[str]) -> set[str]:
    """The keys in braces of these texts; a paragraph's number behind a key is no part of it."""
    return {key for text in texts for key in _KEY.findall(text)}


def legend(keys: Iterable[str]) -> list[str]:
    """Markdown: the marks, then one line for each of these keys. KeyError for a key that is none."""
    lines = ["| Mark | Means |", "|---|---|", *(f"| {mark} | {meaning} |" for mark, meaning in MARKS.items()), ""]
    lines += ["| Key | Publisher | Title | Date | Address |", "|---|---|---|---|---|"]
    return lines + [f"| {{{key}}} | " + " | ".join(part or "not known" for part in SOURCES[key]) + " |" for key in sorted(keys)]
