"""Who belongs to an institution."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.register.enums import MemberRole
from directory.register.models.institution import Institution


class InstitutionMember(models.Model):
    """A user who works for an institution. Caregivers reach today, check-in and leaving only."""

    Role = MemberRole

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="institution_memberships")
    role = models.CharField(_("身份"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("机构人员")
        verbose_name_plural = _("机构人员")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "user"], condition=Q(ended_at__isnull=True), name="institution_member_once"
            ),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="institution_member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class StaffInvite(models.Model):
    """A one-time link by which a manager (from district staff) or a caregiver (from a manager) gets an account."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="invites")
    role = models.CharField(max_length=10, choices=InstitutionMember.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="staff_invite_role_known")]

    def __str__(self) -> str:
        return f"invite {self.role} of {self.institution_id}"
