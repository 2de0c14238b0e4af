"""The stored data as a page to read and to print."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.accounts.models import User
from cms.accounts.signin.views import privacy
from cms.core.calendar.times import now as now_of_the_clock
from tests.factories.accounts import MessageFactory, PickupPersonFactory, UserFactory, parent_with_child
from tests.factories.booking import booked, open_house, toddler

pytestmark = pytest.mark.django_db


def page_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("me:own-data")).content.decode()


def test_family_reads_everything_in_words_and_no_key_of_the_program(clock: time_machine.Traveller) -> None:
    user, child = toddler(nickname="豆豆", allergies="花生", sex="girl")
    PickupPersonFactory(family=child.family, name="王秀英")
    booking = booked(open_house(), user=user, child=child)

    page = page_of(user)
    main = page[page.index("<main") : page.index("</main>")]
    text = re.sub(r"<[^>]*>", " ", main)

    for words in ("豆豆", "花生", "2025年6月3日", "王秀英", booking.institution.name, "已预约"):
        assert words in text
    assert re.findall(r"[a-z]+_[a-z_]+|confirmed|nickname|guardian|\d{4}-\d\d-\d\d|None", text) == []


def test_page_of_somebody_new_says_that_there_is_nothing() -> None:
    page = page_of(UserFactory())

    assert (page.count("没有</p>"), "账号" in page) == (7, True)


def test_page_holds_nothing_of_another_family() -> None:
    user, _child = parent_with_child()
    _other, stranger = parent_with_child(nickname="别家宝宝")
    PickupPersonFactory(family=stranger.family, name="别家外婆")

    page = page_of(user)

    assert ("别家宝宝" in page, "别家外婆" in page) == (False, False)


@pytest.mark.parametrize(("messages", "more"), [(2, False), (3, True)])
def test_long_lists_are_cut_and_the_file_named(monkeypatch: pytest.MonkeyPatch, messages: int, more: bool) -> None:
    monkeypatch.setattr(privacy, "MAX_LINES", 2)
    user, _child = parent_with_child()
    MessageFactory.create_batch(messages, user=user, created_at=now_of_the_clock())

    assert ("还有更早的 1 条" in page_of(user)) is more
