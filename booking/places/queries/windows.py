"""The fixed stays of a product on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from booking.places.stay_rules import ProductTerms, day_window
from directory.districts.class_kinds import CareMode


def fixed_windows(product: ProductTerms, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The stays of a product that has fixed ones: the whole window, or each block."""
    opens, closes = day_window(product, day)
    if product.mode != CareMode.TEMPORARY:
        yield opens, closes
        return
    block = dt.timedelta(minutes=product.block_minutes or 0)
    start = opens
    while block and start + block <= closes:
        yield start, start + block
        start += block
