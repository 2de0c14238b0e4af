"""隐私与儿童信息: who looked, what was agreed to, where one is signed in, export and erasure."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.accounts.family.components.purposes import purpose_words
from cms.accounts.family.queries.access_log import accesses_of
from cms.accounts.family.queries.consents import decisions_of
from cms.accounts.family.queries.families import children_of, family_of, is_guardian
from cms.accounts.family.services import own_data
from cms.accounts.models import User
from cms.accounts.own_page import own_act, own_page
from cms.accounts.signin.queries.sessions import live_sessions
from cms.accounts.signin.services import tokens
from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused

LOG_PAGE = 20
MAX_DECISIONS = 20
MAX_LINES = 200


@require_safe
@own_page
def privacy(request: HttpRequest, user: User) -> HttpResponse:
    """Everything about the family's data on one page."""
    now = clock()
    family = family_of(user)
    page = Paginator(accesses_of(family), LOG_PAGE).get_page(request.GET.get("page")) if family else None
    context = {
        "page": page,
        "log": [(line, purpose_words(line.purpose)) for line in page] if page else [],
        "decisions": list(decisions_of(family)[:MAX_DECISIONS]) if family else [],
        "children": list(children_of(user)),
        "guardian": is_guardian(user),
        "sessions": list(live_sessions(user, now=now)),
    }
    return render(request, "accounts/privacy.html", context)


@own_act
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The data as a file. By POST, so that no link can make a browser fetch it."""
    now = clock()
    data = own_data.export_own_data(user=user, now=now)
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = _("我的托育资料-%s.json") % local_date(now).isoformat()
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@require_safe
@own_page
def own_data_page(request: HttpRequest, user: User) -> HttpResponse:
    """The same data to read and to print: of each kind the newest, with how many more the file has."""
    sections = [
        (section.title, section.lines[:MAX_LINES], max(0, len(section.lines) - MAX_LINES))
        for section in own_data.describe_own_data(user=user)
    ]
    return render(request, "accounts/own_data.html", {"sections": sections, "now": clock()})


@own_act
def session_end(request: HttpRequest, user: User, session: int) -> HttpResponse:
    """End one sign-in of a mini-program."""
    tokens.revoke_session(user=user, session_id=session)
    messages.success(request, _("已退出那台设备。"))
    return redirect("me:privacy")


@own_act
def sessions_end(request: HttpRequest, user: User) -> HttpResponse:
    """Sign out everywhere, here too."""
    tokens.revoke_everything(user=user)
    logout(request)
    return redirect("accounts:sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def account_close(request: HttpRequest, user: User) -> HttpResponse:
    """Close the account, after a question and only once nothing is to come."""
    problem = ""
    if request.method == "POST":
        try:
            own_data.erase_account(user=user, now=clock())
        except Refused as refused:
            problem = str(refused)
        else:
            logout(request)
            return render(request, "accounts/account_closed.html")
    holds = own_data.find_holds_on_account(user=user, now=clock())
    return render(request, "accounts/account_close.html", {"problem": problem, "holds": holds})
