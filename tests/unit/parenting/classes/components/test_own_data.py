"""The exported sign-ups in words."""

from __future__ import annotations

from cms.core.runtime.kernel_ports import DataLine, DataSection
from parenting.classes.components.own_data import describe

ROW = {
    "title": "宝宝辅食",
    "child": "豆豆",
    "starts_at": "2026-11-26T15:00+08:00",
    "ends_at": "2026-11-26T16:00+08:00",
    "reference": "ABCD2345",
    "status": "confirmed",
    "active": True,
}
TIME = ("时间", "2026年11月26日 15:00 到 2026年11月26日 16:00")
NUMBER = ("预约号", "ABCD 2345")


def test_sign_ups_say_what_when_for_whom_and_whether_they_stand() -> None:
    off = ROW | {"active": False, "status": "cancelled", "child": ""}
    assert describe([ROW, off, ROW | {"status": "absent"}]) == [
        DataSection(
            "课堂报名",
            (
                DataLine("宝宝辅食", (TIME, ("宝宝", "豆豆"), NUMBER, ("状态", "已报名"))),
                DataLine("宝宝辅食", (TIME, ("宝宝", ""), NUMBER, ("状态", "已取消"))),
                DataLine("宝宝辅食", (TIME, ("宝宝", "豆豆"), NUMBER, ("状态", "没来"))),
            ),
        )
    ]
