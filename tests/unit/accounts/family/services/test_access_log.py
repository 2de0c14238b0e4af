"""Who looked at a child's record."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import consents
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.models import ChildAccess
from tests.factories.accounts import (
    UserFactory,
    parent_with_child,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def version() -> str:
    return consents.publish_consent_texts(NOW).version


def test_same_look_within_an_hour_is_one_line() -> None:
    _guardian, child = parent_with_child()
    actor = UserFactory()

    def look(minutes: int, purpose: str = "today") -> int:
        at = NOW + dt.timedelta(minutes=minutes)
        return log_child_access(children=[child], actor=actor, place="示例园", purpose=purpose, now=at)

    assert [look(0), look(30), look(61), look(62, "phone"), look(63, "phone")] == [1, 0, 1, 1, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_log_takes_the_same_statements_for_any_number(count: int, django_assert_num_queries) -> None:
    children = [parent_with_child()[1] for _number in range(count)]
    actor = UserFactory()

    with django_assert_num_queries(2):
        log_child_access(children=children, actor=actor, place="示例园", purpose="today", now=NOW)


@pytest.mark.parametrize("minutes", [59, 60, 61])
def test_look_an_hour_later_is_a_new_line(minutes: int) -> None:
    _guardian, child = parent_with_child()
    actor, other = UserFactory(), UserFactory()

    def look(at: dt.datetime, who=actor, purpose: str = "today") -> int:
        return log_child_access(children=child, actor=who, place="示例园", purpose=purpose, now=at)

    look(NOW)

    later = NOW + dt.timedelta(minutes=minutes)
    assert [look(later), look(later, other), look(later, purpose="week")] == [int(minutes >= 60), 1, 1]


def test_log_of_nobody_writes_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert log_child_access(children=[], actor=UserFactory.build(), place="a", purpose="today", now=NOW) == 0


def test_log_line_is_cut_to_its_columns() -> None:
    _guardian, child = parent_with_child()

    log_child_access(children=child, actor=UserFactory(), place="园" * 121, purpose="p" * 61, now=NOW)

    row = ChildAccess.objects.get()
    assert (row.place, row.purpose, row.at) == ("园" * 120, "p" * 60, NOW)


def test_log_line_belongs_to_the_district_of_the_place_or_to_none() -> None:
    _guardian, child = parent_with_child()
    for code in ("320118", ""):
        log_child_access(
            children=child, actor=UserFactory(), place="示例园", purpose="today", district_code=code, now=NOW
        )
    log_child_access(children=child, actor=UserFactory(), place="示例园", purpose="today", now=NOW)

    assert [row.district_code for row in ChildAccess.objects.order_by("pk")] == ["320118", "", ""]


def test_log_of_several_notes_only_those_not_seen_yet() -> None:
    children = [parent_with_child()[1] for _number in range(2)]
    actor = UserFactory()
    log_child_access(children=children[:1], actor=actor, place="示例园", purpose="today", now=NOW)

    assert log_child_access(children=children, actor=actor, place="示例园", purpose="today", now=NOW) == 1
    assert sorted(row.child_id for row in ChildAccess.objects.all()) == sorted(child.pk for child in children)
