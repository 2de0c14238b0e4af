from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from cms.accounts.messaging.services import text_messages
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.core.calendar.times import now as clock
from cms.core.runtime import outbox
from tests.factories.accounts import StaffUserFactory
from tests.factories.second_factors import current_totp_code

pytestmark = pytest.mark.django_db


def test_inbox_shows_texts_with_their_codes(client: Client, capsys) -> None:
    now = clock()
    text_messages.send_to_number(
        phone="10000000001",
        template="sign_in_code",
        params={"code": "246810", "minutes": "5"},
        key="code:1",
        until=None,
        now=now,
    )
    outbox.drain(now=now)

    page = client.get("/dev/inbox/").content.decode()

    assert "246810" in page
    assert "10000000001" in page


def test_inbox_shows_the_codes_of_demo_staff_alone(client: Client) -> None:
    shown, hidden = StaffUserFactory(username="demo-manager"), StaffUserFactory(username="somebody")
    for user in (shown, hidden):
        enrol_totp(user=user, secret=new_secret())

    page = client.get("/dev/inbox/").content.decode()

    assert current_totp_code(shown) in page
    assert "somebody" not in page


def test_inbox_hangs_on_the_demo_app() -> None:
    source = (settings.BASE_DIR / "cms" / "urls.py").read_text()

    assert source.index("if settings.DEMO_INSTALLED:") < source.index('include("cms.demo.urls")')
    assert "DEMO_INSTALLED = False" in (settings.BASE_DIR / "cms" / "settings" / "production.py").read_text()
