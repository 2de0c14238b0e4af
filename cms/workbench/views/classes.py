"""Classes, their hours, and the places of regular children."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from booking.places.queries.policy import policy_of
from cms.core.calendar import times
from cms.workbench.forms.classes import ClassGroupForm
from cms.workbench.forms.hours import RegularForm, WeekForm
from cms.workbench.queries.offering import class_group_of, class_groups_of
from cms.workbench.views.saving import SETUP, go_on, in_setup, save_change, setup_frame
from directory.register.models import ClassGroup
from directory.register.services.offering import save_class_group, save_opening_rules, save_regular_places
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench

NAMES = ("kind", "name", "places", "caregivers", "active")


@require_GET
@for_managers
def class_list(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """All classes, with what each may look after."""
    groups = list(class_groups_of(workbench.institution))
    if in_setup(request) and not groups:
        return redirect(f"{reverse('workbench:settings-class-add')}?{SETUP}=1")
    context = {"groups": groups, **setup_frame(request, workbench, "classes")}
    return render_workbench(request, workbench, "workbench/settings_classes.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def class_add(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """A new class."""
    return _class_form(request, workbench, None)


@require_http_methods(["GET", "POST"])
@for_managers
def class_edit(request: HttpRequest, workbench: WorkbenchContext, group: str) -> HttpResponse:
    """One class: caregivers, places, open or not."""
    found = class_group_of(workbench.institution, group)
    if found is None:
        raise Http404
    return _class_form(request, workbench, found)


def _class_form(request: HttpRequest, workbench: WorkbenchContext, group: ClassGroup | None) -> HttpResponse:
    initial = {name: getattr(group, name) for name in NAMES} if group else {}
    form = ClassGroupForm(request.POST or None, initial=initial, is_new=group is None)
    warning = None
    if request.method == "POST" and form.is_valid():

        def act() -> Any:
            return save_class_group(
                institution=workbench.institution,
                class_group=group,
                values=form.cleaned_data,
                actor=workbench.user,
                now=times.now(),
            )

        saved, warning = save_change(request, workbench, form, act)
        if saved and in_setup(request):
            return redirect(f"{reverse('workbench:settings-classes')}?{SETUP}=1")
        if saved:
            return go_on(request, workbench, "settings-classes")
    context = {"form": form, "group": group, "warning": warning, **setup_frame(request, workbench, "classes")}
    return render_workbench(request, workbench, "workbench/settings_class.html", context)


@require_GET
@for_managers
def hours_list(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The week of each class; with one class, or in the checklist, straight to its form."""
    groups = [group for group in class_groups_of(workbench.institution) if group.active]
    todo = next((group for group in groups if not group.opening_rules.all()), None)
    if in_setup(request) and todo:
        return redirect(f"{reverse('workbench:settings-hours-edit', args=[todo.public_id])}?{SETUP}=1")
    context = {"groups": groups, **setup_frame(request, workbench, "hours")}
    return render_workbench(request, workbench, "workbench/settings_hours.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def hours_edit(request: HttpRequest, workbench: WorkbenchContext, group: str) -> HttpResponse:
    """Seven weekdays of one class."""
    found = class_group_of(workbench.institution, group)
    if found is None:
        raise Http404
    rules = sorted(found.opening_rules.all(), key=lambda rule: rule.weekday)
    form = WeekForm(request.POST or None, rules=rules, raster=policy_of(workbench.institution.pk).raster_minutes)
    warning = None
    if request.method == "POST" and form.is_valid():

        def act() -> Any:
            return save_opening_rules(
                class_group=found,
                hours=form.hours,
                actor=workbench.user,
                now=times.now(),
            )

        saved, warning = save_change(request, workbench, form, act)
        if saved:
            return go_on(request, workbench, "settings-hours")
    context = {"form": form, "group": found, "warning": warning, **setup_frame(request, workbench, "hours")}
    return render_workbench(request, workbench, "workbench/settings_week.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def regular(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Places that regular children take, by class and weekday."""
    groups = [group for group in class_groups_of(workbench.institution) if group.active]
    form = RegularForm(request.POST or None, groups=groups)
    warning = None
    if request.method == "POST" and form.is_valid():

        def act() -> Any:
            return save_regular_places(
                institution=workbench.institution,
                places=form.places,
                actor=workbench.user,
                now=times.now(),
            )

        saved, warning = save_change(request, workbench, form, act)
        if saved:
            return go_on(request, workbench, "settings")
    context = {"form": form, "warning": warning, **setup_frame(request, workbench, "regular")}
    return render_workbench(request, workbench, "workbench/settings_regular.html", context)
