"""Counts what costs money in an instance of our own: victims told, later days, schedules that look over them, and people at the pages.

Must not price anything: cost.py does, from what is kept of this.
"""

from __future__ import annotations

import re
import tempfile
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import instance
from infra.local.costs import Costs
from infra.local.function_process import FunctionProcess, worker_environment
from infra.local.host import scheduled_event
from infra.local.provision import attach
from infra.local.schedules import is_interval, minutes_of
from infra.local.stack import Function
from infra.local.template import ROOT, deployable
from tests.e2e.customer import Customer, Record, own_officer
from tests.e2e.local_machine import Running
from tests.e2e.test_contact_officer import collar, post, reference
from tests.e2e.test_officer_page import answer, due_tomorrow, fields, path_in, victim_of
from tests.e2e.victim_events import digests
from tests.e2e.victim_visits import Browser, link_in

Counts = dict[str, Any]
VISITORS = 9
"""Cases for the pages: no more than one source may write to officers in an hour."""
NOBODY = "unknown"
"""Under this name the instance counts the calls of a function that this module started."""
PAGES = "app"


def handlers() -> dict[str, str]:
    """Every function of the template: its handler's name, as counts name it, and its logical name."""
    resources = deployable()["Resources"]
    return {_name(r): name for name, r in resources.items() if r["Type"] == "AWS::Lambda::Function"}


def looking_back() -> list[str]:
    """Handlers of the functions that a schedule sets off every hour or less often: what they find lies hours behind them."""
    found = []
    for resource in deployable()["Resources"].values():
        if resource["Type"] == "AWS::Scheduler::Schedule":
            expression = resource["Properties"]["ScheduleExpression"]
            if not is_interval(expression) or minutes_of(expression) >= 60:
                found.append(_name(deployable()["Resources"][resource["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]]))
    return sorted(found)


def _name(resource: dict[str, Any]) -> str:
    return str(resource["Properties"]["Handler"].rpartition(".")[2])


def counted(records: int) -> Counts:
    """By situation what was counted, `of` so many. `checks` has those of the schedules by function: one run after `records` were told."""
    found: Counts = {}
    with instance.running():
        instance.feed(10, 26001000000)
        instance.advance("P1DT12H")
        for name, first, victim in (("automatic", 26003000000, {}), ("person", 26004000000, {"relationship_to_suspect": "partner"})):
            instance.post("/local/costs/reset")
            instance.feed(records, first, officers=10, **victim)
            instance.post("/local/drain")
            instance.advance("P1D")
            before = _costs()
            if name == "automatic":  # within the day that they look back over
                found["checks"] = {function: _run(function, records) for function in looking_back()}
            instance.post("/local/costs/reset")
            instance.advance("PT12H")
            found[name] = _noted(_sum(before, _costs()), records)
        instance.post("/local/costs/reset")
        instance.advance("P10D")
        found["day"] = _noted(_costs(), records * 2 * 10)
        found |= _visits()
    return found


def _costs() -> Counts:
    costs: Counts = instance.get("/local/costs.json")
    return costs


def _noted(costs: Counts, of: int, functions: set[str] | None = None) -> Counts:
    """What functions did, without the schedules that look back: those are counted apart, since the instance runs them when it likes."""
    kept = (functions or set(handlers())) - set(looking_back())
    parts: Counts = {
        part: {name: costs[part][name] for name in sorted(kept & set(costs[part]))} for part in ("calls", "invocations", "cpu_ms")
    }
    parts["cpu_ms"] = {name: round(spent) for name, spent in parts["cpu_ms"].items() if name in parts["invocations"]}
    return {"of": of, "written": costs["written"], **parts}


def _sum(one: Counts, other: Counts) -> Counts:
    calls = {name: _added(one["calls"].get(name, {}), other["calls"].get(name, {})) for name in {*one["calls"], *other["calls"]}}
    return {"calls": calls} | {part: _added(one[part], other[part]) for part in ("invocations", "cpu_ms", "written")}


def _added(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def _run(handler: str, of: int) -> Counts:
    """One run of a scheduled function in a process of its own, its start included: whoever comes once an hour starts anew."""
    name, own = handlers()[handler], Costs()
    function = Function(name, f"app.{handler}", 840, attach(instance.AWS), (), ())
    with tempfile.TemporaryDirectory() as folder:
        process = FunctionProcess(function, worker_environment(function, instance.AWS, str(ROOT)), Path(folder, "log"), costs=own)
        try:
            instance.post("/local/costs/reset")
            process.invoke(scheduled_event(name, "2026-11-20T12:00:00Z"))
            used = own.document()
        finally:
            process.stop()
            process.close()
    costs = _costs()
    calls = {handler: costs["calls"].get(NOBODY, {})}
    return {
        "of": of,
        "calls": calls,
        "invocations": {handler: 1},
        "cpu_ms": {handler: round(used["cpu_ms"][handler])},
        "written": costs["written"],
    }


def _visits() -> Counts:
    """People at the pages: a victim who reads and changes something, an officer who records a call, somebody who writes to an officer."""
    customer = Customer(Running(None, instance.AWS, instance.WEB, Path()))  # type: ignore[arg-type]
    cases = [customer.record(own_officer, due_tomorrow(customer)) for _ in range(VISITORS)]
    customer.told(*cases)
    customer.until_daytime_after(20)
    links = [next(link for m in customer.delivered(case, "victim") if (link := link_in(m))) for case in cases]
    pages = [path_in(digests(customer, case, "officer")[-1], case) for case in cases]
    return {
        "visit": _met([partial(_reads, customer, case, link) for case, link in zip(cases, links, strict=True)]),
        "officer": _met([partial(_records, customer, case, page) for case, page in zip(cases, pages, strict=True)]),
        "written": _met([partial(_writes, customer, case) for case in cases]),
    }


def _met(visits: list[Any]) -> Counts:
    """What the pages did for these visits, and what they set off at once."""
    instance.post("/local/costs/reset")
    for visit in visits:
        visit()
    instance.post("/local/drain")
    return _noted(_costs(), len(visits))


def _assets(page: str) -> None:
    """What a browser loads with its first page."""
    for path in sorted(set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page))):
        with urllib.request.urlopen(instance.WEB + path, timeout=60) as answered:
            answered.read()


def _reads(customer: Customer, case: Record, link: str) -> None:
    browser = Browser(customer, link)
    _assets(browser.get())
    browser.come_in(case)
    browser.get("/page")
    browser.post("/change/updates", every="14", method="email")
    assert browser.status == 303, browser.status
    browser.get("/page")


def _records(customer: Customer, case: Record, page: str) -> None:
    _assets(answer(customer, page)[1])
    form = fields(answer(customer, f"{page}/spoken?victim={victim_of(case)}")[1]) | {"way": "phone"}
    status, _, place = answer(customer, f"{page}/spoken", form)
    assert status == 303, status
    answer(customer, place)


def _writes(customer: Customer, case: Record) -> None:
    _assets(answer(customer, "/contact-officer")[1])
    status, headers, _ = post(customer, collar(case), reference(case))
    assert status == 303, status
    answer(customer, next(value for name, value in headers if name.lower() == "location"))
