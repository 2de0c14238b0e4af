"""Everything that happened to an institution: the history of its own row and of the rows that belong to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from directory.districts.queries.people import offices_of_users
from directory.register.models import (
    Authorisation,
    Institution,
    InstitutionMember,
    InstitutionProfile,
    Refusal,
    Title,
)
from directory.register.ports import TimelinePart, timeline


def _as_named(label: str) -> str:
    return label


def _of(model: type[Any]) -> Any:
    return lambda key: model.objects.filter(institution=key)


#: The register's own parts, by model.
OWN_PARTS = {
    "institution": TimelinePart(Institution, lambda key: Institution.objects.filter(pk=key), lambda label: ""),
    "authorisation": TimelinePart(Authorisation, _of(Authorisation), _as_named),
    "title": TimelinePart(Title, _of(Title), _as_named),
    "refusal": TimelinePart(Refusal, _of(Refusal), lambda label: _("未通过：%s") % label),
    "profile": TimelinePart(InstitutionProfile, _of(InstitutionProfile), lambda label: _("机构介绍")),
}


def timeline_of(institution_id: int) -> QuerySet[ModelLogEntry]:
    """The entries of an institution, of all parts, in no order; a query a part for the keys."""
    found = Q()
    for part in timeline.all().values():
        keys = [str(key) for key in part.rows(institution_id).order_by("pk").values_list("pk", flat=True)]
        found |= Q(content_type=_content_type(part.model), object_id__in=keys)
    return ModelLogEntry.objects.filter(found)


def parts_by_content_type() -> dict[int, TimelinePart]:
    """Which part an entry belongs to, by the key of its content type."""
    return {_content_type(part.model).pk: part for part in timeline.all().values()}


def _content_type(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model, for_concrete_model=False)


def people_of_timeline(institution: Institution, users: Collection[int]) -> dict[int, str]:
    """User → what they are called in the institution's history; two queries.

    District staff by office and name; people of the institution, also those who have left, by role and name. A manager
    without a name is called by the user name; a caregiver's was made up by the site and says nothing.
    """
    called = {}
    members = InstitutionMember.objects.filter(institution=institution, user__in=users).select_related("user")
    for member in members.order_by("pk"):
        is_manager = member.role == InstitutionMember.Role.MANAGER
        name = member.name or (member.user.get_username() if is_manager else "")
        called[member.user_id] = f"{_('机构')}{member.get_role_display()} {name}".rstrip()
    return called | offices_of_users(users)
