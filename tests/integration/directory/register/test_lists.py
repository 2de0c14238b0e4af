"""Lists of institutions, filings, titles and refusals: narrowed, as files, and with acts on several rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from directory.districts.models import District, Township
from directory.register.models import Authorisation, Institution, Refusal, Title
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import AuthorisationFactory, DistrictStaffFactory, RefusalFactory, TitleFactory
from tests.factories.staff import client_of, house, signed_in, text

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
ENDED = {"ended_date": dt.date(2026, 1, 2), "ended_reason": "搬走"}


def found(staff: Client, name: str, **query: Any) -> list[Any]:
    return list(staff.get(reverse(f"{name}:index"), query).context["object_list"])


def exported(staff: Client, name: str, **query: Any) -> list[list[str]]:
    response = staff.get(reverse(f"{name}:index"), {"export": "csv", **query})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def filed(district: District, name: str, **values: Any) -> Authorisation:
    return AuthorisationFactory(institution=house(district, name=name), number=name, **values)


@pytest.fixture
def filings(jianxi: District) -> dict[str, Authorisation]:
    return {
        "public": filed(jianxi, "甲", until_date=TODAY),
        "for ever": filed(jianxi, "乙"),
        "draft": filed(jianxi, "丙", published_at=None, publish=False),
        "run out": filed(jianxi, "丁", until_date=TODAY - DAY),
        "ended": filed(jianxi, "戊", until_date=TODAY - DAY, **ENDED),
    }


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, {"public", "for ever", "draft", "run out", "ended"}),
        ({"standing": "published"}, {"public", "for ever"}),
        ({"standing": "draft"}, {"draft"}),
        ({"standing": "run_out"}, {"run out"}),
        ({"standing": "ended"}, {"ended"}),
        ({"until_from": TODAY}, {"public"}),
        ({"until_to": TODAY - DAY}, {"run out", "ended"}),
        ({"standing": "nonsense"}, {"public", "for ever", "draft", "run out", "ended"}),
    ],
)
def test_filings_are_narrowed(
    staff: Client, filings: dict[str, Authorisation], query: dict[str, Any], rows: set[str]
) -> None:
    names = {row.pk: name for name, row in filings.items()}

    assert {names[row.pk] for row in found(staff, "authorisations", **query)} == rows


def test_how_a_filing_stands_is_a_column(staff: Client, filings: dict[str, Authorisation]) -> None:
    table = exported(staff, "authorisations")

    assert {row[0]: row[table[0].index("状态")] for row in table[1:]} == {
        "甲": "已公开",
        "乙": "已公开",
        "丙": "草稿",
        "丁": "过了有效期",
        "戊": "已结束 2026-01-02",
    }
    page = text(staff.get(reverse("authorisations:index")))
    assert [page.count(words) for words in ("已结束 2026-01-02", "过了有效期</span>")] == [1, 0]


def test_institutions_are_narrowed_by_the_end_of_their_filing(
    staff: Client, filings: dict[str, Authorisation], jianxi: District
) -> None:
    house(jianxi, name="己")

    def names(**query: Any) -> list[str]:
        return [row.name for row in found(staff, "institutions", **query)]

    assert names(filed_until_from=TODAY) == ["甲"]
    assert names(filed_until_to=TODAY) == ["丁", "甲"]
    assert names(filed_until_from=TODAY - DAY, filed_until_to=TODAY - DAY) == ["丁"]
    assert len(names()) == 6
    assert names(filed_until_from="9999-99-99") != []


def test_institutions_are_narrowed_by_nature_state_and_street(staff: Client, jianxi: District) -> None:
    street = jianxi.townships.first()
    mine = house(jianxi, name="甲", nature="public", township=street, public=True)
    house(jianxi, name="乙", nature="for_profit", township=street)

    assert found(staff, "institutions", nature="public") == [mine]
    assert found(staff, "institutions", state="active") == [mine]
    assert len(found(staff, "institutions", township=street.pk)) == 2
    assert [row.name for row in found(staff, "institutions", township=street.pk, state="draft")] == ["乙"]


def test_institutions_go_into_a_file_as_they_are_narrowed(staff: Client, jianxi: District) -> None:
    street = jianxi.townships.first()
    own = {"credit_code": None, "filed_modes": ["hourly", "full_day"], "head_name": "李某某", "township": street}
    filed_until = dt.date(2027, 1, 2)
    AuthorisationFactory(
        institution=house(jianxi, name="=1+1", address="一号", **own), number="备1", until_date=filed_until
    )
    house(jianxi, name="乙")
    house(District.objects.get(slug="hongqi"), name="别区")

    heads, *rows = exported(staff, "institutions", state="active")

    assert len(rows) == 1
    line = dict(zip(heads, rows[0], strict=True))
    assert line == {
        "机构名称": "'=1+1",
        "区": "涧西区",
        "街道或镇": street.name,
        "地址": "一号",
        "状态": "正常",
        "示范": "否",
        "机构性质": "",
        "统一社会信用代码": "",
        "托位数": "60",
        "普惠托位数": "20",
        "服务形式": "全日托、计时托",
        "备案编号": "备1",
        "办理部门": "示例区卫生健康部门",
        "通过日期": "2025-03-01",
        "有效期至": "2027-01-02",
        "整改期限": "",
    }
    assert "李某某" not in str(rows)


def test_a_workbook_computes_nothing(staff: Client, jianxi: District) -> None:
    house(jianxi, name="=1+1")

    response = staff.get(reverse("institutions:index"), {"export": "xlsx"})

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]][:2] == ["机构名称", "区"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=1+1", "s", True)
    assert "filename*=UTF-8''%E6%89%98%E8%82%B2%E6%9C%BA%E6%9E%84" in response["Content-Disposition"]


def test_every_page_of_a_list_goes_into_the_file(staff: Client, jianxi: District) -> None:
    for number in range(51):
        house(jianxi, name=f"第{number}园")

    assert len(found(staff, "institutions")) == 50
    assert len(exported(staff, "institutions")) == 52


@pytest.mark.parametrize("name", ["institutions", "authorisations", "titles", "refusals"])
def test_files_ask_no_more_of_more_rows(staff: Client, jianxi: District, name: str) -> None:
    counts = []
    for number in range(3):
        institution = house(jianxi, name=f"第{number}园", public=True)
        TitleFactory(institution=institution)
        RefusalFactory(district=jianxi)
        exported(staff, name)
        with CaptureQueriesContext(connection) as asked:
            rows = exported(staff, name)
        counts.append((len(rows), len(asked)))

    assert [rows for rows, _asked in counts] == [2, 3, 4]
    assert len({asked for _rows, asked in counts}) == 1


def test_titles_and_refusals_go_into_files_too(staff: Client, jianxi: District) -> None:
    TitleFactory(institution=house(jianxi, name="甲", public=True), name="区级示范")
    RefusalFactory(district=jianxi, institution_name="乙", reasons="李某某没有证", published_at=None)

    titles, refusals = exported(staff, "titles"), exported(staff, "refusals")

    assert (titles[1][:3], titles[1][titles[0].index("状态")]) == (["甲", "涧西区", "区级示范"], "已公开")
    assert (refusals[1][:2], refusals[1][refusals[0].index("状态")]) == (["乙", "涧西区"], "草稿")
    assert "李某某" not in str(refusals)


def test_a_list_without_a_file_has_none(staff: Client) -> None:
    assert staff.get(reverse("rules:index"), {"export": "csv"}).status_code == 404
    assert staff.get(reverse("rules:index"), {"export": "nonsense"}).status_code == 200


def test_the_file_is_offered_in_the_list(staff: Client) -> None:
    page = text(staff.get(reverse("institutions:index"), {"state": "active"}))

    assert "?state=active&amp;export=csv" in page
    assert "?state=active&amp;export=xlsx" in page


# Acts on several rows


def bulk(client: Client, row_type: str, action: str, rows: Any, **data: Any) -> tuple[int, list[str]]:
    """The answer's status and what was said."""
    address = reverse("wagtail_bulk_action", args=["directory", row_type, action])
    query = "&".join(f"id={row.pk}" for row in rows)
    response = client.post(f"{address}?{query}&next=/admin/", data)
    return response.status_code, [str(message).strip() for message in get_messages(response.wsgi_request)]


