"""Which districts a person works for. Every admin list starts here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from cms.accounts.models import User
from cms.accounts.ports import posts_of
from cms.core.web.staff_scope import Person
from directory.districts.models import District, DistrictStaff

ADMIN_PERMISSION = "wagtailadmin.access_admin"


def key_of(user: Person) -> int:
    """The user's key; 0, which nobody has, for somebody not signed in."""
    return user.pk or 0


def districts_of(user: Person) -> QuerySet[District]:
    """The districts a person works for; all of them for a superuser."""
    districts = District.objects.order_by("position", "pk")
    if getattr(user, "is_superuser", False):
        return districts
    return districts.filter(pk__in=DistrictStaff.objects.filter(user_id=key_of(user)).values("district"))


def enters_admin(user: User) -> bool:
    """Whether the user works in the admin, for a district or for the whole site."""
    return posts_of(user).opens_admin or user.has_perm(ADMIN_PERMISSION)


def departments_of(user: Person) -> set[str]:
    """The departments in which the person has a post."""
    return set(DistrictStaff.objects.filter(user_id=key_of(user)).values_list("department", flat=True))


def offices_of_users(users: Collection[int]) -> dict[int, str]:
    """User → 「涧西区 妇幼保健 wang」, their offices and their name, for those who have a post; one query."""
    posts = DistrictStaff.objects.filter(user__in=users).select_related("district", "user")
    offices: defaultdict[int, list[str]] = defaultdict(list)
    names = {}
    for post in posts.order_by("district__position", "department", "pk"):
        offices[post.user_id].append(post.office_name)
        names[post.user_id] = post.user.get_username()
    return {user: f"{'、'.join(found)} {names[user]}" for user, found in offices.items()}
