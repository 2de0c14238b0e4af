"""What the district said of introductions that institutions handed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.register.models.institution import InstitutionProfile


class IntroductionReturn(models.Model):
    """A draft of a profile that the district sent back with words. It counts as long as that draft is the latest one
    and is not published; the next draft that is handed in waits for the district again.
    """

    profile = models.ForeignKey(InstitutionProfile, on_delete=models.CASCADE, related_name="returns")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("要改什么"), max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("退回的介绍")
        constraints = [
            models.UniqueConstraint(fields=["revision"], name="introduction_return_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="introduction_return_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.created_at}"
