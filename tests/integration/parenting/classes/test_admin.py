from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.places.models import BookingEvent
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at
from cms.core.runtime.outbox import drain
from directory.districts.services.offices import correct_office, ensure_office
from directory.districts.services.staff import appoint_staff
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services import publishing
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import StaffUserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.directory import DistrictFactory
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.factories.workbench import browser

pytestmark = pytest.mark.django_db
SNIPPET = "wagtailsnippets_parenting_classsession"
INDEX = reverse(f"{SNIPPET}:list")
ADD = reverse(f"{SNIPPET}:add")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def staff_of(district):
    """A colleague of 妇幼保健."""
    user = StaffUserFactory()
    appoint_staff(district=district, department="maternal_child_health", username=user.username, now=NOW)
    return user


def fields(district, **changes):
    clock = "%Y-%m-%d %H:%M"
    data = {
        "title": "添加辅食",
        "kind": "parent_class",
        "topic": "feeding",
        "age_from": 6,
        "age_to": 12,
        "district": district.pk,
        "venue": "示例社区",
        "organiser": "示例妇幼保健院",
        "starts_at": at(DAY, dt.time(9)).strftime(clock),
        "ends_at": at(DAY, dt.time(10)).strftime(clock),
        "capacity": 20,
        "signup_opens_at": timezone.localtime(NOW).strftime(clock),
        "signup_closes_at": at(DAY, dt.time(8)).strftime(clock),
    }
    return {**data, **changes}


def test_staff_post_a_class_and_it_is_published():
    district = DistrictFactory()
    client = browser(staff_of(district))

    draft = client.post(ADD, fields(district))
    session = ClassSession.objects.get()
    assert (draft.status_code, session.live) == (302, False)
    assert client.get(session.get_absolute_url()).status_code == 404

    edit = reverse(f"{SNIPPET}:edit", args=[session.pk])
    client.post(edit, fields(district, **{"action-publish": "1"}))

    session.refresh_from_db()
    assert session.live
    assert session.places.cell.target == 20
    assert "添加辅食" in client.get(session.get_absolute_url()).content.decode()


def posting(district, *departments):
    """Offices of the district that may post classes."""
    for department in departments:
        office = ensure_office(district=district, department=department, now=NOW)
        correct_office(office=office, values={"posts_classes": True}, now=NOW)


def colleague_of(district, *departments):
    """Works in these offices of the district."""
    user = StaffUserFactory()
    for department in departments:
        appoint_staff(district=district, department=department, username=user.username, now=NOW)
    return user


@pytest.mark.parametrize("typed", [{}, {"department": "womens_federation"}])
def test_class_is_organised_by_the_only_office_that_the_person_posts_for(typed):
    district = DistrictFactory(name="示例区")
    posting(district, "womens_federation", "maternal_child_health")
    client = browser(colleague_of(district, "womens_federation", "education"))

    page = client.get(ADD).content.decode()
    client.post(ADD, fields(district, **typed))

    assert 'value="示例区妇联"' in page
    assert "妇幼保健</option>" not in page
    assert ClassSession.objects.get().department == "womens_federation"


@pytest.mark.parametrize(
    ("typed", "stored"), [("education", True), ("womens_federation", True), ("", False), ("commerce", False)]
)
def test_who_works_in_two_offices_says_which_one_organises(typed, stored):
    district = DistrictFactory()
    posting(district, "womens_federation", "education", "commerce")
    client = browser(colleague_of(district, "womens_federation", "education"))

    client.post(ADD, fields(district, department=typed))

    assert [row.department for row in ClassSession.objects.all()] == ([typed] if stored else [])


def test_office_that_may_not_post_has_no_class_page():
    district = DistrictFactory()
    posting(district, "womens_federation")
    client = browser(colleague_of(district, "education"))
    session = ClassSessionFactory(district=district, department="womens_federation")

    client.post(ADD, fields(district))

    assert ClassSession.objects.count() == 1
    assert client.get(INDEX).status_code == 200
    assert client.get(reverse(f"{SNIPPET}:edit", args=[session.pk])).status_code == 404
    assert client.get(reverse("parenting_attendance", args=[session.public_id])).status_code == 302


