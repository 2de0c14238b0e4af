from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cms.core.runtime.kernel_ports import jobs
from directory.lists.models import ListUpload
from directory.lists.queries.import_plan import plan_import
from directory.lists.queries.list_uploads import read_upload, uploads_of
from directory.lists.services.import_list import PlanChanged
from directory.lists.services.list_uploads import KEEP, KEPT_A_PERSON, UnusableList, confirm_upload, store_upload
from directory.lists.services.upload_pruning import prune_uploads
from directory.register.models import Institution
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, DistrictStaffFactory
from tests.factories.lists import HEADER, ROW, codes, xlsx

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


def stored(*, user=None, district=None, rows=(HEADER, ROW), now=NOW, name="名单.xlsx"):
    return store_upload(
        user=user or StaffUserFactory(),
        district=district or DistrictFactory(),
        file_name=name,
        content=xlsx(rows),
        coordinates="wgs84",
        now=now,
    )


def digest(upload) -> str:
    return plan_import(read_upload(upload, now=NOW).checked, now=NOW).digest


def confirmed(upload, *, partial=False, shown=None):
    return confirm_upload(upload=upload, digest=shown or digest(upload), partial=partial, now=NOW, actor=upload.user)


def test_upload_is_kept_for_a_day() -> None:
    upload = stored(name="C:\\lists\\名单.xlsx")

    assert (upload.file_name, upload.expires_at) == ("名单.xlsx", NOW + KEEP)


def test_unreadable_file_is_refused_and_not_kept() -> None:
    with pytest.raises(UnusableList) as refused:
        stored(rows=[["没有表头"]])

    assert refused.value.code == "no_header"
    assert ListUpload.objects.count() == 0


def test_few_uploads_a_person_are_kept() -> None:
    user, other = StaffUserFactory(), stored()

    made = [stored(user=user, now=NOW + dt.timedelta(minutes=n)) for n in range(KEPT_A_PERSON + 2)]

    assert set(ListUpload.objects.all()) == {other, *made[2:]}


def test_confirming_writes_what_was_shown() -> None:
    upload = stored()

    imported = confirmed(upload)

    upload.refresh_from_db()
    assert imported.written is True
    assert (upload.applied_at, upload.created_count, upload.updated_count) == (NOW, 1, 0)
    assert Institution.objects.get().district == upload.district


def test_confirming_twice_writes_once() -> None:
    upload = stored()
    shown = digest(upload)
    confirmed(upload, shown=shown)

    assert confirmed(upload, shown=shown) is None
    upload.refresh_from_db()
    assert confirmed(upload, shown=shown) is None
    assert Institution.objects.count() == 1


def test_confirming_something_else_asks_again() -> None:
    upload = stored()

    with pytest.raises(PlanChanged):
        confirmed(upload, shown="0" * 64)

    upload.refresh_from_db()
    assert upload.applied_at is None


def test_faulty_rows_stay_open_unless_partial() -> None:
    upload = stored(rows=[HEADER, ROW, ("乙", "")])

    assert confirmed(upload).written is False
    upload.refresh_from_db()
    assert upload.applied_at is None
    assert confirmed(upload, partial=True).written is True


def test_another_district_in_the_list_is_a_fault() -> None:
    DistrictFactory(name="别处区")
    upload = stored(rows=[(*HEADER, "所属区"), (*ROW, "别处区")])

    assert codes(read_upload(upload, now=NOW).checked.all_problems()) == ["district_other"]


def test_uploads_of_the_persons_districts_while_they_last() -> None:
    district = DistrictFactory()
    colleague = DistrictStaffFactory(district=district, user=StaffUserFactory()).user
    mine, _elsewhere = stored(district=district), stored()

    assert list(uploads_of(colleague, now=NOW)) == [mine]
    assert list(uploads_of(colleague, now=NOW + KEEP)) == []


def test_pruning_removes_what_has_run_out() -> None:
    stored()
    kept = stored(now=NOW + dt.timedelta(hours=1))

    assert prune_uploads(now=NOW + KEEP) == 1
    assert ListUpload.objects.get() == kept


def test_pruning_is_a_job() -> None:
    stored()

    jobs.all()["directory.prune_lists"].run(NOW + KEEP)

    assert ListUpload.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("list_upload_coordinates_known", {"coordinates": "utm"}),
        ("list_upload_expires_later", {"expires_at": NOW}),
    ],
)
def test_constraint_refuses(name, values) -> None:
    upload = stored()
    for field, value in values.items():
        setattr(upload, field, value)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        upload.save()
