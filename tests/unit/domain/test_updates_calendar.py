"""Updates at the edges of the calendar: calendar days, not working days, to the last second in London, the weekday spelled out.

docs/obligations.md: an update due on a date is due by the end of that day. British Summer Time begins on Sunday 28 March 2027 and ends on
Sunday 31 October 2027. Left London's story, right the deadline in UTC.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.agreements import updates
from chalicelib.domain.model import Status
from tests.domain_builders import at
from tests.unit.domain.update_stories import FIRST, SILENT_RECORD, agreed, chain, changed, said_of, spoke, story, version

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("accepted", "link", "due"),
    [
        pytest.param("2026-11-20 23:59:59", "Mon 30 Nov 2026", "2026-11-30 23:59:59", id="Friday, the last second"),
        pytest.param("2026-11-21 00:00:00", "Tue 1 Dec 2026", "2026-12-01 23:59:59", id="Saturday, the first second"),
        pytest.param("2026-12-15 10:00:00", "Fri 25 Dec 2026", "2026-12-25 23:59:59", id="to Christmas Day: a calendar day all the same"),
        pytest.param("2026-12-18 10:00:00", "Mon 28 Dec 2026", "2026-12-28 23:59:59", id="to the Monday in place of Boxing Day"),
        pytest.param("2026-12-21 10:00:00", "Thu 31 Dec 2026", "2026-12-31 23:59:59", id="to the last day of the year"),
        pytest.param("2026-12-22 10:00:00", "Fri 1 Jan 2027", "2027-01-01 23:59:59", id="to the first day of the year"),
        pytest.param("2026-12-24 10:00:00", "Sun 3 Jan 2027", "2027-01-03 23:59:59", id="Christmas Eve, over the new year to a Sunday"),
        pytest.param("2027-01-18 10:00:00", "Thu 28 Jan 2027", "2027-01-28 23:59:59", id="within a month"),
        pytest.param("2027-01-21 10:00:00", "Sun 31 Jan 2027", "2027-01-31 23:59:59", id="to the end of a month"),
        pytest.param("2027-01-22 10:00:00", "Mon 1 Feb 2027", "2027-02-01 23:59:59", id="over the end of a month"),
        pytest.param("2027-02-19 10:00:00", "Mon 1 Mar 2027", "2027-03-01 23:59:59", id="over February's end without a leap day"),
        pytest.param("2028-02-18 10:00:00", "Mon 28 Feb 2028", "2028-02-28 23:59:59", id="to the day before leap day"),
        pytest.param("2028-02-19 10:00:00", "Tue 29 Feb 2028", "2028-02-29 23:59:59", id="to leap day"),
        pytest.param("2028-02-20 10:00:00", "Wed 1 Mar 2028", "2028-03-01 23:59:59", id="over leap day"),
        pytest.param("2028-02-29 10:00:00", "Fri 10 Mar 2028", "2028-03-10 23:59:59", id="from leap day"),
        pytest.param("2027-03-16 10:00:00", "Fri 26 Mar 2027", "2027-03-26 23:59:59", id="to Good Friday"),
        pytest.param("2027-03-17 10:00:00", "Sat 27 Mar 2027", "2027-03-27 23:59:59", id="to the last day of winter time"),
        pytest.param("2027-03-18 10:00:00", "Sun 28 Mar 2027", "2027-03-28 22:59:59", id="to Easter Sunday, the first of summer time"),
        pytest.param("2027-03-19 10:00:00", "Mon 29 Mar 2027", "2027-03-29 22:59:59", id="to Easter Monday"),
        pytest.param("2027-07-05 22:59:59", "Thu 15 Jul 2027", "2027-07-15 22:59:59", id="summer: Monday, the last second in London"),
        pytest.param("2027-07-05 23:00:00", "Fri 16 Jul 2027", "2027-07-16 22:59:59", id="summer: Tuesday, the first second in London"),
        pytest.param("2027-10-20 10:00:00", "Sat 30 Oct 2027", "2027-10-30 22:59:59", id="to the last day of summer time"),
        pytest.param("2027-10-21 10:00:00", "Sun 31 Oct 2027", "2027-10-31 23:59:59", id="to the day of 25 hours"),
        pytest.param("2027-10-31 00:30:00", "Wed 10 Nov 2027", "2027-11-10 23:59:59", id="from the hour that comes twice, first time"),
        pytest.param("2027-10-31 01:30:00", "Wed 10 Nov 2027", "2027-11-10 23:59:59", id="from the hour that comes twice, second time"),
    ],
)
def test_ten_days_from_acceptance(accepted: str, link: str, due: str) -> None:
    (owed,) = updates(story(SILENT_RECORD, accepted_at=at(accepted)))
    assert said_of(owed) == f"start: {link} (proposed), open"
    assert owed.due_at == at(due)


@pytest.mark.parametrize(
    ("contact", "every", "link"),
    [
        pytest.param("2026-12-17 15:00", 7, "Thu 24 Dec 2026", id="a week: to Christmas Eve"),
        pytest.param("2026-12-24 23:59:59", 1, "Fri 25 Dec 2026", id="a day: from the last second of Christmas Eve"),
        pytest.param("2026-12-25 00:00:00", 1, "Sat 26 Dec 2026", id="a day: from the first second of Christmas Day"),
        pytest.param("2026-12-31 23:59:59", 1, "Fri 1 Jan 2027", id="a day: over the year's end"),
        pytest.param("2027-01-31 15:00", 28, "Sun 28 Feb 2027", id="four weeks: to the end of February"),
        pytest.param("2028-02-01 15:00", 28, "Tue 29 Feb 2028", id="four weeks: to leap day"),
        pytest.param("2027-03-27 23:59:59", 1, "Sun 28 Mar 2027", id="a day: the night the clocks go forward"),
        pytest.param("2027-03-28 00:59:59", 1, "Mon 29 Mar 2027", id="a day: the last second before they do"),
        pytest.param("2027-10-30 22:59:59", 1, "Sun 31 Oct 2027", id="a day: the night the clocks go back"),
        pytest.param("2027-10-30 23:00:00", 1, "Mon 1 Nov 2027", id="a day: from midnight in summer time"),
    ],
)
def test_days_after_a_contact_or_a_change_count_from_londons_day(contact: str, every: int, link: str) -> None:
    record = version(1, "2026-11-20 10:30", agreed(every, "2029-01-01"))
    assert chain(record, spoke("C-1", contact))[-1] == f"C-1: {link}, open"
    assert chain(version(1, "2026-11-20 10:30", agreed(28, "2029-01-01")), changed("A-1", contact, every)) == [f"start: {link}, open"]


@pytest.mark.parametrize(
    ("agreed_for", "last"),
    [
        pytest.param("2026-12-25", "2026-12-25 23:59:59", id="Christmas Day, a Friday"),
        pytest.param("2026-12-31", "2026-12-31 23:59:59", id="New Year's Eve, a Thursday"),
        pytest.param("2027-03-27", "2027-03-27 23:59:59", id="Saturday before the clocks go forward"),
        pytest.param("2027-03-28", "2027-03-28 22:59:59", id="Easter Sunday, when the clocks go forward"),
        pytest.param("2027-10-30", "2027-10-30 22:59:59", id="Saturday before the clocks go back"),
        pytest.param("2027-10-31", "2027-10-31 23:59:59", id="Sunday when the clocks go back"),
        pytest.param("2028-02-29", "2028-02-29 23:59:59", id="leap day, a Tuesday"),
    ],
)
def test_both_sides_of_the_last_second(agreed_for: str, last: str) -> None:
    """Met in time, moved and waived until the last second of the day; met late, begun anew and breached from the next."""
    record, end = version(1, "2026-11-20 10:30", agreed(10, agreed_for)), at(last)
    for moment, met, changes, closes in (
        (end, "met", 1, "waived"),
        (end + SECOND, "met late", 2, "breached"),
    ):
        when = f"{moment:%Y-%m-%d %H:%M:%S}"
        assert f", {met} by C-1" in chain(record, spoke("C-1", when))[0]
        assert len(chain(record, changed("A-1", when, 7))) == changes
        assert f", {closes}: closed" in chain(record, version(2, when, status=Status.CLOSED))[0]


@pytest.mark.parametrize(
    ("reopened", "link"),
    [
        pytest.param("2026-11-30 23:59:59", "v3: Mon 30 Nov 2026, open", id="in the last second of the day agreed"),
        pytest.param("2026-12-01 00:00:00", "v3: Fri 11 Dec 2026, open", id="a second later"),
        pytest.param("2026-12-22 09:00:00", "v3: Fri 1 Jan 2027, open", id="ten days over Christmas to the new year"),
    ],
)
def test_re_opening_at_the_edge_of_the_day_agreed(reopened: str, link: str) -> None:
    assert chain(FIRST, version(2, "2026-11-23", status=Status.CLOSED), version(3, reopened))[-1] == link
