"""Facets in their order, with their words."""

from __future__ import annotations

import pytest

from directory.search.engine import FacetValue
from directory.search.labels import facet_values, label_of


def test_values_stand_in_the_order_people_expect() -> None:
    counts = {
        "street": [("410305002", 1), ("410305001", 1), ("410305003", 5), ("410305004", 0)],
        "mode": [("temporary", 9), ("full_day", 1), ("half_day", 0)],
        "class_kind": [("mixed", 3), ("infant", 1)],
        "inclusive": [("true", 2)],
    }

    assert facet_values(counts) == {
        "street": [FacetValue("410305003", 5), FacetValue("410305001", 1), FacetValue("410305002", 1)],
        "mode": [FacetValue("full_day", 1), FacetValue("temporary", 9)],
        "class_kind": [FacetValue("infant", 1), FacetValue("mixed", 3)],
        "inclusive": [FacetValue("true", 2)],
        "demonstration": [],
    }


@pytest.mark.parametrize(
    ("facet", "value", "label"),
    [
        ("mode", "hourly", "计时托"),
        ("class_kind", "toddler", "托小班"),
        ("inclusive", "true", "普惠"),
        ("demonstration", "true", "示范"),
    ],
)
def test_words_of_a_value(facet: str, value: str, label: str) -> None:
    assert label_of(facet, value) == label
