"""Under rectification every page of the workbench says what it means, since when and until when."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from directory.register.services.institutions import end_rectification, start_rectification
from directory.register.workbench import rectification_of
from tests.factories.booking import NOW, TODAY, House, open_house
from tests.factories.directory import DistrictFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
PAGES = ("today", "week", "settings", "settings-policy", "settings-people", "settings-closing", "settings-setup")
ONE = dt.timedelta(days=1)


@pytest.fixture
def house(clock: time_machine.Traveller) -> House:
    return open_house(district=DistrictFactory(name="涧西区"))


def rectify(house: House, kind: str, until: dt.date | None = None) -> None:
    start_rectification(institution=house.institution, kind=kind, reason="晨检缺记录", until_date=until, now=NOW)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("stops_new", "限期整改：停止新预约 家长暂时约不了新的，已经约好的照常来。"),
        ("closes", "限期整改：停业 整改期间不接待宝宝，家长约不到。已有的预约已取消，也通知了家庭。"),
    ],
)
def test_every_page_of_a_manager_says_what_it_means(house: House, kind: str, words: str) -> None:
    rectify(house, kind, TODAY + ONE)
    desk = browser(manager_of(house.institution))

    for name in PAGES:
        page = text(desk.get(reverse(f"workbench:{name}")))
        assert words in page
        assert "涧西区主管部门从 2026年11月23日 起要求整改。 期限到 2026年11月24日，改好了请联系他们复查。" in page
        assert "晨检缺记录" not in page


def test_caregiver_reads_it_too(house: House) -> None:
    rectify(house, "stops_new")

    page = text(browser(caregiver_of(house.institution)).get(reverse("workbench:today")))

    assert "限期整改：停止新预约" in page
    assert "没有写期限，改好了请联系他们复查。" in page


def test_it_is_gone_once_it_has_ended_and_never_elsewhere(house: House) -> None:
    rectify(house, "closes")
    other = open_house()
    end_rectification(institution=house.institution, note="复查合格", now=NOW)

    for institution in (house.institution, other.institution):
        assert "限期整改" not in text(browser(manager_of(institution)).get(reverse("workbench:today")))


@pytest.mark.parametrize(("days", "overdue"), [(-1, False), (0, False), (1, True)])
def test_deadline_is_over_the_day_after(house: House, days: int, overdue: bool) -> None:
    rectify(house, "stops_new", TODAY)
    house.institution.refresh_from_db()

    found = rectification_of(house.institution, TODAY + days * ONE)

    assert found is not None
    assert (found.is_overdue, found.closes, found.until_date) == (overdue, False, TODAY)


def test_overdue_deadline_is_urged(house: House, clock: time_machine.Traveller) -> None:
    rectify(house, "closes", TODAY)
    clock.shift(ONE)

    page = text(browser(manager_of(house.institution)).get(reverse("workbench:week")))

    assert "期限 2026年11月23日 已过，请马上联系他们复查。" in page
