from __future__ import annotations

import datetime as dt
import io

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from directory.lists.importing.problems import UnreadableFile
from directory.lists.models import ListUpload
from directory.register.models import Institution
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, DistrictStaffFactory, InstitutionFactory, TownshipFactory
from tests.factories.lists import HEADER, ROW, checked, csv_text, sheet_values, xlsx
from tests.factories.workbench import browser

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
UPLOAD = reverse("institution_lists:upload")
EXPORT = reverse("institution_lists:export")
BLANK = reverse("institution_lists:blank")
FULL = (*HEADER, "备案编号", "托位数", "所属街道")
GOOD = (*ROW, "B1", 60, "工农")
BAD = ("乙示例托育园", "路2号", "B2", "约60", "工农")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def district():
    made = DistrictFactory(slug="jianxi", code="410305", name="涧西区", full_name="洛阳市涧西区")
    TownshipFactory(district=made, name="工农街道")
    return made


def staff_of(*districts, permissions=("access_admin", "add_institution")):
    user = StaffUserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    for district in districts:
        DistrictStaffFactory(user=user, district=district)
    return user


@pytest.fixture
def client(district):
    return browser(staff_of(district))


def send(client, district, rows=(FULL, GOOD), *, name="名单.xlsx", content=None):
    data = content if content is not None else xlsx(rows)
    return client.post(
        UPLOAD, {"file": SimpleUploadedFile(name, data), "district": district.pk, "coordinates": "wgs84"}
    )


def preview_url(response) -> str:
    assert response.status_code == 302
    return response["Location"]


def confirm(client, url, **data):
    digest = client.get(url).context["digest"]
    return client.post(url, {"digest": digest} | data, follow=True)


def _counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_upload_leads_to_a_preview(client, district) -> None:
    page = client.get(preview_url(send(client, district, [FULL, GOOD, ("丙", "路3号", None, None, "工农")])))

    preview = page.context["preview"]
    assert (preview.new_count, preview.changed_count, preview.unchanged_count, preview.bad_count) == (2, 0, 0, 0)
    assert [(line.name, line.becomes_public) for line in preview.new] == [(ROW[0], True), ("丙", False)]
    assert "写入 2 家" in words_of(page)
    assert Institution.objects.count() == 0


def test_confirming_writes(client, district) -> None:
    page = confirm(client, preview_url(send(client, district)))

    assert "已写入：新增 1 家，改动 0 家。" in words_of(page)
    assert "再导入一份" in words_of(page)
    assert Institution.objects.get().is_public is True


def test_confirming_twice_writes_once(client, district) -> None:
    url = preview_url(send(client, district))
    digest = client.get(url).context["digest"]
    client.post(url, {"digest": digest})

    page = client.post(url, {"digest": digest}, follow=True)

    assert "这份名单已经写入过" in words_of(page)
    assert Institution.objects.count() == 1


def test_changes_are_shown_before_and_after(client, district) -> None:
    InstitutionFactory(district=district, name=ROW[0], address=ROW[1], places=50)

    page = client.get(preview_url(send(client, district)))

    (line,) = page.context["preview"].changed
    change = line.changes[0]
    assert (change.column, change.before, change.after) == ("托位数", "50", "60")
    assert "<del>50</del> → <ins>60</ins>" in words_of(page)


def test_register_changed_meanwhile_asks_again(client, district) -> None:
    institution = InstitutionFactory(district=district, name=ROW[0], address=ROW[1], places=50)
    url = preview_url(send(client, district))
    digest = client.get(url).context["digest"]
    institution.places = 55
    institution.save()

    page = client.post(url, {"digest": digest}, follow=True)

    assert "预览之后登记的内容有变化" in words_of(page)
    institution.refresh_from_db()
    assert institution.places == 55


def test_confirming_without_a_digest_asks_again(client, district) -> None:
    url = preview_url(send(client, district))

    page = client.post(url, {}, follow=True)

    assert "请再看一遍，然后确认。" in words_of(page)
    assert Institution.objects.count() == 0


def test_faulty_rows_are_shown_with_what_to_do(client, district) -> None:
    url = preview_url(send(client, district, [FULL, GOOD, BAD]))
    page = client.get(url)

    assert "托位数要填一个确定的整数" in words_of(page)
    assert "先写入没有问题的 1 家" in words_of(page)
    assert "没有写入：还有要改的行。" in words_of(confirm(client, url))
    assert Institution.objects.count() == 0


def test_good_rows_alone_can_be_written(client, district) -> None:
    page = confirm(client, preview_url(send(client, district, [FULL, GOOD, BAD])), partial="1")

    assert "已写入：新增 1 家" in words_of(page)
    assert Institution.objects.get().name == ROW[0]


def test_same_list_again_has_nothing_to_write(client, district) -> None:
    confirm(client, preview_url(send(client, district)))

    page = client.get(preview_url(send(client, district)))

    assert "和登记的一样，没有要写入的。" in words_of(page)


def test_checked_file_comes_back_with_problems(client, district) -> None:
    InstitutionFactory(name="乙示例托育园", address="路2号")
    url = preview_url(send(client, district, [FULL, GOOD, ("乙示例托育园", "路2号", "B2", 60, "工农")]))

    response = client.get(f"{url}checked.xlsx")

    rows = sheet_values(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert rows[0][-1] == "问题"
    assert (rows[1][-1], "另一个区" in rows[2][-1]) == (None, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("名单.xlsx", b"", "文件是空的"),
        ("名单.xlsx", b"%PDF-1.7", "PDF"),
        ("名单.csv", b"no header here", "没有找到表头"),
    ],
)
def test_unusable_file_is_said_at_the_field(client, district, name, content, words) -> None:
    response = send(client, district, name=name, content=content)

    assert response.status_code == 200
    assert words in str(response.context["form"].errors["file"])
    assert ListUpload.objects.count() == 0


