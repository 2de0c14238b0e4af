"""Choices of the pages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GuideDomain(models.TextChoices):
    """The seven domains of the 托育机构保育指导大纲 (2021)."""

    FEEDING = "feeding", _("营养与喂养")
    SLEEP = "sleep", _("睡眠")
    HABITS = "habits", _("生活与卫生习惯")
    MOVEMENT = "movement", _("动作")
    LANGUAGE = "language", _("语言")
    COGNITION = "cognition", _("认知")
    EMOTION = "emotion", _("情感与社会性")


class NoticeKind(models.TextChoices):
    FILING = "filing", _("备案")
    DEMONSTRATION = "demonstration", _("示范")
    REFUSAL = "refusal", _("未通过")
    ANNOUNCEMENT = "announcement", _("通知")


class PolicyStage(models.TextChoices):
    DRAFT = "draft", _("征求意见稿")
    ISSUED = "issued", _("正式文件")


class PolicyDisclosure(models.TextChoices):
    PROACTIVE = "proactive", _("主动公开")
    ON_REQUEST = "on_request", _("依申请公开")
    NONE = "none", _("不予公开")
    UNSTATED = "unstated", _("文件没有写")


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("征求意见稿")
    IN_FORCE = "in_force", _("现行有效")
    NOT_YET = "not_yet", _("尚未施行")
    UNKNOWN = "unknown", _("日期待核")
    EXPIRED = "expired", _("已过有效期")
    SUPERSEDED = "superseded", _("已被替代")
