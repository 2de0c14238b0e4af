"""The door of the workbench: members of the institution only, everyone else finds nothing here (404). What is the
manager's own a caregiver is told of (403).

Which institution: the one the page itself names (a hidden field or a parameter, so that a page left open in a second
tab never acts on another house), else the one chosen last in this session, else the only one.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from cms.accounts.models import User
from cms.core.calendar.times import local_date, now
from directory.register import ports
from directory.register.models import Institution, InstitutionMember
from directory.register.queries.memberships import ended_workplace, has_worked, memberships_of
from directory.register.services.members import ManagerOnly

P = ParamSpec("P")
SESSION_KEY = "workbench_institution"
FIELD = "institution"


@dataclass(frozen=True, slots=True)
class WorkbenchContext:
    """Who sits where: the member and the institution of this request."""

    member: InstitutionMember
    user: User
    has_choice: bool

    @property
    def institution(self) -> Institution:
        return self.member.institution

    @property
    def can_manage(self) -> bool:
        return self.member.role == InstitutionMember.Role.MANAGER


WorkbenchView = Callable[Concatenate[HttpRequest, WorkbenchContext, P], HttpResponse]


def for_members(view: WorkbenchView[P]) -> Callable[..., HttpResponse]:
    """Managers and caregivers: today's page, check-in and leaving."""
    return _guard(view, managers_only=False)


def for_managers(view: WorkbenchView[P]) -> Callable[..., HttpResponse]:
    """Managers only; a caregiver is told to ask one."""
    return _guard(view, managers_only=True)


def _guard(view: Callable[..., HttpResponse], *, managers_only: bool) -> Callable[..., HttpResponse]:
    @never_cache
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        members = memberships_of(user)
        if not members:
            return refuse_stranger(request)
        member = _choose(request, members)
        if member is None:
            return redirect("workbench:choose")
        context = WorkbenchContext(member=member, user=user, has_choice=len(members) > 1)
        if managers_only and not context.can_manage:
            return render_workbench(request, context, "workbench/for_managers.html", status=HTTPStatus.FORBIDDEN)
        try:
            return view(request, context, *args, **kwargs)
        except ManagerOnly:  # no longer one since the question above
            raise Http404 from None

    return guarded


def refuse_stranger(request: HttpRequest) -> HttpResponse:
    """Somebody who works nowhere: whoever once did is told whom to ask (403), anybody else finds nothing (404)."""
    if not has_worked(request.user):
        raise Http404
    context = {"ended": ended_workplace(request.user)}
    return render(request, "workbench/former.html", context, status=HTTPStatus.FORBIDDEN)


def _choose(request: HttpRequest, members: list[InstitutionMember]) -> InstitutionMember | None:
    """The membership this request means; None where the user has to choose first."""
    named = request.POST.get(FIELD) or request.GET.get(FIELD)
    if named:
        for member in members:
            if member.institution.public_id == named:
                request.session[SESSION_KEY] = named
                return member
        raise Http404
    if len(members) == 1:
        return members[0]
    last = request.session.get(SESSION_KEY)
    return next((member for member in members if member.institution.public_id == last), None)


def render_workbench(
    request: HttpRequest,
    workbench: WorkbenchContext,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the workbench with what its frame needs."""
    frame = {
        "workbench": workbench,
        "institution": workbench.institution,
        "can_manage": workbench.can_manage,
        "has_choice": workbench.has_choice,
        "sections": _sections(request, workbench),
        "rectification": rectification_of(workbench.institution, local_date(now())),
    }
    return render(request, template, {**frame, **(context or {})}, status=status)


@dataclass(frozen=True, slots=True)
class Rectification:
    """What every page of the workbench says while the institution is under rectification."""

    closes: bool
    district: str
    from_date: dt.date | None
    until_date: dt.date | None
    is_overdue: bool


def rectification_of(institution: Institution, today: dt.date) -> Rectification | None:
    """The rectification under way, None where there is none; the day of its deadline is not overdue."""
    if institution.state != Institution.State.RECTIFICATION:
        return None
    until = institution.rectification_until_date
    return Rectification(
        closes=not institution.looks_after_children,
        district=institution.district.name,
        from_date=institution.rectification_from_date,
        until_date=until,
        is_overdue=until is not None and until < today,
    )


def _sections(request: HttpRequest, workbench: WorkbenchContext) -> list[dict[str, Any]]:
    """What the member may open, in order, and which one the page belongs to."""
    found = request.resolver_match
    here = f"{found.namespace}:{found.url_name}" if found else ""
    shown = [each for each in ports.workbench_sections.all().values() if workbench.can_manage or not each.managers_only]
    return [
        {"label": each.label, "url_name": each.url_name, "current": here.startswith(each.url_name)}
        for each in sorted(shown, key=lambda each: each.order)
    ]
