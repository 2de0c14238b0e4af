"""Whether today's board looks as it did: asked every half minute by every open board, so in two small queries."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import Count, Max, Q

from booking.places.models import Booking
from booking.places.states import MARKED, NOT_DUE, UNDO_WITHIN, lapsed
from cms.workbench.queries.rows import GRACE
from directory.register.models import Institution

S = Booking.Status
#: What is not asked about here (caregivers, other days, how fresh the places are) shows after so long.
SLOWLY = dt.timedelta(minutes=5)


def board_version(institution: Institution, day: dt.date, now: dt.datetime) -> str:
    """A short word that changes with every act at the door and with whatever the time alone changes on the board."""
    care = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE)
    awaited, inside = Q(status=S.CONFIRMED), Q(status=S.ARRIVED)
    today = care.filter(service_date=day).aggregate(
        bookings=Count("pk"),
        changed=Max("changed_at"),
        late=Count("pk", filter=awaited & Q(starts_at__lte=now - GRACE)),
        missed=Count("pk", filter=awaited & Q(ends_at__lte=now)),
        early=Count("pk", filter=awaited & Q(starts_at__gt=now + NOT_DUE)),
        overdue=Count("pk", filter=inside & Q(ends_at__lte=now - GRACE)),
        undoable=Count("pk", filter=Q(status__in=MARKED, changed_at__gte=now - UNDO_WITHIN)),
    )
    waiting = care.filter(status=S.REQUESTED).exclude(lapsed(now)).aggregate(asked=Count("pk"), last=Max("changed_at"))
    by_the_minute = today["late"] or today["overdue"]
    seconds = int(now.timestamp())
    clock = seconds // 60 if by_the_minute else seconds // int(SLOWLY.total_seconds())
    words = repr((day, clock, sorted(today.items()), sorted(waiting.items())))
    return hashlib.sha256(words.encode()).hexdigest()[:16]
