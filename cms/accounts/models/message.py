"""Messages to a user inside the site (/me/messages/)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Message(models.Model):
    """One message to one user; ``key`` makes its delivery idempotent."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40, help_text="stable word: booking_confirmed, day_closed …")
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=80)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True, help_text="path inside the site")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="message_user_key_once")]
        indexes = [models.Index(fields=["user", "-created_at"], name="message_recent")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"
