"""An indexed town with a stand-in for booking's places; both tests of the list import its fixtures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import time_machine

from directory.districts.models import Township
from directory.register import ports
from directory.register.models import Institution
from directory.register.ports import DayPlaces, InstitutionPlaces, PricedPlaces, PricedStay
from directory.search import indexing
from tests.search_contract import NOW, town

__all__ = ["Places", "indexed", "monday", "places", "town"]


class Places:
    """Stands for booking: who has places; everybody else is full."""

    def __init__(self) -> None:
        self.free: dict[int, int] = {}
        self.stale = False
        self.amounts: dict[int, int] = {}

    def institutions_with_places(self, **asked: Any) -> dict[int, int]:
        return self.free

    def institutions_with_prices(self, **asked: Any) -> dict[int, PricedPlaces]:
        return {pk: PricedPlaces(places, self.amounts[pk]) for pk, places in self.free.items()}

    def on_day(self, *, institution_ids: Sequence[int], day: dt.date, **asked: Any) -> Mapping[int, InstitutionPlaces]:
        return {pk: self._places(day, pk, self.free.get(pk, 0)) for pk in institution_ids}

    def _places(self, day: dt.date, pk: int, free: int) -> InstitutionPlaces:
        return InstitutionPlaces(
            day=DayPlaces(day, 30, {840: free}, free, "" if free else "full", 0),
            hours=(840, 900),
            class_kind="toddler",
            first_month=None,
            caregivers=2,
            has_classes=True,
            confirmed_at=NOW,
            stale=self.stale,
            stay=PricedStay(840, 1020, self.amounts[pk]) if pk in self.amounts else None,
        )


@pytest.fixture
def places() -> Iterator[Places]:
    made = Places()
    with ports.free_places.replaced_by(made):
        yield made


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def indexed(town: dict[str, Institution], places: Places) -> dict[str, Institution]:
    Township.objects.filter(code="410305001").update(centre_latitude=34.66, centre_longitude=112.40)
    indexing.rebuild(now=NOW)
    return town
