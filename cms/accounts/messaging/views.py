"""我的消息."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cms.accounts.messaging.queries.messages import count_unread, message_of, messages_of
from cms.accounts.messaging.services.messages import mark_read
from cms.accounts.models import User
from cms.accounts.own_page import own_act, own_page
from cms.core.calendar.times import now as clock

PAGE_SIZE = 15


@require_safe
@own_page
def message_list(request: HttpRequest, user: User) -> HttpResponse:
    """Newest first, fifteen a page."""
    page = Paginator(messages_of(user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": count_unread(user)}
    return render(request, "accounts/messages.html", context)


@require_safe
@own_page
def message_detail(request: HttpRequest, user: User, message: str) -> HttpResponse:
    """One message in full; opening it marks it as read."""
    row = message_of(user, message)
    if row.read_at is None and request.method == "GET":
        mark_read(user=user, public_ids=[row.public_id], now=clock())
    return render(request, "accounts/message.html", {"message": row})


@own_act
def messages_read(request: HttpRequest, user: User) -> HttpResponse:
    """All at once."""
    mark_read(user=user, now=clock())
    return redirect("me:messages")
