"""Signing up and cancelling by a parent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.accounts.models import User
from cms.core.calendar.times import now as clock
from cms.core.errors import NotFound, Refused
from parenting.classes.forms.signup import SignUpForm
from parenting.classes.models import ClassSession
from parenting.classes.queries.signups import children_of, my_signups
from parenting.classes.services.signups import cancel_signup, sign_up
from parenting.classes.views.sessions import describe, session_or_404


def _visitor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def signup(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check who comes, then take the place."""
    user, session, now = _visitor(request), session_or_404(public_id), clock()
    children = children_of(user)
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
    mine = list(my_signups(_visitor(request), session=session))
    if not mine:
        return redirect(session.get_absolute_url())
    return render(request, "parenting/signup_done.html", {"session": session, "mine": mine})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def signup_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask once, then give the place back."""
    user, session, now = _visitor(request), session_or_404(public_id), clock()
    mine = list(my_signups(user, session=session))
    if not mine:
        return redirect(session.get_absolute_url())
    wanted = request.GET.get("child") or request.POST.get("child") or ""
    chosen = next((s for s in mine if s.child and s.child.public_id == wanted), mine[0])
    problem = ""
    if request.method == "POST":
        child = chosen.child.public_id if chosen.child else None
        try:
            cancel_signup(user=user, session=public_id, child=child, now=now)
        except Refused as refused:
            problem = str(refused)
        else:
            return redirect(f"{reverse('parenting:my-sessions')}?cancelled=1")
    return render(request, "parenting/signup_cancel.html", {"session": session, "signup": chosen, "problem": problem})


@login_required
@never_cache
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """我的课堂: places to come first, then those that are over."""
    now = clock()
    found = list(my_signups(_visitor(request)))
    coming = [s for s in found if s.booking.ends_at > now]
    past = [s for s in reversed(found) if s.booking.ends_at <= now][:20]
    context = {"coming": coming, "past": past, "cancelled": "cancelled" in request.GET}
    return render(request, "parenting/my_sessions.html", context)