def test_office_loses_its_classes_page_with_the_right():
    district = DistrictFactory()
    posting(district, "womens_federation")
    client = browser(colleague_of(district, "womens_federation"))
    before = client.get(ADD).status_code
    office = ensure_office(district=district, department="womens_federation", now=NOW)

    correct_office(office=office, values={"posts_classes": False}, now=NOW)

    assert (before, client.get(ADD).status_code) == (200, 302)


def test_organiser_of_a_class_stays_while_another_office_corrects_it():
    district = DistrictFactory()
    posting(district, "womens_federation", "maternal_child_health")
    client = browser(colleague_of(district, "maternal_child_health"))
    session = ClassSessionFactory(district=district, department="womens_federation", live=False, published=False)

    client.post(
        reverse(f"{SNIPPET}:edit", args=[session.pk]),
        fields(district, department="womens_federation", title="换了题目"),
    )

    session.refresh_from_db()
    latest = session.get_latest_revision_as_object()
    assert (latest.title, latest.department) == ("换了题目", "womens_federation")


@pytest.mark.parametrize("department", ["maternal_child_health", "education", ""])
def test_office_opens_its_own_classes_alone_and_sees_no_other_families(department):
    district = DistrictFactory()
    posting(district, "womens_federation", "education")
    client = browser(colleague_of(district, "womens_federation"))
    own = ClassSessionFactory(district=district, department="womens_federation")
    other = ClassSessionFactory(district=district, department=department)

    def codes(session):
        pages = [reverse(f"{SNIPPET}:{name}", args=[session.pk]) for name in ("edit", "history", "unpublish")]
        pages += [reverse(f"parenting_{name}", args=[session.public_id]) for name in ("attendance", "cancel")]
        return [client.get(page).status_code for page in pages]

    assert codes(own) == [200] * 5
    assert codes(other) == [404] * 5
    listed = client.get(INDEX).content.decode()
    assert other.title in listed
    assert reverse(f"{SNIPPET}:edit", args=[own.pk]) in listed
    assert reverse("parenting_attendance", args=[own.public_id]) in listed
    assert reverse(f"{SNIPPET}:edit", args=[other.pk]) not in listed
    assert reverse("parenting_attendance", args=[other.public_id]) not in listed


@pytest.mark.parametrize("department", ["womens_federation", "maternal_child_health", ""])
def test_maternal_health_runs_the_classes_of_the_whole_district(department):
    district = DistrictFactory()
    client = browser(staff_of(district))
    session = ClassSessionFactory(district=district, department=department)

    assert client.get(reverse("parenting_attendance", args=[session.public_id])).status_code == 200
    assert client.get(reverse(f"{SNIPPET}:edit", args=[session.pk])).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ends_at", at(DAY, dt.time(8)).strftime("%Y-%m-%d %H:%M"), "结束要晚于开始"),
        ("signup_closes_at", at(DAY, dt.time(12)).strftime("%Y-%m-%d %H:%M"), "报名要在课堂开始前截止"),
        ("age_to", 3, "月龄到要大于月龄从"),
        ("age_to", 73, "月龄到最多填 72。"),
        ("capacity", 0, "请填 1 到 1000 个名额。"),
        ("capacity", 1001, "请填 1 到 1000 个名额。"),
        ("capacity", 2**63 - 1, "请填 1 到 1000 个名额。"),
        ("starts_at", "0001-01-01 00:00", "请再看一下年份。"),
        ("starts_at", "2019-12-31 23:59", "请再看一下年份。"),
        ("ends_at", "9999-12-31 23:59", "请再看一下年份。"),
        ("ends_at", "2100-01-01 00:00", "请再看一下年份。"),
    ],
)
def test_impossible_session_is_explained(field, value, words):
    district = DistrictFactory()
    client = browser(staff_of(district))

    response = client.post(ADD, fields(district, **{field: value, "action-publish": "1"}))

    assert words in response.content.decode()
    assert not ClassSession.objects.exists()


def test_age_of_72_months_is_the_oldest():
    district = DistrictFactory()

    browser(staff_of(district)).post(ADD, fields(district, age_to=72))

    assert ClassSession.objects.get().age_to == 72


def test_list_leads_to_attendance_with_as_many_queries_for_three():
    district = DistrictFactory()
    client = browser(staff_of(district))
    counts = []
    for more in (1, 2):
        ClassSessionFactory.create_batch(more, district=district)
        client.get(INDEX)
        with CaptureQueriesContext(connection) as queries:
            body = client.get(INDEX).content.decode()
        counts.append(len(queries))

    assert body.count("签到名单") == 3
    assert counts[0] == counts[1]


