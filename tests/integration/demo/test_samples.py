"""What one run of `manage.py demo` makes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from booking.places.models import Booking, BookingCell, CapacityCell
from cms.accounts.models import Child, PickupPerson, User
from cms.accounts.phone import is_demo_number, phone_index
from cms.accounts.signin.second_factors import is_enrolled
from cms.core.calendar.times import age_in_months, local_date
from cms.core.models import OutboxMessage
from cms.demo.data.institutions import BOARD
from cms.demo.models import InboxText
from cms.demo.services import staff
from cms.demo.services.content import name_site
from cms.pages.models import GuidePage, NoticePage, PolicyPage, SiteSettings
from directory.districts.models import District, DistrictStaff
from directory.register.models import Authorisation, Institution, InstitutionMember, OpeningRule, Refusal, Title
from parenting.classes.models import ClassSession, ClassSignup
from tests.factories.demo import DAY, MORNING, count_rows, run_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

#: An exchange gives out no number that begins with 0.
UNDIALLABLE = re.compile(r"0379-0\d{7}")


@pytest.fixture
def board() -> Institution:
    return Institution.objects.get(name=BOARD)


def test_sample_institutions_are_plainly_samples() -> None:
    samples = list(Institution.objects.all())

    assert len(samples) == 24
    assert [i.name for i in samples if not i.name.startswith("示例·") or not i.is_sample] == []
    assert [i.phone for i in samples if not UNDIALLABLE.fullmatch(i.phone)] == []
    assert [a.number for a in Authorisation.objects.all() if not a.number.startswith("示例-")] == []


def test_words_people_search_for_are_in_names() -> None:
    names = list(Institution.objects.filter(is_public=True).values_list("name", flat=True))

    assert sum("托育" in name for name in names) >= 5
    assert [name for name in names if "托班" in name] == ["示例·武汉路幼儿园托班"]


def test_every_township_of_the_district_has_a_sample() -> None:
    towns = Counter(Institution.objects.values_list("township__name", flat=True))

    assert len(towns) == 11
    assert set(Institution.objects.values_list("district__slug", flat=True)) == {"jianxi"}


def test_all_are_public_but_the_one_being_prepared() -> None:
    assert list(Institution.objects.filter(is_public=False).values_list("name", flat=True)) == [
        "示例·珠江路筹备中托育园"
    ]
    assert Institution.objects.filter(is_demonstration=True).count() == 4
    assert Refusal.objects.count() == 2


def test_board_is_open_every_day_from_7_to_21(board: Institution) -> None:
    rules = OpeningRule.objects.filter(class_group__institution=board)
    cells = CapacityCell.objects.filter(pool__institution=board)
    first, last = cells.earliest("starts_at"), cells.latest("starts_at")

    assert set(rules.values_list("weekday", "opens", "closes")) == {
        (weekday, dt.time(7), dt.time(21)) for weekday in range(7)
    }
    assert first.starts_at.astimezone(MORNING.tzinfo).isoformat() == "2026-11-26T07:00:00+08:00"
    assert local_date(last.starts_at) - DAY >= dt.timedelta(days=55)


def test_board_has_children_of_today_in_every_state(board: Institution) -> None:
    today = Booking.objects.filter(institution=board, service_date=DAY)

    assert set(today.values_list("status", flat=True)) == set(Booking.Status.values)
    assert today.filter(status="confirmed", starts_at__lt=MORNING).count() == 1
    assert today.filter(status="confirmed", starts_at__gt=MORNING).count() >= 2
    assert today.get(status="held").expires_at > MORNING
    assert today.get(status="completed").left_at <= MORNING


def test_weeks_ahead_are_partly_taken() -> None:
    days = Booking.objects.filter(service_date__gt=DAY, kind="care").values_list("service_date", flat=True)
    taken = BookingCell.objects.count()

    assert len(set(days)) >= 10
    assert 0 < taken < CapacityCell.objects.count() / 10
    assert CapacityCell.objects.filter(capacity=0).exists()


def test_sessions_show_open_full_and_not_yet() -> None:
    full = ClassSession.objects.get(title="在家做什么玩：大动作")

    assert ClassSession.objects.filter(live=True, starts_at__gt=MORNING).count() == 8
    assert ClassSession.objects.filter(signup_opens_at__gt=MORNING).count() == 2
    assert ClassSignup.objects.filter(session=full, active=True).count() == full.capacity


def test_site_is_named_after_the_district_and_marked_as_a_sample() -> None:
    found = SiteSettings.objects.get()

    assert found.site_name == "涧西托育"
    assert found.sponsor == "示例·涧西区卫生健康委员会"
    assert UNDIALLABLE.fullmatch(found.hotline)


def test_footer_and_privacy_texts_name_the_same_operator() -> None:
    found, owner = SiteSettings.objects.get(), settings.OWNER_WORDS

    assert (found.operator, found.hotline, found.hotline_hours) == (owner["operator"], owner["phone"], owner["hours"])
    phones = Institution.objects.values_list("phone", flat=True)
    assert not {owner["phone"], owner["officer_phone"].removesuffix("（示例）")} & set(phones)


def test_name_given_by_staff_is_kept() -> None:
    SiteSettings.objects.update(site_name="洛阳托育", sponsor="")

    assert name_site(district=District.objects.get(slug="jianxi")) == ["sponsor"]
    assert SiteSettings.objects.get().site_name == "洛阳托育"


def test_policies_of_the_five_districts_are_there_and_the_draft_is_marked() -> None:
    assert PolicyPage.objects.live().count() == 5
    assert PolicyPage.objects.get(stage=PolicyPage.Stage.DRAFT).district.slug == "xigong"
    assert (NoticePage.objects.live().count(), GuidePage.objects.live().count()) == (3, 4)
    named = {page.kind: len(page.named_institutions()) for page in NoticePage.objects.live()}
    assert named == {"filing": 2, "refusal": 0, "demonstration": 1}


def test_a_notice_is_as_old_as_what_it_announces() -> None:
    dates = {page.kind: page.notice_date for page in NoticePage.objects.live()}
    named = NoticePage.objects.get(kind="filing").named_institutions()
    filed = sorted(Authorisation.objects.filter(institution__in=named).values_list("from_date", flat=True))

    assert dates["filing"] == filed[-1] + dt.timedelta(days=3)
    assert filed[-1] - filed[0] < dt.timedelta(days=60)
    assert {title.from_date + dt.timedelta(days=3) for title in Title.objects.all()} == {dates["demonstration"]}
    assert dates["refusal"] - dt.timedelta(days=3) in Refusal.objects.values_list("refused_date", flat=True)


def test_json_names_the_accounts(demo: dict) -> None:
    accounts = demo["accounts"]

    assert list(accounts) == [
        "parent",
        "manager",
        "caregiver",
        "maternal_child_health",
        "health_commission",
        "womens_federation",
        "education",
        "commerce",
        "street_office",
        "site_editor",
        "second_parent",
        "second_manager",
    ]
    assert demo["counts"]["institutions"] == 24
    for account in accounts.values():
        name = account.get("phone") or account["username"]
        user = User.objects.get(phone_hash=phone_index(name)) if "phone" in account else User.objects.get(username=name)
        assert "password" not in account or user.check_password(account["password"])


def test_accounts_have_their_posts(demo: dict, board: Institution) -> None:
    members = InstitutionMember.objects.filter(institution=board, ended_at__isnull=True)
    posts = DistrictStaff.objects.values_list("department", "user__username", "district__slug")
    parent = User.objects.get(phone_hash=phone_index(demo["accounts"]["parent"]["phone"]))
    family = parent.family_member.family

    assert sorted(members.values_list("role", flat=True)) == ["caregiver", "manager"]
    assert {who: (what, where) for what, who, where in posts} == {
        "demo-fuyou": (DistrictStaff.Department.MATERNAL_CHILD_HEALTH, "jianxi"),
        "demo-weijian": (DistrictStaff.Department.HEALTH_COMMISSION, "jianxi"),
        "demo-fulian": (DistrictStaff.Department.WOMENS_FEDERATION, "jianxi"),
        "demo-jiaoti": (DistrictStaff.Department.EDUCATION, "jianxi"),
        "demo-shangwu": (DistrictStaff.Department.COMMERCE, "jianxi"),
        "demo-jiedao": (DistrictStaff.Department.STREET_OFFICE, "jianxi"),
        "demo-bianji": (DistrictStaff.Department.SITE_EDITOR, None),
    }
    second = InstitutionMember.objects.get(user__username=demo["accounts"]["second_manager"]["username"])
    assert (second.role, second.institution == board, second.institution.is_public) == ("manager", False, True)
    other = User.objects.get(phone_hash=phone_index(demo["accounts"]["second_parent"]["phone"]))
    assert (other.family_member.family == family, other.family_member.family.children.count()) == (False, 1)
    assert age_in_months(Child.objects.get(family=family).birth_date, DAY) == 17
    assert PickupPerson.objects.filter(family=family).count() == 2


def test_every_account_with_a_password_has_its_second_factor(demo: dict) -> None:
    for account in demo["accounts"].values():
        if "username" in account:
            assert is_enrolled(User.objects.get(username=account["username"]))


def test_demo_of_another_district_has_colleagues_of_its_own(demo: dict) -> None:
    hongqi = District.objects.get(slug="hongqi")

    for _run in "ab":
        made = staff.make_staff(district=hongqi, now=MORNING)

    named = staff.staff_accounts(hongqi)
    assert named["commerce"]["username"] == made["commerce"].username == "demo-shangwu-hongqi"
    assert named["site_editor"]["username"] == made["site_editor"].username == "demo-bianji"
    assert staff.staff_accounts(District.objects.get(slug="jianxi")) == {
        key: account for key, account in demo["accounts"].items() if key in named
    }
    assert DistrictStaff.objects.filter(district=hongqi).count() == 6


def test_nobody_can_be_reached_by_telephone() -> None:
    numbers = [user.phone for user in User.objects.exclude(phone_hash=None)]

    assert [phone for phone in numbers if not is_demo_number(phone)] == []
    assert [person.phone for person in PickupPerson.objects.all() if not is_demo_number(person.phone)] == []


def test_nothing_is_left_to_deliver_and_no_text_was_sent() -> None:
    assert OutboxMessage.objects.filter(done_at__isnull=True).count() == 0
    assert OutboxMessage.objects.filter(topic="sms.send").count() == 0
    assert InboxText.objects.count() == 0


def test_ledger_is_clean() -> None:
    out = io.StringIO()

    call_command("check_ledger", stdout=out)

    assert "0 differences" in out.getvalue()


def test_samples_are_found_by_pinyin(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False):
        answer = client.get("/api/v1/institutions", {"q": "xiaoman"}).json()

    assert [row["name"] for row in answer["results"]][:1] == [BOARD]


def test_second_run_the_same_day_changes_nothing(demo: dict) -> None:
    before = count_rows()
    moves = set(Booking.objects.values_list("pk", "status", "changed_at"))

    again = run_demo(MORNING + dt.timedelta(minutes=5))

    assert count_rows() == before
    assert set(Booking.objects.values_list("pk", "status", "changed_at")) == moves
    assert again == demo


@pytest.mark.parametrize(("clock", "gone"), [("06:00", {"completed"}), ("10:00", set()), ("22:00", {"held"})])
def test_next_day_is_topped_up_at_any_hour(board: Institution, clock: str, gone: set[str]) -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    cells = CapacityCell.objects.filter(pool__institution=board)
    last = local_date(cells.latest("starts_at").starts_at)

    run_demo(dt.datetime.combine(tomorrow, dt.time.fromisoformat(clock), MORNING.tzinfo))

    today = Booking.objects.filter(institution=board, service_date=tomorrow)
    ahead = Booking.objects.filter(service_date=tomorrow + dt.timedelta(days=14))
    assert set(today.values_list("status", flat=True)) == set(Booking.Status.values) - gone
    assert ahead.exists()
    assert local_date(cells.latest("starts_at").starts_at) == last + dt.timedelta(days=1)
    assert ClassSession.objects.count() == 8


def test_children_of_the_board_do_not_outgrow_their_class(board: Institution) -> None:
    later = MORNING + dt.timedelta(days=150)

    run_demo(later)

    today = Booking.objects.filter(institution=board, service_date=local_date(later))
    assert set(today.values_list("status", flat=True)) == set(Booking.Status.values)
