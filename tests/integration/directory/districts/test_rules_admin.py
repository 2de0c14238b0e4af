"""Rules and their documents in the Wagtail admin: what saving alters is shown first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.districts.models import District, PolicyDocument, Rule
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import PolicyDocumentFactory, RuleFactory
from tests.factories.staff import client_of, house, signed_in, text

pytestmark = pytest.mark.django_db
CONFIRM = "确认保存"


def confirmed(client: Client, address: str, data: dict[str, Any]) -> Any:
    """The form sent, and sent again with what the page has shown."""
    shown = client.post(address, data)
    assert shown.status_code == 200, shown
    return client.post(address, data | {"confirmed": shown.context["form"]["confirmed"].value()})


def entry(jianxi: District, **changes: Any) -> dict[str, Any]:
    return {
        "district": jianxi.pk,
        "kind": "inclusive_share",
        "text": "普惠托位占三成",
        "value_words": "30",
        "state": "in_force",
        "document": jianxi.documents.get().pk,
    } | changes


def test_rule_is_entered_corrected_and_removed(staff: Client, jianxi: District) -> None:
    confirmed(staff, reverse("rules:add"), entry(jianxi))
    rule = Rule.objects.get(kind="inclusive_share", level="district")
    edit = reverse("rules:edit", args=[rule.pk])
    confirmed(staff, edit, entry(jianxi, value_words="40%"))
    rule.refresh_from_db()
    corrected = rule.value

    staff.post(reverse("rules:remove", args=[rule.pk]))

    assert (corrected, rule.district) == (40, jianxi)
    assert not Rule.objects.filter(pk=rule.pk).exists()


def test_what_saving_alters_is_shown_and_nothing_is_saved(staff: Client, jianxi: District) -> None:
    rule = jianxi.rules.get(kind="care_modes")
    edit = reverse("rules:edit", args=[rule.pk])
    data = entry(jianxi, text=rule.text, quote=rule.quote, value_words="全日托、计时托")

    shown = staff.post(edit, data)

    html = text(shown)
    for words in ("全日托、半日托、计时托、临时托", "全日托、计时托", "机构能登记和收费的托育方式", CONFIRM):
        assert words in html
    assert [line.name for line in shown.context["preview"].lines] == ["数值"]
    rule.refresh_from_db()
    assert rule.value == ["full_day", "half_day", "hourly", "temporary"]


def test_list_leads_to_the_page_of_each_rule(staff: Client, jianxi: District) -> None:
    rule = jianxi.rules.get(kind="care_modes")

    assert f'href="{reverse("rules:edit", args=[rule.pk])}"' in text(staff.get(reverse("rules:index")))


def test_rule_that_is_in_the_way_is_a_link_away(staff: Client, jianxi: District) -> None:
    before = jianxi.rules.get(kind="care_modes")

    refused = text(staff.post(reverse("rules:add"), entry(jianxi, kind="care_modes", value_words="全日托")))

    assert "请先给那一条写上「有效期至」" in refused
    assert f'<a href="{reverse("rules:edit", args=[before.pk])}">{before.name}</a>' in refused
    assert jianxi.rules.filter(kind="care_modes").get() == before


def test_no_other_rule_is_named_where_none_is_in_the_way(staff: Client, jianxi: District) -> None:
    refused = text(staff.post(reverse("rules:add"), entry(jianxi, value_words="很多")))

    assert "rule-in-the-way" not in refused


def test_what_was_changed_after_it_was_shown_is_shown_again(staff: Client, jianxi: District) -> None:
    address = reverse("rules:add")
    digest = staff.post(address, entry(jianxi)).context["form"]["confirmed"].value()

    again = staff.post(address, entry(jianxi, value_words="31", confirmed=digest))

    assert CONFIRM in text(again)
    assert not Rule.objects.filter(kind="inclusive_share", level="district").exists()


def test_page_to_enter_a_rule_offers_the_next_step(staff: Client) -> None:
    html = text(staff.get(reverse("rules:add")))

    assert "下一步：看看会改变什么" in html
    assert CONFIRM not in html


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"value_words": "很多"}, "value_words", "请写百分数，大于 0、不超过 100，例如 20。"),
        ({"text": ""}, "text", "必填"),
        ({"kind": "video_days", "value_words": "90"}, "valid_from", "这段时间已有一条施行的同类规定"),
        ({"valid_from": "2026-11-02", "valid_until": "2026-11-01"}, "valid_until", "有效期至不能早于施行日期。"),
    ],
)
def test_faults_are_at_their_fields_and_what_was_typed_stays(
    staff: Client, jianxi: District, changes: dict[str, Any], field: str, words: str
) -> None:
    data = entry(jianxi, **changes)
    response = staff.post(reverse("rules:add"), data)

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form.errors[field][0].startswith(words) or words == "必填"
    assert form["value_words"].value() == data["value_words"]
    assert response.context["preview"] is None


def test_district_staff_enter_rules_of_their_own_district_alone(staff: Client, jianxi: District) -> None:
    other = District.objects.get(slug="hongqi")
    foreign = PolicyDocumentFactory(district=other, is_plan=False)
    before = Rule.objects.count()

    form = staff.get(reverse("rules:add")).context["form"]
    for changes in ({"district": other.pk}, {"document": foreign.pk}):
        confirmed = staff.post(reverse("rules:add"), entry(jianxi, **changes))
        assert list(confirmed.context["form"].errors) == list(changes)

    assert not {"level", "area"} & form.fields.keys()
    assert list(form.fields["district"].queryset) == [jianxi]
    assert set(form.fields["document"].queryset) == set(
        PolicyDocument.objects.filter(district=jianxi) | PolicyDocument.objects.filter(district=None)
    )
    assert Rule.objects.count() == before


def test_upper_rules_are_the_site_administrators(staff: Client, jianxi: District) -> None:
    upper = Rule.objects.get(kind="price_float")
    address = reverse("rules:edit", args=[upper.pk])
    assert staff.get(address).status_code == 404
    admin = signed_in(StaffUserFactory(is_superuser=True))
    data = entry(jianxi, text=upper.text, value_words="20", document=upper.document_id)

    confirmed(admin, address, data)
    confirmed(
        admin,
        reverse("rules:add"),
        data | {"level": "province", "area": "41", "kind": "price_float", "district": "", "value_words": "10"},
    )

    upper.refresh_from_db()
    assert (upper.state, upper.level) == ("in_force", "province")
    assert Rule.objects.get(area="41").value == 10


def test_documents_are_entered_and_put_in_force(staff: Client, jianxi: District) -> None:
    data = {"district": jianxi.pk, "title": "收费通知", "number": "1号", "slug": "jianxi-prices"}
    staff.post(reverse("policy-documents:add"), data)
    document = PolicyDocument.objects.get(slug="jianxi-prices")
    edit = reverse("policy-documents:edit", args=[document.pk])
    staff.post(edit, {"title": "收费的通知", "number": "1号"})
    rule = RuleFactory(district=jianxi, document=document, kind="price_float", value=10, state="draft")
    act = reverse("policy-documents:in-force", args=[document.pk])

    house(jianxi)
    unseen = text(staff.post(act))
    shown = staff.get(act)
    staff.post(act, {"seen": shown.context["stake"].mark})
    again = staff.post(act, {"seen": ""})

    assert "规定刚刚有变化" in unseen
    assert [words in text(shown) for words in ("会转为施行的规定：1 条", rule.text, "托育机构：1 家")] == [True] * 3
    document.refresh_from_db()
    rule.refresh_from_db()
    assert (document.title, rule.state) == ("收费的通知", "in_force")
    assert "这份文件没有征求意见稿的规定。" in text(again)


def test_a_document_says_which_rules_cite_it(staff: Client, jianxi: District) -> None:
    document = PolicyDocumentFactory(district=jianxi, is_plan=False)
    edit = reverse("policy-documents:edit", args=[document.pk])
    before = text(staff.get(edit))
    RuleFactory(district=jianxi, document=document, label="收费上限", state="draft")
    RuleFactory(district=jianxi, document=document, state="to_check", label="待核的一条")

    after = text(staff.get(edit))

    assert "还没有" in before
    assert "1 条，改了文件名、文号或网址，它们的出处一起改" in after
    assert "收费上限（征求意见稿）" in after
    assert "待核的一条" not in after


def test_maternal_health_reads_and_does_not_change(jianxi: District) -> None:
    client = client_of(jianxi, "maternal_child_health")
    rule = jianxi.rules.first()

    assert client.get(reverse("rules:index")).status_code == 200
    assert client.get(reverse("policy-documents:index")).status_code == 200
    assert client.get(reverse("rules:add")).status_code == 302
    assert client.post(reverse("rules:edit", args=[rule.pk]), {"text": "x"}).status_code == 302


@pytest.mark.parametrize("name", ["rules", "policy-documents"])
def test_queries_of_the_list(staff: Client, jianxi: District, name: str) -> None:
    counts = []
    Rule.objects.all().delete()
    for _ in range(2):
        for _more in range(1 + 2 * len(counts)):
            RuleFactory(district=jianxi, kind="milestone", value=None)
        address = reverse(f"{name}:index")
        staff.get(address)
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_staff_read_the_rules_above_and_what_is_to_check_on_their_districts_page(
    staff: Client, jianxi: District
) -> None:
    html = text(staff.get(reverse("districts:edit", args=[jianxi.pk])))

    for words in (
        "市 普惠托位占比（待核对）",
        "到 2025 年普惠托位占一半",
        "全国 备案回执时限（施行）",
        "国卫办人口发〔2019〕25号",
    ):
        assert words in html
    assert "收费上浮上限" not in html
