"""What we use of allauth without its promise; one of these fails when an upgrade has moved it.

The ceremonies of passkeys need a browser's session: tests/integration/accounts/signin/test_passkeys.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import RequestFactory

from cms.accounts.signin import allauth_internals as internals
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
PRIVATE = re.compile(r"allauth[\w.]*\.internal\b|allauth\.core\b|\.wrap\(\)")
#: RFC 4226, appendix D: the secret "12345678901234567890" and its first codes.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_hotp_code_follows_rfc_4226() -> None:
    assert [internals.hotp_code(SECRET, counter) for counter in range(4)] == ["755224", "287082", "359152", "969429"]


def test_new_totp_secret_is_base_32_and_fresh() -> None:
    first, second = internals.new_totp_secret(), internals.new_totp_secret()

    assert re.fullmatch(r"[A-Z2-7]{32}", first)
    assert first != second


def test_add_totp_stores_the_secret_sealed() -> None:
    user = StaffUserFactory()

    row = internals.add_totp(user, SECRET)

    assert (row.user, row.type, row.pk) == (user, Authenticator.Type.TOTP, Authenticator.objects.get().pk)
    assert SECRET not in str(row.data)


def test_recovery_code_is_used_up_by_its_use() -> None:
    codes = internals.add_recovery_codes(StaffUserFactory())
    row = Authenticator.objects.get()

    used = [internals.use_recovery_code(row, codes[3]), internals.use_recovery_code(row, codes[3])]

    row.refresh_from_db()
    assert used == [True, False]
    assert internals.unused_recovery_codes(row) == [*codes[:3], *codes[4:]]
    assert internals.use_recovery_code(row, "00000000") is False


def test_current_request_is_the_one_being_answered() -> None:
    request = RequestFactory().get("/", headers={"Host": "localhost"})

    with request_context(request):
        assert internals.current_request() is request


def test_challenges_are_plain_json_values() -> None:
    request = RequestFactory().get("/", headers={"Host": "localhost"})
    request.session = {}
    user = StaffUserFactory()

    with request_context(request):
        new, check = internals.begin_passkey(user), internals.begin_passkey_check(user)

    assert new["publicKey"]["rp"]["id"] == check["publicKey"]["rpId"] == "localhost"
    assert isinstance(new["publicKey"]["challenge"], str)
    assert None not in new["publicKey"].values()


@pytest.mark.parametrize("answer", [{}, {"id": 1}, {"id": "a", "rawId": "a", "type": "public-key", "response": {}}])
def test_malformed_answers_are_bad_answers(answer: dict) -> None:
    request = RequestFactory().get("/", headers={"Host": "localhost"})
    request.session = {}
    user = StaffUserFactory()

    with request_context(request):
        internals.begin_passkey(user)
        with pytest.raises(internals.BadAnswer):
            internals.add_passkey(user, answer, name="a")
        internals.begin_passkey_check(user)
        with pytest.raises(internals.BadAnswer):
            internals.check_passkey(user, answer)

    assert not Authenticator.objects.exists()


def test_internals_are_used_nowhere_else() -> None:
    found = set()
    for path in sorted((Path(settings.BASE_DIR) / "cms").rglob("*.py")):
        if PRIVATE.search(path.read_text()):
            found.add(path.relative_to(settings.BASE_DIR).as_posix())

    assert found == {"cms/accounts/signin/allauth_internals.py"}
