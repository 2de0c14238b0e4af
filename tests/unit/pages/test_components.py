"""What the pages add to the staff's start page."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.pages import components
from cms.pages.components import LATE, late_publications
from directory.register.ports import StaffLine
from tests.factories.accounts import StaffUserFactory
from tests.factories.pages import make_notice, make_site

pytestmark = pytest.mark.django_db
PLANNED = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def late_notice(title: str, *, at: dt.datetime = PLANNED) -> int:
    page = make_notice(title=title, live=False, go_live_at=at)
    page.save_revision(approved_go_live_at=at)
    return page.pk


@pytest.mark.parametrize(("passed", "count"), [(LATE - SECOND, 0), (LATE, 1)])
def test_a_publication_is_late_after_a_few_tries(passed: dt.timedelta, count: int) -> None:
    make_site()
    pk = late_notice("公示甲")
    editor = StaffUserFactory(is_superuser=True)

    lines = late_publications(editor, PLANNED + passed)

    expected = [StaffLine(5, "「公示甲」没有按时发布，请打开看看", f"/admin/pages/{pk}/edit/")]
    assert lines == expected[:count]


def test_only_who_may_edit_it_is_told() -> None:
    make_site()
    late_notice("公示甲")

    assert late_publications(StaffUserFactory(), PLANNED + LATE) == []


def test_lines_are_few_and_the_longest_late_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    make_site()
    monkeypatch.setattr(components, "SHOWN", 2)
    for number, title in enumerate(("公示1", "公示2", "公示3")):
        late_notice(title, at=PLANNED - number * SECOND)

    lines = late_publications(StaffUserFactory(is_superuser=True), PLANNED + LATE)

    assert [line.words[:5] for line in lines] == ["「公示3」", "「公示2」"]
