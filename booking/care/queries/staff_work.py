"""What the district's staff must know of bookings: families whom an institution leaves without an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking
from booking.places.states import lapsed
from directory.register.ports import InstitutionWork

#: How long an institution may take before the district's staff see it.
ANSWER_WITHIN = dt.timedelta(days=1)


def narrow_unanswered(rows: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Institutions with a request that is still open and older than ``ANSWER_WITHIN``."""
    waiting = Booking.objects.filter(
        institution=OuterRef("pk"), status=Booking.Status.REQUESTED, created_at__lte=now - ANSWER_WITHIN
    ).exclude(lapsed(now))
    return rows.filter(Exists(waiting))


UNANSWERED_REQUESTS = InstitutionWork(
    15, _("预约申请没有答复"), _("%(count)s 家有超过一天没有答复的预约申请"), narrow_unanswered
)
