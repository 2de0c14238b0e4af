"""Signing in and out; the ways of Wagtail to sign in lead here."""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

from cms.accounts.signin.views import factors, setup_link, sign_in, staff

app_name = "accounts"

# /sign-in/
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]

# /staff/
urlpatterns += [
    path("staff/sign-in/", staff.staff_sign_in, name="staff-sign-in"),
    path("staff/start/<str:token>/", setup_link.setup_link, name="setup-link"),
    path("staff/second-factor/", staff.second_factor, name="second-factor"),
    path("staff/second-factor/set-up/", factors.set_up, name="second-factor-set-up"),
    path("staff/security/", factors.factors, name="factors"),
    path("staff/security/passkeys/add/", factors.add_passkey, name="passkey-add"),
    path("staff/security/passkeys/<int:factor>/remove/", factors.remove_passkey, name="passkey-remove"),
    path("staff/security/recovery-codes/", factors.renew_codes, name="recovery-codes"),
    path("staff/security/password/", factors.password, name="password"),
]

# Wagtail would let a password through alone at these
_instead = RedirectView.as_view(pattern_name="accounts:staff-sign-in", query_string=True)
urlpatterns += [
    path("admin/login/", _instead),
    path("admin/logout/", sign_in.sign_out),
    re_path(r"^admin/password_reset/.*$", _instead),
    path("_util/login/", _instead),
]
