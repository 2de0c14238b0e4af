"""What the pages add to the staff's start page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from cms.pages import components
from cms.pages.components import LATE, late_publications, unfilled_texts
from cms.pages.models import NoticePage
from directory.districts.models import District
from directory.districts.services.setup import setup_offices
from directory.districts.services.staff import appoint_staff
from directory.register.ports import StaffLine
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory
from tests.factories.pages import make_notice, make_site
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
PLANNED = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def late_notice(title: str, *, at: dt.datetime = PLANNED, **fields: Any) -> int:
    page = make_notice(title=title, live=False, go_live_at=at, **fields)
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


def late_session(district: District) -> None:
    session = ClassSessionFactory(district=district, published=False, live=False, go_live_at=PLANNED)
    session.save_revision(approved_go_live_at=PLANNED)


@pytest.fixture
def districts() -> tuple[District, District]:
    """Two districts with their offices."""
    made = DistrictFactory(slug="jianxi"), DistrictFactory(slug="hongqi")
    make_site()
    setup_offices(now=PLANNED)
    return made


def staff_of(district: District) -> Any:
    username = f"staff-{district.slug}"
    post, _token = appoint_staff(
        district=district, department="maternal_child_health", username=username, now=timezone.now()
    )
    return post.user


def test_own_lines_are_not_hidden_behind_those_of_others(
    districts: tuple[District, District], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(components, "SHOWN", 2)
    own, other = districts
    for number in range(3):
        late_notice(f"别区{number}", at=PLANNED - SECOND, district=other)
        make_notice(title=f"别区待填{number}【待填】", district=other)
        late_session(other)
    for number in range(3):
        late_notice(f"本区{number}", district=own)
        make_notice(title=f"本区待填{number}【待填】", district=own)

    person = staff_of(own)

    assert [line.words[:5] for line in late_publications(person, PLANNED + LATE)] == ["「本区0」", "「本区1」"]
    assert [line.words[:7] for line in unfilled_texts(person, PLANNED)] == ["「本区待填0【", "「本区待填1【"]


def test_late_class_is_shown_to_its_district_alone(districts: tuple[District, District]) -> None:
    own, other = districts
    late_session(own)

    lines = [late_publications(staff_of(district), PLANNED + LATE) for district in (own, other)]

    assert [len(each) for each in lines] == [1, 0]


def test_refused_publication_is_shown_until_there_is_a_newer_draft() -> None:
    make_site()
    pk = late_notice("公示甲")
    page = NoticePage.objects.get(pk=pk)
    revision = page.latest_revision
    Revision.objects.update(approved_go_live_at=None)
    log(instance=page, action="pages.publication_refused", revision=revision, data={"reason": "x"})
    editor = StaffUserFactory(is_superuser=True)

    before = late_publications(editor, PLANNED)
    page.save_revision()

    assert before == [StaffLine(5, "「公示甲」没有按时发布，请打开看看", f"/admin/pages/{pk}/edit/")]
    assert late_publications(editor, PLANNED) == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_lines(
    districts: tuple[District, District], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(components, "SHOWN", 99)
    own, other = districts
    for each in range(number):
        late_notice(f"本区{each}", district=own)
        late_notice(f"别区{each}", district=other)
        late_session(own)
        late_session(other)
    person = staff_of(own)

    with CaptureQueriesContext(connection) as queries:
        lines = late_publications(person, PLANNED + LATE)

    assert (len(lines), len(queries)) == (2 * number, 9)
