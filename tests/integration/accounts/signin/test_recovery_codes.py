"""Setting up an authenticator app: which one to take, and the codes for the day it is lost."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.models import User
from cms.accounts.signin.proofs import PASSWORD
from cms.accounts.signin.second_factors import totp_code, totp_counter
from cms.accounts.signin.services.second_factor import check_second_factor
from cms.core.calendar.times import now
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, manager_of

pytestmark = pytest.mark.django_db
SET_UP = reverse("accounts:second-factor-set-up")


@pytest.fixture
def user() -> User:
    return manager_of(InstitutionFactory(public=True), StaffUserFactory(username="example-wang"))


@pytest.fixture
def client(user: User) -> Client:
    return browser(user, PASSWORD)


def secret_on(page: str) -> str:
    """What the page shows to type by hand, without its blanks."""
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_page_names_apps_and_draws_the_code(client: Client) -> None:
    page = client.get(SET_UP).content.decode()

    assert [app in page for app in ("Microsoft Authenticator", "宁盾令牌", "阿里云")] == [True] * 3
    assert '<svg viewBox="0 0' in page
    assert re.search(r'<code class="secret">([A-Z2-7]{4} )+[A-Z2-7]{1,4}</code>', page)


def test_recovery_codes_stand_in_groups_of_four_and_work_as_shown(client: Client, user: User) -> None:
    secret = secret_on(client.get(SET_UP).content.decode())

    page = client.post(SET_UP, {"code": totp_code(secret, totp_counter(time.time()))}).content.decode()
    codes = re.findall(r"<li><code>([^<]+)</code></li>", page)

    assert len(codes) == 10
    assert [code for code in codes if not re.fullmatch(r"\d{4} \d{4}", code)] == []
    assert 'data-copy="recovery-codes" hidden' in page
    assert "data-print" in page
    assert check_second_factor(user=user, code=codes[0], now=now()).type == "recovery_codes"
