"""Waves, days and sameness: what may be fed at once never touches the same, and the same input gives the same bytes.

Must not use the generator's own idea of what touches what: it is read here from the bodies alone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.replay.generator.__main__ import main
from infra.replay.generator.lines import lines
from infra.replay.generator.touches import Waves
from tests.replay.made_up import NOW, PLACES, TYPES, as_csv, made, occurrence_of, row, rows

ROOT = Path(__file__).resolve().parents[2]


def names(occurrence: dict) -> set[str]:
    """Everything that a body names, read without the generator."""
    found = {
        str(reference).replace("*", "000") for reference in (occurrence.get("reference"), *(occurrence.get("linked_references") or ()))
    }
    for victim in occurrence.get("victims", ()):
        representative = victim.get("representative") or {}
        found.add(f"person {victim.get('person_ref')}")
        found |= {str(holder.get("email")).lower() for holder in (victim, representative)}
        found |= {"mobile " + re.sub(r"^(\+?44|0)", "", str(holder.get("mobile")).replace(" ", "")) for holder in (victim, representative)}
    return {name for name in found if not name.endswith("None") and name != "none"}


def clashes(found: list) -> list[str]:
    """What two different bodies of one wave both name."""
    by_wave: dict[tuple[int, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in found[1:]:
        occurrence = occurrence_of(line["body"])
        for name in names(occurrence) if occurrence else ():
            by_wave[(line["day"], line["wave"])][name].add(line["body"])
    return [name for wave in by_wave.values() for name, bodies in wave.items() if len(bodies) > 1]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_two_messages_of_a_wave_touch_each_other(seed):
    assert clashes(made(2000, seed=seed)) == []


def test_messages_that_name_the_same_do_stand_in_different_waves():
    """Otherwise the test above would say nothing."""
    everything = [{**line, "wave": 0} if isinstance(line, dict) and "wave" in line else line for line in made(2000)]
    assert len(clashes(everything)) > 100


def test_waves_are_few():
    waves = Counter((line["day"], line["wave"]) for line in made(2000)[1:])
    assert max(wave for _, wave in waves) < 14
    assert waves[(0, 1)] > 0.6 * sum(waves.values())


def test_waves_are_greedy():
    waves = Waves(first=1)
    assert [waves.wave_of(touches) for touches in (["a"], ["b"], ["a", "c"], ["b"], ["c", "d"], ["e"])] == [1, 1, 2, 2, 3, 1]
    assert waves.wave_of(["e"], again=True) == 1
    assert waves.wave_of(["e"]) == 2


def test_the_second_look_is_small_and_only_of_what_came_in_the_evening():
    found = made(2000)[1:]
    second = [occurrence_of(line["body"]) for line in found if line["day"] == 2]
    assert 0.025 < len(second) / 2000 < 0.06
    evening = "".join(line["body"] for line in found if line["day"] == 0)
    readable = [each for each in second if each and isinstance(each.get("reference"), str) and not each["reference"].startswith("99")]
    assert all(each["reference"][-6:] in evening for each in readable)


def test_versions_of_an_occurrence_come_twice_late_and_out_of_order():
    found = [occurrence_of(line["body"]) for line in made(2000)[1:]]
    versions: dict[str, list[int]] = defaultdict(list)
    for each in found:
        if each and isinstance(each.get("version"), int) and isinstance(each.get("reference"), str):
            versions[each["reference"].replace("*", "000")].append(each["version"])
    shapes = Counter("same" if len(set(v)) == 1 else "rising" if v == sorted(v) else "falling" for v in versions.values() if len(v) > 1)
    assert set(shapes) == {"same", "rising", "falling"}
    assert min(shapes.values()) > 10


def bytes_of(found) -> str:
    return "\n".join(json.dumps(line) for line in found)


def test_the_same_input_gives_the_same_bytes_and_another_seed_other_ones():
    assert bytes_of(made(400)) == bytes_of(made(400))
    assert bytes_of(made(400)) != bytes_of(made(400, seed=2))
    assert bytes_of(made(400)) != bytes_of(made(400, now=NOW + timedelta(days=7)))


def test_nothing_hangs_on_the_order_of_a_set(tmp_path):
    file = tmp_path / "2022-01-x-street.csv"
    file.write_text(as_csv(rows(300)), encoding="utf-8")
    command = [sys.executable, "-m", "infra.replay.generator", str(file), "--now", NOW.isoformat()]
    found = [
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True).stdout
        for seed in ("0", "1")
    ]
    assert found[0] == found[1]
    assert len(found[0].splitlines()) > 300


def test_the_command_writes_a_file_and_names_what_it_cannot_read(tmp_path, capsys):
    file, out = tmp_path / "2022-01-x-street.csv", tmp_path / "records.jsonl"
    file.write_text(as_csv(rows(50)), encoding="utf-8")
    assert main([str(file), "--now", NOW.isoformat(), "--limit", "20", "--months", "2022-01", "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["run"]["rows"] == 20
    assert main([str(tmp_path / "missing"), "--now", NOW.isoformat()]) == 2
    assert "missing" in capsys.readouterr().err


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["", "", "a", "b", "c", "d", "e", "f", "g"]),
        st.sampled_from(["2022-01", "2022-02"]),
        st.sampled_from([*TYPES, "Unheard of"]),
        st.sampled_from(PLACES),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ROWS,
    st.integers(0, 10**9),
    st.datetimes(min_value=NOW.replace(tzinfo=None), max_value=datetime(2090, 1, 1), timezones=st.just(NOW.tzinfo)),
)
def test_any_rows_make_lines_without_clashes(some, seed, now):
    months = {month: tuple(each for each in some if each.month == month) for month in {each.month for each in some}}
    found = list(lines(months, seed, now))
    assert clashes(found) == []
    assert found[0]["run"]["rows"] == len(some)
