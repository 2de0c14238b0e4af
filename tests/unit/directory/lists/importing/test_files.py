from __future__ import annotations

import codecs
import io
import zipfile

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from directory.lists.importing import sheets
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import UnreadableFile
from tests.factories.lists import HEADER, ROW, csv_text, xlsx

TABLE = [HEADER, ROW]


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(content, name)
    assert str(caught.value).endswith("。")
    assert "\n" not in str(caught.value)
    return caught.value.code


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def repacked(content: bytes, **changed: bytes) -> bytes:
    """The workbook with some of its parts replaced."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    parts |= {name.replace("__", "/"): part for name, part in changed.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def sheet_xml(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_workbook_keeps_row_numbers() -> None:
    book = read_file(xlsx([[], ["标题"], [], HEADER, ROW]), "名单.xlsx")

    assert [(row.number, row.cells) for row in book.sheets[0].rows] == [(2, ("标题",)), (4, HEADER), (5, ROW)]


def test_workbook_shows_formulas() -> None:
    book = read_file(xlsx([["=1+1", "=SUM(A1:B2)"]]), "名单.xlsx")

    assert book.sheets[0].rows[0].cells == ("=1+1", "=SUM(A1:B2)")


def test_merged_cells_fill_the_rows_below() -> None:
    content = xlsx(
        [["甲", "湖北路街道"], ["乙", None], ["丙", "工农街道"]],
        dress=lambda sheet: sheet.merge_cells("B1:B2"),
    )

    rows = read_file(content, "名单.xlsx").sheets[0].rows

    assert [(row.cells, row.filled) for row in rows] == [
        (("甲", "湖北路街道"), frozenset()),
        (("乙", "湖北路街道"), frozenset({1})),
        (("丙", "工农街道"), frozenset()),
    ]


def test_merged_cells_make_no_rows() -> None:
    content = xlsx([["甲", "湖北路街道"]], dress=lambda sheet: sheet.merge_cells("B1:B9000"))

    assert len(read_file(content, "名单.xlsx").sheets[0].rows) == 1


def test_hidden_sheet_is_marked() -> None:
    def hide(sheet) -> None:
        sheet.parent.create_sheet("可见")
        sheet.sheet_state = "hidden"

    assert [sheet.is_hidden for sheet in read_file(xlsx(TABLE, dress=hide), "名单.xlsx").sheets] == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_every_kind_reads_the_same(encoding, delimiter) -> None:
    content = csv_text([("名单一览",), HEADER, ROW], delimiter=delimiter).encode(encoding)

    (sheet,) = read_file(content, "名单.csv").sheets

    assert [row.cells for row in sheet.rows] == [("名单一览",), HEADER, ROW]


def test_csv_counts_records_as_a_spreadsheet_does() -> None:
    text = '标题\r\n\r\n"机构\n名称",地址\r\n"小满\n示例",湖北路\r\n'

    (sheet,) = read_file(text.encode(), "名单.csv").sheets

    assert [row.number for row in sheet.rows] == [1, 3, 4]


def test_csv_separator_line_is_not_a_row() -> None:
    (sheet,) = read_file("sep=|\r\n机构名称|地址\r\n".encode(), "名单.csv").sheets

    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("机构名称", "地址"))]


def test_csv_keeps_delimiters_inside_quotes() -> None:
    (sheet,) = read_file('机构名称,地址\r\n甲,"湖北路1号,2号;3号"\r\n'.encode(), "名单.csv").sheets

    assert sheet.rows[1].cells == ("甲", "湖北路1号,2号;3号")


@pytest.mark.parametrize("content", [b"", b"   \r\n", codecs.BOM_UTF8, b"\x00\x00"])
@pytest.mark.parametrize("name", ["名单.xlsx", "名单.csv"])
def test_empty_file(content, name) -> None:
    assert refusal(content, name) == "empty"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (OLD, "名单.xlsx", "renamed"),
        (OLD, "名单.xls", "renamed"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "名单.xlsx", "locked"),
        (b"%PDF-1.7 ...", "名单.xlsx", "renamed"),
        (b"\x89PNG\r\n", "名单.csv", "renamed"),
        (b"<html><table></table></html>", "名单.xls", "renamed"),
        (b"<?xml version='1.0'?><Workbook/>", "名单.xlsx", "renamed"),
        (csv_text(TABLE).encode(), "名单.xlsx", "renamed"),
        (csv_text(TABLE).encode(), "名单.xls", "renamed"),
        (xlsx(TABLE), "名单.csv", "renamed"),
        (xlsx(TABLE), "名单.xls", "renamed"),
        (zipped(word__document=b"x"), "名单.xlsx", "renamed"),
        (zipped(**{"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}), "名单.xlsx", "renamed"),
        (zipped(**{"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), "名单.xlsx", "broken"),
        (b"PK\x05\x06" + b"\x00" * 18, "名单.xlsx", "renamed"),
        (b"PK\x03\x04 and then nothing", "名单.xlsx", "broken"),
        (xlsx(TABLE)[:-200], "名单.xlsx", "broken"),
        (b"\xff\xfe\xff\xff\x00\x80\x81", "名单.csv", "broken"),
        (b"a,b\x00c\r\n", "名单.csv", "broken"),
        (b"\x80\x81\xff\xff\xff", "名单.csv", "broken"),
        ('机构名称,地址\r\n"甲,湖北路\r\n'.encode(), "名单.csv", "broken"),
    ],
)
def test_file_that_is_no_list_gets_one_sentence(content, name, code) -> None:
    assert refusal(content, name) == code


def test_strict_format_is_named() -> None:
    strict = repacked(xlsx(TABLE), **{"xl/workbook.xml": b'<workbook xmlns="http://purl.oclc.org/ooxml/x"/>'})

    assert refusal(strict, "名单.xlsx") == "renamed"


def test_locked_zip_is_named() -> None:
    content = bytearray(xlsx(TABLE))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)

    assert refusal(bytes(content), "名单.xlsx") == "locked"


def test_broken_sheet_xml_is_one_sentence() -> None:
    broken = repacked(xlsx(TABLE), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})

    assert refusal(broken, "名单.xlsx") == "broken"


def test_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    assert refusal(repacked(xlsx(TABLE), **{"xl/worksheets/sheet1.xml": bomb}), "名单.xlsx") == "broken"


def test_file_beyond_the_bound(monkeypatch) -> None:
    content = xlsx(TABLE)
    monkeypatch.setattr("directory.lists.importing.files.MOST_BYTES", len(content))
    assert len(read_file(content, "名单.xlsx").sheets) == 1

    monkeypatch.setattr("directory.lists.importing.files.MOST_BYTES", len(content) - 1)
    assert refusal(content, "名单.xlsx") == "too_large"


def test_zip_bomb_is_not_unpacked() -> None:
    bomb = repacked(xlsx(TABLE), **{"xl/worksheets/sheet1.xml": b" " * (sheets.MOST_UNPACKED + 1)})

    assert len(bomb) < sheets.MOST_BYTES
    assert refusal(bomb, "名单.xlsx") == "too_large"


def test_too_many_texts_are_not_unpacked() -> None:
    bomb = repacked(xlsx(TABLE), **{"xl/sharedStrings.xml": b" " * (sheets.MOST_TEXTS + 1)})

    assert refusal(bomb, "名单.xlsx") == "too_large"


@pytest.mark.parametrize(
    ("module", "content", "name"), [("workbooks", xlsx, "a.xlsx"), ("delimited", csv_text, "a.csv")]
)
def test_too_many_rows(monkeypatch, module, content, name) -> None:
    monkeypatch.setattr(f"directory.lists.importing.{module}.MOST_ROWS", 2)
    made = content([("a",), ("b",), ("c",)])

    assert refusal(made if isinstance(made, bytes) else made.encode(), name) == "too_many_rows"


def test_too_many_sheets(monkeypatch) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.MOST_SHEETS", 1)

    assert refusal(xlsx(TABLE, dress=lambda sheet: sheet.parent.create_sheet("二")), "a.xlsx") == "too_large"


def test_row_far_down_does_not_stretch_the_sheet(monkeypatch) -> None:
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>甲</t></is></c></row>'
    content = repacked(
        xlsx(TABLE), **{"xl/worksheets/sheet1.xml": sheet_xml(cell.format(1) + cell.format(999_999_999))}
    )

    (sheet,) = read_file(content, "名单.xlsx").sheets

    assert [row.number for row in sheet.rows] == [1]
    assert sheet.stopped_after == 1


def test_many_empty_rows_end_the_reading(monkeypatch) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.EMPTY_ROWS_AT_MOST", 50)

    (sheet,) = read_file(xlsx([HEADER, ROW, *[[]] * 60, ROW]), "名单.xlsx").sheets

    assert (len(sheet.rows), sheet.stopped_after) == (2, 2)


def test_styled_empty_rows_are_no_rows() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(2, 3000))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>机构名称</t></is></c></row>'
    content = repacked(xlsx(TABLE), **{"xl/worksheets/sheet1.xml": sheet_xml(head + rows)})

    assert len(read_file(content, "名单.xlsx").sheets[0].rows) == 1


def test_wide_rows_are_cut() -> None:
    (sheet,) = read_file(xlsx([["甲"] * 300]), "名单.xlsx").sheets

    assert len(sheet.rows[0].cells) == sheets.MOST_COLUMNS


def test_impossible_date_cell_is_an_error_value() -> None:
    def dress(sheet) -> None:
        sheet["A1"] = 99999999999
        sheet["A1"].number_format = "yyyy-mm-dd"

    (sheet,) = read_file(xlsx([["x"]], dress=dress), "名单.xlsx").sheets

    assert sheet.rows[0].cells == ("#VALUE!",)


def test_array_formula_is_a_formula() -> None:
    def dress(sheet) -> None:
        sheet["A1"] = ArrayFormula("A1:A2", "=SUM(B1:B2*C1:C2)")

    (sheet,) = read_file(xlsx([["x"]], dress=dress), "名单.xlsx").sheets

    assert sheet.rows[0].cells == ("=SUM(B1:B2*C1:C2)",)
