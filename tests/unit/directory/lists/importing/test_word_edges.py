"""Cells of few words, texts and townships at their edges."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from cms.core.text import matching_key
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import as_text, clean_text, is_nothing, refuse_formula
from directory.lists.importing.townships import TownshipName, districts_named
from directory.lists.importing.words import parse_credit_code, parse_modes, parse_nature, parse_tick
from tests.factories.lists import JIANXI, NINGHE, townships


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e15, "1000000000000000.0"),
        (1e15 - 1, "999999999999999"),
        (-1e15 + 1, "-999999999999999"),
        (0.5, "0.5"),
        (False, "FALSE"),
        (True, "TRUE"),
        (0, "0"),
        (None, ""),
        (dt.datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001
        (dt.datetime(2026, 1, 2, 0, 0, 1), "2026-01-02 00:00:01"),  # noqa: DTZ001
        (dt.date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_cell_as_a_person_sees_it(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("０９ＡＺａｚ", "09AZaz"),
        ("／：＠［｀｛", "／：＠［｀｛"),
        ("a\ud800b", "ab"),
        ("a\tb\u3000c", "a b c"),
        ("（a）  （b）", "（a）（b）"),
        ("''甲", "'甲"),
    ],
)
def test_line_of_a_cell(value: str, text: str) -> None:
    assert clean_text(value) == text


@pytest.mark.parametrize(("word", "nothing"), [("N/A", True), ("NULL", True), ("0", False), ("无锡", False)])
def test_words_that_say_nothing(word: str, nothing: bool) -> None:
    assert is_nothing(word) is nothing


@pytest.mark.parametrize("value", ["=A1", " =A1", "'=A1", "＝A1", "#REF!", " #N/A", "#DIV/0!"])
def test_formulas_and_error_values_are_refused(value: str) -> None:
    with pytest.raises(BadCell) as caught:
        refuse_formula(value)

    assert caught.value.code == "formula"


@pytest.mark.parametrize("value", ["1=1", "", "a#REF!", "#1", 5, None])
def test_what_is_no_formula_passes(value: object) -> None:
    assert refuse_formula(value) is None


def test_keys_ignore_case_width_and_blanks_alone() -> None:
    assert matching_key(" Ａ b（C） ") == "ab(c)"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (91110000600037341, "credit_code_number"),
        (911100006000373411, "credit_code_number"),
        ("9E+17", "credit_code_number"),
        ("9111000060003734L", "credit_code_length"),
        ("91110000600037341LL", "credit_code_length"),
        ("9111000060003734IL", "credit_code_character"),
    ],
)
def test_codes_that_are_none(value: object, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_credit_code(value)

    assert caught.value.code == code


def test_code_of_digits_alone_may_be_a_number() -> None:
    assert parse_credit_code(916101180000000008) == "916101180000000008"


def test_refusal_of_a_code_names_its_letters_and_its_length() -> None:
    with pytest.raises(BadCell) as caught:
        parse_credit_code("91110000600037OIIS")
    assert "I、O、S" in caught.value.message
    with pytest.raises(BadCell) as caught:
        parse_credit_code("911")
    assert "这里是 3 位" in caught.value.message


@pytest.mark.parametrize("value", [None, "", "/", "无"])
def test_empty_cells_are_none(value: str | None) -> None:
    assert (parse_credit_code(value), parse_nature(value), parse_modes(value)) == (None, None, None)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("赢利性", ("for_profit", True)),
        ("企业", ("for_profit", True)),
        ("有限公司", ("for_profit", True)),
        ("农民合作社", ("for_profit", True)),
        ("民非", ("non_profit", False)),
        ("社会服务机构", ("non_profit", False)),
        ("基金会", ("non_profit", False)),
        ("公办营利性", ("for_profit", True)),
        ("国办", ("public", None)),
        ("机关", ("public", None)),
        ("普惠", ("", None)),
        ("集体", ("", None)),
    ],
)
def test_nature_by_its_words(value: str, stored: tuple[str, bool | None]) -> None:
    assert parse_nature(value) == stored


@pytest.mark.parametrize(
    ("value", "modes"),
    [
        ("全日托服务", ["full_day"]),
        ("临时托、全日托、临时托", ["full_day", "temporary"]),
        ("1、2", None),
        ("1.全日托：", ["full_day"]),
        ("（全日托）", None),
    ],
)
def test_modes_by_their_words(value: str, modes: list[str] | None) -> None:
    assert parse_modes(value) == modes


@pytest.mark.parametrize("value", ["托育服务全日托", "全日制服务托育", "全日托、寄宿"])
def test_modes_nobody_knows(value: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_modes(value)

    assert caught.value.code == "mode_unknown"


@pytest.mark.parametrize(
    ("value", "tick"),
    [(1, True), (0, False), ("全日托", True), ("Y", True), ("NO", False), ("无", False), ("/", None), (True, True)],
)
def test_ticks_by_their_words(value: object, tick: bool | None) -> None:
    assert parse_tick(value) is tick


def named(text: str, *names: str) -> TownshipName | None:
    return dataclasses.replace(JIANXI, townships=townships(*names)).township(text)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("湖北路", ("湖北路街道", "天津路街道"), 0),
        ("天津路街道办事处", ("湖北路街道", "天津路街道"), 1),
        ("工农", ("工农街道", "工农镇"), None),
        ("工农镇", ("工农街道", "工农镇"), 1),
        ("工农镇某某村", ("工农街道", "工农镇"), 1),
        ("湖北路街道一社区", ("湖北路街道", "湖北路街道一"), None),
        ("街道", ("湖北路街道", "街道"), 1),
        ("涧西区", ("湖北路街道",), None),
        ("4103050 02", ("湖北路街道", "天津路街道"), 1),
        ("洛阳市湖北路", ("湖北路街道",), 0),
    ],
)
def test_township_by_its_name(text: str, names: tuple[str, ...], found: int | None) -> None:
    assert named(text, *names) == (None if found is None else townships(*names)[found])


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("涧西区", True),
        ("洛阳市涧西区", True),
        ("河南省涧西区", True),
        ("涧西", True),
        ("涧", False),
        ("410305", True),
        ("jianxi", True),
        ("涧西区政府", False),
        ("西区", False),
    ],
)
def test_district_by_its_name(text: str, is_named: bool) -> None:
    assert JIANXI.is_named(text) is is_named


def test_district_that_is_all_of_its_full_name() -> None:
    plain = dataclasses.replace(JIANXI, full_name="涧西区")

    assert plain.township("涧西区湖北路") == JIANXI.townships[0]
    assert plain.township("洛阳市湖北路") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("天津市宁河区名单", [NINGHE]), ("涧西区和宁河区", [JIANXI, NINGHE]), ("ninghe", [NINGHE]), ("ninghe.xlsx", [])],
)
def test_districts_named_in_a_text(text: str, found: list[object]) -> None:
    assert districts_named(text, [JIANXI, NINGHE]) == found
