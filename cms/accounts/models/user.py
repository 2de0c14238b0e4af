"""The one user model: parents (phone and code), institution staff, district staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cms.accounts.usernames import normalise_username
from cms.core.security.crypto import EncryptedTextField


class User(AbstractUser):
    """A person who signs in.

    Parents have a random ``username`` and sign in by phone and code; staff have a chosen one, a password and a second
    factor. User names are stored in the form of ``normalise_username``. The phone is ciphertext; ``phone_hash`` is its
    blind index (purpose ``user.phone``).
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
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="user_name_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:  # Django's own name; ``clean`` and the manager call it
        return normalise_username(username)

    @property
    def signs_in_by_phone(self) -> bool:
        """Whether the account has no password to lose: a code comes by phone."""
        return bool(self.phone) and not self.has_usable_password()

    def get_session_auth_hash(self) -> str:
        """Browsers' sessions end when the password or ``session_epoch`` changes (sign out everywhere)."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The hashes under retired secrets: Django renews a session that still carries one."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes) -> str:
        return salted_hmac(
            "cms.accounts.models.User.session",
            f"{self.password}\0{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
