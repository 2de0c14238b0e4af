"""Who belongs to an institution or to a district's offices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.district import District
from directory.models.institution import Institution


class InstitutionMember(models.Model):
    """A user who works for an institution. Caregivers reach today, check-in and leaving only (design.md 6)."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("负责人")
        CAREGIVER = "caregiver", _("保育人员")

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
            models.CheckConstraint(
                condition=Q(role__in=["manager", "caregiver"]), name="institution_member_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class DistrictStaff(models.Model):
    """A user of a district's 妇幼保健 or 卫健 office; the Wagtail group follows from it."""

    class Department(models.TextChoices):
        MATERNAL_CHILD_HEALTH = "maternal_child_health", _("妇幼保健")
        HEALTH_COMMISSION = "health_commission", _("卫健")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="district_posts")
    department = models.CharField(_("部门"), max_length=30, choices=Department.choices)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("区级工作人员")
        verbose_name_plural = _("区级工作人员")
        constraints = [
            models.UniqueConstraint(fields=["district", "user", "department"], name="district_staff_once"),
            models.CheckConstraint(
                condition=Q(department__in=["maternal_child_health", "health_commission"]),
                name="district_staff_department_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.user_id}"


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
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["manager", "caregiver"]), name="staff_invite_role_known")
        ]

    def __str__(self) -> str:
        return f"invite {self.role} of {self.institution_id}"
