"""What somebody lost who can't sign in any more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD, EVERYTHING = "password", "everything"  # names of what was lost
LOST = (
    (PASSWORD, _("忘了密码，验证器还在")),
    (EVERYTHING, _("验证器或手机不在了，密码也重新设")),
)


class LostMixin(forms.Form):
    """What was lost, and the state of the account that the question was shown for.

    ``epoch``: the account's; ``by_phone``: it has no password, so there is nothing to choose.
    """

    lost = forms.ChoiceField(label=_("哪一样不能用了"), choices=LOST, widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, epoch: int, by_phone: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": epoch} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if by_phone:
            del self.fields["lost"]

    @property
    def keeps_factor(self) -> bool:
        """Whether the second factor is still there."""
        return bool(self.cleaned_data.get("lost") == PASSWORD)
