"""Parents and caregivers: number, code, in. One address, works without JavaScript."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.accounts.models import User
from cms.accounts.next_url import safe_next
from cms.accounts.origins import BY_PHONE, mark_device, origin_of, remember_way
from cms.accounts.phone import mask_phone
from cms.accounts.ports import posts_of
from cms.accounts.signin.forms.sign_in import CodeForm, MobileNumberForm
from cms.accounts.signin.proofs import PHONE, start_session
from cms.accounts.signin.services import sign_in as service
from cms.core.calendar.times import now as clock
from cms.core.display.forms import SiteForm
from cms.core.errors import Refused

HOME = "/me/"
WORKBENCH = "/workbench/"
BOOKING = "/booking/"


@never_cache
@sensitive_post_parameters("code", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the number, then for the code. The number travels in the form, never in an address or a session."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request, HOME))
        return _page(request, MobileNumberForm())
    if request.POST.get("act") == "enter":
        return _enter(request)
    return _send_code(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session by POST; the page asks first. With `next` one signs in with another number and goes there."""
    wanted = safe_next(request, "")
    onward = f"{reverse('accounts:sign-in')}?{urlencode({'next': wanted})}" if wanted else "/"
    if request.method == "POST":
        logout(request)
        return HttpResponseRedirect(onward)
    if not request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    return render(request, "accounts/sign_out.html", {"next": wanted})


def _send_code(request: HttpRequest) -> HttpResponse:
    now = clock()
    form = MobileNumberForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    phone = form.cleaned_data["phone"]
    try:
        asked = service.request_code(phone=phone, origin=origin_of(request), now=now)
    except Refused as refused:
        form.add_refusal(refused)
        return _page(request, form)
    return _page(request, CodeForm(initial={"phone": phone}), phone=phone, asked=asked)


def _enter(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    phone = request.POST.get("phone", "")
    if not form.is_valid():
        return _page(request, form, phone=phone)
    try:
        found = service.check_code(phone=phone, code=form.cleaned_data["code"], origin=origin_of(request), now=clock())
    except service.PhoneInvalid:
        return _page(request, MobileNumberForm())
    except Refused as refused:
        form.add_refusal(refused)
        return _page(request, form, phone=phone)
    start_session(request, found.user, PHONE)
    response = HttpResponseRedirect(safe_next(request, _first_page(found.user)))
    if posts_of(found.user).caregiver:
        remember_way(response, BY_PHONE)
    return response


def _first_page(user: User) -> str:
    posts = posts_of(user)
    return WORKBENCH if posts.caregiver and not posts.needs_second_factor else HOME


def _page(
    request: HttpRequest, form: SiteForm, *, phone: str = "", asked: service.CodeRequest | None = None
) -> HttpResponse:
    wait = max(0, int((asked.next_at - clock()).total_seconds()) + 1) if asked else 0
    context = {
        "form": form,
        "phone": phone,
        "masked": mask_phone(phone),
        "wait": wait,
        "sent": asked is not None and asked.sent,
        "not_sent": asked is not None and not asked.sent,
        "next": safe_next(request, ""),
        "for_work": safe_next(request, "").startswith(WORKBENCH),
        "for_booking": safe_next(request, "").startswith(BOOKING),
        "staff_url": reverse("accounts:staff-sign-in"),
    }
    response = render(request, "accounts/sign_in.html", context)
    mark_device(request, response)
    return response
