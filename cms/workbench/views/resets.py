"""A colleague lost the password or the second factor: a manager lets them begin again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.accounts.signin.services.resets import ResetMeanwhile
from cms.accounts.signin.services.setup_links import SETUP_LINK_DAYS
from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.resets import ColleagueResetForm
from cms.workbench.views.people import find_member
from directory.register.models import InstitutionMember
from directory.register.services.resets import reset_member
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_http_methods(["GET", "POST"])
@for_managers
def reset(request: HttpRequest, workbench: WorkbenchContext, member: int) -> HttpResponse:
    """Asked once, with what was lost; then a link, which is shown this once, or done for who signs in by phone."""
    found = find_member(workbench, member)
    form = _form(request, found)
    if form.is_valid():
        try:
            token = reset_member(
                member=found,
                seen=form.cleaned_data["seen"],
                keeps_factor=form.keeps_factor,
                actor=workbench.user,
                now=times.now(),
            )
        except ResetMeanwhile as refusal:
            messages.warning(request, str(refusal.message))
            return redirect("workbench:settings-people-reset", found.pk)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return _done(request, workbench, found, token)
    context = {"form": form, "person": found, "by_phone": found.user.signs_in_by_phone}
    return render_workbench(request, workbench, "workbench/settings_people_reset.html", context)


def _form(request: HttpRequest, member: InstitutionMember) -> ColleagueResetForm:
    epoch, by_phone = member.user.session_epoch, member.user.signs_in_by_phone
    return ColleagueResetForm(request.POST or None, epoch=epoch, by_phone=by_phone)


def _done(request: HttpRequest, workbench: WorkbenchContext, member: InstitutionMember, token: str) -> HttpResponse:
    if not token:
        messages.success(request, _("%(name)s 的登录都已退出，请用手机号重新登录") % {"name": member.called})
        return redirect("workbench:settings-people")
    link = request.build_absolute_uri(reverse("accounts:setup-link", args=[token]))
    context = {"person": member, "link": link, "days": SETUP_LINK_DAYS}
    return render_workbench(request, workbench, "workbench/settings_people_fresh.html", context)
