"""Merged cells: what a row gets from a cell that begins above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from directory.lists.importing import workbooks
from directory.lists.importing.files import read_file
from tests.factories.lists import xlsx


def rows_of(rows: Sequence[Sequence[Any]], *merged: str) -> list[tuple[int, tuple, frozenset]]:
    def merge(sheet) -> None:
        for cells in merged:
            sheet.merge_cells(cells)

    (sheet,) = read_file(xlsx(rows, dress=merge), "名单.xlsx").sheets
    return [(row.number, row.cells, row.filled) for row in sheet.rows]


NONE: frozenset[int] = frozenset()


def test_a_cell_over_several_rows_ends_with_its_last() -> None:
    assert rows_of([["甲", "街"], ["乙"], ["丙"], ["丁"]], "B1:B3") == [
        (1, ("甲", "街"), NONE),
        (2, ("乙", "街"), frozenset({1})),
        (3, ("丙", "街"), frozenset({1})),
        (4, ("丁",), NONE),
    ]


def test_a_cell_over_several_columns_of_one_row_fills_nothing() -> None:
    assert rows_of([["甲", "街"], ["乙"]], "B1:D1") == [(1, ("甲", "街"), NONE), (2, ("乙",), NONE)]


def test_a_cell_over_rows_and_columns_fills_its_first_column() -> None:
    assert rows_of([["甲", "街", None], ["乙", None, None, "丁"]], "B1:C2") == [
        (1, ("甲", "街"), NONE),
        (2, ("乙", "街", None, "丁"), frozenset({1})),
    ]


def test_an_empty_merged_cell_fills_nothing() -> None:
    assert rows_of([["甲", None], ["乙", None]], "B1:B2") == [(1, ("甲",), NONE), (2, ("乙",), NONE)]


def test_a_far_merged_cell_widens_the_row() -> None:
    assert rows_of([["甲", None, None, "街"], ["乙"]], "D1:D2") == [
        (1, ("甲", None, None, "街"), NONE),
        (2, ("乙", None, None, "街"), frozenset({3})),
    ]


def test_two_merged_cells_of_one_row_and_one_after_the_other() -> None:
    assert rows_of([["一", "甲", "街"], [None, "乙"], ["二", "丙", "镇"], [None, "丁"]], "A1:A2", "C1:C2", "A3:A4") == [
        (1, ("一", "甲", "街"), NONE),
        (2, ("一", "乙", "街"), frozenset({0, 2})),
        (3, ("二", "丙", "镇"), NONE),
        (4, ("二", "丁"), frozenset({0})),
    ]


def test_a_merged_cell_beyond_the_last_column_read_is_passed_over() -> None:
    assert rows_of([["甲"], ["乙"]], "GR1:GR2", "GS1:GS2") == [(1, ("甲",), NONE), (2, ("乙",), NONE)]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 20])
def test_merged_cells_are_found_across_the_pieces_read(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(workbooks, "_CHUNK", chunk)

    rows = rows_of([["一", "街"], ["二"], ["三", "镇"], ["四"]], "B1:B2", "B3:B4")

    assert [cells for _number, cells, _filled in rows] == [("一", "街"), ("二", "街"), ("三", "镇"), ("四", "镇")]
