"""A staff member's own second factors: enrol, replace, passkeys, recovery codes, password."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.accounts.models import User
from cms.accounts.next_url import safe_next
from cms.accounts.origins import origin_of
from cms.accounts.signin.allauth_internals import unused_recovery_codes
from cms.accounts.signin.forms.staff import ChangePasswordForm, PasskeyForm, SetUpForm
from cms.accounts.signin.proofs import PASSWORD, SECOND, add_proof, has_password, has_second_factor
from cms.accounts.signin.second_factors import authenticators_of, is_enrolled
from cms.accounts.signin.services import passkeys
from cms.accounts.signin.services import second_factor as service
from cms.accounts.signin.services.staff_sign_in import change_password
from cms.accounts.signin.views.staff import first_page
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused
from cms.core.security.crypto import decrypt, encrypt

SECRET_KEY = "new_factor"  # noqa: S105  # a key of the session, whose value is sealed
SECRET_CONTEXT = "session.new_factor"  # noqa: S105  # what the sealed value is for
View = Callable[..., HttpResponse]


def for_own_factors(view: View) -> View:
    """Only after the password, and once a factor is enrolled only after that too.

    A session that began with a code by phone must not enrol a factor for an account with a password: who holds
    the phone alone would own the account.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return _to(request, "staff-sign-in")
        if user.has_usable_password() and not has_password(request):
            return _to(request, "staff-sign-in")
        if is_enrolled(user) and not has_second_factor(request):
            return _to(request, "second-factor")
        return view(request, *args, **kwargs)

    return guarded


@for_own_factors
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Enrol an authenticator app, or replace it by one on a new phone."""
    user = _user(request)
    form = SetUpForm(request.POST or None)
    secret = _secret_of(request)
    if form.is_bound and form.is_valid():
        try:
            codes = service.confirm_totp(user=user, secret=secret, code=form.cleaned_data["code"], now=clock())
        except Refused as refused:
            form.add_refusal(refused)
        else:
            request.session.pop(SECRET_KEY, None)
            add_proof(request, SECOND)
            return _codes_page(request, codes)
    address = get_adapter().build_totp_url(user, secret)
    context = {
        "form": form,
        "secret": secret,
        "address": address,
        "replaces": is_enrolled(user),
        "next": safe_next(request, ""),
    }
    return render(request, "accounts/factor_set_up.html", context)


@for_own_factors
@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """The second factors of this account."""
    user = _user(request)
    rows = authenticators_of(user)
    recovery = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "passkeys": [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(unused_recovery_codes(recovery)) if recovery else 0,
        "work": first_page(user),
    }
    return render(request, "accounts/factors.html", context)


@for_own_factors
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey of this device; the browser makes it."""
    user = _user(request)
    form = PasskeyForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            passkeys.add_passkey(user=user, answer=request.POST.get("credential", ""), name=form.cleaned_data["name"])
        except Refused as refused:
            problem = str(refused)
        else:
            if not has_second_factor(request):
                add_proof(request, SECOND)
                return _codes_page(request, service.renew_recovery_codes(user=user))
            messages.success(request, _("已添加通行密钥。"))
            return redirect("accounts:factors")
    context = {"form": form, "problem": problem, "options": passkeys.begin_adding(user=user)}
    return render(request, "accounts/passkey_add.html", context)


@for_own_factors
@require_POST
def remove_passkey(request: HttpRequest, factor: int) -> HttpResponse:
    """Remove one; the last factor stays."""
    try:
        service.remove_factor(user=_user(request), factor_id=factor)
    except service.LastFactor as refused:
        messages.error(request, str(refused))
    except service.FactorNotFound:
        raise Http404 from None
    else:
        messages.success(request, _("已删除通行密钥。"))
    return redirect("accounts:factors")


@for_own_factors
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    return _codes_page(request, service.renew_recovery_codes(user=_user(request)))


@for_own_factors
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the user's password; this session goes on, all others end."""
    user = _user(request)
    form = ChangePasswordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            change_password(user=user, old=data["old"], new=data["new"], origin=origin_of(request), now=clock())
        except Refused as refused:
            form.add_refusal(_at_old(refused))
        else:
            update_session_auth_hash(request, user)
            add_proof(request, PASSWORD)
            messages.success(request, _("密码已改，其他地方的登录都已退出。"))
            return redirect("accounts:factors")
    return render(request, "accounts/password.html", {"form": form})


def _at_old(refused: Refused) -> Refused:
    """A wrong old password belongs to its field."""
    return refused if refused.fields else type(refused)(_("现在的密码不对"), fields={"old": _("现在的密码不对")})


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def _secret_of(request: HttpRequest) -> str:
    """The secret on offer, the same until it is confirmed; sealed, because sessions are rows of the database."""
    sealed = request.session.get(SECRET_KEY)
    if sealed:
        return decrypt(sealed, context=SECRET_CONTEXT)
    secret = service.new_secret()
    request.session[SECRET_KEY] = encrypt(secret, context=SECRET_CONTEXT)
    return secret


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    target = safe_next(request, first_page(request.user))
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": target})


def _to(request: HttpRequest, name: str) -> HttpResponse:
    target = safe_next(request, "") or (request.path if request.method == "GET" else reverse("accounts:factors"))
    return HttpResponseRedirect(f"{reverse(f'accounts:{name}')}?{urlencode({'next': target})}")
