"""The sample institutions of the default demo: names with 示例, telephone numbers that no exchange gives out."""

from __future__ import annotations

from dataclasses import dataclass

from directory.districts.class_kinds import ClassKind

INFANT, TODDLER, SENIOR, MIXED = (kind.value for kind in ClassKind)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: ``groups`` are (kind, places, caregivers, regular children), ``days`` weekdays 0–6."""

    name: str
    street: str
    groups: tuple[tuple[str, int, int, int], ...]
    hours: tuple[str, str] = ("08:00", "18:00")
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    hourly: int = 1800
    full_day: int | None = 9000
    temporary: int | None = 4400
    inclusive: bool = False
    demonstration: bool = False
    stale: bool = False
    asks: bool = False
    offering: bool = True
    filed: bool = True
    #: As many regular children on every weekday; the others have fuller and emptier days.
    steady: bool = False


#: The sample that is open every day from 7 to 21, with children of today in every state.
BOARD = "示例·小满托育园"

SAMPLES: tuple[Sample, ...] = (
    Sample(
        BOARD,
        "珠江路",
        ((INFANT, 10, 3, 5), (TODDLER, 15, 3, 9), (SENIOR, 20, 3, 14)),
        hours=("07:00", "21:00"),
        days=(0, 1, 2, 3, 4, 5, 6),
        inclusive=True,
        demonstration=True,
        steady=True,
    ),
    Sample("示例·重庆路社区托育中心", "重庆路", ((TODDLER, 15, 2, 7), (SENIOR, 20, 2, 9)), hourly=1500, inclusive=True),
    Sample("示例·武汉路幼儿园托班", "武汉路", ((SENIOR, 20, 3, 15),), hours=("08:00", "16:00"), full_day=7000),
    Sample("示例·向阳里托育点", "长春路", ((TODDLER, 15, 2, 5),), hourly=2000, stale=True),
    Sample("示例·湖北路星星托育园", "湖北路", ((INFANT, 6, 2, 3), (TODDLER, 15, 3, 9)), inclusive=True),
    Sample("示例·天津路社区婴幼儿照护中心", "天津路", ((MIXED, 18, 3, 9),), hourly=1400, inclusive=True),
    Sample("示例·长春路小树苗托育园", "长春路", ((TODDLER, 15, 3, 8), (SENIOR, 20, 3, 14)), demonstration=True),
    Sample("示例·南昌路启蒙托育园", "南昌路", ((TODDLER, 15, 3, 12), (SENIOR, 20, 3, 18)), hourly=2200),
    Sample("示例·长安路宝贝之家", "长安路", ((INFANT, 8, 3, 5), (TODDLER, 12, 3, 7)), hourly=2400, asks=True),
    Sample("示例·长安路托育服务中心", "长安路", ((TODDLER, 15, 2, 6), (SENIOR, 20, 3, 12)), inclusive=True),
    Sample("示例·重庆路童心园", "重庆路", ((MIXED, 18, 2, 8),), temporary=None),
    Sample("示例·郑州路托育园", "郑州路", ((TODDLER, 15, 3, 15), (SENIOR, 20, 3, 20)), hourly=2600),
    Sample("示例·郑州路幼儿园婴幼儿班", "郑州路", ((SENIOR, 20, 2, 10),), hours=("07:30", "17:30"), hourly=1600),
    Sample("示例·武汉路小脚丫托育园", "武汉路", ((INFANT, 10, 3, 7), (TODDLER, 15, 3, 8)), inclusive=True),
    Sample("示例·珠江路阳光托育园", "珠江路", ((TODDLER, 15, 2, 8), (SENIOR, 20, 2, 12)), inclusive=True),
    Sample(
        "示例·周山路全天托育园",
        "周山路",
        ((INFANT, 10, 4, 6), (TODDLER, 15, 4, 9), (SENIOR, 20, 4, 12)),
        hours=("07:30", "19:00"),
        days=(0, 1, 2, 3, 4, 5),
        demonstration=True,
    ),
    Sample("示例·周山路亲亲照护点", "周山路", ((MIXED, 12, 2, 5),), hourly=1900, asks=True),
    Sample("示例·工农社区照护中心", "工农", ((TODDLER, 15, 2, 4),), hourly=1200, inclusive=True),
    Sample("示例·工农幸福里托育园", "工农", ((TODDLER, 15, 3, 9), (SENIOR, 20, 3, 15)), inclusive=True),
    Sample(
        "示例·湖北路职工子女托育点", "湖北路", ((TODDLER, 12, 2, 6), (SENIOR, 15, 2, 8)), hourly=1300, inclusive=True
    ),
    Sample("示例·天津路米粒园", "天津路", ((INFANT, 6, 2, 4), (TODDLER, 10, 2, 6)), stale=True),
    Sample(
        "示例·南昌路彩虹照护中心",
        "南昌路",
        ((TODDLER, 15, 3, 7), (SENIOR, 20, 3, 11)),
        demonstration=True,
        inclusive=True,
    ),
    Sample("示例·武汉路新开托育园", "武汉路", ((TODDLER, 15, 3, 15),), offering=False),
    Sample("示例·珠江路筹备中托育园", "珠江路", (), offering=False, filed=False),
)

#: (name, days ago, reasons, rule)
REFUSALS = (
    (
        "示例·未通过托育点甲",
        10,
        "提交的消防材料不在可接受的种类里：需要验收合格证明、验收备案凭证或建筑消防安全评估报告中的一种。",
        "托育机构登记和备案办法（试行）第八条",
    ),
    (
        "示例·未通过托育点乙",
        41,
        "托幼机构卫生评价报告的结论不是“合格”；保健观察室缺床位。",
        "托育机构登记和备案办法（试行）第八条",
    ),
)
NICKNAMES = (
    "豆豆", "点点", "朵朵", "果果", "安安", "乐乐", "米米", "糖糖", "石头", "小禾", "圆圆", "布丁",
    "核桃", "年年", "小鱼", "可可", "芽芽", "壮壮", "妞妞", "小满", "团团", "星星", "麦麦", "当当",
)  # fmt: skip
ALLERGIES = ("", "", "", "花生过敏", "", "", "牛奶过敏", "", "鸡蛋过敏", "")
