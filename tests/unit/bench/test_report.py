"""Rows of the bench and their file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.report import LESS, MORE, Report, Row, median, percentile, read_rows


def test_row_is_shown_as_it_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("sqlite")

    report.add("a page", "3.2 ms", "≤4 ms", True, value=3.2)
    report.add("a hold", "5.0 ms", "≤4 ms", False, note="on two cores", held_back="one statement too many")
    report.add("a search", "", note="needs a service")

    assert capsys.readouterr().out == (
        "| a page | 3.2 ms | ≤4 ms | yes |  |\n"
        "| a hold | 5.0 ms | ≤4 ms | NO | on two cores; one statement too many |\n"
        "| a search |  |  |  | needs a service |\n"
    )


def test_what_holds_back_is_left_out_where_the_row_is_reached() -> None:
    report = Report("sqlite")

    report.add("reached", "4 ms", "≤4 ms", True, held_back="the machine")
    report.add("nothing to reach", "4 ms", held_back="the machine")

    assert [row.note for row in report.rows] == ["", ""]


def test_missed_are_the_rows_that_say_no() -> None:
    report = Report("sqlite")
    report.add("reached", "1", "≤1", True)
    report.add("missed", "2", "≤1", False)
    report.add("nothing to reach", "3")

    assert [row.work for row in report.missed()] == ["missed"]


def test_file_has_every_row_and_is_read_back(tmp_path: Path) -> None:
    report = Report("postgresql", cores=2, load=0.25)
    report.add("a page", "0.05 (3.2 ms)", "≥0.03", True, value=0.05, better=MORE, allowed=0.15)
    report.add("a search", "", note="needs a service")
    report.seconds["pages"] = 12.5
    path = tmp_path / "bench.json"

    report.write(path)

    body = json.loads(path.read_text())
    assert body["rows"][0] == {
        "work": "a page",
        "figure": "0.05 (3.2 ms)",
        "target": "≥0.03",
        "reached": True,
        "note": "",
        "value": 0.05,
        "better": "more",
        "allowed": 0.15,
    }
    assert {name: body[name] for name in body if name != "rows"} == {
        "database": "postgresql",
        "cores": 2,
        "load": 0.25,
        "seconds": {"pages": 12.5},
    }
    assert read_rows(path) == report.rows


def test_rows_of_an_older_file_lack_what_came_later(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    old = {"work": "a page", "figure": "3 ms", "target": "≤4 ms", "reached": True, "gone": 1}
    path.write_text(json.dumps({"database": "sqlite", "rows": [old]}))

    assert read_rows(path) == [Row("a page", "3 ms", "≤4 ms", True, "", None, LESS, 0.10)]


@pytest.mark.parametrize(("load", "busy"), [(0.9, False), (1.0, False), (1.1, True)])
def test_a_machine_is_busy_when_more_than_half_of_its_cores_are(load: float, busy: bool) -> None:
    assert Report("sqlite", cores=2, load=load).machine_is_busy is busy


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.95, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.0, 1.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 1.0, 4.0),
        ([float(n) for n in range(100, 0, -1)], 0.95, 96.0),
    ],
)
def test_percentile(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_median_is_the_middle() -> None:
    assert median([9.0, 1.0, 2.0]) == 2.0
