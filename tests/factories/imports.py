"""An official list with every column, and the import of such lists."""

from __future__ import annotations

import datetime as dt

from directory.lists.importing.checking import check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.queries.registers import known_districts
from directory.lists.services.import_list import import_list
from tests.factories.lists import HEADER, credit_code, xlsx

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
CODE = credit_code("91")
FULL = (
    *HEADER,
    "统一社会信用代码",
    "机构性质",
    "备案日期",
    "备案编号",
    "托位数",
    "普惠托位数",
    "服务形式",
    "所属街道",
    "负责人",
    "联系电话",
    "经度",
    "纬度",
)
ROW = (
    "甲托育园",
    "路1号",
    CODE,
    "营利性",
    "2023-12-05",
    "B1",
    60,
    20,
    "全日托",
    "工农",
    "张三",
    "0379-64910001",
    112.4,
    34.6,
)


def listed(rows, district, name="名单.xlsx"):
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    (known,) = known_districts([district])
    return check_list(read_file(content, name), context=ListContext((known,), NOW.date(), chosen=known), file_name=name)


def run(rows, district, **options):
    return import_list(checked=listed(rows, district), now=NOW, **options)


def outcome(imported) -> tuple:
    counts = imported.plan.counts
    return (counts["new"], counts["changed"], counts["unchanged"], counts["bad"], imported.written)


def changed_row(**cells):
    """ROW with the cells under these headings replaced."""
    return tuple(cells.get(label, value) for label, value in zip(FULL, ROW, strict=True))
