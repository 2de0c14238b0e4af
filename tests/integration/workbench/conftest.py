"""The institution whose desk or door a test opens."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import time_machine

from tests.factories.booking import House, open_house


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    """A module that needs another one has its own."""
    return lay(open_house)


@pytest.fixture
def house(laid_house: House, clock: time_machine.Traveller) -> House:
    return copy.deepcopy(laid_house)
