"""What an institution offers: classes, products, opening rules, closings. Plain rows, written by services."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import clock_of_minute
from cms.core.display.wording import period
from cms.core.security.codes import new_public_id
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.enums import HalfDay
from directory.register.models.institution import Institution

WEEKDAYS = (
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
)


class ClassGroup(models.Model):
    """A class (班): its kind, its places, the caregivers on duty in it.

    ``confirmed_at`` is when the institution last saved it itself; what staff or lists correct does not move it.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="class_groups")
    kind = models.CharField(_("班型"), max_length=20, choices=ClassKind.choices)
    name = models.CharField(_("班名"), max_length=20)
    places = models.PositiveSmallIntegerField(_("托位"))
    caregivers = models.PositiveSmallIntegerField(_("当班保育人员"))
    active = models.BooleanField(_("开班"), default=True)
    regular_set_aside = models.JSONField(
        null=True, editable=False, help_text="{weekday: regular places} of weekdays that are closed now"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("班")
        constraints = [
            models.UniqueConstraint(fields=["institution", "name"], name="class_group_name_once"),
            models.CheckConstraint(
                condition=Q(kind=ClassKind.INFANT.value, places__range=(1, 10))
                | Q(kind=ClassKind.TODDLER.value, places__range=(1, 15))
                | Q(kind=ClassKind.SENIOR_TODDLER.value, places__range=(1, 20))
                | Q(kind=ClassKind.MIXED.value, places__range=(1, 18)),
                name="class_group_within_standard",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningRule(models.Model):
    """Opening hours of a class on one weekday, and the places its regular children already take.

    ``regular_places`` defaults to all places of the class, so that nothing is offered before the institution says so.
    """

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField(_("星期"), choices=WEEKDAYS)
    opens = models.TimeField(_("开门"))
    closes = models.TimeField(_("关门"))
    regular_places = models.PositiveSmallIntegerField(_("在托宝宝占用"))

    class Meta:
        verbose_name = _("开放时间")
        constraints = [
            models.UniqueConstraint(fields=["class_group", "weekday"], name="opening_rule_once_a_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="opening_rule_closes_after_opening"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="opening_rule_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


#: Minutes of a day; China's clocks have not changed since 1991.
DAY_MINUTES = 24 * 60


class ClosingDay(models.Model):
    """A day on which an institution is closed: all of it or one kind of its classes, all day or between two times.

    A closing of several days is a row for each of them, with the same ``created_at``, so that any of them can be opened
    again.
    """

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="closing_days")
    date = models.DateField(_("日期"))
    class_kind = models.CharField(_("班型"), max_length=20, choices=ClassKind.choices, blank=True, db_default="")
    from_minute = models.PositiveSmallIntegerField(default=0, db_default=0)
    to_minute = models.PositiveSmallIntegerField(default=DAY_MINUTES, db_default=DAY_MINUTES)
    reason = models.CharField(_("原因"), max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("休息日")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "date", "class_kind", "from_minute", "to_minute"], name="closing_day_part_once"
            ),
            models.CheckConstraint(
                condition=Q(to_minute__gt=F("from_minute"), to_minute__lte=DAY_MINUTES),
                name="closing_day_minutes_in_order",
            ),
            models.CheckConstraint(
                condition=Q(class_kind__in=["", *ClassKind.values]), name="closing_day_class_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"

    @property
    def is_whole_day(self) -> bool:
        return (self.from_minute, self.to_minute) == (0, DAY_MINUTES)

    @property
    def clocks(self) -> tuple[dt.time, dt.time]:
        """From when to when, where it is not the whole day."""
        return clock_of_minute(self.from_minute), clock_of_minute(self.to_minute)


class CareProduct(models.Model):
    """A way to be looked after. What it costs are the rows of ``ProductFee``.

    - ``full_day``, ``half_day``: one fixed window ``starts``–``ends``; fee a day.
    - ``hourly``: any raster start inside ``starts``–``ends``; fee a step of ``BookingPolicy.step_minutes``
      (another step carries the fees over, so that an hour costs what it did).
    - ``temporary``: fixed blocks of ``block_minutes`` from ``starts`` on, bookable until they start; fee a block.

    It is offered from the first day of its general fee on. ``confirmed_at``: when the institution last saved it itself.
    """

    Part = HalfDay

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="products")
    mode = models.CharField(_("方式"), max_length=12, choices=CareMode.choices)
    part = models.CharField(_("半天"), max_length=10, choices=Part.choices, blank=True)
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    block_minutes = models.PositiveSmallIntegerField(_("每段分钟"), null=True, blank=True)
    inclusive = models.BooleanField(_("普惠"), default=False)
    active = models.BooleanField(_("提供"), default=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("托育方式")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="care_product_ends_after_start"),
            models.CheckConstraint(
                condition=Q(mode__in=CareMode.values),
                name="care_product_mode_known",
            ),
            models.CheckConstraint(
                condition=(Q(mode=CareMode.HALF_DAY.value) & ~Q(part=""))
                | (~Q(mode=CareMode.HALF_DAY.value) & Q(part="")),
                name="care_product_part_only_half_day",
            ),
            models.CheckConstraint(
                condition=(Q(mode=CareMode.TEMPORARY.value, block_minutes__isnull=False) & Q(block_minutes__gte=15))
                | (~Q(mode=CareMode.TEMPORARY.value) & Q(block_minutes__isnull=True)),
                name="care_product_block_only_temporary",
            ),
            models.UniqueConstraint(
                fields=["institution", "mode", "part", "starts", "ends", "inclusive"],
                condition=Q(active=True),
                name="care_product_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {period(self.starts, self.ends)}"


class ProductFee(models.Model):
    """What a product costs from a day on, until its next row of the same class begins; amounts in fen.

    ``class_kind`` is "" for all classes; a row for one class goes before it. ``monthly_fee`` is shown only.
    ``from_date`` is ``fees.SINCE_EVER`` where nobody noted the day. Rows are never rewritten once they were charged, so
    that they are the public history. ``confirmed_at``: when the institution last saved it itself.
    """

    product = models.ForeignKey(CareProduct, on_delete=models.CASCADE, related_name="fees")
    class_kind = models.CharField(_("班型"), max_length=20, choices=ClassKind.choices, blank=True)
    from_date = models.DateField(_("从哪天起"))
    fee = models.PositiveIntegerField(_("收费（分）"), help_text=_("每天、每半天、每档或每次"))
    monthly_fee = models.PositiveIntegerField(_("月费（分）"), null=True, blank=True)
    meal_fee = models.PositiveIntegerField(_("餐费（分/天）"), null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("收费")
        constraints = [
            models.UniqueConstraint(fields=["product", "class_kind", "from_date"], name="product_fee_once_a_day"),
            models.CheckConstraint(condition=Q(class_kind__in=["", *ClassKind.values]), name="product_fee_class_known"),
        ]
        indexes = [models.Index(fields=["from_date"], name="product_fee_begins")]

    def __str__(self) -> str:
        return f"{self.from_date} {self.fee}"
