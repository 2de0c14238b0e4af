"""A family, its adults, its children, and who may fetch them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.accounts.enums import FamilyRole, Sex
from cms.core.security.codes import new_public_id
from cms.core.security.crypto import EncryptedDateField, EncryptedTextField


class Family(models.Model):
    """What all data of children hangs on; reached only through its members."""

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"family {self.pk}"


class FamilyMember(models.Model):
    """An adult of a family. A guardian consents and deletes; a carer sees, books and cancels."""

    Role = FamilyRole

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="members")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="family_member")
    role = models.CharField(max_length=10, choices=Role.choices)
    relation = EncryptedTextField(_("和宝宝的关系"), blank=True, default="")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=FamilyRole.values), name="family_member_role_known")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id} of {self.family_id}"

    @property
    def is_guardian(self) -> bool:
        return self.role == self.Role.GUARDIAN


class FamilyInvite(models.Model):
    """A six-digit code by which a second adult joins; stored as a keyed hash, good once and for a short time."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="invites")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    role = models.CharField(max_length=10, choices=FamilyMember.Role.choices, default=FamilyMember.Role.CARER)
    may_fetch = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_hash"], condition=models.Q(used_at__isnull=True), name="family_invite_open_code_once"
            ),
            models.CheckConstraint(condition=models.Q(role__in=FamilyRole.values), name="family_invite_role_known"),
        ]

    def __str__(self) -> str:
        return f"invite to {self.family_id}"


class Child(models.Model):
    """A child under three. All that names or describes it is encrypted; no ID number is asked."""

    Sex = Sex

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="children")
    nickname = EncryptedTextField(_("小名"))
    birth_date = EncryptedDateField(_("出生日期"))
    sex = EncryptedTextField(_("性别"), choices=Sex.choices, blank=True, default="")
    allergies = EncryptedTextField(_("过敏"), blank=True, default="")
    care_notes = EncryptedTextField(_("照护提醒"), blank=True, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"child {self.public_id}"


class PickupPerson(models.Model):
    """An adult whom the guardian allows to fetch the children of the family."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="pickup_persons")
    name = EncryptedTextField(_("姓名"))
    relation = EncryptedTextField(_("和宝宝的关系"))
    phone = EncryptedTextField(_("手机号"))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pickup person {self.public_id}"


class ChildAccess(models.Model):
    """Who looked at a child's record, when and why: shown to the family in 我的."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="accesses")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.CharField(max_length=120, help_text="institution or office of the actor, for people")
    purpose = models.CharField(max_length=60, help_text="stable word: today, print, phone, export …")
    district_code = models.CharField(max_length=6, blank=True, default="", db_default="", help_text="of the place")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["child", "-at"], name="child_access_recent")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.child_id}"
