"""Attendance and cancelling, for district staff inside the Wagtail admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import permission_required

from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.own_page import signed_in_user
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused
from parenting.classes.forms.staff import CancelSessionForm
from parenting.classes.models import ClassSession
from parenting.classes.queries.signups import attendance, expected
from parenting.classes.queries.staff import staff_session
from parenting.classes.services.attendance import mark_attendance
from parenting.classes.services.publishing import cancel_session

may_run = permission_required("parenting.change_classsession")
CAME_BY_ACT = {"came": True, "absent": False, "undo": None}


def _session(request: HttpRequest, public_id: str) -> ClassSession:
    found = staff_session(request.user, public_id)
    if found is None:
        raise Http404
    return found


@may_run
@never_cache
@require_safe
def attendance_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is expected; prints on one sheet. Looking is logged for each child."""
    session, now = _session(request, public_id), clock()
    signups = list(attendance(session))
    children = [signup.child for signup in signups if signup.child]
    log_child_access(
        children=children,
        actor=signed_in_user(request),
        place=session.organiser,
        district_code=session.district.code,
        purpose="class",
        now=now,
    )
    context = {
        "session": session,
        "signups": signups,
        "begun": session.places.starts_at <= now,
        "over": session.places.ends_at <= now,
    }
    return render(request, "parenting/admin/attendance.html", context)


@may_run
@require_POST
def mark(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mark, or its undoing within ten minutes."""
    session = _session(request, public_id)
    act = request.POST.get("act", "")
    if act not in CAME_BY_ACT:
        raise Http404
    signup = request.POST.get("signup", "")
    try:
        mark_attendance(
            actor=signed_in_user(request), session=session, signup=signup, came=CAME_BY_ACT[act], now=clock()
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("parenting_attendance", public_id)


@may_run
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say why, then everyone signed up is told."""
    session = _session(request, public_id)
    form = CancelSessionForm(request.POST or None)
    count = expected(session).count()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            done = cancel_session(session=session, reason=reason, actor=signed_in_user(request), now=clock())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _said(done=done, families=count))
        return redirect("parenting_attendance", public_id)
    return render(request, "parenting/admin/cancel.html", {"session": session, "form": form, "count": count})


def _said(*, done: bool, families: int) -> str:
    if not done:
        return _("这场课堂之前已经取消，这次没有再通知家庭。")
    return _("已取消，正在通知报了名的家庭。") if families else _("已取消，没有要通知的家庭。")
