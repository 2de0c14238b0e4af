"""The offices of a district: what each may do, and what the public reads of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.districts.enums import OFFICE_CHOICES, OFFICES, Department, OfficeRight
from directory.districts.models.districts import District

#: Who answers for institutions; only these can be given the rights that touch the register, the rules and the people.
HEALTH = (Department.MATERNAL_CHILD_HEALTH.value, Department.HEALTH_COMMISSION.value)


def _only_health(right: OfficeRight) -> Q:
    return Q(**{right.value: False}) | Q(department__in=HEALTH)


class Office(models.Model):
    """A department in one district. Its rights are columns, so that each district has its own; everybody reads.

    ``posts_classes`` adds to what the rule of the district says (``queries.offices.rights_of``). The public reads name,
    duty and telephone; names of people appear nowhere.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="offices", verbose_name=_("区"))
    department = models.CharField(_("部门"), max_length=30, choices=OFFICE_CHOICES)
    name = models.CharField(_("对外名称"), max_length=40, blank=True)
    duty = models.CharField(_("负责什么"), max_length=60, blank=True)
    phone = models.CharField(_("公开电话"), max_length=30, blank=True)
    keeps_register = models.BooleanField(OfficeRight.KEEPS_REGISTER.label, default=False)
    keeps_rules = models.BooleanField(OfficeRight.KEEPS_RULES.label, default=False)
    posts_classes = models.BooleanField(OfficeRight.POSTS_CLASSES.label, default=False)
    writes_pages = models.BooleanField(OfficeRight.WRITES_PAGES.label, default=False)
    appoints_staff = models.BooleanField(OfficeRight.APPOINTS_STAFF.label, default=False)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        constraints = [
            models.UniqueConstraint(fields=["district", "department"], name="office_once_a_district"),
            models.CheckConstraint(condition=Q(department__in=OFFICES), name="office_department_known"),
            models.CheckConstraint(
                condition=_only_health(OfficeRight.KEEPS_REGISTER), name="office_register_by_health"
            ),
            models.CheckConstraint(condition=_only_health(OfficeRight.KEEPS_RULES), name="office_rules_by_health"),
            models.CheckConstraint(condition=_only_health(OfficeRight.APPOINTS_STAFF), name="office_staff_by_health"),
            # Somebody in every district can always appoint people and change these rights.
            models.CheckConstraint(
                condition=Q(appoints_staff=True) | ~Q(department=Department.HEALTH_COMMISSION.value),
                name="office_health_commission_appoints",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.get_department_display()}"

    @property
    def public_name(self) -> str:
        """What the public calls it."""
        return self.name or str(self.get_department_display())
