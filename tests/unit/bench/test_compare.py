"""Two runs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.compare import Change, as_table, changes, main, only_in_one
from tests.bench.report import LESS, MORE, Report, Row


def row(work: str, value: float | None, better: str = LESS, allowed: float = 0.10) -> Row:
    return Row(work, "", value=value, better=better, allowed=allowed)


@pytest.mark.parametrize(
    ("better", "before", "after", "worse_by"),
    [
        (LESS, 100, 110, 0.10),
        (LESS, 100, 80, -0.20),
        (MORE, 110, 100, 0.10),
        (MORE, 80, 100, -0.20),
        (LESS, 7, 7, 0.0),
        (LESS, 0, 0, 0.0),
        (LESS, 0, 1, float("inf")),
        (MORE, 1, 0, float("inf")),
    ],
)
def test_share_that_is_lost_or_won(better: str, before: float, after: float, worse_by: float) -> None:
    [change] = changes([row("a", before, better)], [row("a", after, better)])

    assert change.worse_by == worse_by


@pytest.mark.parametrize(("after", "worse"), [(109.9, False), (110.1, True), (50, False)])
def test_a_row_is_worse_beyond_what_it_may_lose(after: float, worse: bool) -> None:
    [change] = changes([row("a", 100)], [row("a", after)])

    assert change.is_worse is worse


def test_exactly_what_it_may_lose_is_allowed() -> None:
    assert Change("a", 1, 1, worse_by=0.15, allowed=0.15).is_worse is False


def test_what_the_later_run_allows_counts() -> None:
    [change] = changes([row("a", 100, allowed=0.5)], [row("a", 114, allowed=0.15)])

    assert (change.allowed, change.is_worse) == (0.15, False)


def test_rows_are_matched_by_name_in_the_order_of_the_later_run() -> None:
    before = [row("a", 1), row("b", 2), row("gone", 3), row("no value", None)]
    after = [row("b", 2), row("new", 4), row("a", 1), row("no value", 5)]

    assert [change.work for change in changes(before, after)] == ["b", "a"]
    assert only_in_one(before, after) == ["gone", "new"]


def test_table_marks_what_became_worse() -> None:
    before = [row("a", 10), row("b", 10), row("gone", 1)]
    after = [row("a", 12), row("b", 8)]

    assert as_table(before, after).splitlines()[2:] == [
        "| a | 10 | 12 | +20.0% | 10% | WORSE |",
        "| b | 10 | 8 | -20.0% | 10% |  |",
        "Only in one run: gone",
        "2 rows compared, 1 worse than allowed.",
    ]


@pytest.mark.parametrize(("value", "code"), [(11, 0), (12, 1)])
def test_command_fails_where_a_row_became_worse(
    value: float, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for number, figure in enumerate((10.0, value)):
        report = Report("sqlite", rows=[row("a", figure)])
        files.append(tmp_path / f"{number}.json")
        report.write(files[-1])

    answer = main([str(file) for file in files])

    assert answer == code
    assert f"1 rows compared, {code} worse than allowed." in capsys.readouterr().out.splitlines()
