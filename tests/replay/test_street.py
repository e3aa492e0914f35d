"""Street files in every form that data.police.uk hands them out, and what is refused with the file and the column named.

Must not need the source's own data; where it stands beside the repository, its published counts are checked.
"""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.replay.generator.street import StreetError, Unit, read, spread, units
from tests.replay.made_up import REAL, as_csv, row, rows

JANUARY, FEBRUARY = rows(30), rows(20, "2022-02")


def put(folder: Path, name: str, some=JANUARY) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = as_csv(some).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


def test_a_plain_file_and_a_packed_one_say_the_same(tmp_path):
    plain, packed = put(tmp_path / "a", "2022-01-x-street.csv"), put(tmp_path / "b", "2022-01-x-street.csv.gz")
    assert read([plain]) == read([packed]) == {"2022-01": JANUARY}


def test_a_folder_is_searched_deeply_for_street_files_alone(tmp_path):
    put(tmp_path, "2022-01/2022-01-x-street.csv")
    put(tmp_path, "2022-02/2022-02-x-street.csv.gz", FEBRUARY)
    (tmp_path / "2022-01" / "2022-01-x-outcomes.csv").write_text("Crime ID,Month\n")
    (tmp_path / "2022-01" / "2022-01-x-stop-and-search.csv").write_text("Type\n")
    (tmp_path / "2022-01" / "._2022-01-x-street.csv").write_bytes(b"\x00\x05")
    (tmp_path / "notes-street.txt").write_text("nothing")
    assert read([tmp_path]) == {"2022-01": JANUARY, "2022-02": FEBRUARY}


def test_two_forces_of_one_month_come_together(tmp_path):
    others = rows(5, seed=8)
    put(tmp_path, "2022-01-a-street.csv")
    put(tmp_path, "2022-01-b-street.csv", others)
    assert read([tmp_path]) == {"2022-01": JANUARY + others}


def test_a_file_that_is_named_twice_counts_once(tmp_path):
    file = put(tmp_path, "2022-01-x-street.csv")
    assert read([tmp_path, file, str(file)]) == {"2022-01": JANUARY}


def test_months_narrow_the_selection(tmp_path):
    put(tmp_path, "both-street.csv", JANUARY + FEBRUARY)
    assert read([tmp_path], {"2022-02"}) == {"2022-02": FEBRUARY}


def test_a_byte_order_mark_and_line_ends_of_windows_do_not_matter(tmp_path):
    file = tmp_path / "street.csv"
    file.write_bytes(b"\xef\xbb\xbf" + as_csv(JANUARY).encode())
    assert b"\r\n" in file.read_bytes()
    assert read([file]) == {"2022-01": JANUARY}


NOT_STREET = {
    "outcomes": ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n", '"Crime type"'),
    "empty": ("", '"Crime ID"'),
    "something else": ("a,b\n1,2\n", '"Crime ID"'),
    "no month": (as_csv((row("1", ""),)), '"Month"'),
    "month of words": (as_csv((row("1", "January 2022"),)), '"Month"'),
    "month thirteen": (as_csv((row("1", "2022-13"),)), '"Month"'),
    "no crime type": (as_csv((row("1", crime_type=""),)), '"Crime type"'),
    "a line cut short": (as_csv(JANUARY) + "abc,2022-01,x\n", '"Falls within"'),
    "not text": (b"Crime ID,\xff\xfe\n", "UTF-8"),
}


@pytest.mark.parametrize(("content", "named"), NOT_STREET.values(), ids=NOT_STREET.keys())
def test_what_is_no_street_file_is_refused_with_file_and_column(tmp_path, content, named):
    file = tmp_path / "given.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StreetError) as refused:
        read([file])
    assert str(file) in str(refused.value)
    assert named in str(refused.value)


def test_a_packed_file_that_is_none_is_refused(tmp_path):
    file = tmp_path / "2022-01-x-street.csv.gz"
    for content in (b"no gzip", gzip.compress(b"cut short" * 100)[:-20]):
        file.write_bytes(content)
        with pytest.raises(StreetError, match="no gzip file"):
            read([file])


def test_the_same_file_plain_and_packed_would_count_twice_and_is_refused(tmp_path):
    put(tmp_path, "2022-01-x-street.csv")
    put(tmp_path, "2022-01-x-street.csv.gz")
    with pytest.raises(StreetError, match="count twice"):
        read([tmp_path])


def test_nothing_to_replay_is_an_error(tmp_path):
    (tmp_path / "2022-01-x-outcomes.csv").write_text("Crime ID\n")
    header_alone = tmp_path / "header.csv"
    header_alone.write_text(as_csv(()))
    for nothing in ([tmp_path], [header_alone], [tmp_path / "missing"], []):
        with pytest.raises(StreetError):
            read(nothing)
    with pytest.raises(StreetError, match="2030-01"):
        read([put(tmp_path, "a-street.csv")], ["2030-01"])


def test_rows_of_one_crime_id_are_one_occurrence_and_rows_without_are_each_their_own():
    some = (row("a"), row(), row("b"), row("a", crime_type="Robbery"), row())
    assert [len(unit.rows) for unit in units({"2022-01": some})] == [2, 1, 1, 1]
    assert len({unit.key for unit in units({"2022-01": some, "2022-02": (row(month="2022-02"),)})}) == 5


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60), st.integers(1, 120))
def test_a_limit_is_kept_and_spread_and_divides_no_crime_id(sizes, limit):
    every = [Unit(str(number), (row(str(number)),) * size) for number, size in enumerate(sizes)]
    total = sum(sizes)
    try:
        taken = spread(every, limit)
    except StreetError:
        assert limit < max(sizes)
        return
    count = sum(len(unit.rows) for unit in taken)
    assert count <= limit
    assert taken == [unit for unit in every if unit in taken]
    assert count > min(limit, total) - max(sizes)


def test_a_limit_reaches_both_ends_of_the_month():
    every = units({"2022-01": tuple(row(str(number)) for number in range(1000))})
    taken = [int(unit.key) for unit in spread(every, 10)]
    assert len(taken) == 10
    assert {number // 100 for number in taken} == set(range(10))


@pytest.mark.parametrize(
    ("name", "count", "with_id", "distinct"),
    [("2022-01-derbyshire-street.csv.gz", 8991, 7172, 6935), ("2021-09-derbyshire-street.csv.gz", 9788, 7576, 7352)],
)
def test_the_real_months_have_their_known_counts(name, count, with_id, distinct):
    if not (REAL / name).is_file():
        pytest.skip("no real data beside the repository")
    months = read([REAL / name])
    assert Counter(len(some) for some in months.values()) == {count: 1}
    grouped = [unit for unit in units(months) if unit.has_id]
    assert (sum(len(unit.rows) for unit in grouped), len(grouped)) == (with_id, distinct)
