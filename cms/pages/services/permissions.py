"""Which pages the districts' offices and the site's editors may edit."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page

from cms.pages.models import HomePage
from cms.pages.rights import EDITS_SITE
from directory.districts.enums import Department, OfficeRight
from directory.districts.models.districts import office_name
from directory.districts.services.offices import give_collections, permissions

VERBS = ("add", "change", "publish")


@transaction.atomic
def setup_site_editors() -> Group:
    """The group of those who edit what belongs to no district: the site's texts and its settings; idempotent."""
    group, _created = Group.objects.get_or_create(name=office_name(None, Department.SITE_EDITOR))
    group.permissions.set(permissions(["wagtailadmin.access_admin", EDITS_SITE]))
    give_collections(group, own=group.name, uploads=True)
    for home in HomePage.objects.all():
        _give_pages(group, home)
    return group


@transaction.atomic
def follow_office_rights(group: Group, rights: frozenset[str]) -> None:
    """An office that writes pages may write and publish its district's (``cms.pages.rights``), no other; idempotent."""
    if OfficeRight.WRITES_PAGES in rights:
        for home in HomePage.objects.all():
            _give_pages(group, home)
    else:
        GroupPagePermission.objects.filter(group=group).delete()


def _give_pages(group: Group, page: Page) -> None:
    verbs = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in VERBS]
    )
    for permission in verbs:
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
