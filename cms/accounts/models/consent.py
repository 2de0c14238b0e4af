"""Versioned consent texts and what guardians decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cms.accounts.enums import ConsentDecision, ConsentKind
from cms.accounts.models.family import Child, Family


class ConsentText(models.Model):
    """One version of a text a guardian is asked to agree to; never changed once published."""

    Kind = ConsentKind

    kind = models.CharField(max_length=20, choices=Kind.choices)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Consent(models.Model):
    """A decision of a guardian on one version: rows are only added (PIPL 29, 31: versioned, with a refusal)."""

    Decision = ConsentDecision

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="consents")
    child = models.ForeignKey(Child, on_delete=models.SET_NULL, null=True, blank=True, related_name="consents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["family", "-decided_at"], name="consent_recent")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=ConsentDecision.values), name="consent_decision_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.text_id}"
