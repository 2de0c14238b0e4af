"""Who works here: what people are called, ends, the second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.people import CaregiverInviteForm, FactorForm, MemberNameForm
from directory.register.models import InstitutionMember
from directory.register.queries.memberships import members_of, waiting_invites
from directory.register.services.members import end_membership, name_member, set_caregivers_factor
from directory.register.workbench import WorkbenchContext, for_managers, for_members, render_workbench


@require_GET
@for_managers
def people(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Members, open invitations, the second factor of caregivers."""
    return render_people(request, workbench, CaregiverInviteForm())


def render_people(request: HttpRequest, workbench: WorkbenchContext, invite_form: CaregiverInviteForm) -> HttpResponse:
    """The list, with the form of a new invitation as it was sent."""
    context = {
        "people": list(members_of(workbench.institution)),
        "invites": list(waiting_invites(workbench.institution)),
        "form": FactorForm(initial={"needed": workbench.institution.caregivers_need_factor}),
        "invite_form": invite_form,
        "now": times.now(),
    }
    return render_workbench(request, workbench, "workbench/settings_people.html", context)


@require_http_methods(["GET", "POST"])
@for_members
def own_name(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """What colleagues call the one who asks."""
    return _ask_name(request, workbench, workbench.member, back="workbench:today")


@require_http_methods(["GET", "POST"])
@for_managers
def name(request: HttpRequest, workbench: WorkbenchContext, member: int) -> HttpResponse:
    """What a colleague is called."""
    return _ask_name(request, workbench, find_member(workbench, member), back="workbench:settings-people")


@require_http_methods(["GET", "POST"])
@for_managers
def end(request: HttpRequest, workbench: WorkbenchContext, member: int) -> HttpResponse:
    """Somebody no longer works here: asked once, then done."""
    found = find_member(workbench, member)
    if request.method == "GET":
        return render_workbench(request, workbench, "workbench/settings_people_end.html", {"person": found})
    try:
        end_membership(member=found, actor=workbench.user, now=times.now())
        messages.success(request, _("已停用 %(name)s，不能再进工作台") % {"name": found.called})
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


def find_member(workbench: WorkbenchContext, pk: int) -> InstitutionMember:
    """Somebody who works in this institution now; anybody else is a 404."""
    found = members_of(workbench.institution).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _ask_name(request: HttpRequest, workbench: WorkbenchContext, member: InstitutionMember, back: str) -> HttpResponse:
    form = MemberNameForm(request.POST or None, initial={"name": member.name})
    if form.is_valid():
        try:
            name_member(member=member, name=form.cleaned_data["name"], actor=workbench.user)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect(back)
    context = {"form": form, "person": member, "back_name": back}
    return render_workbench(request, workbench, "workbench/settings_people_name.html", context)
