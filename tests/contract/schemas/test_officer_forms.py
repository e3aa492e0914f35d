"""The forms of the officer's page, read: days and times as browsers and people write them, and nothing else taken for one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.events import Result
from chalicelib.domain.officer_forms import Fault, UpdateForm, Way
from chalicelib.schemas.officer_forms import CONTACT_FIELDS, UPDATE_FIELDS, read_contact, read_day, read_time, read_try, read_update

POSTED = {"victim": "V1", "result": "no_answer", "day": "2026-11-20", "time": "14:05", "way": "phone", "next_update_on": "2026-12-08"}


@pytest.mark.parametrize("typed", ["2026-12-08", " 8/12/2026 ", "08 12 26", "8.12.2026", "8-12-26", "2026-12-8"])
def test_a_day_however_it_is_written(typed):
    assert read_day(typed) == date(2026, 12, 8)


@pytest.mark.parametrize(
    "typed", ["", "soon", "31/2/2026", "2026-13-01", "1/1/1999", "0001-01-01", "9999-12-31", "8 December", "٨/12/2026x"]
)
def test_what_is_no_day_of_this_century(typed):
    assert read_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14:05", time(14, 5)), ("14:05:30", time(14, 5)), ("14.05", time(14, 5)), ("1405", time(14, 5)), ("2:05pm", time(14, 5)),
     ("2.05 p.m.", time(14, 5)), ("12:00am", time(0)), ("12:00 pm", time(12)), ("9:30", time(9, 30))],
)  # fmt: skip
def test_a_time_however_it_is_written(typed, read):
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "now", "25:00", "14:60", "14:05pm", "0:30am", "5"])
def test_what_is_no_time(typed):
    assert read_time(typed) is None


def test_a_contact_is_london_s_time_in_winter_and_in_summer():
    read = read_contact(POSTED, ["update"])
    assert (read.form.result, read.form.contacted_at, read.form.way) == (
        Result.SPOKEN,
        datetime(2026, 11, 20, 14, 5, tzinfo=UTC),
        Way.PHONE,
    )
    assert (read.form.covers, read.form.next_update_on, read.faults) == (frozenset({"update"}), date(2026, 12, 8), ())
    assert read_contact(POSTED | {"day": "2026-07-01"}).form.contacted_at == datetime(2026, 7, 1, 13, 5, tzinfo=UTC)


def test_a_try_reaches_nobody_whatever_is_posted():
    assert read_try(POSTED).form.result is Result.NO_ANSWER
    for forged in ("spoken", "sent", "given_by_hand", "nonsense", ""):
        assert read_try(POSTED | {"result": forged}).form.result is None


def test_what_cannot_be_read_is_missing_and_a_day_that_cannot_be_read_is_not_left_out():
    read = read_contact(dict.fromkeys(CONTACT_FIELDS, "") | {"next_update_on": "soon", "way": "pigeon"})
    assert (read.form.contacted_at, read.form.way, read.form.next_update_on) == (None, None, None)
    assert read.faults == (Fault("next_update_on", "unknown"),)
    assert read_update({**dict.fromkeys(UPDATE_FIELDS, ""), "next_update_on": "soon"}).faults == read.faults


def test_an_update_with_blanks_is_one_without_words():
    assert read_update({"victim": "V1", "start": "", "words": "", "next_update_on": " "}).form == UpdateForm("V1", None)


@given(st.dictionaries(st.sampled_from(CONTACT_FIELDS), st.text()))
def test_whatever_is_posted_is_read_without_an_error(posted):
    filled = dict.fromkeys(CONTACT_FIELDS, "") | posted
    read_contact(filled, list(posted.values()))
    read_try(filled)
