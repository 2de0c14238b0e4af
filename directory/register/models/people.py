"""Who belongs to an institution."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.accounts.phone import mask_phone
from cms.core.security.crypto import EncryptedTextField
from directory.register.enums import MemberRole
from directory.register.models.institution import Institution


class InstitutionMember(models.Model):
    """A user who works for an institution. Caregivers reach today, check-in and leaving only.

    ``name`` is what colleagues call the person: shown inside the institution and to its district, never in public.
    """

    Role = MemberRole

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="institution_memberships")
    role = models.CharField(_("身份"), max_length=10, choices=Role.choices)
    name = EncryptedTextField(_("姓名"), blank=True, default="", db_default="")
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

    @property
    def account(self) -> str:
        """What the person signs in with: the masked number, or the user name."""
        return mask_phone(self.user.phone) or self.user.username

    @property
    def called(self) -> str:
        """The name where it is known, else the account."""
        return self.name or self.account


class StaffInvite(models.Model):
    """A one-time link by which a manager (from district staff) or a caregiver (from a manager) gets an account.

    ``name`` says whom it is for, ``token`` what the link carries (found by ``token_hash``); both are ciphertext, and
    empty once the link is of no use: used, taken back, or its institution ended.
    """

    Role = MemberRole

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="invites")
    role = models.CharField(_("身份"), max_length=10, choices=Role.choices)
    name = EncryptedTextField(_("姓名"), blank=True, default="", db_default="")
    token_hash = models.CharField(max_length=64, unique=True)
    token = EncryptedTextField(blank=True, default="", db_default="", editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="staff_invite_role_known"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="staff_invite_used_or_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, taken_back_at__isnull=True) | Q(name="", token=""),
                name="staff_invite_closed_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"invite {self.role} of {self.institution_id}"

    @property
    def called(self) -> str:
        """Whom the link is for, as far as that was said."""
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Neither used nor taken back; it may have run out."""
        return self.used_at is None and self.taken_back_at is None
