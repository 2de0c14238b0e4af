"""Browsers of district staff, and what they type."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.signin.proofs import SESSION_KEY
from directory.districts.models import District
from directory.districts.services.staff import appoint_staff
from directory.register.models import Institution
from tests.factories.directory import InstitutionFactory


def client_of(district: District | None, department: str) -> Client:
    """Somebody of the office, of no district as the site's editor; made once."""
    username = f"{district.slug if district else 'site'}-{department}"
    if (known := User.objects.filter(username=username).first()) is not None:
        return signed_in(known)
    post, _token = appoint_staff(district=district, department=department, username=username, now=timezone.now())
    return signed_in(post.user)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = {"user": user.pk, "proofs": ["password", "second"]}
    session.save()
    return client


def house(district: District, **values: Any) -> Institution:
    return InstitutionFactory(district=district, **values)


def text(response: Any) -> str:
    return response.content.decode()


def grant_data(institution: Institution, **changes: Any) -> dict[str, Any]:
    return {
        "institution": institution.pk,
        "basis": "filing",
        "number": "410305-TY-2026-0001",
        "office": "涧西区卫健委",
        "from_date": "2026-01-05",
        "source_title": "备案名单",
        "publish": "on",
    } | changes
