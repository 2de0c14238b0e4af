"""Staff: password, then second factor. Only when both are shown is there a session with both proofs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.accounts.family.queries.users import active_user
from cms.accounts.models import User
from cms.accounts.next_url import safe_next
from cms.accounts.origins import BY_PASSWORD, mark_device, origin_of, remember_way
from cms.accounts.ports import posts_of
from cms.accounts.signin.forms.staff import PasswordForm, SecondFactorForm
from cms.accounts.signin.proofs import PASSWORD, SECOND, add_proof, has_password, has_second_factor, start_session
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services.passkeys import begin_check, check_passkey, has_passkey
from cms.accounts.signin.services.second_factor import check_second_factor
from cms.accounts.signin.services.staff_sign_in import check_password
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused

PENDING_KEY = "second_step"
PENDING_SECONDS = 600


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Who is at the second step: a user whose password was right, or one signed in without the factor."""

    user: User
    signed_in: bool


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Username and password. With a factor enrolled there is no session yet; without one, only to enrol."""
    if request.method != "POST":
        if has_password(request) and has_second_factor(request):
            return HttpResponseRedirect(safe_next(request, first_page(request.user)))
        return _password_page(request, PasswordForm())
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _password_page(request, form)
    try:
        user = check_password(**form.cleaned_data, origin=origin_of(request), now=clock())
    except Refused as refused:
        form.add_refusal(refused)
        return _password_page(request, form)
    return after_password(request, user)


@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code of the authenticator app, a recovery code, or a passkey."""
    waiting = _who_waits(request)
    if waiting is None:
        return _to(request, "staff-sign-in")
    if request.method != "POST":
        return _factor_page(request, waiting.user, SecondFactorForm())
    form = SecondFactorForm(request.POST)
    try:
        if credential := request.POST.get("credential"):
            form = SecondFactorForm()
            check_passkey(user=waiting.user, answer=credential, now=clock())
        elif form.is_valid():
            check_second_factor(user=waiting.user, code=form.cleaned_data["code"], now=clock())
        else:
            return _factor_page(request, waiting.user, form)
    except Refused as refused:
        return _factor_page(request, waiting.user, form, refused)
    return _let_in(request, waiting)


def after_password(request: HttpRequest, user: User) -> HttpResponse:
    """The step after the password: the second factor, setting one up, or the work."""
    if is_enrolled(user):
        request.session.flush()
        request.session[PENDING_KEY] = {"user": user.pk, "at": time.time()}
        return _to(request, "second-factor")
    start_session(request, user, PASSWORD, seconds=settings.STAFF_SESSION_SECONDS)
    if posts_of(user).needs_second_factor:
        return _to(request, "second-factor-set-up")
    return HttpResponseRedirect(safe_next(request, first_page(user)))


def first_page(user: object) -> str:
    """Where staff begin their work."""
    posts = posts_of(user)
    if posts.opens_admin:
        return "/admin/"
    return "/workbench/" if posts.any else "/me/"


def _let_in(request: HttpRequest, waiting: SecondStep) -> HttpResponse:
    target = safe_next(request, first_page(waiting.user))
    if waiting.signed_in:
        add_proof(request, SECOND)
    else:
        start_session(request, waiting.user, PASSWORD, SECOND, seconds=settings.STAFF_SESSION_SECONDS)
    response = HttpResponseRedirect(target)
    if has_password(request):
        remember_way(response, BY_PASSWORD)
    return response


def _who_waits(request: HttpRequest) -> SecondStep | None:
    pending = request.session.get(PENDING_KEY)
    if isinstance(pending, dict) and time.time() - pending["at"] < PENDING_SECONDS:
        known = active_user(pending["user"])
        return SecondStep(known, signed_in=False) if known is not None and is_enrolled(known) else None
    user = request.user
    if isinstance(user, User) and user.is_authenticated and is_enrolled(user):
        return SecondStep(user, signed_in=True)
    return None


def _to(request: HttpRequest, name: str) -> HttpResponse:
    target = safe_next(request, "")
    query = f"?{urlencode({'next': target})}" if target else ""
    return redirect(f"{reverse(f'accounts:{name}')}{query}")


def _password_page(request: HttpRequest, form: PasswordForm) -> HttpResponse:
    target = safe_next(request, "")
    context = {
        "form": form,
        "next": target,
        "for_work": target.startswith("/workbench/"),
        "phone_url": f"{reverse('accounts:sign-in')}?{urlencode({'next': '/workbench/'})}",
    }
    response = render(request, "accounts/staff_sign_in.html", context)
    mark_device(request, response)
    return response


def _factor_page(
    request: HttpRequest, user: User, form: SecondFactorForm, refused: Refused | None = None
) -> HttpResponse:
    if refused is not None:
        if form.is_bound:
            form.add_refusal(refused)
        problem = "" if form.is_bound else str(refused)
    else:
        problem = ""
    options = begin_check(user=user) if has_passkey(user) else ""
    context = {"form": form, "problem": problem, "next": safe_next(request, ""), "options": options}
    return render(request, "accounts/second_factor.html", context)
