"""Choices of the classes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionKind(models.TextChoices):
    PARENT_CLASS = "parent_class", _("家长课堂")
    PARENT_CHILD_ACTIVITY = "parent_child_activity", _("亲子活动")


class SessionStatus(models.TextChoices):
    """What staff read in the list of classes."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")
    OVER = "over", _("已结束")


class SessionMove(models.TextChoices):
    """What of a session has moved, as a notice to its families calls it; the value stands in messages to send."""

    TIME = "changed", _("时间")
    VENUE = "venue", _("地点")
    BOTH = "both", _("时间和地点")


class SessionTopic(models.TextChoices):
    FEEDING = "feeding", _("营养与喂养")
    SLEEP = "sleep", _("睡眠")
    HABITS = "habits", _("生活与卫生习惯")
    MOVEMENT = "movement", _("动作")
    LANGUAGE = "language", _("语言")
    COGNITION = "cognition", _("认知")
    EMOTION = "emotion", _("情感与社会性")
    HEALTH = "health", _("疾病预防")
    SAFETY = "safety", _("安全")
