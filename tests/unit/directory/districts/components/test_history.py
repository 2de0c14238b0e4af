"""Stored values of the history in words."""

from __future__ import annotations

import pytest

from booking.places.models import BookingPolicy
from directory.districts.components.history import field_named, value_words
from directory.districts.models import Rule
from directory.register.models import Authorisation, CareProduct, Institution, OpeningRule, ProductFee

NO_WORDS = "（空）"


@pytest.mark.parametrize(
    ("model", "name", "value", "words"),
    [
        (Institution, "nature", "public", "公办"),
        (Institution, "nature", "公办", "公办"),
        (Institution, "nature", "", NO_WORDS),
        (Institution, "places", "0", "0"),
        (Institution, "filed_modes", "['full_day', 'hourly']", "全日托、计时托"),
        (Institution, "filed_modes", "full_day、hourly", "全日托、计时托"),
        (Institution, "filed_modes", "[]", NO_WORDS),
        (Rule, "value", "{'subject': 'fire'}", "（见当时的规定）"),
        (Rule, "value", "5.3", "5.3"),
        (Rule, "value", "40", "40"),
        (Rule, "value", "5.3.1", "（见当时的规定）"),
        (Rule, "value", "True", "是"),
        (OpeningRule, "weekday", "6", "周日"),
        (Authorisation, "from_date", "2026-03-01", "2026年3月1日"),
        (Authorisation, "number", "2026-03", "2026-03"),
        (CareProduct, "starts", "08:30:00", "8:30"),
        (CareProduct, "inclusive", "True", "是"),
        (CareProduct, "inclusive", "False", "否"),
        (ProductFee, "fee", "5400", "54 元"),
        (ProductFee, "meal_fee", "850", "8.50 元"),
        (ProductFee, "fee", "x", "x"),
        (BookingPolicy, "cutoff_minutes", "120", "120"),
    ],
)
def test_a_stored_value_is_told_in_words(model: type, name: str, value: str, words: str) -> None:
    assert value_words(field_named(model, name), value) == words


def test_words_without_a_field_stay_as_they_were_written() -> None:
    assert (value_words(None, "休息"), value_words(None, "")) == ("休息", NO_WORDS)


def test_what_is_no_column_is_no_field() -> None:
    assert field_named(Institution, "published") is None
    assert field_named(Institution, "authorisations") is None
