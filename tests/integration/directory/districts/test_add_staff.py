"""`manage.py add_staff`: the first and every further account of a department."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cms.accounts.ports import posts_of
from directory.districts.models import DistrictStaff
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory

pytestmark = pytest.mark.django_db
NEW = {"new": "another-horse-battery", "again": "another-horse-battery"}


def add(*arguments: str) -> str:
    """What the command prints: one address and nothing else."""
    out, told = StringIO(), StringIO()
    call_command("add_staff", *arguments, stdout=out, stderr=told)
    (address,) = out.getvalue().splitlines()
    assert "3 days" in told.getvalue()
    return re.fullmatch(r"https?://[^/]+(/staff/start/[\w-]{43}/)", address)[1]


def test_link_leads_to_password_and_second_factor(settings) -> None:
    DistrictFactory(slug="jianxi")
    settings.SITE_URL = "https://tuoyu.example.cn/"

    link = add("example-li", "--department", "health_commission", "--district", "jianxi")
    browser = Client()
    done = browser.post(link, NEW)

    post = DistrictStaff.objects.get()
    assert (post.district.slug, post.department, post.user.username) == ("jianxi", "health_commission", "example-li")
    assert done.url == "/staff/second-factor/set-up/"
    assert browser.get(done.url).status_code == 200


def test_site_editor_has_no_district() -> None:
    link = add("editor-li", "--department", "site_editor")

    assert Client().get(link).status_code == 200
    assert posts_of(DistrictStaff.objects.get().user).site_editor


def test_second_run_prints_a_new_link_and_ends_the_old_one() -> None:
    DistrictFactory(slug="jianxi")
    first, second = (add("example-li", "--department", "commerce", "--district", "jianxi") for _ in "ab")

    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    assert DistrictStaff.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("li", "--department", "tax", "--district", "jianxi"), "No such department: tax. One of: maternal_child_"),
        (("li", "--department", "commerce", "--district", "nowhere"), "No such district: nowhere. One of: jianxi."),
        (("li", "--department", "commerce"), "Name the district of commerce with --district. One of: jianxi."),
        (("li", "--department", "site_editor", "--district", "jianxi"), "belongs to no district"),
        (("has space", "--department", "commerce", "--district", "jianxi"), "用户名"),
        (("closed", "--department", "commerce", "--district", "jianxi"), "停用"),
    ],
)
def test_mistake_is_answered_with_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    DistrictFactory(slug="jianxi")
    StaffUserFactory(username="closed", is_active=False)

    with pytest.raises(CommandError, match=re.escape(words)):
        call_command("add_staff", *arguments)
    assert DistrictStaff.objects.count() == 0


def test_empty_site_is_told_what_comes_first() -> None:
    with pytest.raises(CommandError, match="run setup_site first"):
        call_command("add_staff", "li", "--department", "commerce", "--district", "jianxi")
