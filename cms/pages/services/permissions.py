"""Which pages the districts' offices and the site's editors may edit."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page

from cms.pages.rights import EDITS_SITE
from directory.districts.services.setup import permissions

VERBS = ("add", "change", "publish")
SITE_EDITORS = "网站编辑"


@transaction.atomic
def setup_site_editors() -> Group:
    """The group of those who edit what belongs to no district: the site's texts and its settings; idempotent."""
    group, _created = Group.objects.get_or_create(name=SITE_EDITORS)
    group.permissions.add(*permissions(["wagtailadmin.access_admin", EDITS_SITE]))
    return group


@transaction.atomic
def give_pages(*, groups: Iterable[Group], page: Page) -> None:
    """Let the groups write and publish everything under a page that is theirs (``cms.pages.rights``); idempotent."""
    verbs = list(
        Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in VERBS]
        )
    )
    for group in groups:
        for permission in verbs:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
