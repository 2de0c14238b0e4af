"""Townships in the admin: here and not with the districts, since a centre is the mean of the institutions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from directory.districts.forms.districts import TownshipForm
from directory.districts.models import Township
from directory.districts.viewsets.scoped import DistrictViewSet
from directory.register.services import townships


def _centre_words(row: Township) -> str:
    return gettext("人工填写") if row.centre_is_manual else gettext("按机构位置算")


class TownshipViewSet(DistrictViewSet):
    """Streets and towns; the list itself is the statistical one."""

    model = Township
    name = "townships"
    icon = "site"
    menu_label = _("街道与镇")
    menu_order = 120
    related = ("district",)
    adds = False
    list_display = (
        "name",
        Column("district", label=_("区")),
        Column("get_kind_display", label=_("类别")),
        Column("code", label=_("代码")),
        Column(_centre_words, label=_("中心")),
    )
    list_filter = ("district", "kind")
    search_fields = ("name", "code")
    ordering = ("district__position", "code")

    def form_class_for(self, *, for_update: bool) -> type:
        return TownshipForm

    def save(self, *, form: Any, instance: Township | None, actor: Any, now: Any) -> Township:
        return townships.correct_township(
            township=instance or form.instance, values=form.values(), actor=actor, now=now
        )
