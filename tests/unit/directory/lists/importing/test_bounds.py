"""The bounds of a file, as the sentences for people and the memory of the site want them."""

from __future__ import annotations

import io
import zipfile

import pytest

from directory.lists.importing import sheets
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.sheets import SheetRow, trimmed
from tests.factories.lists import HEADER, ROW, csv_text, xlsx


def code_of(content: bytes, name: str = "名单.xlsx") -> str:
    """What is wrong with the file, "" for nothing."""
    try:
        read_file(content, name)
    except UnreadableFile as error:
        return error.code
    return ""


def test_bounds() -> None:
    assert (sheets.MOST_BYTES, sheets.MOST_UNPACKED, sheets.MOST_TEXTS) == (20 << 20, 100 << 20, 30 << 20)
    assert (sheets.MOST_ROWS, sheets.MOST_COLUMNS, sheets.MOST_SHEETS) == (50_000, 200, 100)
    assert (sheets.EMPTY_ROWS_AT_MOST, sheets.LONGEST_CELL) == (20_000, 4_000)


@pytest.mark.parametrize(("most", "code"), [(1, "too_many_rows"), (2, ""), (3, "")])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_rows_at_their_bound(monkeypatch: pytest.MonkeyPatch, most: int, code: str, ending: str) -> None:
    module = "workbooks" if ending == "xlsx" else "delimited"
    monkeypatch.setattr(f"directory.lists.importing.{module}.MOST_ROWS", most)
    content = xlsx([HEADER, ROW]) if ending == "xlsx" else csv_text([HEADER, ROW]).encode()

    assert code_of(content, f"名单.{ending}") == code


@pytest.mark.parametrize(("most", "code"), [(3, "too_many_rows"), (4, "")])
def test_rows_of_all_sheets_count_together(monkeypatch: pytest.MonkeyPatch, most: int, code: str) -> None:
    def second(sheet) -> None:
        other = sheet.parent.create_sheet("二")
        for row in (HEADER, ROW):
            other.append(list(row))

    monkeypatch.setattr("directory.lists.importing.workbooks.MOST_ROWS", most)

    assert code_of(xlsx([HEADER, ROW], dress=second)) == code


@pytest.mark.parametrize(("most", "code"), [(1, "too_large"), (2, ""), (3, "")])
def test_sheets_at_their_bound(monkeypatch: pytest.MonkeyPatch, most: int, code: str) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.MOST_SHEETS", most)

    assert code_of(xlsx([HEADER, ROW], dress=lambda sheet: sheet.parent.create_sheet("二"))) == code


def unpacked(content: bytes, ending: str = "") -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(part.file_size for part in archive.infolist() if part.filename.lower().endswith(ending))


@pytest.mark.parametrize(("name", "ending"), [("MOST_UNPACKED", ""), ("MOST_TEXTS", "sharedstrings.xml")])
@pytest.mark.parametrize(("less", "code"), [(0, ""), (1, "too_large")])
def test_unpacked_size_at_its_bound(
    monkeypatch: pytest.MonkeyPatch, name: str, ending: str, less: int, code: str
) -> None:
    content = xlsx([HEADER, ROW])
    monkeypatch.setattr(f"directory.lists.importing.workbooks.{name}", unpacked(content, ending) - less)

    assert code_of(content) == code


def test_pictures_are_not_unpacked_and_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    content = xlsx([HEADER, ROW])
    size = unpacked(content)
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/media/image1.png", b" " * 5000)
    monkeypatch.setattr("directory.lists.importing.workbooks.MOST_UNPACKED", size)

    assert code_of(target.getvalue()) == ""


@pytest.mark.parametrize(("empty", "rows", "stopped"), [(2, 3, None), (3, 2, 2), (4, 2, 2)])
def test_empty_rows_end_the_reading_at_their_bound(
    monkeypatch: pytest.MonkeyPatch, empty: int, rows: int, stopped: int | None
) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.EMPTY_ROWS_AT_MOST", 3)

    (sheet,) = read_file(xlsx([HEADER, ROW, *[[]] * empty, ROW]), "名单.xlsx").sheets

    assert (len(sheet.rows), sheet.stopped_after) == (rows, stopped)


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        ((), ()),
        ((None, "  ", ""), ()),
        (("甲", None, ""), ("甲",)),
        ((None, "甲", None), (None, "甲")),
        ((0, False, None), (0, False)),
        (("甲" * 4000, 1), ("甲" * 4000, 1)),
        (("甲" * 4001,), ("甲" * 4000,)),
    ],
)
def test_row_loses_what_is_empty_at_its_end_and_what_is_too_long(values: tuple, cells: tuple) -> None:
    assert trimmed(values) == cells


@pytest.mark.parametrize(("column", "value", "text"), [(0, " 甲 ", "甲"), (1, None, ""), (2, 5, "5"), (3, None, "")])
def test_cell_of_a_row(column: int, value: object, text: str) -> None:
    row = SheetRow(1, (" 甲 ", None, 5))

    assert (row.value(column), row.text(column), row.texts()) == (value, text, [(0, "甲"), (2, "5")])


@pytest.mark.parametrize(("columns", "kept"), [(199, 199), (200, 200), (201, 200)])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_wide_rows_are_cut_at_their_bound(columns: int, kept: int, ending: str) -> None:
    content = xlsx([["甲"] * columns]) if ending == "xlsx" else csv_text([["甲"] * columns]).encode()

    (sheet,) = read_file(content, f"名单.{ending}").sheets

    assert len(sheet.rows[0].cells) == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("名单.csv", "renamed"),
        ("名单.txt", "renamed"),
        ("名单.tsv", "renamed"),
        ("名单.TAB", "renamed"),
        ("名单.xls", "renamed"),
        ("名单.xlsm", ""),
        ("名单", ""),
    ],
)
def test_workbook_of_another_name(name: str, code: str) -> None:
    assert code_of(xlsx([HEADER, ROW]), name) == code


@pytest.mark.parametrize(("before", "code"), [(999, "renamed"), (1000, "")])
def test_web_page_is_known_by_its_first_thousand_bytes(before: int, code: str) -> None:
    content = b" " * before + "<机构名称,地址\r\n甲,路1号\r\n".encode()

    assert code_of(content, "名单.csv") == code
