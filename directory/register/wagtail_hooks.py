"""What the directory adds to the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from directory.districts.viewsets.calendar import CalendarDayViewSet
from directory.districts.viewsets.districts import DistrictsViewSet
from directory.districts.viewsets.offices import OfficeViewSet
from directory.districts.viewsets.rules import PolicyDocumentViewSet, RuleViewSet
from directory.districts.viewsets.staff import DistrictStaffViewSet
from directory.districts.viewsets.undelivered import UndeliveredViewSet
from directory.register.viewsets.bulk import BULK_ACTS
from directory.register.viewsets.choosers import AuthorisationChooserViewSet, InstitutionChooserViewSet
from directory.register.viewsets.institutions import InstitutionViewSet
from directory.register.viewsets.panels import DirectoryPanel
from directory.register.viewsets.people import InviteViewSet, MemberViewSet
from directory.register.viewsets.profiles import InstitutionProfileViewSet
from directory.register.viewsets.publicity import AuthorisationViewSet, RefusalViewSet, TitleViewSet
from directory.register.viewsets.townships import TownshipViewSet

#: Words of the history for acts that Wagtail does not know.
LOG_ACTIONS = (
    ("directory.grant", _("登记")),
    ("directory.correct", _("更正")),
    ("directory.end", _("结束")),
    ("directory.refuse", _("登记未通过")),
    ("directory.link", _("关联后来通过")),
    ("directory.take_down", _("撤下")),
    ("directory.rectify", _("限期整改")),
    ("directory.rectify_changed", _("改变整改方式")),
    ("directory.rectified", _("整改完成")),
    ("directory.invite", _("发出邀请")),
    ("directory.invite_back", _("收回邀请")),
    ("directory.member", _("人员加入")),
    ("directory.member_name", _("修改人员姓名")),
    ("directory.reset_password", _("重置密码")),
    ("directory.reset_all", _("重置登录和第二步验证")),
    ("directory.member_end", _("人员离开")),
    ("directory.caregivers_factor", _("修改保育人员登录验证")),
    ("directory.appoint", _("任命")),
    ("directory.hand_in", _("交来介绍")),
    ("directory.send_back", _("退回介绍")),
    ("directory.withdraw", _("撤回介绍草稿")),
    ("directory.offering", _("修改班级或收费")),
    ("directory.hours", _("修改开放时间")),
    ("directory.regular_places", _("修改在托宝宝占用")),
    ("directory.import", _("导入")),
)


class InstitutionSearch(SearchArea):
    """Offered to whoever may open the list of institutions."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("directory.view_institution") or request.user.has_perm(
            "directory.change_institution"
        )


class InstitutionsGroup(SnippetViewSetGroup):
    """The register and what hangs on it."""

    menu_label = _("托育机构")
    menu_icon = "home"
    menu_order = 110
    items = (
        InstitutionViewSet,
        InstitutionProfileViewSet,
        AuthorisationViewSet,
        TitleViewSet,
        RefusalViewSet,
        MemberViewSet,
        InviteViewSet,
    )


class DistrictGroup(ViewSetGroup):
    """The district's rules, places, calendar and people."""

    menu_label = _("区与日历")
    menu_icon = "globe"
    menu_order = 150
    items = (
        DistrictsViewSet,
        RuleViewSet,
        PolicyDocumentViewSet,
        TownshipViewSet,
        CalendarDayViewSet,
        OfficeViewSet,
        DistrictStaffViewSet,
        UndeliveredViewSet,
    )


register_snippet(InstitutionsGroup)


@hooks.register("register_admin_viewset")
def register_districts() -> DistrictGroup:
    """The second menu group."""
    return DistrictGroup()


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ViewSet]:
    """What forms of the admin choose institutions and filings with."""
    return [InstitutionChooserViewSet(), AuthorisationChooserViewSet()]


@hooks.register("register_admin_search_area")
def search_institutions() -> InstitutionSearch:
    """The search in the menu finds institutions first."""
    return InstitutionSearch(_("托育机构"), reverse("institutions:index"), "institutions", icon_name="home", order=50)


@hooks.register("construct_homepage_panels")
def add_panel(request: Any, panels: list[Any]) -> None:
    """The directory's numbers on the start page."""
    panels.append(DirectoryPanel())


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    """Name our own acts in the history."""
    for action, label in LOG_ACTIONS:
        actions.register_action(action, label, label)


for bulk_act in BULK_ACTS:
    hooks.register("register_bulk_action", bulk_act)
