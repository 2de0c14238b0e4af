"""What upper apps answer to the register: free places, and what follows when an institution's standing changes.

Without booking the pages are shown without places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from cms.core.runtime.ports import ManyPort, Port
from cms.core.web.staff_scope import Person


@dataclass(frozen=True, slots=True)
class DayPlaces:
    """Places of one day: ``remaining`` by start minute (a missing minute is not open), each for ``step`` minutes.

    ``free`` answers the question: the most places of one stay that covers the asked minutes, where none were asked of
    any stay that can be booked now. Where it is 0 ``problem`` says why, in a word of the API (``closed``, ``age``,
    ``full``, ``too_late`` …). No stay begins before ``bookable_from``; 1,440 where none can be booked that day.
    """

    day: dt.date
    step: int
    remaining: Mapping[int, int]
    free: int
    problem: str
    bookable_from: int


@dataclass(frozen=True, slots=True)
class PricedStay:
    """The cheapest stay that covers the asked minutes and can be booked: its minutes of the day, its price in fen."""

    starts: int
    ends: int
    amount: int


class PricedPlaces(NamedTuple):
    """Places of the best stay that covers the asked minutes, and what the cheapest of them costs in fen."""

    places: int
    amount: int


@dataclass(frozen=True, slots=True)
class InstitutionPlaces:
    """Places of one institution on one day.

    ``class_kind`` is the class that takes the age, None where no age was asked or nobody takes it; then ``first_month``
    is the next age in months that somebody takes, if any. ``caregivers`` are those of the class. ``has_classes``: the
    institution offers places by this site at all. ``hours``: the first and last minute at which it is open that day, on
    full hours, some usual ones where it is not. ``stale``: nobody has confirmed the places since ``confirmed_at``.
    ``needs_answer``: a booking made now is a request, since places are stale or the institution decides each time.
    ``stay`` is None where no minutes were asked or nothing that covers them can be booked.
    """

    day: DayPlaces
    hours: tuple[int, int]
    class_kind: str | None
    first_month: int | None
    caregivers: int
    has_classes: bool
    confirmed_at: dt.datetime | None
    stale: bool
    needs_answer: bool = False
    stay: PricedStay | None = None


@dataclass(frozen=True, slots=True)
class WeekPlaces:
    """Several days of one institution for one class.

    ``class_kind`` is the class shown, None for the best of all; ``problem`` is ``age`` where nobody takes the asked
    age, then ``first_month`` as above. ``hours``: the first and last minute at which any of the days is open, on full
    hours; ``confirmed_at`` is when the institution last said that the numbers are right; ``needs_answer`` as above.
    ``other_day``: where the asked day has no place, the nearest of the other days that has one for the asked minutes
    (any stay where none were asked) and how many, a later day before an earlier one.
    """

    class_kind: str | None
    problem: str
    first_month: int | None
    days: Sequence[DayPlaces]
    hours: tuple[int, int]
    confirmed_at: dt.datetime | None
    stale: bool
    needs_answer: bool = False
    other_day: tuple[dt.date, int] | None = None


@dataclass(frozen=True, slots=True)
class BookingRules:
    """An institution's booking rules, the defaults included. ``needs_acceptance`` is the institution's own rule; a
    booking made now ``needs_answer`` also where its places are stale. ``confirmed_at``: when the institution last saved
    them, None where it never did or that is not known.
    """

    raster_minutes: int
    opens_days_ahead: int
    cutoff_minutes: int
    temporary_cutoff_minutes: int
    minimum_minutes: int
    step_minutes: int
    free_cancel_days_before: int
    free_cancel_clock: dt.time
    needs_acceptance: bool
    needs_answer: bool = False
    confirmed_at: dt.datetime | None = None


class FreePlaces(Protocol):
    """What booking answers about places, as numbers; ages are those of the child on the day asked about.

    Every method uses a fixed number of queries.
    """

    def institutions_with_places(
        self,
        *,
        age_months: int,
        starts_at: dt.datetime,
        ends_at: dt.datetime,
        now: dt.datetime,
        institution_ids: Collection[int] | None = None,
        mode: str = "",
    ) -> dict[int, int]:
        """Institutions where the whole span can be booked now → places left (1 or more); stale ones don't count.

        ``mode`` narrows the stays to one mode, here and below.
        """
        ...

    def institutions_with_prices(
        self, *, age_months: int, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime, mode: str = ""
    ) -> dict[int, PricedPlaces]:
        """The same institutions with what the cheapest such stay costs."""
        ...

    def on_day(
        self,
        *,
        institution_ids: Sequence[int],
        age_months: int | None,
        day: dt.date,
        span: tuple[int, int] | None,
        now: dt.datetime,
        mode: str = "",
    ) -> dict[int, InstitutionPlaces]:
        """The places of each institution that day; ``span`` are the asked minutes of the day, half-open."""
        ...

    def week(
        self,
        *,
        institution_id: int,
        age_months: int | None,
        class_kind: str | None,
        start: dt.date,
        days: int,
        asked_day: dt.date | None,
        span: tuple[int, int] | None,
        now: dt.datetime,
    ) -> WeekPlaces | None:
        """The coming days of one institution; ``span`` are the asked minutes of ``asked_day``, half-open.

        A ``class_kind`` that is run there is shown for any age. None where the institution has no places in booking.
        """
        ...

    def rules(self, *, institution_id: int, now: dt.datetime) -> BookingRules:
        """The booking rules in force there; at most one query."""
        ...


class StandingLost(Protocol):
    """Called inside the transaction in which an institution stops taking bookings, also for a rectification.

    ``keeps_bookings``: only nothing new may begin, what is booked stays.
    """

    def __call__(
        self, *, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime, keeps_bookings: bool
    ) -> None: ...


class OfferingChanged(Protocol):
    """Called inside the transaction in which an institution takes bookings again, or its places changed."""

    def __call__(self, *, institution_id: int, now: dt.datetime) -> None: ...


class FeeDays(NamedTuple):
    """The days on which a fee of a class ("" for all) holds: from ``since`` to before ``until`` (None: no end)."""

    class_kind: str
    since: dt.date
    until: dt.date | None


class AsksIfCharged(Protocol):
    """For each of the fees of a product, whether some booking was made for one of its days; what ran out, was declined
    or called off is not counted.
    """

    def __call__(self, *, institution_id: int, product_id: int, fees: Sequence[FeeDays]) -> list[bool]: ...


@dataclass(frozen=True, slots=True)
class Touched:
    """A booking that stopping care touches; ``is_ended``: the act itself cancels it, else people have to see to it."""

    booking: int
    family: int
    child: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_ended: bool


class ImpactAnswer(Protocol):
    """The bookings that stopping care touches at ``now``; one query.

    ``last`` None: for good; ``class_kind`` "" for all; ``minutes`` of each day, half-open; ``only_waiting``: only what
    is not confirmed yet is ended.
    """

    def __call__(
        self,
        *,
        institution_id: int,
        first: dt.date,
        last: dt.date | None,
        class_kind: str,
        minutes: tuple[int, int],
        only_waiting: bool,
        now: dt.datetime,
    ) -> Sequence[Touched]: ...


@dataclass(frozen=True, slots=True)
class WorkbenchSection:
    """An entry of the workbench's navigation; pages whose URL name begins with ``url_name`` belong to it."""

    order: int
    label: str | Promise
    url_name: str
    managers_only: bool = True


