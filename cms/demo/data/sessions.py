"""Sample class sessions: (days from today, start, minutes, kind, topic, title, ages, places, state)."""

from __future__ import annotations

SESSIONS = (
    (3, "09:30", 60, "parent_class", "feeding", "6–12 月龄辅食添加", (6, 12), 30, "open"),
    (4, "10:00", 60, "parent_class", "feeding", "幼儿期挑食，怎么办", (12, 24), 20, "open"),
    (6, "10:00", 60, "parent_child_activity", "language", "一起来唱童谣", (12, 24), 8, "open"),
    (7, "09:30", 60, "parent_child_activity", "movement", "在家做什么玩：大动作", (13, 18), 3, "full"),
    (9, "15:00", 90, "parent_class", "health", "发热和常见病，家里怎么护理", (0, 36), 40, "open"),
    (12, "10:00", 60, "parent_child_activity", "emotion", "和爸爸一起玩", (18, 36), 10, "open"),
    (20, "09:30", 60, "parent_class", "sleep", "宝宝的睡眠", (0, 12), 30, "not_yet"),
    (27, "09:30", 60, "parent_class", "safety", "居家安全和急救", (0, 36), 40, "not_yet"),
)
ORGANISER = "示例·区妇幼保健院"
SPEAKER = "儿童保健科"
#: (venue, address, which township of the district): one hall stands in one street.
VENUES = (
    ("示例·重庆路社区党群服务中心 2 楼", "示例·重庆路 12 号", 0),
    ("示例·区妇幼保健院 3 楼教室", "示例·延安路 8 号", 1),
    ("示例·珠江路妇儿之家", "示例·珠江路 30 号", 2),
)
INTRODUCTION = "讲 40 分钟，留 20 分钟回答问题。\n请提前 10 分钟到，可以带宝宝的生长记录。"
