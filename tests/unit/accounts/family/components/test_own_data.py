"""What the accounts export, in words: headings of people, dates as they are read, no word of the program."""

from __future__ import annotations

from cms.accounts.family.components.own_data import describe
from cms.core.runtime.kernel_ports import DataLine, DataSection

DATA = {
    "account": {"phone": "13800138000", "display_name": "", "since": "2026-11-01T08:05:00+08:00"},
    "children": [
        {"nickname": "豆豆", "birth_date": "2025-06-03", "sex": "girl", "allergies": "花生", "care_notes": ""},
        {"nickname": "安安", "birth_date": "2024-12-04", "sex": "", "allergies": "", "care_notes": "抱着毯子睡"},
    ],
    "pickup_persons": [{"name": "王秀英", "relation": "外婆", "phone": "13900000001"}],
    "consents": [{"child": "豆豆", "version": "2026-12.1", "decision": "withdrawn", "at": "2026-11-02T09:00:00+08:00"}],
    "messages": [{"title": "已预约", "body": "明天见", "at": "2026-11-03T10:30:00+08:00"}],
    "looked_at": [{"place": "示例园", "purpose": "phone", "at": "2026-11-04T11:00:00+08:00"}],
}


def test_everything_is_said_in_words() -> None:
    assert describe(DATA) == [
        DataSection("账号", (DataLine("我", (("手机号", "13800138000"), ("注册时间", "2026年11月1日 8:05"))),)),
        DataSection(
            "宝宝",
            (
                DataLine("豆豆", (("出生日期", "2025年6月3日"), ("性别", "女"), ("过敏", "花生"), ("照护提醒", ""))),
                DataLine(
                    "安安", (("出生日期", "2024年12月4日"), ("性别", ""), ("过敏", ""), ("照护提醒", "抱着毯子睡"))
                ),
            ),
        ),
        DataSection("可接走的人", (DataLine("王秀英", (("和宝宝的关系", "外婆"), ("手机号", "13900000001"))),)),
        DataSection(
            "同意记录", (DataLine("撤回", (("宝宝", "豆豆"), ("版本", "2026-12.1"), ("时间", "2026年11月2日 9:00"))),)
        ),
        DataSection(
            "谁看过宝宝的资料", (DataLine("示例园", (("为什么", "看家长电话"), ("时间", "2026年11月4日 11:00"))),)
        ),
        DataSection("消息", (DataLine("已预约", (("内容", "明天见"), ("时间", "2026年11月3日 10:30"))),)),
    ]


def test_chosen_name_stands_on_top() -> None:
    data = {**DATA, "account": DATA["account"] | {"display_name": "豆妈"}}

    assert describe(data)[0].lines[0].title == "豆妈"
