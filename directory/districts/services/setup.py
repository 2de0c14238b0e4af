"""What an empty site needs of the directory: the five districts with townships and rules, and the offices' groups.

Idempotent: what staff have entered or changed since stays as it is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission

from directory.districts.models import District, DistrictStaff, Township
from directory.districts.services.setup_rules import DATA, setup_plan, setup_upper_rules
from directory.districts.services.staff import group_name

Department = DistrictStaff.Department
#: Kinds of the statistical list → ours.
KINDS = {
    "street": Township.Kind.STREET,
    "town": Township.Kind.TOWN,
    "development_zone": Township.Kind.ZONE,
}

#: Both offices, as `app.codename`.
SHARED_PERMISSIONS = (
    "wagtailadmin.access_admin",
    *(
        f"directory.{verb}_{model}"
        for model in ("institution", "authorisation", "title", "refusal")
        for verb in ("add", "change", "view")
    ),
    *(f"directory.{verb}_institutionprofile" for verb in ("add", "change", "view", "publish", "lock", "unlock")),
    *(f"directory.{verb}_staffinvite" for verb in ("add", "view")),
    *(f"directory.{verb}_township" for verb in ("change", "view")),
    "directory.view_district",
    "districts.view_rule",
    "districts.view_policydocument",
    "core.view_calendarday",
)
#: What an office may beyond that: the health commission answers for the district's rules, calendar and staff.
DEPARTMENT_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Department.HEALTH_COMMISSION: (
        "directory.change_district",
        *(f"districts.{verb}_rule" for verb in ("add", "change", "delete")),
        *(f"districts.{verb}_policydocument" for verb in ("add", "change")),
        *(f"core.{verb}_calendarday" for verb in ("add", "change", "delete")),
        *(f"directory.{verb}_districtstaff" for verb in ("add", "delete", "view")),
    ),
    Department.MATERNAL_CHILD_HEALTH: (),
}
#: Pictures and files of profiles, pages and class sessions; Wagtail asks for its own models' names. Everybody chooses
#: from all collections; adding, changing and deleting is for the district's own.
CHOOSING = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
UPLOADING = (
    *(f"wagtailimages.{verb}_image" for verb in ("add", "change")),
    *(f"wagtaildocs.{verb}_document" for verb in ("add", "change")),
)


@transaction.atomic
def setup_districts() -> list[District]:
    """Create the five districts, their townships and rules where they are absent."""
    setup_upper_rules()
    with (DATA / "districts.json").open(encoding="utf-8") as handle:
        districts = [_setup_district(entry, position) for position, entry in enumerate(json.load(handle))]
    _setup_townships({district.code: district for district in districts})
    return districts


@transaction.atomic
def setup_groups(*, extra: dict[str, tuple[str, ...]] | None = None) -> list[Group]:
    """A Wagtail group per district and office with its permissions.

    ``extra`` adds permissions of upper apps by department (as `app.codename`), which the directory can't name itself.
    """
    groups = []
    for district in District.objects.order_by("position", "pk"):
        collection = _collection_of(district)
        for department in Department.values:
            group, _created = Group.objects.get_or_create(name=group_name(district, department))
            names = (*SHARED_PERMISSIONS, *DEPARTMENT_PERMISSIONS[department], *(extra or {}).get(department, ()))
            group.permissions.add(*permissions(names))
            _give_collections(group, own=collection)
            groups.append(group)
    return groups


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


def _setup_district(entry: dict[str, Any], position: int) -> District:
    plan, is_draft, rules = entry.pop("plan"), entry.pop("is_draft"), entry.pop("rules")
    latitude, longitude = entry.pop("centre")
    district, _created = District.objects.get_or_create(
        slug=entry["slug"],
        defaults={**entry, "centre_latitude": latitude, "centre_longitude": longitude, "position": position},
    )
    setup_plan(district=district, plan=plan, is_draft=is_draft, rules=rules)
    return district


def _setup_townships(districts: dict[str, District]) -> None:
    known = set(Township.objects.values_list("code", flat=True))
    with (DATA / "townships.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["township_code"] not in known]
    Township.objects.bulk_create(
        Township(
            district=districts[row["district_code"]],
            code=row["township_code"],
            name=row["township"],
            kind=KINDS[row["kind"]],
        )
        for row in rows
    )


def _collection_of(district: District) -> Collection:
    root = Collection.get_first_root_node()
    return root.get_children().filter(name=district.full_name).first() or root.add_child(name=district.full_name)


def _give_collections(group: Group, *, own: Collection) -> None:
    """Rights on the root reach every collection, so those given there before each district had its own go."""
    root = Collection.get_first_root_node()
    for collection, names in ((root, CHOOSING), (own, UPLOADING)):
        for permission in permissions(names):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    GroupCollectionPermission.objects.filter(
        group=group, collection=root, permission__in=permissions(UPLOADING)
    ).delete()
