"""Refused acts of parenting: a stable word for callers of the API and a sentence for people each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cms.core.errors import InvalidInput, NotFound, Refused


class SessionNotThere(NotFound):
    """No such session, or not published."""

    message = _("没有找到这场课堂，可能已经取消。")


class SignupClosed(Refused):
    """Outside the sign-up window, or the session was cancelled."""

    code = "closed"
    message = _("这场课堂现在不能报名。")


class SessionFull(Refused):
    """No place left."""

    code = "full"
    message = _("名额已满，看看别的场次。")


class ChildBusy(Refused):
    """The child is elsewhere then."""

    code = "duplicate"
    message = _("宝宝这个时间已经有别的预约了。")


class ChildRequired(InvalidInput):
    """More than one child (or place) that could be meant, or an activity without a child."""

    code = "child_required"
    message = _("请选是哪个宝宝参加。")


class AgeNotMeant(InvalidInput):
    """The session is for another age."""

    code = "age"
    message = _("宝宝那天的月龄不在这场课堂的范围内。")


class TooLateToCancel(Refused):
    """The session has begun."""

    code = "closed"
    message = _("课堂已经开始，不能再取消。")


class NotYetHeld(Refused):
    """Who came is written down once the session has begun."""

    code = "closed"
    message = _("课堂还没开始，开始后再记。")


class NotBegun(Refused):
    """A family can't be absent before the session has begun."""

    code = "closed"
    message = _("课堂还没开始，开始后才能标「没来」。")


class SessionOver(Refused):
    """A session that is over can't be cancelled."""

    code = "closed"
    message = _("这场课堂已经结束，不能再取消。")


class SignedUpMeanwhile(Refused):
    """Other families would be told than those that the person saw counted."""

    code = "changed"
    message = _("刚刚报名有变化，请再看一遍要通知的家庭。")


class CancelReasonMissing(InvalidInput):
    """Cancelling a session needs a reason that families are told."""

    code = "reason_required"
    message = _("请写明取消的原因，报了名的家庭会看到。")
