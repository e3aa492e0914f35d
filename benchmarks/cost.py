"""What a month costs a force: units counted from a run times prices, for three sizes of force and for all forces of England and Wales.

`make bench ONLY=cost` counts anew (`RECORDS` victims of each kind), prints the tables, and with WRITE=1 keeps the counts and writes the
tables into docs/cost.md. Must not assert, and must not price anything that was neither counted nor stated here.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from benchmarks import instance
from benchmarks.prices import POUND, PRICES, READ

RECORDS = int(os.environ.get("RECORDS", "100"))
COUNTS = Path(__file__).with_name("cost_counts.json")
DOCUMENT = Path(__file__).parents[1] / "docs" / "cost.md"
MEMORY_GB = {"ingest": 1.0, "dispatch": 1.0, "receipts": 0.5, "sweep": 1.0}
"""As .chalice/config.json gives each function."""

# What is stated, not counted. docs/cost.md says so of each.
WAIT_MS = 10
"""Of an invocation for each call to AWS."""
SLOWER = 1.7
"""A function of 1 GB has 0.58 of a processor."""
READ_UNITS = 2
"""Of a call that reads: up to 8 KB, or the rows of one page."""
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
FIXED = {"kms_key": 2, "secret": 4, "metric": 60, "alarm": 22, "dashboard": 1, "firewall": 10, "sqs": 1_300_000, "scheduler": 8640}
"""A month whatever happens: SQS requests are the empty polls of two queues, invocations those of the sweep, metrics
[stated]."""
SITUATIONS = {
    "automatic": "told by e-mail and referred",
    "person": "told by a person: a task and its mail",
    "day": "one later day of a case",
}

Units = dict[str, float]


def measure() -> None:
    """Count the three situations in an instance of our own, then print, and with WRITE=1 write."""
    counts = _count()
    if os.environ.get("WRITE"):
        COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        write(counts)
    print(tables(counts))


def _count() -> dict[str, Any]:
    found: dict[str, Any] = {}
    with instance.running():
        instance.feed(10, 26001000000)
        instance.advance("P1DT12H")
        for name, first, victim in (("automatic", 26003000000, {}), ("person", 26004000000, {"relationship_to_suspect": "partner"})):
            instance.post("/local/costs/reset")
            instance.feed(RECORDS, first, officers=10, **victim)
            instance.post("/local/drain")
            instance.advance("P1DT12H")
            found[name] = _noted(RECORDS)
        instance.post("/local/costs/reset")
        instance.advance("P10D")
        found["day"] = _noted(RECORDS * 2 * 10)
    return found


def _noted(of: int) -> dict[str, Any]:
    costs = instance.get("/local/costs.json")
    kept = {name: costs[name] for name in ("calls", "invocations", "written")}
    cpu = {function: round(spent) for function, spent in costs["cpu_ms"].items() if function in MEMORY_GB}
    return {"of": of, "cpu_ms": cpu, **kept}


def units(counted: dict[str, Any]) -> Units:
    """Priced units of one victim (or one case and day) of a situation."""
    found = dict.fromkeys(PRICES, 0.0)
    for function, operations in counted["calls"].items():
        memory = MEMORY_GB.get(function, 1.0)
        calls = sum(operations.values())
        found["lambda_time"] += memory * (counted["cpu_ms"].get(function, 0) * SLOWER + calls * WAIT_MS) / 1000
        for operation, times in operations.items():
            _call(found, operation, times)
    invocations = sum(counted["invocations"].values())
    found["lambda_requests"] = invocations
    found["sqs"] += 2 * invocations  # received, and deleted
    found["logs"] = invocations * LOG_KB / 10**6
    written = counted["written"]
    found["dynamodb_write"] = 2 * INDEX * (written["rows"] + written["bytes"] / 1024)
    return {name: value / counted["of"] for name, value in found.items()}


def _call(found: Units, operation: str, times: int) -> None:
    service, _, name = operation.partition(".")
    if service == "dynamodb" and name in ("Query", "GetItem", "BatchGetItem"):
        found["dynamodb_read"] += times * READ_UNITS
        found["kms"] += times / 1000  # keys of tables are cached
    elif name == "PutObject":
        found["s3_put"] += times
        found["kms"] += times
    elif service == "ses":
        found["email"] += times
    elif service in ("sqs", "sns"):
        found[service] += times


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
        "what stands whether anything happens or not": {name: float(value) for name, value in FIXED.items()},
    }


def dollars(found: Units) -> float:
    return sum(value * PRICES[name].each for name, value in found.items())


def tables(counts: dict[str, Any]) -> str:
    """The generated part of docs/cost.md."""
    return "\n\n".join([_thousand(counts), _sizes(counts), _what(counts), _prices()])


def _thousand(counts: dict[str, Any]) -> str:
    lines = ["### A thousand victims, counted", "", f"| Unit | {' | '.join(SITUATIONS.values())} |", "|---|---:|---:|---:|"]
    per = [units(counts[name]) for name in SITUATIONS]
    for name, price in PRICES.items():
        if any(found[name] for found in per):
            lines.append(f"| {price.unit} | " + " | ".join(f"{found[name] * 1000:,.{_places(price.unit)}f}" for found in per) + " |")
    calls = [sum(sum(found.values()) for found in counts[name]["calls"].values()) / counts[name]["of"] * 1000 for name in SITUATIONS]
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
    lines = [f"### Prices, as read on {READ}", "", "| Unit | US dollars | For | Source |", "|---|---:|---:|---|"]
    lines += [f"| {price.unit} | {price.usd:.10g} | {price.per:,} | {price.source} |" for price in PRICES.values()]
    return "\n".join(lines)


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
