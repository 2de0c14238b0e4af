"""The texts this site sends. The same words are filed with the carrier, whose template ids stand in the settings.

Parameters are listed with each text and nothing else is taken, so no child's name can slip into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named places."""

    text: str | Promise
    params: tuple[str, ...]


class UnknownTemplate(Exception):
    """No such text, or parameters it does not take: a mistake of the caller."""


PLACE_AND_TIME = ("place", "when")
TEMPLATES: dict[str, Template] = {
    "sign_in_code": Template(_("验证码 %(code)s，%(minutes)s 分钟内有效。请不要告诉别人。"), ("code", "minutes")),
    "account_reset": Template(
        _("%(place)s 替您重置了登录，所有设备都已退出。不是您要求的，请马上联系他们。"), ("place",)
    ),
    "confirmed": Template(_("已预约：%(place)s，%(when)s。详情和取消请看「我的预约」。"), PLACE_AND_TIME),
    "requested": Template(_("已提交预约：%(place)s，%(when)s。机构答复后会再通知您。"), PLACE_AND_TIME),
    "accepted": Template(_("机构已接受预约：%(place)s，%(when)s。"), PLACE_AND_TIME),
    "declined": Template(_("机构没有接受预约：%(place)s，%(when)s。原因和其他时间请看「我的预约」。"), PLACE_AND_TIME),
    "lapsed": Template(_("机构没有及时答复，预约已失效：%(place)s，%(when)s。请另选时间或机构。"), PLACE_AND_TIME),
    "cancelled": Template(_("机构取消了预约：%(place)s，%(when)s。原因请看「我的消息」。"), PLACE_AND_TIME),
    "day_closed": Template(_("%(place)s %(when)s 停托，期间的预约已取消。原因请看「我的消息」。"), PLACE_AND_TIME),
    "class_signed_up": Template(_("报名成功：%(place)s，%(when)s。详情和取消请看「我的课堂」。"), PLACE_AND_TIME),
    "class_changed": Template(_("课堂有变动：%(place)s，现在是%(when)s。详情请看「我的消息」。"), PLACE_AND_TIME),
    "class_cancelled": Template(_("课堂取消：%(place)s，%(when)s。原因请看「我的消息」。"), PLACE_AND_TIME),
    "reminder": Template(_("明天有预约：%(place)s，%(when)s。来不了请尽早取消。"), PLACE_AND_TIME),
}


def require_params(template: str, params: Mapping[str, str]) -> None:
    """Raise ``UnknownTemplate`` unless the parameters are exactly those of the text."""
    known = TEMPLATES.get(template)
    if known is None or set(known.params) != set(params):
        raise UnknownTemplate(template)


def render_text(template: str, params: Mapping[str, str]) -> str:
    """The text as people read it (console, developer inbox)."""
    require_params(template, params)
    return str(TEMPLATES[template].text) % dict(params)


def ordered_values(template: str, params: Mapping[str, str]) -> list[str]:
    """The values in the order of the text, for providers that number their places."""
    require_params(template, params)
    return [params[name] for name in TEMPLATES[template].params]
