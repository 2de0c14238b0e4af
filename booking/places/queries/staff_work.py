"""What the district's staff must know of places: who offers some and no longer vouches for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from booking.places.models import PlacesConfirmation
from booking.places.queries.freshness import stale_after
from directory.register.models import ClassGroup
from directory.register.ports import InstitutionWork


def narrow_stale(rows: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Public institutions with a class whose places nobody has confirmed for as long as ``is_stale`` asks."""
    fresh = PlacesConfirmation.objects.filter(institution=OuterRef("pk"), places_confirmed_at__gte=now - stale_after())
    classes = ClassGroup.objects.filter(institution=OuterRef("pk"), active=True)
    return rows.filter(~Exists(fresh), Exists(classes), is_public=True)


STALE_PLACES = InstitutionWork(
    80, _("空位没有更新"), _("%(count)s 家的空位太久没有更新，家长要等机构答复才能约上"), narrow_stale
)
