"""By what a csv file is cut."""

from __future__ import annotations

import codecs

import pytest

from directory.lists.importing.files import read_file
from directory.lists.importing.problems import UnreadableFile


def rows_of(text: str, encoding: str = "utf-8") -> list[tuple]:
    (sheet,) = read_file(text.encode(encoding), "名单.csv").sheets
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "；", "，", "|"])
def test_header_decides_where_another_sign_cuts_more(delimiter: str) -> None:
    other = ";" if delimiter != ";" else ","
    text = f"标题{other}一{other}二{other}三{other}四\r\n机构名称{delimiter}地址\r\n甲{delimiter}路1号\r\n"

    assert rows_of(text)[1:] == [("机构名称", "地址"), ("甲", "路1号")]


def test_without_a_header_the_sign_that_cuts_most_decides() -> None:
    assert rows_of("甲;乙,丙;丁\r\n戊;己\r\n") == [("甲", "乙,丙", "丁"), ("戊", "己")]


def test_of_equal_signs_the_comma_is_taken() -> None:
    assert rows_of("甲;乙,丙\r\n") == [("甲;乙", "丙")]


@pytest.mark.parametrize(("before", "cut"), [(59, True), (60, False)])
def test_header_is_looked_for_in_the_first_sixty_records(before: int, cut: bool) -> None:
    text = "标题,一,二,三\r\n" * before + "机构名称|地址\r\n"

    assert (rows_of(text)[-1] == ("机构名称", "地址")) is cut


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_named_sign_is_believed_although_another_fits_better(line: str) -> None:
    assert rows_of(f"{line}\r\n机构名称,地址\r\n") == [("机构名称,地址",)]


def test_named_sign_on_a_later_line_is_a_row() -> None:
    assert rows_of("甲,乙\r\nsep=;\r\n") == [("甲", "乙"), ("sep=;",)]


def test_open_quote_is_named_by_its_line() -> None:
    with pytest.raises(UnreadableFile) as caught:
        rows_of('甲,乙\r\n丙,丁\r\n"戊,己\r\n')

    assert (caught.value.code, "第 3 行" in str(caught.value)) == ("broken", True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_letter_needs_its_mark(encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    (sheet,) = read_file(mark + "机构名称,地址\r\n".encode(encoding), "名单.csv").sheets

    assert sheet.rows[0].cells == ("机构名称", "地址")
    with pytest.raises(UnreadableFile):
        read_file("name,address\r\n".encode(encoding), "名单.csv")
