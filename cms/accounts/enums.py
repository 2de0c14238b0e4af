"""Choices of the accounts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentKind(models.TextChoices):
    CHILD_DATA = "child-data", _("儿童个人信息")


class ConsentDecision(models.TextChoices):
    GIVEN = "given", _("同意")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("撤回")


class FamilyRole(models.TextChoices):
    GUARDIAN = "guardian", _("监护人")
    CARER = "carer", _("照护人")


class Sex(models.TextChoices):
    GIRL = "girl", _("女")
    BOY = "boy", _("男")
