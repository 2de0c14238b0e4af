"""What is asked for, and the facts that decide it: plain data, so that the rules need no SQL."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from booking.places.bookable_days import BookingTerms
from booking.places.stay_rules import ClosedPart
from cms.accounts.models import User
from cms.core.calendar.times import local_date
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """What somebody asks for; ``replaces`` are ids of own holds that give way."""

    user: User
    institution: str
    child: str
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    product: str | None
    voucher: str | None
    key: str
    now: dt.datetime
    replaces: tuple[int, ...] = ()

    @property
    def day(self) -> dt.date:
        return local_date(self.starts_at)

    def fingerprint(self) -> str:
        """Hash of what is asked, so that a key can't serve two different requests."""
        parts = (
            self.institution,
            self.child,
            self.mode,
            self.product or "",
            self.starts_at.astimezone(dt.UTC).isoformat(),
            self.ends_at.astimezone(dt.UTC).isoformat(),
            self.voucher or "",
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class ProductFacts:
    """A product that is offered; ``fee`` in fen on the asked day for the child's class."""

    id: int
    public_id: str
    mode: str
    starts: dt.time
    ends: dt.time
    block_minutes: int | None
    fee: int


class SeenChild(NamedTuple):
    """The child's row as it was looked at; the birth date as it is stored, new with every change of the record."""

    id: int
    family_id: int
    birth_date: str


class CellFacts(NamedTuple):
    """A cell of the asked hours: its start in minutes since 1970, and places below target (negative: over)."""

    id: int
    minute: int
    free: int


@dataclass(slots=True)
class PoolFacts:
    """A pool that is run, with its cells of the asked hours in order."""

    id: int
    raster: int
    cells: list[CellFacts] = field(default_factory=list)


@dataclass(slots=True)
class HoldFacts:
    """All that decides an attempt. ``elsewhere``: the child has another place then; ``overdue``: some booking of the
    institution ran out and still holds its places; ``pools`` by bucket.
    """

    child: SeenChild
    birth_date: dt.date
    institution_id: int
    district_id: int
    is_public: bool
    state: str
    key_hash: str | None
    key_answer: Any
    closed: list[ClosedPart]
    elsewhere: bool
    overdue: bool
    terms: BookingTerms
    products: list[ProductFacts]
    pools: dict[str, PoolFacts]

    @property
    def takes_bookings(self) -> bool:
        return self.state == Institution.State.ACTIVE
