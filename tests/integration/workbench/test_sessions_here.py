"""家长课堂 that are held in the institution's rooms: said where its staff look."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.calendar.times import at
from parenting.classes.models import ClassSession
from parenting.classes.queries.sessions import sessions_at
from tests.factories.booking import NOW, TODAY, TOMORROW, House
from tests.factories.parenting import ClassSessionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db


def held(house: House, day: dt.date = TODAY, *, hour: int = 14, **known: object) -> ClassSession:
    starts = at(day, dt.time(hour))
    known.setdefault("host", house.institution)
    return ClassSessionFactory(
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=1),
        signup_closes_at=starts,
        district=house.institution.district,
        **known,
    )


def test_board_day_and_week_say_what_is_held_here(house: House) -> None:
    session = held(house, title="小手动一动")
    desk, door = browser(manager_of(house.institution)), browser(caregiver_of(house.institution))
    pages = ["/workbench/", reverse("workbench:day", args=[TODAY]), reverse("workbench:week")]

    shown = [desk.get(page).content.decode() for page in pages] + [door.get("/workbench/").content.decode()]

    words = "<b>今天 14:00–15:00</b> 家长课堂「小手动一动」在园里举行，0 家报了名"
    assert [words in " ".join(page.split()) for page in shown] == [True] * 4
    assert [f'href="{session.get_absolute_url()}"' in page for page in shown] == [True] * 4


def test_nothing_is_said_on_other_days_or_elsewhere(house: House) -> None:
    held(house, title="小手动一动")
    desk: Client = browser(manager_of(house.institution))

    assert "小手动一动" not in desk.get(reverse("workbench:day", args=[TOMORROW])).content.decode()
    assert "小手动一动" not in desk.get(f"{reverse('workbench:week')}?from={TOMORROW}").content.decode()


def test_sessions_at_a_house_by_time(house: House) -> None:
    late, early = held(house, hour=16), held(house, hour=9)
    edge = held(house, TOMORROW, hour=0)
    held(house, TODAY - dt.timedelta(days=1), hour=23)
    held(house, TOMORROW + dt.timedelta(days=1), hour=0)
    held(house, host=None)
    held(house, published=False)
    gone = held(house)
    gone.places.cancelled_at, gone.places.cancel_reason = NOW, "停电"
    gone.places.save()

    assert list(sessions_at(house.institution.pk, TODAY, TOMORROW)) == [early, late, edge]
    assert list(sessions_at(house.institution.pk, TODAY, TODAY)) == [early, late]
