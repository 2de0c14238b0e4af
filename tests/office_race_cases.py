"""Offices and posts changed at once: integration tests run it on SQLite, service tests on PostgreSQL."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from cms.accounts.models import SetupLink
from cms.accounts.signin.services.setup_links import read_setup_link
from directory.districts.models import DistrictStaff, Office
from directory.districts.services.offices import apply_rights, correct_office, ensure_office, refresh_offices
from directory.districts.services.rules import save_rule
from directory.districts.services.staff import WorksElsewhere, appoint_staff, start_post
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory
from tests.races import InFlight

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def posts_classes(office: Office) -> bool:
    """Whether the office's group lets people post classes."""
    group = Group.objects.get(name=f"{office.district.name} {office.get_department_display()}")
    return group.permissions.filter(codename="publish_classsession").exists()


class OfficeRaceCases:
    """Every case runs on both databases."""

    def test_account_appointed_in_two_districts_at_once_works_in_one(self):
        user = StaffUserFactory(username="li")
        first, second = DistrictFactory(), DistrictFactory()

        def appoint(district):
            return appoint_staff(district=district, department="commerce", username="li", now=NOW)

        with InFlight(lambda: appoint(first)), pytest.raises(WorksElsewhere):
            appoint(second)

        assert [post.district for post in DistrictStaff.objects.filter(user=user)] == [first]

    def test_account_started_twice_at_once_has_one_post_and_one_link(self):
        district = DistrictFactory()
        StaffUserFactory(username="li")

        def start():
            return start_post(district=district, department="commerce", username="li", now=NOW)

        with InFlight(start):
            token = start()

        assert DistrictStaff.objects.count() == SetupLink.objects.count() == 1
        assert read_setup_link(token=token, now=NOW).user.username == "li"

    def test_two_who_correct_an_office_at_once_both_have_their_way(self):
        office = ensure_office(district=DistrictFactory(), department="commerce", now=NOW)

        with InFlight(lambda: correct_office(office=office, values={"posts_classes": True}, now=NOW)):
            correct_office(office=office, values={"duty": "商场里的母婴室"}, now=NOW)

        office.refresh_from_db()
        assert (office.posts_classes, office.duty, posts_classes(office)) == (True, "商场里的母婴室", True)

    @pytest.mark.parametrize("given", [True, False])
    def test_right_changed_while_the_daily_job_runs_stays_as_it_was_changed(self, given):
        office = ensure_office(district=DistrictFactory(), department="maternal_child_health", now=NOW)
        correct_office(office=office, values={"posts_classes": not given}, now=NOW)
        stale = Office.objects.get(pk=office.pk)

        for follow in (lambda: refresh_offices(now=NOW), lambda: apply_rights(stale, day=NOW.date())):
            correct_office(office=office, values={"posts_classes": not given}, now=NOW)
            with InFlight(lambda: correct_office(office=office, values={"posts_classes": given}, now=NOW)):
                follow()
            assert posts_classes(office) is given

    def test_rule_entered_while_the_office_is_corrected_holds(self):
        office = ensure_office(district=DistrictFactory(), department="womens_federation", now=NOW)
        values = {
            "district": office.district,
            "document": PolicyDocumentFactory(district=office.district),
            "kind": "parenting_lead",
            "value": ["womens_federation"],
            "text": "区妇联牵头",
        }

        with InFlight(lambda: save_rule(values=values, now=NOW)):
            correct_office(office=office, values={"duty": "家长课堂"}, now=NOW)

        assert posts_classes(office)
