"""What the asked hours cost at one institution: the cheapest stay that covers them and can be booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from booking.places.bookable_days import BookableDays
from booking.places.place_rules import covering_stay
from booking.places.stay_rules import price_of_minutes


@dataclass(frozen=True, slots=True)
class CoveringStay:
    """A stay that covers the asked hours and can be booked, in minutes of the day, with its price in fen."""

    starts: int
    ends: int
    amount: int

    @property
    def order(self) -> tuple[int, int]:
        """The cheapest first, of equal ones that which is nearest to what was asked."""
        return self.amount, self.ends - self.starts


def cheapest_stay(
    days: BookableDays, day: dt.date, bucket: str | None, span: tuple[int, int], *, mode: str = ""
) -> CoveringStay | None:
    """For the asked minutes of the day, in one mode or any; None where nothing can be booked."""
    return min(_covering(days, day, bucket, span, mode), key=lambda stay: stay.order, default=None)


def _covering(
    days: BookableDays, day: dt.date, bucket: str | None, span: tuple[int, int], mode: str
) -> Iterator[CoveringStay]:
    for name in days.classes_of(bucket):
        for product in days.offered(day, name):
            stay = covering_stay(product, *span) if mode in ("", product.mode) else None
            if stay and days.answer(day, name, product, *stay).remaining:
                yield CoveringStay(*stay, price_of_minutes(product, days.terms, stay[1] - stay[0]))
