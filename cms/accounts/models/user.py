"""The one user model: parents (phone and code), institution staff, district staff."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.crypto import EncryptedTextField


class User(AbstractUser):
    """A person who signs in.

    Parents have a random ``username`` and sign in by phone and code; staff have a chosen one, a password and a second
    factor. The phone is ciphertext; ``phone_hash`` is its blind index (purpose ``user.phone``).
    """

    phone = EncryptedTextField(_("手机号"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    display_name = EncryptedTextField(_("称呼"), blank=True, default="")

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phone="", phone_hash__isnull=True)
                | (~models.Q(phone="") & models.Q(phone_hash__isnull=False)),
                name="user_phone_has_its_index",
            )
        ]

    def __str__(self) -> str:
        return self.username