def test_drafts_of_filings_are_published_and_what_was_not_is_said(
    staff: Client, filings: dict[str, Authorisation]
) -> None:
    rows = [filings["draft"], filings["public"], filings["ended"]]

    answer = bulk(staff, "authorisation", "publish", rows)

    assert answer == (
        302,
        ["已公开 1 条。", "1 条本来就是这样，没有改动。", "1 条没有办成。戊 备案 戊：这一条已经结束。"],
    )
    institution = Institution.objects.get(name="丙")
    assert (institution.is_public, institution.state) == (True, "active")
    [entry] = ModelLogEntry.objects.filter(action="wagtail.publish")
    assert (entry.object_id, entry.user.username) == (str(filings["draft"].pk), "jianxi-health_commission")


def test_titles_need_a_filing_in_bulk_too(staff: Client, jianxi: District) -> None:
    good = TitleFactory(institution=house(jianxi, public=True), published_at=None)
    bad = TitleFactory(institution=house(jianxi, name="没备案"), name="示范", published_at=None)

    status, said = bulk(staff, "title", "publish", [bad, good])

    assert (status, said[0]) == (302, "已公开 1 条。")
    assert said[1].startswith("1 条没有办成。没备案 示范：示范称号只给已公开备案")
    assert list(Title.objects.filter(published_at__isnull=True)) == [bad]


