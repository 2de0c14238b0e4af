from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model

from directory.districts.models import DistrictStaff
from directory.districts.services import staff
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def appoint(username: str) -> tuple[DistrictStaff, str]:
    return staff.appoint_staff(district=DistrictFactory(), department="health_commission", username=username, now=NOW)


@pytest.mark.parametrize("username", ["example-li", "Example-Li", " EXAMPLE-LI "])
def test_a_known_user_is_found_whatever_the_case(username: str) -> None:
    user = StaffUserFactory(username="example-li")

    post, password = appoint(username)

    assert (post.user, password) == (user, "")
    assert list(get_user_model().objects.filter(username__iexact="example-li")) == [user]


def test_first_password_is_long_and_works_once_known() -> None:
    post, password = appoint("fresh-wang")

    assert len(password) == staff.FIRST_PASSWORD_LENGTH == 16
    assert post.user.check_password(password)
    assert post.created_at == NOW
