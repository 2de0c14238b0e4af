"""The exported bookings in words."""

from __future__ import annotations

from booking.care.components.own_data import describe
from cms.core.runtime.kernel_ports import DataLine, DataSection

ROW = {
    "reference": "K7M29QX4",
    "kind": "care",
    "status": "confirmed",
    "institution": "示例园",
    "child": "豆豆",
    "starts_at": "2026-11-23T09:00+08:00",
    "ends_at": "2026-11-23T10:30+08:00",
    "amount_fen": 5400,
}
FACTS = (
    ("时间", "2026年11月23日 9:00 到 2026年11月23日 10:30"),
    ("宝宝", "豆豆"),
    ("预约号", "K7M2 9QX4"),
    ("类型", "托育"),
    ("状态", "已预约"),
    ("费用", "54 元"),
)


def test_booking_says_where_when_for_whom_and_how_it_stands() -> None:
    assert describe([ROW]) == [DataSection("预约", (DataLine("示例园", FACTS),))]


def test_session_without_institution_and_fee() -> None:
    (section,) = describe([ROW | {"kind": "session", "institution": "", "amount_fen": 0}])

    assert section.lines[0].title == "课堂"
    assert section.lines[0].facts == (*FACTS[:3], ("类型", "课堂"), FACTS[4], ("费用", ""))


def test_no_booking_is_an_empty_section() -> None:
    assert describe([]) == [DataSection("预约", ())]
