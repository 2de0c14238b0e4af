"""An indexed town with a stand-in for booking's places; both tests of the list import its fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import time_machine
from django.utils.safestring import mark_safe

from directory.districts.models import Township
from directory.register import ports
from directory.register.models import Institution
from directory.register.ports import CardPlaces
from directory.search import indexing
from tests.search_contract import NOW, town

__all__ = ["Places", "indexed", "monday", "places", "town"]


class Places:
    """Stands for booking: who has places, and words on a card."""

    def __init__(self) -> None:
        self.free: dict[int, int] = {}

    def institutions_with_places(self, **asked: Any) -> dict[int, int]:
        return self.free

    def cards(self, *, institutions: Sequence[Any], **asked: Any) -> Mapping[int, CardPlaces]:
        return {
            each.pk: CardPlaces(
                ribbon=mark_safe('<ol class="ribbon"></ol>'),
                remaining=self.free.get(each.pk, 0),
                words=f"有 {self.free[each.pk]} 位" if each.pk in self.free else "已满",
                tone="yes" if each.pk in self.free else "no",
                stamp="截至今天",
                stale=False,
            )
            for each in institutions
        }


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
