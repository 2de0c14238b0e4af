"""Invitations of caregivers: made for somebody, copied or scanned, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.people import CaregiverInviteForm
from cms.workbench.views.people import render_people
from directory.register.models import StaffInvite
from directory.register.services.invites import invite_caregiver, take_back
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_POST
@for_managers
def invite(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """A one-time link for a caregiver; a reload of the page that shows it makes no second one."""
    form = CaregiverInviteForm(request.POST)
    if form.is_valid():
        try:
            made, _token = invite_caregiver(
                institution=workbench.institution,
                name=form.cleaned_data["name"],
                actor=workbench.user,
                now=times.now(),
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return redirect("workbench:settings-people-link", made.pk)
    return render_people(request, workbench, form)


@require_GET
@for_managers
def link(request: HttpRequest, workbench: WorkbenchContext, invite: int) -> HttpResponse:
    """The link of an invitation that still works, to copy or to scan."""
    found = _find(workbench, invite)
    if not found.token or found.expires_at <= times.now():
        messages.warning(request, _("这个邀请的链接不能再用了，需要时请重新邀请。"))
        return redirect("workbench:settings-people")
    address = request.build_absolute_uri(reverse("directory:invite", args=[found.token]))
    context = {"invite": found, "link": address}
    return render_workbench(request, workbench, "workbench/settings_people_link.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def back(request: HttpRequest, workbench: WorkbenchContext, invite: int) -> HttpResponse:
    """A link is taken back: asked once, then of no use at once. Used or taken back before, there is nothing to ask."""
    found = _find(workbench, invite)
    if request.method == "GET":
        if not found.is_waiting:
            return redirect("workbench:settings-people")
        return render_workbench(request, workbench, "workbench/settings_people_back.html", {"invite": found})
    try:
        take_back(invite=found, actor=workbench.user, now=times.now())
        messages.success(request, _("邀请已收回，链接不能再用"))
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("workbench:settings-people")


def _find(workbench: WorkbenchContext, pk: int) -> StaffInvite:
    """An invitation of a caregiver to this institution; managers are invited by the district."""
    found = workbench.institution.invites.filter(pk=pk, role=StaffInvite.Role.CAREGIVER).first()
    if found is None:
        raise Http404
    return found
