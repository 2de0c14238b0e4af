"""Class sessions (家长课堂、亲子活动), their places, and who signed up."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from booking.places.models import Booking, CapacityCell
from cms.accounts.models import Child, Family
from cms.core.security.codes import new_public_id
from directory.districts.enums import OFFICE_CHOICES, OFFICES
from directory.districts.models import District, Township
from directory.register.models import Institution
from parenting.classes.enums import SessionKind, SessionTopic

#: Sessions are for children of up to six years.
OLDEST_MONTHS = 72


class ClassSession(DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A class session as staff write it: text, times and capacity, with drafts and preview.

    A text of the editor's: times, window and capacity here are what was written last. What holds is ``SessionPlaces``;
    ``apply_session`` alone carries them over when the session is published.
    """

    Kind = SessionKind
    Topic = SessionTopic

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="class_sessions", verbose_name=_("区")
    )
    township = models.ForeignKey(
        Township, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("街道或镇")
    )
    host = models.ForeignKey(
        Institution,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承办的托育机构"),
    )
    kind = models.CharField(_("类别"), max_length=24, choices=Kind.choices)
    topic = models.CharField(_("主题"), max_length=16, choices=Topic.choices)
    title = models.CharField(_("标题"), max_length=60)
    introduction = models.TextField(_("介绍"), blank=True, max_length=2000)
    age_from = models.PositiveSmallIntegerField(_("月龄从"), default=0, help_text=_("满几个月"))
    age_to = models.PositiveSmallIntegerField(_("月龄到"), default=36, help_text=_("不满几个月"))
    department = models.CharField(
        _("主办部门"), max_length=30, choices=OFFICE_CHOICES, blank=True, default="", db_default=""
    )
    organiser = models.CharField(_("主办"), max_length=80, help_text=_("家长看到的名称，写单位，不写姓名"))
    speaker = models.CharField(_("主讲"), max_length=80, blank=True, help_text=_("写科室或职务"))
    venue = models.CharField(_("地点"), max_length=120)
    address = models.CharField(
        _("详细地址"), max_length=120, blank=True, db_default="", help_text=_("街道和门牌，家长用它找路")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    capacity = models.PositiveSmallIntegerField(_("名额（家）"))
    signup_opens_at = models.DateTimeField(_("报名开始"))
    signup_closes_at = models.DateTimeField(_("报名截止"))

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="class_session")

    panels: ClassVar[list[Any]] = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("topic")]),
        FieldPanel("introduction"),
        FieldRowPanel([FieldPanel("age_from"), FieldPanel("age_to")], heading=_("适合月龄")),
        MultiFieldPanel(
            [
                FieldPanel("district"),
                FieldPanel("township"),
                FieldPanel("venue"),
                FieldPanel("address"),
                FieldPanel("host"),
            ],
            heading=_("地点"),
        ),
        FieldRowPanel([FieldPanel("department"), FieldPanel("organiser"), FieldPanel("speaker")]),
        FieldRowPanel(
            [FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("capacity")], heading=_("时间与名额")
        ),
        FieldRowPanel([FieldPanel("signup_opens_at"), FieldPanel("signup_closes_at")], heading=_("报名时间")),
    ]

    class Meta:
        verbose_name = _("课堂")
        verbose_name_plural = _("课堂")
        indexes = [models.Index(fields=["district", "live", "starts_at"], name="class_session_coming")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="class_session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(age_from__lt=F("age_to"), age_to__lte=OLDEST_MONTHS), name="class_session_ages_in_order"
            ),
            models.CheckConstraint(
                condition=Q(signup_opens_at__lt=F("signup_closes_at"), signup_closes_at__lte=F("starts_at")),
                name="class_session_window_before_start",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="class_session_has_places"),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="class_session_kind_known"),
            models.CheckConstraint(condition=Q(department__in=("", *OFFICES)), name="class_session_department_known"),
            models.CheckConstraint(
                condition=Q(topic__in=SessionTopic.values),
                name="class_session_topic_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("parenting:session-detail", args=[self.public_id])

    @property
    def revisions(self) -> Any:
        return self._revisions

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "parenting/session_detail.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        context = super().get_preview_context(request, mode_name)
        now = timezone.now()
        return context | {
            "session": self,
            "places": self,
            "capacity": self.capacity,
            "remaining": self.capacity,
            "answer": "open" if self.signup_opens_at and self.signup_opens_at <= now else "not_yet",
            "now": now,
        }


class SessionPlaces(models.Model):
    """The one truth of when a published session is, when sign-up is open and how many places it has (its cell's).

    ``venue`` and ``address`` are what the families were told last, to see that a publishing moves them; empty where
    that was not noted yet. Shown is the session's own text.

    Stands apart from ``ClassSession`` because publishing rewrites that one. Read through ``queries/sessions.py``,
    written by ``services/publishing.py`` under the session's lock. The bookings carry the same times.
    """

    session = models.OneToOneField(ClassSession, on_delete=models.CASCADE, related_name="places")
    cell = models.OneToOneField(CapacityCell, on_delete=models.PROTECT, related_name="session_places")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    signup_opens_at = models.DateTimeField()
    signup_closes_at = models.DateTimeField()
    venue = models.CharField(max_length=120, blank=True, default="", db_default="")
    address = models.CharField(max_length=120, blank=True, default="", db_default="")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=120, blank=True)
    walk_ins = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="families who came unannounced")
    note = models.CharField(max_length=200, blank=True, db_default="", help_text="of the staff; never shown outside")
    taken_down = models.BooleanField(
        default=False, db_default=False, help_text="Cancelled by unpublishing; publishing opens it again"
    )

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="session_places_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_reason=""), name="session_cancel_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(taken_down=False) | Q(cancelled_at__isnull=False), name="session_taken_down_is_cancelled"
            ),
        ]

    def __str__(self) -> str:
        return f"places of {self.session_id}"


class ClassSignup(models.Model):
    """A family's sign-up, one-to-one with the booking that holds its place; its ``district`` is the booking's."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="class_signup")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="signups")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="class_signups")
    child = models.ForeignKey(Child, on_delete=models.SET_NULL, null=True, blank=True, related_name="class_signups")
    active = models.BooleanField(default=True, help_text="False once cancelled; written with the booking's move")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "child"], condition=Q(active=True), name="class_signup_child_once"
            ),
            models.UniqueConstraint(
                fields=["session", "family"],
                condition=Q(active=True, child__isnull=True),
                name="class_signup_family_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.family_id}"
