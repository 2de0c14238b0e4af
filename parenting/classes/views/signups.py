"""Signing up and cancelling by a parent."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.accounts.family.queries.families import children_of
from cms.accounts.models import User
from cms.accounts.own_page import signed_in_user
from cms.core.calendar.reminders import REMIND_FROM
from cms.core.calendar.times import at, local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import NotFound, Refused
from parenting.classes.forms.signup import SignUpForm
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.queries.signups import coming_signups, my_signups, past_signups, signups_of
from parenting.classes.services.signups import cancel_signup, sign_up
from parenting.classes.views.sessions import PAGE_SIZE, describe, others_for, session_or_404


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def signup(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check who comes, then take the place."""
    user, session, now = signed_in_user(request), session_or_404(public_id), clock()
    children = list(children_of(user))
    mine = list(my_signups(user, session=session))
    if request.method == "GET" and mine:
        # Whoever has a place is not asked again; the same form sent twice still answers the same.
        children = others_for(session, mine, children)
        if not children:
            return redirect(session.get_absolute_url())
    form = SignUpForm(request.POST or None, children=children, session=session)
    if request.method == "POST" and (not children or form.is_valid()):
        try:
            sign_up(user=user, session=public_id, child=form.cleaned_data.get("child") if children else None, now=now)
        except NotFound as error:
            raise Http404 from error
        except Refused as refused:
            form.add_refusal(refused)
        else:
            return redirect("parenting:signup-done", public_id)
    needs_child = not children and session.kind == ClassSession.Kind.PARENT_CHILD_ACTIVITY
    context = {"session": session, "form": form, "needs_child": needs_child, "here": request.path}
    return render(request, "parenting/signup.html", {**context, **describe(session, now=now)})


@login_required
@never_cache
@require_safe
def signup_done(request: HttpRequest, public_id: str) -> HttpResponse:
    """The confirmation: the date itself, in the largest type."""
    session = session_or_404(public_id)
    mine = list(my_signups(signed_in_user(request), session=session))
    if not mine:
        return redirect(session.get_absolute_url())
    context = {"session": session, "mine": mine, "reminder": reminder_moment(session, mine)}
    return render(request, "parenting/signup_done.html", context)


def reminder_moment(session: ClassSession, mine: list[ClassSignup]) -> dt.datetime | None:
    """When the reminder comes; None for a place taken after that moment."""
    moment = at(local_date(session.places.starts_at) - dt.timedelta(days=1), REMIND_FROM)
    return moment if max(signup.created_at for signup in mine) < moment else None


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def signup_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once, then give the place back; which one stands in the address and in the form."""
    user, session = signed_in_user(request), session_or_404(public_id)
    if request.method == "POST":
        return _give_back(request, user, session)
    mine = list(my_signups(user, session=session))
    named = request.GET.get("child")
    chosen = [signup for signup in mine if named is None or _child_id(signup) == named]
    if len(chosen) != 1:
        return redirect(session.get_absolute_url())
    return _ask(request, session, child=_child_id(chosen[0]), signup=chosen[0])


def _give_back(request: HttpRequest, user: User, session: ClassSession) -> HttpResponse:
    child = request.POST.get("child")
    try:
        cancel_signup(user=user, session=session.public_id, child=child, now=clock())
    except NotFound as error:
        raise Http404 from error
    except Refused as refused:
        found = list(signups_of(user, session=session.public_id, child=child).select_related("child"))
        # Of several children none is meant: the first one would be a guess.
        signup = found[0] if len({one.child_id for one in found}) == 1 else None
        return _ask(request, session, child=child, signup=signup, problem=str(refused))
    return redirect(f"{reverse('parenting:my-sessions')}?cancelled=1")


def _ask(
    request: HttpRequest, session: ClassSession, *, child: str | None, signup: ClassSignup | None, problem: str = ""
) -> HttpResponse:
    context = {"session": session, "signup": signup, "child": child, "problem": problem}
    return render(request, "parenting/signup_cancel.html", context)


def _child_id(signup: ClassSignup) -> str:
    """The public id of the child, "" for the adult alone."""
    return signup.child.public_id if signup.child else ""


@login_required
@never_cache
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """我的课堂: places to come first, then those that are over."""
    user, now = signed_in_user(request), clock()
    past = Paginator(past_signups(user, now=now), PAGE_SIZE).get_page(request.GET.get("page"))
    coming = coming_signups(user, now=now)
    context = {"coming": coming, "past": past, "cancelled": "cancelled" in request.GET}
    return render(request, "parenting/my_sessions.html", context)