def test_other_district_sees_nothing():
    session = ClassSessionFactory()
    client = browser(staff_of(DistrictFactory()))

    assert session.title not in client.get(INDEX).content.decode()
    edit = reverse(f"{SNIPPET}:edit", args=[session.pk])
    for address in (
        edit,
        reverse("parenting_attendance", args=[session.public_id]),
        reverse("parenting_cancel", args=[session.public_id]),
    ):
        assert client.get(address).status_code == 404


def test_parent_is_refused(client):
    session = ClassSessionFactory()
    user, _ = toddler()
    client.force_login(user)

    response = client.get(reverse("parenting_attendance", args=[session.public_id]))

    assert response.status_code in {302, 403}
    assert "签到名单" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_list_query_count(django_assert_max_num_queries, count):
    session = ClassSessionFactory(capacity=5)
    for _ in range(count):
        sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)
    client = browser(staff_of(session.district))
    address = reverse("parenting_attendance", args=[session.public_id])
    client.get(address)

    with django_assert_max_num_queries(24):
        body = client.get(address).content.decode()

    assert body.count('name="signup"') == count
    assert ChildAccess.objects.filter(purpose="class", district_code=session.district.code).count() == count


def snippet_page(name, session):
    return reverse(f"{SNIPPET}:{name}", args=[session.pk])


def taken_places(session):
    return [sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW) for _ in range(2)]


