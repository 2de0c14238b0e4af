from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from cms.core.calendar.times import at
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.directory import DistrictFactory
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
LIST = reverse("parenting:session-list")
DAY_STARTS, HOUR = at(DAY, dt.time(9)), dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def page(session, name):
    return reverse(f"parenting:{name}", args=[session.public_id])


def words(response) -> str:
    return response.content.decode()


def test_list_shows_sessions_to_come(client):
    session = ClassSessionFactory()
    hidden = ClassSessionFactory(district=session.district, live=False)

    body = words(client.get(LIST, {"district": session.district.slug}))

    assert session.title in body
    assert hidden.title not in body
    assert "仅 2 位" in body


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, count):
    district = DistrictFactory()
    ClassSessionFactory.create_batch(count, district=district)
    client.get(LIST)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST, {"district": district.slug})


LIST_QUERIES = 2


@pytest.mark.parametrize(
    "query", ["age_months=abc", "age_months=999", "kind=none", "page=x", "page=9999", "street=%00"]
)
def test_list_with_garbage_answers(client, query):
    ClassSessionFactory()

    assert client.get(f"{LIST}?{query}").status_code == 200


def test_empty_list_says_what_to_do(client):
    assert "现在没有可报名的课堂" in words(client.get(LIST))


def test_detail_of_a_draft_is_absent(client):
    session = ClassSessionFactory(published=False, live=False)

    assert client.get(session.get_absolute_url()).status_code == 404


def test_cancelled_session_says_why(client):
    session = ClassSessionFactory()
    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)

    assert "讲师生病" in words(client.get(session.get_absolute_url()))


@pytest.mark.parametrize("name", ["signup", "signup-done", "signup-cancel"])
def test_stranger_is_led_to_sign_in(client, name):
    session = ClassSessionFactory()

    response = client.get(page(session, name))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign-in"))


def test_parent_signs_up_and_cancels(client):
    session = ClassSessionFactory()
    user, child = toddler()
    client.force_login(user)
    assert child.nickname in words(client.get(page(session, "signup")))

    done = client.post(page(session, "signup"), {"child": child.public_id}, follow=True)
    assert "报名成功" in words(done)
    gone = client.post(page(session, "signup-cancel"), {"child": child.public_id}, follow=True)

    assert "已取消报名" in words(gone)
    assert ClassSignup.objects.get().active is False


def test_a_double_tap_on_cancel_never_reaches_the_second_childs_place(client):
    session = ClassSessionFactory()
    user, child = toddler()
    second = ChildFactory(family=child.family, birth_date=child.birth_date, nickname="妹妹")
    for one in (child, second):
        sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW)
    client.force_login(user)
    address = page(session, "signup-cancel")
    assert client.get(address)["Location"] == session.get_absolute_url()
    asked = words(client.get(address, {"child": second.public_id}))

    answers = [client.post(address, {"child": child.public_id}) for _ in range(2)]

    assert "妹妹" in asked
    assert [answer["Location"] for answer in answers] == [f"{reverse('parenting:my-sessions')}?cancelled=1"] * 2
    assert list(ClassSignup.objects.filter(active=True).values_list("child_id", flat=True)) == [second.pk]


def test_the_place_of_the_adult_alone_is_cancelled_on_its_page(client):
    session, user = ClassSessionFactory(), UserFactory()
    sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)
    address = page(session, "signup-cancel")

    asked = words(client.get(address, {"child": ""}))
    client.post(address, {"child": ""})

    assert '<input type="hidden" name="child" value="">' in asked
    assert ClassSignup.objects.get().active is False


def test_too_late_to_cancel_is_said_on_the_page(client):
    session, (user, child) = ClassSessionFactory(), toddler()
    sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)

    with time_machine.travel(session.starts_at, tick=False):
        body = words(client.post(page(session, "signup-cancel"), {"child": child.public_id}))

    assert "课堂已经开始，不能再取消。" in body
    assert child.nickname in body
    assert ClassSignup.objects.get().active is True