def test_file_is_asked_for(client, district) -> None:
    response = client.post(UPLOAD, {"district": district.pk, "coordinates": "wgs84"})

    assert response.context["form"].errors == {"file": ["请选一个文件"]}


def test_file_beyond_the_bound_is_not_read(client, district, monkeypatch) -> None:
    monkeypatch.setattr("directory.lists.forms.MOST_MEGABYTES", 0)

    assert "超过 0 MB" in str(send(client, district).context["form"].errors["file"])


def test_stored_file_that_has_become_unreadable_leads_back(client, district) -> None:
    url = preview_url(send(client, district))
    ListUpload.objects.update(content=b"broken")

    for address in (url, f"{url}checked.xlsx"):
        page = client.get(address, follow=True)
        assert page.redirect_chain[-1][0] == UPLOAD
    assert client.post(url, {"digest": "0" * 64})["Location"] == UPLOAD


def test_upload_that_has_run_out_is_gone(client, district) -> None:
    url = preview_url(send(client, district))

    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        assert client.get(url).status_code == 404


def test_recent_uploads_cost_the_same_for_one_and_three(client, district) -> None:
    send(client, district)
    client.get(UPLOAD)
    with _counted() as one:
        client.get(UPLOAD)
    send(client, district)
    send(client, district)
    with _counted() as three:
        client.get(UPLOAD)

    assert len(three) == len(one)


def test_preview_costs_the_same_for_one_and_three(client, district) -> None:
    one_url = preview_url(send(client, district))
    three_url = preview_url(
        send(client, district, [FULL, GOOD, *[(f"示例{n}", f"路{n}号", n, 5, "工农") for n in (2, 3)]])
    )
    client.get(one_url)
    with _counted() as one:
        client.get(one_url)
    with _counted() as three:
        client.get(three_url)

    assert len(three) == len(one)


def test_export_reads_back_unchanged(client, district) -> None:
    confirm(client, preview_url(send(client, district)))
    InstitutionFactory()

    response = client.get(EXPORT, {"district": "jianxi"})

    page = client.get(preview_url(send(client, district, content=response.content)))
    assert (page.context["preview"].unchanged_count, page.context["preview"].write_count) == (1, 0)
    assert [row[0] for row in sheet_values(response.content)[1:]] == [ROW[0]]


def test_export_writes_formulas_as_text(client, district) -> None:
    InstitutionFactory(district=district, name="=1+1", credit_code="91110000600037341L", phone="+86379")

    sheet = load_workbook(io.BytesIO(client.get(EXPORT).content)).active

    assert [sheet[cell].data_type for cell in ("A2", "C2", "H2")] == ["s", "s", "s"]


def test_blank_form_has_the_importers_columns(client) -> None:
    content = client.get(BLANK).content

    assert len(sheet_values(content)) == 1
    with pytest.raises(UnreadableFile, match="只有表头"):
        checked(content)


def test_csv_upload(client, district) -> None:
    content = csv_text([[str(cell) for cell in row] for row in (FULL, GOOD)]).encode("gb18030")

    page = client.get(preview_url(send(client, district, name="名单.csv", content=content)))

    assert page.context["preview"].new_count == 1


def pages_of(district) -> list[str]:
    owner = browser(staff_of(district))
    url = preview_url(send(owner, district))
    return [UPLOAD, EXPORT, BLANK, url, f"{url}checked.xlsx"]


def test_stranger_is_sent_to_sign_in(district) -> None:
    for address in pages_of(district):
        response = browser(None).get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/staff/sign-in/")


def test_user_without_a_post_does_not_reach_the_admin(district) -> None:
    client = browser(staff_of())

    for address in pages_of(district):
        assert client.get(address).status_code == 403


def test_staff_without_the_right_is_refused(district) -> None:
    client = browser(staff_of(district, permissions=("access_admin",)))

    assert client.get(UPLOAD)["Location"] == reverse("wagtailadmin_home")


def test_staff_of_another_district_sees_nothing_of_this_one(district) -> None:
    elsewhere = DistrictFactory()
    client = browser(staff_of(elsewhere))
    _upload, _export, _blank, preview, file = pages_of(district)

    assert [client.get(address).status_code for address in (preview, file)] == [404, 404]
    assert client.post(preview, {"digest": "0" * 64}).status_code == 404
    assert client.get(EXPORT, {"district": "jianxi"}).status_code == 404
    assert "district" in send(client, district).context["form"].errors
    assert len(sheet_values(client.get(EXPORT).content)) == 1


def test_superuser_has_every_district(district) -> None:
    user = StaffUserFactory(is_superuser=True)

    assert preview_url(send(browser(user), district))


@pytest.mark.parametrize(("posts", "shown"), [(1, True), (0, False)])
def test_menu_item_is_for_staff_of_a_district(district, posts, shown) -> None:
    client = browser(staff_of(*[district] * posts))

    assert (UPLOAD in client.get(reverse("wagtailadmin_home")).content.decode()) is shown
