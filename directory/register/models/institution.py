"""The institution itself (plain, written by services) and its profile (drafts, preview)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin

from cms.core.security.codes import new_public_id
from directory.districts.models import District, Township, whole_position
from directory.register import ports
from directory.register.enums import PUBLIC_STATES, InstitutionNature, InstitutionState, RectificationKind


class Institution(models.Model):
    """A childcare institution (托育机构). Public only while an authorisation is live; services write ``is_public``."""

    State = InstitutionState
    Nature = InstitutionNature
    Rectification = RectificationKind

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="institutions")
    township = models.ForeignKey(
        Township,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name=_("街道或镇"),
    )
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=200)
    phone = models.CharField(_("公开电话"), max_length=30, blank=True)
    head_name = models.CharField(_("负责人"), max_length=60, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True)
    nature = models.CharField(_("机构性质"), max_length=12, choices=Nature.choices, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True, help_text="WGS-84")
    longitude = models.FloatField(_("经度"), null=True, blank=True, help_text="WGS-84")
    places = models.PositiveIntegerField(_("托位数"), default=0)
    inclusive_places = models.PositiveIntegerField(_("普惠托位数"), default=0)
    filed_modes = models.JSONField(_("服务形式"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.DRAFT)
    rectification_from_date = models.DateField(_("整改开始"), null=True, blank=True, editable=False)
    rectification_until_date = models.DateField(_("整改期限"), null=True, blank=True, editable=False)
    rectification_reason = models.CharField(_("整改事项"), max_length=200, blank=True, editable=False)
    rectification_kind = models.CharField(
        _("整改期间"),
        max_length=10,
        choices=RectificationKind.choices,
        blank=True,
        db_default="",
        editable=False,
        help_text="empty under a rectification of the first release, which closed",
    )
    caregivers_need_factor = models.BooleanField(_("保育人员登录也要第二步验证"), default=False, editable=False)
    is_public = models.BooleanField(default=False, editable=False)
    is_demonstration = models.BooleanField(default=False, editable=False)
    is_sample = models.BooleanField(default=False, editable=False, help_text="made by the demo command")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("托育机构")
        verbose_name_plural = _("托育机构")
        indexes = [
            models.Index(fields=["district", "is_public", "name"], name="institution_public_list"),
            models.Index(fields=["latitude", "longitude"], name="institution_position"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "address"], name="institution_name_address_once"),
            models.CheckConstraint(
                condition=models.Q(inclusive_places__lte=models.F("places")), name="institution_inclusive_within_places"
            ),
            models.CheckConstraint(
                condition=whole_position("latitude", "longitude"), name="institution_position_whole"
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(state__in=PUBLIC_STATES),
                name="institution_public_only_while_open",
            ),
            models.CheckConstraint(
                condition=models.Q(is_demonstration=False) | models.Q(is_public=True),
                name="institution_title_needs_publicity",
            ),
            models.CheckConstraint(
                condition=models.Q(rectification_until_date__isnull=True)
                | models.Q(rectification_from_date__isnull=False)
                & models.Q(rectification_until_date__gte=models.F("rectification_from_date")),
                name="institution_rectification_until_after_from",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=InstitutionState.values),
                name="institution_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(rectification_kind__in=["", *RectificationKind.values]),
                name="institution_rectification_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:institution-detail", args=[self.public_id])

    @property
    def takes_bookings(self) -> bool:
        """Bookings need a live authorisation and no rectification."""
        return self.is_public and self.state == self.State.ACTIVE

    @property
    def looks_after_children(self) -> bool:
        """Whether booked children are looked after: also while only new bookings are stopped."""
        stopped = self.state == self.State.RECTIFICATION and self.rectification_kind == RectificationKind.STOPS_NEW
        return self.takes_bookings or (self.is_public and stopped)


class InstitutionProfile(DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """What an institution says about itself. Publishing overwrites every column, so nothing else may be stored here."""

    institution = models.OneToOneField(
        Institution, on_delete=models.CASCADE, related_name="profile", verbose_name=_("托育机构")
    )
    introduction = models.TextField(_("介绍"), blank=True, max_length=2000)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="institution_profile")

    panels: ClassVar[list[Any]] = [
        FieldPanel("introduction"),
        InlinePanel("photos", heading=_("照片"), label=_("照片")),
    ]

    class Meta:
        verbose_name = _("机构介绍")
        verbose_name_plural = _("机构介绍")

    def __str__(self) -> str:
        return str(self.institution)

    @property
    def revisions(self) -> Any:
        return self._revisions

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "site/institution_detail.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        make = ports.profile_preview.get()
        return {**context, **(make(self) if make is not None else {})}


class ProfilePhoto(Orderable):
    """A photo of the institution's profile."""

    profile = ParentalKey(InstitutionProfile, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey("media.CustomImage", on_delete=models.PROTECT, related_name="+", verbose_name=_("图片"))
    caption = models.CharField(_("说明"), max_length=60)

    def __str__(self) -> str:
        return self.caption
