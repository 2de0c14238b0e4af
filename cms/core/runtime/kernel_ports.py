"""What the kernel asks the apps above it: jobs, deliveries, health checks, personal data, whose district a row is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.utils.functional import Promise

from cms.core.calendar.times import at as moment_at
from cms.core.calendar.times import local_date
from cms.core.runtime.ports import ManyPort, Port

FIRST_VERSION = 1
JOB_LEASE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Job:
    """Work with either a period (``every``) or a daily local time (``at``).

    ``run(now)`` is idempotent. No other runner starts the job before ``lease`` has passed.
    """

    run: Callable[[dt.datetime], object]
    every: dt.timedelta | None = None
    at: dt.time | None = None
    lease: dt.timedelta = JOB_LEASE

    def __post_init__(self) -> None:
        if (self.every is None) == (self.at is None):
            raise ValueError("a job needs either every= or at=")

    def next_due(self, now: dt.datetime) -> dt.datetime:
        """The first moment after ``now`` at which the job is to run again."""
        if self.every is not None:
            return now + self.every
        time = self.at or dt.time.min
        today = moment_at(local_date(now), time)
        return today if today > now else moment_at(local_date(now) + dt.timedelta(days=1), time)


class Deliver(Protocol):
    """Delivers one message; may be called again with the same key."""

    def __call__(self, payload: dict[str, Any], *, key: str, now: dt.datetime) -> None: ...


class OutboxHandler(NamedTuple):
    """Who delivers a topic's messages, the versions of its payloads that it reads, and what staff call them."""

    deliver: Deliver
    versions: frozenset[int] = frozenset({FIRST_VERSION})
    label: str | Promise = ""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One check of `/readyz`.

    ``probe`` returns a short description and raises if something does not work. Where an ``essential`` check fails the
    site can't serve at all.
    """

    probe: Callable[[], str]
    essential: bool = False


@dataclass(frozen=True, slots=True)
class PersonalDataScope:
    """Whose data is meant: a user, the family, and which of its children.

    ``whole_account``: the user is erased too, not only children; ``whole_family``: nobody remains who could look after
    what the family shares.
    """

    user: Any
    family_id: int | None
    child_ids: tuple[int, ...]
    whole_account: bool = False
    whole_family: bool = False


@dataclass(frozen=True, slots=True)
class DataLine:
    """One row of a family's data in words: what it is about, then (heading, words); empty words are left out."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DataSection:
    """The rows of one kind, under a heading that people read."""

    title: str
    lines: tuple[DataLine, ...]


@dataclass(frozen=True, slots=True)
class DataHold:
    """What must be ended before an erasure: a sentence, and each thing by name with the page where it is ended."""

    words: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalDataPart:
    """One app's part of a family's data.

    ``export`` gives what JSON can hold, ``describe`` says the same in words: it gets what ``export`` gave. ``erase``
    runs in the transaction of the erasure and is idempotent; a part whose rows say nothing about a person once the
    child's record is empty needs none. ``find_hold`` names what must be ended first (coming bookings), else gives None.
    """

    export: Callable[[PersonalDataScope], Any]
    describe: Callable[[Any], list[DataSection]]
    erase: Callable[[PersonalDataScope, dt.datetime], None] | None = None
    find_hold: Callable[[PersonalDataScope, dt.datetime], DataHold | None] | None = None


#: By the name in the ``JobRun`` row.
jobs: ManyPort[Job] = ManyPort("core.jobs", asks="What is to be done at intervals or once a day?")
#: By topic.
outbox_handlers: ManyPort[OutboxHandler] = ManyPort(
    "core.outbox_handlers", asks="Who delivers the messages of a topic?"
)
#: Called after a commit that left due rows in the outbox; it must not fail.
outbox_waker: Port[Callable[[], None]] = Port(
    "core.outbox_waker", asks="Who wakes the drainer in service mode?", optional=True
)
#: By the name in the answer of `/readyz`.
health_checks: ManyPort[HealthCheck] = ManyPort("core.health_checks", asks="Does this part of the site work?")
#: By the name in the export, the lowest app first: upper apps point to lower ones and are erased before them.
personal_data: ManyPort[PersonalDataPart] = ManyPort(
    "core.personal_data", asks="What does this app store about a family, and may it be erased?"
)
#: Model label → path from the model to its district; "" where its rows belong to no district.
staff_paths: ManyPort[str] = ManyPort("core.staff_paths", asks="How does a row that staff see lead to its district?")
#: The districts a person works for, as a query of their keys; not asked for a superuser.
staff_districts: Port[Callable[[AbstractBaseUser | AnonymousUser], QuerySet[Any]]] = Port(
    "core.staff_districts", asks="Which districts does this person work for?"
)
