"""Members of an institution, and browsers signed in as they are after their second factor."""

from __future__ import annotations

from django.test import Client

from cms.accounts.models import User
from cms.accounts.signin.proofs import PASSWORD, PHONE, SECOND, SESSION_KEY
from directory.register.models import Institution, InstitutionMember
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionMemberFactory


def manager_of(institution: Institution, user: User | None = None) -> User:
    """A manager with a username."""
    member = InstitutionMemberFactory(institution=institution, user=user or StaffUserFactory())
    return member.user


def caregiver_of(institution: Institution, user: User | None = None) -> User:
    """A caregiver with a phone."""
    role = InstitutionMember.Role.CAREGIVER
    member = InstitutionMemberFactory(institution=institution, user=user or UserFactory(), role=role)
    return member.user


def browser(user: User | None, *proofs: str) -> Client:
    """A client signed in as the user; by default with password and second factor proved (a caregiver: the phone)."""
    client = Client()
    if user is None:
        return client
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    given = proofs or ((PHONE,) if user.phone else (PASSWORD, SECOND))
    session = client.session
    session[SESSION_KEY] = {"user": user.pk, "proofs": list(given)}
    session.save()
    return client
