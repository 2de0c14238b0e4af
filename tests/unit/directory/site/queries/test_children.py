"""Which children the question can be asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.models import User
from directory.site.queries.children import AskedChild, children_to_ask_for
from tests.factories.accounts import ChildFactory, parent_with_child

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


def test_children_of_the_family_until_their_third_birthday() -> None:
    user, child = parent_with_child(nickname="豆豆", birth_date=dt.date(2023, 11, 24))
    ChildFactory(family=child.family, nickname="大宝", birth_date=dt.date(2023, 11, 23))
    newborn = ChildFactory(family=child.family, nickname="小宝", birth_date=TODAY)
    parent_with_child(nickname="别家")

    assert children_to_ask_for(user, today=TODAY) == [
        AskedChild(child.public_id, "豆豆", child.birth_date),
        AskedChild(newborn.public_id, "小宝", TODAY),
    ]
    assert children_to_ask_for(User(pk=0), today=TODAY) == []
