"""The page behind a one-time link: a password, then the second factor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.accounts.models import SetupLink, User
from cms.accounts.signin.forms.staff import NewPasswordForm
from cms.accounts.signin.services.setup_links import SetupLinkGone, read_setup_link, set_up_by, use_setup_link
from cms.accounts.signin.services.staff_sign_in import NewPasswordInvalid
from cms.accounts.signin.views.staff import after_password, first_page
from cms.core.calendar.times import now as clock


@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def setup_link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; the token stays out of the Referer of the next page."""
    try:
        response = _page(request, read_setup_link(token=token, now=clock()), token)
    except SetupLinkGone as gone:
        response = _gone(request, token, gone)
    response["Referrer-Policy"] = "same-origin" if response.status_code == 200 else "no-referrer"
    return response


def _page(request: HttpRequest, link: SetupLink, token: str) -> HttpResponse:
    form = NewPasswordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            user = use_setup_link(token=token, password=form.cleaned_data["new"], now=clock())
        except NewPasswordInvalid as refused:
            form.add_refusal(refused)
        else:
            return after_password(request, user)
    return render(request, "accounts/setup_link.html", {"form": form, "link": link})


def _gone(request: HttpRequest, token: str, gone: SetupLinkGone) -> HttpResponse:
    """Who pressed twice goes on where the first press led."""
    user = request.user
    if isinstance(user, User) and set_up_by(token=token, user=user):
        return HttpResponseRedirect(first_page(user))
    return render(request, "accounts/setup_link_gone.html", {"words": str(gone)}, status=404)
