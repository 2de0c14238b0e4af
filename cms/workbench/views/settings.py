"""The list of settings, and the checklist that leads a new institution to its first booking."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from booking.places.queries.policy import policy_of
from booking.places.services.policies import save_policy
from cms.core.calendar import times
from cms.workbench.forms.policy import PolicyForm
from cms.workbench.queries.setup import setup_steps
from cms.workbench.views.saving import go_on, save_change, setup_frame
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_GET
@for_managers
def index(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """All settings, one form each; on top what is still missing."""
    steps = setup_steps(workbench.institution)
    context = {"steps": steps, "is_ready": all(step.done for step in steps)}
    return render_workbench(request, workbench, "workbench/settings.html", context)


@require_GET
@for_managers
def setup(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The checklist."""
    steps = setup_steps(workbench.institution)
    context = {
        "steps": steps,
        "next": next((step for step in steps if not step.done), None),
        "is_ready": all(step.done for step in steps),
    }
    return render_workbench(request, workbench, "workbench/setup.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def policy(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Booking rules."""
    form = PolicyForm(request.POST or None, policy=policy_of(workbench.institution.pk))
    warning = None
    if request.method == "POST" and form.is_valid():

        def act() -> Any:
            return save_policy(
                institution=workbench.institution, values=form.cleaned_data, now=times.now(), actor=workbench.user
            )

        saved, warning = save_change(request, workbench, form, act)
        if saved:
            return go_on(request, workbench, "settings")
    context = {"form": form, "warning": warning, **setup_frame(request, workbench, "policy")}
    return render_workbench(request, workbench, "workbench/settings_policy.html", context)
