"""The staff of a district's offices in the admin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.accounts.signin.forms.resets import PASSWORD
from cms.accounts.signin.services.setup_links import SETUP_LINK_DAYS
from cms.core.errors import Refused
from directory.districts.forms.districts import DistrictStaffForm
from directory.districts.forms.resets import AccountResetForm
from directory.districts.models import DistrictStaff
from directory.districts.services import staff
from directory.districts.viewsets.acts import Act, ActView, Secret
from directory.districts.viewsets.listing import ActsColumn
from directory.districts.viewsets.resets import RESET_WORDS, account_state, fresh_start
from directory.districts.viewsets.scoped import DistrictViewSet, SavingCreateView


def _end_post(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    staff.end_post(post=instance, actor=actor)


def _reset(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> Secret | str:
    keeps = data.get("lost") == PASSWORD
    return fresh_start(staff.reset_staff(post=instance, seen=data["seen"], keeps_factor=keeps, actor=actor, now=now))


class StaffActView(ActView):
    """An act on a post, called by its user's name."""

    def called(self) -> str:
        return f"{self.object.user.get_username()}（{self.object.office_name}）"


class AppointView(SavingCreateView):
    """Gives a post; a new account's link is shown once."""

    success_message = _("已添加。这个账号原来就有，密码和第二步验证不变。")

    def get_success_buttons(self) -> list[Any]:
        """A post is not edited, only ended."""
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"for_user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        view: Any = self
        try:
            self.object, token = view.saver(form=form, instance=None, actor=self.request.user, now=timezone.now())
        except Refused as refusal:
            return self.refuse(form, refusal)
        if not token:
            self.form = form
            return self.save_action()
        secret = Secret(
            gettext("开通账号的链接"),
            gettext("请把链接发给本人，由本人设密码和第二步验证。%(days)s 天内有效，只能用一次。离开本页后不再显示。")
            % {"days": SETUP_LINK_DAYS},
            settings.SITE_URL.rstrip("/") + reverse("accounts:setup-link", args=[token]),
        )
        back = reverse(self.index_url_name)
        return render(self.request, "districts/admin/once.html", {"secret": secret, "back_url": back})


class DistrictStaffViewSet(DistrictViewSet):
    """Who works in which office."""

    model = DistrictStaff
    name = "district-staff"
    icon = "group"
    menu_label = _("区级工作人员")
    menu_order = 140
    related = ("district", "user")
    add_view_class = AppointView
    edits = False
    act_view_class = StaffActView
    list_display = (
        ActsColumn("user", label=_("账号")),
        Column("district", label=_("区")),
        Column("get_department_display", label=_("部门")),
        Column("created_at", label=_("开始")),
    )
    list_filter = ("district", "department")
    search_fields = ("user__username",)
    ordering = ("district__position", "department", "pk")
    acts = (
        Act(
            "reset",
            _("重置登录"),
            RESET_WORDS,
            "directory.add_districtstaff",
            _reset,
            AccountResetForm,
            given=account_state,
        ),
        Act(
            "end",
            _("结束工作"),
            _("这位工作人员不再能进入本区后台；账号保留。"),
            "directory.delete_districtstaff",
            _end_post,
            deletes_row=True,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictStaffForm

    def save(self, *, form: Any, instance: None, actor: Any, now: Any) -> tuple[DistrictStaff, str]:
        """The post, and the token of an account that is new."""
        return staff.appoint_staff(**form.cleaned_data, actor=actor, now=now)
