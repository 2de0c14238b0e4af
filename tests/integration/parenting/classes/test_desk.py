"""What the office does with a class: sees its state, moves it, cancels it, calls a family, writes down who came."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.places.models import CapacityCell
from cms.accounts.models import ChildAccess, Message
from cms.core.calendar.times import at, local
from cms.core.display.wording import moment
from cms.core.runtime.outbox import drain
from parenting.classes import viewsets
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services.publishing import cancel_session, take_down_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, toddler
from tests.factories.directory import DistrictFactory
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.factories.workbench import browser
from tests.integration.parenting.classes.test_admin import INDEX, fields, shown, snippet_page, staff_of
from tests.races import Late

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session() -> ClassSession:
    return ClassSessionFactory(capacity=4, venue="示例社区")


@pytest.fixture
def office(session: ClassSession) -> Client:
    return browser(staff_of(session.district))


def join(session: ClassSession, children: int = 1) -> list[ClassSignup]:
    """One family with so many children of that age."""
    user, child = toddler()
    siblings = [ChildFactory(family=child.family, birth_date=child.birth_date) for _ in range(children - 1)]
    return [sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW) for one in (child, *siblings)]


def page(name: str, session: ClassSession) -> str:
    return reverse(f"parenting_{name}", args=[session.public_id])


def cancel(office: Client, session: ClassSession, reason: str = "讲师生病"):
    seen = office.get(page("cancel", session)).context["impact"].mark
    return office.post(page("cancel", session), {"reason": reason, "seen": seen})


# The list


def test_list_is_by_what_comes_next_with_a_state_for_each() -> None:
    district = DistrictFactory()
    past, before = (
        ClassSessionFactory(
            district=district,
            title=title,
            starts_at=NOW - days * ONE,
            ends_at=NOW - days * ONE + dt.timedelta(hours=1),
            signup_opens_at=NOW - 30 * ONE,
            signup_closes_at=NOW - days * ONE,
        )
        for title, days in (("昨天的", 1), ("前天的", 2))
    )
    late, soon = (
        ClassSessionFactory(
            district=district,
            title=title,
            starts_at=at(DAY + days * ONE, dt.time(9)),
            ends_at=at(DAY + days * ONE, dt.time(10)),
        )
        for title, days in (("下周的", 7), ("明天的", 1))
    )
    draft = ClassSessionFactory(district=district, title="没发布的", live=False, published=False)
    down = ClassSessionFactory(
        district=district,
        title="撤下的",
        starts_at=at(DAY + 2 * ONE, dt.time(9)),
        ends_at=at(DAY + 2 * ONE, dt.time(10)),
    )
    take_down_session(session=down, reason="撤下", actor=None, now=NOW)
    ClassSession.objects.filter(pk=down.pk).update(live=False)
    cancel_session(session=late, reason="停电", actor=None, now=NOW)
    office = browser(staff_of(district))

    rows = list(office.get(INDEX).context["object_list"])

    assert rows == [draft, soon, down, late, past, before]
    assert [row.status for row in rows] == ["draft", "published", "draft", "cancelled", "over", "over"]
    for status, found in (
        ("draft", [draft, down]),
        ("published", [soon]),
        ("cancelled", [late]),
        ("over", [past, before]),
    ):
        assert list(office.get(INDEX, {"status": status}).context["object_list"]) == found


def test_cancelled_class_counts_nobody(session: ClassSession, office: Client) -> None:
    join(session)
    assert "1 / 4" in office.get(INDEX).content.decode()

    cancel(office, session)

    listed = office.get(INDEX).content.decode()
    assert "已取消" in listed
    assert "1 / 0" not in listed


# A new time


def move(office: Client, session: ClassSession, **more: str | None):
    later = {
        "starts_at": at(DAY, dt.time(14)).strftime("%Y-%m-%d %H:%M"),
        "ends_at": at(DAY, dt.time(15)).strftime("%Y-%m-%d %H:%M"),
        "action-publish": "1",
    }
    sent = {name: value for name, value in {**later, **more}.items() if value is not None}
    return office.post(snippet_page("edit", session), fields(session.district, age_to=24, **sent))


def test_new_time_asks_before_it_is_published_and_says_whom_it_tells(session: ClassSession, office: Client) -> None:
    join(session, children=2)
    join(session)

    asked = move(office, session)
    before = SessionPlaces.objects.get().starts_at
    mark = asked.context["form"]["seen"].value()
    done = move(office, session, seen=mark)
    drain(now=NOW)

    question = "时间改了，会通知 2 家报了名的家庭。没有错就再点一次「发布」。"
    assert question in asked.content.decode()
    assert [(message.level_tag, str(message).startswith(question)) for message in asked.context["messages"]] == [
        ("warning", True)
    ]
    assert "无法保存" not in asked.content.decode()
    assert f'value="{mark}"' in asked.content.decode()
    assert before == session.starts_at
    assert "正在通知 2 家新的时间。" in shown(done)[-1]
    assert SessionPlaces.objects.get().starts_at == at(DAY, dt.time(14))
    assert Message.objects.filter(kind="class_changed").count() == 2


def same_times(session: ClassSession) -> dict[str, str]:
    return {name: f"{local(getattr(session, name)):%Y-%m-%d %H:%M}" for name in ("starts_at", "ends_at")}


def test_new_place_asks_before_it_is_published_and_says_whom_it_tells(session: ClassSession, office: Client) -> None:
    join(session, children=2)
    join(session)
    elsewhere = {**same_times(session), "venue": "示例区妇幼保健院", "address": "示例路 1 号"}

    asked = move(office, session, **elsewhere)
    before = Message.objects.filter(kind="class_changed").count(), SessionPlaces.objects.get().venue
    done = move(office, session, **elsewhere, seen=asked.context["form"]["seen"].value())
    drain(now=NOW)

    assert "地点改了，会通知 2 家报了名的家庭。没有错就再点一次「发布」。" in asked.content.decode()
    assert before == (0, "示例社区")
    assert "正在通知 2 家新的地点。" in shown(done)[-1]
    message = Message.objects.filter(kind="class_changed").first()
    assert message is not None
    assert message.title.startswith("课堂改地点：")
    assert "示例区妇幼保健院（示例路 1 号）。不方便来可以取消。" in message.body
    assert Message.objects.filter(kind="class_changed").count() == 2


def test_who_agreed_to_a_new_time_is_asked_again_about_a_new_place(session: ClassSession, office: Client) -> None:
    join(session)
    mark = move(office, session).context["form"]["seen"].value()

    asked = move(office, session, venue="别处", seen=mark).content.decode()

    assert "时间和地点改了，会通知 1 家" in asked
    assert SessionPlaces.objects.get().starts_at == session.starts_at


def test_family_that_signed_up_meanwhile_is_asked_about_again(session: ClassSession, office: Client) -> None:
    join(session)
    mark = move(office, session).context["form"]["seen"].value()
    join(session)

    assert "会通知 2 家" in move(office, session, seen=mark).content.decode()


def test_family_that_signed_up_in_the_moment_of_publishing_is_not_moved_unseen(
    session: ClassSession, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(session)
    mark = move(office, session).context["form"]["seen"].value()
    monkeypatch.setattr(viewsets, "publish_as_seen", Late(viewsets.publish_as_seen, lambda: join(session)))

    done = move(office, session, seen=mark)

    assert (done.status_code, done["Location"]) == (302, snippet_page("edit", session))
    assert shown(done)[-1].startswith("刚刚报名有变化，请再看一遍要通知的家庭。还没有发布，文字已存为草稿。")
    assert SessionPlaces.objects.get().starts_at == session.starts_at
    assert "会通知 2 家" in move(office, session, seen=mark).content.decode()


def test_publishing_at_a_later_hour_is_not_offered(session: ClassSession, office: Client) -> None:
    """Families would be told of a new time that nobody was asked about then."""
    join(session)
    form = office.get(snippet_page("edit", session)).context["form"]

    saved = move(office, session, go_live_at=f"{NOW + ONE:%Y-%m-%d %H:%M}", **{"action-publish": None})

    assert not {"go_live_at", "expire_at"} & set(form.fields)
    assert (saved.status_code, ClassSession.objects.get().go_live_at) == (302, None)
    assert ClassSession.objects.get().get_latest_revision_as_object().go_live_at is None
    assert SessionPlaces.objects.get().starts_at == session.starts_at


def test_draft_new_text_and_new_time_of_nobody_ask_nothing(session: ClassSession, office: Client) -> None:
    moved = move(office, session)
    join(session)
    office.post(snippet_page("edit", session), fields(session.district, age_to=24, title="草稿"))
    same_time = {"starts_at": at(DAY, dt.time(14)), "ends_at": at(DAY, dt.time(15))}
    text = {name: moment.strftime("%Y-%m-%d %H:%M") for name, moment in same_time.items()}
    published = move(office, session, title="新标题", **text)

    assert (moved.status_code, published.status_code) == (302, 302)
    assert "正在通知" not in shown(moved)[-1] + shown(published)[-1]


# Cancelling


def test_cancelling_counts_first_and_says_how_many_are_told(session: ClassSession, office: Client) -> None:
    join(session, children=2)
    (came,) = join(session)
    office.post(page("mark", session), {"signup": came.booking.public_id, "act": "came"})

    asked = office.get(page("cancel", session)).content.decode()
    done = cancel(office, session)
    drain(now=NOW)

    assert "已有 2 家报名（3 个名额，3 个宝宝），取消后会马上通知他们。" in asked
    assert shown(done)[-1] == "已取消，正在通知 2 家。"
    assert Message.objects.filter(kind="class_cancelled").count() == 2


def test_family_that_signed_up_meanwhile_is_counted_before_cancelling(session: ClassSession, office: Client) -> None:
    seen = office.get(page("cancel", session)).context["impact"].mark
    join(session)

    again = office.post(page("cancel", session), {"reason": "停电", "seen": seen}).content.decode()

    assert "刚刚报名有变化，请再看一遍要通知的家庭。" in again
    assert "停电" in again
    assert SessionPlaces.objects.get().cancelled_at is None


def test_families_who_were_seen_and_left_are_said_to_be_gone(session: ClassSession, office: Client) -> None:
    (signup,) = join(session)
    seen = office.get(page("cancel", session)).context["impact"].mark
    cancel_signup(user=signup.booking.created_by, session=session.public_id, child=None, now=NOW)

    again = office.post(page("cancel", session), {"reason": "停电", "seen": seen}).content.decode()

    assert ("刚刚报名有变化" in again, "还没有人报名" in again) == (True, True)
    assert SessionPlaces.objects.get().cancelled_at is None


def test_cancelling_needs_a_reason(session: ClassSession, office: Client) -> None:
    assert "请填取消的原因" in cancel(office, session, reason="").content.decode()


def test_cancelling_what_is_cancelled_or_taken_down_says_what_happened(session: ClassSession, office: Client) -> None:
    """The page of another tab is still open."""
    taken_down = ClassSessionFactory(district=session.district)
    join(session)
    office.post(snippet_page("unpublish", taken_down))

    said = [shown(cancel(office, session))[-1]]
    said.append(shown(office.post(page("cancel", session), {"reason": "停电"}))[-1])
    said.append(shown(office.post(page("cancel", taken_down), {"reason": "停电"}))[-1])

    assert said == [
        "已取消，正在通知 1 家。",
        "这场课堂之前已经取消，这次没有再通知家庭。",
        "已取消，没有要通知的家庭。",
    ]
    reasons = SessionPlaces.objects.order_by("session").values_list("cancel_reason", "taken_down")
    assert list(reasons) == [("讲师生病", False), ("停电", False)]


def test_called_off_class_shows_whom_it_cancelled_and_asks_nothing_again(session: ClassSession, office: Client) -> None:
    left, *_ = join(session)
    cancel_signup(user=left.booking.created_by, session=session.public_id, child=None, now=NOW)
    kept = join(session, children=2)
    cancel(office, session)

    before = office.get(page("attendance", session))
    drain(now=NOW)
    after = office.get(page("attendance", session))
    again = office.get(page("cancel", session)).content.decode()

    assert before.content.decode().count("正在取消") == 2
    assert {signup.booking.status for signup in after.context["signups"]} == {"cancelled"}
    for answer in (before, after):
        html = answer.content.decode()
        assert [signup.pk for signup in answer.context["signups"]] == [signup.pk for signup in kept]
        assert "讲师生病" in html
        assert "取消时 1 家报了名，已经通知他们。" in html
        assert ("名额 0 家" in html, "还没有人报名" in html, 'name="act"' in html) == (False, False, False)
    assert ('name="reason"' in again, "取消时 1 家报了名" in again, "讲师生病" in again) == (False, True, True)


def test_called_off_class_without_families_says_so(session: ClassSession, office: Client) -> None:
    cancel(office, session)

    assert "取消时没有人报名。" in office.get(page("cancel", session)).content.decode()
    assert "取消时没有人报名。" in office.get(page("attendance", session)).content.decode()


def test_class_that_was_only_taken_down_can_still_be_cancelled_for_good(session: ClassSession, office: Client) -> None:
    office.post(snippet_page("unpublish", session))

    assert 'name="reason"' in office.get(page("cancel", session)).content.decode()


# Fewer places


@pytest.mark.parametrize(("capacity", "refused"), [(1, True), (2, False), (3, False)])
def test_places_that_families_have_are_not_taken_away(
    session: ClassSession, office: Client, capacity: int, refused: bool
) -> None:
    join(session, children=2)

    answer = move(office, session, **same_times(session), capacity=str(capacity))

    assert ("已经报出去 2 个名额，不能再少。" in answer.content.decode()) == refused
    assert SessionPlaces.objects.get().cell.target == (4 if refused else capacity)


def test_class_that_is_over_its_places_already_keeps_them(session: ClassSession, office: Client) -> None:
    join(session, children=3)
    CapacityCell.objects.filter(session_places__session=session).update(target=2)

    kept = move(office, session, **same_times(session), capacity="2")
    fewer = move(office, session, **same_times(session), capacity="1")

    assert (kept.status_code, fewer.status_code) == (302, 200)
    assert SessionPlaces.objects.get().cell.target == 2


# Attendance


def test_marks_are_written_and_taken_back(session: ClassSession, office: Client) -> None:
    (signup,) = join(session)
    found = []

    for act in ("came", "undo"):
        with time_machine.travel(session.starts_at, tick=False):
            shown = office.get(page("attendance", session)).content.decode()
            seen = shown.split('name="seen" value="')[1].split('"')[0]
            office.post(page("mark", session), {"signup": signup.booking.public_id, "act": act, "seen": seen})
        signup.booking.refresh_from_db()
        found.append(signup.booking.status)

    assert found == ["arrived", "confirmed"]


def test_taking_back_again_after_a_lost_answer_leaves_the_mark_before(session: ClassSession, office: Client) -> None:
    (signup,) = join(session)
    act = {"signup": signup.booking.public_id, "act": "undo"}
    with time_machine.travel(session.starts_at, tick=False) as clock:
        office.post(page("mark", session), act | {"act": "came"})
        clock.shift(60)
        office.post(page("mark", session), act | {"act": "absent"})
        signup.booking.refresh_from_db()
        seen = {"seen": signup.booking.changed_at.isoformat()}
        for _ in range(2):
            clock.shift(60)
            office.post(page("mark", session), act | seen)
        stale = office.post(page("mark", session), act, follow=True).content.decode()

    signup.booking.refresh_from_db()
    assert (signup.booking.status, "页面过时了" in stale) == ("arrived", True)


def test_family_is_called_around_the_day_alone(session: ClassSession, office: Client) -> None:
    (signup,) = join(session)
    number = signup.booking.created_by.phone
    answers = []

    for day in (-2, -1, 1, 2):
        with time_machine.travel(session.starts_at + day * ONE, tick=False):
            listed = office.get(page("attendance", session)).content.decode()
            called = office.post(page("call", session), {"signup": signup.booking.public_id}, follow=True)
            answers.append(("打电话" in listed, number in called.content.decode(), number in listed))

    assert answers == [(False, False, False), (True, True, False), (True, True, False), (False, False, False)]
    assert ChildAccess.objects.filter(purpose="phone").count() == 2


def test_only_families_of_this_class_are_called(session: ClassSession, office: Client) -> None:
    (other,) = join(ClassSessionFactory(district=session.district))

    assert office.post(page("call", session), {"signup": other.booking.public_id}).status_code == 404
    assert office.post(page("call", session), {}).status_code == 404


def test_who_came_unannounced_and_a_note_are_written_down(session: ClassSession, office: Client) -> None:
    early = office.post(page("note", session), {"walk_ins": "2", "note": ""}, follow=True).content.decode()
    with time_machine.travel(session.starts_at, tick=False):
        wrong = office.post(page("note", session), {"walk_ins": "-1", "note": "投影坏了"}).content.decode()
        done = office.post(page("note", session), {"walk_ins": "2", "note": " 投影坏了 "}, follow=True).content.decode()

    assert "课堂还没开始，开始后再记。" in early
    assert "投影坏了" in wrong
    assert "已记下。" in done
    assert 'value="2"' in done
    assert SessionPlaces.objects.values_list("walk_ins", "note").get() == (2, "投影坏了")


@pytest.mark.parametrize("name", ["call", "note", "mark", "cancel"])
def test_other_district_and_parents_are_refused(session: ClassSession, client: Client, name: str) -> None:
    stranger = browser(staff_of(DistrictFactory()))
    client.force_login(toddler()[0])

    assert stranger.post(page(name, session), {"walk_ins": "1"}).status_code == 404
    assert client.post(page(name, session), {"walk_ins": "1"}).status_code in {302, 403}
    assert SessionPlaces.objects.get().walk_ins == 0


def test_question_names_the_end_of_sign_up_that_stays(session: ClassSession, office: Client) -> None:
    join(session)
    closes = f"{local(session.signup_closes_at):%Y-%m-%d %H:%M}"
    earlier = f"{local(session.signup_closes_at) - dt.timedelta(hours=1):%Y-%m-%d %H:%M}"

    stays = move(office, session, signup_closes_at=closes).content.decode()
    moved = move(office, session, signup_closes_at=earlier).content.decode()
    elsewhere = move(office, session, **same_times(session), venue="别处", signup_closes_at=closes).content.decode()

    assert [
        f"报名截止没有改，还是{moment(session.signup_closes_at)}。" in page for page in (stays, moved, elsewhere)
    ] == [
        True,
        False,
        False,
    ]


def test_real_mistakes_are_still_errors(session: ClassSession, office: Client) -> None:
    assert "无法保存" in move(office, session, title="").content.decode()
