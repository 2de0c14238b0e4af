"""What every settings page shares: saving with the warning before, and where to go next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.core.display.forms import SiteForm
from cms.core.errors import Refused
from cms.workbench.queries.setup import next_step, setup_steps
from cms.workbench.services.changes import WouldOverbook, apply_change
from directory.register.workbench import WorkbenchContext

SETUP = "setup"


def in_setup(request: HttpRequest) -> bool:
    """Whether the page was reached from the checklist of a new institution."""
    return bool(request.POST.get(SETUP) or request.GET.get(SETUP))


def save_change(
    request: HttpRequest, workbench: WorkbenchContext, form: SiteForm, act: Callable[[], Any]
) -> tuple[bool, WouldOverbook | None]:
    """Save through ``apply_change``: (saved, the warning to show first). Refusals stand at the form."""
    now = times.now()
    try:
        apply_change(
            institution=workbench.institution, act=act, accept_over=bool(request.POST.get("accept_over")), now=now
        )
    except WouldOverbook as warning:
        log_child_access(
            children=[booking.child for booking in warning.bookings if booking.child],
            actor=workbench.user,
            place=workbench.institution.name,
            district_code=workbench.institution.district.code,
            purpose="settings",
            now=now,
        )
        return False, warning
    except Refused as refusal:
        form.add_refusal(refusal)
        return False, None
    return True, None


def setup_frame(request: HttpRequest, workbench: WorkbenchContext, name: str) -> dict[str, Any]:
    """The line 「第 2 步，共 5 步」 while a new institution is led through."""
    if not in_setup(request):
        return {}
    steps = setup_steps(workbench.institution)
    names = [step.name for step in steps]
    return {SETUP: True, "step_number": names.index(name) + 1, "step_total": len(steps), "next": _after(steps, name)}


def _after(steps: list[Any], name: str) -> Any:
    """The step to go on with: the first open one but this."""
    return next((step for step in steps if not step.done and step.name != name), None)


def go_on(request: HttpRequest, workbench: WorkbenchContext, back: str) -> HttpResponse:
    """After saving: the next step of the checklist, or back to ``back`` (a URL name of the workbench)."""
    if not in_setup(request):
        messages.success(request, _("已保存"))
        return redirect(f"workbench:{back}")
    step = next_step(workbench.institution)
    if step is None:
        return redirect("workbench:settings-setup")
    return redirect(f"{reverse(f'workbench:settings-{step.name}')}?{SETUP}=1")
