from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from wagtail.admin import urls

from cms.core.models import CalendarDay
from cms.core.runtime.kernel_ports import staff_districts, staff_paths
from cms.core.runtime.ports import AlreadyRegistered
from cms.core.web import staff_scope
from directory.districts.models import District
from directory.districts.queries.people import districts_of
from directory.register.models import Institution
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictStaffFactory, InstitutionFactory, InstitutionProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Institution:
    InstitutionFactory()
    return InstitutionFactory()


@pytest.fixture
def person(mine: Institution):
    return DistrictStaffFactory(district=mine.district, user=StaffUserFactory()).user


def call(user, model, *, query: str = "", **kwargs: object) -> int:
    request = RequestFactory().get(f"/?{query}")
    request.user = user
    view = staff_scope.guard(lambda request, *args, **kwargs: HttpResponse(status=204), model)
    try:
        return view(request, **kwargs).status_code
    except Http404:
        return 404


def test_a_model_nobody_registered_is_shown_to_nobody(person) -> None:
    group = Group.objects.create(name="x")
    boss = StaffUserFactory(is_superuser=True)

    for user in (person, boss, AnonymousUser()):
        assert staff_scope.in_scope(Group.objects.all(), user).count() == 0
    assert staff_scope.sees_all(Group, boss) is False
    assert call(boss, Group, pk=group.pk) == 404


def test_a_snippet_nobody_registered_is_named_to_nobody() -> None:
    profile = InstitutionProfileFactory()
    assert urls.urlpatterns
    request = RequestFactory().get("/")
    request.user = StaffUserFactory(is_superuser=True)
    view = staff_scope.guard_named(lambda request, **kwargs: HttpResponse(status=204))
    named = {"app_label": "directory", "model_name": "institutionprofile", "object_id": profile.pk}

    assert view(request, **named).status_code == 204
    with staff_paths.replaced_by(), pytest.raises(Http404):
        view(request, **named)


def test_views_that_name_no_model_are_left_alone(person) -> None:
    request = RequestFactory().get("/?id=1")
    request.user = person
    view = staff_scope.guard_named(lambda request, **kwargs: HttpResponse(status=204))

    for named in ({}, {"model_name": "institution"}, {"app_label": "directory"}, {"pk": 1}):
        assert view(request, **named).status_code == 204
    with pytest.raises(Http404):
        view(request, app_label="directory", model_name="nothing")
    with pytest.raises(Http404):
        view(request, app_label="directory", model_name="institution")


def test_rows_are_those_of_the_persons_districts(mine: Institution, person) -> None:
    boss = StaffUserFactory(is_superuser=True)

    assert list(staff_scope.in_scope(Institution.objects.all(), person)) == [mine]
    assert list(staff_scope.in_scope(District.objects.all(), person)) == [mine.district]
    assert staff_scope.in_scope(Institution.objects.all(), boss).count() == 2
    assert staff_scope.in_scope(Institution.objects.all(), AnonymousUser()).count() == 0
    assert staff_scope.in_scope(Institution.objects.all(), StaffUserFactory()).count() == 0


def test_shared_rows_are_everybodys(person) -> None:
    CalendarDay.objects.create(date="2027-01-01", kind="holiday", name="元旦", source="通知")

    assert staff_scope.in_scope(CalendarDay.objects.all(), person).count() == 1
    assert staff_scope.sees_all(CalendarDay, person) is True
    assert call(person, CalendarDay, query="id=all") == 204


def test_without_an_answer_who_works_where_nobody_sees_anything(person) -> None:
    with staff_districts.replaced_by(None):
        assert staff_scope.in_scope(Institution.objects.all(), person).count() == 0


def test_one_row_of_two_that_is_foreign_is_refused(mine: Institution, person) -> None:
    other = Institution.objects.exclude(pk=mine.pk).get()

    assert call(person, Institution, pk=mine.pk) == 204
    assert call(person, Institution, pk=str(mine.pk)) == 204
    assert call(person, Institution, pk=other.pk) == 404
    assert call(person, Institution, query=f"id={mine.pk}&id={mine.pk}") == 204
    assert call(person, Institution, query=f"id={mine.pk}&id={other.pk}") == 404
    assert call(person, Institution, pk=mine.pk, query=f"id={other.pk}") == 404
    assert call(person, Institution, query="id=all") == 404
    assert call(StaffUserFactory(is_superuser=True), Institution, query="id=all") == 204
    assert call(person, Institution, pk="none") == 404
    assert call(person, Institution, pk=0) == 404
    assert call(person, Institution, pk=2**63 - 1) == 404
    assert call(person, Institution) == 204


@pytest.mark.parametrize("key", [str(2**63), "9" * 30, f"-{'9' * 30}"])
def test_a_key_larger_than_any_is_no_row(person, key: str) -> None:
    for user in (person, StaffUserFactory(is_superuser=True)):
        assert call(user, Institution, pk=key) == 404
        assert call(user, Institution, query=f"id={key}") == 404


def test_a_row_named_by_place_is_guarded_too(mine: Institution, person) -> None:
    other = Institution.objects.exclude(pk=mine.pk).get()
    request = RequestFactory().get("/")
    request.user = person
    view = staff_scope.guard(lambda request, pk: HttpResponse(), Institution)

    assert view(request, mine.pk).status_code == 200
    with pytest.raises(Http404):
        view(request, other.pk)


def test_somebody_not_signed_in_is_left_to_the_view(mine: Institution) -> None:
    assert call(AnonymousUser(), Institution, pk=mine.pk) == 204


def test_a_second_answer_is_refused() -> None:
    staff_districts.register(districts_of)
    staff_scope.register_scope(Institution, "district")
    staff_scope.register_shared(CalendarDay)

    with pytest.raises(AlreadyRegistered):
        staff_districts.register(lambda user: District.objects.all())
    with pytest.raises(AlreadyRegistered):
        staff_scope.register_scope(Institution, "township__district")
    with pytest.raises(AlreadyRegistered):
        staff_scope.register_shared(Institution)
