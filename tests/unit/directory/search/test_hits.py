"""What a question hit in a record, and how far away the record is."""

from __future__ import annotations

from typing import Any

import pytest

from directory.search.engine import SearchQuery
from directory.search.hits import highlights, make_hit
from directory.search.pinyin import readings
from directory.search.text import fold, plan_query


def document(name: str = "小满托育园", address: str = "珠江路88号", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "street_name": "珠江路街道",
        "address": address,
        "latitude": 34.66,
        "longitude": 112.4,
        "sounds": [" ".join(each) for each in readings(fold(name))],
        **more,
    }


def marked(q: str, **of: Any) -> dict[str, str]:
    return {field: str(text) for field, text in highlights(document(**of), plan_query(q)).items()}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("小满", {"name": "<mark>小满</mark>托育园"}),
        ("珠江", {"street_name": "<mark>珠江</mark>路街道", "address": "<mark>珠江</mark>路88号"}),
        ("88", {"address": "珠江路<mark>88</mark>号"}),
        ("园", {"name": "小满托育<mark>园</mark>"}),
        ("托班", {"name": "小满<mark>托育</mark>园"}),
        ("没有", {}),
        ("x", {"name": "<mark>小</mark>满托育园"}),
        ("xiaoman", {"name": "<mark>小满</mark>托育园"}),
        ("xiaomant", {"name": "<mark>小满托</mark>育园"}),
        ("mty", {"name": "小<mark>满托育</mark>园"}),
        ("mtyyy", {}),
        ("xiaomax", {}),
        ("iao", {}),
        ("yuyuan", {"name": "小满托<mark>育园</mark>"}),
        ("yuyuanx", {}),
        ("yuex", {}),
    ],
)
def test_hits_in_every_field_and_by_sound(q: str, found: dict[str, str]) -> None:
    assert marked(q) == found


@pytest.mark.parametrize("q", ["yuezhang", "yuechang", "lechang", "yz", "lc"])
def test_any_reading_of_a_character_is_marked(q: str) -> None:
    assert marked(q, name="乐长园") == {"name": "<mark>乐长</mark>园"}


def test_a_word_that_stands_twice_is_marked_twice() -> None:
    assert marked("路", address="路1号路2号")["address"] == "<mark>路</mark>1号<mark>路</mark>2号"


def test_latin_letters_are_marked_where_they_stand_too() -> None:
    assert marked("abc", name="小ABC园") == {"name": "小<mark>ABC</mark>园"}


def test_a_silent_sign_between_sounds_is_passed_over() -> None:
    assert marked("xm", name="小·满园") == {"name": "<mark>小</mark>·<mark>满</mark>园"}


def test_a_text_that_grows_when_folded_is_not_marked() -> None:
    assert marked("株式会社", name="㍿园", sounds=[]) == {}


@pytest.mark.parametrize(
    ("near", "latitude", "kilometres"),
    [(None, 34.66, None), ((34.66, 112.4), None, None), ((34.67, 112.4), 34.66, 1.112), ((34.66, 112.4), 34.66, 0.0)],
)
def test_distance_to_three_decimals(
    near: tuple[float, float] | None, latitude: float | None, kilometres: float | None
) -> None:
    hit = make_hit(7, document(latitude=latitude), SearchQuery(near=near), plan_query(""))

    assert (hit.pk, hit.distance_km, hit.highlights) == (7, kilometres, {})
