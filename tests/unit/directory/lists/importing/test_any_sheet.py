"""Whatever a sheet holds: no exception, and every row under a header is read or named."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.checking import CheckedList, check_list
from directory.lists.importing.column_names import COLUMNS
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.sheets import Book, Sheet, SheetRow, trimmed
from tests.factories.lists import JIANXI, NINGHE, TODAY, credit_code
from tests.factories.workbooks import package

LABELS = [label for column in COLUMNS.values() for label in (column.label, column.synonyms[-1])]
WORDS = st.sampled_from(
    [
        *("小满托育园", "湖北路12号", "工农街道", "涧西区", "宁河区", "合计", "小计：3", "备注：略", "三、民办"),
        *("营利性", "公办", "2023-12-05", "2023年13月40日", "45265", "约60", "六十", "1E+05", "112.4,34.6", "东经112°"),
        *("√", "/", "无", "=1+1", "#N/A", "0379-64910000", "13800138000", credit_code(), credit_code("52"), "\u200b"),
        *("⻘", "\x00", "１２", "全日托、半日托", "问题", "整理后", "负责人：张三", "'", "", " ", "\r\n", "_x000D_"),
        *("9" * 30, "园" * 300),
    ]
)
NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.floats(), st.booleans(), st.sampled_from([0, 60, 45265]))
MOMENTS = st.sampled_from(
    [dt.date(2023, 12, 5), dt.datetime(1899, 1, 1), dt.time(8, 30), dt.timedelta(days=3), dt.date(9999, 12, 31)]  # noqa: DTZ001
)
TEXTS = st.one_of(WORDS, st.sampled_from(LABELS), st.text(max_size=20))
CELLS = st.one_of(st.none(), TEXTS, NUMBERS, MOMENTS)
LINES = st.lists(CELLS, max_size=8)
TAGS = ["<row>", "</row>", "<row r='x'>", "<c>", "</c>", "<c t='s'>", "<v>x</v>", "<f/>", "<c/>"]
HEADERS = st.one_of(
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=8),
    st.lists(st.sampled_from(LABELS), max_size=6).map(lambda others: ["机构名称", "机构住所", *others]),
    st.lists(st.sampled_from(LABELS), max_size=6).map(lambda others: [*others, "名称", "地址"]),
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A sheet that holds a list, more often than not."""
    lines = [*draw(st.lists(LINES, max_size=1)), draw(HEADERS), *draw(st.lists(LINES, max_size=6))]
    rows = [
        SheetRow(number, cells, frozenset(draw(st.sets(st.integers(0, 7), max_size=2))), draw(st.integers(0, 9)) == 9)
        for number, line in enumerate(lines, start=1)
        if (cells := trimmed(line))
    ]
    return Sheet("名单", rows, hidden_columns=draw(st.sets(st.integers(0, 7), max_size=1)))


def check(book: Book, **context: Any) -> CheckedList | None:
    with suppress(UnreadableFile):
        return check_list(book, context=ListContext((JIANXI, NINGHE), TODAY, **context), file_name="名单.xlsx")
    return None


@settings(derandomize=True, max_examples=300, deadline=None)
@given(sheets(), st.sampled_from([None, JIANXI]))
@example(Sheet("名单", [SheetRow(1, ("机构名称", "地址")), SheetRow(2, (float("inf"), float("nan")))]), JIANXI)
@example(Sheet("名单", [SheetRow(1, ("名称", "地址", "经纬度")), SheetRow(2, ("甲", "路", "1e999,1e999"))]), JIANXI)
def test_every_row_is_read_or_named(sheet: Sheet, chosen: Any) -> None:
    checked = check(Book([sheet]), chosen=chosen, fallback=JIANXI)
    if checked is None or "名单" not in checked.headers:
        return

    seen = {row.number for row in sheet.seen().rows if row.number > checked.headers["名单"].last_row}
    read, left_out = [entry.row for entry in checked.entries], [row.row for row in checked.left_out]
    missing = [problem for problem in checked.problems if problem.code == "column_missing"]
    assert sorted(read + left_out) == ([] if missing else sorted(seen))
    assert all(entry.is_good == (entry.district is not None) or entry.problems for entry in checked.entries)
    assert all({"name", "address"} <= entry.values.keys() for entry in checked.entries if entry.is_good)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(sheets())
def test_checked_file_of_any_sheet_reads_the_same(sheet: Sheet) -> None:
    checked = check(Book([sheet]), chosen=JIANXI)
    if checked is None or any(row.cells and isinstance(each, float) for row in sheet.rows for each in row.cells):
        return

    again = check(read_file(checked_workbook(Book([sheet]), checked), "名单.xlsx"), chosen=JIANXI)

    assert again is not None
    assert [entry.row for entry in again.entries] == [entry.row for entry in checked.entries]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=6), max_size=6), st.sampled_from([",", "\t", ";"]))
def test_any_text_file_is_read_or_refused_in_a_sentence(lines: list[list[str]], delimiter: str) -> None:
    content = "\n".join(delimiter.join(line) for line in lines).encode("utf-8", "replace")

    with suppress(UnreadableFile):
        check(read_file(content, "名单.csv"), chosen=JIANXI)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TAGS)))
def test_any_workbook_is_read_or_refused_in_a_sentence(parts: list[str]) -> None:
    with suppress(UnreadableFile):
        check(read_file(package("".join(parts)), "名单.xlsx"), chosen=JIANXI)
