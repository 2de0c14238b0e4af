"""What an upper app may hang onto the directory: free places, and what follows when an authorisation is lost.

The directory never imports booking. Booking registers itself in its ``AppConfig.ready()``; without it the pages stand
without places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.safestring import SafeString

from directory.register.models import Institution


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


class Availability(Protocol):
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
        institution: Institution,
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

    def rules(self, *, institution: Institution) -> BookingRules:
        """The booking rules in force there; at most one query."""
        ...


class AuthorisationLost(Protocol):
    """Called inside the transaction in which an institution stops taking bookings, also for a rectification."""

    def __call__(self, *, institution: Institution, from_day: dt.date, reason: str, now: dt.datetime) -> None: ...


class Reopened(Protocol):
    """Called inside the transaction in which an institution takes bookings again."""

    def __call__(self, *, institution: Institution, now: dt.datetime) -> None: ...


DEFAULT_STEP_MINUTES = 30

# Institutions → the minutes that one hourly fee pays for; those left out have the default.
StepMinutes = Callable[[Collection[int]], Mapping[int, int]]

_step_minutes: StepMinutes | None = None
_availability: Availability | None = None
_authorisation_lost: list[AuthorisationLost] = []
_reopened: list[Reopened] = []


def register_availability(provider: Availability) -> None:
    """Booking's answer to questions about places; the last one registered counts."""
    global _availability
    _availability = provider


def availability() -> Availability | None:
    """The registered provider, or None where booking is not installed."""
    return _availability


def register_authorisation_lost(callback: AuthorisationLost) -> None:
    """What must also happen when an institution loses its authorisation (same transaction)."""
    if callback not in _authorisation_lost:
        _authorisation_lost.append(callback)


def authorisation_lost(*, institution: Institution, from_day: dt.date, reason: str, now: dt.datetime) -> None:
    """Tell everyone registered; any exception undoes the whole act."""
    for callback in _authorisation_lost:
        callback(institution=institution, from_day=from_day, reason=reason, now=now)


def register_reopened(callback: Reopened) -> None:
    """What must also happen when an institution takes bookings again (same transaction): cells get their targets."""
    if callback not in _reopened:
        _reopened.append(callback)


def reopened(*, institution: Institution, now: dt.datetime) -> None:
    """Tell everyone registered."""
    for callback in _reopened:
        callback(institution=institution, now=now)


def register_step_minutes(fn: StepMinutes) -> None:
    """Booking's steps, so that the index can name an hour's price."""
    global _step_minutes
    _step_minutes = fn


def step_minutes(institution_ids: Collection[int]) -> Mapping[int, int]:
    """Minutes of one hourly fee of these institutions; an absent one has ``DEFAULT_STEP_MINUTES``."""
    return _step_minutes(institution_ids) if _step_minutes is not None else {}
