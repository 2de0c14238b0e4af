"""What an act costs: counts of what it ends, and a mark that differs as soon as other bookings are touched."""

from __future__ import annotations

import datetime as dt

from directory.register import ports
from directory.register.ports import Touched
from directory.register.queries.impact import Impact, impact_of

NOW = dt.datetime(2026, 11, 26, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 26)
HOUR = dt.timedelta(hours=1)


def touched(booking: int, *, family: int = 1, child: int | None = 1, hours: int = 0, is_ended: bool = True) -> Touched:
    starts_at = NOW + hours * HOUR
    return Touched(booking, family, child, starts_at, starts_at + HOUR, is_ended)


def test_counts_are_of_what_ends() -> None:
    seen = Impact(
        [
            touched(1),
            touched(2, child=2),
            touched(3, family=2, child=None, hours=24),
            touched(4, family=3, child=3, is_ended=False),
            touched(5, family=3, child=4, is_ended=False),
            touched(6, family=1, is_ended=False),
        ]
    )

    assert (seen.bookings, seen.families, seen.children, seen.left) == (3, 2, 2, 2)
    assert seen.days == [(DAY, 2), (DAY + dt.timedelta(days=1), 1)]


def test_days_are_those_of_the_wall_clock() -> None:
    assert Impact([touched(1, hours=13), touched(2, hours=14)]).days == [(DAY, 1), (DAY + dt.timedelta(days=1), 1)]


def test_mark_differs_with_the_bookings_and_their_times() -> None:
    first, second = touched(1), touched(2)

    assert Impact([first]).mark == Impact([first]).mark
    marks = {Impact(found).mark for found in ([], [first], [second], [first, second], [touched(1, hours=1)])}
    assert len(marks) == 5


def test_every_app_is_asked_the_same_and_answers_come_in_order_of_time() -> None:
    asked = []

    def answer(hours: int):
        def act(**question: object) -> list[Touched]:
            asked.append(question)
            return [touched(hours, hours=hours)]

        return act

    with ports.impact.replaced_by(one=answer(2), two=answer(1)):
        seen = impact_of(institution_id=7, first=DAY, now=NOW)
        impact_of(institution_id=7, first=DAY, last=DAY, class_kind="mixed", minutes=(1, 2), only_waiting=True, now=NOW)

    assert [one.booking for one in seen.touched] == [1, 2]
    whole = {"last": None, "class_kind": "", "minutes": (0, 1440), "only_waiting": False}
    part = {"last": DAY, "class_kind": "mixed", "minutes": (1, 2), "only_waiting": True}
    assert asked == [{"institution_id": 7, "first": DAY, "now": NOW, **more} for more in (whole, whole, part, part)]
