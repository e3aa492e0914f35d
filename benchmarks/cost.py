"""What a month costs a force: units counted from a run times prices, for three sizes of force and for all forces of England and Wales.

`make bench ONLY=cost` counts anew (`RECORDS` victims of each kind), prints the tables, and with WRITE=1 keeps the counts and writes the
tables into docs/cost.md. Must not assert, and must not price anything that was neither counted nor stated here.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import cost_runs
from benchmarks.cost_runs import PAGES
from benchmarks.prices import CHARGED, LOOKED_UP, POUND, PRICES, READ_UNITS, Price
from infra.local.template import ROOT, deployable

RECORDS = int(os.environ.get("RECORDS", "100"))
COUNTS = Path(__file__).with_name("cost_counts.json")
DOCUMENT = Path(__file__).parents[1] / "docs" / "cost.md"
QUEUED = ("ingest", "dispatch")
"""Set off by a queue: each batch is received and deleted."""

# What is stated, not counted. docs/cost.md says so of each.
WAIT_MS = 10
"""Of an invocation for each call to AWS."""
SLOWER = 1.7
"""A function of 1 GB has 0.58 of a processor."""
INDEX = 2
"""A write unit in the table is another one in an index."""
LOG_KB = 1.5
"""Of an invocation."""
PDF_KB = 40
RECORD_KB = 5
DAYS = 30
SEVEN_YEARS = 84

# January 2022 and September 2021 of Derbyshire, docs/replay.md: the mean of both.
VICTIMS = (2253 + 3844 + 2351 + 4042) // 2
"""With rights, a month: the automatic route, and those who are told by a person."""
RECORDS_EACH = round((9506 + 10352) / 2 / VICTIMS, 2)
"""Recorded versions for each of them: incidents and later versions cost as much here, which is more than they do."""
AUTOMATIC = round((2253 + 2351) / (2253 + 3844 + 2351 + 4042), 3)
TEXTS = round((212 + 222) / (2253 + 2351), 3)
"""Of automatic victims, acknowledged by text."""
LETTERS = round((257 + 260) / (2253 + 2351), 3)
TEXTS_EACH, SEGMENTS_EACH, LETTERS_EACH = 3, 1.5, 2
"""Messages to such a victim over the case, and segments of a text [stated]."""
FOLLOWED_DAYS = 30
"""How long a case keeps causing work [stated]."""
SIZES = {"small (half of Derbyshire)": 0.5, "medium (Derbyshire)": 1.0, "large (four times Derbyshire)": 4.0, "all 43 forces": 56.4}
"""By population, Census 2021 [GK]: Derby and Derbyshire 1.056 million, England and Wales 59.6 million."""
VISITS_EACH, OFFICER_EACH, WRITTEN_EACH = 2, 3, 0.5
"""Over the case, for each victim: visits of the victim's page, of the officer to the case, and messages to an officer [stated]."""
OFFICERS = 2000
"""Of Derbyshire, all of whom sign in every month [GK]."""
JUDGED: dict[str, int] = {"leaks": 25, "seal": FOLLOWED_DAYS, "retention": 1}
"""How often a schedule comes upon what one victim was told. The leak check looks back 25 hours, every hour; the seal takes each line once,
and a case is taken to bring as many lines on each later day as on its first [stated]. Retention is a night on which no case is due."""
POLLS, SWEEPS, HOURS, METRICS = 1_300_000, 8640, 720, 60
"""A month whatever happens: empty polls of two queues, sweeps, hours of the other schedules, metrics of our own [stated]."""
SWEEP_QUERIES = 15
"""Of a sweep, as counted with little due; it lists one bucket besides."""
SITUATIONS = {
    "automatic": "told by e-mail and referred",
    "person": "told by a person: a task and its mail",
    "day": "one later day of a case",
}
VISITS = {
    "visit": "a victim reads their page and changes something",
    "officer": "an officer records a call",
    "written": "somebody writes to an officer",
}
CHECKS = {
    "leaks": "told, and judged once by the leak check",
    "seal": "told, and sealed",
    "retention": "told, and a night of retention with none due",
}

Units = dict[str, float]


def measure() -> None:
    """Count the three situations in an instance of our own, then print, and with WRITE=1 write."""
    counts = cost_runs.counted(RECORDS)
    if os.environ.get("WRITE"):
        COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        write(counts)
    print(tables(counts))


def units(counted: dict[str, Any]) -> Units:
    """Priced units of one victim (or one case and day) of a situation."""
    found = dict.fromkeys(PRICES, 0.0)
    for function, operations in counted["calls"].items():
        memory = memory_gb(function)
        calls = sum(operations.values())
        found["lambda_time"] += memory * (counted["cpu_ms"].get(function, 0) * SLOWER + calls * WAIT_MS) / 1000
        for operation, times in operations.items():
            _call(found, operation, times)
    invocations = sum(counted["invocations"].values())
    found["lambda_requests"] = found["trace"] = invocations
    found["api"] = found["firewall_requests"] = counted["invocations"].get(PAGES, 0)
    found["sqs"] += 2 * sum(counted["invocations"].get(function, 0) for function in QUEUED)  # received, and deleted
    found["logs"] = invocations * LOG_KB / 10**6
    written = counted["written"]
    found["dynamodb_write"] = 2 * INDEX * (written["rows"] + written["bytes"] / 1024)
    return {name: value / counted["of"] for name, value in found.items()}


