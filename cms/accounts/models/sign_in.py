"""One-time codes, one-time links and the API's session tokens."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PhoneCode(models.Model):
    """A sign-in code sent to a number: only keyed hashes of number and code are stored."""

    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["phone_hash", "-created_at"], name="phone_code_latest")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class SessionToken(models.Model):
    """A bearer token of the JSON API, stored as a SHA-256 hash; 30 days, listed and revocable in 我的."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="session_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("设备"), max_length=80, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    second_factor = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="session_token_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"token of {self.user_id}"


class SetupLink(models.Model):
    """The one link by which a work account gets a password and a second factor; stored as a SHA-256 hash.

    A user has one row: a newer link takes the older one's place. A used link stays until it runs out, so that whoever
    presses twice comes to the same place twice. ``replaces_factor``: using it takes the second factors away.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="setup_link")
    token_hash = models.CharField(max_length=64, unique=True)
    replaces_factor = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="setup_link_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True)
                | models.Q(used_at__gte=models.F("created_at"), used_at__lt=models.F("expires_at")),
                name="setup_link_used_while_good",
            ),
        ]

    def __str__(self) -> str:
        return f"link for {self.user_id}"
