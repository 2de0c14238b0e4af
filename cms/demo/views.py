"""The developer inbox; its address exists only where the demo app is installed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.accounts.signin.second_factors import PERIOD
from cms.core.calendar.times import now as clock
from cms.demo.queries.inbox import staff_codes, texts


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The texts of today and the codes of the demo's staff, for somebody at this machine."""
    now = clock()
    context = {
        "texts": texts(),
        "codes": staff_codes(seconds=now.timestamp()),
        "seconds_left": PERIOD - int(now.timestamp()) % PERIOD,
    }
    return render(request, "demo/inbox.html", context)
