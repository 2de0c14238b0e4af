"""我的: what comes next, the family, and where everything stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.accounts.models import User
from cms.accounts.own_page import own_page
from cms.accounts.phone import mask_phone
from cms.accounts.ports import posts_of
from cms.core.calendar.times import now as clock
from cms.me.queries.overview import overview_of


@require_safe
@own_page
def home(request: HttpRequest, user: User) -> HttpResponse:
    """The next booking first."""
    now = clock()
    context = {"overview": overview_of(user, now=now), "posts": posts_of(user), "phone": mask_phone(user.phone)}
    return render(request, "me/home.html", context)
