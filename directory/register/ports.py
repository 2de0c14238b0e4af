"""What upper apps answer to the register: free places, and what follows when an institution's standing changes.

Without booking the pages are shown without places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from cms.core.runtime.ports import ManyPort, Port


@dataclass(frozen=True, slots=True)
class CardPlaces:
    """Free places of one institution on one day, for a list card.

    ``remaining`` is the least over the asked span, None if nobody asked; ``tone`` is ``yes``, ``few`` or ``no``.
    """

    ribbon: SafeString | None
    remaining: int | None
    words: str
    tone: str
    stamp: str
    stale: bool


@dataclass(frozen=True, slots=True)
class DayPlaces:
    """One row of the week: its ribbon and the answer in words (「4 位」, 「已满」, 「不开放」)."""

    day: dt.date
    ribbon: SafeString
    words: str
    open: bool


@dataclass(frozen=True, slots=True)
class WeekPlaces:
    """Several days of one institution for one class.

    ``class_kind`` is the class shown, None for the best of all; ``reason`` says why an asked age can't be taken;
    ``scale`` is the row of hours under the ribbons; ``confirmed_at`` is when the institution last said they are right.
    """

    class_kind: str | None
    days: Sequence[DayPlaces]
    scale: SafeString | str
    reason: str
    confirmed_at: dt.datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class BookingRules:
    """An institution's booking rules as sentences for parents and as data for the API."""

    words: Sequence[str]
    data: Mapping[str, Any] = field(default_factory=dict)


class FreePlaces(Protocol):
    """What booking answers about places. Every method uses a fixed number of queries."""

    def institutions_with_places(
        self,
        *,
        age_months: int,
        starts_at: dt.datetime,
        ends_at: dt.datetime,
        now: dt.datetime,
        institution_ids: Collection[int] | None = None,
    ) -> dict[int, int]:
        """Institutions that can take the age for the whole span → places left (1 or more); stale ones don't count."""
        ...

    def cards(
        self,
        *,
        institutions: Sequence[Any],
        age_months: int | None,
        day: dt.date | None,
        span: tuple[int, int] | None,
        now: dt.datetime,
    ) -> dict[int, CardPlaces]:
        """One card's places for each institution (anything with ``pk``, ``name``); ``span`` in minutes of the day."""
        ...

    def week(
        self,
        *,
        institution_id: int,
        kinds_run: Collection[str],
        age_months: int | None,
        class_kind: str | None,
        start: dt.date,
        days: int,
        mine: tuple[dt.date, int, int] | None,
        now: dt.datetime,
    ) -> WeekPlaces | None:
        """The coming days of one institution; ``mine`` is the asked day with its minutes, half-open.

        None where no places are kept. At most four queries, whatever the number of days.
        """
        ...

    def rules(self, *, institution_id: int) -> BookingRules:
        """The booking rules in force there; at most one query."""
        ...


class StandingLost(Protocol):
    """Called inside the transaction in which an institution stops taking bookings, also for a rectification."""

    def __call__(self, *, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime) -> None: ...


class OfferingChanged(Protocol):
    """Called inside the transaction in which an institution takes bookings again, or its places changed."""

    def __call__(self, *, institution_id: int, now: dt.datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class WorkbenchSection:
    """An entry of the workbench's navigation; pages whose URL name begins with ``url_name`` belong to it."""

    order: int
    label: str | Promise
    url_name: str
    managers_only: bool = True


#: Minutes that one hourly fee pays for where nobody says otherwise.
DEFAULT_STEP_MINUTES = 30

free_places: Port[FreePlaces] = Port("register.free_places", asks="Which places are free, when, for which age?")
#: Institutions → the minutes that one hourly fee pays for; those left out have ``DEFAULT_STEP_MINUTES``.
step_minutes: Port[Callable[[Collection[int]], Mapping[int, int]]] = Port(
    "register.step_minutes", asks="How many minutes does one hourly fee pay for?"
)
#: Any exception undoes the whole act.
standing_lost: ManyPort[StandingLost] = ManyPort(
    "register.standing_lost", asks="What follows when an institution stops taking bookings?"
)
offering_changed: ManyPort[OfferingChanged] = ManyPort(
    "register.offering_changed", asks="What follows when an institution takes bookings again or its places change?"
)
workbench_sections: ManyPort[WorkbenchSection] = ManyPort(
    "register.workbench_sections", asks="Which sections does this app bring to the workbench?"
)
#: Profile → the context of the profile's preview in the admin.
profile_preview: Port[Callable[..., Mapping[str, Any]]] = Port(
    "register.profile_preview", asks="How does a profile look on the public page?"
)


def tell_standing_lost(*, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime) -> None:
    """Everyone who registered, in order; call it inside the act's transaction."""
    for answer in standing_lost.all().values():
        answer(institution_id=institution_id, from_day=from_day, reason=reason, now=now)


def tell_offering_changed(*, institution_id: int, now: dt.datetime) -> None:
    """Everyone who registered, in order; call it inside the act's transaction."""
    for answer in offering_changed.all().values():
        answer(institution_id=institution_id, now=now)
