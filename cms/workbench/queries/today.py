"""The board: today by class."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from booking.places.models import Booking
from booking.places.place_rules import DayCells, open_span, shown_hours
from booking.places.queries.free_places import read_day
from booking.places.targets import may_look_after
from cms.core.calendar.times import minutes_of
from cms.workbench.queries.cells import OverSpan, bucket_title, load_cells, over_spans
from cms.workbench.queries.offering import closings_on
from cms.workbench.queries.rows import ChildRow, day_rows
from cms.workbench.queries.unanswered import OpenDay, open_days
from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClassGroup, ClosingDay, Institution, OpeningRule

OVER_DAYS = 14


@dataclass(slots=True)
class ClassBoard:
    """One class pool today: who is in the room against what the caregivers on duty may look after.

    ``places`` are those parents see; ``hours`` the minutes of the day from opening to closing.
    """

    bucket: str
    title: str
    names: str
    caregivers: int
    may_take: int
    regular: int
    places: DayCells
    hours: tuple[int, int]
    rows: list[ChildRow] = field(default_factory=list)

    @property
    def in_room(self) -> int:
        """Booked children who are in; the regular ones are told beside it."""
        return sum(row.booking.status == Booking.Status.ARRIVED for row in self.rows)

    @property
    def is_over(self) -> bool:
        return self.in_room + self.regular > self.may_take


@dataclass(frozen=True, slots=True)
class Total:
    """How many children are late, awaited, inside, gone or absent, and the public id of the first one's booking."""

    kind: str
    number: int
    first: str


@dataclass(slots=True)
class Board:
    """Everything of today's page that concerns children and classes.

    ``confirmed_at`` and ``stale`` say how fresh the places are.
    """

    day: dt.date
    classes: list[ClassBoard]
    over: list[OverSpan]
    confirmed_at: dt.datetime | None
    stale: bool
    open_days: list[OpenDay]
    closings: list[ClosingDay] = field(default_factory=list)

    @property
    def rows(self) -> list[ChildRow]:
        return [row for board in self.classes for row in board.rows]

    @property
    def totals(self) -> list[Total]:
        """What there is of each kind, in the order of the day; every child who is booked counts once."""
        tests: list[tuple[str, Callable[[ChildRow], bool]]] = [
            ("missed", lambda row: row.is_missed),
            ("late", lambda row: row.is_late and not row.is_missed),
            ("awaited", lambda row: row.booking.status == Booking.Status.CONFIRMED and not row.is_late),
            ("inside", lambda row: row.booking.status == Booking.Status.ARRIVED),
            ("gone", lambda row: row.booking.status == Booking.Status.COMPLETED),
            ("absent", lambda row: row.booking.status == Booking.Status.ABSENT),
        ]
        found = [(kind, [row for row in self.rows if fits(row)]) for kind, fits in tests]
        return [Total(kind, len(rows), rows[0].booking.public_id) for kind, rows in found if rows]

    @property
    def unanswered(self) -> int:
        """Whose time is over, though nobody said that they came or left."""
        return sum(row.is_missed or row.overstay_minutes > 0 for row in self.rows)


def load_board(*, institution: Institution, day: dt.date, now: dt.datetime) -> Board:
    """The day's board in a fixed number of queries (classes, hours, two for the places, two for the cells of two
    weeks, the days before, closings, and four for the children).
    """
    groups = list(ClassGroup.objects.filter(institution_id=institution.pk, active=True).order_by("pk"))
    rules = list(OpeningRule.objects.filter(class_group__in=groups, weekday=day.weekday()))
    cells = load_cells(institution, day, day + dt.timedelta(days=OVER_DAYS))
    rows: dict[str, list[ChildRow]] = defaultdict(list)
    for row in day_rows(institution, day, now):
        rows[row.booking.pool.bucket].append(row)
    places = read_day(institution=institution, day=day, now=now)
    kinds = [kind for kind in CLASS_RULES if kind in {group.kind for group in groups} | set(rows)]
    boards = [_class_board(kind, groups, rules, places.cells(day, kind), rows[kind]) for kind in kinds]
    over, before = over_spans(cells, since=now), open_days(institution, day)
    return Board(day, boards, over, places.confirmed_at, places.stale, before, closings_on(institution, day))


def _class_board(
    kind: str,
    groups: Sequence[ClassGroup],
    rules: Sequence[OpeningRule],
    places: DayCells,
    rows: list[ChildRow],
) -> ClassBoard:
    own = [group for group in groups if group.kind == kind]
    hours = [rule for rule in rules if rule.class_group_id in {group.pk for group in own}]
    open_ids = {rule.class_group_id for rule in hours}
    on_duty = [group for group in own if group.pk in open_ids]
    return ClassBoard(
        bucket=str(kind),
        title=bucket_title(kind),
        names="、".join(group.name for group in own),
        caregivers=sum(group.caregivers for group in on_duty),
        may_take=sum(may_look_after(group) for group in on_duty),
        regular=sum(rule.regular_places for rule in hours),
        places=places,
        hours=_day_hours(places, hours),
        rows=rows,
    )


def _day_hours(places: DayCells, rules: Sequence[OpeningRule]) -> tuple[int, int]:
    opening = ((minutes_of(rule.opens), minutes_of(rule.closes)) for rule in rules)
    return shown_hours([*open_span(places), *opening])