def shown(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_unpublishing_says_whom_it_cancels_and_names_the_actor():
    session = ClassSessionFactory()
    signups = taken_places(session)
    colleague = staff_of(session.district)
    client = browser(colleague)

    asked = client.get(snippet_page("unpublish", session)).content.decode()
    done = client.post(snippet_page("unpublish", session))
    drain(now=NOW)

    assert "已有 2 家报名，会马上取消并通知他们。" in asked
    assert shown(done)[-1].startswith(f"已撤下「{session.title}」，取消了 2 家的报名，正在通知他们。")
    session.refresh_from_db()
    assert (session.live, session.places.taken_down) == (False, True)
    events = BookingEvent.objects.filter(to_status="cancelled", booking__in=[s.booking for s in signups])
    assert list(events.values_list("actor", flat=True)) == [colleague.pk] * 2


def test_unpublishing_what_is_over_tells_nobody():
    session = ClassSessionFactory()
    taken_places(session)
    client = browser(staff_of(session.district))

    with time_machine.travel(session.ends_at, tick=False):
        asked = client.get(snippet_page("unpublish", session)).content.decode()
        done = client.post(snippet_page("unpublish", session))

    assert "没有要通知的家庭。" in asked
    assert shown(done)[-1].startswith(f"已撤下「{session.title}」。")
    assert SessionPlaces.objects.get().cancelled_at is None


def test_publishing_again_opens_it_and_says_so():
    session = ClassSessionFactory()
    taken_places(session)
    client = browser(staff_of(session.district))
    client.post(snippet_page("unpublish", session))
    drain(now=NOW)

    done = client.post(snippet_page("edit", session), fields(session.district, age_to=24, **{"action-publish": "1"}))

    assert shown(done)[-1].startswith("这场课堂重新开放报名。撤下时取消的报名不会恢复，请那些家庭重新报名。")
    places = SessionPlaces.objects.select_related("cell").get()
    assert (places.cancelled_at, places.cell.target, places.cell.taken) == (None, 20, 0)
    assert ClassSignup.objects.filter(active=True).count() == 0


def test_publishing_a_cancelled_session_says_that_it_stays_cancelled():
    session = ClassSessionFactory()
    client = browser(staff_of(session.district))
    client.post(reverse("parenting_cancel", args=[session.public_id]), {"reason": "讲师生病"})

    done = client.post(snippet_page("edit", session), fields(session.district, **{"action-publish": "1"}))

    assert shown(done)[-1].startswith("文字已更新。这场课堂已经取消，不会再开放报名。")
    assert SessionPlaces.objects.get().cell.target == 0


def lock_out(monkeypatch, times):
    """The session's row is held by somebody else, for so many looks."""
    lock, looks = publishing.lock_session, []

    def locked(session_id):
        looks.append(session_id)
        if len(looks) <= times:
            raise OperationalError("database is locked")
        return lock(session_id)

    monkeypatch.setattr(publishing, "lock_session", locked)


def test_publishing_a_locked_session_leaves_a_draft_and_says_so(monkeypatch):
    session = ClassSessionFactory(title="添加辅食")
    client = browser(staff_of(session.district))
    lock_out(monkeypatch, 2)

    done = client.post(
        snippet_page("edit", session), fields(session.district, title="新标题", **{"action-publish": "1"})
    )

    assert (done.status_code, done["Location"]) == (302, snippet_page("edit", session))
    assert shown(done)[-1].startswith("这场正有家庭在报名，还没有发布。文字已存为草稿，请过几秒再发布。")
    session.refresh_from_db()
    assert (session.title, session.places.cell.target) == ("添加辅食", 2)
    assert session.get_latest_revision_as_object().title == "新标题"


def test_taking_down_a_locked_session_leaves_it_published_and_says_so(monkeypatch):
    session = ClassSessionFactory()
    client = browser(staff_of(session.district))
    lock_out(monkeypatch, 2)

    refused = client.post(snippet_page("unpublish", session))
    session.refresh_from_db()
    live = session.live
    done = client.post(snippet_page("unpublish", session))

    assert (refused["Location"], live) == (snippet_page("unpublish", session), True)
    assert shown(refused)[-1].startswith("这场正有家庭在报名，还没有撤下。请过几秒再试一次。")
    assert shown(done)[-1].startswith(f"已撤下「{session.title}」。")
    session.refresh_from_db()
    assert (session.live, session.places.taken_down) == (False, True)


def test_text_whose_row_is_locked_is_written_the_second_time(monkeypatch):
    """Wagtail writes the text before the places are looked at."""
    session, saves = ClassSessionFactory(), []
    client = browser(staff_of(session.district))
    save = ClassSession.save

    def locked(self, *args, **kwargs):
        saves.append(self.title)
        if len(saves) == 1:
            raise OperationalError("database is locked")
        save(self, *args, **kwargs)

    monkeypatch.setattr(ClassSession, "save", locked)
    client.post(snippet_page("unpublish", session))

    session = ClassSession.objects.get()
    assert (session.live, session.places.taken_down, len(saves)) == (False, True, 2)


def test_cancelling_a_locked_session_is_no_error_page(monkeypatch):
    session = ClassSessionFactory()
    client = browser(staff_of(session.district))
    lock_out(monkeypatch, 2)

    done = client.post(reverse("parenting_cancel", args=[session.public_id]), {"reason": "停电"})

    assert done.status_code == 302
    assert shown(done)[-1] == "现在预约的人多，请稍等几秒再试一次。"
    assert SessionPlaces.objects.get().cancelled_at is None


def test_a_session_that_is_over_keeps_its_time_and_offers_no_cancelling():
    session = ClassSessionFactory()
    client = browser(staff_of(session.district))
    cancel = reverse("parenting_cancel", args=[session.public_id])
    assert cancel in client.get(INDEX).content.decode()

    with time_machine.travel(session.ends_at, tick=False):
        moved = {"starts_at": at(DAY, dt.time(8, 30)).strftime("%Y-%m-%d %H:%M"), "action-publish": "1"}
        refused = client.post(snippet_page("edit", session), fields(session.district, **moved))
        listed = client.get(INDEX).content.decode()
        done = client.post(cancel, {"reason": "讲师生病"})

    assert "这场课堂已经结束，不能改时间。" in refused.content.decode()
    assert cancel not in listed
    assert shown(done)[-1] == "这场课堂已经结束，不能再取消。"
    assert SessionPlaces.objects.get().cancelled_at is None


@pytest.mark.parametrize(("minutes", "offered"), [(-1, 0), (0, 1), (1, 1)])
def test_absent_is_offered_from_the_start(minutes, offered):
    session = ClassSessionFactory()
    sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)
    client = browser(staff_of(session.district))

    with time_machine.travel(session.starts_at + dt.timedelta(minutes=minutes), tick=False):
        body = client.get(reverse("parenting_attendance", args=[session.public_id])).content.decode()

    assert body.count('value="absent"') == offered
