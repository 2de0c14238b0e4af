"""The page on which staff change their password."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.accounts import PASSWORD, StaffUserFactory
from tests.factories.workbench import browser

pytestmark = pytest.mark.django_db
NEW = "another-horse-battery"


def test_new_password_leaves_only_this_browser_signed_in() -> None:
    user = StaffUserFactory()
    here, elsewhere = browser(user), browser(user)
    page = reverse("accounts:password")

    response = here.post(page, {"old": PASSWORD, "new": NEW, "again": NEW})

    assert response.url == reverse("accounts:factors")
    assert here.get(page).status_code == 200
    assert elsewhere.get(page).url.startswith(reverse("accounts:staff-sign-in"))


def test_stranger_is_sent_to_the_sign_in() -> None:
    response = browser(None).post(reverse("accounts:password"), {"old": PASSWORD, "new": NEW, "again": NEW})

    assert response.url.startswith(reverse("accounts:staff-sign-in"))
