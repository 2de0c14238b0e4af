"""What editors planned is published and taken down on time, and one bad row holds nothing back."""

from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import Revision

from cms.core.runtime import kernel_ports
from cms.pages.models import NoticePage
from cms.pages.queries import overdue_publications
from cms.pages.services import scheduling
from cms.pages.services.scheduling import ScheduledPublishingFailed, publish_scheduled
from parenting.classes.models import SessionPlaces
from tests.factories.pages import make_notice, make_policy, make_site
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
# Wagtail itself asks the real clock whether a time has come, so the planned times lie well before any test run.
PLANNED = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
FAR = dt.datetime(2126, 3, 2, 10, 0, tzinfo=dt.UTC)


def plan(row, *, at: dt.datetime = PLANNED) -> Revision:
    """As the editor's 设置计划 and 发布 leave it."""
    row.live, row.go_live_at = False, at
    row.save()
    return row.save_revision(approved_go_live_at=at)


@pytest.mark.parametrize(("now", "live"), [(PLANNED - SECOND, False), (PLANNED, True), (PLANNED + SECOND, True)])
def test_page_is_published_when_its_time_has_come(now: dt.datetime, live: bool) -> None:
    make_site()
    page = make_notice()
    plan(page)

    done = publish_scheduled(now)

    page.refresh_from_db()
    assert (page.live, done) == (live, int(live))
    assert overdue_publications(PLANNED).exists() is not live


def test_second_run_changes_nothing() -> None:
    make_site()
    plan(make_notice())
    publish_scheduled(PLANNED)

    assert publish_scheduled(PLANNED) == 0


@pytest.mark.parametrize(("now", "live"), [(PLANNED - SECOND, True), (PLANNED, False), (PLANNED + SECOND, False)])
def test_page_is_taken_down_when_it_expires(now: dt.datetime, live: bool) -> None:
    make_site()
    page = make_policy(expire_at=PLANNED)

    done = publish_scheduled(now)

    page.refresh_from_db()
    assert (page.live, page.expired, done) == (live, not live, int(not live))


def test_class_gets_its_places_when_it_is_published() -> None:
    session = ClassSessionFactory(published=False, live=False)
    plan(session)

    publish_scheduled(PLANNED)

    session.refresh_from_db()
    assert session.live
    assert SessionPlaces.objects.get(session=session).cell.capacity == 2


def test_expired_class_is_taken_down_as_by_an_editor() -> None:
    session = ClassSessionFactory(expire_at=PLANNED, starts_at=FAR, ends_at=FAR + dt.timedelta(hours=1))

    publish_scheduled(PLANNED)

    session.refresh_from_db()
    assert not session.live
    assert SessionPlaces.objects.get(session=session).taken_down


def test_one_that_fails_holds_nothing_back(caplog: pytest.LogCaptureFixture) -> None:
    make_site()
    bad, good = make_notice(title="公示甲"), make_notice(title="公示乙")
    first = plan(bad, at=PLANNED - SECOND)
    plan(good)
    gone = make_notice(expire_at=PLANNED)
    # A revision whose text can't be read any more, as after a hand in the database.
    Revision.objects.filter(pk=first.pk).update(content={"pk": bad.pk, "title": "公示甲", "path": "x"})

    with pytest.raises(ScheduledPublishingFailed):
        publish_scheduled(PLANNED)

    assert set(NoticePage.objects.live()) == {good}
    assert [row.pk for row in overdue_publications(PLANNED)] == [first.pk]
    assert f"publication of revision {first.pk} failed" in caplog.text
    gone.refresh_from_db()
    assert not gone.live


def test_run_is_bounded_and_the_next_takes_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    make_site()
    monkeypatch.setattr(scheduling, "AT_ONCE", 1)
    plan(make_notice())
    plan(make_notice(), at=PLANNED - SECOND)
    make_notice(expire_at=PLANNED)
    make_notice(expire_at=PLANNED)

    assert [publish_scheduled(PLANNED) for _ in range(3)] == [2, 2, 0]


def test_job_runs_every_minute() -> None:
    job = kernel_ports.jobs.all()["pages.publish_scheduled"]

    assert (job.run, job.every) == (publish_scheduled, dt.timedelta(minutes=1))