def test_refusals_are_published_once_they_were_shown(staff: Client, jianxi: District) -> None:
    rows = [RefusalFactory(district=jianxi, institution_name=name, published_at=None) for name in ("甲", "乙")]
    address = reverse("wagtail_bulk_action", args=["directory", "refusal", "publish"])

    asked = text(staff.get(f"{address}?id={rows[0].pk}&id={rows[1].pk}"))
    before = Refusal.objects.filter(published_at__isnull=True).count()
    bulk(staff, "refusal", "publish", rows[:1])

    assert [words in asked for words in (str(rows[0]), str(rows[1]), "没有个人姓名和电话")] == [True] * 3
    assert (before, list(Refusal.objects.filter(published_at__isnull=True))) == (2, [rows[1]])


def test_a_street_is_entered_for_several(staff: Client, jianxi: District) -> None:
    street, other = jianxi.townships.order_by("code")[:2]
    rows = [house(jianxi, township=None), house(jianxi, township=other), house(jianxi, township=street)]
    left = house(jianxi, township=None)

    answer = bulk(staff, "institution", "place", rows, township=street.pk)

    assert answer == (302, ["已登记 2 家。", "1 条本来就是这样，没有改动。"])
    assert set(Institution.objects.filter(township=street)) == set(rows)
    assert Institution.objects.get(pk=left.pk).township is None


def test_a_street_of_another_district_is_not_offered(staff: Client, jianxi: District) -> None:
    row = house(jianxi, township=None)
    foreign = Township.objects.exclude(district=jianxi).first()

    answer = bulk(staff, "institution", "place", [row], township=foreign.pk)

    assert answer == (200, [])
    assert Institution.objects.get(pk=row.pk).township is None


def test_who_works_for_two_districts_is_told_which_did_not_fit(jianxi: District) -> None:
    hongqi = District.objects.get(slug="hongqi")
    client = client_of(jianxi, "health_commission")
    DistrictStaffFactory(district=hongqi, user_id=client.session["_auth_user_id"])
    rows = [house(jianxi, name="甲", township=None), house(hongqi, name="乙", township=None)]

    status, said = bulk(client, "institution", "place", rows, township=jianxi.townships.first().pk)

    assert (status, said) == (302, ["已登记 1 家。", "1 条没有办成。乙：这个街道或镇不在本区。"])


@pytest.mark.parametrize(
    ("row_type", "action"),
    [("institution", "place"), ("authorisation", "publish"), ("title", "publish"), ("refusal", "publish")],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_done_to_rows_of_others(staff: Client, row_type: str, action: str, method: str) -> None:
    hongqi = District.objects.get(slug="hongqi")
    institution = house(hongqi, public=True)
    rows = {
        "institution": institution,
        "authorisation": institution.authorisations.get(),
        "title": TitleFactory(institution=institution, published_at=None),
        "refusal": RefusalFactory(district=hongqi, published_at=None),
    }
    address = reverse("wagtail_bulk_action", args=["directory", row_type, action])

    for named in (f"id={rows[row_type].pk}", "id=all", "id=none", "id=99999"):
        assert getattr(staff, method)(f"{address}?{named}").status_code == 404
    stranger = getattr(signed_in(StaffUserFactory()), method)(f"{address}?id={rows[row_type].pk}")
    assert stranger.status_code == 403
    assert Title.objects.filter(published_at__isnull=True).count() == 1


def test_no_row_is_no_act(staff: Client) -> None:
    assert staff.get(reverse("wagtail_bulk_action", args=["directory", "institution", "place"])).status_code == 404


def test_boxes_are_offered_to_whoever_may_act(staff: Client, jianxi: District) -> None:
    house(jianxi)

    assert "data-bulk-action-checkbox" in text(staff.get(reverse("institutions:index")))
    assert "data-bulk-action-checkbox" not in text(staff.get(reverse("rules:index")))
