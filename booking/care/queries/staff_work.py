"""What the district's staff must know of bookings: families whom an institution leaves without an answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking
from cms.core.calendar.times import local_date
from directory.register.ports import InstitutionWork

S = Booking.Status
#: How long an institution may take before the district's staff see it; a request lasts 24 hours at most.
WAITS_LONG = dt.timedelta(hours=12)
#: How long a request that ran out is shown to them.
SHOWN_FOR = dt.timedelta(days=7)


def narrow_unanswered(rows: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Institutions with a request that has waited for ``WAITS_LONG``, or that ran out within ``SHOWN_FOR``."""
    since = now - SHOWN_FOR
    # A request runs out before its stay begins, so no earlier stay can be one of these.
    asked = Booking.objects.filter(institution=OuterRef("pk"), service_date__gte=local_date(since))
    waiting = asked.filter(Q(changed_at__lte=now - WAITS_LONG) | Q(expires_at__lte=now), status=S.REQUESTED)
    ran_out = asked.filter(
        status=S.EXPIRED, events__from_status=S.REQUESTED, events__to_status=S.EXPIRED, events__at__gte=since
    )
    return rows.filter(Exists(waiting) | Exists(ran_out))


UNANSWERED_REQUESTS = InstitutionWork(
    15, _("预约申请没有答复"), _("%(count)s 家有预约申请等了半天以上，或者到时间没有答复"), narrow_unanswered
)