@dataclass(frozen=True, slots=True)
class InstitutionWork:
    """A reason why institutions wait for the district's staff: one line of 今天要办的事, and the list behind it.

    ``words`` has a place for ``%(count)s``, ``label`` names the same rows in the filter of the list. ``narrow(rows,
    now)`` leaves those concerned of some institutions, each once.
    """

    order: int
    label: str | Promise
    words: str | Promise
    narrow: Callable[[QuerySet[Any], dt.datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A line of 今天要办的事 that is not about institutions; ``url`` leads to the rows it counts."""

    order: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """Rows whose history belongs to that of an institution: ``rows`` gives those of an institution by its key.

    ``about`` names the row an entry is about in words, from the row's own name when the entry was written.
    """

    model: type[Model]
    rows: Callable[[int], QuerySet[Any]]
    about: Callable[[str], str]


#: Minutes that one hourly fee pays for where nobody says otherwise.
DEFAULT_STEP_MINUTES = 30

free_places: Port[FreePlaces] = Port("register.free_places", asks="Which places are free, when, for which age?")
#: Institutions → the minutes that one hourly fee pays for; those left out have ``DEFAULT_STEP_MINUTES``.
step_minutes: Port[Callable[[Collection[int]], Mapping[int, int]]] = Port(
    "register.step_minutes", asks="How many minutes does one hourly fee pay for?"
)
fee_charged: Port[AsksIfCharged] = Port("register.fee_charged", asks="Did families book with a fee?")
#: Any exception undoes the whole act.
standing_lost: ManyPort[StandingLost] = ManyPort(
    "register.standing_lost", asks="What follows when an institution stops taking bookings?"
)
#: Shown before an act that cancels: read through ``directory.register.queries.impact``.
impact: ManyPort[ImpactAnswer] = ManyPort("register.impact", asks="Which bookings does stopping care touch?")
offering_changed: ManyPort[OfferingChanged] = ManyPort(
    "register.offering_changed", asks="What follows when an institution takes bookings again or its places change?"
)
workbench_sections: ManyPort[WorkbenchSection] = ManyPort(
    "register.workbench_sections", asks="Which sections does this app bring to the workbench?"
)
institution_work: ManyPort[InstitutionWork] = ManyPort(
    "register.institution_work", asks="Which institutions wait for the district's staff, and why?"
)
#: (person, now) → lines for what that person may act on, none where nothing waits.
staff_lines: ManyPort[Callable[[Person, dt.datetime], Sequence[StaffLine]]] = ManyPort(
    "register.staff_lines", asks="What else waits for the district's staff?"
)
timeline: ManyPort[TimelinePart] = ManyPort(
    "register.timeline", asks="Which rows of this app tell what happened to an institution?"
)
#: Profile → the context of the profile's preview in the admin.
profile_preview: Port[Callable[..., Mapping[str, Any]]] = Port(
    "register.profile_preview", asks="How does a profile look on the public page?"
)


def notify_standing_lost(
    *, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime, keeps_bookings: bool = False
) -> None:
    """Everyone who registered, in order; call it inside the act's transaction."""
    for answer in standing_lost.all().values():
        answer(institution_id=institution_id, from_day=from_day, reason=reason, now=now, keeps_bookings=keeps_bookings)


def notify_offering_changed(*, institution_id: int, now: dt.datetime) -> None:
    """Everyone who registered, in order; call it inside the act's transaction."""
    for answer in offering_changed.all().values():
        answer(institution_id=institution_id, now=now)
