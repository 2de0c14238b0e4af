"""Districts, townships and the districts' offices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.districts.enums import Department, TownshipKind


def whole_position(latitude: str, longitude: str) -> Q:
    """The condition that a place has both coordinates, on the earth, or none."""
    return Q(**{f"{latitude}__isnull": True, f"{longitude}__isnull": True}) | (
        # A range over NULL is unknown, and an unknown CHECK passes.
        Q(**{f"{latitude}__isnull": False, f"{longitude}__isnull": False})
        & Q(**{f"{latitude}__range": (-90, 90), f"{longitude}__range": (-180, 180)})
    )


def office_name(district: District | None, department: str) -> str:
    """「涧西区 妇幼保健」, or 「网站编辑」, which is of no district; the office's Wagtail group is called so."""
    label = str(Department(department).label)
    return f"{district.name} {label}" if district else label


class District(models.Model):
    """A district (区) that the deployment serves."""

    slug = models.SlugField(max_length=20, unique=True)
    code = models.CharField(_("行政区划代码"), max_length=6, unique=True)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    full_name = models.CharField(_("全称"), max_length=60)
    centre_latitude = models.FloatField(_("纬度"), null=True, blank=True)
    centre_longitude = models.FloatField(_("经度"), null=True, blank=True)
    radius_km = models.FloatField(_("范围半径（公里）"), default=30)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "directory"
        verbose_name = _("区")
        verbose_name_plural = _("区")
        constraints = [
            models.CheckConstraint(
                condition=whole_position("centre_latitude", "centre_longitude"), name="district_centre_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Township(models.Model):
    """A street or town (街道、镇). Development zones are listed but don't count for coverage."""

    Kind = TownshipKind

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="townships")
    code = models.CharField(_("代码"), max_length=9, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    centre_latitude = models.FloatField(_("中心纬度"), null=True, blank=True)
    centre_longitude = models.FloatField(_("中心经度"), null=True, blank=True)
    centre_is_manual = models.BooleanField(_("中心由人工填写"), default=False)

    class Meta:
        app_label = "directory"
        verbose_name = _("街道与镇")
        verbose_name_plural = _("街道与镇")
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="township_name_once_a_district"),
            models.CheckConstraint(condition=models.Q(kind__in=TownshipKind.values), name="township_kind_known"),
            models.CheckConstraint(
                condition=whole_position("centre_latitude", "centre_longitude"), name="township_centre_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DistrictStaff(models.Model):
    """A post: a user of a district's office, or of none as an editor of the site. The Wagtail group follows from it."""

    Department = Department

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="staff", null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="district_posts")
    department = models.CharField(_("部门"), max_length=30, choices=Department.choices)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "directory"
        verbose_name = _("区级工作人员")
        verbose_name_plural = _("区级工作人员")
        constraints = [
            models.UniqueConstraint(fields=["district", "user", "department"], name="district_staff_once"),
            models.CheckConstraint(
                condition=Q(department__in=Department.values),
                name="district_staff_department_known",
            ),
            models.CheckConstraint(
                condition=Q(department=Department.SITE_EDITOR.value, district__isnull=True)
                | (~Q(department=Department.SITE_EDITOR.value) & Q(district__isnull=False)),
                name="district_staff_of_a_district_or_the_site",
            ),
            # NULL differs from NULL, so the first constraint does not see it.
            models.UniqueConstraint(
                fields=["user"], condition=Q(district__isnull=True), name="district_staff_site_editor_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.user_id}"

    @property
    def office_name(self) -> str:
        """「涧西区 妇幼保健」, or 「网站编辑」."""
        return office_name(self.district, self.department)
