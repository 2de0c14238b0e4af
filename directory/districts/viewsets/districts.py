"""Districts in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from directory.districts.forms.districts import DistrictForm
from directory.districts.models import District
from directory.districts.queries.rules import rules_to_check, upper_rules
from directory.districts.services.districts import correct_district
from directory.districts.viewsets.scoped import DistrictViewSet


class DistrictsViewSet(DistrictViewSet):
    """The districts themselves: where they lie."""

    model = District
    name = "districts"
    icon = "globe"
    menu_label = _("区")
    menu_order = 100
    adds = False
    list_display = ("name", Column("full_name", label=_("全称")))
    ordering = ("position", "pk")

    def form_class_for(self, *, for_update: bool) -> type:
        return DistrictForm

    def summary(self, instance: District) -> list[tuple[str, str]]:
        """The rules of the levels above, which a district reads and does not change, those to be checked first."""
        rules = [*rules_to_check(instance), *upper_rules(instance)]
        return [
            (
                f"{rule.get_level_display()} {rule.name}（{rule.get_state_display()}）",
                f"{rule.text}。{_('依据')}：{rule.document.citation}",
            )
            for rule in rules
        ]

    def save(self, *, form: Any, instance: District | None, actor: Any, now: Any) -> District:
        return correct_district(district=instance or form.instance, values=form.values(), actor=actor)
