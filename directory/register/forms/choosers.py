"""Fields that open a search instead of a list of all: for institutions and filings, of which districts have hundreds.

The windows stand in ``viewsets/choosers.py``. What a field accepts is its own queryset's business.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser

from directory.register.models import Authorisation, Institution


class InstitutionChooser(BaseChooser):
    """One institution."""

    model = Institution
    icon = "home"
    choose_one_text = _("选择机构")
    choose_another_text = _("换一家机构")
    link_to_chosen_text = _("打开")
    chooser_modal_url_name = "choose-institution:choose"


class OfferedInstitutionChooser(InstitutionChooser):
    """The same; what the field does not offer is not named either, whatever key was sent."""

    #: Set by the field, with the queryset it offers.
    choices: Any = ()

    def get_instance(self, value: Any) -> Institution | None:
        """The row to name; None for what is no key or is not offered."""
        try:
            found: Institution | None = self.choices.queryset.filter(pk=getattr(value, "pk", value)).first()
        except (TypeError, ValueError):
            return None
        return found


class AuthorisationChooser(BaseChooser):
    """One filing or permit."""

    model = Authorisation
    icon = "doc-full-inverse"
    choose_one_text = _("选择备案")
    choose_another_text = _("换一条备案")
    link_to_chosen_text = _("打开")
    chooser_modal_url_name = "choose-authorisation:choose"
