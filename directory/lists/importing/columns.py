"""What the columns of official lists are called, and how a header cell is recognised.

A label is compared without blanks, line breaks, punctuation and 「其中」; first with what stands in brackets, then
without it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Column(NamedTuple):
    """A column the importer knows: its name in our own files and the names others give it, the plainest first."""

    label: str
    synonyms: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLUMNS: dict[str, Column] = {
    "name": Column(
        "机构名称",
        _words(
            """
            机构名称 托育机构名称 机构注册登记名称 注册登记名称 机构登记名称 登记名称 注册名称
            托育服务机构名称 备案机构名称 机构全称 照护服务机构名称 婴幼儿照护服务机构名称 照护机构名称
            服务机构名称 托育园名称 托育园所名称 园所名称 托育点名称 家庭托育点名称 幼儿园名称 单位名称
            单位全称 企业名称 名称 全称 托育机构 机构 园所 单位 机构名 name
            """
        ),
    ),
    "address": Column(
        "机构住所",
        _words(
            """
            机构住所 机构地址 机构住所地址 托育机构地址 托育机构住所 机构服务场所地址 服务场所地址
            机构详细地址 详细地址 实际地址 实际经营地址 经营地址 机构经营地址 经营场所 服务地址 服务场所
            具体地址 办学地址 办托地址 园所地址 单位地址 场所地址 地址 住所 所在地址 机构所在地 机构所在地址
            机构注册地址 注册地址 登记地址 机构住址 住址 联系地址 通讯地址 地点 address
            """
        ),
    ),
    "credit_code": Column(
        "统一社会信用代码",
        _words(
            """
            统一社会信用代码 社会统一信用代码 统一社会信用代码证号 统一社会信用代码号 社会信用代码
            统一信用代码 信用代码 统一代码 机构统一社会信用代码 统一社会信用代码证 营业执照统一社会信用代码
            统一社会信用代码编号
            """
        ),
    ),
    "nature": Column(
        "机构性质",
        _words(
            """
            机构性质 托育机构性质 机构属性 单位性质 登记性质 经营性质 运营性质 举办性质 办托性质 办学性质
            营利性质 机构营利性质 注册性质 法人性质 性质
            """
        ),
    ),
    "district": Column(
        "所属区",
        _words(
            """
            所属区 所属区县 区县 县区 所在区 所在区县 所属县区 所在县区 行政区 所属行政区 行政区划 县市区
            所属县市区 所属地区 市区 区
            """
        ),
    ),
    "township": Column(
        "所属街道",
        _words(
            """
            所属街道 所属街道镇 所属镇街道 所属镇街 所属乡镇街道 所属街道乡镇 所属街镇 所属街道办事处
            所属办事处 所属镇办 所属乡镇办 所属乡镇 所在街道 所在镇街 所在街道镇 所在乡镇街道 所在街道办事处
            所在乡镇 街道 街道镇 镇街道 镇街 街镇 乡镇街道 街道乡镇 街道办事处 办事处 镇办 乡镇办 乡镇办事处
            乡镇 属地街道 属地镇街 属地 辖区街道 辖区 所属辖区 管辖街道 township
            """
        ),
    ),
    "head_name": Column(
        "负责人",
        _words(
            """
            负责人 机构负责人 负责人姓名 机构负责人姓名 托育机构负责人 主要负责人 主要负责人姓名 单位负责人
            园所负责人 园长 园长姓名 负责人园长 法定代表人负责人 法定代表人或负责人 负责人法定代表人
            法定代表人 法定代表人姓名 法人代表 法人代表姓名 法人 法人姓名 法人负责人 联系人 联系人姓名 机构联系人
            """
        ),
    ),
    "phone": Column(
        "联系电话",
        _words(
            """
            联系电话 机构联系电话 公开电话 咨询电话 服务电话 机构电话 电话 电话号码 联系方式 机构联系方式
            联系号码 固定电话 座机 座机电话 办公电话 负责人联系电话 负责人电话 负责人联系方式 负责人手机
            园长电话 联系人电话 联系人联系电话 联系人联系方式 手机 手机号 手机号码 联系手机 电话手机 phone
            """
        ),
    ),
    "filing_number": Column(
        "备案编号",
        _words(
            """
            备案编号 备案号 备案号码 备案登记号 备案登记编号 备案回执编号 备案回执号 备案回执 备案证号
            备案证书编号 备案凭证号 备案凭证编号 回执编号 回执号 机构备案编号 机构备案号 许可证号 许可编号
            许可证编号
            """
        ),
    ),
    "filed_date": Column(
        "备案通过时间",
        _words(
            """
            备案通过时间 备案通过日期 通过备案时间 通过备案日期 备案日期 备案时间 备案完成时间 备案完成日期
            备案登记时间 备案登记日期 备案成功时间 备案回执时间 备案回执日期 回执日期 回执时间 机构备案时间
            机构备案日期 通过时间 通过日期 备案审核通过时间 备案年月日 许可日期 许可时间
            登记备案时间 登记备案日期 首次备案时间 首次备案日期
            """
        ),
    ),
    "office": Column(
        "备案部门",
        _words(
            """
            备案部门 备案机关 备案主管部门 备案受理部门 备案办理部门 受理部门 受理机关 办理部门 办理机关
            许可部门 许可机关 发证机关 发证部门
            """
        ),
    ),
    "places": Column(
        "托位数",
        _words(
            """
            托位数 托位总数 总托位数 托位数量 托位数总数 托位数合计 托位数总计 托位数小计 托位数量总数
            托位数量合计 托位合计 托位总计 托位小计 托位数总托位 托位数总托位数 托位总托位数 备案托位数
            备案托位 核定托位数 核定托位 实有托位数 实有托位 现有托位数 现有托位 提供托位数 可提供托位数
            设置托位数 设计托位数 机构托位数 机构托位 托育托位数 总托位 托位个数 托位规模 托位情况总数
            托位情况合计 托位
            """
        ),
    ),
    "inclusive_places": Column(
        "普惠托位数",
        _words(
            """
            普惠托位数 普惠性托位数 普惠托位数量 普惠性托位数量 普惠托位 普惠性托位 普惠制托位 普惠制托位数
            普惠托位总数 托位数普惠 托位数普惠性 托位数普惠数 托位数普惠托位 托位数普惠托位数
            托位数普惠性托位 托位数普惠性托位数 托位数含普惠 托位普惠 托位普惠托位 托位普惠托位数
            托位情况普惠 托位总数普惠 托位总数普惠托位数 托位数量普惠 普惠数 普惠性 普惠
            """
        ),
    ),
    "filed_modes": Column(
        "服务形式",
        _words(
            """
            服务形式 托育服务形式 服务方式 托育服务方式 托育形式 托育方式 服务类型 托育服务类型 托育类型
            服务模式 托育模式 托育服务模式 收托形式 收托方式 收托类型 收托模式 办托形式 办托模式 照护形式
            照护方式 照护服务形式 照护服务方式 提供服务形式
            """
        ),
    ),
    "longitude": Column(
        "经度",
        _words(
            """
            经度 地理经度 机构经度 东经 位置经度 坐标经度 经度坐标 lng lon long longitude
            """
        ),
    ),
    "latitude": Column(
        "纬度",
        _words(
            """
            纬度 地理纬度 机构纬度 北纬 位置纬度 坐标纬度 纬度坐标 lat latitude
            """
        ),
    ),
    "position": Column(
        "经纬度",
        _words(
            """
            经纬度 经纬度坐标 地理坐标 位置坐标 机构坐标 坐标 坐标位置 坐标经纬度 地图坐标 经度纬度 纬度经度
            """
        ),
    ),
    "full_day": Column(
        "全日托",
        _words(
            """
            全日托 全日制 服务形式全日托 服务形式全日制
            """
        ),
    ),
    "half_day": Column(
        "半日托",
        _words(
            """
            半日托 半日制 服务形式半日托 服务形式半日制
            """
        ),
    ),
    "hourly": Column(
        "计时托",
        _words(
            """
            计时托 计时制 服务形式计时托 服务形式计时制
            """
        ),
    ),
    "temporary": Column(
        "临时托",
        _words(
            """
            临时托 临时制 服务形式临时托 服务形式临时制
            """
        ),
    ),
    "half_month": Column(
        "半月托",
        _words(
            """
            半月托 半月制 服务形式半月托 服务形式半月制
            """
        ),
    ),
}
REQUIRED = ("name", "address")
MODE_COLUMNS = ("full_day", "half_day", "hourly", "temporary", "half_month")
PROBLEM_LABEL = "问题"
#: Columns that lists carry and nobody misses.
UNUSED = frozenset({"序号", "编号", "备注", PROBLEM_LABEL, "说明", "no", "no.", "区划代码"})

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_NOT_WORD = re.compile(r"[\W_]+")
_RANKS: dict[str, tuple[str, int]] = {
    synonym: (field, rank) for field, column in COLUMNS.items() for rank, synonym in enumerate(column.synonyms)
}
LONGEST_LABEL = 120


def recognise(label: str) -> tuple[str, int] | None:
    """(column, rank of the name among its synonyms: 0 is the plainest) of a header cell, or None."""
    if not label or len(label) > LONGEST_LABEL:
        return None
    for form in _forms(label):
        found = _RANKS.get(form)
        if found:
            return found
    return None


def squeeze(label: str) -> str:
    """The label as it is compared."""
    text = _NOT_WORD.sub("", unicodedata.normalize("NFKC", label)).casefold()
    return text.replace("其中", "")


def _forms(label: str) -> list[str]:
    whole = unicodedata.normalize("NFKC", label)
    forms = [squeeze(whole), squeeze(_BRACKETS.sub("", whole))]
    # 「托位数 个」, 「托位数/个」: the unit without brackets
    forms += [form[:-1] for form in forms if form[-1:] in {"个", "名", "人"}]
    return [form for form in forms if form]


def label_of(field: str) -> str:
    """The column's name in our own files."""
    return COLUMNS[field].label
