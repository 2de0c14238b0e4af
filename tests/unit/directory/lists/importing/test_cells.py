from __future__ import annotations

import datetime as dt

import pytest

from cms.core.text import matching_key
from directory.lists.importing.dates import EXCEL_EPOCH_1904, parse_date
from directory.lists.importing.numbers import parse_count
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import as_text, clean_text, is_nothing
from directory.lists.importing.words import agrees, parse_credit_code, parse_modes, parse_nature, parse_tick
from tests.factories.lists import TODAY, credit_code

DAY = dt.date(2023, 12, 5)


def fault(parse, value) -> str:
    with pytest.raises(BadCell) as caught:
        parse(value)
    assert caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("　湖北路１２号　", "湖北路12号"),
        ("合 计", "合计"),
        ("向日葵\n托班", "向日葵托班"),
        ("Happy  Kids 园", "Happy Kids 园"),
        ("零\u200b宽\ufeff", "零宽"),
        ("'0379-1", "0379-1"),
        ("坏\x00字\x07符", "坏字符"),
        (60.0, "60"),
        (112.43, "112.43"),
        (dt.datetime(2023, 12, 5), "2023-12-05"),  # noqa: DTZ001
        (dt.datetime(2023, 12, 5, 8, 30), "2023-12-05 08:30:00"),  # noqa: DTZ001
        (True, "TRUE"),
    ],
)
def test_clean_text_puts_cell_right(value, text) -> None:
    assert clean_text(value) == text


def test_as_text_shows_cell_as_it_is() -> None:
    assert as_text("　６０个") == "　６０个"


@pytest.mark.parametrize("word", ["", "/", "—", "无", "N/A", "暂无"])
def test_words_for_nothing_are_nothing(word) -> None:
    assert is_nothing(word) is True


def test_matching_key_ignores_width_case_and_blanks() -> None:
    assert matching_key("ABC（托育） 园") == matching_key("ａｂｃ(托育)园")


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (60, 60),
        (60.0, 60),
        ("60个", 60),
        ("６０ 个", 60),
        ("60托位", 60),
        ("1,200", 1200),
        ("1，200", 1200),
        ("六十", 60),
        ("一百零五个", 105),
        ("十二", 12),
        ("0", 0),
        (None, None),
        ("/", None),
        ("无", None),
    ],
)
def test_parse_count_reads(value, count) -> None:
    assert parse_count(value) == count


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("约60", "places_vague"),
        ("60-80", "places_vague"),
        ("60～80个", "places_vague"),
        ("60左右", "places_vague"),
        ("60+20", "places_vague"),
        ("60（含普惠30）", "places_vague"),
        (60.5, "places_vague"),
        ("待定", "places_vague"),
        ("二三十", "places_vague"),
        ("十百", "places_vague"),
        (dt.datetime(2023, 12, 5), "places_vague"),  # noqa: DTZ001
        (True, "places_vague"),
        (-5, "places_negative"),
        ("-5个", "places_negative"),
        ("负5", "places_negative"),
        (100000, "places_too_many"),
        ("9" * 40, "places_too_many"),
        ("=SUM(A1:A3)", "formula"),
        ("#REF!", "formula"),
    ],
)
def test_parse_count_refuses(value, code) -> None:
    assert fault(parse_count, value) == code


@pytest.mark.parametrize(
    "value",
    [
        "2023/12/5",
        "2023-12-05",
        "2023.12.5",
        "2023年12月5日",
        "2023 年 12 月 5 日",
        "２０２３．１２．５",
        "20231205",
        20231205,
        45265,
        45265.0,
        "45265",
        "2023-12-05 00:00:00",
        "2023年12月5日（星期二）",
        dt.datetime(2023, 12, 5, 9, 30),  # noqa: DTZ001
        dt.date(2023, 12, 5),
    ],
)
def test_parse_date_reads(value) -> None:
    assert parse_date(value, today=TODAY) == DAY


def test_parse_date_counts_from_the_books_own_epoch() -> None:
    assert parse_date(45265 - 1462, today=TODAY, epoch=EXCEL_EPOCH_1904) == DAY


