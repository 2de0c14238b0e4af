"""The one user model: parents (phone and code), institution staff, district staff."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cms.core.security.crypto import EncryptedTextField


class User(AbstractUser):
    """A person who signs in.

    Parents have a random ``username`` and sign in by phone and code; staff have a chosen one, a password and a second
    factor. The phone is ciphertext; ``phone_hash`` is its blind index (purpose ``user.phone``).
    """

    phone = EncryptedTextField(_("手机号"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    display_name = EncryptedTextField(_("称呼"), blank=True, default="")
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Browsers' sessions end when the password or ``session_epoch`` changes (sign out everywhere)."""
        return salted_hmac(
            "cms.accounts.models.User.session",
            f"{self.password}\0{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
