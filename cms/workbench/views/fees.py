"""What a product costs: a fee from a day on, put right until families booked with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.places.queries.policy import policy_of
from cms.core.calendar import times
from cms.core.errors import Refused
from cms.workbench.forms.fees import FEE_LABELS, FeeForm
from cms.workbench.queries.offering import fee_of, product_of
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct, ProductFee
from directory.register.queries.fees import changeable_fees, current_fees, fees_of, kinds_with_fees
from directory.register.services.fees import remove_fee, save_fee
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_http_methods(["GET", "POST"])
@for_managers
def fee_add(request: HttpRequest, workbench: WorkbenchContext, product: str) -> HttpResponse:
    """A new fee from a day on."""
    return _fee_form(request, workbench, _product(workbench, product), None)


@require_http_methods(["GET", "POST"])
@for_managers
def fee_edit(request: HttpRequest, workbench: WorkbenchContext, product: str, fee: int) -> HttpResponse:
    """Put a fee right with which nobody booked."""
    row = _fee(workbench, product, fee)
    return _fee_form(request, workbench, row.product, row)


@require_POST
@for_managers
def fee_remove(request: HttpRequest, workbench: WorkbenchContext, product: str, fee: int) -> HttpResponse:
    """Take such a fee back."""
    row = _fee(workbench, product, fee)
    try:
        remove_fee(fee=row, actor=workbench.user, now=times.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    else:
        messages.success(request, _("已删除"))
    return redirect("workbench:settings-product", product)


def fees_context(product: CareProduct, now: dt.datetime) -> dict[str, Any]:
    """The fees of a product, the latest first, and which of them can still be changed."""
    fees, today = fees_of(product), times.local_date(now)
    current = current_fees(fees, today)
    asked = [fee for fee in fees if fee.from_date > today or fee in current]
    open_fees = changeable_fees(product, asked, fees)
    for fee in fees:
        fee.product = product
    return {
        "fees": [
            {
                "fee": fee,
                "current": fee in current,
                "open": fee in open_fees,
            }
            for fee in fees
        ],
        "today": today,
    }


def _fee_form(
    request: HttpRequest, workbench: WorkbenchContext, product: CareProduct, fee: ProductFee | None
) -> HttpResponse:
    policy, now = policy_of(workbench.institution.pk), times.now()
    form = FeeForm(
        request.POST or None,
        mode=product.mode,
        step=policy.step_minutes,
        kinds=kinds_with_fees(product),
        today=times.local_date(now),
        fee=fee,
    )
    if request.method == "POST" and form.is_valid():
        try:
            values, step = form.fee_values, policy.step_minutes
            save_fee(product=product, fee=fee, values=values, step=step, actor=workbench.user, now=now)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("已保存"))
            return redirect("workbench:settings-product", product.public_id)
    context = {"form": form, "product": product, "fee": fee}
    return render_workbench(request, workbench, "workbench/settings_fee.html", context)


def _product(workbench: WorkbenchContext, public_id: str) -> CareProduct:
    found = product_of(workbench.institution, public_id)
    if found is None or CareMode(found.mode) not in FEE_LABELS:
        raise Http404
    return found


def _fee(workbench: WorkbenchContext, product: str, pk: int) -> ProductFee:
    found = fee_of(_product(workbench, product), pk)
    if found is None:
        raise Http404
    return found
