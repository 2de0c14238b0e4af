from __future__ import annotations

import pytest

from cms.core.display import wording
from directory.districts.class_kinds import CareMode
from directory.register.fees import fee_in_words, fee_per_minutes, unit_in_words
from directory.register.models import CareProduct


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (CareMode.FULL_DAY, "54 元/天"),
        (CareMode.HALF_DAY, "54 元/半天"),
        (CareMode.HALF_MONTH, "54 元/半月"),
        (CareMode.HOURLY, "54 元/半小时"),
        (CareMode.TEMPORARY, "54 元/2 小时"),
    ],
)
def test_fee_of_each_mode(mode: CareMode, words: str) -> None:
    product = CareProduct(mode=mode, fee=5400, block_minutes=120 if mode == CareMode.TEMPORARY else None)

    assert fee_in_words(product, step_minutes=30) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(15, "18.50 元/15 分钟"), (30, "18.50 元/半小时"), (45, "18.50 元/45 分钟"), (60, "18.50 元/小时"),
     (90, "18.50 元/1.5 小时"), (120, "18.50 元/2 小时")],
)  # fmt: skip
def test_fee_of_a_piece_of_time(minutes: int, words: str) -> None:
    assert fee_per_minutes(1850, minutes) == words


def test_units_of_cards_name_no_minutes() -> None:
    assert {mode.value: unit_in_words(mode) for mode in CareMode} == {
        "full_day": "天",
        "half_day": "半天",
        "hourly": "时",
        "temporary": "次",
        "half_month": "半月",
    }


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(15, "15 分钟"), (29, "29 分钟"), (30, "半小时"), (31, "31 分钟"), (60, "1 小时"), (90, "1.5 小时")],
)
def test_duration(minutes: int, words: str) -> None:
    assert wording.duration(minutes) == words
