"""Who works here: invitations, ends, the second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.people import FactorForm
from directory.register.queries.memberships import members_of, open_invites
from directory.register.services.invites import invite_caregiver
from directory.register.services.members import end_membership, set_caregivers_factor
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_GET
@for_managers
def people(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Members, open invitations, the second factor of caregivers."""
    return _render_people(request, workbench)


def _render_people(request: HttpRequest, workbench: WorkbenchContext, link: str = "") -> HttpResponse:
    context = {
        "people": list(members_of(workbench.institution)),
        "invites": list(open_invites(workbench.institution)),
        "form": FactorForm(initial={"needed": workbench.institution.caregivers_need_factor}),
        "link": link,
        "now": times.now(),
    }
    return render_workbench(request, workbench, "workbench/settings_people.html", context)


@require_POST
@for_managers
def invite(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """A one-time link for a caregiver, shown once: only its hash is kept."""
    _invite, token = invite_caregiver(
        institution=workbench.institution,
        actor=workbench.user,
        now=times.now(),
    )
    return _render_people(request, workbench, request.build_absolute_uri(reverse("directory:invite", args=[token])))


@require_http_methods(["GET", "POST"])
@for_managers
def end(request: HttpRequest, workbench: WorkbenchContext, member: int) -> HttpResponse:
    """Somebody no longer works here: asked once, then done."""
    found = members_of(workbench.institution).filter(pk=member).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return render_workbench(request, workbench, "workbench/settings_people_end.html", {"person": found})
    try:
        end_membership(member=found, actor=workbench.user, now=times.now())
        messages.success(request, _("已停用，这个人不能再进工作台"))
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("workbench:settings-people")


@require_POST
@for_managers
def factor(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Whether caregivers need a second factor too."""
    form = FactorForm(request.POST)
    if form.is_valid():
        set_caregivers_factor(
            institution=workbench.institution,
            needed=form.cleaned_data["needed"],
            actor=workbench.user,
            now=times.now(),
        )
        messages.success(request, _("已保存"))
    return redirect("workbench:settings-people")
