"""The page behind a one-time link."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.setup_links import issue_setup_link
from cms.core.web.logs import PrivacyFilter, hide_private
from tests.factories.accounts import PASSWORD, StaffUserFactory
from tests.factories.directory import DistrictStaffFactory
from tests.factories.workbench import browser

pytestmark = pytest.mark.django_db
NEW = {"new": "another-horse-battery", "again": "another-horse-battery"}


def link_for(user: User, **values) -> str:
    now = values.pop("now", timezone.now())
    return reverse("accounts:setup-link", args=[issue_setup_link(user=user, now=now, **values)])


def test_staff_begin_by_the_link_and_set_up_the_second_factor_next(client: Client) -> None:
    user = DistrictStaffFactory(user=StaffUserFactory(password="!unusable")).user
    link = link_for(user)

    page = client.get(link)
    done = client.post(link, NEW)
    admin = client.get("/admin/")

    assert user.get_username() in page.content.decode()
    assert done.url == reverse("accounts:second-factor-set-up")
    assert client.get(done.url).status_code == 200
    assert admin.url.startswith(reverse("accounts:second-factor-set-up"))
    user.refresh_from_db()
    assert user.check_password(NEW["new"])


def test_kept_factor_is_asked_for_before_there_is_a_session(client: Client) -> None:
    user = DistrictStaffFactory(user=StaffUserFactory()).user
    enrol_totp(user=user, secret=new_secret())

    done = client.post(link_for(user, replaces_factor=False), NEW)

    assert done.url == reverse("accounts:second-factor")
    assert "_auth_user_id" not in client.session
    assert is_enrolled(user)


def test_link_ends_the_sessions_of_the_user() -> None:
    user = StaffUserFactory()
    elsewhere = browser(user)

    Client().post(link_for(user), NEW)

    assert elsewhere.get(reverse("accounts:factors")).url.startswith(reverse("accounts:staff-sign-in"))


def test_link_signs_out_whoever_was_signed_in_at_this_browser() -> None:
    user, other = StaffUserFactory(), StaffUserFactory()
    shared = browser(other)

    shared.post(link_for(user), NEW)

    assert shared.session["_auth_user_id"] == str(user.pk)


def test_who_presses_twice_goes_on_and_a_stranger_does_not(client: Client) -> None:
    user = DistrictStaffFactory(user=StaffUserFactory()).user
    link = link_for(user)
    client.post(link, NEW)

    again = client.post(link, NEW)
    stranger = Client().post(link, NEW)
    signed_in_stranger = browser(StaffUserFactory()).get(link)

    assert again.url == "/admin/"
    assert (stranger.status_code, signed_in_stranger.status_code) == (404, 404)
    assert "再发一个" in stranger.content.decode()


def test_expired_and_unknown_links_look_the_same(client: Client) -> None:
    expired = link_for(StaffUserFactory(), now=timezone.now() - dt.timedelta(days=3))
    unknown = reverse("accounts:setup-link", args=["a" * 43])

    answers = [client.get(link) for link in (expired, unknown)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [words(answer) for answer in answers] == [words(answers[0])] * 2


def words(answer) -> str:
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"again": "other"}, "两次填的新密码不一样"),
        ({"new": "1234567890", "again": "1234567890"}, "密码不能全是数字，请加上字母。"),
        ({"new": "", "again": ""}, "请填新密码"),
    ],
)
def test_bad_password_is_refused_with_words_and_the_link_stays(client: Client, changes: dict, message: str) -> None:
    user = StaffUserFactory()
    link = link_for(user)

    page = client.post(link, NEW | changes)

    assert page.status_code == 200
    assert message in page.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert client.post(link, NEW).status_code == 302


def test_account_without_a_post_goes_to_its_own_page(client: Client) -> None:
    assert client.post(link_for(StaffUserFactory()), NEW).url == "/me/"


def test_address_goes_to_no_other_site_and_into_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    link = link_for(StaffUserFactory())
    page = client.get(link)

    with caplog.at_level(logging.WARNING):
        Client(enforce_csrf_checks=True).post(link, NEW)
    for line in caplog.records:
        PrivacyFilter().filter(line)

    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert client.post(link, NEW)["Referrer-Policy"] == "no-referrer"
    assert [line.getMessage() for line in caplog.records] == [
        "Forbidden (CSRF cookie not set.): /staff/start/[hidden]/"
    ]
    assert hide_private("next=%2Fstaff%2Fstart%2Fabc-_9%2F") == "next=%2Fstaff%2Fstart%2F[hidden]%2F"
