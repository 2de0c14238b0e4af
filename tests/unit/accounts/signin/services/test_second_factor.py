from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from cms.accounts.models import SessionToken
from cms.accounts.signin.second_factors import is_enrolled, totp_code, totp_counter, totp_secret
from cms.accounts.signin.services import second_factor as service
from cms.accounts.signin.services.tokens import issue_token
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(now: dt.datetime, secret: str = SECRET) -> str:
    return totp_code(secret, totp_counter(now.timestamp()))


def enrolled():
    user = StaffUserFactory()
    service.enrol_totp(user=user, secret=SECRET)
    return user


def test_totp_code_follows_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert [totp_code(secret, at // 30) for at in (59, 1111111109, 1234567890)] == ["287082", "081804", "005924"]


def test_secret_and_recovery_seed_are_encrypted() -> None:
    user = enrolled()
    codes = service.renew_recovery_codes(user=user)

    kept = {row.type: row.data for row in Authenticator.objects.filter(user=user)}
    assert kept[Authenticator.Type.TOTP]["secret"].startswith("e1:")
    assert kept[Authenticator.Type.RECOVERY_CODES]["seed"].startswith("e1:")
    assert len(codes) == 10
    assert totp_secret(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)) == SECRET


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_code_of_a_neighbouring_half_minute_is_right(seconds: int) -> None:
    user = enrolled()

    service.check_second_factor(user=user, code=code_at(NOW + dt.timedelta(seconds=seconds)), now=NOW)


def test_code_is_good_once() -> None:
    user = enrolled()
    service.check_second_factor(user=user, code=code_at(NOW), now=NOW)

    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=user, code=code_at(NOW), now=NOW)


def test_recovery_code_is_good_once() -> None:
    user = enrolled()
    code = service.renew_recovery_codes(user=user)[0]
    service.check_second_factor(user=user, code=f"{code[:4]} {code[4:]}", now=NOW)

    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=user, code=code, now=NOW)


@pytest.mark.parametrize("code", ["", "000000", "验证码", "１２３"])
def test_wrong_code_is_refused(code: str) -> None:
    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=enrolled(), code=code, now=NOW)


def test_ninth_try_after_eight_wrong_ones_waits() -> None:
    user = enrolled()
    for _number in range(8):
        with pytest.raises(service.FactorInvalid):
            service.check_second_factor(user=user, code="000000", now=NOW)

    with pytest.raises(service.TooManyFactorTries):
        service.check_second_factor(user=user, code=code_at(NOW), now=NOW)
    later = NOW + dt.timedelta(minutes=5)
    service.check_second_factor(user=user, code=code_at(later), now=later)


def test_code_of_another_user_is_refused() -> None:
    other = StaffUserFactory()
    service.enrol_totp(user=other, secret=service.new_secret())
    enrolled()

    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=other, code=code_at(NOW), now=NOW)


def test_confirm_enrols_only_with_the_right_code() -> None:
    user = StaffUserFactory()
    with pytest.raises(service.FactorInvalid):
        service.confirm_totp(user=user, secret=SECRET, code="000000", now=NOW)
    assert not is_enrolled(user)

    codes = service.confirm_totp(user=user, secret=SECRET, code=code_at(NOW), now=NOW)

    assert is_enrolled(user)
    assert len(set(codes)) == 10


def test_new_app_replaces_the_old_one() -> None:
    user = enrolled()
    secret = service.new_secret()

    service.confirm_totp(user=user, secret=secret, code=code_at(NOW, secret), now=NOW)

    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=user, code=code_at(NOW), now=NOW)


def test_recovery_codes_alone_are_no_second_factor() -> None:
    user = StaffUserFactory()
    service.renew_recovery_codes(user=user)

    assert not is_enrolled(user)


def test_last_factor_stays() -> None:
    user = StaffUserFactory()
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "a"})
    with pytest.raises(service.LastFactor):
        service.remove_factor(user=user, factor_id=key.pk)

    service.enrol_totp(user=user, secret=SECRET)
    service.remove_factor(user=user, factor_id=key.pk)

    assert [row.type for row in Authenticator.objects.filter(user=user)] == [Authenticator.Type.TOTP]


def test_passkey_of_another_user_is_not_found() -> None:
    key = Authenticator.objects.create(user=enrolled(), type=Authenticator.Type.WEBAUTHN, data={"name": "a"})

    with pytest.raises(service.FactorNotFound):
        service.remove_factor(user=enrolled(), factor_id=key.pk)


def test_reset_removes_all_and_ends_sessions() -> None:
    user = enrolled()
    before = user.get_session_auth_hash()

    assert service.reset_factors(user=user) == 1

    assert user.get_session_auth_hash() != before
    assert not is_enrolled(user)


def test_reset_ends_the_users_api_sessions_alone() -> None:
    user, other = enrolled(), enrolled()
    issue_token(user=user, second_factor=True, now=NOW)
    _token, kept = issue_token(user=other, second_factor=True, now=NOW)

    service.reset_factors(user=user)

    assert list(SessionToken.objects.all()) == [kept]


def wrong(user, times: int) -> None:
    for _number in range(times):
        with pytest.raises(service.FactorInvalid):
            service.check_second_factor(user=user, code="000000", now=NOW)


