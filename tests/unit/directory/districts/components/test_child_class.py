"""The class of a child in words, at the birthdays that change it."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.ports import ChildClass
from directory.districts.components.child_class import class_of_child

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("birth_date", "found"),
    [
        (dt.date(2026, 12, 24), ChildClass("满 6 个月后可以入托")),
        (dt.date(2026, 5, 24), ChildClass("满 6 个月后可以入托")),
        (dt.date(2026, 5, 23), ChildClass("乳儿班", "托小班", dt.date(2027, 5, 23))),
        (dt.date(2025, 11, 24), ChildClass("乳儿班", "托小班", dt.date(2026, 11, 24))),
        (dt.date(2025, 11, 23), ChildClass("托小班", "托大班", dt.date(2027, 11, 23))),
        (dt.date(2024, 11, 24), ChildClass("托小班", "托大班", dt.date(2026, 11, 24))),
        (dt.date(2024, 11, 23), ChildClass("托大班")),
        (dt.date(2023, 11, 24), ChildClass("托大班")),
        (dt.date(2023, 11, 23), ChildClass("满 3 岁，不再提供托育")),
    ],
)
def test_class_changes_on_the_birthday(birth_date: dt.date, found: ChildClass) -> None:
    assert class_of_child(birth_date, DAY) == found
