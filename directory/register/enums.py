"""Choices of the register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionState(models.TextChoices):
    DRAFT = "draft", _("未公开")
    ACTIVE = "active", _("正常")
    RECTIFICATION = "under_rectification", _("限期整改")
    ENDED = "ended", _("已终止")


#: A visitor finds an institution in these states only; under rectification it is shown as such.
PUBLIC_STATES = [InstitutionState.ACTIVE.value, InstitutionState.RECTIFICATION.value]


class RectificationKind(models.TextChoices):
    STOPS_NEW = "stops_new", _("停止新预约")
    CLOSES = "closes", _("停业")


class InstitutionNature(models.TextChoices):
    FOR_PROFIT = "for_profit", _("营利性")
    NON_PROFIT = "non_profit", _("非营利性")
    PUBLIC = "public", _("公办")


class HalfDay(models.TextChoices):
    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")


class MemberRole(models.TextChoices):
    MANAGER = "manager", _("负责人")
    CAREGIVER = "caregiver", _("保育人员")


class AuthorisationBasis(models.TextChoices):
    FILING = "filing", _("备案")
    PERMIT = "permit", _("许可")


class TitleKind(models.TextChoices):
    DEMONSTRATION = "demonstration", _("示范")
