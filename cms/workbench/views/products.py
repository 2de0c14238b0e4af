"""Ways to be looked after, and their fees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from booking.places.models import BookingPolicy
from booking.places.queries.policy import policy_of
from cms.core.calendar import times
from cms.workbench.forms.products import BOOKABLE, NewProductForm, ProductForm
from cms.workbench.queries.offering import priced_products, product_of
from cms.workbench.views.fees import fees_context
from cms.workbench.views.saving import SETUP, go_on, in_setup, save_change, setup_frame
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct
from directory.register.services.modes import may_offer
from directory.register.services.offering import save_product
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench

MODES = [(mode.value, mode.label) for mode in BOOKABLE]


@require_GET
@for_managers
def product_list(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """All products, and which mode to add."""
    today = times.local_date(times.now())
    offered = may_offer(workbench.institution, today)
    context = {
        "today": today,
        "products": priced_products(workbench.institution, dict(MODES), today=today),
        "modes": [(mode, label) for mode, label in MODES if mode in offered],
        "step_minutes": policy_of(workbench.institution.pk).step_minutes,
        **setup_frame(request, workbench, "products"),
    }
    return render_workbench(request, workbench, "workbench/settings_products.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def product_add(request: HttpRequest, workbench: WorkbenchContext, mode: str) -> HttpResponse:
    """A new product of a mode."""
    if mode not in dict(MODES) or mode not in may_offer(workbench.institution, times.local_date(times.now())):
        raise Http404
    return _product_form(request, workbench, mode, None)


@require_http_methods(["GET", "POST"])
@for_managers
def product_edit(request: HttpRequest, workbench: WorkbenchContext, product: str) -> HttpResponse:
    """One product."""
    found = product_of(workbench.institution, product)
    if found is None or found.mode not in dict(MODES):
        raise Http404
    return _product_form(request, workbench, found.mode, found)


def _product_form(
    request: HttpRequest, workbench: WorkbenchContext, mode: str, product: CareProduct | None
) -> HttpResponse:
    policy, now = policy_of(workbench.institution.pk), times.now()
    form = _form(request, mode, product, policy, times.local_date(now))
    warning = None
    if request.method == "POST" and form.is_valid():

        def act() -> Any:
            return save_product(
                institution=workbench.institution,
                product=product,
                values=form.values,
                fee=form.fee_values if isinstance(form, NewProductForm) else None,
                step=policy.step_minutes,
                actor=workbench.user,
                now=now,
            )

        saved, warning = save_change(request, workbench, form, act)
        if saved and in_setup(request):
            return redirect(f"{reverse('workbench:settings-products')}?{SETUP}=1")
        if saved:
            return go_on(request, workbench, "settings-products")
    context = {
        "form": form,
        "product": product,
        "mode_label": CareMode(mode).label,
        "warning": warning,
        **(fees_context(product, now) if product else {}),
        "step_minutes": policy.step_minutes,
        **setup_frame(request, workbench, "products"),
    }
    return render_workbench(request, workbench, "workbench/settings_product.html", context)


def _form(
    request: HttpRequest, mode: str, product: CareProduct | None, policy: BookingPolicy, today: dt.date
) -> ProductForm | NewProductForm:
    data, raster = request.POST or None, policy.raster_minutes
    if product:
        return ProductForm(data, mode=mode, product=product, raster=raster)
    return NewProductForm(data, mode=mode, raster=raster, step=policy.step_minutes, today=today)
