"""A workbook that every program opens is read: odd styles, properties and rules say nothing of a list."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from cms.core.web.workbooks import escaped
from directory.lists.importing.files import read_file
from directory.lists.importing.workbook_parts import unescaped
from directory.lists.importing.writing import register_workbook
from tests.factories.lists import HEADER, ROW, xlsx
from tests.factories.workbooks import MAIN, inline, package


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return [row.cells for row in read_file(content, "名单.xlsx").sheets[0].rows]


def styles(*numbers: str, own: str = "") -> str:
    used = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    fills = "<fills><fill/></fills>"
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>{fills}<cellXfs>{used}</cellXfs></styleSheet>'


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("名称_x000D_\n", "名称\r\n"),
        ("_x4e2d__x6587_", "中文"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("半_xD83D_个", "半个"),
        ("_x00D_ _x000G_ _X000D_", "_x00D_ _x000G_ _X000D_"),
        ("a_x0041", "a_x0041"),
        ("", ""),
    ],
)
def test_escapes_of_the_format_are_undone(text: str, plain: str) -> None:
    assert unescaped(text) == plain


@pytest.mark.parametrize("text", ["_x000D_", "_x005F_x000D_", "一_x4E2D_二", "_x", "无"])
def test_text_that_looks_like_an_escape_is_written_so_that_it_stays(text: str) -> None:
    assert unescaped(escaped(text)) == text


def test_register_that_is_written_and_read_keeps_what_looks_like_an_escape() -> None:
    content = register_workbook([{"name": "甲_x000D_园", "address": "路1号"}], title="名册")

    assert cells(content)[1][:2] == ("甲_x000D_园", "路1号")


def test_texts_of_every_kind_are_undone() -> None:
    content = package(
        f'<row><c t="s"><v>0</v></c><c t="str"><v>丙_x000D_丁</v></c>{inline("戊_x000D_己")}</row>',
        xl__sharedStrings=f'<sst xmlns="{MAIN}"><si><r><t>甲_x000D_</t></r><r><t>乙</t></r>'
        "<rPh><t>音</t></rPh></si></sst>",
    )

    assert cells(content) == [("甲\r乙", "丙\r丁", "戊\r己")]
    assert read_file(content, "名单.xlsx").sheets[0].name == "名\r单"


def test_colours_properties_and_rules_do_not_matter() -> None:
    content = package(
        f"<row>{inline('机构名称')}</row>",
        before='<sheetPr odd="1"/><sheetViews><sheetView nobody="knows"/></sheetViews>',
        after='<conditionalFormatting sqref="?"><cfRule type="?"/></conditionalFormatting>'
        '<dataValidations><dataValidation type="?"/></dataValidations><autoFilter ref="?"/>',
        book='<workbookPr/><bookViews><workbookView activeTab="x"/></bookViews><definedNames><odd/></definedNames>',
        docProps__core="<cp><created>2023/12/5 9:05</created></cp>",
        xl__styles=styles("0"),
    )

    assert cells(content) == [("机构名称",)]


def test_workbook_without_texts_and_styles_is_read() -> None:
    assert cells(package('<row><c><v>1</v></c><c s="7"><v>2.5</v></c></row>')) == [(1, 2.5)]


def test_sheet_that_is_not_in_the_file_is_passed_over() -> None:
    with zipfile.ZipFile(io.BytesIO(package(""))) as whole:
        kept = {name: whole.read(name) for name in whole.namelist() if "sheet1" not in name}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in kept.items():
            archive.writestr(name, text)

    assert list(read_file(target.getvalue(), "名单.xlsx").sheets) == []


@pytest.mark.parametrize(
    ("number", "own", "value"),
    [
        ("14", "", dt.datetime(2023, 12, 5)),  # noqa: DTZ001
        ("0", "", 45265),
        ("200", '<numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>', dt.datetime(2023, 12, 5)),  # noqa: DTZ001
        ("200", '<numFmt numFmtId="200" formatCode="00000"/>', 45265),
        ("46", "", dt.timedelta(days=45265)),
        ("x", "", 45265),
        ("9999", "", 45265),
    ],
)
def test_style_says_whether_a_number_is_a_day(number: str, own: str, value: Any) -> None:
    rows = '<row><c s="1"><v>45265</v></c><c s="0"><v>45265</v></c></row>'

    assert cells(package(rows, xl__styles=styles("0", number, own=own))) == [(value, 45265)]


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    content = package('<row><c s="0"><v>1</v></c></row>', book='<workbookPr date1904="1"/>', xl__styles=styles("14"))

    assert cells(content) == [(dt.datetime(1904, 1, 2),)]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2023-12-05</v></c>', dt.date(2023, 12, 5)),
        ('<c t="d"><v>bald</v></c>', "bald"),
        ("<c><v>1E3</v></c>", 1000.0),
        ("<c><f>A1+1</f><v>2</v></c>", "=A1+1"),
        ('<c><f t="shared" si="0"/><v>2</v></c>', "="),
        ('<c r="C1"><v>3</v></c>', 3),
    ],
)
def test_cell_of_every_kind(cell: str, value: Any) -> None:
    (row,) = cells(package(f"<row>{cell}</row>"))

    assert row[-1] == value
    assert type(row[-1]) is type(value)


@pytest.mark.parametrize("cell", ["<c/>", "<c><v/></c>", '<c t="inlineStr"/>', "<other><v>1</v></other>"])
def test_cell_that_holds_nothing(cell: str) -> None:
    assert cells(package(f"<row>{cell}</row>")) == []


def test_cells_without_an_address_stand_behind_each_other() -> None:
    row = '<c><v>1</v></c><c r="D5"><v>4</v></c><c><v>5</v></c>'

    assert cells(package(f'<row r="5">{row}</row>')) == [(1, None, None, 4, 5)]


def test_rows_without_a_number_count_on_and_none_counts_twice() -> None:
    rows = '<row r="3"><c><v>3</v></c></row><row><c><v>4</v></c></row><row r="4"><c><v>0</v></c></row>'
    sheet = read_file(package(rows), "名单.xlsx").sheets[0]

    assert [(row.number, row.cells) for row in sheet.rows] == [(3, (3,)), (4, (4,))]


@pytest.mark.parametrize(
    ("look", "is_hidden"),
    [
        ('hidden="1"', True),
        ('hidden="true"', True),
        ('hidden="0"', False),
        ('ht="0" customHeight="1"', True),
        ('ht="15"', False),
        ("", False),
    ],
)
def test_row_that_nobody_sees(look: str, is_hidden: bool) -> None:
    sheet = read_file(package(f"<row {look}><c><v>1</v></c></row><row><c><v>2</v></c></row>"), "名单.xlsx").sheets[0]

    assert [row.is_hidden for row in sheet.rows] == [is_hidden, False]


@pytest.mark.parametrize(
    ("column", "hidden"),
    [
        ('min="2" max="3" hidden="1"', {1, 2}),
        ('min="2" max="2" width="0"', {1}),
        ('min="2" max="2" width="9"', set()),
        ('min="200" max="16384" hidden="1"', {199}),
        ('hidden="1"', {0}),
    ],
)
def test_column_that_nobody_sees(column: str, hidden: set[int]) -> None:
    content = package("<row><c><v>1</v></c></row>", before=f"<cols><col {column}/></cols>")

    assert read_file(content, "名单.xlsx").sheets[0].hidden_columns == hidden


def test_empty_fill_of_reporting_tools_is_read() -> None:
    content = xlsx([HEADER, ROW])
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fills>", b"<fills><fill/>")
    parts["docProps/core.xml"] = b"<not-even-xml"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    with pytest.raises(Exception, match=r".+"):
        load_workbook(io.BytesIO(target.getvalue()))

    assert cells(target.getvalue()) == [HEADER, ROW]