@cache
def memory_gb(function: str) -> float:
    """As .chalice/config.json gives it to a function, named by its handler."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    own = config["lambda_functions"].get("api_handler" if function == PAGES else function, {})
    return float(own.get("lambda_memory_size", config["lambda_memory_size"]) / 1024)


@cache
def standing() -> Units:
    """What stands in the template, and what runs a month, whatever happens."""
    resources = [(r["Type"], r["Properties"]) for r in deployable()["Resources"].values()]
    alarms = [properties for kind, properties in resources if kind == "AWS::CloudWatch::Alarm"]
    hourly = len(cost_runs.looking_back())
    return {
        "kms_key": float(sum(kind == "AWS::KMS::Key" for kind, _ in resources)),
        "secret": float(sum(kind == "AWS::SecretsManager::Secret" for kind, _ in resources)),
        "metric": METRICS,
        "alarm": float(sum(max(1, sum("MetricStat" in one for one in alarm.get("Metrics", []))) for alarm in alarms)),
        "dashboard": float(sum(kind == "AWS::CloudWatch::Dashboard" for kind, _ in resources)),
        "firewall": float(sum(5 + len(properties["Rules"]) for kind, properties in resources if kind == "AWS::WAFv2::WebACL")),
        "sqs": POLLS,
        "scheduler": SWEEPS + hourly * HOURS,
        "lambda_requests": SWEEPS + hourly * HOURS,
        "trace": SWEEPS + hourly * HOURS,
        "dynamodb_read": SWEEPS * SWEEP_QUERIES * READ_UNITS,
        "s3_put": SWEEPS,
        "data_event": SWEEPS * (SWEEP_QUERIES + 1),
    }


def _call(found: Units, operation: str, times: int) -> None:
    """KeyError for an operation that no price is known for."""
    for name, value in CHARGED[operation].items():
        found[name] += times * value


def month(counts: dict[str, Any], size: float) -> dict[str, Units]:
    """Units of a month by where they come from; storage as it is once seven years are kept."""
    automatic, person, day = (units(counts[name]) for name in SITUATIONS)
    victims = VICTIMS * size
    told = {name: victims * RECORDS_EACH * (AUTOMATIC * automatic[name] + (1 - AUTOMATIC) * person[name]) for name in PRICES}
    told["email_data"] = victims * AUTOMATIC * PDF_KB * 1.37 / 10**6
    later = {name: victims * FOLLOWED_DAYS * day[name] for name in PRICES}
    written = [counts[name]["written"]["bytes"] / counts[name]["of"] for name in SITUATIONS]
    kept = victims * (AUTOMATIC * written[0] + (1 - AUTOMATIC) * written[1]) * SEVEN_YEARS / 10**9
    archived = victims * RECORDS_EACH * RECORD_KB * SEVEN_YEARS / 10**6
    paper = {"letter": victims * AUTOMATIC * LETTERS * LETTERS_EACH}
    texts = {"sms": victims * AUTOMATIC * TEXTS * TEXTS_EACH * SEGMENTS_EACH}
    return {
        "telling victims and referring them": told,
        "the days after: updates, reminders, deadlines": later,
        "SMS segments": texts,
        "letters, printed and posted": paper,
        "seven years of rows and records": {"dynamodb_storage": kept, "s3_storage": archived},
        "pages: victims, officers, messages to officers": _pages(counts, size),
        "the hourly checks: leaks, and the seal of the log": _checks(counts, victims * RECORDS_EACH),
        "what stands whether anything happens or not": standing(),
    }


def _pages(counts: dict[str, Any], size: float) -> Units:
    each = {"visit": VISITS_EACH, "officer": OFFICER_EACH, "written": WRITTEN_EACH}
    per = {name: units(counts[name]) for name in each}
    found = {unit: VICTIMS * size * sum(each[name] * per[name][unit] for name in each) for unit in PRICES}
    found["sign_in"] += OFFICERS * size
    return found


def _checks(counts: dict[str, Any], told: float) -> Units:
    per = {name: units(checked) for name, checked in counts["checks"].items()}
    return {unit: told * sum(JUDGED[name] * found[unit] for name, found in per.items()) for unit in PRICES}


def dollars(found: Units) -> float:
    return sum(value * PRICES[name].each for name, value in found.items())


def tables(counts: dict[str, Any]) -> str:
    """The generated part of docs/cost.md."""
    return "\n\n".join(
        [
            _thousand("A thousand victims, counted", SITUATIONS, counts),
            _thousand("A thousand visits, and a thousand victims checked, counted", VISITS | CHECKS, counts | counts["checks"]),
            _sizes(counts),
            _what(counts),
            _prices(),
        ]
    )


def _thousand(title: str, situations: dict[str, str], counts: dict[str, Any]) -> str:
    lines = [f"### {title}", "", f"| Unit | {' | '.join(situations.values())} |", "|---|" + "---:|" * len(situations)]
    per = [units(counts[name]) for name in situations]
    for name, price in PRICES.items():
        if any(found[name] for found in per):
            lines.append(f"| {price.unit} | " + " | ".join(f"{found[name] * 1000:,.{_places(price.unit)}f}" for found in per) + " |")
    calls = [sum(sum(found.values()) for found in counts[name]["calls"].values()) / counts[name]["of"] * 1000 for name in situations]
    lines.append("| all calls to AWS | " + " | ".join(f"{found:,.0f}" for found in calls) + " |")
    lines.append("| **US dollars** | " + " | ".join(f"**{dollars(found) * 1000:,.2f}**" for found in per) + " |")
    return "\n".join(lines)


def _places(unit: str) -> int:
    return 4 if unit.startswith("GB of") else 0


def _sizes(counts: dict[str, Any]) -> str:
    lines = ["### A month, US dollars", "", f"| | {' | '.join(SIZES)} |", "|---|" + "---:|" * len(SIZES)]
    lines.append("| victims | " + " | ".join(f"{VICTIMS * size:,.0f}" for size in SIZES.values()) + " |")
    months = [month(counts, size) for size in SIZES.values()]
    for part in months[0]:
        cells = [
            dollars(found[part]) * (43 if part.startswith("what stands") and name.startswith("all") else 1)
            for name, found in _named(months)
        ]
        lines.append(f"| {part} | " + " | ".join(f"{cell:,.0f}" for cell in cells) + " |")
    totals = [_total(name, found) for name, found in _named(months)]
    lines.append("| **together** | " + " | ".join(f"**{total:,.0f}**" for total in totals) + " |")
    lines.append(
        "| pence a victim | "
        + " | ".join(f"{total / POUND / (VICTIMS * size) * 100:,.1f}" for total, size in zip(totals, SIZES.values(), strict=True))
        + " |"
    )
    lines.append("| pounds a year | " + " | ".join(f"{total / POUND * 12:,.0f}" for total in totals) + " |")
    return "\n".join(lines)


def _named(months: list[dict[str, Units]]) -> list[tuple[str, dict[str, Units]]]:
    return list(zip(SIZES, months, strict=True))


def _total(name: str, found: dict[str, Units]) -> float:
    fixed = dollars(found["what stands whether anything happens or not"])
    return sum(map(dollars, found.values())) + (42 * fixed if name.startswith("all") else 0)


def _what(counts: dict[str, Any]) -> str:
    whole = dict.fromkeys(PRICES, 0.0)
    for part in month(counts, 1.0).values():
        for name, value in part.items():
            whole[name] += value
    ranked = sorted(((value * PRICES[name].each, name, value) for name, value in whole.items()), reverse=True)
    total = sum(cost for cost, _, _ in ranked)
    lines = ["### What dominates a month of Derbyshire", "", "| Unit | How many | US dollars | Share |", "|---|---:|---:|---:|"]
    lines += [f"| {PRICES[name].unit} | {value:,.0f} | {cost:,.2f} | {cost / total:.0%} |" for cost, name, value in ranked if cost >= 0.005]
    return "\n".join(lines)


def _prices() -> str:
    read = [f"### Prices that were read, looked up on {LOOKED_UP}", "", "| Unit | US dollars | For | Page, and its date | And |"]
    read += ["|---|---:|---:|---|---|", *(f"{_row(price)} {price.read} | {price.note} |" for price in PRICES.values() if price.read)]
    known = ["### Prices that were not: general knowledge, or of another provider", "", "| Unit | US dollars | For | Where from |"]
    known += ["|---|---:|---:|---|", *(f"{_row(price)} {price.note} |" for price in PRICES.values() if not price.read)]
    return "\n".join([*read, "", *known])


def _row(price: Price) -> str:
    return f"| {price.unit} | {price.usd:.10g} | {price.per:,} |"


def generated(document: str, part: str) -> str:
    """The document with its generated part replaced. ValueError where it has no place for one."""
    made, places = re.subn(r"(?<=<!-- counted -->\n).*?(?=<!-- end -->)", lambda _: f"\n{part}\n\n", document, flags=re.DOTALL)
    if places != 1:
        raise ValueError("no place, or more than one, for what is counted")
    return made


def write(counts: dict[str, Any]) -> None:
    DOCUMENT.write_text(generated(DOCUMENT.read_text(encoding="utf-8"), tables(counts)), encoding="utf-8")


def kept() -> dict[str, Any]:
    """The counts that the document was written from."""
    found: dict[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return found
