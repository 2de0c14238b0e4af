"""One-time links: a new manager makes an account, a caregiver joins with the phone they sign in with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.accounts.models import User
from cms.accounts.origins import BY_PHONE, remember_way
from cms.accounts.signin.proofs import PASSWORD, start_session
from cms.core.calendar.times import now
from cms.core.errors import Refused
from directory.register.forms.invite import ManagerAccountForm
from directory.register.models import InstitutionMember, StaffInvite
from directory.register.queries.memberships import works_at
from directory.register.services.invites import InviteGone, accept_invite, create_manager, joined_by, read_invite


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """What the link offers to this visitor; the token stays out of the Referer of the next page."""
    try:
        found = read_invite(token=token, now=now())
    except InviteGone as gone:
        return _gone(request, token, gone)
    for_manager = found.role == InstitutionMember.Role.MANAGER
    user = request.user
    if isinstance(user, User) and (not for_manager or user.has_usable_password()):
        response = _join(request, user, found, token)
    elif for_manager:
        response = _make_account(request, found, token)
    else:
        context = {"invite": found, "sign_in_query": urlencode({"next": request.path})}
        response = render(request, "directory/invite_sign_in.html", context)
    response["Referrer-Policy"] = "same-origin" if response.status_code == 200 else "no-referrer"
    return response


def _join(request: HttpRequest, user: User, found: StaffInvite, token: str) -> HttpResponse:
    words = ""
    if request.method == "POST":
        try:
            accept_invite(token=token, user=user, now=now())
        except InviteGone as gone:
            return _gone(request, token, gone)
        except Refused as refusal:
            words = str(refusal)
        else:
            response = redirect("workbench:today")
            if user.signs_in_by_phone:  # was no caregiver yet when signing in
                remember_way(response, BY_PHONE)
            return response
    context = {"invite": found, "words": words, "works_here": works_at(user, found.institution)}
    return render(request, "directory/invite_join.html", context)


def _make_account(request: HttpRequest, found: StaffInvite, token: str) -> HttpResponse:
    """The account, then the workbench: the sign-in's middleware asks for the second factor on the way."""
    form = ManagerAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member = create_manager(
                token=token,
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                now=now(),
            )
        except InviteGone as gone:
            return _gone(request, token, gone)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            start_session(request, member.user, PASSWORD)
            return redirect("workbench:today")
    return render(request, "directory/invite_account.html", {"invite": found, "form": form})


def _gone(request: HttpRequest, token: str, gone: InviteGone) -> HttpResponse:
    """Who joined by this very link goes on to the workbench, as the first time."""
    user = request.user
    if isinstance(user, User) and joined_by(token=token, user=user):
        return redirect("workbench:today")
    return render(request, "directory/invite_gone.html", {"words": str(gone)}, status=404)