def test_another_familys_place_is_not_there_to_cancel(client):
    session, (other, child) = ClassSessionFactory(), toddler()
    sign_up(user=other, session=session.public_id, child=None, now=NOW)
    client.force_login(toddler()[0])

    assert client.post(page(session, "signup-cancel"), {"child": child.public_id}).status_code == 404
    assert client.get(page(session, "signup-cancel"))["Location"] == session.get_absolute_url()


def test_pages_tell_the_published_time(client):
    session, (user, child) = ClassSessionFactory(), toddler()
    sign_up(user=user, session=session.public_id, child=None, now=NOW)
    hour = dt.timedelta(hours=1)
    ClassSession.objects.update(starts_at=session.starts_at + hour, ends_at=session.ends_at + hour)
    client.force_login(user)

    pages = [LIST, session.get_absolute_url(), *[page(session, name) for name in ("signup", "signup-done")]]
    pages.append(f"{page(session, 'signup-cancel')}?child={child.public_id}")

    assert ["9:30–10:30" in words(client.get(address, follow=True)) for address in pages] == [True] * 5
    assert ["10:30–11:30" in words(client.get(address)) for address in pages] == [False] * 5


def test_refusal_is_shown_beside_what_was_chosen(client):
    activity = ClassSession.Kind.PARENT_CHILD_ACTIVITY
    session, other = ClassSessionFactory.create_batch(2, kind=activity)
    user, child = toddler()
    sign_up(user=user, session=other.public_id, child=child.public_id, now=NOW)
    client.force_login(user)

    response = client.post(page(session, "signup"), {"child": child.public_id})

    assert "宝宝这个时间已经有别的预约了" in words(response)
    assert f'value="{child.public_id}"' in words(response)
    assert ClassSignup.objects.count() == 1


def test_another_family_s_child_is_not_a_choice(client):
    session = ClassSessionFactory()
    user, _ = toddler()
    _, strange = toddler()
    client.force_login(user)

    client.post(page(session, "signup"), {"child": strange.public_id})

    assert ClassSignup.objects.count() == 0


def test_activity_without_child_leads_to_adding_one(client):
    session = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY)
    user, child = toddler()
    child.delete()
    client.force_login(user)

    body = words(client.get(page(session, "signup")))

    assert reverse("me:child-add") in body


def test_child_too_young_is_named_with_the_age(client):
    session = ClassSessionFactory()
    user, child = toddler(birth_date=dt.date(2026, 9, 1))
    client.force_login(user)

    body = words(client.get(page(session, "signup")))

    assert f"{child.nickname}　那天 2 个月" in body


@pytest.mark.parametrize("count", [1, 3])
def test_my_sessions_query_count(client, django_assert_num_queries, count):
    user, child = toddler()
    for session in ClassSessionFactory.create_batch(count):
        sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)
    client.get(LIST)

    with django_assert_num_queries(MINE_QUERIES):
        body = words(client.get(reverse("parenting:my-sessions")))

    assert body.count(child.nickname) == count


MINE_QUERIES = 4


@pytest.mark.parametrize("count", [1, 3])
def test_past_sessions_query_count(client, django_assert_num_queries, count):
    user, _child = toddler()
    for session in ClassSessionFactory.create_batch(count):
        sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)
    address = reverse("parenting:my-sessions")

    with time_machine.travel(session.ends_at, tick=False):
        client.get(address)
        with django_assert_num_queries(MINE_QUERIES + 1):
            body = words(client.get(address))

    assert body.count("示例课堂") == count


def test_past_sessions_come_twenty_to_a_page_the_last_first(client):
    user, _child = toddler()
    sessions = [
        ClassSessionFactory(title=f"第{n:02}场", starts_at=DAY_STARTS + n * HOUR, ends_at=DAY_STARTS + (n + 1) * HOUR)
        for n in range(21)
    ]
    for session in sessions:
        sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)
    address = reverse("parenting:my-sessions")

    with time_machine.travel(sessions[-1].ends_at, tick=False):
        pages = [words(client.get(address, {"page": number})) for number in (1, 2)]

    assert [re.findall(r"第\d\d场", body) for body in pages] == [
        [f"第{n:02}场" for n in range(20, 0, -1)],
        ["第00场"],
    ]
    assert "第 1 页，共 2 页" in pages[0]
