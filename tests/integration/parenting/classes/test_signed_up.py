"""What the pages of classes say to a family that has a place already, and to one that has children."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cms.core.calendar.times import at
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, TODAY, toddler
from tests.factories.directory import TownshipFactory
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
LIST = reverse("parenting:session-list")
DAY_LONG = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def still(clock: time_machine.Traveller) -> None:
    """The clock of the bookings."""


def page(session: ClassSession, name: str) -> str:
    return reverse(f"parenting:{name}", args=[session.public_id])


def bar_of(client: Client, session: ClassSession) -> str:
    body = client.get(session.get_absolute_url()).content.decode()
    return body.partition('<div class="bar">')[2].partition("</div>")[0]


def test_child_with_a_place_is_shown_in_jade_and_not_asked_again(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(), toddler(nickname="安安")
    client.force_login(user)
    assert "报名" in bar_of(client, session)
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

    body = client.get(session.get_absolute_url()).content.decode()

    assert ("安安 已报名" in body, 'class="bar"' in body, body.count("取消报名")) == (True, False, 1)
    assert client.get(page(session, "signup"))["Location"] == session.get_absolute_url()


def test_bar_offers_the_other_child_by_name(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(), toddler(nickname="安安")
    ChildFactory(family=child.family, birth_date=child.birth_date, nickname="小宝")
    ChildFactory(family=child.family, birth_date=TODAY - 30 * DAY_LONG, nickname="太小")
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    client.force_login(user)

    asked = client.get(page(session, "signup")).content.decode()

    assert "给小宝也报名" in bar_of(client, session)
    assert ("小宝（" in asked, "安安（" in asked) == (True, False)


def test_bar_offers_more_children_without_names(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(capacity=5), toddler()
    for name in ("大宝", "小宝"):
        ChildFactory(family=child.family, birth_date=child.birth_date, nickname=name)
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    client.force_login(user)

    assert "再给一个宝宝报名" in bar_of(client, session)


def test_full_class_offers_no_other_child(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(capacity=1), toddler()
    ChildFactory(family=child.family, birth_date=child.birth_date)
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    client.force_login(user)

    assert bar_of(client, session) == ""


def test_adult_who_comes_alone_is_not_asked_again(client: Client) -> None:
    session, user = ClassSessionFactory(), UserFactory()
    sign_up(user=user, session=session.public_id, child=None, now=NOW)
    client.force_login(user)

    body = client.get(session.get_absolute_url()).content.decode()

    assert ("您已报名" in body, bar_of(client, session)) == (True, "")


def test_same_form_sent_twice_answers_the_same(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(), toddler()
    client.force_login(user)

    answers = [client.post(page(session, "signup"), {"child": child.public_id}) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == [page(session, "signup-done")] * 2
    assert ClassSignup.objects.count() == 1


def test_list_marks_the_classes_in_which_the_family_has_a_place(client: Client) -> None:
    first = ClassSessionFactory()
    ClassSessionFactory(district=first.district)
    user, child = toddler()
    sign_up(user=user, session=first.public_id, child=child.public_id, now=NOW)

    body = client.get(LIST).content.decode()
    client.force_login(user)
    own = client.get(LIST).content.decode()

    assert [text.count("/sign-up/") for text in (body, own)] == [2, 1]
    assert [text.count("已报名") for text in (body, own)] == [0, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_a_family_takes_the_same_statements(client: Client, django_assert_num_queries, count: int) -> None:
    first = ClassSessionFactory()
    ClassSessionFactory.create_batch(count - 1, district=first.district)
    user, child = toddler()
    ChildFactory.create_batch(count, family=child.family)
    sign_up(user=user, session=first.public_id, child=child.public_id, now=NOW)
    client.force_login(user)
    client.get(LIST)

    with django_assert_num_queries(FAMILY_QUERIES):
        client.get(LIST)


FAMILY_QUERIES = 6


def test_age_is_offered_from_the_own_children_and_not_of_others(client: Client) -> None:
    ClassSessionFactory()
    user, _child = toddler(nickname="豆豆")
    toddler(nickname="别家")
    asked = client.get(LIST).content.decode()
    client.force_login(user)

    own = client.get(LIST).content.decode()

    assert ('id="age"' in asked, "豆豆" in asked) == (True, False)
    assert ('id="age"' in own, "适合豆豆（17 个月）" in own, "age_months=17" in own, "别家" in own) == (
        False,
        True,
        True,
        False,
    )


def test_class_says_where_to_go_and_for_which_ages(client: Client) -> None:
    town = TownshipFactory(name="重庆路街道")
    session = ClassSessionFactory(district=town.district, township=town, address="重庆路 12 号", age_from=0, age_to=36)

    body = client.get(session.get_absolute_url()).content.decode()

    assert "重庆路街道 重庆路 12 号" in body
    assert "keyword=%E9%87%8D%E5%BA%86%E8%B7%AF%2012%20%E5%8F%B7" in body
    assert "0–36 个月" in body
    assert "不满" not in body


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (NOW - DAY_LONG, at(DAY, dt.time(8)), "现在可以报，11月28日 周六 8:00 截止"),
        (NOW, at(DAY, dt.time(8)), "现在可以报，11月28日 周六 8:00 截止"),
        (NOW + dt.timedelta(seconds=1), at(DAY, dt.time(8)), "11月23日 周一 8:00 开始"),
        (NOW - DAY_LONG, NOW, "已截止"),
    ],
)
def test_class_says_in_words_when_sign_up_is(
    client: Client, opens: dt.datetime, closes: dt.datetime, words: str
) -> None:
    session = ClassSessionFactory(signup_opens_at=opens, signup_closes_at=closes)

    body = " ".join(client.get(session.get_absolute_url()).content.decode().split())

    assert f"<dt>报名</dt> <dd> {words} </dd>" in body


def test_calendar_file_says_when_and_where_and_nothing_of_a_family(client: Client) -> None:
    session = ClassSessionFactory(title="辅食添加", address="重庆路 12 号")

    answer = client.get(page(session, "session-calendar"))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{session.public_id}.ics"'
    assert (str(event["summary"]), str(event["location"])) == ("辅食添加", f"{session.venue} 重庆路 12 号")
    assert (event["dtstart"].dt, event["dtend"].dt) == (session.places.starts_at, session.places.ends_at)
    assert str(event["url"]) == f"http://testserver{session.get_absolute_url()}"


def test_calendar_file_of_a_draft_is_absent(client: Client) -> None:
    session = ClassSessionFactory(published=False, live=False)

    assert client.get(page(session, "session-calendar")).status_code == 404


def test_cancelled_class_has_no_calendar_entry_to_add(client: Client) -> None:
    session = ClassSessionFactory()
    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)

    assert "加到日历" not in client.get(session.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("hour", "told"), [(11, True), (12, False)])
def test_reminder_is_promised_only_if_it_still_comes(
    client: Client, clock: time_machine.Traveller, hour: int, told: bool
) -> None:
    session, (user, child) = ClassSessionFactory(), toddler()
    moment = at(DAY - DAY_LONG, dt.time(hour))
    clock.move_to(moment)
    sign_up(user=user, session=session.public_id, child=child.public_id, now=moment)
    client.force_login(user)

    body = client.get(page(session, "signup-done")).content.decode()

    assert ("11月27日 周五 12:00 我们会发短信提醒您。" in body) is told


def test_number_to_say_at_the_door_stands_wherever_the_place_is_shown(client: Client) -> None:
    session, (user, child) = ClassSessionFactory(), toddler()
    sister = ChildFactory(family=child.family, birth_date=child.birth_date)
    made = [
        sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW).booking for one in (child, sister)
    ]
    client.force_login(user)

    for url in (session.get_absolute_url(), reverse("parenting:my-sessions"), page(session, "signup-done")):
        body = client.get(url).content.decode()
        assert body.count("签到时报预约号") == 2
        for booking in made:
            assert f"{booking.reference[:4]} {booking.reference[4:]}</b>" in body


def test_full_class_says_the_same_in_the_list_on_its_page_and_before_the_form(client: Client) -> None:
    session = ClassSessionFactory(capacity=1)
    taker, _child = toddler()
    sign_up(user=taker, session=session.public_id, child=None, now=NOW)
    user, child = toddler()
    client.force_login(user)

    listed = client.get(LIST).content.decode()
    detail = client.get(session.get_absolute_url()).content.decode()
    asked = client.get(page(session, "signup")).content.decode()
    refused = client.post(page(session, "signup"), {"child": child.public_id}).content.decode()

    assert ["名额已满" in body for body in (listed, detail, asked, refused)] == [True] * 4
    assert ["现在可以报" in detail, "名额满了，现在报不上" in detail] == [False, True]
    for body in (asked, refused):
        assert ("确认报名" in body, "看别的课堂" in body) == (False, True)
        assert ("核对后报名" in body, "现在不能报名" in body) == (False, True)
    assert ClassSignup.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "words", "form"),
    [
        (-1, "11月23日 周一 9:00 开始，到时再来。", False),
        (0, "确认报名", True),
        (59, "确认报名", True),
        (60, "报名已截止", False),
    ],
)
def test_sign_up_page_has_its_button_only_while_one_can_sign_up(
    client: Client, clock: time_machine.Traveller, minutes: int, words: str, form: bool
) -> None:
    opens = NOW + dt.timedelta(hours=1)
    session = ClassSessionFactory(signup_opens_at=opens, signup_closes_at=opens + dt.timedelta(hours=1))
    client.force_login(toddler()[0])
    clock.move_to(opens + dt.timedelta(minutes=minutes))

    body = client.get(page(session, "signup")).content.decode()

    assert words in body
    assert ("确认报名" in body, "核对后报名" in body, "来不了请提前取消" in body) == (form, form, form)


def test_cancelled_class_says_why_in_place_of_the_form(client: Client) -> None:
    session = ClassSessionFactory()
    cancel_session(session=session, reason="老师生病", actor=None, now=NOW)
    client.force_login(toddler()[0])

    body = client.get(page(session, "signup")).content.decode()

    assert ("老师生病" in body, "确认报名" in body) == (True, False)


def test_browser_asks_again_on_the_way_back_to_a_page_that_knows_the_family(client: Client) -> None:
    session = ClassSessionFactory()
    urls = (LIST, session.get_absolute_url())
    before = [client.get(url).get("Cache-Control", "") for url in urls]
    client.force_login(toddler()[0])

    after = [client.get(url)["Cache-Control"] for url in urls]

    assert ["no-store" in header for header in before] == [False, False]
    assert ["no-store" in header for header in after] == [True, True]
