"""What the institution says of itself: the introduction that it hands in, and the public telephone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.profile import PhoneForm, ProfileForm
from directory.register.queries.profiles import profile_of, returned_to
from directory.register.services.institutions import correct_institution
from directory.register.services.profiles import save_profile_draft, withdraw_introduction
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_http_methods(["GET", "POST"])
@for_managers
def profile(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The introduction: a draft that the district's staff publish."""
    form = ProfileForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        save_profile_draft(
            institution=workbench.institution,
            introduction=form.cleaned_data["introduction"],
            actor=workbench.user,
        )
        messages.success(request, _("草稿已交，区里发布后家长能看到"))
        return redirect("workbench:settings-profile")
    return _render_profile(request, workbench, form=form)


@require_http_methods(["GET", "POST"])
@for_managers
def withdraw(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The draft is taken back: asked once, then done."""
    if request.method == "GET":
        return render_workbench(request, workbench, "workbench/settings_profile_withdraw.html", {})
    try:
        withdraw_introduction(institution=workbench.institution, actor=workbench.user)
        messages.success(request, _("草稿已撤回"))
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("workbench:settings-profile")


@require_POST
@for_managers
def phone(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The public telephone: at once, for parents call it."""
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            correct_institution(
                institution=workbench.institution,
                values={"phone": form.cleaned_data["phone"]},
                actor=workbench.user,
                now=times.now(),
            )
            messages.success(request, _("公开电话已改"))
            return redirect("workbench:settings-profile")
        except Refused as refusal:
            form.add_refusal(refusal)
    return _render_profile(request, workbench, phone_form=form)


def _render_profile(
    request: HttpRequest,
    workbench: WorkbenchContext,
    *,
    form: ProfileForm | None = None,
    phone_form: PhoneForm | None = None,
) -> HttpResponse:
    """Both forms, each as it was sent or else filled with what is stored: of the introduction the latest draft."""
    row = profile_of(workbench.institution)
    latest = row.get_latest_revision_as_object() if row and row.latest_revision_id else row
    returned = returned_to(workbench.institution.pk)
    context = {
        "form": form or ProfileForm(initial={"introduction": latest.introduction if latest else ""}),
        "profile": row,
        "returned": returned,
        "waits": bool(row and row.has_unpublished_changes and not returned),
        "phone_form": phone_form or PhoneForm(initial={"phone": workbench.institution.phone}),
    }
    return render_workbench(request, workbench, "workbench/settings_profile.html", context)
