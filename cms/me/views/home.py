"""我的: what comes next, the family, and where everything stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.accounts.family.components.child_lines import child_line
from cms.accounts.models import User
from cms.accounts.own_page import own_page
from cms.accounts.phone import mask_phone
from cms.accounts.ports import posts_of
from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from cms.me.components.next_booking import next_words
from cms.me.queries.overview import overview_of


@require_safe
@own_page
def home(request: HttpRequest, user: User) -> HttpResponse:
    """The next booking first."""
    now = clock()
    overview = overview_of(user, now=now)
    today = local_date(now)
    context = {
        "overview": overview,
        "next": [(booking, next_words(booking, now=now)) for booking in overview.next_bookings],
        "children": [child_line(child, today) for child in overview.children],
        "pickup": "、".join(person.relation or person.name for person in overview.pickup),
        "posts": posts_of(user),
        "phone": mask_phone(user.phone),
    }
    return render(request, "me/home.html", context)
