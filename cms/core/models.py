"""Tables of the shared kernel: outbox, job runs, working days, counters, cache versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.core.enums import CalendarDayKind
from cms.core.security.crypto import EncryptedJSONField


class OutboxMessage(models.Model):
    """A side effect promised in the transaction of its change; delivered at least once.

    ``key`` names the effect within its topic: emitting it twice is one effect. The payload is encrypted and
    emptied after delivery. ``available_at`` is also the lease of the drainer that has claimed the row. Rows of one
    ``stream`` ("" = none) are delivered in the order of their ids. ``district_code`` is "" where the row belongs to no
    district; ``version`` is the payload's.
    """

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    payload = EncryptedJSONField(default=dict)
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    stream = models.CharField(max_length=60, blank=True, default="", db_default="")
    district_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="outbox_topic_key_once")]
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_pending",
                condition=models.Q(done_at__isnull=True, gave_up_at__isnull=True),
            ),
            models.Index(
                fields=["stream", "id"],
                name="outbox_stream_open",
                condition=~models.Q(stream="") & models.Q(done_at__isnull=True, gave_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class JobRun(models.Model):
    """When a named periodic job last ran and is next due; the row is its lock."""

    name = models.CharField(max_length=80, unique=True)
    next_due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Failed tries of the run that is due"
    )

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that differs from the plain week: a public holiday or a make-up working day (调休)."""

    Kind = CalendarDayKind

    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=60)
    source = models.CharField(_("依据"), max_length=200, help_text=_("例如国务院办公厅通知的文号"))

    class Meta:
        verbose_name = _("放假与调休")
        verbose_name_plural = _("放假与调休")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=CalendarDayKind.values), name="calendar_day_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class RateCounter(models.Model):
    """Hits of one key in one fixed window (the embedded default; service mode counts in Redis)."""

    key = models.CharField(max_length=120)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window_starts_at"], name="rate_counter_key_window")]
        indexes = [models.Index(fields=["window_starts_at"], name="rate_counter_window")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"


class CacheVersion(models.Model):
    """A counter whose rise makes cached pages of its name stale (the embedded default)."""

    name = models.CharField(max_length=40, unique=True)
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
