"""Who works here: invitations, ends, the second factor; and what the institution says of itself."""

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
from cms.workbench.forms.profile import PhoneForm, ProfileForm
from cms.workbench.queries.offering import profile_of
from directory.register.queries.memberships import open_invites, people_of
from directory.register.services.institutions import correct_institution
from directory.register.services.members import end_membership, invite_caregiver, set_caregivers_factor
from directory.register.services.profiles import save_profile_draft
from directory.register.workbench import Desk, for_managers, render_desk


@require_GET
@for_managers
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Members, open invitations, the second factor of caregivers."""
    return _render_people(request, desk)


def _render_people(request: HttpRequest, desk: Desk, link: str = "") -> HttpResponse:
    context = {
        "people": list(people_of(desk.institution)),
        "invites": list(open_invites(desk.institution)),
        "form": FactorForm(initial={"needed": desk.institution.caregivers_need_factor}),
        "link": link,
        "now": times.now(),
    }
    return render_desk(request, desk, "workbench/settings_people.html", context)


@require_POST
@for_managers
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A one-time link for a caregiver, shown once: only its hash is kept."""
    _invite, token = invite_caregiver(
        institution=desk.institution,
        actor=desk.user,
        now=times.now(),
    )
    return _render_people(request, desk, request.build_absolute_uri(reverse("directory:invite", args=[token])))


@require_http_methods(["GET", "POST"])
@for_managers
def end(request: HttpRequest, desk: Desk, member: int) -> HttpResponse:
    """Somebody no longer works here: asked once, then done."""
    found = people_of(desk.institution).filter(pk=member).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return render_desk(request, desk, "workbench/settings_people_end.html", {"person": found})
    try:
        end_membership(member=found, actor=desk.user, now=times.now())
        messages.success(request, _("已停用，这个人不能再进工作台"))
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("workbench:settings-people")


@require_POST
@for_managers
def factor(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whether caregivers need a second factor too."""
    form = FactorForm(request.POST)
    if form.is_valid():
        set_caregivers_factor(
            institution=desk.institution,
            needed=form.cleaned_data["needed"],
            actor=desk.user,
            now=times.now(),
        )
        messages.success(request, _("已保存"))
    return redirect("workbench:settings-people")


@require_http_methods(["GET", "POST"])
@for_managers
def profile(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The introduction: a draft that the district's staff publish."""
    row = profile_of(desk.institution)
    latest = row.get_latest_revision_as_object() if row and row.latest_revision_id else row
    form = ProfileForm(request.POST or None, initial={"introduction": latest.introduction if latest else ""})
    if request.method == "POST" and form.is_valid():
        save_profile_draft(
            institution=desk.institution,
            introduction=form.cleaned_data["introduction"],
            actor=desk.user,
        )
        messages.success(request, _("草稿已交，区里发布后家长能看到"))
        return redirect("workbench:settings-profile")
    context = {
        "form": form,
        "profile": row,
        "waits": bool(row and row.has_unpublished_changes),
        "phone_form": PhoneForm(initial={"phone": desk.institution.phone}),
    }
    return render_desk(request, desk, "workbench/settings_profile.html", context)


@require_POST
@for_managers
def phone(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The public telephone: at once, for parents call it."""
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            correct_institution(
                institution=desk.institution,
                values={"phone": form.cleaned_data["phone"]},
                actor=desk.user,
                now=times.now(),
            )
            messages.success(request, _("公开电话已改"))
            return redirect("workbench:settings-profile")
        except Refused as refusal:
            form.add_refusal(refusal)
    row = profile_of(desk.institution)
    context = {
        "form": ProfileForm(initial={"introduction": row.introduction if row else ""}),
        "profile": row,
        "waits": bool(row and row.has_unpublished_changes),
        "phone_form": form,
    }
    return render_desk(request, desk, "workbench/settings_profile.html", context)
