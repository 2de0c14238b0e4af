from __future__ import annotations

import pytest

from directory.lists.importing.column_names import COLUMNS
from directory.lists.importing.columns import recognise


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("机构名称", "name"),
        ("机构注册登记名称", "name"),
        ("机构注册登记\n名称", "name"),
        ("* 机构 名称（全称）：", "name"),
        ("机构住所", "address"),
        ("地址", "address"),
        ("统一社会信用代码", "credit_code"),
        ("机构\n性质", "nature"),
        ("备案通过时间", "filed_date"),
        ("备案日期", "filed_date"),
        ("备案编号", "filing_number"),
        ("托位数", "places"),
        ("托位数（个）", "places"),
        ("托位数/个", "places"),
        ("托位数（含普惠托位）", "places"),
        ("普惠托位数", "inclusive_places"),
        ("其中：普惠托位数", "inclusive_places"),
        ("其中：\n普惠性托位（个）", "inclusive_places"),
        ("（普惠）托位数", "inclusive_places"),
        ("服务形式", "filed_modes"),
        ("负责人", "head_name"),
        ("联系电话", "phone"),
        ("联系电话（负责人）", "head_phone"),
        ("负责人手机", "head_phone"),
        ("联系人手机号码", "head_phone"),
        ("手机", "phone"),
        ("所属街道", "township"),
        ("所属街道（镇）", "township"),
        ("经度", "longitude"),
        ("纬度", "latitude"),
        ("经纬度", "position"),
        ("县（市、区）", "district"),
        ("乡镇（街道）", "township"),
        ("法定代表人（负责人）", "head_name"),
        ("法人/负责人", "head_name"),
        (
            "机构名称（请与营业执照或者其他法人登记证书上的名称完全一致，不要写简称，也不要带门店的招牌名，更不要带联系人和电话）",
            "name",
        ),
        ("ＮＡＭＥ", "name"),
    ],
)
def test_recognise_knows(label, column) -> None:
    found = recognise(label)

    assert found is not None
    assert found[0] == column


@pytest.mark.parametrize("label", ["", "序号", "备注", "园区面积", "小满托育园", "名称" * 40, "全日"])
def test_recognise_leaves_alone(label) -> None:
    assert recognise(label) is None


def test_own_labels_are_recognised_first() -> None:
    assert {name: recognise(column.label) for name, column in COLUMNS.items()} == {name: (name, 0) for name in COLUMNS}


def test_no_name_means_two_columns() -> None:
    names = [name for column in COLUMNS.values() for name in column.synonyms]

    assert sorted(names) == sorted(set(names))