def test_right_code_is_not_counted() -> None:
    user = enrolled()
    codes = service.renew_recovery_codes(user=user)
    for code in codes[:8]:
        service.check_second_factor(user=user, code=code, now=NOW)

    wrong(user, 8)

    with pytest.raises(service.TooManyFactorTries):
        service.check_second_factor(user=user, code=codes[8], now=NOW)


def test_right_code_takes_back_only_its_own_try() -> None:
    user = enrolled()
    wrong(user, 7)
    service.check_second_factor(user=user, code=code_at(NOW), now=NOW)

    wrong(user, 1)

    with pytest.raises(service.TooManyFactorTries):
        service.check_second_factor(user=user, code="000000", now=NOW)


def test_sixty_wrong_codes_a_day_are_looked_at() -> None:
    user = enrolled()
    day = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    moments = [day + dt.timedelta(minutes=5 * (number // 8)) for number in range(60)]
    for moment in moments:
        with pytest.raises(service.FactorInvalid):
            service.check_second_factor(user=user, code="000000", now=moment)
    last = day + dt.timedelta(hours=23)

    with pytest.raises(service.TooManyFactorTries):
        service.check_second_factor(user=user, code=code_at(last), now=last)
    tomorrow = day + dt.timedelta(days=1)
    service.check_second_factor(user=user, code=code_at(tomorrow), now=tomorrow)


def test_tries_of_one_user_are_not_another_users() -> None:
    wrong(enrolled(), 8)
    other = enrolled()

    service.check_second_factor(user=other, code=code_at(NOW), now=NOW)


def test_use_of_a_factor_is_written_on_it_alone() -> None:
    user, other = enrolled(), enrolled()
    codes = service.renew_recovery_codes(user=user)

    used = service.check_second_factor(user=user, code=codes[0], now=NOW)

    kept = {row.pk: row.last_used_at for row in Authenticator.objects.all()}
    assert kept.pop(used.pk) == NOW
    assert (used.type, set(kept.values())) == (Authenticator.Type.RECOVERY_CODES, {None})
    assert other.authenticator_set.count() == 1


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-31, False), (-30, True), (59, True), (60, False)])
def test_code_is_right_one_half_minute_to_either_side(seconds: int, right: bool) -> None:
    user = enrolled()
    code = code_at(NOW + dt.timedelta(seconds=seconds))

    if right:
        assert service.check_second_factor(user=user, code=code, now=NOW).user == user
    else:
        with pytest.raises(service.FactorInvalid):
            service.check_second_factor(user=user, code=code, now=NOW)


def test_earlier_code_is_not_right_after_a_later_one() -> None:
    user = enrolled()
    service.check_second_factor(user=user, code=code_at(NOW + dt.timedelta(seconds=30)), now=NOW)

    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=user, code=code_at(NOW), now=NOW)
    later = NOW + dt.timedelta(seconds=60)
    service.check_second_factor(user=user, code=code_at(later), now=later)


def test_passkey_row_takes_no_typed_code() -> None:
    user = StaffUserFactory()
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "a"})

    with pytest.raises(service.FactorInvalid) as refused:
        service.check_second_factor(user=user, code="000000", now=NOW)

    assert list(refused.value.fields) == ["code"]


def test_wrong_code_does_not_replace_the_app() -> None:
    user = enrolled()

    with pytest.raises(service.FactorInvalid) as refused:
        service.confirm_totp(user=user, secret=service.new_secret(), code="000000", now=NOW)

    assert list(refused.value.fields) == ["code"]
    assert service.check_second_factor(user=user, code=code_at(NOW), now=NOW).user == user


def test_enrolling_one_leaves_the_other_users_factors() -> None:
    other = enrolled()
    service.renew_recovery_codes(user=other)
    user = enrolled()

    service.enrol_totp(user=user, secret=service.new_secret())
    service.renew_recovery_codes(user=user)

    assert other.authenticator_set.count() == 2
    assert user.authenticator_set.count() == 2


def test_renewed_recovery_codes_put_the_old_out_of_use() -> None:
    user = enrolled()
    old = service.renew_recovery_codes(user=user)
    new = service.renew_recovery_codes(user=user)

    assert not set(old) & set(new)
    with pytest.raises(service.FactorInvalid):
        service.check_second_factor(user=user, code=old[0], now=NOW)


def test_second_of_two_passkeys_is_the_last_factor() -> None:
    user = StaffUserFactory()
    first, second = (
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name}) for name in "ab"
    )
    service.renew_recovery_codes(user=user)

    service.remove_factor(user=user, factor_id=first.pk)

    with pytest.raises(service.LastFactor):
        service.remove_factor(user=user, factor_id=second.pk)


def test_app_is_no_passkey_to_remove() -> None:
    user = enrolled()
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "a"})
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)

    with pytest.raises(service.FactorNotFound):
        service.remove_factor(user=user, factor_id=app.pk)


def test_reset_leaves_other_users_alone() -> None:
    user, other = enrolled(), enrolled()

    service.reset_factors(user=user)

    user.refresh_from_db()
    assert (user.session_epoch, is_enrolled(other)) == (1, True)
