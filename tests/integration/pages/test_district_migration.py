"""Pages from before they had districts get the one that can be told, and stay the site's where none can."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from cms.pages.models import GuidePage, NoticeInstitution, NoticePage, PolicyPage
from directory.districts.models import District
from tests.factories.accounts import UserFactory
from tests.factories.directory import DistrictFactory, DistrictStaffFactory, InstitutionFactory
from tests.factories.pages import make_guide, make_notice, make_policy, make_site

fill = import_module("cms.pages.migrations.0008_fill_district_of_notices_and_guides").fill_districts
fill_offices = import_module("cms.pages.migrations.0010_fill_office_of_pages").fill_departments
pytestmark = pytest.mark.django_db


def notice_naming(*districts: District, **fields: object) -> None:
    page = make_notice(**fields)
    for district in districts:
        NoticeInstitution.objects.create(page=page, institution=InstitutionFactory(district=district))


def test_district_follows_from_the_owner_else_from_what_is_named() -> None:
    make_site()
    one, two = DistrictFactory(), DistrictFactory()
    of_one, of_both, of_none = UserFactory.create_batch(3)
    for user, district in ((of_one, one), (of_both, one), (of_both, two)):
        DistrictStaffFactory(user=user, district=district)

    notice_naming(two, owner=of_one)
    notice_naming(two, two, owner=of_both)
    notice_naming(one, owner=of_none)
    notice_naming(one, two)
    notice_naming()
    notice_naming(one, district=two)
    for owner in (of_one, of_both, None):
        make_guide(owner=owner)
    make_guide(owner=of_one, district=two)
    fill(apps, None)

    notices = NoticePage.objects.order_by("path").values_list("district", flat=True)
    guides = GuidePage.objects.order_by("path").values_list("district", flat=True)
    assert list(notices) == [one.pk, two.pk, one.pk, None, None, two.pk]
    assert list(guides) == [one.pk, None, None, two.pk]


def test_office_follows_from_the_one_post_of_the_owner() -> None:
    make_site()
    one, two = DistrictFactory(), DistrictFactory()
    of_one, of_two, moved = UserFactory.create_batch(3)
    for user, district, department in (
        (of_one, one, "commerce"),
        (of_two, one, "commerce"),
        (of_two, one, "education"),
        (moved, two, "commerce"),
    ):
        DistrictStaffFactory(user=user, district=district, department=department)

    for owner in (of_one, of_two, moved, None):
        make_notice(owner=owner, district=one)
    make_notice(owner=of_one)
    make_notice(owner=of_one, district=one, department="education")
    make_guide(owner=of_one, district=one)
    make_policy(owner=of_one, district=one)
    fill_offices(apps, None)

    assert list(NoticePage.objects.order_by("path").values_list("department", flat=True)) == [
        "commerce",
        "",
        "",
        "",
        "",
        "education",
    ]
    assert [model.objects.get().department for model in (GuidePage, PolicyPage)] == ["commerce"] * 2
