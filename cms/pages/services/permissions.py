"""Which pages the districts' offices may edit."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page

VERBS = ("add", "change", "publish")


@transaction.atomic
def give_pages(*, groups: Iterable[Group], page: Page) -> None:
    """Let the groups write and publish everything under a page; idempotent."""
    permissions = list(
        Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in VERBS]
        )
    )
    for group in groups:
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
