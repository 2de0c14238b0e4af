"""Acts that stop care somewhere, done only where they cost what the person saw that they would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from cms.core.calendar.times import local_date
from directory.districts.services.checking import StakeChanged
from directory.register.models import Authorisation, Institution
from directory.register.queries.impact import Impact, impact_of
from directory.register.services.standing import lock_institution


@transaction.atomic
def act_as_seen(
    act: Callable[[], object],
    *,
    institution: Institution,
    seen: str,
    now: dt.datetime,
    only_waiting: bool = False,
    ends: Authorisation | None = None,
) -> Impact:
    """Do the act and return what it ends, whose families are notified. ``seen`` is the mark of everything booked there
    from today on, as the person saw it.

    ``only_waiting``: the act ends only what is not confirmed yet; ``ends``: it ends this authorisation, and no booking
    where publicity does not rest on it. Raises ``StakeChanged``, and nothing is done, where other bookings are
    touched; else what the act raises.
    """
    locked = lock_institution(institution)
    costs_nothing = ends is not None and not is_public_by(Authorisation.objects.get(pk=ends.pk), locked)
    act()
    if costs_nothing:
        impact = told = Impact([])
    else:
        # Read after the act, which has locked the places: a hold that was faster is seen, a slower one finds none.
        impact = told = impact_of(institution_id=institution.pk, first=local_date(now), now=now)
        if only_waiting:
            told = impact_of(institution_id=institution.pk, first=local_date(now), now=now, only_waiting=True)
    if impact.mark != seen:
        raise StakeChanged
    return told


def is_public_by(authorisation: Authorisation, institution: Institution) -> bool:
    """Whether the institution is public by this authorisation: it has one live one at most."""
    return authorisation.published_at is not None and authorisation.ended_date is None and institution.is_public
