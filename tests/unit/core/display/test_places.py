"""When an institution vouched for its places, and why there is none."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template

from booking.places.place_rules import MOST_TELLING
from cms.core.calendar.times import at
from cms.core.display import wording
from cms.core.display.places import WHY_NOT, Stamps, is_few, why_not, why_not_short

NOW = at(dt.date(2026, 11, 23), dt.time(10))


@pytest.mark.parametrize(
    ("confirmed", "stale", "caregivers", "words"),
    [
        (NOW, False, 0, "机构今天 10:00 确认"),
        (at(dt.date(2026, 11, 23), dt.time(9, 5)), False, 2, "机构今天 9:05 确认，按当班 2 人计算"),
        (at(dt.date(2026, 11, 22), dt.time(23, 59)), False, 0, "机构昨天 23:59 确认"),
        (at(dt.date(2026, 11, 21), dt.time(0)), False, 0, "机构前天 0:00 确认"),
        (at(dt.date(2026, 11, 20), dt.time(12)), False, 0, "机构3 天前 12:00 确认"),
        (NOW - dt.timedelta(days=4, seconds=1), True, 2, "空位 4 天未更新，不作准"),
        (None, True, 2, "机构还没有确认过空位，不作准"),
    ],
)
def test_stamp(confirmed, stale, caregivers, words):
    assert Stamps(NOW).words(confirmed, stale=stale, caregivers=caregivers) == words


def test_every_problem_of_the_reader_has_words():
    assert set(WHY_NOT) == {str(problem) for problem in MOST_TELLING}
    assert (why_not("full"), why_not_short("full"), why_not_short("bad_step")) == ("已满", "已满", "不可约")
    assert [why_not_short(word) for word in ("closed", "too_late", "too_early", "age")] == [
        "休",
        "已截止",
        "未开放",
        "没有班",
    ]


@pytest.mark.parametrize(("places", "few"), [(1, True), (2, True), (3, False)])
def test_up_to_two_places_are_few(places, few):
    assert is_few(places) is few
    assert Template("{% load site %}{% if places|is_few %}few{% endif %}").render(Context({"places": places})) == (
        "few" if few else ""
    )


@pytest.mark.parametrize(
    ("minutes", "words", "within"),
    [
        (30, "半小时", "半小时"),
        (60, "1 小时", " 1 小时"),
        (90, "1.5 小时", " 1.5 小时"),
        (45, "45 分钟", " 45 分钟"),
        (29, "29 分钟", " 29 分钟"),
    ],
)
def test_duration(minutes, words, within):
    assert (wording.duration(minutes), wording.duration_within(minutes)) == (words, within)
