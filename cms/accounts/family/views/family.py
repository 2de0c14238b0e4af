"""Adults of the family: invite, join, leave, and who may fetch the children."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.accounts.family.forms.family import InviteForm, JoinForm, NameForm, PickupForm
from cms.accounts.family.queries.families import (
    children_of,
    is_guardian,
    may_remove,
    members_of,
    open_invites,
    pickup_persons_of,
    pickup_without,
    removable_member,
)
from cms.accounts.family.queries.users import name_for_family
from cms.accounts.family.services import families as service
from cms.accounts.family.services.joining import LeavesFamily, invite_adult, join_family, withdraw_invites
from cms.accounts.family.services.leaving import LastFetcherLeaves, StaysGuardian, leave_family, remove_member
from cms.accounts.family.services.pickup import LastPickupPerson, add_pickup_person, remove_pickup_person
from cms.accounts.models import FamilyMember, User
from cms.accounts.next_url import safe_next
from cms.accounts.origins import address_of
from cms.accounts.own_page import own_act, own_page
from cms.accounts.ports import count_coming_bookings
from cms.core.calendar.times import now as clock
from cms.core.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def family(request: HttpRequest, user: User) -> HttpResponse:
    """Who belongs to the family; POST makes an invite and shows its code once."""
    now = clock()
    own = service.ensure_family(user=user, now=now)
    form = InviteForm(request.POST if request.method == "POST" else None)
    invite = None
    if form.is_bound and form.is_valid():
        try:
            invite = invite_adult(user=user, **form.cleaned_data, now=now)
        except service.GuardianOnly:
            return render(request, "accounts/guardian_only.html", status=403)
        except Refused as refused:
            form.add_refusal(refused)
    rows = [
        (member, name_for_family(member.user), may_remove(own, member, now=now)) for member in members_of(own.family)
    ]
    context = {
        "own": own,
        "rows": rows,
        "form": form,
        "invite": invite,
        "join_url": request.build_absolute_uri(reverse("me:family-join")),
        "open_invites": 0 if invite else open_invites(own.family, now=now).count(),
        "guardian": own.is_guardian,
    }
    return render(request, "accounts/family.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def family_join(request: HttpRequest, user: User) -> HttpResponse:
    """Join by the six digits."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            joined = join_family(user=user, **form.cleaned_data, address=address_of(request), now=clock())
        except LeavesFamily as asks:
            return _ask_to_leave(request, user, asks.member, form)
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("已加入家庭。"))
            if joined.problem:
                messages.warning(request, joined.problem + _("，请和家里的监护人说一声。"))
            return redirect("me:family")
    return render(request, "accounts/family_join.html", {"form": form})


def _ask_to_leave(request: HttpRequest, user: User, member: FamilyMember, form: JoinForm) -> HttpResponse:
    """What joining takes away, before it does; the answer carries what was typed."""
    context = {
        "typed": {**form.cleaned_data, "leaving": member.pk},
        "children": [child.nickname for child in children_of(user)],
        "bookings": count_coming_bookings(user, now=clock()),
        "pickup": pickup_without(member, now=clock()),
    }
    return render(request, "accounts/family_join_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def family_name(request: HttpRequest, user: User) -> HttpResponse:
    """How the family calls the user."""
    own = service.ensure_family(user=user, now=clock())
    initial = {"display_name": user.display_name, "relation": own.relation}
    form = NameForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            service.rename_member(user=user, **form.cleaned_data, now=clock())
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("me:family")
    return render(request, "accounts/family_name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def family_leave(request: HttpRequest, user: User) -> HttpResponse:
    """Leave, after a question that says who then fetches the children."""
    now, problem = clock(), ""
    if request.method == "POST":
        try:
            leave_family(user=user, last_ok=request.POST.get("last_ok") == "1", now=now)
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("已退出家庭。"))
            return redirect("me:home")
    member = service.ensure_family(user=user, now=now)
    context = {"problem": problem, "pickup": pickup_without(member, now=now)}
    return render(request, "accounts/family_leave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def member_remove(request: HttpRequest, user: User, member: int) -> HttpResponse:
    """Let a carer or a new guardian go, after a question."""
    now = clock()
    if request.method == "POST":
        try:
            remove_member(user=user, member_id=member, last_ok=request.POST.get("last_ok") == "1", now=now)
        except LastFetcherLeaves as refused:
            # Somebody else was removed since the question was shown, so it is another question now.
            messages.warning(request, str(refused))
        except (service.GuardianOnly, StaysGuardian, service.FamilyChanged) as refused:
            messages.error(request, str(refused))
            return redirect("me:family")
        else:
            messages.success(request, _("已移出家庭。"))
            return redirect("me:family")
    row = removable_member(user, member, now=now)
    context = {"name": name_for_family(row.user), "member": row, "pickup": pickup_without(row, now=now)}
    return render(request, "accounts/member_remove.html", context)


@own_act
def invites_withdraw(request: HttpRequest, user: User) -> HttpResponse:
    """Put open codes out of use."""
    try:
        withdraw_invites(user=user, now=clock())
    except (service.GuardianOnly, service.FamilyChanged) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("邀请码已作废。"))
    return redirect("me:family")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def pickup(request: HttpRequest, user: User) -> HttpResponse:
    """Who may fetch the children, and a form for one more."""
    guardian = is_guardian(user)
    form = PickupForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            add_pickup_person(user=user, **form.cleaned_data, now=clock())
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(safe_next(request, reverse("me:pickup")))
    context = {
        "persons": list(pickup_persons_of(user)),
        "form": form,
        "guardian": guardian,
        "next": safe_next(request, ""),
    }
    return render(request, "accounts/pickup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def pickup_remove(request: HttpRequest, user: User, person: str) -> HttpResponse:
    """May not fetch any more, after a question that says what it means for the bookings to come."""
    if not is_guardian(user):
        return render(request, "accounts/guardian_only.html", status=403)
    now = clock()
    last_ok = request.POST.get("last_ok") == "1"
    if request.method == "POST":
        try:
            remove_pickup_person(user=user, public_id=person, last_ok=last_ok, now=now)
        except (service.GuardianOnly, service.FamilyChanged) as refused:
            messages.error(request, str(refused))
            return redirect("me:pickup")
        except LastPickupPerson:
            # Somebody else was removed since the question was shown, so it is another question now.
            messages.warning(request, _("只剩这一位能接宝宝了，请再看一遍。"))
        else:
            messages.success(request, _("已删除。"))
            return redirect("me:pickup")
    persons = list(pickup_persons_of(user))
    row = next((row for row in persons if row.public_id == person), None)
    if row is None:
        raise Http404
    bookings = count_coming_bookings(user, now=now) if len(persons) == 1 else 0
    return render(request, "accounts/pickup_remove.html", {"person": row, "bookings": bookings})
