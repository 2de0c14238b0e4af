from __future__ import annotations

from array import array

import pytest

from directory.districts.positions import distance_km
from directory.search.distance import distances, within_box

HERE = (34.66, 112.40)


@pytest.mark.parametrize(
    ("there", "kilometres"),
    [
        ((34.66, 112.40), 0.0),
        ((35.66, 112.40), 111.195),
        ((33.66, 112.40), 111.195),
        ((34.66, 113.40), 91.463),
        ((-34.66, -67.60), 20015.115),
    ],
)
def test_distance(there: tuple[float, float], kilometres: float) -> None:
    assert distance_km(HERE, *there) == pytest.approx(kilometres, abs=0.001)


def test_distances_of_slots_are_the_same() -> None:
    latitudes, longitudes = array("d", [34.66, 35.0, 10.0]), array("d", [112.40, 113.0, 20.0])

    found = distances(HERE, [0, 2], latitudes, longitudes)

    assert found == pytest.approx({0: 0.0, 2: distance_km(HERE, 10.0, 20.0)})


def test_box_keeps_what_may_lie_within() -> None:
    degree = 111.195
    steps = (0.0, 2.9, -2.9, 3.1, -3.1)
    latitudes = array("d", [34.66 + step / degree for step in steps])

    assert within_box(HERE, 3.0, [0, 1, 2, 3, 4], latitudes) == [0, 1, 2]
    assert within_box(HERE, 3.0, [2, 3], latitudes) == [2]
