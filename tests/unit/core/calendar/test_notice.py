"""The State Council's notice, as text, as a table and in lines of one's own; what can't be right is named."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.notice import NoticeDay, read_notice
from cms.core.calendar.services import HOLIDAYS_FILE

NOTICE = """国务院办公厅关于2026年
部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年节假日安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
国务院办公厅
2025年11月4日
"""
TABLE = """节日\t放假时间\t调休上班日期\t放假天数
元旦\t1月1日(周四)至3日(周六)\t1月4日(周日)\t3天
清明节\t4月4日至6日\t\t共3天
国庆节 | 10月1日—7日 | 9月20日、10月10日 | 7天
"""


def test_notice_of_2026_gives_the_days_that_come_with_the_code() -> None:
    found = read_notice(NOTICE, 2026)

    lines = HOLIDAYS_FILE.read_text(encoding="utf-8").split()[1:]
    assert found.faults == []
    assert [f"{day.date},{day.kind},{day.name}" for day in found.days] == sorted(lines)


def test_table_is_read_as_the_text_is() -> None:
    found = read_notice(TABLE, 2026)

    names = ("元旦", "元旦调休", "清明节", "国庆节", "国庆节调休")
    wanted = [day for day in read_notice(NOTICE, 2026).days if day.name in names]
    assert (found.days, found.faults) == (wanted, [])


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("国庆节：10月1日放假", ["10-01"]),
        ("国庆节: 10月1日 至 3日放假", ["10-01", "10-02", "10-03"]),
        ("8. 国庆节：9月30日到10月2日放假，共3天", ["09-30", "10-01", "10-02"]),
        ("元旦：1月1日、3日放假", ["01-01", "01-03"]),
    ],
)
def test_lines_as_people_write_them(line: str, days: list[str]) -> None:
    found = read_notice(line, 2026)

    assert ([f"{day.date:%m-%d}" for day in found.days], found.faults) == (days, [])
    assert {day.kind for day in found.days} == {"holiday"}


def test_span_over_the_turn_of_the_year_names_both_years() -> None:
    found = read_notice("元旦：2026年12月31日至2027年1月2日放假，共3天。", 2027)

    assert [day.date for day in found.days] == [dt.date(2026, 12, 31), dt.date(2027, 1, 1), dt.date(2027, 1, 2)]


def test_days_worked_alone_are_read() -> None:
    assert read_notice("国庆节：10月10日上班", 2026).days == [NoticeDay(dt.date(2026, 10, 10), "workday", "国庆节调休")]


GOLDEN_WEEK = [f"10-0{day} holiday" for day in range(1, 8)]
WORKED = ["09-20 workday", "10-10 workday"]


@pytest.mark.parametrize(
    "words",
    [
        "10月1日（周四）至7日（周三）放假调休，共7天，9月20日（周日）、10月10日（周六）上班。",
        "10月1日（周四）至7日（周三）放假调休，共7天,9月20日（周日）,10月10日（周六）上班",
        "10月1日至7日放假调休,共7天.9月20日、10月10日上班.",
        "10月1日至7日放假 共 7 天 9月20日 10月10日 上班",
        "10月1日至7日放假，9月20日上班，10月10日上班",
        "10月1日至7日放假，9月20日（周日）、10月10日（周六）补班",
        "10月1日至7日休息，9月20日、10月10日调休上班",
        "10月1日至7日，共7天，9月20日、10月10日上班",
        "9月20日、10月10日上班，10月1日至7日放假，共7天",
        "9月20日上班，10月1日至7日放假，10月10日上班",
        "放假时间：10月1日至7日，共7天，上班时间：9月20日、10月10日",
        "放假10月1日至7日共7天，上班9月20日和10月10日。",
        "上班：9月20日、10月10日，放假：10月1日至7日",
        "10月1日至3日放假，10月4日至7日放假，共7天，9月20日、10月10日上班",
        "10月1日至7日放假；9月20日、10月10日上班；共7天",
    ],
)
def test_days_off_and_worked_in_one_sentence_are_parted(words: str) -> None:
    found = read_notice(f"国庆节：{words}", 2026)

    assert found.faults == []
    assert [f"{day.date:%m-%d} {day.kind}" for day in found.days] == [WORKED[0], *GOLDEN_WEEK, WORKED[1]]


@pytest.mark.parametrize(
    "row",
    [
        "国庆节 | 10月1日—7日放假，9月20日、10月10日上班 | 7天",
        "国庆节 | 10月1日—7日（共7天） | 9月20日、10月10日（共2天）",
        "国庆节 | 9月20日上班 | 10月1日—7日放假 | 10月10日 | 7天",
    ],
)
def test_cell_that_says_off_or_worked_is_taken_at_its_word(row: str) -> None:
    found = read_notice(row, 2026)

    assert found.faults == []
    assert [f"{day.date:%m-%d} {day.kind}" for day in found.days] == [WORKED[0], *GOLDEN_WEEK, WORKED[1]]


UNCLEAR = "分不清哪几天放假、哪几天上班。请写成「国庆节：10月1日至7日放假。10月10日上班。」"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("国庆节：10月1日至7日放假，上班9月20日", UNCLEAR),
        ("国庆节：放假10月1日至7日，9月20日上班", UNCLEAR),
        ("国庆节：10月1日至7日放假，上班另行通知", UNCLEAR),
        ("国庆节：9月20日上班，放假另行通知", UNCLEAR),
        ("国庆节：10月1日至7日放假，9月20日上班，10月10日", UNCLEAR),
        ("国庆节：上班时间9月20日，9月19日放假", UNCLEAR),
        ("国庆节：10月1日至7日放假。9月20日、10月10日调休。", UNCLEAR),
        ("国庆节：10月10日上班，共7天", UNCLEAR),
        ("国庆节：10月10日上班。共7天", "写的是共 7 天，读到的日期是 0 天，请核对。"),
        ("国庆节 | 10月10日上班 | 1天", "写的是共 1 天，读到的日期是 0 天，请核对。"),
        ("国庆节 | 10月1日—7日（共8天） | 9月20日", "写的是共 8 天，读到的日期是 7 天，请核对。"),
        ("国庆节：10月1日至7日，9月20日上班", "「10月1日」是周四，本来就上班，不用写，请核对。"),
        ("国庆节：10月1日至7日放假，8日上班", "「8日」没有写月份。"),
        ("国庆节：10月1日至7日放假，10月8日上班", "「10月8日」是周四，本来就上班，不用写，请核对。"),
        ("国庆节：10月9日上班", "「10月9日」是周五，本来就上班，不用写，请核对。"),
        ("国庆节：10月12日上班", "「10月12日」是周一，本来就上班，不用写，请核对。"),
        ("10月10日补班", "看不出是哪个节日。请写成「国庆节：10月1日至7日放假」。"),
    ],
)
def test_line_whose_days_cannot_be_told_apart_is_named(line: str, fault: str) -> None:
    found = read_notice(line, 2026)

    assert (found.days, found.faults) == ([], [f"第 1 行：{fault}"])


@pytest.mark.parametrize("day", ["10月10日", "10月11日"])
def test_saturday_and_sunday_can_be_worked(day: str) -> None:
    assert [each.kind for each in read_notice(f"国庆节：{day}上班", 2026).days] == ["workday"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("国庆节：10月1日（周五）放假", "「10月1日」写的是周五，2026 年这一天是周四，请核对年份和日期。"),
        ("国庆节：10月1日（星期天）放假", "「10月1日」写的是周天，2026 年这一天是周四，请核对年份和日期。"),
        ("国庆节：10月1日至7日放假，共8天。", "写的是共 8 天，读到的日期是 7 天，请核对。"),
        ("国庆节：10月1日至7日放假，共6天。", "写的是共 6 天，读到的日期是 7 天，请核对。"),
        ("国庆节：9月31日放假", "没有「9月31日」这一天。"),
        ("国庆节：1日放假", "「1日」没有写月份。"),
        ("国庆节：10月7日至1日放假", "「10月7日至1日」的起止不对，请核对。"),
        ("国庆节：10月1日至11月1日放假", "「10月1日至11月1日」的起止不对，请核对。"),
        ("10月1日至7日放假", "看不出是哪个节日。请写成「国庆节：10月1日至7日放假」。"),
        ("10月10日上班", "看不出是哪个节日。请写成「国庆节：10月1日至7日放假」。"),
    ],
)
def test_line_that_cannot_be_right_is_named(line: str, fault: str) -> None:
    found = read_notice(f"通知\n{line}", 2026)

    assert (found.days, found.faults) == ([], [f"第 2 行：{fault}"])


def test_other_lines_are_read_beside_a_faulty_one() -> None:
    found = read_notice("元旦：1月1日放假\n国庆节：9月31日放假", 2026)

    assert ([day.name for day in found.days], len(found.faults)) == (["元旦"], 1)


def test_longest_span_is_a_month() -> None:
    assert len(read_notice("春节：10月1日至31日放假", 2026).days) == 31


def test_sunday_may_be_written_in_two_ways() -> None:
    assert read_notice("国庆节：9月20日（星期天）上班\n春节：2月15日（周日）放假", 2026).faults == []


def test_day_written_twice_is_named_once() -> None:
    found = read_notice("国庆节：10月1日至2日放假\n中秋节：10月2日至3日放假，10月2日放假", 2026)

    assert found.faults == ["10月2日写了两次。"]


@pytest.mark.parametrize("text", ["", "通知", "各省：\n经国务院批准，2026年安排如下。", "节日\t放假时间"])
def test_text_without_days_says_how_to_write_them(text: str) -> None:
    found = read_notice(text, 2026)

    assert found.faults == ["没有读到放假日期。请一行写一个节日，例如：国庆节：10月1日至7日放假。"]
