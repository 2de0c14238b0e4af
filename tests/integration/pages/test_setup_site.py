from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from wagtail.models import GroupPagePermission, Site

from cms.accounts.models import ConsentText
from cms.core.models import CalendarDay
from cms.pages.models import PolicyPage
from directory.districts.models import District, PolicyDocument, Rule, Township

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    rules = (District, PolicyDocument, PolicyPage, Rule, Township)
    models = (*rules, CalendarDay, ConsentText, Group, GroupPagePermission, Site)
    return [model.objects.count() for model in models]


def test_empty_site_is_set_up_and_a_second_run_changes_nothing(client: Client) -> None:
    call_command("setup_site", stdout=StringIO())
    first = counts()
    permissions = Group.objects.get(name="西工区 妇幼保健").permissions.count()

    call_command("setup_site", stdout=StringIO())

    editors = GroupPagePermission.objects.filter(group__name="网站编辑", page__depth=2)
    held = Group.objects.get(name="网站编辑").permissions.order_by("codename")
    assert set(editors.values_list("permission__codename", flat=True)) == {"add_page", "change_page", "publish_page"}
    assert list(held.values_list("codename", flat=True)) == ["access_admin", "change_sitesettings"]
    assert first[0] == 5
    assert counts() == first
    assert Group.objects.get(name="西工区 妇幼保健").permissions.count() == permissions
    assert [client.get(path).status_code for path in ("/", "/institutions/refusals/", "/policies/")] == [200] * 3


def test_unknown_district_is_named() -> None:
    with pytest.raises(CommandError, match="No such district: nowhere"):
        call_command("setup_site", district="nowhere", stdout=StringIO())
