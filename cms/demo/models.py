"""Tables of the developer inbox."""

from __future__ import annotations

from django.db import models

from cms.core.security.crypto import EncryptedTextField


class InboxText(models.Model):
    """A text message as it would have arrived; kept for a day, on a developer's machine only."""

    key = models.CharField(max_length=200, unique=True)
    phone = EncryptedTextField()
    text = EncryptedTextField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-sent_at"], name="inbox_text_recent")]

    def __str__(self) -> str:
        return f"text {self.pk}"
