"""The offices of the districts: their rows, and the Wagtail groups whose rights follow from them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission

from cms.core.calendar.times import local_date
from cms.core.errors import InvalidInput
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import District, Office
from directory.districts.models.districts import office_name
from directory.districts.office_rights import FIRST_RIGHTS, PERMISSIONS, READING, UPLOADING_RIGHTS, Rights
from directory.districts.ports import READS, office_permissions, office_rights
from directory.districts.queries.offices import rights_of
from directory.districts.queries.rules import rule_book
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, record
from directory.districts.services.setup_rules import DATA
from directory.districts.telephones import has_personal_number, is_public_line

#: Pictures and files of profiles, pages and class sessions; Wagtail asks for its own models' names. Everybody chooses
#: from all collections; adding, changing and deleting is for the district's own.
CHOOSING = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
UPLOADING = (
    *(f"wagtailimages.{verb}_image" for verb in ("add", "change")),
    *(f"wagtaildocs.{verb}_document" for verb in ("add", "change")),
)
PHONE_WORDS = _("请填一个能拨通的固定电话，带区号，例如 0379-12345678。手机号是个人的，不公开。")
DUTY_WORDS = _("这一句会公开，请不要写手机号。")


@transaction.atomic
def ensure_office(*, district: District, department: str, now: dt.datetime) -> Office:
    """The office of a district, made with its first rights and what the plan says of it if it is absent."""
    first = dict.fromkeys(FIRST_RIGHTS[department], True)
    office, _created = Office.objects.get_or_create(
        district=district, department=department, defaults={**first, **_words_of_plan(district.slug, department)}
    )
    apply_rights(office, day=local_date(now))
    return office


@transaction.atomic
def correct_office(
    *, office: Office, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Office:
    """Change the rights of an office and what the public reads of it; ``InvalidInput`` has a message per field."""
    office = lock_row(office)
    changes = differences(office, values)
    assign(office, values)
    _check_public(office)
    save_checked(office)
    record(instance=office, action="wagtail.edit", actor=actor, changes=changes)
    apply_rights(office, day=local_date(now))
    versions.bump(PUBLIC_PAGES)
    return office


def refresh_offices(*, now: dt.datetime) -> int:
    """Let every group follow its office as the rules of the day have it; returns how many. Idempotent, a daily job."""
    offices = list(Office.objects.select_related("district").order_by("pk"))
    for office in offices:
        apply_rights(office, day=local_date(now))
    return len(offices)


@transaction.atomic
def apply_rights(office: Office, *, day: dt.date) -> Group:
    """Give the office's group what it may do on the day, and nothing else; idempotent.

    Office and rules are read under the lock of the group: of two who change them at once the later one has both.
    """
    group, _created = Group.objects.get_or_create(name=office_name(office.district, office.department))
    lock_row(group)
    office = Office.objects.select_related("district").get(pk=office.pk)
    rights = rights_of(office, rule_book(office.district, day))
    group.permissions.set(permissions(_names(rights)))
    give_collections(group, own=office.district.full_name, uploads=bool(rights & UPLOADING_RIGHTS))
    for follow in office_rights.all().values():
        follow(group, rights)
    return group


def give_collections(group: Group, *, own: str, uploads: bool) -> None:
    """Let the group choose pictures and files from everywhere, and upload to the collection of that name; idempotent.

    Rights on the root reach every collection, so uploading is given on the group's own alone.
    """
    root = Collection.get_first_root_node()
    collection = root.get_children().filter(name=own).first() or root.add_child(name=own)
    choosing, uploading = permissions(CHOOSING), permissions(UPLOADING)
    wanted = [(root, permission) for permission in choosing]
    wanted += [(collection, permission) for permission in uploading] if uploads else []
    for place, permission in wanted:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=place, permission=permission)
    stale = GroupCollectionPermission.objects.filter(group=group, permission__in=uploading)
    (stale.filter(collection=root) if uploads else stale).delete()


def permissions(names: Iterable[str]) -> list[Permission]:
    """The permission rows of `app.codename` words; a word without a row is a mistake and raises ``LookupError``."""
    wanted = set(names)
    condition = Q()
    for name in wanted:
        app, codename = name.split(".")
        condition |= Q(content_type__app_label=app, codename=codename)
    rows = {
        f"{row.content_type.app_label}.{row.codename}": row
        for row in Permission.objects.filter(condition).select_related("content_type")
    }
    if missing := wanted - rows.keys():
        raise LookupError(f"no such permissions: {sorted(missing)}")
    return list(rows.values())


def _names(rights: Rights) -> list[str]:
    """The permissions of the rights, the upper apps' too."""
    names = [*READING, *(name for right in rights for name in PERMISSIONS[right])]
    for given in office_permissions.all().values():
        names += [name for key in (READS, *rights) for name in given.get(key, ())]
    return names


@cache
def _plans() -> dict[str, dict[str, dict[str, str]]]:
    """Slug of a district → department → what its plan says of the department."""
    with (DATA / "offices.json").open(encoding="utf-8") as handle:
        plans: dict[str, dict[str, dict[str, str]]] = json.load(handle)
    return plans


def _words_of_plan(slug: str, department: str) -> dict[str, str]:
    return _plans().get(slug, {}).get(department, {})


def _check_public(office: Office) -> None:
    fields = {}
    if office.phone and not is_public_line(office.phone):
        fields["phone"] = str(PHONE_WORDS)
    for name in ("name", "duty"):
        if has_personal_number(getattr(office, name)):
            fields[name] = str(DUTY_WORDS)
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)
