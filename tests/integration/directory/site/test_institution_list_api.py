"""/institutions/ and the API's list: the answer, whatever stands in the address, and its price."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from directory.register.models import Institution
from tests.listed_town import Places, indexed, monday, places, town

__all__ = ["indexed", "monday", "places", "town"]

pytestmark = pytest.mark.django_db


def ask_api(client: Client, **query: Any) -> Any:
    return client.get("/api/v1/institutions", query)


def test_api_answers_every_field(client: Client, indexed: dict[str, Institution]) -> None:
    answer = ask_api(client, q="小满", near="34.66,112.40", district="jianxi").json()

    assert {key: answer[key] for key in ("count", "page", "engine", "as_of")} == {
        "count": 1,
        "page": 1,
        "engine": "database",
        "as_of": "2026-11-23T10:00:00+08:00",
    }
    assert answer["results"] == [
        {
            "id": indexed["xiaoman"].public_id,
            "name": "示例·小满托育园",
            "street": "410305001",
            "address": "珠江路88号",
            "location": "34.664497,112.400000",
            "distance_km": 0.5,
            "modes": ["hourly"],
            "class_kinds": ["toddler"],
            "inclusive": True,
            "demonstration": True,
            "grade": None,
            "places": 60,
            "remaining": None,
            "price_from": 1800,
            "price_mode": "hourly",
            "amount": None,
            "highlights": {"name": "示例·<mark>小满</mark>托育园"},
        }
    ]
    assert answer["facets"]["street"] == [{"value": "410305001", "label": "珠江路街道", "count": 1}]
    assert answer["facets"]["mode"] == [{"value": "hourly", "label": "计时托", "count": 1}]
    assert answer["facets"]["inclusive"] == [{"value": "true", "label": "普惠", "count": 1}]


def test_api_keeps_only_those_with_places(client: Client, indexed: dict[str, Institution], places: Places) -> None:
    places.free = {indexed["class"].pk: 4, indexed["nursery"].pk: 1}
    when = {"age_months": 17, "date": "2026-11-26", "from": "14:00", "to": "17:00"}

    answer = ask_api(client, **when, sort="remaining").json()
    near = ask_api(client, **when, near="34.66,112.40", radius_km=3).json()

    assert [(hit["name"], hit["remaining"]) for hit in answer["results"]] == [
        ("示例·武汉路幼儿园托班", 4),
        ("示例·童乐托儿所", 1),
    ]
    assert [hit["name"] for hit in near["results"]] == ["示例·童乐托儿所"]


def test_api_sorts_by_what_the_asked_hours_cost_and_says_it(
    client: Client, indexed: dict[str, Institution], places: Places
) -> None:
    """By the hour 托班 is cheaper (14 元), for these hours 童乐, which has a day only."""
    classes, nursery = indexed["class"].pk, indexed["nursery"].pk
    places.free, places.amounts = {classes: 4, nursery: 1}, {classes: 6400, nursery: 6000}
    when = {"age_months": 17, "date": "2026-11-26", "from": "14:00", "to": "17:00"}

    answer = ask_api(client, **when, sort="price").json()

    assert [(hit["name"], hit["amount"], hit["price_from"], hit["price_mode"]) for hit in answer["results"]] == [
        ("示例·童乐托儿所", 6000, 6000, "full_day"),
        ("示例·武汉路幼儿园托班", 6400, 1400, "hourly"),
    ]


def test_api_price_is_that_of_the_asked_mode(client: Client, indexed: dict[str, Institution]) -> None:
    answer = ask_api(client, sort="price", mode="half_day").json()

    assert [(hit["name"], hit["price_from"], hit["price_mode"]) for hit in answer["results"]] == [
        ("示例·阳光托育中心", None, None)
    ]


def test_api_tells_places_of_the_day(client: Client, indexed: dict[str, Institution], places: Places) -> None:
    places.free = {indexed["class"].pk: 4}

    answer = ask_api(client, date="2026-11-26", q="托班").json()

    assert answer["count"] == 4
    assert answer["results"][0]["remaining"] == 4

    places.stale = True
    assert ask_api(client, date="2026-11-26", q="托班").json()["results"][0]["remaining"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"age_months": "x"}, "age_months"),
        ({"near": "zz"}, "near"),
        ({"radius_km": "3"}, "near"),
        ({"sort": "distance"}, "near"),
        ({"near": "410305002"}, "near"),
        ({"radius_km": "nan", "near": "34,112"}, "radius_km"),
        ({"district": "nowhere"}, "district"),
        ({"street": "1"}, "street"),
        ({"mode": "x"}, "mode"),
        ({"sort": "x"}, "sort"),
        ({"page": "0"}, "page"),
        ({"page_size": "201"}, "page_size"),
        ({"date": "x"}, "date"),
        ({"from": "14:00", "date": "2026-11-26"}, "to"),
        ({"from": "14:00", "to": "13:00", "date": "2026-11-26"}, "to"),
        ({"from": "14:00", "to": "15:00"}, "date"),
        ({"from": "2pm", "to": "15:00"}, "from"),
        ({"q": "x" * 101}, "q"),
    ],
)
def test_api_names_the_bad_field(
    client: Client, indexed: dict[str, Institution], query: dict[str, str], field: str
) -> None:
    answer = ask_api(client, **query)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [field]


def test_api_pages(client: Client, indexed: dict[str, Institution]) -> None:
    pages = [ask_api(client, page=page, page_size=4, sort="name").json() for page in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [4, 2, 0]
    assert [page["count"] for page in pages] == [6, 6, 6]