@pytest.mark.parametrize("value", [None, "", "/", "无"])
def test_parse_date_takes_nothing_for_none(value) -> None:
    assert parse_date(value, today=TODAY) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2023年12月", "date_vague"),
        ("2023.12", "date_vague"),
        ("2023", "date_vague"),
        ("202312", "date_vague"),
        ("2023-02-30", "date_impossible"),
        ("20231305", "date_impossible"),
        ("1900-01-05", "date_impossible"),
        ("2026-11-23", "date_future"),
        (dt.datetime(2030, 1, 1), "date_future"),  # noqa: DTZ001
        ("5/12/2023", "date_unreadable"),
        ("23/12/5", "date_unreadable"),
        ("去年", "date_unreadable"),
        ("=TODAY()", "formula"),
    ],
)
def test_parse_date_refuses(value, code) -> None:
    assert fault(lambda cell: parse_date(cell, today=TODAY), value) == code


def test_parse_date_takes_today() -> None:
    assert parse_date("2026-11-22", today=TODAY) == TODAY


@pytest.mark.parametrize(
    "value",
    ["91110000600037341L", " 91110000600037341l ", "9111 0000 6000 3734 1L", "９１１１００００６０００３７３４１Ｌ"],
)
def test_parse_credit_code_reads(value) -> None:
    assert parse_credit_code(value) == "91110000600037341L"


@pytest.mark.parametrize(
    "code", ["12410305000000000F", "52410702000000000L", "916101180000000008", "921201170000000009"]
)
def test_parse_credit_code_takes_known_good_ones(code) -> None:
    assert parse_credit_code(code) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("91110000600037341A", "credit_code_check_digit"),
        ("9111000060003734", "credit_code_length"),
        ("410305600123456", "credit_code_length"),
        ("9111O00060003734IL", "credit_code_character"),
        (9.1610118e17, "credit_code_number"),
        (916101180000000000, "credit_code_number"),
        ("9.1610118E+17", "credit_code_number"),
        ("=A1", "formula"),
    ],
)
def test_parse_credit_code_refuses(value, code) -> None:
    assert fault(parse_credit_code, value) == code


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("营利性", ("for_profit", True)),
        ("盈利", ("for_profit", True)),
        ("非营利性", ("non_profit", False)),
        ("民办非营利性", ("non_profit", False)),
        ("民办非企业单位", ("non_profit", False)),
        ("公办非营利性", ("public", False)),
        ("公办", ("public", None)),
        ("事业单位", ("public", None)),
        ("个体工商户", ("for_profit", True)),
        ("民办", ("", None)),
        ("公建民营", ("", None)),
        ("/", None),
    ],
)
def test_parse_nature_reads(value, stored) -> None:
    assert parse_nature(value) == stored


def test_parse_nature_refuses_unknown_word() -> None:
    assert fault(parse_nature, "示范") == "nature_unknown"


@pytest.mark.parametrize(
    ("prefix", "profit", "agreed"),
    [
        ("91", False, False),
        ("92", False, False),
        ("91", True, True),
        ("12", True, False),
        ("51", True, False),
        ("52", True, False),
        ("53", True, False),
        ("52", False, True),
        ("91", None, True),
    ],
)
def test_nature_agrees_with_who_registered(prefix, profit, agreed) -> None:
    assert agrees(credit_code(prefix), profit) is agreed


@pytest.mark.parametrize(
    ("value", "modes"),
    [
        ("全日制", ["full_day"]),
        ("计时托、全日托", ["full_day", "hourly"]),
        ("全日制，半日制;计时制/临时托", ["full_day", "half_day", "hourly", "temporary"]),
        ("1.全日托\n2.半日托", ["full_day", "half_day"]),
        ("全日托和半日托", ["full_day", "half_day"]),
        ("全日托\n半日托", ["full_day", "half_day"]),
        ("①全日托 ②计时托", ["full_day", "hourly"]),
        ("半月托", ["half_month"]),
        ("全日托（含餐）", ["full_day"]),
        ("无", None),
    ],
)
def test_parse_modes_reads(value, modes) -> None:
    assert parse_modes(value) == modes


def test_parse_modes_refuses_unknown_word() -> None:
    assert fault(parse_modes, "全日托、寄宿") == "mode_unknown"


@pytest.mark.parametrize(("value", "tick"), [("√", True), ("是", True), ("×", False), ("否", False), (None, None)])
def test_parse_tick_reads(value, tick) -> None:
    assert parse_tick(value) is tick


def test_parse_tick_refuses_a_sentence() -> None:
    assert fault(parse_tick, "看情况") == "tick_unknown"


@pytest.mark.parametrize(("value", "code"), [("=A1", "formula"), ("#REF!", "formula"), ("大概", "tick_unknown")])
def test_a_tick_is_no_formula(value: str, code: str) -> None:
    assert fault(parse_tick, value) == code
