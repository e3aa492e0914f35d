"""What is observed: one JSON line and one metric an outcome, from the allow-list alone, and never a text of anybody's."""

import json
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.observability import ALLOWED, DIMENSIONS, NAMESPACE, observe, observe_counts, observe_end, observe_failure
from tests.captured import Output, captured
from tests.contract.schemas.any_json import FUZZ

ALWAYS = {"level", "location", "message", "timestamp", "service"}


def line_of(output: Output) -> dict[str, Any]:
    """The one log line, without what every line has."""
    (line,) = output.lines
    return {name: value for name, value in line.items() if name not in ALWAYS}


class Colour(StrEnum):
    RED = "red"


def test_one_line_and_one_metric() -> None:
    with captured() as output:
        observe("record", outcome="recorded", kind="occurrence", reference="26000712345")
    first, second = output.documents
    assert (first["level"], first["message"], first["service"]) == ("INFO", "record", "kept-informed")
    assert line_of(output) == {"outcome": "recorded", "kind": "occurrence", "reference": "26000712345"}
    (definition,) = second["_aws"]["CloudWatchMetrics"]
    assert definition == {
        "Namespace": NAMESPACE,
        "Dimensions": [["outcome", "kind", "service"]],
        "Metrics": [{"Name": "record", "Unit": "Count"}],
    }
    assert (second["record"], second["outcome"], second["kind"]) == ([1.0], "recorded", "occurrence")
    assert "reference" not in second, "a dimension for each case would cost more than the message"


def test_dimensions_of_one_outcome_do_not_stick_to_the_next() -> None:
    with captured() as output:
        observe("delivery", outcome="sent", audience="victim", channel="email")
        observe("sweep", due=3, more=False)
    last = output.documents[-1]
    assert last["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    assert not {"audience", "channel", "outcome", "delivery"} & last.keys()


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (3, 3),
        (0, 0),
        (True, True),
        ("recorded", "recorded"),
        (Colour.RED, "red"),
        ("ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT", "ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        ("occurrence.victims[0].email", "occurrence.victims[0].email"),
        ("Alex Morgan", "withheld"),
        ("alex.morgan@example.org", "withheld"),
        ("+447700900123", "withheld"),
        ("1 Wood Street", "withheld"),
        ("two\nlines", "withheld"),
        ("line\n", "withheld"),
        ("", "withheld"),
        ("é", "withheld"),
        ("x" * 121, "withheld"),
        (["a"], "withheld"),
        ({"a": 1}, "withheld"),
        (b"bytes", "withheld"),
    ],
)
def test_a_value_that_is_no_code_or_number_is_withheld(value: object, seen: object) -> None:
    with captured() as output:
        observe("record", code=value)
    assert line_of(output) == {"code": seen}


def test_nothing_is_written_for_none() -> None:
    with captured() as output:
        observe("record", outcome="recorded", reference=None)
    assert line_of(output) == {"outcome": "recorded"}


@pytest.mark.parametrize("name", ["name", "email", "body", "occurrence", "victim_id", "to", "text", "exc_info", "extra"])
def test_a_field_that_is_not_on_the_list_is_dropped(name: str) -> None:
    with captured() as output:
        observe("record", outcome="recorded", **{name: "alex"})
    assert line_of(output) == {"outcome": "recorded"}
    assert "alex" not in json.dumps(output.documents)


@FUZZ
@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40)), st.sampled_from(sorted(ALLOWED)), st.text(max_size=40))
def test_whatever_is_given_only_the_list_is_written_and_only_codes(fields: dict[str, str], allowed: str, text: str) -> None:
    fields = {name: value for name, value in fields.items() if name != "event"}
    with captured() as output:
        observe("record", **(fields | {allowed: text}))
    (line,), (metric,) = output.lines, output.metrics
    assert line.keys() <= ALLOWED | ALWAYS
    assert metric.keys() <= {*DIMENSIONS, "_aws", "service", "record"}
    for value in [line[name] for name in line.keys() & ALLOWED]:
        assert value == "withheld" or " " not in value


def test_counts_of_one_moment_are_one_line_noughts_too() -> None:
    with captured() as output:
        observe_counts(late=3, breached=0)
    (document,) = output.documents
    (definition,) = document["_aws"]["CloudWatchMetrics"]
    assert definition["Dimensions"] == [["service"]]
    assert definition["Metrics"] == [{"Name": "late", "Unit": "Count"}, {"Name": "breached", "Unit": "Count"}]
    assert (document["late"], document["breached"]) == ([3.0], [0.0])


@pytest.mark.parametrize(("arrived", "name"), [(True, "arrived"), (False, "not_arrived")])
def test_how_a_message_ended_is_a_metric_of_its_channel_and_no_line(arrived: bool, name: str) -> None:
    with captured() as output:
        observe_end(arrived, "email")
    (document,) = output.documents
    (definition,) = document["_aws"]["CloudWatchMetrics"]
    assert definition["Dimensions"] == [["channel", "service"]]
    assert (document[name], document["channel"]) == ([1.0], "email")


def test_a_failure_is_its_type_and_its_place() -> None:
    def fails() -> None:
        raise ValueError("Alex Morgan, alex.morgan@example.org")

    with pytest.raises(ValueError, match="Alex") as raised:
        fails()
    with captured() as output:
        observe_failure("ingest", raised.value, reference="26000712345")
    line = line_of(output)
    assert line.pop("where").startswith("test_observability.py:")
    assert line == {"kind": "ingest", "error": "ValueError", "reference": "26000712345"}
    assert "Alex" not in json.dumps(output.documents)


def test_an_error_that_was_never_raised_has_no_place() -> None:
    with captured() as output:
        observe_failure("ingest", KeyError("Alex"))
    assert line_of(output) == {"kind": "ingest", "error": "KeyError"}


@pytest.mark.parametrize("name", ["name", "email", "mobile", "address", "summary", "body", "victim", "text", "message", "exception"])
def test_the_list_itself_names_nothing_of_a_person(name: str) -> None:
    assert name not in ALLOWED
