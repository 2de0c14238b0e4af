"""Forms of the staff's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm
from directory.register.queries.impact import Impact
from parenting.classes.models import SessionPlaces

MOST_WALK_INS = 500


class CancelSessionForm(SiteForm):
    """Why a session does not take place; ``seen`` is the mark of the families that the person saw counted."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("取消的原因"), max_length=120, help_text=_("报了名的家庭会在消息里看到，例如「讲师生病，改到下周」。")
    )

    @property
    def given(self) -> dict[str, str]:
        """Reason and mark; without a mark nobody was counted."""
        return {"reason": self.cleaned_data["reason"], "seen": self.cleaned_data["seen"] or Impact([]).mark}


class SessionNoteForm(SiteForm):
    """What the list of sign-ups can't hold."""

    walk_ins = forms.IntegerField(
        label=_("没报名、现场来的家庭"), min_value=0, max_value=MOST_WALK_INS, help_text=_("只记家数，不用记名字")
    )
    note = forms.CharField(
        label=_("备注"),
        required=False,
        max_length=SessionPlaces._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("只给工作人员看，例如「投影坏了，改发讲义」。不要写家庭的情况"),
    )
