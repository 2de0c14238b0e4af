"""One history of an institution: each act once, the newest first, who did it, old and new values in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log

from booking.care.queries.affected import ClosedSpan
from booking.care.services.closing import close, reopen
from booking.places.services.policies import save_policy
from cms.accounts.models import User
from directory.districts.models import District
from directory.districts.services.history import record
from directory.register.enums import RectificationKind
from directory.register.models import Institution, ProductFee, Refusal
from directory.register.services import fees, institutions, invites, members, offering, publicity, refusals
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    InstitutionMemberFactory,
    InstitutionProfileFactory,
    OpeningRuleFactory,
    RefusalFactory,
)
from tests.factories.parenting import ClassSessionFactory
from tests.factories.staff import house, text

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 2)

QUERIES = 31


def lines(client: Client, institution: Institution, **query: Any) -> list[Any]:
    """The entries of the page in words, as the template gets them."""
    response = client.get(reverse("institutions:history", args=[institution.pk]), query)
    assert response.status_code == 200
    return [entry.words for entry in response.context["object_list"]]


def newest(client: Client, institution: Institution) -> Any:
    return lines(client, institution)[0]


def told(line: Any) -> dict[str, str]:
    """The changes and facts of a line, one text each."""
    changes = {change.name: f"{change.before}→{change.after}" for change in line.changes}
    return dict(line.facts) | changes


@pytest.fixture
def garden(jianxi: District) -> Institution:
    return house(jianxi, name="时光园", public=True)


@pytest.fixture
def actor() -> User:
    return StaffUserFactory(username="somebody")


def test_what_was_entered_is_shown_with_the_names_of_the_fields(staff: Client, jianxi: District, actor: User) -> None:
    values = {"name": "新园", "address": "一号", "places": 30, "filed_modes": ["hourly"], "phone": "0379-1"}
    made = institutions.create_institution(district=jianxi, values=values, now=NOW, actor=actor)

    [line] = lines(staff, made)

    assert (line.act, line.row, line.who) == ("新建", "", "somebody")
    assert told(line) == {"名称": "→新园", "地址": "→一号", "托位数": "→30", "服务形式": "→计时托", "公开电话": "→"}
    assert [change.name for change in line.changes if change.is_hidden] == ["公开电话"]


def test_a_correction_shows_old_and_new_but_nothing_personal(staff: Client, garden: Institution) -> None:
    values = {"places": 80, "nature": "public", "head_name": "李某某", "phone": "0379-65501234", "township": None}
    institutions.correct_institution(institution=garden, values=values, now=NOW)

    line = newest(staff, garden)
    page = text(staff.get(reverse("institutions:history", args=[garden.pk])))

    assert (line.act, line.who) == ("已编辑", "系统")
    township = garden.township
    assert told(line) == {
        "托位数": "60→80",
        "机构性质": "（空）→公办",
        "负责人": "→",
        "公开电话": "→",
        "街道或镇": f"{township}→（空）",
    }
    assert page.count("已修改") == 2
    assert "李某某" not in page
    assert "65501234" not in page


def test_saving_without_a_change_says_so(staff: Client, garden: Institution) -> None:
    institutions.correct_institution(institution=garden, values={"places": 60}, now=NOW)

    assert newest(staff, garden).is_unchanged
    assert "保存了，没有改动" in text(staff.get(reverse("institutions:history", args=[garden.pk])))


def test_filing_title_and_their_ends(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)
    filing = publicity.grant_authorisation(
        institution=institution, office="卫健委", source_title="名单", number="备1", from_date=TODAY, now=NOW
    )
    publicity.correct_authorisation(authorisation=filing, values={"until_date": dt.date(2027, 1, 2)}, now=NOW)
    publicity.grant_title(
        institution=institution, name="区级示范", office="卫健委", from_date=TODAY, source_title="公示", now=NOW
    )
    publicity.end_authorisation(authorisation=filing, ended_date=TODAY, reason="搬走", now=NOW)

    found = lines(staff, institution)

    assert [(line.act, line.row) for line in found] == [
        ("结束", "区级示范"),
        ("结束", "备案 备1"),
        ("登记", "区级示范"),
        ("更正", "备案 备1"),
        ("登记", "备案 备1"),
    ]
    assert told(found[1]) == {"原因": "搬走"}
    assert told(found[3]) == {"有效期至": "（空）→2027年1月2日"}
    assert told(found[4]) == {
        "依据": "→备案",
        "编号": "→备1",
        "办理部门": "→卫健委",
        "通过日期": "→2026年11月2日",
        "公开来源": "→名单",
    }


def test_a_refusal_and_what_came_later(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, name="先拒后通")
    values = {"office": "卫健委", "reasons": "没有报告", "rule": "第八条", "source_title": "公示"}
    refusals.refuse_institution(
        district=jianxi, institution=institution, institution_name="先拒后通", refused_date=TODAY, now=NOW, **values
    )
    foreign = RefusalFactory(district=jianxi, institution_name="别家")
    publicity.grant_authorisation(institution=institution, office="卫健委", source_title="名单", number="备2", now=NOW)

    found = lines(staff, institution)

    assert [(line.act, line.row) for line in found] == [
        ("关联后来通过", "未通过：先拒后通 2026-11-02"),
        ("登记", "备案 备2"),
        ("登记未通过", "未通过：先拒后通 2026-11-02"),
    ]
    assert told(found[0]) == {"后来通过": "（空）→备案 备2"}
    assert "理由" in told(found[2])
    assert "没有报告" not in str(told(found[2]))
    assert Refusal.objects.get(pk=foreign.pk).later_authorisation is None


def test_rectification_says_which_kind_and_how_it_ended(staff: Client, garden: Institution) -> None:
    institutions.start_rectification(
        institution=garden, kind=RectificationKind.CLOSES, reason="消防通道", until_date=None, now=NOW
    )
    institutions.end_rectification(institution=garden, note="复查合格", now=NOW)

    found = lines(staff, garden)

    assert [(line.act, told(line)) for line in found] == [
        ("整改完成", {"复查结果": "复查合格"}),
        ("限期整改", {"整改期间": "停业", "原因": "消防通道"}),
    ]


def test_rectification_names_its_deadline(staff: Client, garden: Institution) -> None:
    until = dt.date(2030, 1, 2)
    institutions.start_rectification(
        institution=garden, kind=RectificationKind.CLOSES, reason="消防通道", until_date=until, now=NOW
    )

    assert told(newest(staff, garden))["整改期限"] == "（空）→2030年1月2日"


def test_classes_hours_and_places_of_regular_children(staff: Client, garden: Institution) -> None:
    group = ClassGroupFactory(institution=garden, name="小一班")
    rule = OpeningRuleFactory(class_group=group)
    offering.save_class_group(institution=garden, class_group=group, values={"places": 12, "active": False}, now=NOW)
    hours = {0: offering.Hours(dt.time(8, 30), dt.time(17)), 5: offering.Hours(dt.time(9), dt.time(12))}
    offering.save_opening_rules(class_group=group, hours=hours, now=NOW)
    offering.save_regular_places(institution=garden, places={rule.pk: 6}, now=NOW)
    offering.save_opening_rules(class_group=group, hours={0: hours[0]}, now=NOW)

    found = lines(staff, garden)

    assert [(line.act, line.row, told(line)) for line in found] == [
        ("修改开放时间", "小一班", {"周六": "9:00–12:00→休息"}),
        ("修改在托宝宝占用", "", {"小一班 周一": "4→6"}),
        ("修改开放时间", "小一班", {"周一": "8:00–18:00→8:30–17:00", "周六": "休息→9:00–12:00"}),
        ("修改班级或收费", "小一班", {"托位": "10→12", "开班": "是→否"}),
    ]


def test_products_and_fees(staff: Client, garden: Institution) -> None:
    values = {"mode": "hourly", "starts": dt.time(8), "ends": dt.time(18), "active": True}
    product = offering.save_product(institution=garden, values=values, now=NOW)
    fee = {"class_kind": "", "from_date": TODAY, "fee": 5400, "monthly_fee": None, "meal_fee": 850}
    row = fees.save_fee(product=product, values=fee, now=NOW)
    fees.save_fee(product=product, fee=row, values={"fee": 6000}, now=NOW)

    found = lines(staff, garden)

    assert [line.row for line in found] == ["计时托 8:00–18:00 2026年11月2日起"] * 2 + ["计时托 8:00–18:00"]
    assert told(found[0]) == {"收费": "108 元/小时→120 元/小时"}
    assert told(found[1]) == {"从哪天起": "→2026年11月2日", "收费": "→108 元/小时", "餐费": "→8.50 元"}
    assert told(found[2]) == {"方式": "→计时托", "开始": "→8:00", "结束": "→18:00", "提供": "→是"}


def test_a_fee_that_was_taken_back(staff: Client, garden: Institution) -> None:
    product = CareProductFactory(institution=garden, hourly=True)
    fee = fees.save_fee(product=product, values={"class_kind": "toddler", "from_date": TODAY, "fee": 700}, now=NOW)

    fees.remove_fee(fee=ProductFee.objects.get(pk=fee.pk), now=NOW)

    line = newest(staff, garden)
    assert (line.row, told(line)) == ("计时托 8:00–18:00 托小班 2026年11月2日起", {"收费": "14 元/小时→（空）"})


def test_closing_days_and_booking_rules_are_told_by_booking(staff: Client, garden: Institution, actor: User) -> None:
    span = ClosedSpan(TODAY, TODAY + dt.timedelta(days=2))
    days = close(institution=garden, span=span, reason="消毒", actor=actor, now=NOW)
    reopen(institution=garden, closings=[days[1].pk], actor=actor, now=NOW)
    save_policy(institution=garden, values={"needs_acceptance": True, "cutoff_minutes": 60}, actor=actor, now=NOW)

    found = lines(staff, garden)

    assert [(line.act, line.row, line.who, told(line)) for line in found] == [
        ("修改预约规则", "", "somebody", {"每次预约由机构确认": "否→是", "最晚提前多久（分钟）": "120→60"}),
        ("重新开放", "", "somebody", {"2026年11月3日 全园 全天": "休息→开放"}),
        ("设为休息", "", "somebody", {"原因": "消毒", "2026年11月2日至2026年11月4日 全园 全天": "开放→休息"}),
    ]


def test_nothing_is_told_where_nothing_was_opened(staff: Client, garden: Institution) -> None:
    reopen(institution=garden, closings=[], now=NOW)

    assert lines(staff, garden) == []


def test_people_are_called_by_their_part(staff: Client, garden: Institution, jianxi: District) -> None:
    district_person = User.objects.get(username="jianxi-health_commission")
    manager = InstitutionMemberFactory(institution=garden, user=StaffUserFactory(username="yuanzhang")).user
    _row, token = invites.invite_caregiver(institution=garden, actor=manager, now=NOW)
    invites.invite_manager(institution=garden, actor=district_person, now=NOW)
    member = invites.accept_invite(token=token, user=StaffUserFactory(username="p-abcdef"), now=NOW)

    found = lines(staff, garden)
    members.name_member(member=member, name="王芳", actor=member.user)
    named = lines(staff, garden)

    assert [(line.act, line.who, told(line)) for line in named[:2]] == [
        ("修改人员姓名", "机构保育人员 王芳", {"身份": "保育人员", "姓名": "王芳"}),
        ("人员加入", "机构保育人员 王芳", {"身份": "保育人员", "姓名": "王芳"}),
    ]
    assert [(line.act, line.who, told(line)) for line in found] == [
        ("人员加入", "机构保育人员", {"身份": "保育人员", "姓名": "p-abcdef"}),
        ("发出邀请", "涧西区 卫健 jianxi-health_commission", {"身份": "负责人"}),
        ("发出邀请", "机构负责人 yuanzhang", {"身份": "保育人员"}),
    ]


def test_several_ends_of_one_act_are_all_told(staff: Client, garden: Institution) -> None:
    for number in range(2):
        InstitutionMemberFactory(institution=garden, user=StaffUserFactory(username=f"m{number}"))

    staff.post(
        reverse("institutions:end", args=[garden.pk]),
        {"name": garden.name, "ended_date": "2026-11-02", "reason": "不办了"},
    )
    staff.post(
        reverse("institutions:end", args=[garden.pk]),
        {
            "name": garden.name,
            "ended_date": "2026-11-02",
            "reason": "不办了",
            "seen": staff.get(reverse("institutions:end", args=[garden.pk])).context["stake"].mark,
        },
    )

    assert [line.act for line in lines(staff, garden)] == ["人员离开", "人员离开", "结束", "结束"]


def test_profile_and_hosted_classes_belong_to_it_and_nothing_of_others(
    staff: Client, garden: Institution, jianxi: District
) -> None:
    profile = InstitutionProfileFactory(institution=garden)
    own = ClassSessionFactory(district=jianxi, host=garden, title="抚触课")
    elsewhere = ClassSessionFactory(host=garden, title="别区课")
    other = house(jianxi, name="别家园")
    for row in (profile, own, elsewhere, other, other):
        log(instance=row, action="wagtail.publish")

    assert sorted(line.row for line in lines(staff, garden)) == ["机构介绍", "课堂：抚触课"]


def test_an_entry_of_the_first_release_is_read_too(staff: Client, garden: Institution) -> None:
    record(instance=garden, action="directory.offering", actor=None, row="全日托 08:00-18:00", changes={})
    record(instance=garden, action="directory.hours", actor=None, group="小一班")
    record(
        instance=garden,
        action="wagtail.edit",
        actor=None,
        changes={"filed_modes": ["[]", "['hourly']"]},
        **{"import": True},
    )

    found = lines(staff, garden)

    assert [(line.row, told(line), line.is_unchanged) for line in found] == [
        ("", {"怎么来的": "导入名单", "服务形式": "（空）→计时托"}, False),
        ("", {"班": "小一班"}, False),
        ("全日托 08:00-18:00", {}, True),
    ]


def test_what_a_list_changed_has_the_names_of_the_filing(staff: Client, garden: Institution) -> None:
    changes = {
        "filing_number": ["备1", "备2"],
        "filed_date": ["", "2026-03-01"],
        "office": ["甲", "乙"],
        "published": ["", "公开"],
        "nature": ["", "public"],
        "filed_modes": ["hourly", "full_day、hourly"],
        "caregivers": ["1", "2"],
        "fee": ["900", "1000"],
        "unheard": ["1", "2"],
    }
    record(instance=garden, action="wagtail.edit", actor=None, changes=changes)

    assert told(newest(staff, garden)) == {
        "编号": "备1→备2",
        "通过日期": "（空）→2026年3月1日",
        "办理部门": "甲→乙",
        "公开时间": "（空）→公开",
        "机构性质": "（空）→公办",
        "服务形式": "计时托→全日托、计时托",
        "当班保育人员": "1→2",
        "收费": "9 元→10 元",
        "unheard": "1→2",
    }


def test_an_account_that_is_gone_is_said_to_be_gone(staff: Client, garden: Institution, actor: User) -> None:
    record(instance=garden, action="directory.invite", actor=actor, role="manager")
    User.objects.filter(pk=actor.pk).delete()

    assert newest(staff, garden).who == "已删除的账号"


def test_twenty_a_page_the_newest_first(staff: Client, garden: Institution) -> None:
    for number in range(21):
        record(instance=garden, action="directory.rectified", actor=None, note=f"第{number}次")

    assert [told(line)["复查结果"] for line in lines(staff, garden)] == [f"第{n}次" for n in range(20, 0, -1)]
    assert [told(line)["复查结果"] for line in lines(staff, garden, p=2)] == ["第0次"]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_queries_do_not_grow_with_the_entries(
    staff: Client, garden: Institution, number: int, django_assert_num_queries: Any
) -> None:
    filing = garden.authorisations.get()
    for turn in range(number):
        member = InstitutionMemberFactory(institution=garden, user=StaffUserFactory(username=f"m{turn}"))
        record(instance=(garden, filing)[turn % 2], action="directory.grant", actor=member.user)
    lines(staff, garden)

    with django_assert_num_queries(QUERIES):
        lines(staff, garden)


def test_the_institutions_page_leads_there(staff: Client, garden: Institution) -> None:
    page = text(staff.get(reverse("institutions:edit", args=[garden.pk])))

    assert f'href="{reverse("institutions:history", args=[garden.pk])}"' in page
    assert "全部经过" in page


def test_a_rows_own_history_has_old_and_new_values_too(staff: Client, garden: Institution) -> None:
    filing = garden.authorisations.get()
    publicity.correct_authorisation(authorisation=filing, values={"number": "备9"}, now=NOW)

    page = text(staff.get(reverse("authorisations:history", args=[filing.pk])))

    assert filing.number in page
    assert "备9" in page


def test_the_staff_of_another_district_is_refused(staff: Client) -> None:
    assert (
        staff.get(reverse("institutions:history", args=[house(District.objects.get(slug="hongqi")).pk])).status_code
        == 404
    )
