"""Holds docs/cost.md to its counts and to the price table, and the reckoning itself to figures that can be checked by hand.

Must not count anew: that takes an instance (`make bench ONLY=cost`).
"""

import re
from typing import Any

import pytest

from benchmarks import cost, cost_runs
from benchmarks.prices import PRICES
from infra.local.template import deployable

NOTHING: dict[str, Any] = {"of": 1, "calls": {}, "cpu_ms": {}, "invocations": {}, "written": {"rows": 0, "bytes": 0}}


def counted(**changes: Any) -> dict[str, Any]:
    return NOTHING | changes


def test_the_page_is_what_the_counts_and_prices_say():
    document = cost.DOCUMENT.read_text(encoding="utf-8")
    assert cost.generated(document, cost.tables(cost.kept())) == document, (
        "python -c 'from benchmarks import cost; cost.write(cost.kept())'"
    )
    for heading in ("### A thousand victims", "### A month", "### What dominates a month", "### Prices"):
        assert heading in document


@pytest.mark.parametrize("document", ["", "<!-- counted -->\n", 2 * "<!-- counted -->\n<!-- end -->\n"])
def test_a_page_without_one_place_for_the_tables_is_an_error(document):
    with pytest.raises(ValueError, match="no place"):
        cost.generated(document, "tables")


def test_every_price_says_where_and_when_it_was_read_or_that_it_is_only_known():
    for name, price in PRICES.items():
        assert "[GK]" not in price.read, name
        if price.read:
            assert re.search(r"\b20\d\d\b|undated$", price.read), name
        else:
            assert "[GK]" in price.note or "Nearest" in price.note, name
        assert price.usd > 0, name
        assert price.per > 0, name
    assert len({price.unit for price in PRICES.values()}) == len(PRICES)


def test_the_page_calls_no_price_read_that_was_not():
    document = cost.DOCUMENT.read_text(encoding="utf-8")
    read, known = document.partition("### Prices that were read")[2].split("### Prices that were not")
    for price in PRICES.values():
        assert f"\n| {price.unit} | " in (read if price.read else known)


@pytest.mark.parametrize(
    ("facts", "unit", "amount"),
    [
        ({"calls": {"dispatch": {"ses.SendEmail": 20}}}, "email", 2.0),
        ({"calls": {"receipts": {"sqs.SendMessageBatch": 10}}, "invocations": {"receipts": 10}}, "sqs", 1.0),
        ({"calls": {"ingest": {"sqs.SendMessageBatch": 10}}, "invocations": {"ingest": 10}}, "sqs", 3.0),
        ({"invocations": {"app": 30, "dispatch": 10}}, "api", 3.0),
        ({"invocations": {"app": 30, "dispatch": 10}}, "firewall_requests", 3.0),
        ({"calls": {"leaks": {"s3.ListObjectsV2": 10, "s3.GetObject": 20}}}, "s3_get", 2.0),
        ({"calls": {"leaks": {"s3.ListObjectsV2": 10, "s3.GetObject": 20}}}, "s3_put", 1.0),
        ({"calls": {"ingest": {"s3.PutObject": 10}}}, "s3_put", 1.0),
        ({"calls": {"sweep": {"dynamodb.Query": 5, "dynamodb.GetItem": 5}}}, "dynamodb_read", 2.0),
        ({"written": {"rows": 30, "bytes": 20 * 1024}}, "dynamodb_write", 20.0),
        ({"cpu_ms": {"ingest": 1000}, "calls": {"ingest": {"sns.PublishBatch": 10}}}, "lambda_time", 0.18),
        ({"cpu_ms": {"receipts": 1000}, "calls": {"receipts": {"sns.PublishBatch": 10}}}, "lambda_time", 0.09),
        ({"invocations": {"sweep": 1000}}, "logs", 0.00015),
        ({"invocations": {"app": 30, "dispatch": 10}}, "trace", 4.0),
        ({"calls": {"leaks": {"s3.ListObjectsV2": 10, "s3.GetObject": 20}}}, "data_event", 3.0),
        ({"calls": {"sweep": {"dynamodb.Query": 5, "dynamodb.TransactWriteItems": 5, "sqs.SendMessage": 9}}}, "data_event", 1.0),
    ],
)
def test_units_of_one_victim_are_those_counted(facts, unit, amount):
    assert cost.units(counted(of=10, **facts))[unit] == pytest.approx(amount)


def test_nothing_counted_costs_nothing_but_what_stands_texts_letters_and_officers():
    parts = cost.month(dict.fromkeys((*cost.SITUATIONS, *cost.VISITS), counted()) | {"checks": {"leaks": counted()}}, 1.0)
    costs = {part: cost.dollars(found) for part, found in parts.items()}
    assert [part for part, found in costs.items() if found > 0.5] == [
        "SMS segments",
        "letters, printed and posted",
        "pages: victims, officers, messages to officers",
        "what stands whether anything happens or not",
    ]


def test_a_force_of_twice_the_size_pays_twice_but_for_what_stands():
    one, two = (cost.month(cost.kept(), size) for size in (1.0, 2.0))
    for part, found in one.items():
        factor = 1 if part.startswith("what stands") else 2
        assert cost.dollars(two[part]) == pytest.approx(factor * cost.dollars(found))


def situations() -> dict[str, dict[str, Any]]:
    """All that was counted, by name."""
    kept = cost.kept()
    return {name: kept[name] for name in (*cost.SITUATIONS, *cost.VISITS)} | kept["checks"]


def test_a_call_that_no_price_is_known_for_is_an_error():
    """It would make the sum too small without a word."""
    with pytest.raises(KeyError, match=r"dynamodb\.Scan"):
        cost.units(counted(calls={"sweep": {"dynamodb.Scan": 1}}))


def test_every_function_of_the_template_was_counted():
    """A new one costs something too: `make bench ONLY=cost WRITE=1`, and JUDGED of benchmarks/cost.py says how often it comes."""
    called = {function for found in situations().values() for function in found["calls"]}
    assert called == set(cost_runs.handlers())
    assert set(cost.kept()["checks"]) == set(cost_runs.looking_back()) == set(cost.CHECKS) == set(cost.JUDGED)


def test_each_situation_is_one():
    for name, found in situations().items():
        assert found["of"] > 0, name
        assert sum(found["invocations"].values()) > 0, name
        assert set(found["cpu_ms"]) == set(found["invocations"]) >= set(found["calls"]), name
    assert all(cost.kept()[name]["written"]["rows"] > 0 for name in (*cost.SITUATIONS, *cost.VISITS))
    assert all(cost.kept()[name]["invocations"]["app"] > cost.kept()[name]["of"] for name in cost.VISITS)


def test_what_stands_is_read_from_the_template():
    resources = [resource["Type"] for resource in deployable()["Resources"].values()]
    assert cost.standing()["kms_key"] == resources.count("AWS::KMS::Key")
    assert cost.standing()["alarm"] > resources.count("AWS::CloudWatch::Alarm"), "one that calculates pays for each metric"
    assert cost.standing()["scheduler"] == 8640 + 720 * len(cost_runs.looking_back())


def test_memory_is_that_of_the_configuration():
    assert [cost.memory_gb(name) for name in ("app", "receipts", "leaks")] == [1.0, 0.5, 1.0]
