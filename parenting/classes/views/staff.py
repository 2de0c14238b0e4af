"""Attendance and cancelling, for district staff inside the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import permission_required

from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.own_page import signed_in_user
from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from cms.core.display.forms import STALE, SeenForm
from cms.core.errors import NotFound, Refused
from directory.register.queries.impact import Impact
from parenting.classes.forms.staff import CancelSessionForm, SessionNoteForm
from parenting.classes.models import ClassSession
from parenting.classes.queries.impact import impact_of_cancelling
from parenting.classes.queries.signups import attendance, called_off
from parenting.classes.queries.staff import staff_session
from parenting.classes.refusals import SignedUpMeanwhile
from parenting.classes.services.attendance import mark_attendance, note_session
from parenting.classes.services.contacts import reveal_contacts
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
    return _attendance_page(request, _session(request, public_id))


def _attendance_page(request: HttpRequest, session: ClassSession, **more: Any) -> HttpResponse:
    now, is_off = clock(), session.places.cancelled_at is not None
    signups = list(called_off(session) if is_off else attendance(session))
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
        "families": len({signup.family_id for signup in signups}),
        "is_day": local_date(session.places.starts_at) <= local_date(now),
        "begun": session.places.starts_at <= now,
        "over": session.places.ends_at <= now,
        "may_call": child_visible_on(local_date(session.places.starts_at), now),
        "note_form": SessionNoteForm(initial={"walk_ins": session.places.walk_ins, "note": session.places.note}),
        **more,
    }
    return render(request, "parenting/admin/attendance.html", context)


@may_run
@never_cache
@require_POST
def call(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list again, with the numbers of one family."""
    session, signup = _session(request, public_id), request.POST.get("signup", "")
    try:
        contacts = reveal_contacts(actor=signed_in_user(request), session=session, signup=signup, now=clock())
    except NotFound as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("parenting_attendance", public_id)
    return _attendance_page(request, session, called=signup, contacts=contacts)


@may_run
@never_cache
@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who came without a sign-up, and what is to be remembered."""
    session, form = _session(request, public_id), SessionNoteForm(request.POST)
    if not form.is_valid():
        return _attendance_page(request, session, note_form=form)
    try:
        note_session(actor=signed_in_user(request), session=session, now=clock(), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已记下。"))
    return redirect("parenting_attendance", public_id)


@may_run
@require_POST
def mark(request: HttpRequest, public_id: str) -> HttpResponse:
    """One mark, or its undoing within ten minutes."""
    session = _session(request, public_id)
    act = request.POST.get("act", "")
    if act not in CAME_BY_ACT:
        raise Http404
    form, came = SeenForm(request.POST), CAME_BY_ACT[act]
    if came is None and not form.is_valid():
        messages.error(request, str(STALE))
        return redirect("parenting_attendance", public_id)
    try:
        mark_attendance(
            actor=signed_in_user(request),
            session=session,
            signup=request.POST.get("signup", ""),
            came=came,
            seen=form.cleaned_data["seen"] if came is None else None,
            now=clock(),
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
    if request.method == "POST" and form.is_valid():
        try:
            ended = cancel_session(session=session, actor=signed_in_user(request), now=clock(), **form.given)
        except SignedUpMeanwhile as refused:
            form.add_refusal(refused)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("parenting_attendance", public_id)
        else:
            messages.success(request, _said(ended))
            return redirect("parenting_attendance", public_id)
    places = session.places
    if places.cancelled_at is not None and not places.taken_down:
        told = called_off(session).values("family").distinct().count()
        return render(request, "parenting/admin/cancelled.html", {"session": session, "families": told})
    context = {"session": session, "form": form, "impact": impact_of_cancelling(session)}
    return render(request, "parenting/admin/cancel.html", context)


def _said(ended: Impact | None) -> str:
    if ended is None:
        return _("这场课堂之前已经取消，这次没有再通知家庭。")
    return _("已取消，正在通知 %d 家。") % ended.families if ended.families else _("已取消，没有要通知的家庭。")
