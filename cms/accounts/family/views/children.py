"""Children: entered after the guardian's consent, corrected, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.accounts.family.components.child_lines import THIRD_BIRTHDAY, child_line
from cms.accounts.family.forms.children import ChildForm, ConsentForm
from cms.accounts.family.queries.consents import current_text
from cms.accounts.family.queries.families import child_of, children_of, is_guardian
from cms.accounts.family.services import children as service
from cms.accounts.family.services.consents import refuse_consent, renew_consent, require_current
from cms.accounts.models import Child, User
from cms.accounts.next_url import safe_next
from cms.accounts.own_page import own_page
from cms.core.calendar.times import age_in_months, local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused
from cms.core.runtime.kernel_ports import DataHold


@require_safe
@own_page
def children(request: HttpRequest, user: User) -> HttpResponse:
    """All children of the family."""
    today = local_date(clock())
    context = {"lines": [child_line(child, today) for child in children_of(user)], "guardian": is_guardian(user)}
    return render(request, "accounts/children.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def child_add(request: HttpRequest, user: User) -> HttpResponse:
    """First the text and the guardian's answer, then the child; nothing is kept before both."""
    if not is_guardian(user):
        return render(request, "accounts/guardian_only.html", {"next": safe_next(request, "")}, status=403)
    act = request.POST.get("act", "")
    if act == "save":
        return _save_child(request, user)
    form = ConsentForm(request.POST) if act == "agree" else None
    problem: Refused | None = None
    try:
        if act == "refuse":
            refuse_consent(user=user, version=request.POST.get("version", ""), now=clock())
            return render(request, "accounts/consent_refused.html", {"next": safe_next(request, "")})
        if form is not None and form.is_valid():
            text = require_current(form.cleaned_data["version"])
            return _child_page(request, ChildForm(), version=text.version)
    except Refused as refused:
        form, problem = None, refused
    return _text_page(request, form, problem, renewal=False)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def child_edit(request: HttpRequest, user: User, child: str) -> HttpResponse:
    """Correct the record."""
    row = child_of(user, child)
    if not is_guardian(user):
        return render(request, "accounts/guardian_only.html", {"next": safe_next(request, "")}, status=403)
    form = ChildForm(request.POST) if request.method == "POST" else ChildForm.of(row)
    holds: list[DataHold] = []
    if form.is_bound and form.is_valid():
        try:
            changed = service.change_child(user=user, child=child, details=form.details(), now=clock())
        except Refused as refused:
            form.add_refusal(refused)
            holds = refused.holds if isinstance(refused, service.StillNeeded) else []
        else:
            messages.success(request, _("已保存。"))
            _tell_of_age(request, changed)
            return HttpResponseRedirect(safe_next(request, reverse("me:children")))
    context = {"form": form, "child": row, "holds": holds, "next": safe_next(request, "")}
    return render(request, "accounts/child_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def child_delete(request: HttpRequest, user: User, child: str) -> HttpResponse:
    """Delete a record, or withdraw the consent to it (`act=withdraw`): the record goes either way."""
    row = child_of(user, child)
    if not is_guardian(user):
        return render(request, "accounts/guardian_only.html", status=403)
    withdraw = (request.POST.get("act") or request.GET.get("act")) == "withdraw"
    problem = ""
    if request.method == "POST":
        try:
            service.erase_child(user=user, child=child, withdraw=withdraw, now=clock())
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("已撤回同意，宝宝的资料已删除。") if withdraw else _("宝宝的资料已删除。"))
            return redirect("me:children")
    holds = service.find_holds_on_child(user=user, child=row, now=clock())
    context = {"child": row, "holds": holds, "problem": problem, "withdraw": withdraw}
    return render(request, "accounts/child_delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def consent_renew(request: HttpRequest, user: User) -> HttpResponse:
    """The text changed: the guardian answers again for the children entered already."""
    if not is_guardian(user):
        return render(request, "accounts/guardian_only.html", status=403)
    form = ConsentForm(request.POST) if request.method == "POST" else None
    problem: Refused | None = None
    try:
        if request.POST.get("act") == "refuse":
            refuse_consent(user=user, version=request.POST.get("version", ""), now=clock())
            return redirect("me:privacy")
        if form is not None and form.is_valid():
            renew_consent(user=user, version=form.cleaned_data["version"], now=clock())
            messages.success(request, _("已记下您的同意。"))
            return redirect("me:home")
    except Refused as refused:
        form, problem = None, refused
    return _text_page(request, form, problem, renewal=True)


def _save_child(request: HttpRequest, user: User) -> HttpResponse:
    form = ChildForm(request.POST)
    version = request.POST.get("version", "")
    if form.is_valid():
        try:
            child = service.add_child(user=user, details=form.details(), consent_version=version, now=clock())
        except service.ConsentRequired:
            return redirect(f"{reverse('me:child-add')}")
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("已登记%(name)s。") % {"name": child.nickname})
            _tell_of_age(request, child)
            return HttpResponseRedirect(safe_next(request, reverse("me:children")))
    return _child_page(request, form, version=version)


def _tell_of_age(request: HttpRequest, child: Child) -> None:
    """A wrong year is found at once, not when a booking is refused."""
    if age_in_months(child.birth_date, local_date(clock())) >= THIRD_BIRTHDAY:
        words = _("按出生日期，%(name)s已满 3 岁，这里约不了托育。如果是年份填错了，请点「更正」改一下。")
        messages.warning(request, words % {"name": child.nickname})


def _child_page(request: HttpRequest, form: ChildForm, *, version: str) -> HttpResponse:
    context = {"form": form, "version": version, "child": None, "next": safe_next(request, "")}
    return render(request, "accounts/child_form.html", context)


def _text_page(
    request: HttpRequest, form: ConsentForm | None, problem: Refused | None, *, renewal: bool
) -> HttpResponse:
    """The text in force, to answer; after a refused answer with the reason, and to be answered from the beginning."""
    text = current_text()
    context = {
        "form": form or ConsentForm(initial={"version": text.version}),
        "problem": str(problem or ""),
        "text": text,
        "next": "" if renewal else safe_next(request, ""),
        "renewal": renewal,
    }
    return render(request, "accounts/consent.html", context)
