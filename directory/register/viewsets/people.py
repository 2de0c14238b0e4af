"""Who works at the institutions of a district, and who was invited: named, reset, let go, taken back."""

from __future__ import annotations

from typing import Any, NoReturn

import django_filters
from django import forms
from django.conf import settings
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn

from cms.accounts.signin.forms.resets import PASSWORD
from cms.core.web.staff_admin import ScopedFilterSet
from directory.districts.forms.resets import AccountResetForm
from directory.districts.viewsets.acts import Act, ActView, Secret
from directory.districts.viewsets.listing import ActsColumn, ScopedIndexView
from directory.districts.viewsets.resets import RESET_WORDS, account_state, fresh_start
from directory.districts.viewsets.scoped import DistrictViewSet
from directory.register.forms.people import PersonNameForm
from directory.register.models import Institution, InstitutionMember, StaffInvite
from directory.register.services import invites, members, resets


def invite_link(token: str) -> str:
    """The address of an invitation, as it is sent."""
    return settings.SITE_URL.rstrip("/") + reverse("directory:invite", args=[token])


def invite_secret(token: str) -> Secret:
    """The link of an invitation on a page of its own."""
    return Secret(
        _("邀请链接"),
        _("请把链接发给机构负责人，7 天内有效，只能用一次。谁打开谁就能加入，请只发给本人。"),
        invite_link(token),
    )


def _name(*, instance: InstitutionMember, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    members.name_member_by_district(member=instance, name=data["name"], actor=actor)


def _end(*, instance: InstitutionMember, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    members.end_membership_by_district(member=instance, actor=actor, now=now)


def _reset(*, instance: InstitutionMember, data: dict[str, Any], actor: Any, now: Any, request: Any) -> Any:
    keeps = data.get("lost") == PASSWORD
    seen = data["seen"]
    return fresh_start(
        resets.reset_member_by_district(member=instance, seen=seen, keeps_factor=keeps, actor=actor, now=now)
    )


def _take_back(*, instance: StaffInvite, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    invites.take_back_by_district(invite=instance, actor=actor, now=now)


def _show_link(*, instance: StaffInvite, data: dict[str, Any], actor: Any, now: Any, request: Any) -> Secret:
    return invite_secret(invites.read_token(invite=instance, now=now))


class OfInstitution(ScopedFilterSet):
    """The people of one institution: its page leads here."""

    institution = django_filters.ModelChoiceFilter(
        label=_("托育机构"), queryset=Institution.objects.order_by("name"), widget=forms.HiddenInput
    )


class MemberFilterSet(OfInstitution):
    """Where somebody works, and as what."""

    class Meta:
        model = InstitutionMember
        fields = ("institution", "role", "institution__district")


class InviteFilterSet(OfInstitution):
    """Where somebody is invited, and as what."""

    class Meta:
        model = StaffInvite
        fields = ("institution", "role", "institution__district")


class MemberIndexView(ScopedIndexView):
    """Those who work there now."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().filter(ended_at__isnull=True)


class InviteIndexView(ScopedIndexView):
    """Those that nobody has used."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().filter(used_at__isnull=True, taken_back_at__isnull=True)


class PersonActView(ActView):
    """An act on a person or an invitation: called by name, and back to the list of the institution."""

    def called(self) -> str:
        name = self.object.called or self.object.get_role_display()
        return f"{name}（{self.object.institution.name}）"

    def back_url(self) -> str:
        return f"{reverse(self.index_url_name)}?{urlencode({'institution': self.object.institution_id})}"


class PeopleViewSet(DistrictViewSet):
    """What both lists share: acts alone, without pages of rows; the history is the institution's."""

    adds = False
    edits = False
    act_view_class = PersonActView
    search_fields = ("institution__name",)

    def form_class_for(self, *, for_update: bool) -> NoReturn:
        raise NotImplementedError

    def save(self, *, form: Any, instance: Any, actor: Any, now: Any) -> NoReturn:
        raise NotImplementedError

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common = super().get_common_view_kwargs(**kwargs)
        common.pop("history_url_name", None)
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [each for each in super().get_urlpatterns() if each.name not in ("history", "history_results")]


class MemberViewSet(PeopleViewSet):
    """Who works at which institution."""

    model = InstitutionMember
    name = "institution-members"
    icon = "group"
    menu_label = _("机构人员")
    menu_order = 150
    related = ("institution", "user")
    index_view_class = MemberIndexView
    filterset_class = MemberFilterSet
    list_display = (
        ActsColumn("called", label=_("姓名")),
        Column("account", label=_("账号")),
        Column("get_role_display", label=_("身份")),
        Column("institution", label=_("机构")),
        DateColumn("created_at", label=_("加入")),
    )
    ordering = ("institution__name", "-role", "pk")
    acts = (
        Act(
            "name",
            _("改姓名"),
            _("写机构里怎么称呼这个人。"),
            "directory.change_institutionmember",
            _name,
            PersonNameForm,
            given=lambda row: {"initial": {"name": row.name}},
        ),
        Act(
            "reset",
            _("重置登录"),
            RESET_WORDS,
            "directory.change_institutionmember",
            _reset,
            AccountResetForm,
            given=account_state,
        ),
        Act(
            "end",
            _("停用"),
            _("这个人马上不能再进工作台，以前的记录都留着。要回来时重新邀请。"),
            "directory.change_institutionmember",
            _end,
            is_final=True,
        ),
    )


class InviteViewSet(PeopleViewSet):
    """Whom nobody has seen come yet."""

    model = StaffInvite
    name = "institution-invites"
    icon = "mail"
    menu_label = _("邀请")
    menu_order = 160
    related = ("institution",)
    index_view_class = InviteIndexView
    filterset_class = InviteFilterSet
    list_display = (
        ActsColumn("called", label=_("姓名")),
        Column("get_role_display", label=_("身份")),
        Column("institution", label=_("机构")),
        DateColumn("created_at", label=_("发出")),
        DateColumn("expires_at", label=_("有效到")),
    )
    ordering = ("-created_at", "-pk")
    acts = (
        Act(
            "link",
            _("链接和二维码"),
            _("再看一次邀请链接，复制给本人或请本人扫码。"),
            "directory.add_staffinvite",
            _show_link,
            is_possible=lambda row: bool(row.token) and row.expires_at > timezone.now(),
        ),
        Act(
            "back",
            _("收回"),
            _("链接马上不能用。对方打开时会看到「邀请已经收回」。"),
            "directory.change_staffinvite",
            _take_back,
        ),
    )
