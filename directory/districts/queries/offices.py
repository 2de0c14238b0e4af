"""The offices of the districts and what each may do: its own row, and what the district's rule lets it do besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from cms.core.web.staff_scope import Person
from directory.districts.enums import OFFICES, OfficeRight, RuleKind
from directory.districts.models import District, DistrictStaff, Office
from directory.districts.office_rights import Rights
from directory.districts.queries.people import key_of
from directory.districts.queries.rules import RuleBook, rule_book


def rights_of(office: Office, book: RuleBook) -> Rights:
    """What the office may do on the book's day.

    Whoever the district's rule names as leading parenting guidance posts classes, whatever its row says (P5).
    """
    own = frozenset(right for right in OfficeRight.values if getattr(office, right))
    return own | {OfficeRight.POSTS_CLASSES.value} if leads_guidance(office, book) else own


def leads_guidance(office: Office, book: RuleBook) -> bool:
    """Whether the rule in force names the office as leading parenting guidance; a draft names nobody."""
    return office.department in (book.value(RuleKind.PARENTING_LEAD) or ())


def public_offices(district: District) -> list[Office]:
    """The offices of which the public learns something, in the order of the departments."""
    return in_order(district.offices.exclude(duty="", phone=""))


def in_order(offices: Iterable[Office]) -> list[Office]:
    """In the order of the departments."""
    return sorted(offices, key=lambda office: OFFICES.index(office.department))


def posting_offices(user: Person, district: District, *, day: dt.date) -> list[Office]:
    """The offices of a district in whose name the person may post classes; all that may for a superuser."""
    book = rule_book(district, day)
    found = offices_of(user).filter(district=district)
    return [office for office in in_order(found) if OfficeRight.POSTS_CLASSES in rights_of(office, book)]


def writing_office(user: Person, district: District | None) -> Office | None:
    """The first of the person's offices in the district that writes pages; none for a superuser, who has no office."""
    if district is None or getattr(user, "is_superuser", False):
        return None
    return next(iter(in_order(offices_of(user).filter(district=district, writes_pages=True))), None)


def other_appointers(post: DistrictStaff) -> int | None:
    """How many others of the district may appoint people; None where the post's own office may not."""
    appointing = Office.objects.filter(district=post.district, appoints_staff=True).values_list("department", flat=True)
    if post.department not in set(appointing):
        return None
    posts = DistrictStaff.objects.filter(district=post.district, department__in=appointing, user__is_active=True)
    return posts.exclude(user=post.user_id).values("user").distinct().count()


def offices_of(user: Person) -> QuerySet[Office]:
    """The offices in which the person has a post; all of them for a superuser."""
    if getattr(user, "is_superuser", False):
        return Office.objects.all()
    own = Q(pk__in=[])
    for district, department in DistrictStaff.objects.filter(user_id=key_of(user)).values_list(
        "district_id", "department"
    ):
        own |= Q(district_id=district, department=department)
    return Office.objects.filter(own)
