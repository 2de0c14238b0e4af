"""Adults of a family."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import FamilyMember
from cms.accounts.names import MAX_CALLED, MAX_NAME, MAX_RELATION
from cms.core.display.forms import SiteForm


class InviteForm(SiteForm):
    """What the invited adult may do."""

    role = forms.ChoiceField(
        label=_("请来做什么"),
        choices=[
            (FamilyMember.Role.CARER, _("照护人：可以查看、预约、取消（爷爷奶奶、外公外婆、阿姨）")),
            (
                FamilyMember.Role.GUARDIAN,
                _("监护人：还可以登记和删除宝宝、替宝宝同意（爸爸、妈妈）。加入满 7 天后，只能由本人退出"),
            ),
        ],
        initial=FamilyMember.Role.CARER,
        widget=forms.RadioSelect,
    )
    may_fetch = forms.BooleanField(label=_("这位是成年人，也可以接走宝宝"), required=False)


class JoinForm(SiteForm):
    """The six digits from the family."""

    autocomplete = {"code": "off", "name": "name"}
    #: The name is needed with some codes, so no field says that it may be left out: the hints do.
    hide_optional = True
    code = forms.CharField(
        label=_("6 位邀请码"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("请家人在「我的 › 家人」里生成，半小时内有效"),
    )
    relation = forms.CharField(
        label=_("您是宝宝的"), max_length=MAX_RELATION, required=False, help_text=_("例如 外婆，可以不填")
    )
    name = forms.CharField(
        label=_("您的姓名"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("家人请您也来接宝宝就要填，和身份证件上一样，接的时候核对；不接宝宝可以不填"),
    )
    leaving = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NameForm(SiteForm):
    """How the family calls the user."""

    display_name = forms.CharField(label=_("怎么称呼您"), max_length=MAX_CALLED, required=False)
    relation = forms.CharField(label=_("您是宝宝的"), max_length=MAX_RELATION, required=False, help_text=_("例如 妈妈"))


class PickupForm(SiteForm):
    """Somebody who may fetch the children."""

    autocomplete = {"name": "off", "relation": "off", "phone": "off"}
    name = forms.CharField(label=_("姓名"), max_length=MAX_NAME, help_text=_("接宝宝时核对身份证件上的姓名"))
    relation = forms.CharField(label=_("和宝宝的关系"), max_length=MAX_RELATION, help_text=_("例如 外婆"))
    phone = forms.CharField(
        label=_("手机号"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )
    is_adult = forms.BooleanField(
        label=_("这位是成年人，并且本人同意登记"),
        error_messages={"required": _("只有成年人可以接走宝宝，请确认后勾选")},
    )
