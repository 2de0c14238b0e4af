"""What editors planned is published and taken down on time, and one bad row holds nothing back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision

from cms.core.runtime import kernel_ports
from cms.pages.models import NoticePage
from cms.pages.queries import overdue_publications, refused_publications
from cms.pages.services import scheduling
from cms.pages.services.scheduling import ScheduledPublishingFailed, publish_scheduled
from parenting.classes.models import SessionPlaces
from tests.factories.pages import make_notice, make_policy, make_site
from tests.factories.parenting import ClassSessionFactory
from tests.races import Late

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
    Revision.objects.filter(pk=first.pk).update(content=[])

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


def test_those_that_fail_take_nobodys_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    make_site()
    monkeypatch.setattr(scheduling, "AT_ONCE", 1)
    for _number in range(2):
        broken = plan(make_notice(), at=PLANNED - 9 * SECOND)
        Revision.objects.filter(pk=broken.pk).update(content=[])
    first, second = make_notice(), make_notice()
    plan(first)
    plan(second)

    for live in ({first}, {first, second}):
        with pytest.raises(ScheduledPublishingFailed):
            publish_scheduled(PLANNED)
        assert set(NoticePage.objects.live()) == live


def test_plan_taken_back_while_the_run_goes_on_is_not_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    make_site()
    page = make_notice()
    revision = plan(page)
    expiring = make_notice(expire_at=PLANNED)

    def take_back() -> None:
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        NoticePage.objects.filter(pk=expiring.pk).update(expire_at=FAR)

    monkeypatch.setattr(scheduling, "_run", Late(scheduling._run, take_back))

    assert publish_scheduled(PLANNED) == 0
    page.refresh_from_db()
    expiring.refresh_from_db()
    assert (page.live, expiring.live) == (False, True)


@pytest.mark.parametrize("later", [SECOND, -SECOND])
def test_plan_moved_while_the_run_goes_on_is_followed(monkeypatch: pytest.MonkeyPatch, later: dt.timedelta) -> None:
    make_site()
    page = make_notice()
    revision = plan(page)
    move = Late(scheduling._publish, lambda: Revision.objects.update(approved_go_live_at=PLANNED + later))
    monkeypatch.setattr(scheduling, "_publish", move)

    publish_scheduled(PLANNED)

    page.refresh_from_db()
    assert page.live is (later < dt.timedelta())
    assert overdue_publications(FAR).filter(pk=revision.pk).exists() is not page.live


def refused() -> list[Revision]:
    """A policy that may not be published and a notice whose slug was taken, both planned."""
    policy, notice = make_policy(title="方案甲"), make_notice(title="公示甲")
    policy.disclosure = "none"
    notice.slug = make_notice(title="公示乙").slug
    return [planned_unchecked(row) for row in (policy, notice)]


def planned_unchecked(row) -> Revision:
    content = row.serializable_data() | {"live": False, "go_live_at": PLANNED.isoformat()}
    type(row).objects.filter(pk=row.pk).update(live=False)
    revision = type(row).objects.get(pk=row.pk).save_revision(approved_go_live_at=PLANNED)
    Revision.objects.filter(pk=revision.pk).update(content=json.loads(json.dumps(content, default=str)))
    return revision


def test_what_a_rule_refuses_is_given_up_with_a_record(caplog: pytest.LogCaptureFixture) -> None:
    make_site()
    policy, notice = refused()
    good = make_notice(title="公示丙")
    plan(good)

    done = [publish_scheduled(PLANNED), publish_scheduled(PLANNED)]

    assert done == [1, 0]
    assert not overdue_publications(FAR).exists()
    assert set(NoticePage.objects.live()) & {notice.content_object, good} == {good}
    entries = PageLogEntry.objects.filter(action="pages.publication_refused").order_by("pk")
    assert [(entry.revision_id, entry.page_id) for entry in entries] == [
        (each.pk, int(each.object_id)) for each in (policy, notice)
    ]
    assert entries[0].data == {"reason": "「依申请公开」和「不予公开」的文件不能发布"}
    assert entries[0].message == "没有按时发布：「依申请公开」和「不予公开」的文件不能发布"
    assert entries[1].data["reason"]
    assert "failed" not in caplog.text


def test_refused_publication_is_remembered_until_there_is_a_newer_draft() -> None:
    make_site()
    policy, notice = refused()
    publish_scheduled(PLANNED)
    before = list(refused_publications())

    policy.content_object.save_revision()

    assert (before, list(refused_publications())) == ([policy, notice], [notice])


def test_refused_publication_that_is_planned_again_is_not_refused_yet() -> None:
    make_site()
    policy, notice = refused()
    publish_scheduled(PLANNED)

    Revision.objects.filter(pk=policy.pk).update(approved_go_live_at=FAR)

    assert list(refused_publications()) == [notice]


def test_refused_class_is_remembered_too() -> None:
    session = ClassSessionFactory(published=False, live=False)
    revision = plan(session)
    log(instance=session, action="pages.publication_refused", revision=revision, data={"reason": "x"})
    other = plan(ClassSessionFactory(published=False, live=False))
    Revision.objects.update(approved_go_live_at=None)

    assert list(refused_publications()) == [revision]
    assert other.pk > revision.pk


def test_job_runs_every_minute() -> None:
    job = kernel_ports.jobs.all()["pages.publish_scheduled"]

    assert (job.run, job.every) == (publish_scheduled, dt.timedelta(minutes=1))
